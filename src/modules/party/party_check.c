// party_check.c - what must hold of a party beyond what its declaration says: tax numbers that have
// the form of their kind, and at most one address for invoices and one for goods.
#include "modules/party/party_check.h"

#include "kernel/entity/formats.h"

#include <ctype.h>

// Kinds whose numbers have a check digit or a fixed form. Of other numbers only the characters are
// looked at: each country has its own rules and changes them.
typedef struct TaxKind {
    const char *kind, *country, *format;
} TaxKind;
static const TaxKind tax_kinds[] = {
    { "GSTIN", "IN", "gstin" },
    { "PAN", "IN", "pan" },
};

static const TaxKind *tax_kind_named(Str kind)
{
    for (size_t i = 0; i < COUNT(tax_kinds); i++)
        if (str_is(kind, tax_kinds[i].kind))
            return &tax_kinds[i];
    return NULL;
}

// As authorities print them: capitals, without blanks and marks.
static Str plain_number(Arena *arena, Str number)
{
    char *kept = arena_alloc(arena, number.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < number.len; i++)
        if (!strchr(" .-/", number.ptr[i]))
            kept[n++] = (char)toupper((unsigned char)number.ptr[i]);
    return (Str){ kept, n };
}

static bool is_plain(Str number)
{
    for (size_t i = 0; i < number.len; i++)
        if (!isalnum((unsigned char)number.ptr[i]))
            return false;
    return number.len >= 4;
}

static bool is_country_code(Str code)
{
    return code.len == 2 && isupper((unsigned char)code.ptr[0]) &&
           isupper((unsigned char)code.ptr[1]);
}

static void check_tax_id(Ctx *ctx, size_t at, PartyTaxId *id)
{
    const TaxKind *kind = tax_kind_named(id->kind);
    Str path = str_format(ctx->arena, "tax_ids[%zu].number", at);
    id->number = plain_number(ctx->arena, id->number);
    if (!is_country_code(id->country))
        ctx_problem(ctx, str_format(ctx->arena, "tax_ids[%zu].country", at), "party.country",
                    "a country has two capital letters, like BD");
    else if (kind && !str_is(id->country, kind->country))
        ctx_problem(ctx, path, "party.tax_country", "a %s is given in %s only", kind->kind,
                    kind->country);
    else if (kind && !format_named(kind->format)->matches(id->number))
        ctx_problem(ctx, path, "party.tax_number", "%s",
                    ctx_text(ctx, format_named(kind->format)->hint));
    else if (!kind && !is_plain(id->number))
        ctx_problem(ctx, path, "party.tax_number",
                    "a tax number has at least 4 letters and digits");
}

static void check_addresses(Ctx *ctx, PartyAddressList *addresses)
{
    int billing = 0, delivery = 0;
    for (size_t i = 0; i < addresses->len; i++) {
        PartyAddress *a = &addresses->items[i];
        if (a->is_billing && ++billing == 2)
            ctx_problem(ctx, str_format(ctx->arena, "addresses[%zu].is_billing", i),
                        "party.two_billing", "only one address can be the one for invoices");
        if (a->is_delivery && ++delivery == 2)
            ctx_problem(ctx, str_format(ctx->arena, "addresses[%zu].is_delivery", i),
                        "party.two_delivery", "only one address can be the one for deliveries");
        if (a->postal.country.len && !is_country_code(a->postal.country))
            ctx_problem(ctx, str_format(ctx->arena, "addresses[%zu].country", i), "party.country",
                        "a country has two capital letters, like BD");
    }
}

Status party_check(Ctx *ctx, void *record, const void *before)
{
    Party *party = record;
    (void)before;
    for (size_t i = 0; i < party->tax_ids.len; i++)
        check_tax_id(ctx, i, &party->tax_ids.items[i]);
    check_addresses(ctx, &party->addresses);
    if (party->credit_limit.known && party->credit_limit.value.minor < 0)
        ctx_problem(ctx, S("credit_limit"), "party.credit_limit",
                    "a credit limit is not below zero");
    return ctx_problems(ctx);
}
