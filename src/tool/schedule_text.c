// schedule_text.c - job shops as classical texts: a line "jobs machines", then a line for each job.
// A job of a plain job shop is pairs "machine duration". A job of a flexible one (Brandimarte's
// form) starts with how many operations it has; each is how many alternatives, then these pairs.
//
// Lines with anything that is no number are remarks. The form is told by the lines themselves; if
// both would do, it is the plain one. Machines count from 1 when one of them has the number of all
// and none is 0, from 0 otherwise; flexible ones only from 0 when one of them is 0.
#include "tool/schedule_shop.h"

typedef LIST(int64_t) Numbers;

typedef struct Line {
    size_t number;  // in the file, from 1
    Numbers numbers;
} Line;

typedef struct Text {
    int64_t jobs, machines;
    LIST(Line) lines;  // one for each job
} Text;

static bool read_numbers(Arena *arena, Str text, Numbers *ret)
{
    Str word;
    *ret = (Numbers){ 0 };
    while (str_next_word(&text, &word)) {
        int64_t n;
        if (!str_int(word, &n))
            return false;
        *(int64_t *)list_push(arena, ret) = n;
    }
    return ret->len > 0;
}

// "jobs machines", and perhaps a mean number of alternatives, whole or not.
static bool read_header(Str text, Text *ret)
{
    Str jobs, machines, mean, more;
    return str_next_word(&text, &jobs) && str_next_word(&text, &machines) &&
           !(str_next_word(&text, &mean) && str_next_word(&text, &more)) &&
           str_int(jobs, &ret->jobs) && str_int(machines, &ret->machines) && ret->jobs > 0 &&
           ret->machines > 0;
}

static Status read_lines(Ctx *ctx, Str text, Text *ret)
{
    Str line;
    bool has_header = false;
    for (size_t number = 1; str_next(&text, '\n', &line); number++) {
        Str trimmed = str_trim(line);
        Numbers numbers;
        if (!has_header) {
            has_header = read_header(trimmed, ret);
            continue;
        }
        if (!read_numbers(ctx->arena, trimmed, &numbers) || (int64_t)ret->lines.len == ret->jobs)
            continue;
        Line *row = list_push(ctx->arena, &ret->lines);
        *row = (Line){ number, numbers };
    }
    if (!has_header)
        return FAIL(ctx, E_INVALID, "schedule.file", "there is no line \"jobs machines\"");
    if ((int64_t)ret->lines.len < ret->jobs)
        return FAIL(ctx, E_INVALID, "schedule.file", "there are %zu lines of jobs, not %lld",
                    ret->lines.len, (long long)ret->jobs);
    if (ret->jobs > JOBSHOP_OPERATIONS_MAX || ret->machines > JOBSHOP_MACHINES_MAX)
        return FAIL(ctx, E_INVALID, "schedule.file",
                    "%lld jobs on %lld machines are more than %d on %d", (long long)ret->jobs,
                    (long long)ret->machines, JOBSHOP_OPERATIONS_MAX, JOBSHOP_MACHINES_MAX);
    return OK;
}

// ---- Telling the forms apart --------------------------------------------------------------------

static bool is_machine(const Text *text, int64_t machine)
{
    return machine >= 0 && machine <= text->machines;
}

static bool is_plain(const Text *text, const Line *line)
{
    if (line->numbers.len % 2)
        return false;
    for (size_t i = 0; i < line->numbers.len; i += 2)
        if (!is_machine(text, line->numbers.items[i]))
            return false;
    return true;
}

static bool is_flexible(const Text *text, const Line *line)
{
    const Numbers *n = &line->numbers;
    size_t at = 1;
    for (int64_t operations = n->items[0]; operations > 0; operations--) {
        if (at >= n->len || n->items[at] < 1 || n->items[at] > text->machines)
            return false;
        for (int64_t o = n->items[at++]; o > 0; o--, at += 2)
            if (at + 1 >= n->len || !is_machine(text, n->items[at]))
                return false;
    }
    return at == n->len && n->items[0] >= 0;
}

// Whether all lines have the form; if not, `ret_line` is the first that has not.
static bool all_are(const Text *text, bool (*form)(const Text *text, const Line *line),
                    size_t *ret_line)
{
    EACH (line, text->lines)
        if (!form(text, line)) {
            *ret_line = line->number;
            return false;
        }
    return true;
}

// ---- Reading jobs -------------------------------------------------------------------------------

static Status read_plain(Ctx *ctx, const Line *line, ShopDraft *draft)
{
    TRY(draft_job(ctx, draft));
    for (size_t i = 0; i < line->numbers.len; i += 2) {
        TRY(draft_operation(ctx, draft));
        TRY(draft_option(ctx, draft, line->numbers.items[i], line->numbers.items[i + 1]));
    }
    return OK;
}

static Status read_alternatives(Ctx *ctx, const Line *line, ShopDraft *draft)
{
    const int64_t *n = line->numbers.items + 1;
    TRY(draft_job(ctx, draft));
    for (int64_t operations = line->numbers.items[0]; operations > 0; operations--) {
        TRY(draft_operation(ctx, draft));
        for (int64_t o = *n++; o > 0; o--, n += 2)
            TRY(draft_option(ctx, draft, n[0], n[1]));
    }
    return OK;
}

// Brings machines that count from 1 down by one.
static Status renumber(Ctx *ctx, const Text *text, ShopDraft *draft, bool is_flexible,
                       ScheduleTask *ret)
{
    bool has_zero = false, has_last = false;
    EACH (option, draft->options) {
        has_zero |= option->machine == 0;
        has_last |= option->machine == text->machines;
    }
    if (has_zero && has_last)
        return FAIL(ctx, E_INVALID, "schedule.file",
                    "machines are numbered from 0 to %lld: one too many",
                    (long long)text->machines);
    ret->first_number = !has_zero && (has_last || is_flexible);
    EACH (option, draft->options)
        option->machine -= ret->first_number;
    draft->machines = (int)text->machines;
    return OK;
}

Status schedule_read_text(Ctx *ctx, Str text, ScheduleTask *ret)
{
    Text read = { 0 };
    ShopDraft draft = { .arena = ctx->arena };
    size_t bad_line = 0, worse_line = 0;
    TRY(read_lines(ctx, text, &read));
    bool plain = all_are(&read, is_plain, &bad_line);
    if (!plain && !all_are(&read, is_flexible, &worse_line))
        return FAIL(
            ctx, E_INVALID, "schedule.file",
            "line %zu is neither pairs \"machine duration\" nor operations with alternatives",
            bad_line > worse_line ? bad_line : worse_line);
    EACH (line, read.lines)
        TRY(plain ? read_plain(ctx, line, &draft) : read_alternatives(ctx, line, &draft));
    TRY(renumber(ctx, &read, &draft, !plain, ret));
    draft_finish(&draft, &ret->shop);
    return OK;
}
