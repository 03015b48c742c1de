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

static void line_row(Ctx *ctx, ReportRows *rows, const BookLine *line, Money balance)
{
    ReportCell *cells = report_add_row(ctx, rows);
    bool is_debit = line->base.minor > 0;
    put_number(&cells[0], line->on);
    put_text(&cells[1], line->number);
    put_text(&cells[2], line->wording);
    put_text(&cells[3], line->party);
    put_money(&cells[is_debit ? 4 : 5], (Money){ llabs(line->base.minor) });
    put_money(&cells[6], balance);
    put_text(&cells[7], document_href(ctx, line->source));
}

Status ledger_rows(Ctx *ctx, const void *params, ReportRows *ret)
{
    const AccountParams *asked = params;
    Date from = asked->from_on, to = asked->to_on;
    Money balance;
    BookLineList lines;
    period_defaults(ctx, &from, &to);
    TRY(opening_of(ctx, asked->account, from, &balance));
    TRY(account_lines(ctx, asked->account, from, to, &lines));
    opening_row(ctx, ret, from, balance);
    EACH (line, lines) {
        TRY(money_add(ctx, balance, line->base, &balance));
        line_row(ctx, ret, line, balance);
    }
    ret->is_cut = lines.len == BOOK_LINES_MAX;
    return OK;
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
