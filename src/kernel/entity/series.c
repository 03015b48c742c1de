// series.c - numbers of documents: "SO-{fy}-{00000}" becomes "SO-26-00017".
//
// A counter is a row that is raised in the transaction that uses the number. In a lane nothing runs
// beside it, so a gapless series has no holes: if the posting fails, the counter goes back with it.
#include "kernel/entity/record.h"

#include "base/buf.h"
#include "gen/kernel.gen.h"
#include "kernel/db/kept.h"
#include "kernel/entity/memo.h"
#include "kernel/tenant.h"

typedef struct Pattern {
    Str text;
    Str period;  // the dated parts, filled in: the counter starts again when this changes
    int digits;  // of the counter
} Pattern;

static Status put_dated(Ctx *ctx, Buf *out, Str word, Date on, bool *ret_known)
{
    Ymd day = date_ymd(on);
    *ret_known = true;
    if (str_is(word, "fy"))
        buf_put(out, tenant_fiscal_name(ctx, on));
    else if (str_is(word, "yyyy"))
        buf_printf(out, "%04d", day.year);
    else if (str_is(word, "yy"))
        buf_printf(out, "%02d", day.year % 100);
    else if (str_is(word, "mm"))
        buf_printf(out, "%02d", day.month);
    else
        *ret_known = false;
    return OK;
}

static bool is_counter(Str word)
{
    for (size_t i = 0; i < word.len; i++)
        if (word.ptr[i] != '0')
            return false;
    return word.len > 0 && word.len <= 12;
}

// Writes the pattern with its dated parts filled in and its counter as \1, so that the number can
// be set in afterwards; that text is also the counter's period.
static Status expand(Ctx *ctx, Str text, Date on, Pattern *ret)
{
    Buf out = { .arena = ctx->arena };
    *ret = (Pattern){ .text = text };
    while (text.len) {
        ptrdiff_t open = str_find_char(text, '{'), close = str_find_char(text, '}');
        if (open < 0 || close < open)
            break;
        Str word = str_sub(text, (size_t)open + 1, (size_t)(close - open - 1));
        bool known = false;
        buf_put(&out, str_sub(text, 0, (size_t)open));
        if (is_counter(word) && ret->digits == 0) {
            ret->digits = (int)word.len;
            buf_char(&out, '\1');
        } else {
            TRY(put_dated(ctx, &out, word, on, &known));
            if (!known)
                return FAIL(ctx, E_INVALID, "series.pattern",
                            "{" STR_FMT
                            "} means nothing in a number: use {fy} {yyyy} {yy} {mm} {0000}",
                            STR_ARG(word));
        }
        text = str_from_at(text, (size_t)close + 1);
    }
    buf_put(&out, text);
    ret->period = buf_str(&out);
    if (ret->digits == 0)
        return FAIL(ctx, E_INVALID, "series.no_counter", "the pattern needs a counter like {0000}");
    return OK;
}

Status series_check(Ctx *ctx, Str pattern)
{
    Pattern expanded;
    return expand(ctx, pattern, tenant_today(ctx), &expanded);
}

static const MemoKind patterns_memo = { (const EntityDef *const[]){ &number_series_entity, NULL } };

static Status pattern_of(Ctx *ctx, const EntityDef *e, const FieldDef *f, Str *ret)
{
    bool found;
    int64_t of = (intptr_t)e, key = (intptr_t)f;
    const Str *known = memo_get(ctx, &patterns_memo, of, key);
    if (!known) {
        Str *pattern = NEW(ctx->arena, Str);
        TRY(kept_maybe(ctx,
                       SQL("SELECT pattern FROM number_series WHERE entity = $1 AND field = $2",
                           e->name, f->name),
                       &found, pattern));
        if (!found)
            *pattern = str_from(f->more->series);
        memo_put(ctx, &patterns_memo, of, key, pattern);
        known = pattern;
    }
    *ret = *known;
    return OK;
}

// Raises the counter by `count`; *ret is the first number that was not drawn before.
static Status raise_counter(Ctx *ctx, const EntityDef *e, const char *field, Str period,
                            int64_t count, int64_t *ret)
{
    Str series = str_format(ctx->arena, "%s.%s", e->name, field);
    bool is_begun;
    // Not one INSERT ... RETURNING: SQLite makes a table of what returns, dearer than the rest.
    TRY(db_write(ctx, SQL("UPDATE number_counter SET last = last + $3"
                          " WHERE series = $1 AND period = $2",
                          series, period, count)));
    TRY(db_maybe(
        ctx,
        SQL("SELECT last FROM number_counter WHERE series = $1 AND period = $2", series, period),
        &is_begun, ret));
    if (!is_begun) {
        *ret = count;
        TRY(db_write(ctx, SQL("INSERT INTO number_counter (series, period, last)"
                              " VALUES ($1, $2, $3)",
                              series, period, count)));
    }
    *ret -= count - 1;
    return OK;
}

static Str number_text(Ctx *ctx, const Pattern *pattern, int64_t number)
{
    ptrdiff_t at = str_find_char(pattern->period, '\1');
    return str_format(ctx->arena, STR_FMT "%0*lld" STR_FMT,
                      STR_ARG(str_sub(pattern->period, 0, (size_t)at)), pattern->digits,
                      (long long)number, STR_ARG(str_from_at(pattern->period, (size_t)at + 1)));
}

Status numbers_draw(Ctx *ctx, const EntityDef *e, const char *field, const Date *on, size_t count,
                    Str *ret)
{
    const FieldDef *f = entity_field(e, str_from(field));
    Pattern *patterns = NEW_ARRAY(ctx->arena, Pattern, count);
    Str text;
    TRY(pattern_of(ctx, e, f, &text));
    for (size_t i = 0; i < count; i++)
        TRY(expand(ctx, text, on[i], &patterns[i]));
    for (size_t i = 0, run; i < count; i += run) {
        int64_t number;
        for (run = 1; i + run < count; run++)
            if (!str_eq(patterns[i + run].period, patterns[i].period))
                break;
        TRY(raise_counter(ctx, e, field, patterns[i].period, (int64_t)run, &number));
        for (size_t j = i; j < i + run; j++)
            ret[j] = number_text(ctx, &patterns[j], number++);
    }
    return OK;
}

Status number_draw(Ctx *ctx, const EntityDef *e, const char *field, Date on, Str *ret)
{
    return numbers_draw(ctx, e, field, &on, 1, ret);
}
