// check.c - what `entrepot verify` recomputes about invoices and bills: they stand in the books
// with their totals, their tax rows are their taxes, their settlement is what was matched, their
// numbers have no holes, and nothing was credited twice.
#include "modules/billing/inside.h"

static Status tell(Ctx *ctx, VerifyRun *run, const char *check, const char *what, Rows *rows)
{
    Str number;
    while (rows_next(rows, &number))
        verify_found(ctx, run, check, "%s: " STR_FMT, what, STR_ARG(number));
    return rows_end(rows);
}

static Status check_books(Ctx *ctx, VerifyRun *run)
{
    TRY(tell(ctx, run, "billing.books", "the invoice's total is not what the books have",
             db_query(ctx, SQL("SELECT i.number FROM invoice i LEFT JOIN open_item o"
                               " ON o.source_id = i.id WHERE i.state = 'posted' AND i.total <>"
                               " COALESCE(CASE WHEN i.kind = 'invoice' THEN o.amount"
                               " ELSE -o.amount END, 0) ORDER BY i.id LIMIT 100"))));
    return tell(ctx, run, "billing.books", "the bill's total is not what the books have",
                db_query(ctx, SQL("SELECT b.number FROM bill b LEFT JOIN open_item o"
                                  " ON o.source_id = b.id WHERE b.state = 'posted' AND b.total <>"
                                  " COALESCE(CASE WHEN b.kind = 'bill' THEN -o.amount"
                                  " ELSE o.amount END, 0) ORDER BY b.id LIMIT 100")));
}

static Status check_taxes(Ctx *ctx, VerifyRun *run)
{
    return tell(ctx, run, "billing.taxes", "the tax rows are not the document's tax",
                db_query(ctx, SQL("SELECT i.number FROM invoice i WHERE i.state = 'posted'"
                                  " AND i.tax <> CASE WHEN i.kind = 'invoice' THEN 1 ELSE -1 END"
                                  " * (SELECT CAST(COALESCE(sum(t.tax), 0) AS BIGINT)"
                                  " FROM tax_line t WHERE t.document_id = i.id"
                                  " AND t.is_reverse = 0) ORDER BY i.id LIMIT 100")));
}

static Status check_settled(Ctx *ctx, VerifyRun *run)
{
    return tell(ctx, run, "billing.settled", "what is settled is not what was matched",
                db_query(ctx, SQL("SELECT i.number FROM invoice i JOIN open_item o"
                                  " ON o.source_id = i.id WHERE i.state = 'posted'"
                                  " AND i.settled <> abs(o.amount) - abs(o.open)"
                                  " ORDER BY i.id LIMIT 100")));
}

static Status check_credits(Ctx *ctx, VerifyRun *run)
{
    return tell(
        ctx, run, "billing.credits", "more was credited than was invoiced",
        db_query(ctx, SQL("SELECT i.number FROM invoice i WHERE i.kind = 'invoice' AND i.total <"
                          " (SELECT CAST(COALESCE(sum(c.total), 0) AS BIGINT) FROM invoice c"
                          " WHERE c.credits_id = i.id AND c.state = 'posted')"
                          " ORDER BY i.id LIMIT 100")));
}

// Each counter stands at the number of documents that drew from it.
static Status check_numbers(Ctx *ctx, VerifyRun *run)
{
    int64_t drawn, there;
    TRY(db_one(ctx,
               SQL("SELECT CAST(COALESCE(sum(last), 0) AS BIGINT) FROM number_counter"
                   " WHERE series IN ('invoice.number', 'invoice.credit_no')"),
               &drawn));
    TRY(db_one(ctx, SQL("SELECT count(*) FROM invoice WHERE state = 'posted'"), &there));
    if (drawn != there)
        verify_found(ctx, run, "billing.numbers",
                     "%lld invoice numbers were drawn and %lld are used", (long long)drawn,
                     (long long)there);
    return OK;
}

const VerifyCheck billing_checks[] = {
    { "billing.books", "invoices and bills stand in the books", check_books },
    { "billing.taxes", "tax rows are the documents' taxes", check_taxes },
    { "billing.settled", "settlement is what was matched", check_settled },
    { "billing.credits", "nothing is credited twice", check_credits },
    { "billing.numbers", "invoice numbers have no holes", check_numbers },
    { 0 },
};
