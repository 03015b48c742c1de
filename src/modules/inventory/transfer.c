// transfer.c - goods on their way between two places of ours, in two steps: what is dispatched
// leaves one and is on the way, what arrives enters the other. On the way it is still ours, and
// worth what it was.
#include "modules/inventory/document.h"

// What of a line is on the way, by lot and serial number.
typedef struct OnWay {
    Id lot, serial;
    Qty quantity;
} OnWay;
typedef LIST(OnWay) OnWayList;

static Link of_transfer(const StockTransfer *transfer)
{
    return (Link){ &stock_transfer_entity, transfer->record.id };
}

static MoveSpec line_move(const StockTransfer *transfer, const TransferLine *line)
{
    return (MoveSpec){ .variant = line->variant,
                       .kind = MOVE_KIND_TRANSFER,
                       .source = of_transfer(transfer),
                       .line = { &transfer_line_entity, line->record.id } };
}

// ---- Leaving ------------------------------------------------------------------------------------

static Status send(Ctx *ctx, MoveSpec spec, const PickSource *from)
{
    spec.from = from->place;
    spec.lot = from->lot;
    spec.serial = from->serial;
    spec.quantity = from->quantity;
    return stock_move(ctx, &spec, NULL);
}

// As the pick plan says; what it lacks is asked of the place itself, which refuses or may go below
// zero.
static Status dispatch_line(Ctx *ctx, const StockTransfer *transfer, const TransferLine *line,
                            Id transit)
{
    PickSourceList plan;
    PickSource rest = { .place = transfer->from, .lot = line->lot };
    MoveSpec spec = line_move(transfer, line);
    spec.to = transit;
    spec.to_status = STOCK_STATUS_TRANSIT;
    spec.on = transfer->sent_on;
    TRY(stock_pick_plan_lot(ctx, line->variant, transfer->from, line->lot, line->quantity, &plan,
                            &rest.quantity));
    EACH (source, plan)
        TRY(send(ctx, spec, source));
    return rest.quantity.micro ? send(ctx, spec, &rest) : OK;
}

static Status check_ends(Ctx *ctx, const StockTransfer *transfer)
{
    StockPlace from, to;
    if (transfer->lines.len == 0)
        return FAIL(ctx, E_CONFLICT, "stock_transfer.no_lines", "the transfer has no lines");
    TRY(stock_places(ctx, transfer->from, transfer->to, &from, &to));
    bool between_ours = from.warehouse && to.warehouse && from.kind != PLACE_KIND_TRANSIT &&
                        to.kind != PLACE_KIND_TRANSIT;
    if (!between_ours)
        return FAIL(ctx, E_INVALID, "stock_transfer.places",
                    "a transfer is between warehouses, shops and factories of ours");
    return OK;
}

Status transfer_dispatch(Ctx *ctx, void *record, const void *input)
{
    StockTransfer *transfer = record;
    Id transit;
    (void)input;
    TRY(check_ends(ctx, transfer));
    TRY(place_virtual(ctx, PLACE_KIND_TRANSIT, &transit));
    if (!transfer->sent_on)
        transfer->sent_on = tenant_today(ctx);
    EACH (line, transfer->lines)
        TRY(dispatch_line(ctx, transfer, line, transit));
    return OK;
}

// ---- On the way ---------------------------------------------------------------------------------

static Status on_way(Ctx *ctx, const TransferLine *line, Id transit, OnWayList *ret)
{
    OnWay found;
    Query query =
        SQL("SELECT COALESCE(lot_id, 0), COALESCE(serial_id, 0),"
            " CAST(sum(CASE WHEN to_id = $2 THEN quantity ELSE -quantity END) AS BIGINT)"
            " FROM stock_move WHERE line_id = $1 GROUP BY 1, 2"
            " HAVING sum(CASE WHEN to_id = $2 THEN quantity ELSE -quantity END) > 0 ORDER BY 1, 2",
            line->record.id, transit);
    Rows *rows = db_query(ctx, query);
    while (rows_next(rows, &found.lot, &found.serial, &found.quantity))
        *list_push(ctx->arena, ret) = found;
    return rows_end(rows);
}

// ---- Arriving, getting lost, coming back --------------------------------------------------------

typedef struct Landing {  // where what is on the way goes
    Id transit, to;
    MoveKind kind;
    StockStatus status;
    Date on;
} Landing;

static Status land(Ctx *ctx, const StockTransfer *transfer, const TransferLine *line,
                   const Landing *landing, Qty quantity, Qty *ret_left)
{
    OnWayList list = { 0 };
    TRY(on_way(ctx, line, landing->transit, &list));
    EACH (piece, list) {
        if (quantity.micro == 0)
            break;
        MoveSpec spec = line_move(transfer, line);
        spec.kind = landing->kind;
        spec.from = landing->transit;
        spec.from_status = STOCK_STATUS_TRANSIT;
        spec.to = landing->to;
        spec.to_status = landing->status;
        spec.on = landing->on;
        spec.lot = piece->lot;
        spec.serial = piece->serial;
        spec.quantity = piece->quantity.micro < quantity.micro ? piece->quantity : quantity;
        TRY(stock_move(ctx, &spec, NULL));
        quantity.micro -= spec.quantity.micro;
    }
    *ret_left = quantity;
    return OK;
}

static Status land_rest(Ctx *ctx, const StockTransfer *transfer, TransferLine *line,
                        const Landing *landing)
{
    Qty rest = { line->quantity.micro - line->received.micro }, left;
    return land(ctx, transfer, line, landing, rest, &left);
}

static Status begin_landing(Ctx *ctx, const StockTransfer *transfer, Landing *ret)
{
    Date today = tenant_today(ctx);
    *ret = (Landing){ .to = transfer->to,
                      .kind = MOVE_KIND_TRANSFER,
                      .status = STOCK_STATUS_FREE,
                      .on = today < transfer->sent_on ? transfer->sent_on : today };
    if (transfer->arrived_on >= transfer->sent_on)
        ret->on = transfer->arrived_on;
    return place_virtual(ctx, PLACE_KIND_TRANSIT, &ret->transit);
}

Status transfer_receive(Ctx *ctx, void *record, const void *input)
{
    StockTransfer *transfer = record;
    Landing landing;
    (void)input;
    TRY(begin_landing(ctx, transfer, &landing));
    EACH (line, transfer->lines) {
        TRY(land_rest(ctx, transfer, line, &landing));
        line->received = line->quantity;
    }
    transfer->arrived_on = landing.on;
    return OK;
}

static TransferLine *line_with_id(const StockTransfer *transfer, Id id)
{
    EACH (line, transfer->lines)
        if (line->record.id == id)
            return line;
    return NULL;
}

static Status receive_one(Ctx *ctx, const StockTransfer *transfer, const ArrivedLine *arrived,
                          const Landing *landing)
{
    Qty left;
    TransferLine *line = line_with_id(transfer, arrived->line);
    if (!line)
        return FAIL(ctx, E_INVALID, "arrived_line.line", "this line is of another transfer");
    TRY(land(ctx, transfer, line, landing, arrived->quantity, &left));
    if (left.micro)
        return FAIL(ctx, E_CONFLICT, "stock_transfer.too_much",
                    "more arrived than was on the way: %s too many",
                    decimal_short(ctx->arena, left.micro, 6).ptr);
    return qty_add(ctx, line->received, arrived->quantity, &line->received);
}

static bool is_complete(const StockTransfer *transfer)
{
    EACH (line, transfer->lines)
        if (line->received.micro < line->quantity.micro)
            return false;
    return true;
}

// The transfer stays on the way until its last piece has arrived.
Status transfer_receive_part(Ctx *ctx, void *record, const void *input)
{
    StockTransfer *transfer = record;
    const ArrivalInput *arrival = input;
    Landing landing;
    TRY(begin_landing(ctx, transfer, &landing));
    EACH (arrived, arrival->lines)
        TRY(receive_one(ctx, transfer, arrived, &landing));
    if (is_complete(transfer)) {
        transfer->state = TRANSFER_STATE_RECEIVED;
        transfer->arrived_on = landing.on;
    }
    return OK;
}

// What never arrived is lost: it leaves stock, and the transfer is done.
Status transfer_lose_rest(Ctx *ctx, void *record, const void *input)
{
    StockTransfer *transfer = record;
    Landing landing;
    (void)input;
    TRY(begin_landing(ctx, transfer, &landing));
    TRY(place_virtual(ctx, PLACE_KIND_LOSS, &landing.to));
    landing.kind = MOVE_KIND_SCRAP;
    EACH (line, transfer->lines)
        TRY(land_rest(ctx, transfer, line, &landing));
    transfer->arrived_on = landing.on;
    return OK;
}

Status transfer_recall(Ctx *ctx, void *record, const void *input)
{
    StockTransfer *transfer = record;
    Landing landing;
    (void)input;
    TRY(begin_landing(ctx, transfer, &landing));
    landing.to = transfer->from;
    EACH (line, transfer->lines)
        TRY(land_rest(ctx, transfer, line, &landing));
    return OK;
}
