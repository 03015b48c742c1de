// trace.c - what was done for a document: what it holds reserved, and what has moved because of one
// of its lines. For those who reserved or moved, to go on from there.
#include "modules/inventory/inventory.h"

Status stock_held(Ctx *ctx, Link source, StockHeldList *ret)
{
    StockHeld held;
    Rows *rows =
        db_query(ctx, SQL("SELECT line, variant_id, warehouse_id, quantity FROM reservation"
                          " WHERE source_id = $1 ORDER BY line, warehouse_id",
                          source.id));
    *ret = (StockHeldList){ 0 };
    while (rows_next(rows, &held.line, &held.variant, &held.warehouse, &held.quantity))
        *list_push(ctx->arena, ret) = held;
    return rows_end(rows);
}

Status stock_moved(Ctx *ctx, Link line, MoveKind kind, StockMovedList *ret)
{
    StockMoved moved;
    Rows *rows =
        db_query(ctx, SQL("SELECT id, coalesce(lot_id, 0), coalesce(serial_id, 0), quantity"
                          " FROM stock_move WHERE line_id = $1 AND kind = $2 ORDER BY id",
                          line.id, move_kind_enum.values[kind].name));
    *ret = (StockMovedList){ 0 };
    while (rows_next(rows, &moved.move, &moved.lot, &moved.serial, &moved.quantity))
        *list_push(ctx->arena, ret) = moved;
    return rows_end(rows);
}
