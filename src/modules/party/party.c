// party.c - what documents ask about a customer or supplier: one statement a question.
//
// An address may be where invoices go, where goods go, both or neither; where none says so, the
// first one stands for both, so that a party with one address never has to tick anything.
#include "modules/party/party.h"

#include "kernel/db/kept.h"
#include "kernel/entity/memo.h"
#include "kernel/i18n.h"

static const MemoKind facts_memo = { (const EntityDef *const[]){ &party_entity, NULL } };

static Status no_such_party(Ctx *ctx)
{
    return FAIL(ctx, E_NOT_FOUND, "party.not_found", "there is no such customer or supplier");
}

static Status read_facts(Ctx *ctx, Id party, PartyFacts *ret)
{
    PartyFacts facts = { 0 };
    Str status, type;
    bool found;
    Query read =
        SQL("SELECT p.id, p.group_id, p.payment_term_id, p.number, p.name, p.language, p.currency,"
            " p.credit_limit, p.tax_status, p.is_blocked, p.block_reason, p.is_customer,"
            " p.is_supplier, p.account_type, a.country, a.region"
            " FROM party p LEFT JOIN party_address a ON a.id ="
            " (SELECT first.id FROM party_address first WHERE first.party_id = p.id"
            " ORDER BY first.is_billing DESC, first.position LIMIT 1)"
            " WHERE p.id = $1",
            party);
    TRY(kept_maybe(ctx, read, &found, &facts.id, &facts.group, &facts.payment_term, &facts.number,
                   &facts.name, &facts.language, &facts.currency, &facts.credit_limit, &status,
                   &facts.is_blocked, &facts.block_reason, &facts.is_customer, &facts.is_supplier,
                   &type, &facts.country, &facts.region));
    if (!found)
        return no_such_party(ctx);
    facts.tax_status = enum_value(&tax_status_enum, status);
    facts.is_consumer = enum_value(&account_type_enum, type) == ACCOUNT_TYPE_CONSUMER;
    *ret = facts;
    return OK;
}

// A document asks several times over while it is worked out and saved.
Status party_facts(Ctx *ctx, Id party, PartyFacts *ret)
{
    const PartyFacts *known = memo_get(ctx, &facts_memo, 0, party);
    if (!known) {
        PartyFacts *facts = NEW(ctx->arena, PartyFacts);
        TRY(read_facts(ctx, party, facts));
        memo_put(ctx, &facts_memo, 0, party, facts);
        known = facts;
    }
    *ret = *known;
    return OK;
}

Status party_address_find(Ctx *ctx, Id party, bool for_delivery, Postal *ret)
{
    Postal found_address = { 0 };
    bool found;
    Query read =
        SQL("SELECT recipient, street, street2, city, region, postcode, country, phone"
            " FROM party_address WHERE party_id = $1"
            " ORDER BY CASE WHEN $2 = 1 THEN is_delivery ELSE is_billing END DESC, position"
            " LIMIT 1",
            party, for_delivery);
    TRY(kept_maybe(ctx, read, &found, &found_address.recipient, &found_address.street,
                   &found_address.street2, &found_address.city, &found_address.region,
                   &found_address.postcode, &found_address.country, &found_address.phone));
    *ret = found_address;
    return OK;
}

Status party_tax_number(Ctx *ctx, Id party, Str country, Str *ret)
{
    bool found;
    Str number = S("");
    TRY(kept_maybe(ctx,
                   SQL("SELECT number FROM party_tax_id WHERE party_id = $1 AND country = $2"
                       " AND kind <> 'PAN' ORDER BY position LIMIT 1",
                       party, country),
                   &found, &number));
    *ret = found ? number : S("");
    return OK;
}

Status party_due_on(Ctx *ctx, Id payment_term, Date invoiced_on, Date *ret)
{
    int64_t days = 0;
    Str basis = S("");
    bool found = false;
    if (payment_term)
        TRY(kept_maybe(ctx, SQL("SELECT days, basis FROM payment_term WHERE id = $1", payment_term),
                       &found, &days, &basis));
    Date from = enum_value(&term_basis_enum, basis) == TERM_BASIS_MONTH_END
                  ? date_month_end(invoiced_on)
                  : invoiced_on;
    *ret = found ? from + (Date)days : invoiced_on;
    return OK;
}

// ---- Those who do not give a name ---------------------------------------------------------------

static Status make_cash_customer(Ctx *ctx, Str number, Str country, Id *ret)
{
    Party *party = party_new(ctx);
    party->number = number;
    party->name = tr_format(ctx, "Cash customer, %s", str_c(ctx->arena, country));
    party->account_type = ACCOUNT_TYPE_CONSUMER;
    party->is_customer = true;
    party->is_anonymous = true;
    *list_push(ctx->arena, &party->addresses) = (PartyAddress){ .postal = { .country = country } };
    TRY(party_save(ctx, party));
    *ret = party->record.id;
    return OK;
}

Status party_cash_customer(Ctx *ctx, Str country, Id *ret)
{
    Str number = str_format(ctx->arena, "CASH-" STR_FMT, STR_ARG(country));
    Id found;
    if (country.len != 2)
        return FAIL(ctx, E_INVALID, "party.country", "'" STR_FMT "' is no country, like BD",
                    STR_ARG(country));
    TRY(party_find(ctx, "number", number, &found));
    if (!found)
        return make_cash_customer(ctx, number, country, ret);
    *ret = found;
    return OK;
}
