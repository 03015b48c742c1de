// test_mail.c - mails: how they are written, that nothing in them becomes a header, how they are
// queued, and what becomes of them with servers that take, refuse, drop and delay, and with none at
// all.
#include "base/log.h"
#include "base/utf8.h"
#include "gen/kernel.gen.h"
#include "kernel/config.h"
#include "kernel/entity/access.h"
#include "kernel/house.h"
#include "kernel/mail.h"
#include "kernel/mail/encode.h"
#include "kernel/mail/smtp.h"
#include "kernel/outside/curl_pool.h"
#include "kernel/outside/host.h"
#include "kernel/postmaster.h"
#include "kernel/secrets.h"
#include "loan.gen.h"

// ---- Reading back what was written --------------------------------------------------------------

static int hex(char c)
{
    return c >= 'A' ? c - 'A' + 10 : c - '0';
}

static Str unquoted(Arena *arena, Str text)
{
    Buf out = { .arena = arena };
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '=')
            buf_char(&out, text.ptr[i]);
        else if (str_starts(str_from_at(text, i), S("=\r\n")))
            i += 2;
        else {
            buf_char(&out, (char)(hex(text.ptr[i + 1]) * 16 + hex(text.ptr[i + 2])));
            i += 2;
        }
    }
    return buf_str(&out);
}

// The words of a header: unfolded, encoded words decoded.
static Str unworded(Arena *arena, Str text)
{
    Buf out = { .arena = arena };
    while (text.len) {
        ptrdiff_t start = str_find(text, S("=?UTF-8?B?"));
        if (start < 0) {
            buf_put(&out, text);
            break;
        }
        Str bytes, rest = str_from_at(text, (size_t)start + 10);
        ptrdiff_t end = str_find(rest, S("?="));
        CHECK(end > 0 && base64_parse(arena, str_sub(rest, 0, (size_t)end), &bytes));
        buf_put(&out, bytes);
        CHECK(utf8_valid(bytes));
        text = str_from_at(rest, (size_t)end + 2);
        if (str_starts(text, S("\r\n =?")))
            text = str_from_at(text, 3);
    }
    return buf_str(&out);
}

static size_t longest_line(Str text)
{
    size_t longest = 0;
    for (Str line; str_next(&text, '\n', &line);)
        longest = line.len - 1 > longest ? line.len - 1 : longest;
    return longest;
}

static Str header_of(const Mail *mail, Ctx *ctx, const char *name)
{
    Str bytes = mail_compose(ctx, mail, S("shop@example.com"), S("1@example.com"));
    Reply reply = { .head = str_sub(bytes, 0, (size_t)str_find(bytes, S("\r\n\r\n"))) };
    return reply_header(&reply, name);
}

// ---- Writing ------------------------------------------------------------------------------------

static void test_quoted_printable(void)
{
    static const struct {
        const char *text, *wanted;
    } rows[] = {
        { "", "" },
        { "plain", "plain\r\n" },
        { "a=b", "a=3Db\r\n" },
        { "two\nlines\r\nand\rmore\n", "two\r\nlines\r\nand\r\nmore\r\n" },
        { "blank \nat end\t", "blank=20\r\nat end=09\r\n" },
        { "\xc3\xa9t\xc3\xa9", "=C3=A9t=C3=A9\r\n" },
        { "\n\n", "\r\n\r\n" },
        { "a\x01z", "a=01z\r\n" },
    };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        Buf out = { .arena = ctx->arena };
        test_row = rows[i].text;
        mail_put_quoted(&out, str_from(rows[i].text));
        CHECK_STR(buf_str(&out), rows[i].wanted);
    }
    test_row = NULL;
}

static Str some_text(Ctx *ctx, size_t len_max)
{
    static const char *const pieces[] = { "a", " ",  "=",     "\xc3\xa9",        "\xe0\xa6\x85",
                                          ".", "\t", "word ", "\xf0\x9f\x91\x9e" };
    Buf out = { .arena = ctx->arena };
    size_t len = (size_t)random_below(ctx->random, (int64_t)len_max);
    while (out.len < len)
        buf_c(&out, pieces[random_below(ctx->random, COUNT(pieces))]);
    return buf_str(&out);
}

static void test_quoted_printable_reads_back(void)
{
    Ctx *ctx = test_ctx();
    for (int i = 0; i < 500; i++) {
        Buf out = { .arena = ctx->arena };
        Str text = some_text(ctx, 400);
        mail_put_quoted(&out, text);
        Str back = unquoted(ctx->arena, buf_str(&out));
        CHECK(str_eq(str_sub(back, 0, text.len), text));
        CHECK(longest_line(buf_str(&out)) <= 76);
    }
}

static void test_header_words_read_back(void)
{
    Ctx *ctx = test_ctx();
    for (int i = 0; i < 500; i++) {
        Buf out = { .arena = ctx->arena };
        Str text = mail_header_text(ctx->arena, some_text(ctx, 300));
        buf_c(&out, "Subject: ");
        mail_put_words(&out, out.len, text);
        buf_c(&out, "\r\n");
        Str back = unworded(ctx->arena, str_sub(buf_str(&out), 9, out.len - 11));
        bool is_encoded = str_find(buf_str(&out), S("=?UTF-8")) >= 0;
        if (is_encoded) {
            CHECK(str_eq(back, text));
            CHECK(longest_line(buf_str(&out)) <= 76);
        }
    }
}

static void test_base64_lines(void)
{
    Ctx *ctx = test_ctx();
    Buf out = { .arena = ctx->arena };
    char bytes[115];
    memset(bytes, 0xff, sizeof bytes);
    mail_put_base64(&out, (Str){ bytes, sizeof bytes });
    CHECK_INT((int64_t)out.len, 78 + 78 + 6);
    CHECK(str_ends(buf_str(&out), S("\r\n/w==\r\n")));
}

static void test_a_plain_mail(void)
{
    Ctx *ctx = test_ctx();
    Mail mail = { .to = S("rahim@example.com"),
                  .to_name = S("Rahim \"Ali\" Uddin"),
                  .subject = S("Your order SO-26-00017"),
                  .text = S("Dear Rahim,\n\nit is on its way.\n"),
                  .reply_to = S("care@example.com") };
    Str bytes = mail_compose(ctx, &mail, S("Acme Ltd <sales@example.com>"), S("1@example.com"));
    CHECK_STR(bytes, "Date: Mon, 2 Mar 2026 10:00:00 +0000\r\n"
                     "From: \"Acme Ltd\"\r\n <sales@example.com>\r\n"
                     "To: \"Rahim \\\"Ali\\\" Uddin\"\r\n <rahim@example.com>\r\n"
                     "Reply-To: care@example.com\r\n"
                     "Message-ID: <1@example.com>\r\n"
                     "Subject: Your order SO-26-00017\r\n"
                     "MIME-Version: 1.0\r\n"
                     "Auto-Submitted: auto-generated\r\n"
                     "Content-Type: text/plain; charset=utf-8\r\n"
                     "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                     "Dear Rahim,\r\n\r\nit is on its way.\r\n");
}

static void test_parts_and_alternatives(void)
{
    Ctx *ctx = test_ctx();
    Mail mail = { .to = S("a@example.com"),
                  .subject = S("Rechnung"),
                  .text = S("plain"),
                  .html = S("<p>rich</p>") };
    *list_push(ctx->arena, &mail.attachments) = (MailPart){
        // clang-format off
        S("\xe0\xa6\x9a\xe0\xa6\xbe\xe0\xa6\xb2\xe0\xa6\xbe\xe0\xa6\xa8 \xe0\xa6\x9a\xe0\xa6\xbe\xe0\xa6\xb2\xe0\xa6\xbe\xe0\xa6\xa8 2026.pdf"),
        // clang-format on
        S("application/pdf"), S("%PDF-")
    };
    *list_push(ctx->arena, &mail.attachments) =
        (MailPart){ S("\xe0\xa6\x9a\xe0\xa6\xbe\xe0\xa6\xb2\xe0\xa6\xbe\xe0\xa6\xa8.pdf"),
                    S("text/x"), S("") };
    *list_push(ctx->arena, &mail.attachments) =
        (MailPart){ S("a\r\nX-Bad: 1\".txt"), S("text/plain\r\nX-Bad: 1"), S("x") };
    Str bytes = mail_compose(ctx, &mail, S("b@example.com"), S("1@example.com"));
    test_golden("mail/parts.eml", bytes);
    CHECK(str_find(bytes, S("X-Bad:")) < 0);
}

// Whatever stands in a text of the mail, the headers are the same ones.
static void test_nothing_becomes_a_header(void)
{
    static const char *const evils[] = {
        "x\r\nBcc: all@example.com",
        "x\nBcc: all@example.com",
        "x\rBcc: all@example.com",
        "x\r\n\r\n<script>",
        "x\r\n Bcc: all@example.com",
        "\r\nBcc: all@example.com",
        "x>\r\nBcc: all@example.com\r\nX: <",
        "\xc3\xa9\r\nBcc: all@example.com",
        "\xff\r\nBcc: a@b.cd",
        "=?UTF-8?B?DQpCY2M6IGFsbA==?=",
    };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(evils); i++) {
        test_row = evils[i];
        Str evil = str_from(evils[i]);
        Mail mail = {
            .to = evil, .to_name = evil, .subject = evil, .reply_to = evil, .text = S("x")
        };
        Str bytes = mail_compose(ctx, &mail, str_join(ctx->arena, evil, S(" <a@b.cd>")), evil);
        Str head = str_sub(bytes, 0, (size_t)str_find(bytes, S("\r\n\r\n")) + 2);
        int headers = 0;
        for (Str line; str_next(&head, '\n', &line);) {
            CHECK(str_ends(line, S("\r")));
            CHECK(str_find_char(str_sub(line, 0, line.len - 1), '\r') < 0);
            headers += line.ptr[0] != ' ';
            CHECK(!str_starts(line, S("Bcc")));
        }
        CHECK_INT(headers, 10);
    }
    test_row = NULL;
}

static void test_subjects_in_any_script(void)
{
    Ctx *ctx = test_ctx();
    Mail mail = { .to = S("a@example.com"), .text = S("x") };
    mail.subject =
        S("\xe0\xa6\x86\xe0\xa6\xaa\xe0\xa6\xa8\xe0\xa6\xbe\xe0\xa6\xb0 \xf0\x9f\x91\x9e");
    Str subject = header_of(&mail, ctx, "subject");
    CHECK(str_starts(subject, S("=?UTF-8?B?")));
    CHECK(str_eq(unworded(ctx->arena, subject), mail.subject));
    mail.subject = S("=?UTF-8?B?QUJD?=");
    subject = header_of(&mail, ctx, "subject");
    CHECK(str_eq(unworded(ctx->arena, subject), mail.subject));
}

// ---- A house with a post ------------------------------------------------------------------------

typedef struct Office {
    House house;
    Postmaster post;
    Config config;
    Ctx *ctx;
    Mail mail;
    Id id;
} Office;

static void open_office(Office *o)
{
    *o = (Office){ .ctx = test_ctx() };
    house_open(o->ctx, &o->house);
    postmaster_open(&o->post);
    o->config = *config();
    o->config.smtp_url = str_format(o->ctx->arena, "smtp://127.0.0.1:%d", o->post.port);
    o->config.mail_from = S("shop@example.com");
    config_use(&o->config);
    host_forget_all();
    log_set_level(LOG_ERROR + 1);
    o->mail =
        (Mail){ .to = S("rahim@example.com"), .subject = S("Hello"), .text = S(".\nyours\n") };
}

static void close_office(Office *o)
{
    curl_pool_close();
    postmaster_close(&o->post);
    host_forget_all();
    log_set_level(LOG_INFO);
    house_close(&o->house);
}

static Status queue(Ctx *ctx, void *arg)
{
    Office *o = arg;
    return mail_queue(ctx, &o->mail, &o->id);
}

static void put_in(Office *o)
{
    CHECK_OK(o->ctx, tenant_transact(o->ctx, queue, o));
}

static void work(Office *o)
{
    int ran;
    CHECK_OK(o->ctx, jobs_run_due(o->ctx, &ran));
}

static void work_later(Office *o)
{
    o->ctx->now += 2 * HOUR;
    host_forget_all();
    work(o);
}

typedef struct Looking {
    Id id;
    MailMessage row;
} Looking;

static Status look(Ctx *ctx, void *arg)
{
    Looking *l = arg;
    return mail_message_load(ctx, l->id, &l->row);
}

static MailMessage row_of(Office *o)
{
    Looking l = { .id = o->id };
    CHECK_OK(o->ctx, tenant_read(o->ctx, look, &l));
    return l.row;
}

// ---- Sending ------------------------------------------------------------------------------------

static void test_a_mail_is_sent(void)
{
    Office o;
    open_office(&o);
    o.mail.html = S("<p>yours</p>");
    *list_push(o.ctx->arena, &o.mail.attachments) =
        (MailPart){ S("a.txt"), S("text/plain"), S("attached") };
    put_in(&o);
    CHECK(row_of(&o).state == MAIL_STATE_QUEUED);
    CHECK_INT((int64_t)postmaster_count(&o.post), 0);
    work(&o);
    Posted posted = postmaster_posted(&o.post, 0);
    CHECK_STR(posted.from, "shop@example.com");
    CHECK_STR(posted.to, "rahim@example.com");
    CHECK(str_find(posted.bytes, S("From: \"Acme Ltd\"\r\n <shop@example.com>\r\n")) > 0);
    CHECK(str_find(posted.bytes, S("\r\n.\r\nyours\r\n")) > 0);  // the lone dot came through
    CHECK(str_find(posted.bytes, S("YXR0YWNoZWQ=")) > 0);
    CHECK(str_find(posted.bytes, row_of(&o).message_id) > 0);
    CHECK(row_of(&o).state == MAIL_STATE_SENT);
    CHECK_INT(row_of(&o).sent_at, o.ctx->now);
    close_office(&o);
}

static void test_many_mails_go_over_one_connection(void)
{
    Office o;
    open_office(&o);
    for (int i = 0; i < 3; i++)
        put_in(&o);
    work(&o);
    CHECK_INT((int64_t)postmaster_count(&o.post), 3);
    close_office(&o);
}

static void test_a_slow_server_is_waited_for(void)
{
    Office o;
    open_office(&o);
    postmaster_will(&o.post, POST_TAKE_SLOWLY);
    put_in(&o);
    work(&o);
    CHECK(row_of(&o).state == MAIL_STATE_SENT);
    close_office(&o);
}

static void test_what_passes_is_tried_again(void)
{
    static const PostAct acts[] = { POST_COME_AGAIN, POST_HANG_UP, POST_HANG_UP_AT_END };
    Office o;
    open_office(&o);
    for (size_t i = 0; i < COUNT(acts); i++)
        postmaster_will(&o.post, acts[i]);
    put_in(&o);
    work(&o);
    CHECK(row_of(&o).state == MAIL_STATE_QUEUED);
    CHECK_STR(row_of(&o).error_words, "451 4.7.1 come again later");
    for (size_t i = 1; i < COUNT(acts); i++) {
        work_later(&o);
        CHECK(row_of(&o).state == MAIL_STATE_QUEUED);
        CHECK_INT(row_of(&o).attempts, (int64_t)i + 1);
        CHECK(row_of(&o).error_words.len > 0);
    }
    work_later(&o);
    CHECK(row_of(&o).state == MAIL_STATE_SENT);
    CHECK_STR(row_of(&o).error_words, "");
    CHECK_INT((int64_t)postmaster_count(&o.post), 1);
    close_office(&o);
}

static void test_what_is_refused_is_given_up(void)
{
    static const struct {
        PostAct act;
        const char *words;
    } rows[] = {
        { POST_NO_SUCH_PERSON, "550 5.1.1 there is no such person" },
        { POST_REFUSE_CONTENT, "554 5.7.1 we do not like this" },
    };
    Office o;
    open_office(&o);
    for (size_t i = 0; i < COUNT(rows); i++) {
        postmaster_will(&o.post, rows[i].act);
        put_in(&o);
        work(&o);
        CHECK(row_of(&o).state == MAIL_STATE_FAILED);
        CHECK_STR(row_of(&o).error_words, rows[i].words);
    }
    work_later(&o);
    CHECK_INT(postmaster_seen(&o.post), COUNT(rows));
    close_office(&o);
}

static void test_tries_end_after_a_day(void)
{
    Office o;
    open_office(&o);
    for (int i = 0; i < MAIL_TRIES_MAX + 1; i++)
        postmaster_will(&o.post, POST_COME_AGAIN);
    put_in(&o);
    work(&o);
    for (int i = 1; i < MAIL_TRIES_MAX + 3; i++)
        work_later(&o);
    CHECK(row_of(&o).state == MAIL_STATE_FAILED);
    CHECK_INT(postmaster_seen(&o.post), MAIL_TRIES_MAX);
    close_office(&o);
}

static void test_a_resting_server_costs_no_try(void)
{
    Office o;
    open_office(&o);
    Str key = str_format(o.ctx->arena, "smtp://127.0.0.1:%d", o.post.port);
    for (int i = 0; i < HOST_FAILURES_MAX; i++)
        host_done(key, false);
    put_in(&o);
    work(&o);
    CHECK(row_of(&o).state == MAIL_STATE_QUEUED);
    CHECK_INT(row_of(&o).attempts, 0);
    work_later(&o);
    CHECK(row_of(&o).state == MAIL_STATE_SENT);
    close_office(&o);
}

// ---- Accounts and encryption --------------------------------------------------------------------

static void test_accounts(void)
{
    Office o;
    open_office(&o);
    o.post.password = S("shop:s3cret@");
    o.config.smtp_url = str_format(o.ctx->arena, "smtp://shop:wrong@127.0.0.1:%d", o.post.port);
    put_in(&o);
    work(&o);
    CHECK(row_of(&o).state == MAIL_STATE_QUEUED);  // somebody will put the account right
    CHECK_INT(postmaster_seen(&o.post), 0);
    o.config.smtp_url =
        str_format(o.ctx->arena, "smtp://shop:s3cret%%40@127.0.0.1:%d", o.post.port);
    curl_pool_close();
    work_later(&o);
    CHECK(row_of(&o).state == MAIL_STATE_SENT);
    close_office(&o);
}

// libcurl itself knows that names under .localhost are this machine; for us they are a server like
// any other.
static void test_other_machines_must_encrypt(void)
{
    Office o;
    open_office(&o);
    o.config.smtp_url = str_format(o.ctx->arena, "smtp://mail.localhost:%d", o.post.port);
    put_in(&o);
    work(&o);
    CHECK(row_of(&o).state == MAIL_STATE_QUEUED);
    CHECK(str_find(row_of(&o).error_words, S("SSL")) > 0);
    CHECK_INT(postmaster_seen(&o.post), 0);
    close_office(&o);
}

static void test_silence_ends(void)
{
    Office o;
    Str words;
    Time wait;
    open_office(&o);
    postmaster_will(&o.post, POST_SAY_NOTHING);
    SmtpMail mail = { .server = o.config.smtp_url,
                      .from = S("a@example.com"),
                      .to = S("b@example.com"),
                      .bytes = S("Subject: x\r\n\r\nx\r\n"),
                      .limit_ms = 200 };
    int64_t started = clock_ms();
    CHECK(smtp_send(o.ctx, &mail, &words, &wait) == SMTP_LATER);
    CHECK(clock_ms() - started < 3000);
    CHECK(words.len > 0);
    close_office(&o);
}

// ---- Keeping ------------------------------------------------------------------------------------

static Status send_again(Ctx *ctx, void *arg)
{
    Link made;
    return action_run(ctx, &mail_message_entity, *(Id *)arg, 0, "send", NULL, 0, &made);
}

static void test_without_a_server_mails_are_kept(void)
{
    Office o;
    open_office(&o);
    Str server = o.config.smtp_url;
    o.config.smtp_url = S("");
    put_in(&o);
    CHECK_FAILS(o.ctx, "mail.not_kept", tenant_transact(o.ctx, send_again, &o.id));
    work(&o);
    CHECK(row_of(&o).state == MAIL_STATE_KEPT);
    CHECK_STR(row_of(&o).error_words, "no mail server is set up");
    o.config.smtp_url = server;
    o.config.mail_from = S("");
    CHECK_OK(o.ctx, tenant_transact(o.ctx, send_again, &o.id));
    work(&o);
    CHECK_STR(row_of(&o).error_words, "no sender's address is set");
    o.config.mail_from = S("shop@example.com");
    CHECK_OK(o.ctx, tenant_transact(o.ctx, send_again, &o.id));
    work(&o);
    CHECK(row_of(&o).state == MAIL_STATE_SENT);
    CHECK_INT((int64_t)postmaster_count(&o.post), 1);
    CHECK_FAILS(o.ctx, "mail.not_kept", tenant_transact(o.ctx, send_again, &o.id));
    close_office(&o);
}

// ---- Queueing -----------------------------------------------------------------------------------

static Status queue_and_fail(Ctx *ctx, void *arg)
{
    TRY(queue(ctx, arg));
    return FAIL(ctx, E_CONFLICT, "test.undone", "this did not happen");
}

static void test_what_is_undone_is_not_sent(void)
{
    Office o;
    open_office(&o);
    CHECK_FAILS(o.ctx, "test.undone", tenant_transact(o.ctx, queue_and_fail, &o));
    work(&o);
    CHECK_INT(postmaster_seen(&o.post), 0);
    close_office(&o);
}

static void test_one_mail_a_key(void)
{
    Office o;
    open_office(&o);
    o.mail.dedupe = S("order/1/confirmed");
    put_in(&o);
    Id first = o.id;
    put_in(&o);
    CHECK_INT(o.id, first);
    work(&o);
    put_in(&o);
    CHECK_INT(o.id, first);
    work(&o);
    CHECK_INT((int64_t)postmaster_count(&o.post), 1);
    close_office(&o);
}

static void test_what_cannot_be_queued(void)
{
    Office o;
    open_office(&o);
    char *long_text = arena_alloc(o.ctx->arena, MAIL_TEXT_MAX + 2);
    memset(long_text, 'x', MAIL_TEXT_MAX + 1);
    static const char *const addresses[] = { "",         "nobody",
                                             "a@b",      "a@b.cd, c@d.ef",
                                             "a b@c.de", "a@b.cd\r\nX: y",
                                             "<a@b.cd>", "r\xc3\xa9my@example.com" };
    for (size_t i = 0; i < COUNT(addresses); i++) {
        test_row = addresses[i];
        o.mail.to = str_from(addresses[i]);
        CHECK_FAILS(o.ctx, "mail.address", tenant_transact(o.ctx, queue, &o));
    }
    test_row = NULL;
    o.mail.to = S("a@b.cd");
    o.mail.reply_to = S("nobody");
    CHECK_FAILS(o.ctx, "mail.address", tenant_transact(o.ctx, queue, &o));
    o.mail.reply_to = S("");
    o.mail.text = (Str){ long_text, MAIL_TEXT_MAX + 1 };
    CHECK_FAILS(o.ctx, "mail.too_long", tenant_transact(o.ctx, queue, &o));
    o.mail.text.len--;
    CHECK_OK(o.ctx, tenant_transact(o.ctx, queue, &o));
    o.mail.text = S("");
    CHECK_FAILS(o.ctx, "mail.empty", tenant_transact(o.ctx, queue, &o));
    o.mail.text = S("x");
    for (int i = 0; i <= MAIL_PARTS_MAX; i++)
        *list_push(o.ctx->arena, &o.mail.attachments) = (MailPart){ S("a"), S(""), S("x") };
    CHECK_FAILS(o.ctx, "mail.too_large", tenant_transact(o.ctx, queue, &o));
    close_office(&o);
}

static Status add_book(Ctx *ctx, void *arg)
{
    Office *o = arg;
    const Json *input;
    TRY(json_parse(ctx, S("{\"isbn\":\"4006381333931\",\"name\":\"x\"}"), &input));
    o->mail.about.entity = &shelf_book_entity;
    return access_create(ctx, &shelf_book_entity, input, 0, &o->mail.about.id);
}

static void test_the_record_knows_of_its_mails(void)
{
    Office o;
    open_office(&o);
    CHECK_OK(o.ctx, tenant_transact(o.ctx, add_book, &o));
    put_in(&o);
    CHECK_INT(fixture_number(o.ctx, o.ctx->tenant->db,
                             "SELECT count(*) FROM timeline_entry WHERE kind = 'mail'"),
              1);
    close_office(&o);
}

const Test mail_tests[] = {
    { "quoted-printable", test_quoted_printable },
    { "quoted-printable reads back", test_quoted_printable_reads_back },
    { "a header's words read back", test_header_words_read_back },
    { "base64 comes in lines", test_base64_lines },
    { "a plain mail", test_a_plain_mail },
    { "parts and alternatives", test_parts_and_alternatives },
    { "nothing in a mail becomes a header", test_nothing_becomes_a_header },
    { "subjects in any script", test_subjects_in_any_script },
    { "a mail is sent", test_a_mail_is_sent },
    { "many mails go one after another", test_many_mails_go_over_one_connection },
    { "a slow server is waited for", test_a_slow_server_is_waited_for },
    { "what passes is tried again", test_what_passes_is_tried_again },
    { "what is refused is given up", test_what_is_refused_is_given_up },
    { "tries end after a day", test_tries_end_after_a_day },
    { "a resting server costs no try", test_a_resting_server_costs_no_try },
    { "accounts are used, and wrong ones tried again", test_accounts },
    { "other machines must encrypt", test_other_machines_must_encrypt },
    { "silence ends", test_silence_ends },
    { "without a server mails are kept, and can be sent", test_without_a_server_mails_are_kept },
    { "what is undone is not sent", test_what_is_undone_is_not_sent },
    { "there is one mail a key", test_one_mail_a_key },
    { "what cannot be queued", test_what_cannot_be_queued },
    { "the record knows of its mails", test_the_record_knows_of_its_mails },
    { 0 },
};
