// read.c - a supply plan's input from JSON. Everything that the algorithm takes for granted is
// checked here.
#include "algo/fields.h"
#include "algo/sop/file.h"
#include "base/map.h"

#include <stddef.h>

enum { FIGURE_MAX = 1000000000 };  // of quantities, hours and costs: beyond it, solvers lose digits

typedef struct {
    Ctx *ctx;
    SopInput *input;
    Map periods, plants, items, resources;  // name -> number + 1
} Reader;

typedef struct {
    const Json *periods, *plants, *items, *resources, *makes, *stores, *lanes, *demands, *scenarios;
} Parts;

#define PART(name, wanted)                                                                         \
    {                                                                                              \
#name, FIELD_LIST, offsetof(Parts, name), .is_required = wanted                            \
    }

static const Field part_fields[] = {
    PART(periods, true),    PART(plants, true),
    PART(items, true),      PART(resources, false),
    PART(makes, false),     PART(stores, false),
    PART(lanes, false),     PART(demands, true),
    PART(scenarios, false), { 0 },
};

// ---- Names --------------------------------------------------------------------------------------

static const Json *first_of(const Json *list)
{
    return list ? list->first : NULL;
}

static Status check_count(Ctx *ctx, const char *list, const Json *json, int most, int32_t *ret)
{
    if (json && json->count > (size_t)most)
        return FAIL(ctx, E_LIMIT, "input.rows", "%zu %s are more than the %d that one plan takes",
                    json->count, list, most);
    *ret = json ? (int32_t)json->count : 0;
    return OK;
}

static Status read_names(Reader *reader, const char *list, const Json *json, int most, Map *map,
                         const Str **ret, int32_t *ret_count)
{
    TRY(check_count(reader->ctx, list, json, most, ret_count));
    Str *names = NEW_ARRAY(reader->ctx->arena, Str, json->count);
    FieldPlace place = { list, 0 };
    JSON_EACH (name, json) {
        if (name->type != JSON_STRING || name->text.len == 0)
            return field_fail(reader->ctx, place, "name", "a text is wanted");
        names[place.index] = name->text;
        if (!map_put(map, name->text, (void *)(intptr_t)(place.index + 1)))
            return field_fail(reader->ctx, place, "name", "\"" STR_FMT "\" stands here twice",
                              STR_ARG(name->text));
        place.index++;
    }
    *ret = names;
    return OK;
}

static Status find(const Reader *reader, FieldPlace place, const char *field, const Map *map,
                   Str name, int32_t *ret)
{
    intptr_t found = (intptr_t)map_get(map, name);
    if (!found)
        return field_fail(reader->ctx, place, field, "there is no \"" STR_FMT "\"", STR_ARG(name));
    *ret = (int32_t)found - 1;
    return OK;
}

// As find(); what is absent is all of them, -1.
static Status find_or_all(const Reader *reader, FieldPlace place, const char *field, const Map *map,
                          Str name, int32_t *ret)
{
    *ret = -1;
    return name.len ? find(reader, place, field, map, name, ret) : OK;
}

// ---- Figures by period --------------------------------------------------------------------------

static Status read_figure(const Reader *reader, FieldPlace place, const char *field,
                          const Json *json, double *ret)
{
    if (!field_double(json, ret) || *ret < 0 || *ret > FIGURE_MAX)
        return field_fail(reader->ctx, place, field, "numbers from 0 to %d are wanted", FIGURE_MAX);
    return OK;
}

// One number for all periods, or a list with one for each.
static Status read_by_period(const Reader *reader, FieldPlace place, const char *field,
                             const Json *json, double otherwise, double **ret)
{
    int32_t periods = reader->input->period_count;
    double *values = *ret = NEW_ARRAY(reader->ctx->arena, double, (size_t)periods);
    double all = otherwise;
    if (json && json->type == JSON_ARRAY) {
        if (json->count != (size_t)periods)
            return field_fail(reader->ctx, place, field,
                              "one number for each of %d periods is wanted", periods);
        JSON_EACH (item, json)
            TRY(read_figure(reader, place, field, item, values++));
        return OK;
    }
    if (json)
        TRY(read_figure(reader, place, field, json, &all));
    for (int32_t t = 0; t < periods; t++)
        values[t] = all;
    return OK;
}

// ---- Resources ----------------------------------------------------------------------------------

typedef struct {
    SopResource resource;
    Str plant;
    const Json *hours, *overtime;
} ResourceRow;

static const Field resource_fields[] = {
    { "id", FIELD_TEXT, offsetof(ResourceRow, resource.id), .is_required = true },
    { "plant", FIELD_TEXT, offsetof(ResourceRow, plant), .is_required = true },
    { "hours", FIELD_ANY, offsetof(ResourceRow, hours), .is_required = true },
    { "overtime", FIELD_ANY, offsetof(ResourceRow, overtime) },
    { "overtime_cost", FIELD_DOUBLE, offsetof(ResourceRow, resource.overtime_cost),
      .max = FIGURE_MAX },
    { 0 },
};

static Status read_resources(Reader *reader, const Json *list)
{
    SopInput *input = reader->input;
    TRY(check_count(reader->ctx, "resources", list, SOP_ROWS_MAX, &input->resource_count));
    input->resources = NEW_ARRAY(reader->ctx->arena, SopResource, (size_t)input->resource_count);
    FieldPlace place = { "resources", 0 };
    for (const Json *json = first_of(list); json; json = json->next, place.index++) {
        ResourceRow row = { 0 };
        TRY(fields_read(reader->ctx, place, json, resource_fields, &row));
        TRY(find(reader, place, "plant", &reader->plants, row.plant, &row.resource.plant));
        TRY(read_by_period(reader, place, "hours", row.hours, 0, &row.resource.hours));
        TRY(read_by_period(reader, place, "overtime", row.overtime, 0, &row.resource.overtime));
        input->resources[place.index] = row.resource;
        if (!map_put(&reader->resources, row.resource.id, (void *)(intptr_t)(place.index + 1)))
            return field_fail(reader->ctx, place, "id", "\"" STR_FMT "\" stands here twice",
                              STR_ARG(row.resource.id));
    }
    return OK;
}

// ---- Makes --------------------------------------------------------------------------------------

typedef struct {
    Str resource, item;
    double per_unit;
} PartRow;

static const Field use_fields[] = {
    { "resource", FIELD_TEXT, offsetof(PartRow, resource), .is_required = true },
    { "hours", FIELD_DOUBLE, offsetof(PartRow, per_unit), .is_required = true, .max = FIGURE_MAX },
    { 0 },
};
static const Field take_fields[] = {
    { "item", FIELD_TEXT, offsetof(PartRow, item), .is_required = true },
    { "quantity", FIELD_DOUBLE, offsetof(PartRow, per_unit), .is_required = true,
      .max = FIGURE_MAX },
    { 0 },
};

// Uses (hours of resources) or takes (units of items); each once.
static Status read_parts(const Reader *reader, FieldPlace place, const Json *list, bool is_use,
                         const SopPart **ret, int32_t *ret_count)
{
    *ret_count = list ? (int32_t)list->count : 0;
    SopPart *parts = NEW_ARRAY(reader->ctx->arena, SopPart, (size_t)*ret_count);
    const char *field = is_use ? "uses" : "takes";
    int32_t count = 0;
    for (const Json *json = first_of(list); json; json = json->next) {
        PartRow row = { 0 };
        TRY(fields_read(reader->ctx, place, json, is_use ? use_fields : take_fields, &row));
        SopPart part = { 0, row.per_unit };
        TRY(find(reader, place, field, is_use ? &reader->resources : &reader->items,
                 is_use ? row.resource : row.item, &part.of));
        for (int32_t i = 0; i < count; i++)
            if (parts[i].of == part.of)
                return field_fail(reader->ctx, place, field, "the same stands here twice");
        parts[count++] = part;
    }
    *ret = parts;
    return OK;
}

typedef struct {
    SopMake make;
    Str item, plant;
    const Json *max, *uses, *takes;
} MakeRow;

static const Field make_fields[] = {
    { "item", FIELD_TEXT, offsetof(MakeRow, item), .is_required = true },
    { "plant", FIELD_TEXT, offsetof(MakeRow, plant), .is_required = true },
    { "cost", FIELD_DOUBLE, offsetof(MakeRow, make.cost), .max = FIGURE_MAX },
    { "max", FIELD_ANY, offsetof(MakeRow, max) },
    { "uses", FIELD_LIST, offsetof(MakeRow, uses) },
    { "takes", FIELD_LIST, offsetof(MakeRow, takes) },
    { 0 },
};

static Status read_make(const Reader *reader, FieldPlace place, const Json *json, SopMake *ret)
{
    MakeRow row = { 0 };
    TRY(fields_read(reader->ctx, place, json, make_fields, &row));
    SopMake make = row.make;
    TRY(find(reader, place, "item", &reader->items, row.item, &make.item));
    TRY(find(reader, place, "plant", &reader->plants, row.plant, &make.plant));
    TRY(read_by_period(reader, place, "max", row.max, INFINITY, &make.max));
    TRY(read_parts(reader, place, row.uses, true, &make.uses, &make.use_count));
    TRY(read_parts(reader, place, row.takes, false, &make.takes, &make.take_count));
    for (int32_t i = 0; i < make.use_count; i++)
        if (reader->input->resources[make.uses[i].of].plant != make.plant)
            return field_fail(reader->ctx, place, "uses", "\"" STR_FMT "\" is at another plant",
                              STR_ARG(reader->input->resources[make.uses[i].of].id));
    for (int32_t i = 0; i < make.take_count; i++)
        if (make.takes[i].of == make.item)
            return field_fail(reader->ctx, place, "takes", "an item cannot take itself");
    *ret = make;
    return OK;
}

static Status read_makes(Reader *reader, const Json *list)
{
    SopInput *input = reader->input;
    TRY(check_count(reader->ctx, "makes", list, SOP_ROWS_MAX, &input->make_count));
    input->makes = NEW_ARRAY(reader->ctx->arena, SopMake, (size_t)input->make_count);
    FieldPlace place = { "makes", 0 };
    for (const Json *json = first_of(list); json; json = json->next, place.index++)
        TRY(read_make(reader, place, json, &input->makes[place.index]));
    return OK;
}

// ---- Stores, lanes, demands ---------------------------------------------------------------------

typedef struct {
    Str item, plant, from, to, period;
    SopStore store;
    SopLane lane;
    double quantity;
    const Json *max;
} Row;

#define STORE(name)                                                                                \
    {                                                                                              \
#name, FIELD_DOUBLE, offsetof(Row, store.name), .max = FIGURE_MAX                          \
    }

static const Field store_fields[] = {
    { "item", FIELD_TEXT, offsetof(Row, item), .is_required = true },
    { "plant", FIELD_TEXT, offsetof(Row, plant), .is_required = true },
    STORE(on_hand),
    STORE(holding_cost),
    STORE(safety_stock),
    STORE(max_stock),
    STORE(backlog_cost),
    { 0 },
};
static const Field lane_fields[] = {
    { "item", FIELD_TEXT, offsetof(Row, item), .is_required = true },
    { "from", FIELD_TEXT, offsetof(Row, from), .is_required = true },
    { "to", FIELD_TEXT, offsetof(Row, to), .is_required = true },
    { "cost", FIELD_DOUBLE, offsetof(Row, lane.cost), .max = FIGURE_MAX },
    { "max", FIELD_ANY, offsetof(Row, max) },
    { "lead_periods", FIELD_INT, offsetof(Row, lane.lead_periods), .max = SOP_PERIODS_MAX },
    { 0 },
};
static const Field demand_fields[] = {
    { "item", FIELD_TEXT, offsetof(Row, item), .is_required = true },
    { "plant", FIELD_TEXT, offsetof(Row, plant), .is_required = true },
    { "period", FIELD_TEXT, offsetof(Row, period), .is_required = true },
    { "quantity", FIELD_DOUBLE, offsetof(Row, quantity), .is_required = true, .max = FIGURE_MAX },
    { 0 },
};

static Status read_stores(Reader *reader, const Json *list)
{
    SopInput *input = reader->input;
    Map seen = { .arena = reader->ctx->arena };
    TRY(check_count(reader->ctx, "stores", list, SOP_ROWS_MAX, &input->store_count));
    input->stores = NEW_ARRAY(reader->ctx->arena, SopStore, (size_t)input->store_count);
    FieldPlace place = { "stores", 0 };
    for (const Json *json = first_of(list); json; json = json->next, place.index++) {
        Row row = { .store = { .max_stock = INFINITY, .backlog_cost = -1 } };
        SopStore *store = &input->stores[place.index];
        TRY(fields_read(reader->ctx, place, json, store_fields, &row));
        *store = row.store;
        TRY(find(reader, place, "item", &reader->items, row.item, &store->item));
        TRY(find(reader, place, "plant", &reader->plants, row.plant, &store->plant));
        if (store->safety_stock > store->max_stock)
            return field_fail(reader->ctx, place, "safety_stock", "it is more than max_stock");
        Str pair = { (const char *)&store->item, 2 * sizeof(int32_t) };
        if (!map_put(&seen, pair, store))
            return field_fail(reader->ctx, place, "item", "this plant keeps it already");
    }
    return OK;
}

static Status read_lanes(Reader *reader, const Json *list)
{
    SopInput *input = reader->input;
    TRY(check_count(reader->ctx, "lanes", list, SOP_ROWS_MAX, &input->lane_count));
    input->lanes = NEW_ARRAY(reader->ctx->arena, SopLane, (size_t)input->lane_count);
    FieldPlace place = { "lanes", 0 };
    for (const Json *json = first_of(list); json; json = json->next, place.index++) {
        Row row = { 0 };
        SopLane *lane = &input->lanes[place.index];
        TRY(fields_read(reader->ctx, place, json, lane_fields, &row));
        *lane = row.lane;
        TRY(find(reader, place, "item", &reader->items, row.item, &lane->item));
        TRY(find(reader, place, "from", &reader->plants, row.from, &lane->from));
        TRY(find(reader, place, "to", &reader->plants, row.to, &lane->to));
        TRY(read_by_period(reader, place, "max", row.max, INFINITY, &lane->max));
        if (lane->from == lane->to)
            return field_fail(reader->ctx, place, "to", "a lane leads to another plant");
    }
    return OK;
}

static Status read_demands(Reader *reader, const Json *list)
{
    SopInput *input = reader->input;
    TRY(check_count(reader->ctx, "demands", list, SOP_ROWS_MAX * 10, &input->demand_count));
    input->demands = NEW_ARRAY(reader->ctx->arena, SopDemand, (size_t)input->demand_count);
    FieldPlace place = { "demands", 0 };
    for (const Json *json = first_of(list); json; json = json->next, place.index++) {
        Row row = { 0 };
        SopDemand *demand = &input->demands[place.index];
        TRY(fields_read(reader->ctx, place, json, demand_fields, &row));
        demand->quantity = row.quantity;
        TRY(find(reader, place, "item", &reader->items, row.item, &demand->item));
        TRY(find(reader, place, "plant", &reader->plants, row.plant, &demand->plant));
        TRY(find(reader, place, "period", &reader->periods, row.period, &demand->period));
    }
    return OK;
}

// ---- Scenarios ----------------------------------------------------------------------------------

static const char *const what_words[] = { "demand",        "hours",     "overtime",
                                          "make_max",      "lane_max",  "make_cost",
                                          "overtime_cost", "lane_cost", "holding_cost",
                                          "backlog_cost",  NULL };

typedef struct {
    SopChange change;
    Str item, plant, resource, from, to;
} ChangeRow;

#define CHANGE(member) offsetof(ChangeRow, member)

static const Field change_fields[] = {
    { "what", FIELD_WORD, CHANGE(change.what), .is_required = true, .words = what_words },
    { "item", FIELD_TEXT, CHANGE(item) },
    { "plant", FIELD_TEXT, CHANGE(plant) },
    { "resource", FIELD_TEXT, CHANGE(resource) },
    { "from", FIELD_TEXT, CHANGE(from) },
    { "to", FIELD_TEXT, CHANGE(to) },
    { "factor", FIELD_DOUBLE, CHANGE(change.factor), .max = FIGURE_MAX },
    { "set", FIELD_DOUBLE, CHANGE(change.set), .max = FIGURE_MAX },
    { 0 },
};

static Status read_change(const Reader *reader, FieldPlace place, const Json *json, SopChange *ret)
{
    ChangeRow row = { .change = { .factor = 1, .set = NAN } };
    TRY(fields_read(reader->ctx, place, json, change_fields, &row));
    SopChange change = row.change;
    TRY(find_or_all(reader, place, "item", &reader->items, row.item, &change.item));
    TRY(find_or_all(reader, place, "plant", &reader->plants, row.plant, &change.plant));
    TRY(find_or_all(reader, place, "resource", &reader->resources, row.resource, &change.resource));
    TRY(find_or_all(reader, place, "from", &reader->periods, row.from, &change.from_period));
    TRY(find_or_all(reader, place, "to", &reader->periods, row.to, &change.to_period));
    if (change.what >= SOP_MAKE_COST && (row.from.len || row.to.len))
        return field_fail(reader->ctx, place, "from", "costs are the same in all periods");
    if (change.from_period < 0)
        change.from_period = 0;
    if (change.to_period < 0)
        change.to_period = reader->input->period_count - 1;
    *ret = change;
    return OK;
}

typedef struct {
    Str name;
    const Json *changes;
} ScenarioRow;

static const Field scenario_fields[] = {
    { "name", FIELD_TEXT, offsetof(ScenarioRow, name), .is_required = true },
    { "changes", FIELD_LIST, offsetof(ScenarioRow, changes) },
    { 0 },
};

static Status read_scenario(const Reader *reader, FieldPlace place, const Json *json,
                            SopScenario *ret)
{
    ScenarioRow row = { 0 };
    int32_t count = 0;
    TRY(fields_read(reader->ctx, place, json, scenario_fields, &row));
    TRY(check_count(reader->ctx, "changes", row.changes, SOP_ROWS_MAX, &count));
    SopChange *changes = NEW_ARRAY(reader->ctx->arena, SopChange, (size_t)count);
    FieldPlace at = { "changes", 0 };
    for (const Json *change = first_of(row.changes); change; change = change->next, at.index++)
        TRY(read_change(reader, at, change, &changes[at.index]));
    *ret = (SopScenario){ row.name, changes, (size_t)count };
    return OK;
}

// Without any, there is one that changes nothing.
static Status read_scenarios(Reader *reader, const Json *list)
{
    static const SopScenario only = { .name = { "plan", 4 } };
    SopInput *input = reader->input;
    TRY(check_count(reader->ctx, "scenarios", list, SOP_SCENARIOS_MAX, &input->scenario_count));
    input->scenarios = &only;
    if (input->scenario_count == 0) {
        input->scenario_count = 1;
        return OK;
    }
    SopScenario *scenarios =
        NEW_ARRAY(reader->ctx->arena, SopScenario, (size_t)input->scenario_count);
    FieldPlace place = { "scenarios", 0 };
    JSON_EACH (json, list) {
        TRY(read_scenario(reader, place, json, &scenarios[place.index]));
        place.index++;
    }
    input->scenarios = scenarios;
    return OK;
}

Status sop_read(Ctx *ctx, Str text, SopInput *ret)
{
    const Json *json;
    Parts parts = { 0 };
    SopInput input = { 0 };
    Reader reader = { ctx,
                      &input,
                      { .arena = ctx->arena },
                      { .arena = ctx->arena },
                      { .arena = ctx->arena },
                      { .arena = ctx->arena } };
    TRY(json_parse(ctx, text, &json));
    TRY(fields_read(ctx, (FieldPlace){ "the file", -1 }, json, part_fields, &parts));
    TRY(read_names(&reader, "periods", parts.periods, SOP_PERIODS_MAX, &reader.periods,
                   &input.periods, &input.period_count));
    if (input.period_count == 0)
        return field_fail(ctx, (FieldPlace){ "the file", -1 }, "periods", "at least one is wanted");
    TRY(read_names(&reader, "plants", parts.plants, SOP_ROWS_MAX, &reader.plants, &input.plants,
                   &input.plant_count));
    TRY(read_names(&reader, "items", parts.items, SOP_ROWS_MAX, &reader.items, &input.items,
                   &input.item_count));
    TRY(read_resources(&reader, parts.resources));
    TRY(read_makes(&reader, parts.makes));
    TRY(read_stores(&reader, parts.stores));
    TRY(read_lanes(&reader, parts.lanes));
    TRY(read_demands(&reader, parts.demands));
    TRY(read_scenarios(&reader, parts.scenarios));
    *ret = input;
    return OK;
}
