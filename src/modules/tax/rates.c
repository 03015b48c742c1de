// rates.c - the classes, places and rates that a new company starts with, by its country. Rates are
// facts with a date and a law, so that a document of any day is taxed as it was then. Countries
// that are not here start with classes and without rates: a person enters them.
#include "modules/tax/rates.h"

#include "kernel/i18n.h"
#include "kernel/tenant.h"
#include "modules/tax/tax.h"

enum { STANDARD, REDUCED, ZERO, LUXURY, CLASSES };

typedef struct RateRow {
    const char *country;
    int tax_class;
    int32_t rate;  // millionths
    int year, month, day;
    const char *law;
} RateRow;

static const char merit[] = "Notification 1/2017-Central Tax (Rate)";
static const char reform[] = "Notification 9/2025-Central Tax (Rate)";

// clang-format off
static const RateRow rates[] = {
    { "GB", STANDARD, 175000, 1991,  4,  1, "VAT Act 1994" },
    { "GB", STANDARD, 150000, 2008, 12,  1, "SI 2008/3020" },
    { "GB", STANDARD, 175000, 2010,  1,  1, "VAT Act 1994" },
    { "GB", STANDARD, 200000, 2011,  1,  4, "Finance (No. 2) Act 2010" },
    { "GB", REDUCED,   50000, 1997,  9,  1, "VAT Act 1994, schedule 7A" },
    { "GB", ZERO,          0, 1973,  4,  1, "VAT Act 1994, schedule 8" },
    { "DE", STANDARD, 190000, 2007,  1,  1, "UStG, section 12(1)" },
    { "DE", STANDARD, 160000, 2020,  7,  1, "UStG, section 28(1)" },
    { "DE", STANDARD, 190000, 2021,  1,  1, "UStG, section 12(1)" },
    { "DE", REDUCED,   70000, 1983,  7,  1, "UStG, section 12(2)" },
    { "DE", REDUCED,   50000, 2020,  7,  1, "UStG, section 28(2)" },
    { "DE", REDUCED,   70000, 2021,  1,  1, "UStG, section 12(2)" },
    { "DE", ZERO,          0, 1968,  1,  1, "UStG, section 4" },
    { "FR", STANDARD, 200000, 2014,  1,  1, "CGI, article 278" },
    { "FR", REDUCED,   55000, 2014,  1,  1, "CGI, article 278-0 bis" },
    { "ES", STANDARD, 210000, 2012,  9,  1, "Ley 37/1992, article 90" },
    { "ES", REDUCED,  100000, 2012,  9,  1, "Ley 37/1992, article 91" },
    { "IT", STANDARD, 220000, 2013, 10,  1, "DPR 633/1972, article 16" },
    { "IT", REDUCED,  100000, 1995,  2, 24, "DPR 633/1972, article 16" },
    { "NL", STANDARD, 210000, 2012, 10,  1, "Wet OB 1968, article 9" },
    { "NL", REDUCED,   90000, 2019,  1,  1, "Wet OB 1968, article 9" },
    { "BD", STANDARD, 150000, 2019,  7,  1, "VAT and SD Act 2012, section 15" },
    { "BD", ZERO,          0, 2019,  7,  1, "VAT and SD Act 2012, section 21" },
    { "IN", STANDARD, 180000, 2017,  7,  1, merit },
    { "IN", REDUCED,   50000, 2017,  7,  1, merit },
    { "IN", ZERO,          0, 2017,  7,  1, "Notification 2/2017-Central Tax (Rate)" },
    { "IN", LUXURY,   280000, 2017,  7,  1, merit },
    { "IN", LUXURY,   400000, 2025,  9, 22, reform },
};
static const struct { const char *name, *indian; } classes[CLASSES] = {
    [STANDARD] = { TEXT("Standard"), TEXT("GST 18 %") },
    [REDUCED]  = { TEXT("Reduced"),  TEXT("GST 5 %") },
    [ZERO]     = { TEXT("Zero"),     TEXT("Nil rated") },
    [LUXURY]   = { NULL,             TEXT("GST 40 %, formerly 28 %") },
};
// clang-format on

static bool is_indian(const Ctx *ctx)
{
    return str_is(ctx->tenant->country, "IN");
}

static Status add_classes(Ctx *ctx, Id *ret)
{
    for (int i = 0; i < CLASSES; i++) {
        const char *name = is_indian(ctx) ? classes[i].indian : classes[i].name;
        ret[i] = 0;
        if (!name)
            continue;
        TaxClass *added = tax_class_new(ctx);
        added->name = tr(ctx, name);
        added->is_default = i == STANDARD;
        TRY(tax_class_save(ctx, added));
        ret[i] = added->record.id;
    }
    return OK;
}

static Status add_rate(Ctx *ctx, const RateRow *row, Id tax_class, Id place, TaxComponent component,
                       TaxScope scope, int32_t rate)
{
    TaxRate *added = tax_rate_new(ctx);
    added->tax_class = tax_class;
    added->place = place;
    added->component = component;
    added->scope = scope;
    added->rate.micro = rate;
    added->law = str_from(row->law);
    added->valid_from = date_from_ymd(row->year, row->month, row->day);
    return tax_rate_save(ctx, added);
}

// Half to the centre and half to the state inside one state, all of it to the centre between two.
static Status add_indian(Ctx *ctx, const RateRow *row, Id tax_class, Id place)
{
    TRY(add_rate(ctx, row, tax_class, place, TAX_COMPONENT_CGST, TAX_SCOPE_WITHIN, row->rate / 2));
    TRY(add_rate(ctx, row, tax_class, place, TAX_COMPONENT_SGST, TAX_SCOPE_WITHIN, row->rate / 2));
    return add_rate(ctx, row, tax_class, place, TAX_COMPONENT_IGST, TAX_SCOPE_BETWEEN, row->rate);
}

static Status add_home(Ctx *ctx, Id *ret)
{
    TaxPlace *place = tax_place_new(ctx);
    place->place_code = ctx->tenant->country;
    place->name = ctx->tenant->country;
    place->has_regions = is_indian(ctx);
    TRY(tax_place_save(ctx, place));
    *ret = place->record.id;
    return OK;
}

Status rates_install(Ctx *ctx)
{
    Id class_ids[CLASSES], home;
    TRY(add_classes(ctx, class_ids));
    TRY(add_home(ctx, &home));
    for (size_t i = 0; i < COUNT(rates); i++) {
        const RateRow *row = &rates[i];
        Id tax_class = class_ids[row->tax_class];
        if (!str_is(ctx->tenant->country, row->country))
            continue;
        TRY(is_indian(ctx)
                ? add_indian(ctx, row, tax_class, home)
                : add_rate(ctx, row, tax_class, home, TAX_COMPONENT_VAT, TAX_SCOPE_ANY, row->rate));
    }
    return OK;
}
