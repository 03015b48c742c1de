// period.c - fiscal years and their months. A month is open, closing (only those who close the
// books may still post) or locked. A year opens itself with the first posting into it, so that
// nobody has to remember to make one: at most one year ahead, and never before a month that is
// locked.
#include "modules/ledger/inside.h"

#include "kernel/auth/actor.h"
#include "kernel/db/kept.h"
#include "kernel/entity/memo.h"
#include "kernel/i18n.h"

// ---- May it be posted? --------------------------------------------------------------------------

// What the books say of a day: the month it is in, and how many behind it are locked.
typedef struct Month {
    bool is_there;
    Date starts_on, ends_on;
    PeriodState state;
    int64_t locked_behind;
} Month;

// Months are parts of their year.
static const MemoKind months_memo = { (const EntityDef *const[]){ &fiscal_year_entity, NULL } };

static bool may_post_into(const Ctx *ctx, PeriodState state)
{
    return state == PERIOD_STATE_OPEN ||
           (state == PERIOD_STATE_SOFT && actor_may(ctx->actor, "ledger.close"));
}

static Status read_month(Ctx *ctx, Date on, Month *ret)
{
    Str state;
    TRY(kept_maybe(ctx,
                   SQL("SELECT state, starts_on, ends_on FROM period WHERE starts_on <= $1"
                       " ORDER BY starts_on DESC LIMIT 1",
                       on),
                   &ret->is_there, &state, &ret->starts_on, &ret->ends_on));
    ret->is_there = ret->is_there && ret->ends_on >= on;
    if (ret->is_there)
        ret->state = (PeriodState)enum_value(&period_state_enum, state);
    bool found;
    return kept_maybe(
        ctx, SQL("SELECT count(*) FROM period WHERE starts_on > $1 AND state = 'locked'", on),
        &found, &ret->locked_behind);
}

// What holds for a day holds for all of its month.
static Status month_of(Ctx *ctx, Date on, Month *ret)
{
    Date key = date_month_start(on);
    const Month *known = memo_get(ctx, &months_memo, 0, key);
    if (!known || !known->is_there || on < known->starts_on || on > known->ends_on) {
        Month *month = NEW(ctx->arena, Month);
        TRY(read_month(ctx, on, month));
        memo_put(ctx, &months_memo, 0, key, month);
        known = month;
    }
    *ret = *known;
    return OK;
}

// A year that is not there yet can be opened: not far ahead, and not behind a lock.
static bool may_open_year(const Ctx *ctx, const Month *month, Date on)
{
    Date ahead = date_add_months(tenant_fiscal_start(ctx, tenant_today(ctx)), 24);
    return on > 0 && on < ahead && month->locked_behind == 0;
}

static bool takes_postings(const Ctx *ctx, const Month *month, Date on)
{
    return month->is_there ? may_post_into(ctx, month->state) : may_open_year(ctx, month, on);
}

Status ledger_open_day(Ctx *ctx, Date on, Date *ret)
{
    Month month;
    bool found;
    Date next;
    TRY(month_of(ctx, on, &month));
    *ret = on;
    if (takes_postings(ctx, &month, on))
        return OK;
    TRY(db_maybe(ctx,
                 SQL("SELECT starts_on FROM period WHERE starts_on > $1"
                     " AND (state = 'open' OR (state = 'soft' AND $2 = 1))"
                     " ORDER BY starts_on LIMIT 1",
                     on, may_post_into(ctx, PERIOD_STATE_SOFT)),
                 &found, &next));
    if (!found) {
        TRY(db_one(ctx, SQL("SELECT COALESCE(max(ends_on), 0) FROM period"), &next));
        next++;
    }
    if (next <= on)
        return FAIL(ctx, E_CONFLICT, "ledger.too_far", "the books are not open for " STR_FMT " yet",
                    STR_ARG(show_date_long(ctx, on)));
    *ret = next;
    return OK;
}

static Status refuse(Ctx *ctx, Date on, PeriodState state)
{
    Date next;
    TRY(ledger_open_day(ctx, on, &next));
    if (state == PERIOD_STATE_SOFT)
        return FAIL(ctx, E_CONFLICT, "ledger.period_locked",
                    "the month of " STR_FMT " is being closed; the next open day is " STR_FMT,
                    STR_ARG(show_date_long(ctx, on)), STR_ARG(show_date_long(ctx, next)));
    return FAIL(ctx, E_CONFLICT, "ledger.period_locked",
                "the books are locked on " STR_FMT "; the next open day is " STR_FMT,
                STR_ARG(show_date_long(ctx, on)), STR_ARG(show_date_long(ctx, next)));
}

Status ledger_day_open(Ctx *ctx, Date on)
{
    Month month;
    TRY(month_of(ctx, on, &month));
    return takes_postings(ctx, &month, on) ? OK : refuse(ctx, on, month.state);
}

Status period_enter(Ctx *ctx, Date on)
{
    Month month;
    TRY(month_of(ctx, on, &month));
    if (month.is_there)
        return takes_postings(ctx, &month, on) ? OK : refuse(ctx, on, month.state);
    return fiscal_year_open(ctx, on);
}

// ---- Years --------------------------------------------------------------------------------------

static void add_months(Ctx *ctx, FiscalYear *year)
{
    for (Date start = year->starts_on; start <= year->ends_on;) {
        Date end = date_month_end(start);
        end = end < year->ends_on ? end : year->ends_on;
        *list_push(ctx->arena, &year->periods) =
            (Period){ .starts_on = start, .ends_on = end, .state = PERIOD_STATE_OPEN };
        start = end + 1;
    }
}

Status fiscal_year_check(Ctx *ctx, void *record, const void *before)
{
    FiscalYear *year = record;
    Str other;
    bool found;
    if (before)
        return OK;
    TRY(db_maybe(ctx,
                 SQL("SELECT name FROM fiscal_year WHERE starts_on <= $2 AND ends_on >= $1"
                     " AND id <> $3 LIMIT 1",
                     year->starts_on, year->ends_on, year->record.id),
                 &found, &other));
    if (found)
        ctx_problem(ctx, S("starts_on"), "ledger.year_overlaps", "it overlaps with " STR_FMT,
                    STR_ARG(other));
    if (year->ends_on >= date_add_months(year->starts_on, 24))
        ctx_problem(ctx, S("ends_on"), "ledger.year_long",
                    "a fiscal year is shorter than two years");
    TRY(ctx_problems(ctx));
    if (year->periods.len == 0)
        add_months(ctx, year);
    return OK;
}

static Str year_name(Ctx *ctx, Date start, Date end)
{
    int from = date_ymd(start).year, to = date_ymd(end).year;
    return from == to ? str_format(ctx->arena, "%d", from)
                      : str_format(ctx->arena, "%d-%02d", from, to % 100);
}

Status fiscal_year_open(Ctx *ctx, Date on)
{
    Month month;
    FiscalYear *year = fiscal_year_new(ctx);
    TRY(month_of(ctx, on, &month));
    if (!may_open_year(ctx, &month, on))
        return refuse(ctx, on, PERIOD_STATE_LOCKED);
    year->starts_on = tenant_fiscal_start(ctx, on);
    year->ends_on = date_add_months(year->starts_on, 12) - 1;
    year->name = year_name(ctx, year->starts_on, year->ends_on);
    return fiscal_year_save(ctx, year);
}

// ---- Closing, locking, opening again ------------------------------------------------------------

static Status set_months(Ctx *ctx, FiscalYear *year, Date from, Date until, PeriodState state)
{
    bool any = false;
    EACH (month, year->periods)
        if (month->starts_on >= from && month->ends_on <= until) {
            month->state = state;
            any = true;
        }
    if (!any)
        return FAIL(ctx, E_INVALID, "ledger.no_month",
                    STR_FMT " has no whole month there; say the last day of a month",
                    STR_ARG(year->name));
    return OK;
}

Status months_close(Ctx *ctx, void *record, const void *input)
{
    FiscalYear *year = record;
    return set_months(ctx, year, year->starts_on, ((const MonthsInput *)input)->until,
                      PERIOD_STATE_SOFT);
}

// What waits to be posted there could never be posted again.
static Status no_drafts(Ctx *ctx, Date until)
{
    int64_t drafts;
    TRY(db_one(ctx,
               SQL("SELECT count(*) FROM voucher WHERE state = 'draft' AND archived = 0"
                   " AND entry_date <= $1",
                   until),
               &drafts));
    if (drafts)
        return FAIL(ctx, E_CONFLICT, "ledger.drafts_left",
                    "%lld journal vouchers up to that day are not posted yet", (long long)drafts);
    return OK;
}

Status months_lock(Ctx *ctx, void *record, const void *input)
{
    FiscalYear *year = record;
    Date until = ((const MonthsInput *)input)->until;
    TRY(no_drafts(ctx, until));
    return set_months(ctx, year, year->starts_on, until, PERIOD_STATE_LOCKED);
}

Status months_reopen(Ctx *ctx, void *record, const void *input)
{
    FiscalYear *year = record;
    return set_months(ctx, year, ((const ReopenInput *)input)->from_on, year->ends_on,
                      PERIOD_STATE_OPEN);
}
