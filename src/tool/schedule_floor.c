// schedule_floor.c - Entrepot's own form of a job shop: work centres with calendars and set-ups,
// jobs with dates and weights. `entrepot-schedule --help` shows it. Work centres and families have
// names; whatever is absent is harmless: always open, no set-up, any time, weight 1.
#include "tool/schedule_shop.h"

enum { SETUP_CELLS_MAX = 20000000 };  // of the tables of all work centres

typedef struct Floor {
    Map centres, families;  // name to its number + 1
    JobShopMachine *machines;
    ShopDraft draft;
    LIST(Str) job_names;
    LIST(Str) operation_names;
} Floor;

static int number_of(const Map *map, Str name)
{
    return (int)(intptr_t)map_get(map, name) - 1;
}

static int number_for(Map *map, Str name)
{
    map_put(map, name, (void *)(intptr_t)(map->len + 1));
    return number_of(map, name);
}

// A whole number from 0, or what it is when absent.
static Status read_time(Ctx *ctx, const Json *object, const char *key, int64_t *target)
{
    const Json *value = json_get(object, key);
    if (!value || value->type == JSON_NULL)
        return OK;
    if (!json_int(value, target) || *target < 0 || *target > JOBSHOP_TIME_MAX)
        return FAIL(ctx, E_INVALID, "schedule.file", "%s is not a whole number from 0 to %lld", key,
                    (long long)JOBSHOP_TIME_MAX);
    return OK;
}

// Text, or a number as text.
static Str name_in(const Json *object, const char *key)
{
    const Json *value = json_get(object, key);
    bool is_name = value && (value->type == JSON_STRING || value->type == JSON_NUMBER);
    return is_name ? value->text : S("");
}

// ---- Calendars: {"period": n, "open": [[from, to], ...]} ----------------------------------------

static int by_from(const void *a, const void *b)
{
    const CalendarStretch *x = a, *y = b;
    return x->from < y->from ? -1 : x->from > y->from;
}

// Ascending, and what touches or overlaps made one.
static int join_stretches(CalendarStretch *stretch, int count)
{
    int joined = 0;
    qsort(stretch, (size_t)count, sizeof *stretch, by_from);
    for (int i = 0; i < count; i++) {
        if (joined && stretch[i].from <= stretch[joined - 1].to) {
            if (stretch[i].to > stretch[joined - 1].to)
                stretch[joined - 1].to = stretch[i].to;
        } else {
            stretch[joined++] = stretch[i];
        }
    }
    return joined;
}

static Status read_calendar(Ctx *ctx, const Json *json, const Calendar **ret)
{
    const Json *open = json_get(json, "open");
    int64_t period = 0;
    int count = 0;
    TRY(read_time(ctx, json, "period", &period));
    if (!open || open->type != JSON_ARRAY || open->count > CALENDAR_STRETCHES_MAX)
        return FAIL(ctx, E_INVALID, "schedule.file", "a calendar wants open, at most %d [from, to]",
                    CALENDAR_STRETCHES_MAX);
    CalendarStretch *stretch = NEW_ARRAY(ctx->arena, CalendarStretch, open->count + 1);
    JSON_EACH (item, open) {
        CalendarStretch *s = stretch + count++;
        if (item->type != JSON_ARRAY || item->count != 2 || !json_int(item->first, &s->from) ||
            !json_int(item->first->next, &s->to) || s->from < 0 || s->to <= s->from ||
            s->to > JOBSHOP_TIME_MAX)
            return FAIL(ctx, E_INVALID, "schedule.file",
                        "open stretch %d is not [from, to] with 0 <= from < to", count);
    }
    Calendar *calendar = NEW(ctx->arena, Calendar);
    TRY(calendar_make(ctx, stretch, join_stretches(stretch, count), period, calendar));
    *ret = calendar;
    return OK;
}

// ---- Set-ups: {"start": family, "default": n, "times": [[from, to, n], ...]} --------------------
// They are read in two rounds: first all families of the file get their numbers, then the tables
// are made.

static Status name_setup_families(Ctx *ctx, const Json *setup, Floor *floor)
{
    const Json *times = json_get(setup, "times");
    Str start = name_in(setup, "start");
    if (start.len)
        number_for(&floor->families, start);
    if (!times)
        return OK;
    if (times->type != JSON_ARRAY)
        return FAIL(ctx, E_INVALID, "schedule.file", "the times of a set-up are a list");
    JSON_EACH (item, times) {
        if (item->type != JSON_ARRAY || item->count != 3 || item->first->type != JSON_STRING ||
            item->first->next->type != JSON_STRING)
            return FAIL(ctx, E_INVALID, "schedule.file",
                        "a set-up time is [from family, to family, time]");
        number_for(&floor->families, item->first->text);
        number_for(&floor->families, item->first->next->text);
    }
    return OK;
}

static Status read_setup(Ctx *ctx, const Json *setup, Floor *floor, JobShopMachine *machine)
{
    size_t families = floor->families.len;
    int64_t *table = NEW_ARRAY(ctx->arena, int64_t, families * families);
    int64_t by_default = 0;
    TRY(read_time(ctx, setup, "default", &by_default));
    for (size_t i = 0; i < families * families; i++)
        table[i] = i / families == i % families ? 0 : by_default;
    const Json *times = json_get(setup, "times");
    for (const Json *item = times ? times->first : NULL; item; item = item->next) {
        size_t from = (size_t)number_of(&floor->families, item->first->text);
        size_t to = (size_t)number_of(&floor->families, item->first->next->text);
        if (!json_int(item->first->next->next, &table[from * families + to]))
            return FAIL(ctx, E_INVALID, "schedule.file", "a set-up time is no whole number");
    }
    Str start = name_in(setup, "start");
    machine->first_family = start.len ? number_of(&floor->families, start) : -1;
    machine->setup = table;
    return OK;
}

// ---- Work centres -------------------------------------------------------------------------------

static Status read_centre(Ctx *ctx, const Json *json, Floor *floor)
{
    Str id = name_in(json, "id");
    const Json *calendar = json_get(json, "calendar"), *setup = json_get(json, "setup");
    JobShopMachine *machine = floor->machines + floor->centres.len;
    machine->first_family = -1;
    if (id.len == 0)
        return FAIL(ctx, E_INVALID, "schedule.file", "work centre %zu has no id",
                    floor->centres.len + 1);
    if (!map_put(&floor->centres, id, (void *)(intptr_t)(floor->centres.len + 1)))
        return FAIL(ctx, E_INVALID, "schedule.file", "there are two work centres " STR_FMT,
                    STR_ARG(id));
    if (calendar && calendar->type != JSON_NULL)
        TRY(read_calendar(ctx, calendar, &machine->calendar));
    return setup ? name_setup_families(ctx, setup, floor) : OK;
}

static Status read_centres(Ctx *ctx, const Json *list, Floor *floor)
{
    if (list->type != JSON_ARRAY || list->count == 0 || list->count > JOBSHOP_MACHINES_MAX)
        return FAIL(ctx, E_INVALID, "schedule.file", "work_centres is a list of 1 to %d",
                    JOBSHOP_MACHINES_MAX);
    floor->machines = NEW_ARRAY(ctx->arena, JobShopMachine, list->count);
    JSON_EACH (item, list)
        TRY(read_centre(ctx, item, floor));
    return OK;
}

static Status read_setups(Ctx *ctx, const Json *centres, Floor *floor)
{
    if (floor->families.len > JOBSHOP_FAMILIES_MAX)
        return FAIL(ctx, E_INVALID, "schedule.file", "there are more than %d families",
                    JOBSHOP_FAMILIES_MAX);
    JobShopMachine *machine = floor->machines;
    size_t cells = 0;
    JSON_EACH (item, centres) {
        const Json *setup = json_get(item, "setup");
        cells += setup ? floor->families.len * floor->families.len : 0;
        if (cells > SETUP_CELLS_MAX)
            return FAIL(ctx, E_INVALID, "schedule.file",
                        "the set-ups of all work centres have more than %d times", SETUP_CELLS_MAX);
        if (setup)
            TRY(read_setup(ctx, setup, floor, machine));
        machine++;
    }
    return OK;
}

// ---- Jobs ---------------------------------------------------------------------------------------

static Status read_alternative(Ctx *ctx, const Json *json, Floor *floor)
{
    Str id = name_in(json, "work_centre");
    int machine = number_of(&floor->centres, id);
    int64_t duration = -1;
    if (machine < 0)
        return FAIL(ctx, E_INVALID, "schedule.file", "there is no work centre \"" STR_FMT "\"",
                    STR_ARG(id));
    TRY(read_time(ctx, json, "duration", &duration));
    if (duration < 0)
        return FAIL(ctx, E_INVALID, "schedule.file", "an operation on " STR_FMT " wants a duration",
                    STR_ARG(id));
    return draft_option(ctx, &floor->draft, machine, duration);
}

// One alternative may stand in the operation itself.
static Status read_operation(Ctx *ctx, const Json *json, Floor *floor)
{
    const Json *alternatives = json_get(json, "alternatives");
    TRY(draft_operation(ctx, &floor->draft));
    JobShopOperation *operation = list_end(floor->draft.operations) - 1;
    Str family = name_in(json, "family");
    *(Str *)list_push(ctx->arena, &floor->operation_names) = name_in(json, "id");
    operation->is_whole = json_true(json, "whole");
    operation->family = family.len ? number_for(&floor->families, family) : -1;
    if (!alternatives)
        return read_alternative(ctx, json, floor);
    if (alternatives->type != JSON_ARRAY || alternatives->count == 0)
        return FAIL(ctx, E_INVALID, "schedule.file", "alternatives are a list of at least one");
    JSON_EACH (item, alternatives)
        TRY(read_alternative(ctx, item, floor));
    return OK;
}

static Status read_job(Ctx *ctx, const Json *json, Floor *floor)
{
    const Json *operations = json_get(json, "operations");
    TRY(draft_job(ctx, &floor->draft));
    JobShopJob *job = list_end(floor->draft.jobs) - 1;
    *(Str *)list_push(ctx->arena, &floor->job_names) = name_in(json, "id");
    TRY(read_time(ctx, json, "release", &job->release));
    TRY(read_time(ctx, json, "due", &job->due));
    TRY(read_time(ctx, json, "priority", &job->weight));
    TRY(read_time(ctx, json, "weight", &job->weight));
    if (!operations || operations->type != JSON_ARRAY)
        return FAIL(ctx, E_INVALID, "schedule.file", "job %zu has no list of operations",
                    floor->draft.jobs.len);
    JSON_EACH (item, operations)
        TRY(read_operation(ctx, item, floor));
    return OK;
}

// Work without a family is one of its own: the one behind those with names.
static void number_families(Floor *floor, JobShop *shop)
{
    int nameless = number_for(&floor->families, S(""));
    shop->families = (int)floor->families.len;
    EACH (operation, floor->draft.operations)
        operation->family = operation->family < 0 ? nameless : operation->family;
}

static Status read_goal(Ctx *ctx, const Json *json, JobShopGoal *ret)
{
    Str goal = json_str(json, "minimise");
    if (goal.len && !str_is(goal, "makespan") && !str_is(goal, "tardiness"))
        return FAIL(ctx, E_INVALID, "schedule.file",
                    "minimise is \"makespan\" or \"tardiness\", not \"" STR_FMT "\"",
                    STR_ARG(goal));
    *ret = str_is(goal, "tardiness") ? JOBSHOP_TARDINESS : JOBSHOP_MAKESPAN;
    return OK;
}

static Str *names_of(Arena *arena, const Map *map)
{
    Str *names = NEW_ARRAY(arena, Str, map->len + 1);
    memcpy(names, map->keys, map->len * sizeof *names);
    return names;
}

Status schedule_read_floor(Ctx *ctx, const Json *json, ScheduleTask *ret)
{
    const Json *centres = json_get(json, "work_centres"), *jobs = json_get(json, "jobs");
    Floor floor = { .centres.arena = ctx->arena,
                    .families.arena = ctx->arena,
                    .draft.arena = ctx->arena };
    if (!jobs || jobs->type != JSON_ARRAY)
        return FAIL(ctx, E_INVALID, "schedule.file", "there is no list of jobs");
    TRY(read_centres(ctx, centres, &floor));
    JSON_EACH (item, jobs)
        TRY(read_job(ctx, item, &floor));
    JobShop shop = { 0 };
    number_families(&floor, &shop);
    TRY(read_setups(ctx, centres, &floor));
    int families = shop.families;
    floor.draft.machines = (int)centres->count;
    draft_finish(&floor.draft, &shop);
    shop.families = families;
    shop.machine = floor.machines;
    TRY(read_goal(ctx, json, &shop.goal));
    ret->shop = shop;
    ret->machine_name = names_of(ctx->arena, &floor.centres);
    ret->job_name = floor.job_names.items;
    ret->operation_name = floor.operation_names.items;
    return OK;
}
