// total.c - what accounts came to, kept in the transaction that posts: by month in account_total,
// by day in account_day. A balance takes whole months from the one and the days of the month that
// has begun from the other (reading.c), so it depends neither on the number of entries nor on the
// day.
//
// What the lines of one call add is collected here first and written once: a thousand entries to
// the same accounts raise each total by one statement.
#include "modules/ledger/inside.h"

// Keys of both maps: no padding, so that their bytes can be compared.
typedef struct TotalKey {
    Id account, channel, place, cost_centre;
    int64_t span;  // the month as 202604, or the day
    int64_t currency;
} TotalKey;

int64_t total_month(Date date)
{
    Ymd day = date_ymd(date);
    return day.year * 100 + day.month;
}

static TotalKey key_of(const JournalLine *line, int64_t span)
{
    const Dimensions *d = &line->dimensions;
    return (TotalKey){ line->account, d->channel, d->place, d->cost_centre, span, 0 };
}

// What the map has under the key, or a new struct of `size` bytes under a copy of it.
static void *entry_of(Ctx *ctx, Map *map, const TotalKey *key, size_t size)
{
    Str name = { (const char *)key, sizeof *key };
    void *found = map_get(map, name);
    if (found)
        return found;
    map->arena = ctx->arena;
    found = arena_alloc(ctx->arena, size);
    map_put(map, str_copy(ctx->arena, name), found);
    return found;
}

static Status raise(Ctx *ctx, Money amount, Money *debit, Money *credit)
{
    Money *side = amount.minor > 0 ? debit : credit;
    return money_add(ctx, *side, (Money){ llabs(amount.minor) }, side);
}

static Status add_to_month(Ctx *ctx, TotalBook *book, const JournalLine *line, Date on)
{
    TotalKey key = key_of(line, total_month(on));
    memcpy(&key.currency, line->currency.code, sizeof line->currency.code);
    AccountTotal *total = entry_of(ctx, &book->months, &key, sizeof *total);
    total->account = key.account;
    total->month = key.span;
    total->currency = line->currency;
    total->channel = key.channel;
    total->place = key.place;
    total->cost_centre = key.cost_centre;
    TRY(raise(ctx, line->amount, &total->debit, &total->credit));
    return raise(ctx, line->base, &total->debit_base, &total->credit_base);
}

static Status add_to_day(Ctx *ctx, TotalBook *book, const JournalLine *line, Date on)
{
    TotalKey key = key_of(line, on);
    AccountDay *total = entry_of(ctx, &book->days, &key, sizeof *total);
    total->day = on;
    total->account = key.account;
    total->channel = key.channel;
    total->place = key.place;
    total->cost_centre = key.cost_centre;
    return raise(ctx, line->base, &total->debit, &total->credit);
}

Status totals_add(Ctx *ctx, TotalBook *book, const JournalLine *line, Date on)
{
    TRY(add_to_month(ctx, book, line, on));
    return add_to_day(ctx, book, line, on);
}

// ---- Writing ------------------------------------------------------------------------------------

static Status write_month(Ctx *ctx, const AccountTotal *t)
{
    return db_write(
        ctx, SQL("INSERT INTO account_total (account_id, month, currency, channel_id, place_id,"
                 " cost_centre_id, debit, credit, debit_base, credit_base)"
                 " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
                 " ON CONFLICT (account_id, month, currency, channel_id, place_id,"
                 " cost_centre_id) DO UPDATE SET"
                 " debit = account_total.debit + excluded.debit,"
                 " credit = account_total.credit + excluded.credit,"
                 " debit_base = account_total.debit_base + excluded.debit_base,"
                 " credit_base = account_total.credit_base + excluded.credit_base",
                 t->account, t->month, t->currency, t->channel, t->place, t->cost_centre, t->debit,
                 t->credit, t->debit_base, t->credit_base));
}

static Status write_day(Ctx *ctx, const AccountDay *t)
{
    return db_write(ctx, SQL("INSERT INTO account_day (day, account_id, channel_id, place_id,"
                             " cost_centre_id, debit, credit) VALUES ($1, $2, $3, $4, $5, $6, $7)"
                             " ON CONFLICT (day, account_id, channel_id, place_id, cost_centre_id)"
                             " DO UPDATE SET debit = account_day.debit + excluded.debit,"
                             " credit = account_day.credit + excluded.credit",
                             t->day, t->account, t->channel, t->place, t->cost_centre, t->debit,
                             t->credit));
}

Status totals_write(Ctx *ctx, const TotalBook *book)
{
    for (size_t i = 0; i < book->months.len; i++)
        TRY(write_month(ctx, book->months.values[i]));
    for (size_t i = 0; i < book->days.len; i++)
        TRY(write_day(ctx, book->days.values[i]));
    return OK;
}

// ---- Companies that were there before days were kept --------------------------------------------

const Migration ledger_migrations[] = {
    { "ledger", 1, "day_totals",
      "INSERT INTO account_day (day, account_id, channel_id, place_id, cost_centre_id, debit,"
      " credit) SELECT e.entry_date, l.account_id, COALESCE(l.channel_id, 0),"
      " COALESCE(l.place_id, 0), COALESCE(l.cost_centre_id, 0),"
      " CAST(sum(CASE WHEN l.base > 0 THEN l.base ELSE 0 END) AS BIGINT),"
      " CAST(sum(CASE WHEN l.base < 0 THEN -l.base ELSE 0 END) AS BIGINT)"
      " FROM journal_entry e JOIN journal_line l ON l.journal_entry_id = e.id"
      " GROUP BY 1, 2, 3, 4, 5;",
      false },
    { 0 },
};
