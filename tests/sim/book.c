// book.c - what bookkeepers do: supplier bills, vouchers and their reversal, months locked and
// opened again, exchange rates.
#include "sim/sim.h"

#include "base/buf.h"
#include "gen/billing.gen.h"
#include "kernel/entity/access.h"

static Status bill_comes(Sim *sim, Ctx *ctx, Random *chance)
{
    int64_t supplier = sim_roll(chance, SIM_SUPPLIERS), cents = 1 + sim_roll(chance, 90000);
    int64_t theirs = sim_roll(chance, 1000000), quantity = 1 + sim_roll(chance, 9);
    const char *on = sim_date(ctx, sim_day(ctx, chance));
    Id bill;
    Str json = str_format(ctx->arena,
                          "{\"supplier\":\"%s\",\"their_number\":\"S-%lld\",\"currency\":\"%s\","
                          "\"bill_date\":\"%s\",\"lines\":[{\"name\":\"Goods\",\"quantity\":"
                          "\"%lld\",\"price\":\"%lld.%02lld\"}]}",
                          sim_id(ctx, sim->world.suppliers[supplier]), (long long)theirs,
                          supplier ? "EUR" : "GBP", on, (long long)quantity, (long long)cents / 100,
                          (long long)cents % 100);
    TRY(sim_create(ctx, &bill_entity, json, &bill));
    return sim_one_in(chance, 8) ? OK : sim_act(ctx, &bill_entity, bill, "post", S(""));
}

// ---- Vouchers -----------------------------------------------------------------------------------

static const char *some_account(Random *chance)
{
    static const char *const codes[] = { "1100", "1110", "3100", "6100", "6300", "4210", "5300" };
    return codes[sim_roll(chance, COUNT(codes))];
}

static Status voucher_writes(Sim *sim, Ctx *ctx, Random *chance)
{
    int64_t cents = 1 + sim_roll(chance, 500000), off = sim_one_in(chance, 12);
    int64_t other = cents + off;
    const char *debit = some_account(chance), *credit = some_account(chance);
    const char *currency = sim_one_in(chance, 4) ? "EUR" : "GBP";
    const char *on = sim_date(ctx, sim_day(ctx, chance));
    Id voucher;
    Str json = str_format(ctx->arena,
                          "{\"entry_date\":\"%s\",\"currency\":\"%s\",\"wording\":\"by hand\","
                          "\"lines\":[{\"account\":{\"account_code\":\"%s\"},"
                          "\"debit\":\"%lld.%02lld\"},{\"account\":{\"account_code\":\"%s\"},"
                          "\"credit\":\"%lld.%02lld\"}]}",
                          on, currency, debit, (long long)cents / 100, (long long)cents % 100,
                          credit, (long long)other / 100, (long long)other % 100);
    TRY(sim_create(ctx, &voucher_entity, json, &voucher));
    sim_made(sim, SIM_VOUCHERS, voucher);
    return sim_one_in(chance, 6) ? OK : sim_act(ctx, &voucher_entity, voucher, "post", S(""));
}

static Status voucher_goes_on(Sim *sim, Ctx *ctx, Random *chance)
{
    Id voucher = sim_recent(sim, SIM_VOUCHERS, chance);
    bool posts = sim_one_in(chance, 3);
    const char *on = sim_date(ctx, sim_day(ctx, chance));
    if (!voucher)
        return OK;
    if (posts)
        return sim_act(ctx, &voucher_entity, voucher, "post", S(""));
    return sim_act(ctx, &voucher_entity, voucher, "reverse",
                   str_format(ctx->arena, "{\"on\":\"%s\"}", on));
}

// ---- Months -------------------------------------------------------------------------------------

static Status months_turn(Sim *sim, Ctx *ctx, Random *chance)
{
    Date today = tenant_today(ctx), last = date_month_end(date_add_months(today, -2));
    bool opens = sim_one_in(chance, 3);
    Id year;
    bool found;
    (void)sim;
    TRY(db_maybe(ctx,
                 SQL("SELECT id FROM fiscal_year WHERE starts_on <= $1 AND ends_on >= $1", last),
                 &found, &year));
    if (!found)
        return OK;
    if (opens)
        return sim_act(ctx, &fiscal_year_entity, year, "reopen",
                       str_format(ctx->arena,
                                  "{\"from_on\":\"%s\",\"reason_code\":\"mistake\","
                                  "\"reason_words\":\"one more\"}",
                                  sim_date(ctx, date_add_months(last, -3))));
    return sim_act(ctx, &fiscal_year_entity, year, sim_one_in(chance, 2) ? "lock" : "close",
                   str_format(ctx->arena, "{\"until\":\"%s\"}", sim_date(ctx, last)));
}

static Status rate_changes(Sim *sim, Ctx *ctx, Random *chance)
{
    int64_t more = sim_roll(chance, 2000);
    Id rate;
    (void)sim;
    return sim_create(ctx, &fx_rate_entity,
                      str_format(ctx->arena,
                                 "{\"currency\":\"EUR\",\"rate\":\"-1.%04lld\","
                                 "\"valid_from\":\"%s\"}",
                                 (long long)(1000 + more), sim_date(ctx, tenant_today(ctx))),
                      &rate);
}

const SimKind sim_booking[] = {
    { "bill", 20, bill_comes, false },        { "voucher", 20, voucher_writes, false },
    { "reverse", 8, voucher_goes_on, false }, { "months", 3, months_turn, false },
    { "rate", 4, rate_changes, false },       { 0 },
};
