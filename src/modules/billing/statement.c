// statement.c - a customer's statement of account on paper: what was invoiced and what was paid
// since the fiscal year began, the balance after each, and how old what is open is.
#include "kernel/pdf.h"

#include "kernel/i18n.h"
#include "kernel/tenant.h"
#include "modules/billing/inside.h"

static Str base_money(const Ctx *ctx, Money amount)
{
    return show_money((Ctx *)ctx, amount, ctx->tenant->base);
}

static Status heads(Ctx *ctx, Pdf *pdf, const Party *party, Date from, Date until)
{
    Postal to;
    TRY(party_address_find(ctx, party->record.id, false, &to));
    Str town = str_trim(
        str_format(ctx->arena, STR_FMT " " STR_FMT, STR_ARG(to.postcode), STR_ARG(to.city)));
    const Str lines[] = { tr(ctx, "For"), party->name, to.street, to.street2, town, to.country };
    pdf_sides_begin(pdf, (double[]){ 1, 1 }, 2);
    pdf_address(pdf, lines, COUNT(lines));
    pdf_sides_next(pdf);
    pdf_fact(pdf, tr(ctx, "Customer"), party->number, PDF_MONO);
    pdf_fact(pdf, tr(ctx, "From"), show_date_long(ctx, from), PDF_BODY);
    pdf_fact(pdf, tr(ctx, "Through"), show_date_long(ctx, until), PDF_BODY);
    pdf_fact(pdf, tr(ctx, "Currency"), currency_text(&ctx->tenant->base), PDF_BODY);
    pdf_sides_end(pdf);
    pdf_space(pdf, 7);
    return OK;
}

static Status rows(Ctx *ctx, Pdf *pdf, const Party *party, Date from, Date until, Money *balance)
{
    // clang-format off
    static const PdfColumn columns[] = {
        { "Date",     18, PDF_START, PDF_BODY },
        { "Document", 34, PDF_START, PDF_MONO },
        { "Due",      16, PDF_START, PDF_BODY },
        { "Amount",   16, PDF_END,   PDF_BODY },
        { "Balance",  16, PDF_END,   PDF_BOLD },
    };
    // clang-format on
    BookLineList lines;
    TRY(receivable_before(ctx, party->record.id, from, balance));
    TRY(receivable_lines(ctx, party->record.id, from, until, &lines));
    pdf_table_begin(pdf, columns, COUNT(columns));
    const Str opening[] = { show_date_long(ctx, from), tr(ctx, "Opening balance"), S(""), S(""),
                            base_money(ctx, *balance) };
    pdf_table_row(pdf, opening);
    EACH (line, lines) {
        TRY(money_add(ctx, *balance, line->base, balance));
        const Str cells[] = { show_date_long(ctx, line->on), line->document,
                              line->due_on ? show_date(ctx, line->due_on) : S(""),
                              base_money(ctx, line->base), base_money(ctx, *balance) };
        pdf_table_row(pdf, cells);
    }
    pdf_table_end(pdf);
    return OK;
}

static Status ages(Ctx *ctx, Pdf *pdf, const Party *party, Date until)
{
    static const char *const names[AGE_COUNT] = { TEXT("Not due"), TEXT("1 to 30 days late"),
                                                  TEXT("31 to 60 days late"),
                                                  TEXT("61 to 90 days late"),
                                                  TEXT("Over 90 days late") };
    PartyAgeList all;
    TRY(receivable_ages(ctx, until, &all));
    EACH (one, all)
        for (int i = 0; one->party == party->record.id && i < AGE_COUNT; i++)
            if (one->age[i].minor)
                pdf_total(pdf, tr(ctx, names[i]), base_money(ctx, one->age[i]), false);
    return OK;
}

Status statement_draw(Ctx *ctx, const void *record, Str *ret_pdf)
{
    const Party *party = record;
    Date until = tenant_today(ctx), from = tenant_fiscal_start(ctx, until);
    Money balance;
    Str kind = tr(ctx, "Statement of account");
    Str title = str_format(ctx->arena, STR_FMT " " STR_FMT, STR_ARG(kind), STR_ARG(party->number));
    Pdf *pdf = pdf_new(ctx, PDF_A4, title, paper_language(ctx));
    pdf_head(pdf, ctx->tenant->name, title);
    pdf_footer(pdf, setting_text(ctx, "billing.footer"));
    paper_letterhead(ctx, pdf, kind);
    TRY(heads(ctx, pdf, party, from, until));
    TRY(rows(ctx, pdf, party, from, until, &balance));
    pdf_space(pdf, 3);
    TRY(ages(ctx, pdf, party, until));
    pdf_total(pdf, tr_format(ctx, "Balance %s", ctx->tenant->base.code), base_money(ctx, balance),
              true);
    return pdf_finish(pdf, ret_pdf);
}
