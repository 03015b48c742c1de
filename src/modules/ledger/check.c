// check.c - what `entrepot verify` recomputes about the books: every entry balances, totals of
// months and days are the sums of their lines, and what stands open equals the balance of the
// accounts that are kept by party, less nothing.
#include "modules/ledger/inside.h"

#include "kernel/i18n.h"

// ---- Entries ------------------------------------------------------------------------------------

static Status check_entries(Ctx *ctx, VerifyRun *run)
{
    Str number;
    int64_t amount, base;
    Rows *rows = db_query(
        ctx, SQL("SELECT e.number, CAST(sum(l.amount) AS BIGINT), CAST(sum(l.base) AS BIGINT)"
                 " FROM journal_line l JOIN journal_entry e ON e.id = l.journal_entry_id"
                 " GROUP BY e.id, e.number, l.currency"
                 " HAVING sum(l.amount) <> 0 OR sum(l.base) <> 0 ORDER BY e.id LIMIT 100"));
    while (rows_next(rows, &number, &amount, &base))
        verify_found(ctx, run, "ledger.entries",
                     "entry " STR_FMT " does not balance: %lld, in company currency %lld",
                     STR_ARG(number), (long long)amount, (long long)base);
    TRY(rows_end(rows));
    rows = db_query(ctx, SQL("SELECT number FROM journal_entry e WHERE NOT EXISTS"
                             " (SELECT 1 FROM journal_line l WHERE l.journal_entry_id = e.id)"
                             " ORDER BY id LIMIT 100"));
    while (rows_next(rows, &number))
        verify_found(ctx, run, "ledger.entries", "entry " STR_FMT " has no lines", STR_ARG(number));
    return rows_end(rows);
}

// Entries could balance one by one and a day not, if a line had lost its entry.
static Status check_days(Ctx *ctx, VerifyRun *run)
{
    Date day;
    int64_t base;
    Rows *rows =
        db_query(ctx, SQL("SELECT e.entry_date, CAST(sum(l.base) AS BIGINT)"
                          " FROM journal_line l JOIN journal_entry e ON e.id = l.journal_entry_id"
                          " GROUP BY e.entry_date HAVING sum(l.base) <> 0"
                          " ORDER BY e.entry_date LIMIT 100"));
    while (rows_next(rows, &day, &base))
        verify_found(ctx, run, "ledger.days", "debit and credit of " STR_FMT " differ by %lld",
                     STR_ARG(date_text(ctx->arena, day)), (long long)base);
    return rows_end(rows);
}

// ---- Totals -------------------------------------------------------------------------------------

// Lines and totals of one month as one heap, totals below zero: what is left over is wrong.
static Status check_month(Ctx *ctx, VerifyRun *run, Date first)
{
    Ymd day = date_ymd(first);
    int64_t debit, credit;
    Str account;
    Rows *rows = db_query(
        ctx, SQL("WITH heap AS (SELECT l.account_id, l.currency,"
                 " COALESCE(l.channel_id, 0) AS channel_id, COALESCE(l.place_id, 0) AS place_id,"
                 " COALESCE(l.cost_centre_id, 0) AS cost_centre_id,"
                 " CASE WHEN l.amount > 0 THEN l.amount ELSE 0 END AS debit,"
                 " CASE WHEN l.amount < 0 THEN -l.amount ELSE 0 END AS credit,"
                 " CASE WHEN l.base > 0 THEN l.base ELSE 0 END AS debit_base,"
                 " CASE WHEN l.base < 0 THEN -l.base ELSE 0 END AS credit_base"
                 " FROM journal_entry e JOIN journal_line l ON l.journal_entry_id = e.id"
                 " WHERE e.entry_date BETWEEN $1 AND $2"
                 " UNION ALL SELECT account_id, currency, channel_id, place_id, cost_centre_id,"
                 " -debit, -credit, -debit_base, -credit_base FROM account_total WHERE month = $3)"
                 " SELECT a.account_code, CAST(sum(h.debit_base) AS BIGINT),"
                 " CAST(sum(h.credit_base) AS BIGINT)"
                 " FROM heap h JOIN account a ON a.id = h.account_id"
                 " GROUP BY a.account_code, h.currency, h.channel_id, h.place_id, h.cost_centre_id"
                 " HAVING sum(h.debit) <> 0 OR sum(h.credit) <> 0 OR sum(h.debit_base) <> 0"
                 " OR sum(h.credit_base) <> 0 ORDER BY a.account_code LIMIT 100",
                 first, date_month_end(first), day.year * 100 + day.month));
    while (rows_next(rows, &account, &debit, &credit))
        verify_found(ctx, run, "ledger.totals",
                     "the total of account " STR_FMT
                     " in %04d-%02d is off by %lld debit, %lld credit",
                     STR_ARG(account), day.year, day.month, (long long)debit, (long long)credit);
    return rows_end(rows);
}

static Status check_days_of(Ctx *ctx, VerifyRun *run, Date first)
{
    int64_t debit, credit;
    Str account;
    Date day;
    Rows *rows = db_query(
        ctx, SQL("WITH heap AS (SELECT e.entry_date AS day, l.account_id,"
                 " COALESCE(l.channel_id, 0) AS channel_id, COALESCE(l.place_id, 0) AS place_id,"
                 " COALESCE(l.cost_centre_id, 0) AS cost_centre_id,"
                 " CASE WHEN l.base > 0 THEN l.base ELSE 0 END AS debit,"
                 " CASE WHEN l.base < 0 THEN -l.base ELSE 0 END AS credit"
                 " FROM journal_entry e JOIN journal_line l ON l.journal_entry_id = e.id"
                 " WHERE e.entry_date BETWEEN $1 AND $2"
                 " UNION ALL SELECT day, account_id, channel_id, place_id, cost_centre_id,"
                 " -debit, -credit FROM account_day WHERE day BETWEEN $1 AND $2)"
                 " SELECT h.day, a.account_code, CAST(sum(h.debit) AS BIGINT),"
                 " CAST(sum(h.credit) AS BIGINT) FROM heap h JOIN account a ON a.id = h.account_id"
                 " GROUP BY h.day, a.account_code, h.channel_id, h.place_id, h.cost_centre_id"
                 " HAVING sum(h.debit) <> 0 OR sum(h.credit) <> 0"
                 " ORDER BY h.day, a.account_code LIMIT 100",
                 first, date_month_end(first)));
    while (rows_next(rows, &day, &account, &debit, &credit))
        verify_found(ctx, run, "ledger.totals",
                     "the total of account " STR_FMT " on " STR_FMT
                     " is off by %lld debit, %lld credit",
                     STR_ARG(account), STR_ARG(date_text(ctx->arena, day)), (long long)debit,
                     (long long)credit);
    return rows_end(rows);
}

// From the first day to the last that has an entry or a total.
static Status check_totals(Ctx *ctx, VerifyRun *run)
{
    Date first, last;
    int64_t first_total, last_total;
    TRY(db_one(ctx,
               SQL("WITH day AS (SELECT entry_date AS day FROM journal_entry"
                   " UNION ALL SELECT day FROM account_day)"
                   " SELECT COALESCE(min(day), 0), COALESCE(max(day), 0) FROM day"),
               &first, &last));
    TRY(db_one(ctx,
               SQL("SELECT COALESCE(min(month), 0), COALESCE(max(month), 0) FROM account_total"),
               &first_total, &last_total));
    if (first_total == 0 && first == 0)
        return OK;
    Date total_from = date_from_ymd((int)(first_total / 100), (int)(first_total % 100), 1);
    Date total_to = date_from_ymd((int)(last_total / 100), (int)(last_total % 100), 1);
    Date from = first && (first < total_from || !total_from) ? first : total_from;
    Date to = last > total_to ? last : total_to;
    for (Date month = date_month_start(from); month <= to; month = date_add_months(month, 1)) {
        TRY(check_month(ctx, run, month));
        TRY(check_days_of(ctx, run, month));
    }
    return OK;
}

// ---- Open items ---------------------------------------------------------------------------------

typedef struct Difference {
    Str account;
    Id party;
    int64_t amount, base;
} Difference;
typedef LIST(Difference) DifferenceList;

static Status read_differences(Ctx *ctx, DifferenceList *ret)
{
    Difference one;
    Rows *rows = db_query(
        ctx,
        SQL("WITH heap AS (SELECT l.account_id, l.party_id, l.currency, l.amount, l.base"
            " FROM journal_line l JOIN account a ON a.id = l.account_id WHERE a.is_open_item = 1"
            " UNION ALL SELECT account_id, party_id, currency, -open, -open_base FROM open_item)"
            " SELECT a.account_code, COALESCE(h.party_id, 0), CAST(sum(h.amount) AS BIGINT),"
            " CAST(sum(h.base) AS BIGINT) FROM heap h JOIN account a ON a.id = h.account_id"
            " GROUP BY a.account_code, h.party_id, h.currency"
            " HAVING sum(h.amount) <> 0 OR sum(h.base) <> 0 ORDER BY a.account_code LIMIT 100"));
    *ret = (DifferenceList){ 0 };
    while (rows_next(rows, &one.account, &one.party, &one.amount, &one.base))
        *list_push(ctx->arena, ret) = one;
    return rows_end(rows);
}

static Status check_balances(Ctx *ctx, VerifyRun *run)
{
    DifferenceList differences;
    TRY(read_differences(ctx, &differences));
    EACH (one, differences) {
        Str party;
        TRY(record_title(ctx, &party_entity, one->party, &party));
        verify_found(ctx, run, "ledger.items",
                     "open items of " STR_FMT " on account " STR_FMT
                     " differ from the books by %lld, in company currency %lld",
                     STR_ARG(party), STR_ARG(one->account), (long long)one->amount,
                     (long long)one->base);
    }
    return OK;
}

static Status check_matches(Ctx *ctx, VerifyRun *run)
{
    Str number;
    int64_t difference;
    Rows *rows = db_query(
        ctx, SQL("SELECT i.number, i.amount - i.open - CAST(COALESCE((SELECT sum(d.amount)"
                 " FROM allocation d WHERE d.debit_item_id = i.id), 0) AS BIGINT)"
                 " + CAST(COALESCE((SELECT sum(c.amount) FROM allocation c"
                 " WHERE c.credit_item_id = i.id), 0) AS BIGINT) AS difference"
                 " FROM open_item i WHERE i.amount - i.open - CAST(COALESCE((SELECT sum(d.amount)"
                 " FROM allocation d WHERE d.debit_item_id = i.id), 0) AS BIGINT)"
                 " + CAST(COALESCE((SELECT sum(c.amount) FROM allocation c"
                 " WHERE c.credit_item_id = i.id), 0) AS BIGINT) <> 0 ORDER BY i.id LIMIT 100"));
    while (rows_next(rows, &number, &difference))
        verify_found(ctx, run, "ledger.items",
                     "what was matched with " STR_FMT " differs from what is open by %lld",
                     STR_ARG(number), (long long)difference);
    return rows_end(rows);
}

static Status check_items(Ctx *ctx, VerifyRun *run)
{
    TRY(check_balances(ctx, run));
    return check_matches(ctx, run);
}

const VerifyCheck ledger_checks[] = {
    { "ledger.entries", "every entry balances", check_entries },
    { "ledger.days", "debit equals credit on every day", check_days },
    { "ledger.totals", "totals of months and days equal the sums of their lines", check_totals },
    { "ledger.items", "open items equal the accounts that are kept by party", check_items },
    { 0 },
};
