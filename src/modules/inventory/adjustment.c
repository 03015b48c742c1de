// adjustment.c - stock that was found, lost, damaged or given away, with the reason, which also
// says where in the books it goes.
#include "modules/inventory/document.h"

static MoveSpec line_move(const StockAdjustment *adjustment, const AdjustmentLine *line, Id loss)
{
    bool is_in = line->quantity.micro > 0;
    return (MoveSpec){ .variant = line->variant,
                       .kind = MOVE_KIND_ADJUSTMENT,
                       .from = is_in ? loss : adjustment->place,
                       .to = is_in ? adjustment->place : loss,
                       .quantity = is_in ? line->quantity : qty_neg(line->quantity),
                       .lot = line->lot,
                       .from_status = is_in ? STOCK_STATUS_FREE : line->status,
                       .to_status = is_in ? line->status : STOCK_STATUS_FREE,
                       .unit_cost = line->price,
                       .reason = adjustment->reason,
                       .on = adjustment->adjusted_on,
                       .source = { &stock_adjustment_entity, adjustment->record.id },
                       .line = { &adjustment_line_entity, line->record.id } };
}

Status adjustment_post(Ctx *ctx, void *record, const void *input)
{
    StockAdjustment *adjustment = record;
    Id loss;
    (void)input;
    if (adjustment->lines.len == 0)
        return FAIL(ctx, E_CONFLICT, "stock_adjustment.no_lines", "the adjustment has no lines");
    TRY(place_virtual(ctx, PLACE_KIND_LOSS, &loss));
    EACH (line, adjustment->lines) {
        MoveSpec spec = line_move(adjustment, line, loss);
        TRY(stock_move_line(ctx, &spec, line->serials, "adjustment_line.serials", &line->amount));
    }
    return OK;
}
