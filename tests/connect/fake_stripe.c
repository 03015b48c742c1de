// fake_stripe.c - Stripe as far as we use it.
#include "connect/fake_stripe.h"

#include "base/json.h"
#include "kernel/http/request.h"
#include "kernel/secrets.h"

#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

const char *const fake_secret_key = "sk_test_4eC39HqLyjWDarjtT1zdp7dc";
const char *const fake_webhook_secret = "whsec_test_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

// ---- What it was asked --------------------------------------------------------------------------

typedef struct Asked {
    Arena *arena;
    Str method, path, query, head, body;
} Asked;

static void complain(FakeStripe *fake, const char *what)
{
    if (!fake->complaint[0])
        snprintf(fake->complaint, sizeof fake->complaint, "%s", what);
}

static Str header(const Asked *asked, const char *name)
{
    Str rest = asked->head, line;
    Str wanted = str_format(asked->arena, "%s:", name);
    while (str_next(&rest, '\n', &line))
        if (str_eq_ascii_nocase(str_sub(line, 0, wanted.len), wanted))
            return str_trim(str_from_at(line, wanted.len));
    return S("");
}

static Str field(const Asked *asked, const char *name)
{
    Str rest = asked->body, part, value;
    while (str_next(&rest, '&', &part)) {
        ptrdiff_t equals = str_find_char(part, '=');
        if (equals > 0 && str_is(str_sub(part, 0, (size_t)equals), name) &&
            url_decode(asked->arena, str_from_at(part, (size_t)equals + 1), true, &value))
            return value;
    }
    return S("");
}

static int64_t number(const Asked *asked, const char *name)
{
    int64_t n = -1;
    return str_int(field(asked, name), &n) ? n : -1;
}

static void copy(char *to, size_t room, Str from)
{
    snprintf(to, room, STR_FMT, STR_ARG(from));
}

static bool check_heads(FakeStripe *fake, const Asked *asked)
{
    Str bearer = str_format(asked->arena, "Bearer %s", fake_secret_key);
    bool is_post = str_is(asked->method, "POST");
    if (!str_eq(header(asked, "authorization"), bearer))
        complain(fake, "the secret key is missing or wrong");
    if (header(asked, "stripe-version").len == 0)
        complain(fake, "no version of the API is asked for");
    if (is_post && !str_is(header(asked, "content-type"), "application/x-www-form-urlencoded"))
        complain(fake, "a form says what it is");
    if (is_post && header(asked, "idempotency-key").len == 0)
        complain(fake, "what makes something carries a key");
    return !fake->complaint[0];
}

// ---- Objects ------------------------------------------------------------------------------------

static FakeIntent *find_intent(FakeStripe *fake, Str id)
{
    for (int i = 0; i < fake->intent_count; i++)
        if (str_is(id, fake->intents[i].id))
            return &fake->intents[i];
    return NULL;
}

static FakeRefund *find_refund(FakeStripe *fake, Str id)
{
    for (int i = 0; i < fake->refund_count; i++)
        if (str_is(id, fake->refunds[i].id))
            return &fake->refunds[i];
    return NULL;
}

// Whole where it is asked for, else the charge's number.
static Str charge_json(Arena *arena, const FakeIntent *intent, bool is_whole)
{
    const char *number = intent->id + strlen("pi_");
    if (!intent->received)
        return S("null");
    if (!is_whole)
        return str_format(arena, "\"ch_%s\"", number);
    if (!intent->is_settled)
        return str_format(arena, "{\"id\":\"ch_%s\",\"balance_transaction\":null}", number);
    return str_format(arena,
                      "{\"id\":\"ch_%s\",\"balance_transaction\":{\"id\":\"txn_%s\","
                      "\"object\":\"balance_transaction\",\"amount\":%lld,\"currency\":\"%s\","
                      "\"fee\":%lld,\"net\":%lld}}",
                      number, number, (long long)intent->gross, intent->settled_in,
                      (long long)intent->fee, (long long)(intent->gross - intent->fee));
}

static Str intent_json(Arena *arena, const FakeIntent *intent, bool is_whole)
{
    return str_format(arena,
                      "{\"id\":\"%s\",\"object\":\"payment_intent\",\"amount\":%lld,"
                      "\"amount_received\":%lld,\"currency\":\"%s\",\"status\":\"%s\","
                      "\"client_secret\":\"%s_secret\",\"metadata\":{\"payment\":\"%s\"},"
                      "\"latest_charge\":" STR_FMT ",\"last_payment_error\":%s}",
                      intent->id, (long long)intent->amount, (long long)intent->received,
                      intent->currency, intent->status, intent->id, intent->payment,
                      STR_ARG(charge_json(arena, intent, is_whole)),
                      intent->is_refused ? "{\"message\":\"Your card was declined.\"}" : "null");
}

static Str refund_json(FakeStripe *fake, Arena *arena, const FakeRefund *refund)
{
    const FakeIntent *intent = find_intent(fake, str_from(refund->intent));
    return str_format(
        arena,
        "{\"id\":\"%s\",\"object\":\"refund\",\"amount\":%lld,\"currency\":\"%s\","
        "\"payment_intent\":\"%s\",\"status\":\"%s\",\"metadata\":{\"refund\":\"%s\"}}",
        refund->id, (long long)refund->amount, intent ? intent->currency : "", refund->intent,
        refund->status, refund->refund);
}

static Str make_intent(FakeStripe *fake, const Asked *asked)
{
    FakeIntent *intent = &fake->intents[fake->intent_count++];
    Str currency = field(asked, "currency");
    *intent = (FakeIntent){ .amount = number(asked, "amount") };
    snprintf(intent->id, sizeof intent->id, "pi_%d", fake->intent_count);
    copy(intent->currency, sizeof intent->currency, currency);
    copy(intent->payment, sizeof intent->payment, field(asked, "metadata[payment]"));
    copy(intent->status, sizeof intent->status, S("requires_payment_method"));
    if (intent->amount <= 0)
        complain(fake, "an amount is a whole number above zero");
    if (!str_eq(currency, str_lower_ascii(asked->arena, currency)) || currency.len != 3)
        complain(fake, "currencies are three small letters");
    if (!str_is(field(asked, "automatic_payment_methods[enabled]"), "true"))
        complain(fake, "no way of paying is allowed");
    return str_from(intent->id);
}

static Str make_refund(FakeStripe *fake, const Asked *asked, FakeMood mood)
{
    FakeRefund *refund = &fake->refunds[fake->refund_count++];
    const FakeIntent *intent = find_intent(fake, field(asked, "payment_intent"));
    *refund = (FakeRefund){ .amount = number(asked, "amount") };
    snprintf(refund->id, sizeof refund->id, "re_%d", fake->refund_count);
    copy(refund->intent, sizeof refund->intent, field(asked, "payment_intent"));
    copy(refund->refund, sizeof refund->refund, field(asked, "metadata[refund]"));
    copy(refund->status, sizeof refund->status,
         mood == FAKE_SLOW_BANK ? S("pending") : S("succeeded"));
    if (!intent || refund->amount <= 0 || refund->amount > intent->received)
        complain(fake, "more is asked back than was paid");
    return str_from(refund->id);
}

// ---- Answering ----------------------------------------------------------------------------------

typedef struct Reaction {
    int status;  // 0: hangs up
    Str body;
    bool is_late;
} Reaction;

static Reaction error_answer(Arena *arena, int status, const char *message)
{
    return (Reaction){ status, str_format(arena, "{\"error\":{\"message\":\"%s\"}}", message) };
}

static Reaction object_answer(FakeStripe *fake, Arena *arena, Str id, bool is_whole)
{
    const FakeIntent *intent = find_intent(fake, id);
    const FakeRefund *refund = find_refund(fake, id);
    if (intent)
        return (Reaction){ 200, intent_json(arena, intent, is_whole) };
    return refund ? (Reaction){ 200, refund_json(fake, arena, refund) }
                  : error_answer(arena, 404, "No such object");
}

static Reaction post(FakeStripe *fake, const Asked *asked, FakeMood mood)
{
    Str key = header(asked, "idempotency-key"), id;
    uint64_t body = str_hash(asked->body);
    for (int i = 0; i < fake->key_count; i++) {
        if (!str_is(key, fake->keys[i].key))
            continue;
        if (body != fake->keys[i].body)
            return error_answer(asked->arena, 400, "Keys are for one request only");
        return object_answer(fake, asked->arena, str_from(fake->keys[i].object), false);
    }
    bool is_refund = str_is(asked->path, "/v1/refunds");
    id = is_refund ? make_refund(fake, asked, mood) : make_intent(fake, asked);
    FakeKey *made = &fake->keys[fake->key_count++];
    copy(made->key, sizeof made->key, key);
    copy(made->object, sizeof made->object, id);
    made->body = body;
    return object_answer(fake, asked->arena, id, false);
}

static Reaction get(FakeStripe *fake, const Asked *asked)
{
    Str wanted = S("expand%5B%5D=latest_charge.balance_transaction");
    ptrdiff_t slash = str_rfind_char(asked->path, '/');
    if (asked->query.len && !str_eq(asked->query, wanted))
        complain(fake, "this cannot be expanded");
    return object_answer(fake, asked->arena, str_from_at(asked->path, (size_t)slash + 1),
                         asked->query.len > 0);
}

static Reaction react(FakeStripe *fake, const Asked *asked)
{
    FakeMood mood = fake->mood_at < fake->mood_count ? fake->moods[fake->mood_at++] : FAKE_FAIR;
    fake->request_count++;
    if (!check_heads(fake, asked))
        return error_answer(asked->arena, 400, fake->complaint);
    switch (mood) {
    case FAKE_ERROR: return error_answer(asked->arena, 500, "Something broke");
    case FAKE_TOO_MANY: return error_answer(asked->arena, 429, "Slow down");
    case FAKE_REFUSES: return error_answer(asked->arena, 400, "This cannot be done");
    case FAKE_DEAF: return (Reaction){ 0 };
    default: break;
    }
    Reaction done = str_is(asked->method, "POST") ? post(fake, asked, mood) : get(fake, asked);
    done.is_late = mood == FAKE_SLOW;
    return mood == FAKE_FORGETFUL ? (Reaction){ 0 } : done;
}

// ---- The server ---------------------------------------------------------------------------------

static bool read_asked(Wire *wire, Asked *ret)
{
    Str head = wire_read_until(wire, "\r\n\r\n", 5000), line, rest = head;
    int64_t length = 0;
    if (head.len == 0 || !str_next(&rest, '\n', &line))
        return false;
    *ret = (Asked){ .arena = wire->arena, .head = head };
    str_next_word(&line, &ret->method);
    str_next_word(&line, &ret->query);
    str_next(&ret->query, '?', &ret->path);
    if (!str_int(header(ret, "content-length"), &length))
        length = 0;
    while (wire->in.len < wire->at + (size_t)length) {
        char piece[4096];
        ssize_t n = recv(wire->fd, piece, sizeof piece, 0);
        if (n <= 0)
            return false;
        buf_put(&wire->in, (Str){ piece, (size_t)n });
    }
    ret->body = str_sub(str_from_at(buf_str(&wire->in), wire->at), 0, (size_t)length);
    return true;
}

// Until the other side has hung up, or a minute is over.
static void wait_for_silence(int fd)
{
    char piece[64];
    struct pollfd wait = { .fd = fd, .events = POLLIN };
    while (poll(&wait, 1, 60000) > 0 && recv(fd, piece, sizeof piece, 0) > 0)
        ;
}

static void serve_one(FakeStripe *fake, int fd)
{
    Arena arena = { 0 };
    Wire wire = { .fd = fd, .arena = &arena, .in = { .arena = &arena } };
    Asked asked;
    if (read_asked(&wire, &asked)) {
        pthread_mutex_lock(&fake->lock);
        Reaction reaction = react(fake, &asked);
        pthread_mutex_unlock(&fake->lock);
        if (reaction.is_late)
            wait_for_silence(fd);
        if (reaction.status)
            wire_send(
                &wire,
                str_format(&arena,
                           "HTTP/1.1 %d Said\r\nConnection: close\r\n"
                           "Content-Type: application/json\r\nContent-Length: %zu\r\n\r\n" STR_FMT,
                           reaction.status, reaction.body.len, STR_ARG(reaction.body)));
    }
    wire_close(&wire);
    arena_release(&arena);
}

static void *run(void *arg)
{
    FakeStripe *fake = arg;
    struct pollfd wait[] = { { .fd = fake->listen_fd, .events = POLLIN },
                             { .fd = fake->stop[0], .events = POLLIN } };
    while (poll(wait, 2, -1) > 0 && !wait[1].revents) {
        int fd = accept(fake->listen_fd, NULL, NULL);
        if (fd >= 0)
            serve_one(fake, fd);
    }
    return NULL;
}

void fake_stripe_open(FakeStripe *fake)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    *fake = (FakeStripe){ .listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
    pthread_mutex_init(&fake->lock, NULL);
    bool is_open = bind(fake->listen_fd, (struct sockaddr *)&address, sizeof address) == 0 &&
                   listen(fake->listen_fd, 16) == 0 && pipe(fake->stop) == 0 &&
                   getsockname(fake->listen_fd, (struct sockaddr *)&address, &length) == 0;
    fake->port = ntohs(address.sin_port);
    if (!is_open || pthread_create(&fake->thread, NULL, run, fake) != 0) {
        perror("fake stripe");
        exit(2);
    }
}

void fake_stripe_close(FakeStripe *fake)
{
    close(fake->stop[1]);
    pthread_join(fake->thread, NULL);
    close(fake->stop[0]);
    close(fake->listen_fd);
    pthread_mutex_destroy(&fake->lock);
}

void fake_stripe_mood(FakeStripe *fake, FakeMood mood)
{
    pthread_mutex_lock(&fake->lock);
    fake->moods[fake->mood_count++] = mood;
    pthread_mutex_unlock(&fake->lock);
}

Str fake_stripe_url(Arena *arena, const FakeStripe *fake)
{
    return str_format(arena, "http://127.0.0.1:%d", fake->port);
}

// ---- What customers and banks do ----------------------------------------------------------------

void fake_pays(FakeStripe *fake, int at, int64_t received)
{
    pthread_mutex_lock(&fake->lock);
    FakeIntent *intent = &fake->intents[at];
    intent->received = received;
    intent->is_refused = false;
    copy(intent->status, sizeof intent->status, S("succeeded"));
    pthread_mutex_unlock(&fake->lock);
}

void fake_card_refused(FakeStripe *fake, int at)
{
    pthread_mutex_lock(&fake->lock);
    fake->intents[at].is_refused = true;
    copy(fake->intents[at].status, FAKE_TEXT, S("requires_payment_method"));
    pthread_mutex_unlock(&fake->lock);
}

void fake_settles(FakeStripe *fake, int at, const char *currency, int64_t gross, int64_t fee)
{
    pthread_mutex_lock(&fake->lock);
    FakeIntent *intent = &fake->intents[at];
    intent->is_settled = true;
    intent->gross = gross;
    intent->fee = fee;
    copy(intent->settled_in, sizeof intent->settled_in, str_from(currency));
    pthread_mutex_unlock(&fake->lock);
}

void fake_refund_done(FakeStripe *fake, int at)
{
    pthread_mutex_lock(&fake->lock);
    copy(fake->refunds[at].status, FAKE_TEXT, S("succeeded"));
    pthread_mutex_unlock(&fake->lock);
}

// ---- Webhooks -----------------------------------------------------------------------------------

static Str event(Ctx *ctx, const char *type, Str object)
{
    return str_format(ctx->arena,
                      "{\"id\":\"evt_" STR_FMT "\",\"type\":\"%s\",\"created\":%lld,"
                      "\"data\":{\"object\":" STR_FMT "}}",
                      STR_ARG(id_text(ctx->arena, id_next(ctx->now))), type,
                      (long long)(ctx->now / SECOND), STR_ARG(object));
}

Str fake_intent_event(Ctx *ctx, FakeStripe *fake, int at, const char *type)
{
    pthread_mutex_lock(&fake->lock);
    Str object = intent_json(ctx->arena, &fake->intents[at], false);
    pthread_mutex_unlock(&fake->lock);
    return event(ctx, type, object);
}

Str fake_refund_event(Ctx *ctx, FakeStripe *fake, int at, const char *type)
{
    pthread_mutex_lock(&fake->lock);
    Str object = refund_json(fake, ctx->arena, &fake->refunds[at]);
    pthread_mutex_unlock(&fake->lock);
    return event(ctx, type, object);
}

Str fake_dispute_event(Ctx *ctx, FakeStripe *fake, int at, const char *type, const char *status)
{
    const FakeIntent *intent = &fake->intents[at];
    return event(ctx, type,
                 str_format(ctx->arena,
                            "{\"id\":\"dp_%d\",\"object\":\"dispute\",\"amount\":%lld,"
                            "\"currency\":\"%s\",\"payment_intent\":\"%s\",\"status\":\"%s\","
                            "\"reason\":\"fraudulent\"}",
                            at + 1, (long long)intent->received, intent->currency, intent->id,
                            status));
}

Str fake_signature(Ctx *ctx, const char *secret, Time at, Str body)
{
    uint8_t mac[32];
    Str head = str_format(ctx->arena, "%lld.", (long long)(at / SECOND));
    hmac_sha256(str_from(secret), str_join(ctx->arena, head, body), mac);
    return str_format(ctx->arena, "t=%lld,v1=" STR_FMT ",v0=00", (long long)(at / SECOND),
                      STR_ARG(hex_text(ctx->arena, mac, sizeof mac)));
}
