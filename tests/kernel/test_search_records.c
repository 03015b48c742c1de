// test_search_records.c - records found by their words: what is declared, who sees what, and that
// no change is lost, on both engines.
#include "bazaar.gen.h"
#include "gen/kernel.gen.h"
#include "kernel/entity/access.h"
#include "kernel/entity/record.h"
#include "kernel/house.h"
#include "kernel/job.h"
#include "kernel/search.h"

#include <pthread.h>

// ---- Steps --------------------------------------------------------------------------------------

typedef struct Deed {
    const EntityDef *entity;
    Id id;
    const char *json;
    bool is_archived;
} Deed;

static Status create(Ctx *ctx, void *arg)
{
    Deed *deed = arg;
    const Json *input;
    TRY(json_parse(ctx, str_from(deed->json), &input));
    return access_create(ctx, deed->entity, input, 0, &deed->id);
}

static Status update(Ctx *ctx, void *arg)
{
    Deed *deed = arg;
    const Json *input;
    TRY(json_parse(ctx, str_from(deed->json), &input));
    return access_update(ctx, deed->entity, deed->id, 0, input, 0);
}

static Status archive(Ctx *ctx, void *arg)
{
    Deed *deed = arg;
    return access_archive(ctx, deed->entity, deed->id, 0, deed->is_archived);
}

static Status erase(Ctx *ctx, void *arg)
{
    Deed *deed = arg;
    return access_delete(ctx, deed->entity, deed->id, 0);
}

static Id make(Ctx *ctx, const EntityDef *e, const char *json)
{
    Deed deed = { .entity = e, .json = json };
    CHECK_OK(ctx, tenant_transact(ctx, create, &deed));
    return deed.id;
}

static void change(Ctx *ctx, const EntityDef *e, Id id, const char *json)
{
    Deed deed = { .entity = e, .id = id, .json = json };
    CHECK_OK(ctx, tenant_transact(ctx, update, &deed));
}

// "{"ware_code":"A-1","name":"Lamp","stall":"..."}", the last part only with a stall.
static Id make_ware(Ctx *ctx, const char *code, const char *name, const char *more)
{
    return make(
        ctx, &ware_entity,
        str_format(ctx->arena, "{\"ware_code\":\"%s\",\"name\":\"%s\"%s}", code, name, more).ptr);
}

static const char *with_ref(Ctx *ctx, const char *field, Id id)
{
    return str_format(ctx->arena, ",\"%s\":\"" STR_FMT "\"", field,
                      STR_ARG(id_text(ctx->arena, id)))
        .ptr;
}

static Id make_named(Ctx *ctx, const EntityDef *e, const char *name)
{
    return make(ctx, e, str_format(ctx->arena, "{\"name\":\"%s\"}", name).ptr);
}

static int64_t refresh(Ctx *ctx)
{
    int64_t done = 0;
    CHECK_OK(ctx, search_refresh(ctx, &done));
    return done;
}

// What the company begins with is read already.
static void open_house(Ctx *ctx, House *house)
{
    house_open(ctx, house);
    refresh(ctx);
}

// ---- Asking -------------------------------------------------------------------------------------

typedef struct Question {
    SearchQuery query;
    SearchResult result;
    Str titles;  // of the hits, best first, with a bar between
} Question;

static Status ask(Ctx *ctx, void *arg)
{
    Question *q = arg;
    Buf out = { .arena = ctx->arena };
    TRY(search_run(ctx, &q->query, &q->result));
    EACH (hit, q->result.hits) {
        Str title;
        TRY(record_title(ctx, hit->entity, hit->id, &title));
        buf_printf(&out, "%s" STR_FMT, out.len ? "|" : "", STR_ARG(title));
    }
    q->titles = buf_str(&out);
    return OK;
}

static Question found_in(Ctx *ctx, const EntityDef *e, const char *words)
{
    Question q = { .query = { .words = str_from(words), .entity = e } };
    CHECK_OK(ctx, tenant_read(ctx, ask, &q));
    return q;
}

static Str found(Ctx *ctx, const char *words)
{
    return found_in(ctx, &ware_entity, words).titles;
}

// The best hit alone: words that others have in part may bring these behind it.
static Str best(Ctx *ctx, const char *words)
{
    Str all = found(ctx, words), first = S("");
    str_next(&all, '|', &first);
    return first;
}

static int64_t number(Ctx *ctx, const char *sql)
{
    return fixture_number(ctx, ctx->tenant->db, sql);
}

// ---- Words --------------------------------------------------------------------------------------

static void fill(Ctx *ctx)
{
    make_ware(ctx, "KN-1182-NVY", "Café lámpara", "");
    make_ware(ctx, "RUG-7", "Red rug", ",\"story\":\"knotted by hand in Šibenik\"");
    make_ware(ctx, "RUG-8", "Blue rug", ",\"story\":\"woven, with a red border\"");
    make_ware(ctx, "BK-1", "Große Straßenkarte", "");
    make_ware(ctx, "LMP-2", "Lampshade",
              ",\"sizes\":[{\"label\":\"extra wide\",\"barcode\":\"X9\"}]");
}

static void test_words(void)
{
    static const struct {
        const char *words, *titles;
    } cases[] = {
        { "cafe", "Café lámpara" },
        { "LAMPARA", "Café lámpara" },
        { "lamp", "Lampshade|Café lámpara" },
        { "lampshde", "Lampshade" },
        { "kn1182nvy", "Café lámpara" },
        { "KN 1182", "Café lámpara" },
        { "red rug", "Red rug|Blue rug" },
        { "sibenik", "Red rug" },
        { "strassenkarte", "Große Straßenkarte" },
        { "extra wide", "Lampshade" },
        { "nothing like it", "" },
    };
    Ctx *ctx = test_ctx();
    House house;
    open_house(ctx, &house);
    fill(ctx);
    CHECK_INT(refresh(ctx), 5);
    for (size_t i = 0; i < COUNT(cases); i++)
        CHECK_STR(found(ctx, cases[i].words), cases[i].titles);
    CHECK_INT(found_in(ctx, &ware_entity, "").result.count, 5);
    house_close(&house);
}

static void test_codes_at_once(void)
{
    Ctx *ctx = test_ctx();
    House house;
    open_house(ctx, &house);
    make_ware(ctx, "RUG-1", "First", "");
    make_ware(ctx, "RUG-11", "Second", "");
    Question q = found_in(ctx, &ware_entity, "rug-11");
    CHECK_STR(q.titles, "Second");
    CHECK_INT(q.result.count, 1);
    refresh(ctx);
    q = found_in(ctx, &ware_entity, "rug-1");
    CHECK_STR(q.titles, "First|Second");
    CHECK_INT(q.result.count, 2);
    house_close(&house);
}

static void test_all_kinds(void)
{
    Ctx *ctx = test_ctx();
    House house;
    open_house(ctx, &house);
    Id maker = make(ctx, &maker_entity, "{\"name\":\"Zarina\",\"email\":\"zarina@example.com\"}");
    make_ware(ctx, "RUG-1", "Rug", with_ref(ctx, "maker", maker));
    make_ware(ctx, "LMP-1", "Lamp",
              ",\"sizes\":[{\"label\":\"zarina size\",\"barcode\":\"4711\"}]");
    refresh(ctx);
    Question q = found_in(ctx, NULL, "zarina");
    CHECK_INT(q.result.count, 4);  // the maker, her rug, the lamp and its size
    CHECK_INT(found_in(ctx, NULL, "4711").result.count, 1);
    CHECK(found_in(ctx, NULL, "4711").result.hits.items[0].entity == &ware_size_entity);
    ctx->actor = house_actor(ctx, "platform.view");
    CHECK_INT(found_in(ctx, NULL, "zarina").result.count, 0);
    house_close(&house);
}

static void test_languages(void)
{
    Ctx *ctx = test_ctx();
    House house;
    open_house(ctx, &house);
    make_ware(ctx, "RUG-1", "Carpet", ",\"translations\":{\"es\":{\"name\":\"Alfombra\"}}");
    refresh(ctx);
    CHECK_STR(found(ctx, "alfombra"), "Carpet");
    CHECK_STR(found(ctx, "carpet"), "Carpet");
    house_close(&house);
}

// ---- Changes ------------------------------------------------------------------------------------

static void test_changes(void)
{
    Ctx *ctx = test_ctx();
    House house;
    open_house(ctx, &house);
    Id lamp = make_ware(ctx, "L-1", "Lantern", ",\"sizes\":[{\"label\":\"huge\"}]");
    Id rug = make_ware(ctx, "R-1", "Carpet", "");
    refresh(ctx);
    CHECK_STR(found(ctx, "lantern"), "Lantern");
    CHECK_INT(found_in(ctx, &ware_size_entity, "huge").result.count, 1);

    change(ctx, &ware_entity, lamp, "{\"name\":\"Candle\",\"sizes\":[]}");
    CHECK_OK(ctx, tenant_transact(ctx, erase, &(Deed){ .entity = &ware_entity, .id = rug }));
    CHECK_STR(found(ctx, "carpet"), "");  // what is gone is not shown, refreshed or not
    refresh(ctx);
    CHECK_STR(found(ctx, "lantern"), "");
    CHECK_STR(found(ctx, "candle"), "Candle");
    CHECK_INT(found_in(ctx, &ware_entity, "carpet").result.count, 0);
    CHECK_INT(found_in(ctx, &ware_entity, "huge").result.count, 0);
    CHECK_INT(found_in(ctx, &ware_size_entity, "huge").result.count, 0);
    CHECK_INT(refresh(ctx), 0);
    house_close(&house);
}

static void test_archived(void)
{
    Ctx *ctx = test_ctx();
    House house;
    open_house(ctx, &house);
    Deed lamp = { .entity = &ware_entity, .is_archived = true };
    lamp.id = make_ware(ctx, "L-1", "Lantern", ",\"sizes\":[{\"label\":\"huge\"}]");
    refresh(ctx);
    CHECK_OK(ctx, tenant_transact(ctx, archive, &lamp));
    CHECK_STR(found(ctx, "lantern"), "");
    refresh(ctx);
    CHECK_INT(found_in(ctx, &ware_entity, "lantern").result.count, 0);
    CHECK_INT(found_in(ctx, &ware_size_entity, "huge").result.count, 0);
    lamp.is_archived = false;
    CHECK_OK(ctx, tenant_transact(ctx, archive, &lamp));
    refresh(ctx);
    CHECK_STR(found(ctx, "lantern"), "Lantern");
    CHECK_INT(found_in(ctx, &ware_size_entity, "huge").result.count, 1);
    house_close(&house);
}

static void test_far_names(void)
{
    Ctx *ctx = test_ctx();
    House house;
    open_house(ctx, &house);
    Id maker = make_named(ctx, &maker_entity, "Zarina");
    for (int i = 0; i < 300; i++)
        make_ware(ctx, str_format(ctx->arena, "R-%d", i).ptr, "Rug", with_ref(ctx, "maker", maker));
    refresh(ctx);
    CHECK_INT(found_in(ctx, &ware_entity, "zarina").result.count, 300);
    change(ctx, &maker_entity, maker, "{\"name\":\"Yusuf\"}");
    CHECK_INT(refresh(ctx), 301);
    CHECK_INT(found_in(ctx, &ware_entity, "zarina").result.count, 0);
    CHECK_INT(found_in(ctx, &ware_entity, "yusuf").result.count, 300);
    change(ctx, &maker_entity, maker, "{\"email\":\"y@example.com\"}");
    CHECK_INT(refresh(ctx), 1);  // nobody else is found by the address
    house_close(&house);
}

// Every round of changes is a segment; merged, they stay few and answer the same.
static void test_many_refreshes(void)
{
    enum { ROUNDS = 70 };
    Ctx *ctx = test_ctx();
    House house;
    open_house(ctx, &house);
    Id first = 0;
    for (int i = 0; i < ROUNDS; i++) {
        Id id = make_ware(ctx, str_format(ctx->arena, "R-%d", i).ptr, "Rug", "");
        first = first ? first : id;
        change(ctx, &ware_entity, first, str_format(ctx->arena, "{\"name\":\"Round%d\"}", i).ptr);
        refresh(ctx);
    }
    CHECK_INT(found_in(ctx, &ware_entity, "rug").result.count, ROUNDS - 1);
    CHECK_STR(best(ctx, "round69"), "Round69");
    CHECK_INT(found_in(ctx, &ware_entity, "").result.count, ROUNDS);
    CHECK(number(ctx, "SELECT count(*) FROM search_segment WHERE kind = 'ware'") < 12);
    CHECK_INT(number(ctx, "SELECT count(*) FROM search_segment WHERE stage <> 'live'"), 0);
    CHECK_INT(number(ctx, "SELECT count(*) FROM search_part WHERE segment NOT IN"
                          " (SELECT segment FROM search_segment)"),
              0);
    house_close(&house);
}

// ---- Nothing is lost ----------------------------------------------------------------------------

static Status refresh_step(Ctx *ctx, void *arg)
{
    return search_refresh(ctx, arg);
}

// With so much memory and no more.
static Status refresh_within(const House *house, size_t bytes)
{
    ThreadCtx thread;
    int64_t done;
    Ctx *ctx = house_thread(house, &thread, 1);
    ctx->arena->limit = ctx->arena->used + bytes;
    Status status = ctx_guard(ctx, refresh_step, &done);
    thread_ctx_release(&thread);
    return status;
}

// A refresh breaks off at every place in turn: what it was to read is still noted.
static void test_broken_off(void)
{
    Ctx *ctx = test_ctx();
    House house;
    Status status = E_LIMIT;
    open_house(ctx, &house);
    fill(ctx);
    refresh(ctx);
    for (size_t cap = 2000; status != OK && cap < 64 << 20; cap += cap / 8) {
        Id id = make_ware(ctx, str_format(ctx->arena, "C-%zu", cap).ptr, "New", "");
        const char *name = str_format(ctx->arena, "Cap%zu", cap).ptr;
        change(ctx, &ware_entity, id, str_format(ctx->arena, "{\"name\":\"%s\"}", name).ptr);
        status = refresh_within(&house, cap);
        CHECK(status == OK || status == E_LIMIT);
        refresh(ctx);
        CHECK_STR(best(ctx, name), name);
    }
    CHECK(status == OK);
    CHECK_STR(best(ctx, "lampara"), "Café lámpara");
    house_close(&house);
}

typedef struct Crowd {
    const House *house;
    Id wares[8];
    int seed;
    bool is_writer;
    Status status;
} Crowd;

enum { TURNS = 25 };

static Status write_turns(Ctx *ctx, const Crowd *crowd)
{
    for (int turn = 0; turn < TURNS; turn++)
        for (size_t i = 0; i < COUNT(crowd->wares); i++) {
            ArenaMark mark = arena_mark(ctx->arena);
            Deed deed = { .entity = &ware_entity,
                          .id = crowd->wares[i],
                          .json = str_format(ctx->arena, "{\"name\":\"turn%d\"}", turn).ptr };
            TRY(tenant_transact(ctx, update, &deed));
            arena_rewind(ctx->arena, mark);
        }
    return OK;
}

static void *in_crowd(void *arg)
{
    Crowd *crowd = arg;
    ThreadCtx thread;
    Ctx *ctx = house_thread(crowd->house, &thread, (uint64_t)crowd->seed);
    int64_t done;
    crowd->status = OK;
    if (crowd->is_writer)
        crowd->status = write_turns(ctx, crowd);
    for (int i = 0; !crowd->is_writer && i < 2 * TURNS && crowd->status == OK; i++)
        crowd->status = search_refresh(ctx, &done);
    thread_ctx_release(&thread);
    return NULL;
}

static void test_crowd(void)
{
    Ctx *ctx = test_ctx();
    House house;
    Crowd crowd[3];
    pthread_t threads[COUNT(crowd)];
    open_house(ctx, &house);
    for (size_t i = 0; i < COUNT(crowd[0].wares); i++)
        crowd[0].wares[i] = make_ware(ctx, str_format(ctx->arena, "W-%zu", i).ptr, "start", "");
    for (size_t i = 0; i < COUNT(crowd); i++) {
        crowd[i] = crowd[0];
        crowd[i].house = &house;
        crowd[i].seed = (int)i + 1;
        crowd[i].is_writer = i == 0;
        pthread_create(&threads[i], NULL, in_crowd, &crowd[i]);
    }
    for (size_t i = 0; i < COUNT(crowd); i++) {
        pthread_join(threads[i], NULL);
        CHECK(crowd[i].status == OK);
    }
    refresh(ctx);
    CHECK_INT(found_in(ctx, &ware_entity, "").result.count, 8);
    CHECK_INT(found_in(ctx, &ware_entity, "turn24").result.count, 8);
    CHECK_INT(found_in(ctx, &ware_entity, "start").result.count, 0);
    house_close(&house);
}

static Status rebuild(Ctx *ctx, void *arg)
{
    return search_rebuild(ctx, arg);
}

static Status forget_shapes(Ctx *ctx, void *arg)
{
    (void)arg;
    return db_write(ctx, SQL("UPDATE search_kind SET shape = 'of an older program'"
                             " WHERE kind = 'ware'"));
}

static void test_built_anew(void)
{
    Ctx *ctx = test_ctx();
    House house;
    open_house(ctx, &house);
    fill(ctx);
    refresh(ctx);
    CHECK_OK(ctx, tenant_transact(ctx, rebuild, (void *)&ware_entity));
    CHECK_STR(found(ctx, "lampara"), "");
    CHECK_INT(refresh(ctx), 5);
    CHECK_STR(found(ctx, "lampara"), "Café lámpara");
    CHECK_OK(ctx, tenant_transact(ctx, forget_shapes, NULL));
    CHECK_INT(refresh(ctx), 5);
    CHECK_INT(found_in(ctx, &ware_entity, "").result.count, 5);
    house_close(&house);
}

static void test_job(void)
{
    Ctx *ctx = test_ctx();
    House house;
    int ran = 0;
    open_house(ctx, &house);
    for (int round = 0; round < 3; round++) {
        const char *code = str_format(ctx->arena, "R-%d", round).ptr;
        make_ware(ctx, code, "Rug", "");
        ctx->now += SECOND;
        CHECK_OK(ctx, jobs_run_due(ctx, &ran));
        CHECK_INT(ran, 1);
        CHECK_INT(found_in(ctx, &ware_entity, "rug").result.count, round + 1);
    }
    CHECK_INT(number(ctx, "SELECT count(*) FROM job WHERE name = 'kernel.search_refresh'"), 1);
    house_close(&house);
}

// ---- Who sees what ------------------------------------------------------------------------------

static void test_limits(void)
{
    Ctx *ctx = test_ctx();
    House house;
    open_house(ctx, &house);
    Id north = make_named(ctx, &stall_entity, "North"),
       south = make_named(ctx, &stall_entity, "South");
    make_ware(ctx, "R-1", "Rug one", with_ref(ctx, "stall", north));
    make_ware(ctx, "R-2", "Rug two", with_ref(ctx, "stall", north));
    make_ware(ctx, "R-3", "Rug three",
              str_join(ctx->arena, str_from(with_ref(ctx, "stall", south)),
                       S(",\"sizes\":[{\"label\":\"giant\"}]"))
                  .ptr);
    refresh(ctx);
    Actor *actor = house_actor(ctx, "bazaar.view");
    ActorLimit *limit = list_push(ctx->arena, &actor->limits);
    limit->entity = &stall_entity;
    *list_push(ctx->arena, &limit->values) = south;
    ctx->actor = actor;
    Question q = { .query = { .entity = &ware_entity, .words = S("rug"), .want_facets = true } };
    CHECK_OK(ctx, tenant_read(ctx, ask, &q));
    CHECK_STR(q.titles, "Rug three");
    CHECK_INT(q.result.count, 1);
    EACH (facet, q.result.facets)
        EACH (value, facet->values)
            CHECK_INT(value->count, 1);
    CHECK_STR(found(ctx, "r-1"), "Rug three");  // of the others not even the code
    CHECK_INT(found_in(ctx, &ware_size_entity, "giant").result.count, 1);
    *limit->values.items = north;
    CHECK_INT(found_in(ctx, &ware_size_entity, "giant").result.count, 0);
    CHECK_INT(found_in(ctx, NULL, "rug").result.count, 2);
    limit->values.len = 0;  // limited to nothing
    CHECK_INT(found_in(ctx, &ware_entity, "rug").result.count, 0);
    CHECK_INT(found_in(ctx, &ware_size_entity, "giant").result.count, 0);
    house_close(&house);
}

// A record that leaves the actor's sight is not shown, even before the index knows.
static void test_limits_now(void)
{
    Ctx *ctx = test_ctx();
    House house;
    open_house(ctx, &house);
    Id north = make_named(ctx, &stall_entity, "North"),
       south = make_named(ctx, &stall_entity, "South");
    Id rug = make_ware(ctx, "R-1", "Rug", with_ref(ctx, "stall", north));
    refresh(ctx);
    change(ctx, &ware_entity, rug,
           str_format(ctx->arena, "{%s}", with_ref(ctx, "stall", south) + 1).ptr);
    Actor *actor = house_actor(ctx, "bazaar.view");
    ActorLimit *limit = list_push(ctx->arena, &actor->limits);
    limit->entity = &stall_entity;
    *list_push(ctx->arena, &limit->values) = north;
    ctx->actor = actor;
    CHECK_INT(found_in(ctx, &ware_entity, "rug").result.count, 0);
    house_close(&house);
}

static void test_portal(void)
{
    Ctx *ctx = test_ctx();
    House house;
    open_house(ctx, &house);
    Id zarina = make_named(ctx, &maker_entity, "Zarina"),
       yusuf = make_named(ctx, &maker_entity, "Yusuf");
    make_ware(ctx, "R-1", "Rug by Zarina", with_ref(ctx, "maker", zarina));
    make_ware(ctx, "R-2", "Rug by Yusuf", with_ref(ctx, "maker", yusuf));
    refresh(ctx);
    ctx->actor = &(
        Actor){ .kind = ACTOR_PORTAL, .audience = S("maker"), .subject = { &maker_entity, yusuf } };
    CHECK_STR(found(ctx, "rug"), "Rug by Yusuf");
    CHECK_INT(found_in(ctx, &maker_entity, "").result.count, 1);
    ctx->actor = &(Actor){ .kind = ACTOR_PORTAL,
                           .audience = S("customer"),
                           .subject = { &maker_entity, yusuf } };
    Question q = { .query = { .entity = &ware_entity, .words = S("rug") } };
    CHECK_FAILS(ctx, "denied.portal", tenant_read(ctx, ask, &q));
    house_close(&house);
}

// Words that an actor may not read find nothing for her, and count for nothing.
static void test_kept_words(void)
{
    Ctx *ctx = test_ctx();
    House house;
    open_house(ctx, &house);
    make_ware(ctx, "R-1", "Rug", ",\"cost_note\":\"smuggled\"");
    make(ctx, &maker_entity, "{\"name\":\"Zarina\",\"email\":\"hidden@example.com\"}");
    refresh(ctx);
    CHECK_STR(found(ctx, "smuggled"), "Rug");
    ctx->actor = house_actor(ctx, "bazaar.view");
    CHECK_INT(found_in(ctx, &ware_entity, "smuggled").result.count, 0);
    CHECK_STR(found(ctx, "rug"), "Rug");
    CHECK_INT(found_in(ctx, &maker_entity, "hidden@example.com").result.count, 0);
    CHECK_STR(found_in(ctx, &maker_entity, "zarina").titles, "Zarina");
    ctx->actor = house_actor(ctx, "bazaar.view bazaar.costs platform.personal");
    CHECK_STR(found(ctx, "smuggled"), "Rug");
    CHECK_STR(found_in(ctx, &maker_entity, "hidden@example.com").titles, "Zarina");
    house_close(&house);
}

// ---- Facets -------------------------------------------------------------------------------------

static int64_t count_of(const SearchResult *result, const char *field, const char *label)
{
    EACH (facet, result->facets)
        EACH (value, facet->values)
            if (strcmp(facet->field, field) == 0 && str_is(value->label, label))
                return value->count;
    return 0;
}

static void filter_by(Ctx *ctx, SearchQuery *query, const char *field, FilterOp op, Str text)
{
    Filter *filter = list_push(ctx->arena, &query->filters);
    *filter = (Filter){ .op = op, .text = text };
    CHECK_OK(ctx, path_resolve(ctx, query->entity, str_from(field), &filter->path));
}

static void test_facets(void)
{
    Ctx *ctx = test_ctx();
    House house;
    open_house(ctx, &house);
    Id north = make_named(ctx, &stall_entity, "North"),
       tag = make_named(ctx, &ware_tag_entity, "Soft");
    const char *stall = with_ref(ctx, "stall", north);
    make_ware(ctx, "R-1", "Rug", str_format(ctx->arena, ",\"kind\":\"rug\"%s", stall).ptr);
    make_ware(ctx, "R-2", "Red rug", ",\"kind\":\"rug\",\"is_sold\":true");
    make_ware(ctx, "L-1", "Lamp",
              str_format(ctx->arena, ",\"kind\":\"lamp\"%s,\"tags\":[\"" STR_FMT "\"]", stall,
                         STR_ARG(id_text(ctx->arena, tag)))
                  .ptr);
    refresh(ctx);
    Question q = { .query = { .entity = &ware_entity, .want_facets = true } };
    CHECK_OK(ctx, tenant_read(ctx, ask, &q));
    CHECK_INT(count_of(&q.result, "kind", "Rug"), 2);
    CHECK_INT(count_of(&q.result, "kind", "Lamp"), 1);
    CHECK_INT(count_of(&q.result, "stall", "North"), 2);
    CHECK_INT(count_of(&q.result, "tags", "Soft"), 1);
    CHECK_INT(count_of(&q.result, "is_sold", "Yes"), 1);

    filter_by(ctx, &q.query, "kind", FILTER_IS, S("rug"));
    CHECK_OK(ctx, tenant_read(ctx, ask, &q));
    CHECK_INT(q.result.count, 2);
    CHECK_INT(count_of(&q.result, "kind", "Lamp"), 1);  // what another choice would give
    CHECK_INT(count_of(&q.result, "stall", "North"), 1);
    filter_by(ctx, &q.query, "is_sold", FILTER_NOT, S("true"));
    CHECK_OK(ctx, tenant_read(ctx, ask, &q));
    CHECK_STR(q.titles, "Rug");

    Question bad = { .query = { .entity = &ware_entity } };
    filter_by(ctx, &bad.query, "name", FILTER_IS, S("Rug"));
    CHECK_FAILS(ctx, "search.filter", tenant_read(ctx, ask, &bad));
    bad.query.filters.len = 0;
    filter_by(ctx, &bad.query, "kind", FILTER_IS, S("boat"));
    CHECK_FAILS(ctx, "search.value", tenant_read(ctx, ask, &bad));
    house_close(&house);
}

static void test_own_fields(void)
{
    Ctx *ctx = test_ctx();
    House house;
    Tenant *tenant;
    open_house(ctx, &house);
    make(ctx, &custom_field_entity,
         "{\"entity\":\"ware\",\"name\":\"origin\",\"label\":\"Origin\",\"kind\":\"text\"}");
    make(ctx, &custom_field_entity,
         "{\"entity\":\"ware\",\"name\":\"grade\",\"label\":\"Grade\",\"kind\":\"pick\","
         "\"is_filter\":true,\"options\":[{\"value_code\":\"a\",\"label\":\"Best\"}]}");
    CHECK_OK(ctx, tenant_open(ctx, S("acme"), &tenant));
    tenant_enter(ctx, tenant);
    make_ware(ctx, "R-1", "Rug", ",\"x_origin\":\"Samarkand\",\"x_grade\":\"a\"");
    refresh(ctx);
    CHECK_STR(found(ctx, "samarkand"), "Rug");
    Question q = { .query = { .entity = &ware_entity, .want_facets = true } };
    CHECK_OK(ctx, tenant_read(ctx, ask, &q));
    CHECK_INT(count_of(&q.result, "x_grade", "Best"), 1);
    house_close(&house);
}

// ---- Lists --------------------------------------------------------------------------------------

typedef struct List {
    EntityQuery query;
    EntityRows rows;
} List;

static Status read_list(Ctx *ctx, void *arg)
{
    List *list = arg;
    return entity_query(ctx, &list->query, &list->rows);
}

static void test_list(void)
{
    Ctx *ctx = test_ctx();
    House house;
    List list = { 0 };
    open_house(ctx, &house);
    for (int i = 0; i < 300; i++)
        make_ware(ctx, str_format(ctx->arena, "R-%d", i).ptr, i % 2 ? "Rug" : "Lamp", "");
    refresh(ctx);
    entity_query_default(ctx, &ware_entity, &list.query);
    list.query.search = S("rug");
    list.query.want_count = true;
    list.query.limit = 20;
    CHECK_OK(ctx, tenant_read(ctx, read_list, &list));
    CHECK_INT(list.rows.rows.len, 20);
    CHECK_INT(list.rows.count, 150);
    list.query.only_archived = true;
    CHECK_OK(ctx, tenant_read(ctx, read_list, &list));
    CHECK_INT(list.rows.count, 0);
    list.query.entity = &stall_entity;
    CHECK_FAILS(ctx, "search.kind", tenant_read(ctx, read_list, &list));
    house_close(&house);
}

const Test search_records_tests[] = {
    { "words are found unaccented, begun, mistyped, and as codes", test_words },
    { "a code is found at once and comes first", test_codes_at_once },
    { "a search over all kinds finds what the actor may read", test_all_kinds },
    { "a record is found by its words in every language", test_languages },
    { "changes and deletions are seen after a refresh", test_changes },
    { "archived records leave and come back, with their rows", test_archived },
    { "a new name is found wherever it is shown", test_far_names },
    { "many refreshes leave few segments", test_many_refreshes },
    { "a refresh that breaks off anywhere loses nothing", test_broken_off },
    { "writers and two refreshes at once lose nothing", test_crowd },
    { "an index of another shape is built anew", test_built_anew },
    { "a change wakes the one job that refreshes", test_job },
    { "limits of staff bear on hits, counts and facets", test_limits },
    { "what left the actor's sight is not shown, refreshed or not", test_limits_now },
    { "outside people find their own", test_portal },
    { "words that are kept from somebody find nothing for her", test_kept_words },
    { "facets count and filter", test_facets },
    { "own fields are words and facets", test_own_fields },
    { "a list's search box narrows the list", test_list },
    { 0 },
};
