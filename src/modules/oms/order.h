// order.h - what the parts of oms know of each other. Private to the module.
//
// An order's lines hold what became of them in base units: reserved, shipped, invoiced, returned,
// cancelled. Every change goes through the functions here, so that the axes and the headline are
// worked out anew whenever the order is saved.
#pragma once

#include "modules/oms/oms.h"

#include "modules/catalog/catalog.h"

enum { ORDER_LINES_MAX = 5000 };

// ---- Lines --------------------------------------------------------------------------------------

// Neither shipped nor cancelled, base units.
Qty line_open(const SalesLine *line);
SalesLine *order_line_by_id(SalesOrder *order, Id line);  // asserts that it is there
// So many base units as the customer counts them: the line's own unit.
MUST_CHECK Status line_in_unit(Ctx *ctx, const SalesLine *line, Qty base, Qty *ret);
// What was moved between `before` and `before + base` base units, in the line's own unit: parts of
// a line add up to the line whatever the unit.
MUST_CHECK Status line_part_in_unit(Ctx *ctx, const SalesLine *line, Qty before, Qty base,
                                    Qty *ret);

// ---- The order as a whole -----------------------------------------------------------------------

Link order_link(const SalesOrder *order);
// Placed in the breath that makes it (ACTION_FRESH): not written yet, so no other row knows of it.
bool order_is_fresh(const SalesOrder *order);
// The hook before every saving: defaults, prices and totals while it may still be edited, release,
// headline.
MUST_CHECK Status order_before_save(Ctx *ctx, void *record, const void *before);
// Taxes and totals from the prices as they stand, of what has not been cancelled.
MUST_CHECK Status order_sum(Ctx *ctx, SalesOrder *order);
// Axes from deliveries and returns as they are stored, then the headline. Does not save.
MUST_CHECK Status order_refresh(Ctx *ctx, SalesOrder *order);
// Nothing holds it back: no hold, and paid where its channel wants that.
MUST_CHECK Status order_is_clear(Ctx *ctx, const SalesOrder *order, bool *ret);
bool order_is_settled(const SalesOrder *order);  // as much came in as it costs
// Takes over paid and refunded from the payments; does not save.
MUST_CHECK Status order_take_payments(Ctx *ctx, SalesOrder *order);

// ---- Stock --------------------------------------------------------------------------------------

// Reserves what is open and not reserved yet, by the channel's rule. Where the rule takes no part
// of an order, E_CONFLICT "stock_available.short" names what is short and nothing is reserved.
MUST_CHECK Status order_reserve(Ctx *ctx, SalesOrder *order);
MUST_CHECK Status order_release_stock(Ctx *ctx, SalesOrder *order);

// ---- Actions ------------------------------------------------------------------------------------

MUST_CHECK Status order_quote_check(Ctx *ctx, const void *record);
MUST_CHECK Status order_needs_approval(Ctx *ctx, const void *record, const void *input,
                                       Str *ret_why);
MUST_CHECK Status order_place_run(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status order_confirm_check(Ctx *ctx, const void *record);
MUST_CHECK Status order_hold_run(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status order_unhold_run(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status order_unhold_check(Ctx *ctx, const void *record);
MUST_CHECK Status order_plan_run(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status order_invoice_run(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status order_amend_run(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status order_cancel_check(Ctx *ctx, const void *record);
MUST_CHECK Status order_cancel_run(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status order_cancel_rest_check(Ctx *ctx, const void *record);
MUST_CHECK Status order_cancel_rest_run(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status order_close_check(Ctx *ctx, const void *record);

// ---- Deliveries ---------------------------------------------------------------------------------

MUST_CHECK Status delivery_before_save(Ctx *ctx, void *record, const void *before);
MUST_CHECK Status delivery_pick_run(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status delivery_pack_run(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status delivery_ship_run(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status delivery_arrive_run(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status delivery_cancel_run(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status pick_list_fill_run(Ctx *ctx, void *record, const void *input);
// Saves a delivery's new state and what the order is called because of it.
MUST_CHECK Status delivery_tell_order(Ctx *ctx, Delivery *delivery, GoodsState state,
                                      SalesOrder *order);
// No more of this pick is where it should be: what is missing is left out of the delivery and told.
MUST_CHECK Status delivery_pick_short(Ctx *ctx, Delivery *delivery, Id pick);
// Plans what is reserved and not planned, one delivery a warehouse. `order` is saved by the caller.
MUST_CHECK Status deliveries_plan(Ctx *ctx, SalesOrder *order, Date on, IdList *ret);
// Cancels those that have not left; their order, as it was loaded, is the caller's to save.
MUST_CHECK Status deliveries_cancel(Ctx *ctx, SalesOrder *order);
// Invoices what was shipped and not invoiced; *ret 0 when there is nothing. Does not save the
// order.
MUST_CHECK Status order_bill(Ctx *ctx, SalesOrder *order, Date on, Id *ret_invoice);

// ---- Returns ------------------------------------------------------------------------------------

MUST_CHECK Status rma_before_save(Ctx *ctx, void *record, const void *before);
MUST_CHECK Status rma_receive_run(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status rma_inspect_check(Ctx *ctx, const void *record);
MUST_CHECK Status rma_inspect_run(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status rma_settle_run(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status rma_after_save(Ctx *ctx, const void *record, const void *before);
MUST_CHECK Status rma_reject_run(Ctx *ctx, void *record, const void *input);

// ---- Exceptions ---------------------------------------------------------------------------------

// Puts what stands in the order's way into the queue, once per code while it is open.
MUST_CHECK Status exception_raise(Ctx *ctx, Id order, const char *code, Str words);
// The same while an order is being worked on: a fresh one is written first, to be referred to.
MUST_CHECK Status exception_raise_in(Ctx *ctx, SalesOrder *order, const char *code, Str words);
MUST_CHECK Status exception_solve(Ctx *ctx, Id order, const char *code);  // "": all of the order
MUST_CHECK Status exception_solve_check(Ctx *ctx, const void *record);
MUST_CHECK Status exception_solve_run(Ctx *ctx, void *record, const void *input);

// ---- Choices ------------------------------------------------------------------------------------

MUST_CHECK Status choice_of(Ctx *ctx, const EnumDef *list, Str code, Id *ret);
MUST_CHECK Status choice_code(Ctx *ctx, Id choice, Str *ret);  // "" for none
