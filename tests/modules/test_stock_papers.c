// test_stock_papers.c - the documents of stock, from draft to posted: receipts with serial numbers
// and landed cost, transfers in two steps, counts and adjustments.
#include "modules/stockroom.h"

#include "kernel/entity/access.h"
#include "kernel/entity/record.h"

// ---- Serial numbers ----------------------------------------------------------------------------

static Status make_serial_goods(Ctx *ctx, void *arg)
{
    Scene *scene = arg;
    scene->variant = room_variant_like(ctx, scene->room, false, true);
    scene->other = room_supplier(ctx);
    return OK;
}

static Status sell_serials(Ctx *ctx, void *arg)
{
    Scene *scene = arg;
    Stockroom *room = scene->room;
    PickSourceList plan;
    Qty missing;
    Serial serial;
    TRY(stock_pick_plan(ctx, scene->variant, room->main, pieces(3), &plan, &missing));
    CHECK_INT((int64_t)plan.len, 2);
    CHECK_INT(missing.micro, pieces(1).micro);
    MoveSpec spec = { .variant = scene->variant,
                      .kind = MOVE_KIND_ISSUE,
                      .from = plan.items[0].place,
                      .to = room->customer,
                      .quantity = pieces(1),
                      .serial = plan.items[0].serial };
    TRY(stock_move(ctx, &spec, NULL));
    TRY(serial_load(ctx, spec.serial, &serial));
    CHECK_INT(serial.state, SERIAL_STATE_SHIPPED);
    move_fails(ctx, "inventory.serial_elsewhere", spec);
    spec.serial = 0;
    move_fails(ctx, "inventory.serial_needed", spec);
    return OK;
}

static void test_serials(void)
{
    Ctx *ctx = test_ctx();
    Stockroom room;
    Scene scene;
    open_scene(ctx, &room, &scene);
    CHECK_OK(ctx, tenant_transact(ctx, make_serial_goods, &scene));
    const char *form = "{\"supplier\":\"%s\",\"warehouse\":\"%s\",\"lines\":[{\"variant\":\"%s\","
                       "\"quantity\":\"2\",\"price\":\"10\",\"serials\":%s}]}";
    Str supplier = id_text(ctx->arena, scene.other), main = id_text(ctx->arena, room.main),
        variant = id_text(ctx->arena, scene.variant);
    Str one = str_format(ctx->arena, form, supplier.ptr, main.ptr, variant.ptr, "\"S1\"");
    Str two = str_format(ctx->arena, form, supplier.ptr, main.ptr, variant.ptr, "\"S1\\nS2\"");
    CHECK_FAILS(ctx, "receipt_line.serials",
                room_act(ctx, &goods_receipt_entity, room_paper(ctx, &goods_receipt_entity, one),
                         "post", S("")));
    CHECK_OK(ctx, room_act(ctx, &goods_receipt_entity, room_paper(ctx, &goods_receipt_entity, two),
                           "post", S("")));
    CHECK_OK(ctx, tenant_transact(ctx, sell_serials, &scene));
    close_scene(ctx, &room);
}

// ---- Receipts and landed cost -------------------------------------------------------------------

static Status make_receipt(Ctx *ctx, void *arg)
{
    Scene *scene = arg;
    scene->variant = room_variant(ctx, scene->room);
    scene->other = room_variant(ctx, scene->room);
    scene->lot_a = room_supplier(ctx);
    GoodsReceipt *receipt = goods_receipt_new(ctx);
    receipt->supplier = scene->lot_a;
    receipt->warehouse = scene->room->main;
    receipt->currency = ctx->tenant->base;
    for (int i = 0; i < 2; i++) {
        ReceiptLine *line = list_push(ctx->arena, &receipt->lines);
        line->variant = i ? scene->other : scene->variant;
        line->quantity = pieces(i ? 30 : 10);
        line->price = (Price){ (i ? 1 : 9) * MICRO };
        line->status = STOCK_STATUS_FREE;
    }
    TRY(goods_receipt_save(ctx, receipt));
    CHECK_INT(receipt->total.minor, 12000);
    scene->move = receipt->record.id;
    scene->lot_b = receipt->lines.items[0].record.id;
    return OK;
}

static Status check_received(Ctx *ctx, void *arg)
{
    const Scene *scene = arg;
    CHECK_INT(room_worth(ctx, scene->variant, scene->room->main).minor, 9000);
    CHECK_INT(room_worth(ctx, scene->other, scene->room->main).minor, 3000);
    return OK;
}

static Status sell_half(Ctx *ctx, void *arg)
{
    Scene *scene = arg;
    MoveDone done;
    return room_issue(ctx, scene->room, scene->variant, scene->room->main, 5, 0, &done);
}

static Status check_landed(Ctx *ctx, void *arg)
{
    const Scene *scene = arg;
    // 40.00 by value: 30.00 to the first, of which half is sold; 20.00 by quantity: 5.00 and 15.00
    CHECK_INT(room_worth(ctx, scene->variant, scene->room->main).minor, 4500 + 1500 + 250);
    CHECK_INT(room_worth(ctx, scene->other, scene->room->main).minor, 3000 + 1000 + 1500);
    return OK;
}

static Status check_corrected(Ctx *ctx, void *arg)
{
    const Scene *scene = arg;
    CHECK_INT(room_level(ctx, scene->variant, scene->room->main).micro, pieces(7).micro);
    return OK;
}

static Status make_landed(Ctx *ctx, void *arg)
{
    Scene *scene = arg;
    LandedCost *cost = landed_cost_new(ctx);
    cost->receipt = scene->move;
    cost->supplier = scene->lot_a;
    cost->currency = ctx->tenant->base;
    for (int i = 0; i < 2; i++) {
        LandedCharge *charge = list_push(ctx->arena, &cost->charges);
        charge->kind = room_choice(ctx, "landed_kind", i ? "duty" : "freight");
        charge->amount = (Money){ i ? 2000 : 4000 };
        charge->basis = i ? SPLIT_BASIS_QUANTITY : SPLIT_BASIS_NONE;
    }
    TRY(landed_cost_save(ctx, cost));
    scene->lot_a = cost->record.id;
    return OK;
}

static void test_receipt(void)
{
    Ctx *ctx = test_ctx();
    Stockroom room;
    Scene scene;
    open_scene(ctx, &room, &scene);
    CHECK_OK(ctx, tenant_transact(ctx, make_receipt, &scene));
    CHECK_OK(ctx, room_act(ctx, &goods_receipt_entity, scene.move, "post", S("")));
    CHECK_FAILS(ctx, "state.not_allowed",
                room_act(ctx, &goods_receipt_entity, scene.move, "post", S("")));
    CHECK_OK(ctx, tenant_read(ctx, check_received, &scene));
    CHECK_OK(ctx, tenant_transact(ctx, sell_half, &scene));
    CHECK_OK(ctx, tenant_transact(ctx, make_landed, &scene));
    CHECK_OK(ctx, room_act(ctx, &landed_cost_entity, scene.lot_a, "post", S("")));
    CHECK_OK(ctx, tenant_read(ctx, check_landed, &scene));
    Str twelve = str_format(ctx->arena, "{\"line\":\"%s\",\"quantity\":\"12\"}",
                            id_text(ctx->arena, scene.lot_b).ptr);
    CHECK_OK(ctx, room_act(ctx, &goods_receipt_entity, scene.move, "correct", twelve));
    CHECK_OK(ctx,
             room_act(ctx, &goods_receipt_entity, scene.move, "correct", twelve));  // says the same
    CHECK_OK(ctx, tenant_read(ctx, check_corrected, &scene));
    close_scene(ctx, &room);
}

// ---- Transfers ----------------------------------------------------------------------------------

static Status make_transfer(Ctx *ctx, void *arg)
{
    Scene *scene = arg;
    TRY(room_supply(ctx, scene, 10, 500));
    StockTransfer *transfer = stock_transfer_new(ctx);
    transfer->from = scene->room->main;
    transfer->to = scene->room->second;
    TransferLine *line = list_push(ctx->arena, &transfer->lines);
    line->variant = scene->variant;
    line->quantity = pieces(6);
    TRY(stock_transfer_save(ctx, transfer));
    scene->move = transfer->record.id;
    scene->other = transfer->lines.items[0].record.id;
    return OK;
}

typedef struct Spread {  // how much is where, in pieces
    Scene *scene;
    int64_t main, way, second;
} Spread;

static Status check_spread(Ctx *ctx, void *arg)
{
    const Spread *spread = arg;
    const Scene *scene = spread->scene;
    const Stockroom *room = scene->room;
    CHECK_INT(room_worth(ctx, scene->variant, room->main).minor, spread->main * 500);
    CHECK_INT(room_worth(ctx, scene->variant, room->transit).minor, spread->way * 500);
    CHECK_INT(room_worth(ctx, scene->variant, room->second).minor, spread->second * 500);
    CHECK_INT(room_available(ctx, scene->variant, room->main).micro, pieces(spread->main).micro);
    CHECK_INT(room_available(ctx, scene->variant, 0).micro,
              pieces(spread->main + spread->second).micro);
    CHECK_INT(room_level(ctx, scene->variant, room->transit).micro, pieces(spread->way).micro);
    return OK;
}

static void is_spread(Ctx *ctx, Scene *scene, int64_t main, int64_t way, int64_t second)
{
    CHECK_OK(ctx, tenant_read(ctx, check_spread, &(Spread){ scene, main, way, second }));
}

static Str arrival(Ctx *ctx, const Scene *scene, int count)
{
    return str_format(ctx->arena, "{\"lines\":[{\"line\":\"%s\",\"quantity\":\"%d\"}]}",
                      id_text(ctx->arena, scene->other).ptr, count);
}

static void test_transfer(void)
{
    Ctx *ctx = test_ctx();
    Stockroom room;
    Scene scene;
    const EntityDef *e = &stock_transfer_entity;
    open_scene(ctx, &room, &scene);
    CHECK_OK(ctx, tenant_transact(ctx, make_transfer, &scene));
    CHECK_OK(ctx, room_act(ctx, e, scene.move, "dispatch", S("")));
    is_spread(ctx, &scene, 4, 6, 0);
    CHECK_OK(ctx, room_act(ctx, e, scene.move, "receive_part", arrival(ctx, &scene, 2)));
    is_spread(ctx, &scene, 4, 4, 2);
    CHECK_FAILS(ctx, "stock_transfer.too_much",
                room_act(ctx, e, scene.move, "receive_part", arrival(ctx, &scene, 5)));
    CHECK_OK(ctx, room_act(ctx, e, scene.move, "receive", S("")));
    is_spread(ctx, &scene, 4, 0, 6);
    CHECK_OK(ctx, tenant_transact(ctx, make_transfer, &scene));
    CHECK_OK(ctx, room_act(ctx, e, scene.move, "dispatch", S("")));
    CHECK_OK(ctx, room_act(ctx, e, scene.move, "receive_part", arrival(ctx, &scene, 1)));
    CHECK_FAILS(ctx, "action.reason", room_act(ctx, e, scene.move, "lose_rest", S("")));
    CHECK_OK(ctx, room_act(ctx, e, scene.move, "lose_rest", S("{\"reason_code\":\"theft\"}")));
    is_spread(ctx, &scene, 4, 0, 1);
    CHECK_OK(ctx, tenant_transact(ctx, make_transfer, &scene));
    CHECK_OK(ctx, room_act(ctx, e, scene.move, "dispatch", S("")));
    CHECK_OK(ctx, room_act(ctx, e, scene.move, "recall", S("")));
    is_spread(ctx, &scene, 10, 0, 0);
    close_scene(ctx, &room);
}

static Status send_nowhere(Ctx *ctx, void *arg)
{
    Scene *scene = arg;
    StockTransfer *transfer = stock_transfer_new(ctx);
    transfer->from = transfer->to = scene->room->main;
    return stock_transfer_save(ctx, transfer);
}

// The rule stands in the declaration; the database enforces it, and says it in the declaration's
// words.
static void test_transfer_to_where_it_is(void)
{
    Ctx *ctx = test_ctx();
    Stockroom room;
    Scene scene;
    open_scene(ctx, &room, &scene);
    CHECK(tenant_transact(ctx, send_nowhere, &scene) == E_CONFLICT);
    CHECK_STR(str_from(ctx->failure.code), "stock_transfer.places");
    CHECK_STR(ctx->failure.message, "it would stay where it is");
    ctx_recover(ctx);
    close_scene(ctx, &room);
}

// ---- Counts and adjustments ---------------------------------------------------------------------

static Status make_count(Ctx *ctx, void *arg)
{
    Scene *scene = arg;
    TRY(room_supply(ctx, scene, 10, 500));
    StockCount *count = stock_count_new(ctx);
    count->place = scene->room->main;
    TRY(stock_count_save(ctx, count));
    scene->move = count->record.id;
    return OK;
}

static Status sell_two(Ctx *ctx, void *arg)
{
    Scene *scene = arg;
    MoveDone done;
    return room_issue(ctx, scene->room, scene->variant, scene->room->bin, 2, 0, &done);
}

static Status check_counted(Ctx *ctx, void *arg)
{
    const Scene *scene = arg;
    CHECK_INT(room_level(ctx, scene->variant, scene->room->bin).micro, pieces(7).micro);
    CHECK_INT(room_worth(ctx, scene->variant, scene->room->main).minor, 3500);
    return OK;
}

static void test_count(void)
{
    Ctx *ctx = test_ctx();
    Stockroom room;
    Scene scene;
    const EntityDef *e = &stock_count_entity;
    open_scene(ctx, &room, &scene);
    CHECK_OK(ctx, tenant_transact(ctx, make_count, &scene));
    CHECK_OK(ctx, room_act(ctx, e, scene.move, "start", S("")));
    CHECK_FAILS(ctx, "stock_count.uncounted", room_act(ctx, e, scene.move, "post", S("")));
    CHECK_OK(ctx, tenant_transact(ctx, sell_two, &scene));  // goods go on moving while people count
    Str nine = str_format(
        ctx->arena, "{\"lines\":[{\"variant\":\"%s\",\"place\":\"%s\",\"counted\":\"9\"}]}",
        id_text(ctx->arena, scene.variant).ptr, id_text(ctx->arena, room.bin).ptr);
    CHECK_OK(ctx, room_act(ctx, e, scene.move, "enter", nine));
    CHECK_OK(ctx, room_act(ctx, e, scene.move, "post", S("")));
    CHECK_OK(ctx,
             tenant_read(ctx, check_counted, &scene));  // one was missing of ten, two were sold
    close_scene(ctx, &room);
}

static Status adjust(Ctx *ctx, void *arg)
{
    Scene *scene = arg;
    TRY(room_supply(ctx, scene, 10, 500));
    StockAdjustment *adjustment = stock_adjustment_new(ctx);
    adjustment->place = scene->room->bin;
    adjustment->reason = room_choice(ctx, "adjust_reason", "damaged");
    for (int i = 0; i < 2; i++) {
        AdjustmentLine *line = list_push(ctx->arena, &adjustment->lines);
        line->variant = scene->variant;
        line->quantity = i ? pieces(2) : pieces(-3);
        line->status = STOCK_STATUS_FREE;
        if (i)
            line->price = (MaybePrice){ true, { 7 * MICRO } };
    }
    TRY(stock_adjustment_save(ctx, adjustment));
    TRY(action_do(ctx, &stock_adjustment_entity, adjustment, "post", NULL));
    CHECK_INT(adjustment->lines.items[0].amount.minor, -1500);
    CHECK_INT(adjustment->lines.items[1].amount.minor, 1400);
    CHECK_INT(room_worth(ctx, scene->variant, scene->room->main).minor, 4900);
    return OK;
}

static void test_adjustment(void)
{
    Ctx *ctx = test_ctx();
    Stockroom room;
    Scene scene;
    open_scene(ctx, &room, &scene);
    CHECK_OK(ctx, tenant_transact(ctx, adjust, &scene));
    close_scene(ctx, &room);
}

const Test stock_papers_tests[] = {
    { "every serial number is somewhere", test_serials },
    { "goods are received, cost more later, and are corrected", test_receipt },
    { "a transfer is on the way until it arrives, is lost or comes back", test_transfer },
    { "a count books the difference, whatever moved meanwhile", test_count },
    { "a transfer to where it is says so", test_transfer_to_where_it_is },
    { "an adjustment books what was lost and found", test_adjustment },
    { 0 },
};
