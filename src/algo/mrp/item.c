// item.c - one item's terms, and the supplies it has before anything is planned.
//
// Existing supplies are used in one order by everybody who asks (netting, pegging): stock first,
// then receipts by their day. A receipt may serve an earlier need if it can be pulled in so far;
// that is what the messages then say. Nothing moves within the frozen days: there, a need waits for
// the next receipt even if it is late, because no order could come sooner.
#include "algo/mrp/work.h"

Qty mrp_received(const MrpItem *item, Qty placed)
{
    if (item->scrap.micro == 0)
        return placed;
    Wide kept = (Wide)placed.micro * (MICRO - item->scrap.micro);
    return (Qty){ (int64_t)(kept / MICRO) };
}

int64_t placed_for(const MrpItem *item, int64_t wanted)
{
    if (item->scrap.micro == 0)
        return wanted;
    Wide placed = wide_div((Wide)wanted * MICRO, MICRO - item->scrap.micro, ROUND_UP);
    return placed < INT64_MAX ? (int64_t)placed : INT64_MAX;
}

MrpTerms mrp_terms(const MrpPlan *plan, int32_t item)
{
    const MrpItem *it = &plan->input->items[item];
    bool is_phantom = it->kind == MRP_PHANTOM;
    const MrpDays *days = &plan->work->days[is_phantom ? 0 : it->calendar + 1];
    MrpTerms terms = { .item = it, .days = days, .lead = is_phantom ? 0 : it->lead_days };
    terms.frozen = is_phantom ? 0 : days->work[days_from(days, it->frozen_days)];
    terms.earliest = days->work[days_from(days, 0) + terms.lead];
    terms.restore = terms.earliest > terms.frozen ? terms.earliest : terms.frozen;
    if (it->safety_stock.micro == 0 || terms.restore >= plan->input->days)
        terms.restore = MRP_NEVER;
    return terms;
}

int32_t due_at(const MrpTerms *terms, int32_t day)
{
    int32_t at = days_at(terms->days, day);
    return terms->days->work[at] < terms->frozen ? days_from(terms->days, terms->frozen) : at;
}

// What a receipt brings.
static int64_t arriving(const MrpShelf *shelf)
{
    if (shelf->receipt == shelf->end)
        return 0;
    const MrpReceipt *receipt = &shelf->plan->input->receipts[*shelf->receipt];
    return receipt->is_firm ? mrp_received(shelf->terms->item, receipt->quantity).micro
                            : receipt->quantity.micro;
}

MrpShelf shelf_open(const MrpPlan *plan, const MrpTerms *terms, int32_t item)
{
    const MrpWork *work = plan->work;
    MrpShelf shelf = { .plan = plan,
                       .terms = terms,
                       .stock = terms->item->on_hand.micro,
                       .receipt = work->receipts + work->receipt_first[item],
                       .end = work->receipts + work->receipt_first[item + 1] };
    if (shelf.stock < 0)
        shelf.stock = 0;
    shelf.left = arriving(&shelf);
    return shelf;
}

static bool may_serve(const MrpShelf *shelf, int32_t day)
{
    int32_t comes = shelf->plan->input->receipts[*shelf->receipt].day;
    int32_t frozen = shelf->terms->frozen;
    if (comes <= day || comes < frozen)
        return true;
    return comes - (day > frozen ? day : frozen) <= shelf->terms->item->expedite_days;
}

int64_t shelf_take(MrpShelf *shelf, int32_t day, int64_t wanted, int32_t *ret_receipt)
{
    *ret_receipt = -1;
    if (shelf->stock > 0) {
        int64_t got = wanted < shelf->stock ? wanted : shelf->stock;
        shelf->stock -= got;
        return got;
    }
    while (shelf->left == 0 && shelf->receipt < shelf->end) {
        shelf->receipt++;
        shelf->left = arriving(shelf);
    }
    if (shelf->receipt == shelf->end || !may_serve(shelf, day))
        return 0;
    *ret_receipt = *shelf->receipt;
    int64_t got = wanted < shelf->left ? wanted : shelf->left;
    shelf->left -= got;
    return got;
}
