// account_report.c - the general ledger: every line of one account in a period with the running
// balance, each leading to the document it was posted for.
#include "kernel/i18n.h"
#include "modules/finance/inside.h"

static Status opening_of(Ctx *ctx, Id account, Date from, Money *ret)
{
    AccountSumList sums;
    *ret = (Money){ 0 };
    TRY(account_sums(ctx, &(SumQuestion){ .before = from }, &sums));
    EACH (sum, sums)
        if (sum->account == account)
            ret->minor = sum->debit.minor - sum->credit.minor;
    return OK;
}

static void opening_row(Ctx *ctx, ReportRows *rows, Date from, Money opening)
{
    ReportCell *cells = report_add_row(ctx, rows);
    put_number(&cells[0], from);
    put_text(&cells[2], tr(ctx, "Opening balance"));
    put_money(&cells[6], opening);
}

typedef struct LineRow {
    Date on;
    Str number, entry_words, line_words, party, source_kind;
    Id source;
    Money base;
} LineRow;

static void line_row(Ctx *ctx, ReportRows *rows, const LineRow *line, Money balance)
{
    ReportCell *cells = report_add_row(ctx, rows);
    bool is_debit = line->base.minor > 0;
    put_number(&cells[0], line->on);
    put_text(&cells[1], line->number);
    put_text(&cells[2], line->line_words.len ? line->line_words : line->entry_words);
    put_text(&cells[3], line->party);
    put_money(&cells[is_debit ? 4 : 5], (Money){ llabs(line->base.minor) });
    put_money(&cells[6], balance);
    put_text(&cells[7], document_href(ctx, line->source_kind, line->source));
}

Status ledger_rows(Ctx *ctx, const void *params, ReportRows *ret)
{
    const AccountParams *asked = params;
    Date from = asked->from_on, to = asked->to_on;
    Money balance;
    LineRow line;
    period_defaults(ctx, &from, &to);
    TRY(opening_of(ctx, asked->account, from, &balance));
    opening_row(ctx, ret, from, balance);
    Rows *rows = db_query(
        ctx, SQL("SELECT e.entry_date, e.number, e.wording, l.wording, COALESCE(p.name, ''),"
                 " e.source_kind, e.source_id, l.base"
                 " FROM journal_line l JOIN journal_entry e ON e.id = l.journal_entry_id"
                 " LEFT JOIN party p ON p.id = l.party_id"
                 " WHERE l.account_id = $1 AND e.entry_date BETWEEN $2 AND $3"
                 " ORDER BY e.entry_date, l.id LIMIT 50001",
                 asked->account, from, to));
    while (rows_next(rows, &line.on, &line.number, &line.entry_words, &line.line_words, &line.party,
                     &line.source_kind, &line.source, &line.base)) {
        if (ret->rows.len >= REPORT_ROWS_MAX) {
            ret->is_cut = true;
            break;
        }
        TRY(money_add(ctx, balance, line.base, &balance));
        line_row(ctx, ret, &line, balance);
    }
    return ret->is_cut ? OK : rows_end(rows);
}

const ReportColumn ledger_columns[] = {
    { "entry_date", "Date", REPORT_DATE },
    { "number", "Entry", REPORT_TEXT, .drill = "{href}" },
    { "wording", "Wording", REPORT_TEXT },
    { "party", "Customer or supplier", REPORT_TEXT },
    { "debit", "Debit", REPORT_MONEY, .is_sum = true },
    { "credit", "Credit", REPORT_MONEY, .is_sum = true },
    { "balance", "Balance", REPORT_MONEY },
    { "href", "", REPORT_HREF },
    { 0 },
};
