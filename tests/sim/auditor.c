// auditor.c - stock, books and receivables worked out from scratch, from the papers and the
// ledgers, by statements of its own: nothing here looks at how the program does it, or at how
// `verify` does.
//
// Each rule is one statement over a heap of signed figures; what does not come to nothing is a row,
// and a row is a finding.
#include "sim/sim.h"

typedef struct Rule {
    const char *says;
    Query heap;  // rows of (who, how much it is off)
} Rule;

static Status hold(Sim *sim, Ctx *ctx, const Rule *rules, size_t count)
{
    enum { SHOWN = 5 };
    for (const Rule *rule = rules; rule < rules + count; rule++) {
        Str who;
        int64_t off, shown = 0;
        Rows *rows = db_query(ctx, rule->heap);
        while (rows_next(rows, &who, &off))
            if (shown++ < SHOWN)
                sim_found(sim, "auditor: %s: " STR_FMT " is off by %lld", rule->says, STR_ARG(who),
                          (long long)off);
        TRY(rows_end(rows));
    }
    return OK;
}

#define OWN_PLACE                                                                                  \
    " JOIN place p ON p.id = h.place_id"                                                           \
    " AND p.kind NOT IN ('supplier', 'customer', 'loss', 'production')"
#define MOVED                                                                                      \
    "SELECT variant_id, to_id AS place_id, to_status AS status, coalesce(lot_id, 0) AS lot_id,"    \
    " moved_on, quantity FROM stock_move UNION ALL"                                                \
    " SELECT variant_id, from_id, from_status, coalesce(lot_id, 0), moved_on, -quantity"           \
    " FROM stock_move"
#define PER_ARTICLE                                                                                \
    " SELECT v.sku, CAST(sum(h.quantity) AS BIGINT) FROM h JOIN variant v ON v.id = h.variant_id"  \
    " GROUP BY v.sku HAVING sum(h.quantity) <> 0"

// ---- Stock --------------------------------------------------------------------------------------

Status audit_stock(Sim *sim, Ctx *ctx)
{
    const Rule rules[] = {
        { "what lies there is what came and did not go",
          SQL("WITH h AS (" MOVED " UNION ALL SELECT variant_id, place_id, status, lot_id, 0,"
              " -on_hand FROM stock_level)"
              " SELECT v.sku, CAST(sum(h.quantity) AS BIGINT) FROM h" OWN_PLACE
              " JOIN variant v ON v.id = h.variant_id"
              " GROUP BY v.sku, h.variant_id, h.place_id, h.status, h.lot_id"
              " HAVING sum(h.quantity) <> 0") },
        { "nothing was ever taken that was not there at the end of the day",
          SQL("WITH h AS (" MOVED "), days AS (SELECT variant_id, place_id, status, lot_id,"
              " moved_on, sum(quantity) AS quantity FROM h"
              " GROUP BY variant_id, place_id, status, lot_id, moved_on), h2 AS ("
              " SELECT variant_id, place_id, sum(quantity) OVER (PARTITION BY variant_id, place_id,"
              " status, lot_id ORDER BY moved_on) AS there FROM days)"
              " SELECT v.sku, CAST(h.there AS BIGINT) FROM h2 h" OWN_PLACE
              " JOIN variant v ON v.id = h.variant_id"
              " WHERE h.there < 0 AND p.may_go_negative = 0") },
        { "what can be promised is what lies free in the warehouse",
          SQL("WITH RECURSIVE inside (id, root) AS (SELECT id, id FROM place"
              " WHERE kind = 'warehouse' UNION ALL SELECT p.id, i.root FROM place p"
              " JOIN inside i ON p.above_id = i.id), h AS ("
              " SELECT m.variant_id, i.root, m.quantity FROM (" MOVED ") m"
              " JOIN inside i ON i.id = m.place_id WHERE m.status = 'free' UNION ALL"
              " SELECT variant_id, warehouse_id, -free FROM stock_available)"
              " SELECT v.sku, CAST(sum(h.quantity) AS BIGINT) FROM h"
              " JOIN variant v ON v.id = h.variant_id GROUP BY v.sku, h.root"
              " HAVING sum(h.quantity) <> 0") },
        { "what is held back is what orders hold",
          SQL("WITH h AS (SELECT variant_id, warehouse_id, quantity FROM reservation UNION ALL"
              " SELECT variant_id, warehouse_id, -reserved FROM stock_available)"
              " SELECT v.sku, CAST(sum(h.quantity) AS BIGINT) FROM h"
              " JOIN variant v ON v.id = h.variant_id GROUP BY v.sku, h.warehouse_id"
              " HAVING sum(h.quantity) <> 0") },
        { "orders hold only what has not left and was not called off",
          SQL("SELECT o.number, l.reserved FROM sales_line l"
              " JOIN sales_order o ON o.id = l.sales_order_id"
              " WHERE l.reserved > l.base_quantity - l.shipped - l.cancelled OR l.reserved < 0"
              " OR (l.reserved > 0 AND o.state NOT IN ('placed', 'confirmed'))") },
        { "goods came as the receipts say",
          SQL("WITH h AS (SELECT l.variant_id, l.quantity FROM receipt_line l"
              " JOIN goods_receipt r ON r.id = l.goods_receipt_id WHERE r.state = 'posted'"
              " UNION ALL SELECT variant_id, -quantity FROM stock_move"
              " WHERE kind = 'receipt' AND reverses_id IS NULL)" PER_ARTICLE) },
        { "goods left as the deliveries say",
          SQL("WITH h AS (SELECT l.variant_id, l.picked AS quantity FROM delivery_line l"
              " JOIN delivery d ON d.id = l.delivery_id WHERE d.state IN ('shipped', 'delivered')"
              " UNION ALL SELECT variant_id, -quantity FROM stock_move"
              " WHERE kind = 'issue')" PER_ARTICLE) },
        { "goods came back as the returns say",
          SQL("WITH h AS (SELECT l.variant_id, l.received AS quantity FROM rma_line l"
              " JOIN rma r ON r.id = l.rma_id WHERE r.state IN ('received', 'inspected', 'settled')"
              " UNION ALL SELECT variant_id, -quantity FROM stock_move"
              " WHERE kind = 'customer_return')" PER_ARTICLE) },
        { "stock was adjusted as the papers say",
          SQL("WITH h AS (SELECT l.variant_id, l.quantity FROM adjustment_line l"
              " JOIN stock_adjustment a ON a.id = l.stock_adjustment_id WHERE a.state = 'posted'"
              " UNION ALL SELECT m.variant_id, CASE WHEN p.kind = 'loss' THEN m.quantity"
              " ELSE -m.quantity END FROM stock_move m JOIN place p ON p.id = m.to_id"
              " WHERE m.kind = 'adjustment' AND m.source_kind = 'stock_adjustment')" PER_ARTICLE) },
        { "what is on the way is of transfers that have not ended",
          SQL("SELECT t.number, CAST(sum(CASE WHEN p.kind = 'transit' THEN m.quantity"
              " ELSE -m.quantity END) AS BIGINT) FROM stock_move m"
              " JOIN stock_transfer t ON t.id = m.source_id JOIN place p ON p.id = m.to_id"
              " WHERE t.state <> 'dispatched' GROUP BY t.id, t.number"
              " HAVING sum(CASE WHEN p.kind = 'transit' THEN m.quantity ELSE -m.quantity END)"
              " <> 0") },
    };
    return hold(sim, ctx, rules, COUNT(rules));
}

// ---- Books --------------------------------------------------------------------------------------

// Sales, freight, charges and discounts; tax owed.
#define OF_SALES "('4100', '4110', '4120', '4200', '4210')"

Status audit_books(Sim *sim, Ctx *ctx)
{
    const Rule rules[] = {
        { "debit is credit, in each entry and currency",
          SQL("SELECT e.number, CAST(sum(l.base) AS BIGINT) FROM journal_line l"
              " JOIN journal_entry e ON e.id = l.journal_entry_id GROUP BY e.id, e.number"
              " HAVING sum(l.base) <> 0") },
        { "the totals of accounts are their lines",
          SQL("WITH h AS (SELECT account_id, base FROM journal_line UNION ALL"
              " SELECT account_id, credit_base - debit_base FROM account_total)"
              " SELECT a.account_code, CAST(sum(h.base) AS BIGINT) FROM h"
              " JOIN account a ON a.id = h.account_id GROUP BY a.account_code"
              " HAVING sum(h.base) <> 0") },
        { "the books' stock is what the stock is worth",
          SQL("SELECT 'stock', CAST(sum(h.base) AS BIGINT) FROM (SELECT l.base FROM journal_line l"
              " JOIN account a ON a.id = l.account_id WHERE a.account_code IN ('1300', '1310')"
              " UNION ALL SELECT -amount - settled FROM stock_value) h HAVING sum(h.base) <> 0") },
        { "sales are what was invoiced less what was credited",
          SQL("WITH h AS (SELECT currency, CASE WHEN kind = 'invoice' THEN net + charges_net"
              " ELSE -net - charges_net END AS amount FROM invoice WHERE state = 'posted' UNION ALL"
              " SELECT l.currency, l.amount FROM journal_line l"
              " JOIN account a ON a.id = l.account_id JOIN journal_entry e"
              " ON e.id = l.journal_entry_id WHERE a.account_code IN " OF_SALES
              " AND e.source_kind = 'invoice')"
              " SELECT currency, CAST(sum(amount) AS BIGINT) FROM h GROUP BY currency"
              " HAVING sum(amount) <> 0") },
        { "the tax owed is what invoices charged",
          SQL("WITH h AS (SELECT currency, CASE WHEN kind = 'invoice' THEN tax ELSE -tax END"
              " AS amount FROM invoice WHERE state = 'posted' UNION ALL"
              " SELECT l.currency, l.amount FROM journal_line l"
              " JOIN account a ON a.id = l.account_id WHERE a.account_code = '2200')"
              " SELECT currency, CAST(sum(amount) AS BIGINT) FROM h GROUP BY currency"
              " HAVING sum(amount) <> 0") },
        { "an invoice is its lines, charges and taxes",
          SQL("SELECT i.number, i.total - i.net - i.charges_net - i.tax - i.rounding"
              " FROM invoice i WHERE i.total <> i.net + i.charges_net + i.tax + i.rounding"
              " UNION ALL SELECT i.number, CAST(i.net - sum(l.net) AS BIGINT) FROM invoice i"
              " JOIN invoice_line l ON l.invoice_id = i.id GROUP BY i.id, i.number, i.net"
              " HAVING i.net <> sum(l.net)") },
        { "no line is invoiced that has not left, or twice (to a millionth of a box)",
          SQL("WITH h AS (SELECT l.id, l.shipped * l.denominator AS quantity FROM sales_line l"
              " UNION ALL SELECT il.source_id, -il.quantity * s.numerator FROM invoice_line il"
              " JOIN sales_line s ON s.id = il.source_id)"
              " SELECT 'line', CAST(sum(quantity) AS BIGINT) FROM h GROUP BY id"
              " HAVING sum(quantity) < -12") },
        { "what came in by bank and card stands in the books",
          SQL("WITH h AS (SELECT f.currency, CASE WHEN f.kind IN ('captured', 'dispute_won')"
              " THEN f.amount ELSE -f.amount END AS amount FROM payment_fact f"
              " JOIN payment p ON p.id = f.payment_id"
              " WHERE f.kind IN ('refunded', 'charged_back', 'dispute_won')"
              " OR (f.kind = 'captured' AND f.amount = p.wanted AND NOT EXISTS (SELECT 1"
              " FROM payment_fact g WHERE g.payment_id = f.payment_id AND g.kind = 'captured'"
              " AND g.amount = p.wanted AND g.id < f.id)) UNION ALL"
              " SELECT l.currency, -l.amount FROM journal_line l"
              " JOIN journal_entry e ON e.id = l.journal_entry_id"
              " JOIN account a ON a.id = l.account_id WHERE e.source_kind = 'payment_fact'"
              " AND a.account_code IN ('1100', '1120'))"
              " SELECT currency, CAST(sum(amount) AS BIGINT) FROM h GROUP BY currency"
              " HAVING sum(amount) <> 0") },
        { "goods received are worth their price",
          SQL("SELECT r.number, w.amount - l.amount FROM stock_value w"
              " JOIN stock_move m ON m.id = w.move JOIN receipt_line l ON l.id = m.line_id"
              " JOIN goods_receipt r ON r.id = l.goods_receipt_id WHERE m.kind = 'receipt'"
              " AND m.reverses_id IS NULL AND r.currency = 'GBP' AND l.price <> 0"
              " AND w.method <> 'standard' AND w.settled = 0 AND w.amount <> l.amount") },
    };
    return hold(sim, ctx, rules, COUNT(rules));
}

// ---- Who owes what ------------------------------------------------------------------------------

Status audit_owed(Sim *sim, Ctx *ctx)
{
    const Rule rules[] = {
        { "a customer owes what was invoiced less credits and payments",
          SQL("WITH h AS (SELECT customer_id AS party, currency, CASE WHEN kind = 'invoice'"
              " THEN total ELSE -total END AS amount FROM invoice WHERE state = 'posted' UNION ALL"
              " SELECT p.party_id, f.currency, CASE WHEN f.kind IN ('captured', 'dispute_won')"
              " THEN -f.amount ELSE f.amount END FROM payment_fact f"
              " JOIN payment p ON p.id = f.payment_id"
              " WHERE f.kind IN ('refunded', 'charged_back', 'dispute_won')"
              " OR (f.kind = 'captured' AND f.amount = p.wanted AND NOT EXISTS (SELECT 1"
              " FROM payment_fact g WHERE g.payment_id = f.payment_id AND g.kind = 'captured'"
              " AND g.amount = p.wanted AND g.id < f.id)) UNION ALL"
              " SELECT o.party_id, o.currency, -o.open FROM open_item o"
              " JOIN account a ON a.id = o.account_id WHERE a.account_code = '1200')"
              " SELECT q.number, CAST(sum(h.amount) AS BIGINT) FROM h"
              " JOIN party q ON q.id = h.party GROUP BY q.number, h.currency"
              " HAVING sum(h.amount) <> 0") },
        { "a supplier is owed what was billed",
          SQL("WITH h AS (SELECT supplier_id AS party, currency, total AS amount FROM bill"
              " WHERE state = 'posted' UNION ALL"
              " SELECT o.party_id, o.currency, o.open FROM open_item o"
              " JOIN account a ON a.id = o.account_id WHERE a.account_code = '2100')"
              " SELECT q.number, CAST(sum(h.amount) AS BIGINT) FROM h"
              " JOIN party q ON q.id = h.party GROUP BY q.number, h.currency"
              " HAVING sum(h.amount) <> 0") },
        { "open items are what stands on the account, by party and currency",
          SQL("WITH h AS (SELECT account_id, party_id, currency, open_base AS amount FROM open_item"
              " UNION ALL SELECT l.account_id, l.party_id, l.currency, -l.base FROM journal_line l"
              " JOIN account a ON a.id = l.account_id WHERE a.special IN ('receivable',"
              " 'payable')) SELECT a.account_code, CAST(sum(h.amount) AS BIGINT) FROM h"
              " JOIN account a ON a.id = h.account_id GROUP BY a.account_code, h.party_id"
              " HAVING sum(h.amount) <> 0") },
        { "what is matched is taken off both sides",
          SQL("WITH h AS (SELECT id, amount - open AS amount FROM open_item UNION ALL"
              " SELECT debit_item_id, -amount FROM allocation UNION ALL"
              " SELECT credit_item_id, amount FROM allocation)"
              " SELECT o.number, CAST(sum(h.amount) AS BIGINT) FROM h"
              " JOIN open_item o ON o.id = h.id GROUP BY o.id, o.number"
              " HAVING sum(h.amount) <> 0") },
        { "no more was given back than came in",
          SQL("SELECT number, refunded - captured FROM payment WHERE refunded > captured") },
        { "a customer was never credited more than invoiced",
          SQL("WITH h AS (SELECT id, total FROM invoice WHERE kind = 'invoice'"
              " AND state = 'posted' UNION ALL SELECT credits_id, -total FROM invoice"
              " WHERE kind = 'credit_note' AND state = 'posted' AND credits_id IS NOT NULL)"
              " SELECT i.number, CAST(sum(h.total) AS BIGINT) FROM h JOIN invoice i ON i.id = h.id"
              " GROUP BY i.number HAVING sum(h.total) < 0") },
        { "an order was paid what its payments came to",
          SQL("SELECT o.number, CAST(o.paid - o.refunded - sum(p.captured - p.refunded) AS BIGINT)"
              " FROM sales_order o JOIN payment p ON p.subject_id = o.id GROUP BY o.id, o.number,"
              " o.paid, o.refunded HAVING o.paid - o.refunded <> sum(p.captured - p.refunded)") },
    };
    return hold(sim, ctx, rules, COUNT(rules));
}
