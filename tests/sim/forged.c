// forged.c - real ids in the wrong hands. A company has lived for a while; then every kind of
// record that it has is asked for by its true id: over every route by the owner of another company,
// and through every door of the records by a customer whom it does not belong to, and by staff
// limited to a warehouse and a channel where nothing ever happened. Nobody sees, nobody changes,
// and the answer is that there is no such thing.
#include "sim/sim.h"

#include "app/app.h"
#include "kernel/ask.h"
#include "kernel/entity/access.h"
#include "kernel/http/rest.h"
#include "kernel/http/server.h"

enum { PAST = 400, IDS = 3 };

typedef struct Sample {  // the newest records of a kind
    const EntityDef *entity;
    IdList ids;
} Sample;
typedef struct Samples {
    LIST(Sample) kinds;
} Samples;

// ---- What there is ------------------------------------------------------------------------------

static bool has_door(const EntityDef *e)
{
    bool is_closed = e->api && strcmp(e->api, "none") == 0;
    return !is_closed && !entity_is_keyed(e) && !e->parent && strcmp(e->module, "control") != 0;
}

static Status read_samples(Ctx *ctx, void *arg)
{
    Samples *samples = arg;
    size_t count;
    const EntityDef *const *all = entities_all(&count);
    for (size_t i = 0; i < count; i++) {
        Sample sample = { .entity = all[i] };
        Id id;
        if (!has_door(all[i]) || !tenant_has_module(ctx->tenant, all[i]->module))
            continue;
        const char *text = sql_intern(str_format(
            ctx->arena, "SELECT id FROM %s ORDER BY id DESC LIMIT %d", all[i]->name, IDS));
        Rows *rows = db_query(ctx, (Query){ text, NULL, 0 });
        while (rows_next(rows, &id))
            *list_push(ctx->arena, &sample.ids) = id;
        TRY(rows_end(rows));
        if (sample.ids.len)
            *list_push(ctx->arena, &samples->kinds) = sample;
    }
    return OK;
}

static const Sample *sample_of(const Samples *samples, const EntityDef *e)
{
    EACH (sample, samples->kinds)
        if (sample->entity == e)
            return sample;
    return NULL;
}

typedef struct Past {
    Sim sim;
    Samples samples;
} Past;

static void past_open(Past *past)
{
    *past = (Past){ .sim = { .ctx = test_ctx() } };
    sim_world_open(&past->sim);
    sim_live(&past->sim, 11, PAST);
    CHECK_OK(past->sim.ctx, tenant_read(past->sim.ctx, read_samples, &past->samples));
    CHECK(past->samples.kinds.len > 30);
}

static Status read_print(Ctx *ctx, void *arg)
{
    return sim_fingerprint(ctx, arg);
}

static uint64_t print_of(Ctx *ctx)
{
    uint64_t print = 0;
    Actor *outer = ctx->actor;
    ctx->actor = &actor_system;
    CHECK_OK(ctx, tenant_read(ctx, read_print, &print));
    ctx->actor = outer;
    return print;
}

// ---- The owner of another company, over HTTP ----------------------------------------------------

static Str path_with(Ctx *ctx, const char *pattern, Id id)
{
    Buf out = { .arena = ctx->arena };
    for (const char *at = pattern; *at; at++) {
        if (*at != '{') {
            buf_put(&out, (Str){ at, 1 });
            continue;
        }
        bool is_id = strncmp(at, "{id}", 4) == 0;
        buf_put(&out, is_id ? id_text(ctx->arena, id) : S("nothing"));
        at = strchr(at, '}');
    }
    return buf_str(&out);
}

static void ask_as_stranger(Ctx *ctx, const Route *route, Id id, Str token)
{
    Asking asking = { .method = route->method,
                      .target = path_with(ctx, route->pattern, id),
                      .token = token,
                      .tenant = S("other"),
                      .body = strcmp(route->method, "GET") != 0 ? S("{}") : S("") };
    Answered answer = ask(ctx, &asking);
    if (answer.status < 400 || answer.status >= 500)
        test_fail(__FILE__, __LINE__, "%s %s answers %d to another company's owner: " STR_FMT,
                  route->method, route->pattern, answer.status,
                  STR_ARG(str_sub(answer.body, 0, 200)));
    if (str_find(answer.body, S("SO-25-26")) >= 0 || str_find(answer.body, S("Big Store")) >= 0)
        test_fail(__FILE__, __LINE__, "%s %s tells another company's owner what it is",
                  route->method, route->pattern);
}

static void open_other(Past *past, Tenant **ret)
{
    Ctx *ctx = past->sim.ctx;
    Id id;
    TenantSpec other = { .code = S("other"),
                         .name = S("Other"),
                         .country = S("GB"),
                         .language = S("en"),
                         .zone = S("Europe/London"),
                         .currency = S("GBP"),
                         .fiscal_month = 1,
                         .modules = S("*"),
                         .place = house_second_place(ctx, &past->sim.house) };
    CHECK_OK(ctx, tenant_create(ctx, &other, &id));
    CHECK_OK(ctx, tenant_open(ctx, other.code, ret));
}

static void test_another_company(void)
{
    static Past past;
    Tenant *other;
    size_t count;
    int asked = 0;
    past_open(&past);
    Ctx *ctx = past.sim.ctx;
    rest_start(app_routes);
    open_other(&past, &other);
    tenant_enter(ctx, other);
    Str token = ask_token(ctx, "stranger@example.com", "Owner");
    tenant_enter(ctx, past.sim.house.tenant);
    uint64_t before = print_of(ctx);
    const Route *const *routes = routes_all(&count);
    for (size_t i = 0; i < count; i++) {
        ArenaMark mark = arena_mark(ctx->arena);
        const Route *route = routes[i];
        const EntityDef *e = route->entity ? route->entity : &sales_order_entity;
        const Sample *sample = sample_of(&past.samples, e);
        bool is_ours = route->entity || str_starts(str_from(route->pattern), S("/api/"));
        bool is_of_one = strstr(route->pattern, "{id}") != NULL && is_ours;
        if (is_of_one && sample && !(route->flags & ROUTE_PUBLIC)) {
            ask_as_stranger(ctx, route, sample->ids.items[0], token);
            asked++;
        }
        arena_rewind(ctx->arena, mark);
    }
    CHECK(asked > 200);
    CHECK(print_of(ctx) == before);
    printf("     %d routes\n", asked);
    sim_world_close(&past.sim);
}

// ---- Through the doors of the records -----------------------------------------------------------

typedef struct Attempt {
    const EntityDef *entity;
    Id id;
    const char *action;
} Attempt;

static Status attempt_get(Ctx *ctx, void *arg)
{
    const Attempt *attempt = arg;
    return access_get(ctx, attempt->entity, attempt->id, record_new(ctx, attempt->entity));
}

static Status attempt_update(Ctx *ctx, void *arg)
{
    const Attempt *attempt = arg;
    const Json *nothing;
    TRY(json_parse(ctx, S("{}"), &nothing));
    return access_update(ctx, attempt->entity, attempt->id, 0, nothing, 0);
}

static Status attempt_delete(Ctx *ctx, void *arg)
{
    const Attempt *attempt = arg;
    return access_delete(ctx, attempt->entity, attempt->id, 0);
}

static Status attempt_archive(Ctx *ctx, void *arg)
{
    const Attempt *attempt = arg;
    return access_archive(ctx, attempt->entity, attempt->id, 0, true);
}

static Status attempt_action(Ctx *ctx, void *arg)
{
    const Attempt *attempt = arg;
    Link made;
    return action_run(ctx, attempt->entity, attempt->id, 0, attempt->action, NULL, 0, &made);
}

// Refused as what is not there, or as what one may not do; nothing in between.
static void is_kept(Ctx *ctx, TxFn fn, const char *what, Attempt *attempt)
{
    Status status = tenant_transact(ctx, fn, attempt);
    if (status != E_NOT_FOUND && status != E_DENIED)
        test_fail(__FILE__, __LINE__, "%s of %s is answered %s", what, attempt->entity->name,
                  status == OK ? "ok" : ctx->failure.code);
    ctx_recover(ctx);
}

static int try_all(Ctx *ctx, const EntityDef *e, Id id)
{
    Attempt attempt = { .entity = e, .id = id };
    const Machine *machine = machine_of(e);
    int tries = 1;
    is_kept(ctx, attempt_get, "get", &attempt);
    if (entity_is_root(e)) {
        is_kept(ctx, attempt_update, "update", &attempt);
        is_kept(ctx, attempt_delete, "delete", &attempt);
        is_kept(ctx, attempt_archive, "archive", &attempt);
        tries += 3;
    }
    for (const Action *a = machine ? machine->actions : NULL; a && a->name; a++) {
        if (a->flags & ACTION_NO_RECORD)
            continue;
        attempt.action = a->name;
        is_kept(ctx, attempt_action, a->name, &attempt);
        tries++;
    }
    return tries;
}

static Status make_stranger(Ctx *ctx, void *arg)
{
    Party *party = party_new(ctx);
    party->name = S("Stranger");
    party->is_customer = true;
    TRY(party_save(ctx, party));
    *(Id *)arg = party->record.id;
    return OK;
}

static void test_another_customer(void)
{
    static Past past;
    Id stranger = 0;
    int tries = 0;
    past_open(&past);
    Ctx *ctx = past.sim.ctx;
    CHECK_OK(ctx, tenant_transact(ctx, make_stranger, &stranger));
    Actor customer = { .kind = ACTOR_PORTAL,
                       .audience = S("customer"),
                       .subject = { &party_entity, stranger } };
    uint64_t before = print_of(ctx);
    ctx->actor = &customer;
    EACH (sample, past.samples.kinds)
        EACH (id, sample->ids)
            tries += try_all(ctx, sample->entity, *id);
    CHECK(print_of(ctx) == before);
    CHECK(tries > 300);
    printf("     %d times\n", tries);

    // One's own is seen: the doors are not merely shut.
    Attempt own = { .entity = &party_entity, .id = stranger };
    CHECK_OK(ctx, tenant_transact(ctx, attempt_get, &own));
    ctx->actor = &actor_system;
    sim_world_close(&past.sim);
}

static Status make_far_corner(Ctx *ctx, void *arg)
{
    Id *ids = arg;
    Place *place = place_new(ctx);
    Channel *channel = channel_new(ctx);
    place->place_code = place->name = S("FAR");
    place->kind = PLACE_KIND_WAREHOUSE;
    TRY(place_save(ctx, place));
    channel->channel_code = channel->name = S("far");
    channel->currency = ctx->tenant->base;
    list_push(ctx->arena, &channel->warehouses)->warehouse = place->record.id;
    TRY(channel_save(ctx, channel));
    ids[0] = place->record.id;
    ids[1] = channel->record.id;
    return OK;
}

static void limit_to(Ctx *ctx, Actor *actor, const EntityDef *e, Id id)
{
    ActorLimit *limit = list_push(ctx->arena, &actor->limits);
    limit->entity = e;
    *list_push(ctx->arena, &limit->values) = id;
}

static void test_another_warehouse(void)
{
    static Past past;
    Id far[2];
    int tries = 0;
    past_open(&past);
    Ctx *ctx = past.sim.ctx;
    CHECK_OK(ctx, tenant_transact(ctx, make_far_corner, far));
    Actor *clerk = house_actor(ctx, "*");
    limit_to(ctx, clerk, &place_entity, far[0]);
    limit_to(ctx, clerk, &channel_entity, far[1]);
    uint64_t before = print_of(ctx);
    ctx->actor = clerk;
    EACH (sample, past.samples.kinds)
        EACH (id, sample->ids)
            if (sample->entity->scope)
                tries += try_all(ctx, sample->entity, *id);
    ctx->actor = &actor_system;
    CHECK(print_of(ctx) == before);
    CHECK(tries > 100);
    printf("     %d times\n", tries);
    sim_world_close(&past.sim);
}

const Test forged_tests[] = {
    { "real ids of one company are nothing to the owner of another", test_another_company },
    { "real ids are nothing to a customer whose they are not", test_another_customer },
    { "real ids are nothing to staff of another warehouse and channel", test_another_warehouse },
    { 0 },
};
