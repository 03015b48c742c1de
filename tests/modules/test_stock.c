// test_stock.c - stock as it comes and goes: what is moved, promised and refused, also to many at
// once, and where it is picked. Every test ends with `entrepot verify` finding nothing.
#include "modules/stockroom.h"

#include "kernel/entity/access.h"
#include "kernel/entity/record.h"
#include "kernel/job.h"

#include <pthread.h>

// ---- Moves --------------------------------------------------------------------------------------

static Status move_about(Ctx *ctx, void *arg)
{
    Scene *scene = arg;
    Stockroom *room = scene->room;
    MoveDone done;
    Id warehouse;
    TRY(place_warehouse(ctx, room->bin, &warehouse));
    CHECK(warehouse == room->main);
    TRY(place_warehouse(ctx, room->customer, &warehouse));
    CHECK(warehouse == 0);
    TRY(room_supply(ctx, scene, 10, 250));
    CHECK_INT(room_level(ctx, scene->variant, room->bin).micro, pieces(10).micro);
    CHECK_INT(room_available(ctx, scene->variant, room->main).micro, pieces(10).micro);
    TRY(room_issue(ctx, room, scene->variant, room->bin, 4, 0, &done));
    CHECK_INT(done.value.minor, -1000);
    CHECK_INT(room_worth(ctx, scene->variant, room->main).minor, 1500);
    issue_fails(ctx, "stock_level.negative", scene, room->bin, 7, 0);
    issue_fails(ctx, "stock_level.negative", scene, room->main, 1, 0);
    return OK;
}

static Status hold_back(Ctx *ctx, void *arg)
{
    Scene *scene = arg;
    Stockroom *room = scene->room;
    MoveSpec spec = { .variant = scene->variant,
                      .kind = MOVE_KIND_STATUS,
                      .from = room->bin,
                      .to = room->bin,
                      .to_status = STOCK_STATUS_QC,
                      .quantity = pieces(2) };
    TRY(stock_move(ctx, &spec, NULL));
    CHECK_INT(room_available(ctx, scene->variant, room->main).micro, pieces(4).micro);
    CHECK_INT(room_worth(ctx, scene->variant, room->main).minor, 1500);
    CHECK_FAILS(ctx, "stock_move.moves",
                stock_move(ctx,
                           &(MoveSpec){ .variant = scene->variant,
                                        .kind = MOVE_KIND_TRANSFER,
                                        .from = room->bin,
                                        .to = room->bin,
                                        .quantity = pieces(1) },
                           NULL));
    return OK;
}

static Status consign(Ctx *ctx, void *arg)
{
    Scene *scene = arg;
    Stockroom *room = scene->room;
    MoveDone done;
    MoveSpec spec = { .variant = scene->variant,
                      .kind = MOVE_KIND_RECEIPT,
                      .from = room->supplier,
                      .to = room->bin,
                      .quantity = pieces(5),
                      .owner = room_supplier(ctx),
                      .unit_cost = { true, { 1000000 } } };
    TRY(stock_move(ctx, &spec, &done));
    CHECK_INT(done.value.minor, 0);
    CHECK_INT(room_available(ctx, scene->variant, room->main).micro, pieces(4).micro);
    CHECK_INT(room_worth(ctx, scene->variant, room->main).minor, 1500);
    return OK;
}

static void test_moves(void)
{
    Ctx *ctx = test_ctx();
    Stockroom room;
    Scene scene;
    open_scene(ctx, &room, &scene);
    CHECK_OK(ctx, tenant_transact(ctx, move_about, &scene));
    CHECK_OK(ctx, tenant_transact(ctx, hold_back, &scene));
    CHECK_OK(ctx, tenant_transact(ctx, consign, &scene));
    close_scene(ctx, &room);
}

static Status go_below(Ctx *ctx, void *arg)
{
    Scene *scene = arg;
    Stockroom *room = scene->room;
    MoveDone done;
    Id loose = room_warehouse(ctx, "LOOSE", true);
    TRY(room_supply(ctx, scene, 2, 300));
    TRY(room_issue(ctx, room, scene->variant, loose, 3, 0, &done));
    CHECK_INT(room_level(ctx, scene->variant, loose).micro, pieces(-3).micro);
    TRY(room_receive(ctx, room, scene->variant, loose, 1, 300, 0, &done));
    CHECK_INT(room_level(ctx, scene->variant, loose).micro, pieces(-2).micro);
    MoveSpec forced = { .variant = scene->variant,
                        .kind = MOVE_KIND_ISSUE,
                        .from = room->bin,
                        .to = room->customer,
                        .quantity = pieces(3),
                        .may_go_negative = true };
    TRY(stock_move(ctx, &forced, &done));
    CHECK_INT(room_level(ctx, scene->variant, room->bin).micro, pieces(-1).micro);
    CHECK_INT(done.value.minor, -900);
    TRY(room_receive(ctx, room, scene->variant, room->bin, 1, 500, 0, &done));
    CHECK_INT(room_worth(ctx, scene->variant, room->main).minor, 0);
    return OK;
}

static void test_negative(void)
{
    Ctx *ctx = test_ctx();
    Stockroom room;
    Scene scene;
    open_scene(ctx, &room, &scene);
    CHECK_OK(ctx, tenant_transact(ctx, go_below, &scene));
    close_scene(ctx, &room);
}

static Status write_late(Ctx *ctx, void *arg)
{
    Scene *scene = arg;
    Stockroom *room = scene->room;
    MoveDone done;
    Date day = scene->today;
    Id v = scene->variant = room_variant(ctx, room);
    TRY(room_receive(ctx, room, v, room->bin, 10, 100, day - 20, &done));
    TRY(room_issue(ctx, room, v, room->bin, 8, day - 10, &done));
    issue_fails(ctx, "stock_level.negative", scene, room->bin, 1, day - 30);
    issue_fails(ctx, "stock_level.negative", scene, room->bin, 3, day - 15);
    TRY(room_issue(ctx, room, v, room->bin, 2, day - 15, &done));
    TRY(room_receive(ctx, room, v, room->bin, 10, 300, day - 25, &done));
    CHECK_INT(done.value.minor, 3000);
    CHECK_INT(room_worth(ctx, v, room->main).minor, 2000);  // 20 for 40.00, ten left
    Qty quantity;
    Money value;
    TRY(stock_worth_on(ctx, v, 0, day - 12, &quantity, &value));
    CHECK_INT(quantity.micro, pieces(18).micro);
    CHECK_INT(value.minor, 3600);
    TRY(stock_worth_on(ctx, 0, room->main, day - 21, &quantity, &value));
    CHECK_INT(value.minor, 3000);
    return OK;
}

static void test_backdated(void)
{
    Ctx *ctx = test_ctx();
    Stockroom room;
    Scene scene;
    open_scene(ctx, &room, &scene);
    CHECK_OK(ctx, tenant_transact(ctx, write_late, &scene));
    close_scene(ctx, &room);
}

static Status return_goods(Ctx *ctx, void *arg)
{
    Scene *scene = arg;
    Stockroom *room = scene->room;
    MoveDone sold, back;
    TRY(room_supply(ctx, scene, 4, 100));
    TRY(room_issue(ctx, room, scene->variant, room->bin, 2, 0, &sold));
    TRY(room_receive(ctx, room, scene->variant, room->bin, 2, 900, 0, &back));
    MoveSpec spec = { .variant = scene->variant,
                      .kind = MOVE_KIND_CUSTOMER_RETURN,
                      .from = room->customer,
                      .to = room->second,
                      .quantity = pieces(1),
                      .reverses = sold.move };
    TRY(stock_move(ctx, &spec, &back));
    CHECK_INT(back.value.minor, 100);  // what it had cost, wherever it comes back to
    spec.to = room->bin;
    TRY(stock_move(ctx, &spec, &back));
    CHECK_INT(back.value.minor, 100);
    return OK;
}

static void test_returns(void)
{
    Ctx *ctx = test_ctx();
    Stockroom room;
    Scene scene;
    open_scene(ctx, &room, &scene);
    CHECK_OK(ctx, tenant_transact(ctx, return_goods, &scene));
    close_scene(ctx, &room);
}

// ---- Promising ----------------------------------------------------------------------------------

static ReserveSpec promise(const Scene *scene, Id source, int64_t count)
{
    return (ReserveSpec){ .kind = HOLD_KIND_ORDER,
                          .source = { &product_entity, source },
                          .line = 1,
                          .variant = scene->variant,
                          .warehouse = scene->room->main,
                          .quantity = pieces(count) };
}

static Status reserve_some(Ctx *ctx, void *arg)
{
    Scene *scene = arg;
    Stockroom *room = scene->room;
    MoveDone done;
    Qty released;
    TRY(room_supply(ctx, scene, 10, 100));
    ReserveSpec a = promise(scene, 101, 6), b = promise(scene, 102, 5);
    TRY(stock_reserve(ctx, &a));
    CHECK_FAILS(ctx, "stock_available.short", stock_reserve(ctx, &b));
    b.quantity = pieces(4);
    TRY(stock_reserve(ctx, &b));
    CHECK_INT(room_available(ctx, scene->variant, 0).micro, 0);
    issue_fails(ctx, "stock_available.short", scene, room->bin, 1, 0);
    TRY(stock_release(ctx, a.source, 1, scene->variant, room->main, pieces(2), &released));
    CHECK_INT(released.micro, pieces(2).micro);
    TRY(room_issue(ctx, room, scene->variant, room->bin, 2, 0, &done));
    TRY(stock_release(ctx, a.source, 1, scene->variant, room->main, pieces(9), &released));
    CHECK_INT(released.micro, pieces(4).micro);
    TRY(stock_release_all(ctx, b.source));
    CHECK_INT(room_available(ctx, scene->variant, room->main).micro, pieces(8).micro);
    return OK;
}

static Status reserve_softly(Ctx *ctx, void *arg)
{
    Scene *scene = arg;
    Qty released;
    ReserveSpec cart = promise(scene, 201, 8), order = promise(scene, 202, 2);
    cart.kind = HOLD_KIND_CART;
    cart.expires_at = ctx->now + 15 * MINUTE;
    TRY(stock_reserve(ctx, &cart));
    CHECK_FAILS(ctx, "stock_available.short", stock_reserve(ctx, &order));
    cart.quantity = pieces(5);
    TRY(stock_reserve(ctx, &cart));
    TRY(stock_reserve(ctx, &order));
    TRY(stock_firm(ctx, cart.source, order.source, 1, 1));  // to the line that holds two already
    TRY(stock_release(ctx, order.source, 1, scene->variant, scene->room->main, pieces(99),
                      &released));
    CHECK_INT(released.micro, pieces(7).micro);
    cart.quantity = pieces(8);
    TRY(stock_reserve(ctx, &cart));
    ctx->now += 16 * MINUTE;  // over: whoever comes next gets it, also before the job has run
    TRY(stock_reserve(ctx, &order));
    CHECK_INT(room_available(ctx, scene->variant, scene->room->main).micro, pieces(6).micro);
    ctx->now -= 16 * MINUTE;
    cart.quantity = pieces(3);
    TRY(stock_reserve(ctx, &cart));
    return OK;
}

static Status ask_available(Ctx *ctx, void *arg)
{
    Scene *scene = arg;
    CHECK_INT(room_available(ctx, scene->variant, scene->room->main).micro, pieces(6).micro);
    return stock_release_all(ctx, (Link){ &product_entity, 202 });
}

static void test_reservations(void)
{
    Ctx *ctx = test_ctx();
    Stockroom room;
    Scene scene;
    int ran;
    open_scene(ctx, &room, &scene);
    CHECK_OK(ctx, tenant_transact(ctx, reserve_some, &scene));
    CHECK_OK(ctx, tenant_transact(ctx, reserve_softly, &scene));
    ctx->now += HOUR;
    CHECK_OK(ctx, jobs_run_due(ctx, &ran));
    CHECK(ran > 0);
    CHECK_OK(ctx, tenant_transact(ctx, ask_available, &scene));
    close_scene(ctx, &room);
}

// ---- Many at once -------------------------------------------------------------------------------

enum { BUYERS = 8, TRIES = 12, HOT = 3, STOCKED = 20 };

typedef struct Buyer {
    const Stockroom *room;
    ThreadCtx thread;
    pthread_t id;
    Id variants[HOT];
    int number, bought, refused, broken;
} Buyer;

typedef struct Purchase {
    const Buyer *buyer;
    int first, number;
} Purchase;

// One of each, beginning anywhere: rows are taken in every order there is.
static Status buy(Ctx *ctx, void *arg)
{
    const Purchase *purchase = arg;
    for (int i = 0; i < HOT; i++) {
        int which = (purchase->first + i) % HOT;
        ReserveSpec spec = { .kind = HOLD_KIND_ORDER,
                             .source = { &product_entity, 1000 + purchase->number },
                             .line = which + 1,
                             .variant = purchase->buyer->variants[which],
                             .warehouse = purchase->buyer->room->main,
                             .quantity = pieces(1) };
        TRY(stock_reserve(ctx, &spec));
    }
    return OK;
}

static void *buyer_run(void *arg)
{
    Buyer *buyer = arg;
    Ctx *ctx = house_thread(&buyer->room->house, &buyer->thread, (uint64_t)buyer->number);
    for (int i = 0; i < TRIES; i++) {
        Purchase purchase = { buyer, (int)random_below(ctx->random, HOT),
                              buyer->number * TRIES + i };
        Status status = tenant_transact(ctx, buy, &purchase);
        bool is_short = status == E_CONFLICT && !strcmp(ctx->failure.code, "stock_available.short");
        *(status == OK ? &buyer->bought : is_short ? &buyer->refused : &buyer->broken) += 1;
        ctx_recover(ctx);
    }
    thread_ctx_release(&buyer->thread);
    return NULL;
}

typedef struct Crowd {
    Stockroom *room;
    Id variants[HOT];
} Crowd;

static Status stock_up(Ctx *ctx, void *arg)
{
    Crowd *crowd = arg;
    MoveDone done;
    for (int i = 0; i < HOT; i++) {
        crowd->variants[i] = room_variant(ctx, crowd->room);
        TRY(room_receive(ctx, crowd->room, crowd->variants[i], crowd->room->bin, STOCKED, 100, 0,
                         &done));
    }
    return OK;
}

static Status count_left(Ctx *ctx, void *arg)
{
    Crowd *crowd = arg;
    for (int i = 0; i < HOT; i++)
        CHECK_INT(room_available(ctx, crowd->variants[i], crowd->room->main).micro, 0);
    for (int i = 0; i < BUYERS * TRIES; i++)
        TRY(stock_release_all(ctx, (Link){ &product_entity, 1000 + i }));
    return OK;
}

static void test_crowd(void)
{
    Ctx *ctx = test_ctx();
    Stockroom room;
    Buyer buyers[BUYERS];
    int bought = 0, refused = 0, broken = 0;
    stockroom_open(ctx, NULL, &room);
    Crowd crowd = { .room = &room };
    CHECK_OK(ctx, tenant_transact(ctx, stock_up, &crowd));
    for (int i = 0; i < BUYERS; i++) {
        buyers[i] = (Buyer){ .room = &room, .number = i };
        memcpy(buyers[i].variants, crowd.variants, sizeof crowd.variants);
        pthread_create(&buyers[i].id, NULL, buyer_run, &buyers[i]);
    }
    for (int i = 0; i < BUYERS; i++) {
        pthread_join(buyers[i].id, NULL);
        bought += buyers[i].bought;
        refused += buyers[i].refused;
        broken += buyers[i].broken;
    }
    CHECK_INT(bought, STOCKED);
    CHECK_INT(refused, BUYERS * TRIES - STOCKED);
    CHECK_INT(broken, 0);
    CHECK_OK(ctx, tenant_transact(ctx, count_left, &crowd));
    close_scene(ctx, &room);
}

// ---- Lots and serial numbers --------------------------------------------------------------------

static Status put_lot(Ctx *ctx, const Scene *scene, Id lot, int64_t count, Id to)
{
    MoveSpec spec = { .variant = scene->variant,
                      .kind = MOVE_KIND_RECEIPT,
                      .from = scene->room->supplier,
                      .to = to,
                      .quantity = pieces(count),
                      .lot = lot,
                      .unit_cost = { true, { MICRO } } };
    return stock_move(ctx, &spec, NULL);
}

static Status plan_picks(Ctx *ctx, void *arg)
{
    Scene *scene = arg;
    Stockroom *room = scene->room;
    PickSourceList plan;
    Qty missing;
    scene->variant = room_variant_like(ctx, room, true, false);
    scene->lot_a = room_lot(ctx, scene->variant, "A", scene->today + 90);
    scene->lot_b = room_lot(ctx, scene->variant, "B", scene->today + 30);
    issue_fails(ctx, "inventory.lot_needed", scene, room->bin, 1, 0);
    TRY(put_lot(ctx, scene, scene->lot_a, 5, room->main));
    TRY(put_lot(ctx, scene, scene->lot_b, 5, room->bin));
    TRY(stock_pick_plan(ctx, scene->variant, room->main, pieces(7), &plan, &missing));
    CHECK_INT(missing.micro, 0);
    CHECK_INT((int64_t)plan.len, 2);
    CHECK(plan.items[0].lot == scene->lot_b);  // spoils first
    CHECK_INT(plan.items[0].quantity.micro, pieces(5).micro);
    CHECK_INT(plan.items[1].quantity.micro, pieces(2).micro);
    TRY(stock_pick_plan(ctx, scene->variant, room->main, pieces(12), &plan, &missing));
    CHECK_INT(missing.micro, pieces(2).micro);
    scene->other = room_variant(ctx, room);
    MoveSpec wrong = { .variant = scene->other,
                       .kind = MOVE_KIND_RECEIPT,
                       .from = room->supplier,
                       .to = room->bin,
                       .quantity = pieces(1),
                       .lot = scene->lot_a };
    move_fails(ctx, "inventory.lot_other", wrong);
    return OK;
}

static void test_lots(void)
{
    Ctx *ctx = test_ctx();
    Stockroom room;
    Scene scene;
    open_scene(ctx, &room, &scene);
    CHECK_OK(ctx, tenant_transact(ctx, plan_picks, &scene));
    close_scene(ctx, &room);
}

// ---- The badge ----------------------------------------------------------------------------------

static void check_badge(Ctx *ctx, Id variant, Availability wanted)
{
    Availability badge = AVAILABILITY_NONE;
    Qty left;
    CHECK_OK(ctx, stock_badge(ctx, variant, 0, &badge, &left));
    CHECK_STR(str_from(availability_label(badge)), availability_label(wanted));
}

static Status show_badges(Ctx *ctx, void *arg)
{
    Scene *scene = arg;
    Stockroom *room = scene->room;
    MoveDone done;
    Product product;
    VariantFacts facts;
    Id v = room_variant(ctx, room);
    TRY(variant_facts(ctx, v, &facts));
    TRY(product_load(ctx, facts.product, &product));
    product.limited_below = (MaybeQty){ true, pieces(3) };
    TRY(product_save(ctx, &product));
    check_badge(ctx, v, AVAILABILITY_OUT_OF_STOCK);
    TRY(room_receive(ctx, room, v, room->bin, 5, 100, 0, &done));
    check_badge(ctx, v, AVAILABILITY_OUT_OF_STOCK);  // not released for sale yet
    TRY(action_do(ctx, &product_entity, &product, "activate", NULL));
    check_badge(ctx, v, AVAILABILITY_IN_STOCK);
    TRY(room_issue(ctx, room, v, room->bin, 3, 0, &done));
    check_badge(ctx, v, AVAILABILITY_LIMITED);
    TRY(room_issue(ctx, room, v, room->bin, 2, 0, &done));
    check_badge(ctx, v, AVAILABILITY_OUT_OF_STOCK);
    return OK;
}

static void test_badge(void)
{
    Ctx *ctx = test_ctx();
    Stockroom room;
    Scene scene;
    open_scene(ctx, &room, &scene);
    CHECK_OK(ctx, tenant_transact(ctx, show_badges, &scene));
    close_scene(ctx, &room);
}

const Test stock_tests[] = {
    { "goods move, and nothing goes below zero", test_moves },
    { "a place that may goes below zero and comes back", test_negative },
    { "a back-dated move revalues what follows, and later days stay above zero", test_backdated },
    { "what comes back is worth what it had cost", test_returns },
    { "what is promised is kept back, and carts let go", test_reservations },
    { "a crowd never gets more than there is, and nobody hangs", test_crowd },
    { "the lot that spoils first is picked first", test_lots },
    { "the badge follows live stock", test_badge },
    { 0 },
};
