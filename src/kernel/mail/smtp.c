// smtp.c - SMTP by libcurl.
//
// Over anything but this machine or a network listed in [outside] private the connection must be
// encrypted (STARTTLS, or smtps://): a password and other people's letters are not for the wire. As
// in http_client.c, nothing is allocated in the arena while libcurl runs.
#include "kernel/mail/smtp.h"

#include "base/date.h"
#include "base/log.h"
#include "base/utf8.h"
#include "kernel/config.h"
#include "kernel/outside/address.h"
#include "kernel/outside/curl_pool.h"
#include "kernel/outside/host.h"

#include <assert.h>

enum { CONNECT_LIMIT_MS = 10000, LIMIT_MS = 60000, REPLY_MAX = 400 };

typedef struct Transfer {
    Ctx *ctx;
    const SmtpMail *mail;
    CURLU *url;
    char *host, *port;
    CURL *curl;
    Str key;
    struct curl_slist *recipients;
    size_t sent;            // bytes of the mail
    char reply[REPLY_MAX];  // the server's last line
    size_t reply_len;
} Transfer;

static void give_back(Transfer *t)
{
    if (t->curl)
        curl_give(t->curl, t->key);
    curl_slist_free_all(t->recipients);
    t->curl = NULL;
    t->recipients = NULL;
}

static void release(void *arg)
{
    Transfer *t = arg;
    give_back(t);
    curl_url_cleanup(t->url);
    curl_free(t->host);
    curl_free(t->port);
}

// ---- libcurl's callbacks: no arena here ---------------------------------------------------------

static size_t give_bytes(char *to, size_t size, size_t count, void *arg)
{
    Transfer *t = arg;
    Str piece = str_sub(str_from_at(t->mail->bytes, t->sent), 0, size * count);
    memcpy(to, piece.ptr, piece.len);
    t->sent += piece.len;
    return piece.len;
}

static size_t take_reply(char *bytes, size_t size, size_t count, void *arg)
{
    Transfer *t = arg;
    Str line = str_sub((Str){ bytes, size * count }, 0, REPLY_MAX);
    memcpy(t->reply, line.ptr, line.len);
    t->reply_len = line.len;
    return size * count;
}

static size_t drop(char *bytes, size_t size, size_t count, void *arg)
{
    (void)bytes;
    (void)arg;
    return size * count;
}

// ---- Setting up ---------------------------------------------------------------------------------

static bool read_url(Transfer *t)
{
    const char *text = str_c(t->ctx->arena, t->mail->server);
    t->url = curl_url();
    return t->url && !curl_url_set(t->url, CURLUPART_URL, text, 0) &&
           !curl_url_get(t->url, CURLUPART_HOST, &t->host, 0) &&
           !curl_url_get(t->url, CURLUPART_PORT, &t->port, CURLU_DEFAULT_PORT);
}

static bool may_be_plain(const Transfer *t)
{
    return strcmp(t->host, "localhost") == 0 || address_is_loopback(t->host) ||
           address_is_listed(config()->outside_private, t->host);
}

static CURLcode set_options(Transfer *t)
{
    long limit_ms = t->mail->limit_ms ? t->mail->limit_ms : LIMIT_MS;
    long security = may_be_plain(t) ? CURLUSESSL_TRY : CURLUSESSL_ALL;
    CURLcode code = curl_prepare(t->curl);
    CURL_SET(code, t->curl, CURLOPT_CURLU, t->url);
    CURL_SET(code, t->curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    CURL_SET(code, t->curl, CURLOPT_USE_SSL, security);
    CURL_SET(code, t->curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_LIMIT_MS);
    CURL_SET(code, t->curl, CURLOPT_TIMEOUT_MS, limit_ms);
    CURL_SET(code, t->curl, CURLOPT_MAIL_FROM, str_c(t->ctx->arena, t->mail->from));
    CURL_SET(code, t->curl, CURLOPT_MAIL_RCPT, t->recipients);
    CURL_SET(code, t->curl, CURLOPT_UPLOAD, 1L);
    CURL_SET(code, t->curl, CURLOPT_READFUNCTION, give_bytes);
    CURL_SET(code, t->curl, CURLOPT_READDATA, t);
    CURL_SET(code, t->curl, CURLOPT_HEADERFUNCTION, take_reply);
    CURL_SET(code, t->curl, CURLOPT_HEADERDATA, t);
    CURL_SET(code, t->curl, CURLOPT_WRITEFUNCTION, drop);
    return code;
}

static bool prepare(Transfer *t)
{
    if (!read_url(t))
        return false;
    t->key = str_format(t->ctx->arena, "smtp://%s:%s", t->host, t->port);
    t->recipients = curl_slist_append(NULL, str_c(t->ctx->arena, t->mail->to));
    t->curl = curl_take(t->key);
    return t->recipients && t->curl && set_options(t) == CURLE_OK;
}

// ---- What came of it ----------------------------------------------------------------------------

// 530 to 538 are about our account, which somebody is going to put right (RFC 4954).
static bool is_for_good(long reply)
{
    return reply >= 500 && reply <= 599 && !(reply >= 530 && reply <= 538);
}

static Str words_of(const Transfer *t, CURLcode code, long reply)
{
    Arena *arena = t->ctx->arena;
    if (reply >= 400 && t->reply_len)
        return str_trim(utf8_clean(arena, str_copy(arena, (Str){ t->reply, t->reply_len })));
    return str_format(arena, "%s: %s", t->host, curl_easy_strerror(code));
}

static SmtpEnd perform(Transfer *t, Str *ret_words)
{
    long reply = 0;
    CURLcode code = curl_easy_perform(t->curl);
    curl_easy_getinfo(t->curl, CURLINFO_RESPONSE_CODE, &reply);
    host_done(t->key, code == CURLE_OK || reply >= 400);
    log_line(LOG_INFO, t->ctx, "mail.send", "host=%s reply=%ld error=%d", t->host, reply,
             (int)code);
    if (code == CURLE_OK)
        return SMTP_TAKEN;
    *ret_words = words_of(t, code, reply);
    return is_for_good(reply) ? SMTP_REFUSED : SMTP_LATER;
}

SmtpEnd smtp_send(Ctx *ctx, const SmtpMail *mail, Str *ret_words, Time *ret_wait)
{
    assert(!ctx->conn);
    Transfer *t = NEW(ctx->arena, Transfer);
    *t = (Transfer){ .ctx = ctx, .mail = mail };
    *ret_wait = 0;
    *ret_words = S("");
    arena_defer(ctx->arena, release, t);
    if (!prepare(t)) {
        *ret_words = S("the mail server's address in [mail] smtp cannot be used");
        return SMTP_LATER;
    }
    if (host_ask(t->key, 0, ret_wait) != HOST_GO) {
        *ret_words = str_format(ctx->arena, "%s has failed too often just now", t->host);
        return SMTP_LATER;
    }
    SmtpEnd end = perform(t, ret_words);
    give_back(t);
    return end;
}
