// read.c - a material plan's input from JSON. Everything that the algorithm takes for granted is
// checked here: names that lead somewhere, quantities and days in their ranges.
#include "algo/fields.h"
#include "algo/mrp/file.h"
#include "base/map.h"

#include <stddef.h>

#define UNITS(n) ((int64_t)(n)*MICRO)

typedef struct {
    Ctx *ctx;
    MrpInput *input;
    Map items, calendars;  // by id
} Reader;

typedef struct {
    Date start;
    int32_t days;
    const Json *calendars, *items, *lines, *demands, *receipts;
} Parts;

static const Field part_fields[] = {
    { "start", FIELD_DATE, offsetof(Parts, start), .is_required = true },
    { "days", FIELD_INT, offsetof(Parts, days), .min = 1, .max = MRP_DAYS_MAX },
    { "calendars", FIELD_LIST, offsetof(Parts, calendars) },
    { "items", FIELD_LIST, offsetof(Parts, items), .is_required = true },
    { "lines", FIELD_LIST, offsetof(Parts, lines) },
    { "demands", FIELD_LIST, offsetof(Parts, demands) },
    { "receipts", FIELD_LIST, offsetof(Parts, receipts) },
    { 0 },
};

static Status check_count(Ctx *ctx, const char *list, const Json *json, size_t most, int32_t *ret)
{
    *ret = 0;
    if (json && json->count > most)
        return FAIL(ctx, E_LIMIT, "input.rows", "%zu %s are more than the %zu that one plan takes",
                    json->count, list, most);
    *ret = json ? (int32_t)json->count : 0;
    return OK;
}

// The place in `rows` of what has this id.
static Status find(const Reader *reader, FieldPlace place, const char *field, const Map *map,
                   const void *rows, size_t size, Str id, int32_t *ret)
{
    const char *row = map_get(map, id);
    if (!row)
        return field_fail(reader->ctx, place, field, "there is no \"" STR_FMT "\"", STR_ARG(id));
    *ret = (int32_t)((size_t)(row - (const char *)rows) / size);
    return OK;
}

static Status find_item(const Reader *reader, FieldPlace place, const char *field, Str id,
                        int32_t *ret)
{
    return find(reader, place, field, &reader->items, reader->input->items, sizeof(MrpItem), id,
                ret);
}

static Status name_once(Reader *reader, FieldPlace place, Map *map, Str id, const void *row)
{
    if (!map_put(map, id, (void *)row))
        return field_fail(reader->ctx, place, "id", "\"" STR_FMT "\" stands here twice",
                          STR_ARG(id));
    return OK;
}

// ---- Calendars ----------------------------------------------------------------------------------

typedef struct {
    Str id;
    const Json *weekdays, *closed, *open;
} CalendarRow;

static const Field calendar_fields[] = {
    { "id", FIELD_TEXT, offsetof(CalendarRow, id), .is_required = true },
    { "weekdays", FIELD_LIST, offsetof(CalendarRow, weekdays) },
    { "closed", FIELD_LIST, offsetof(CalendarRow, closed) },
    { "open", FIELD_LIST, offsetof(CalendarRow, open) },
    { 0 },
};

enum { MONDAY_TO_FRIDAY = 0x1F };

static Status read_weekdays(Ctx *ctx, FieldPlace place, const Json *list, uint8_t *ret)
{
    *ret = list ? 0 : MONDAY_TO_FRIDAY;
    if (!list)
        return OK;
    JSON_EACH (json, list) {
        int64_t weekday;
        if (!json_int(json, &weekday) || weekday < 1 || weekday > 7)
            return field_fail(ctx, place, "weekdays", "numbers from 1, Monday, to 7 are wanted");
        *ret |= (uint8_t)(1 << (weekday - 1));
    }
    if (*ret == 0)
        return field_fail(ctx, place, "weekdays", "at least one is wanted");
    return OK;
}

static Status read_dates(const Reader *reader, FieldPlace place, const char *field,
                         const Json *list, const int32_t **ret, size_t *ret_len)
{
    size_t len = list ? list->count : 0, at = 0;
    int32_t *days = NEW_ARRAY(reader->ctx->arena, int32_t, len);
    for (const Json *json = list ? list->first : NULL; json; json = json->next) {
        Date date;
        if (json->type != JSON_STRING || !date_parse(json->text, &date) || date == 0)
            return field_fail(reader->ctx, place, field, "dates like 2026-11-21 are wanted");
        days[at++] = date - reader->input->start;
    }
    *ret = days;
    *ret_len = len;
    return OK;
}

static Status read_calendars(Reader *reader, const Json *list)
{
    Ctx *ctx = reader->ctx;
    MrpInput *input = reader->input;
    TRY(check_count(ctx, "calendars", list, MRP_CALENDARS_MAX, &input->calendar_count));
    MrpCalendar *calendars = NEW_ARRAY(ctx->arena, MrpCalendar, (size_t)input->calendar_count);
    input->calendars = calendars;
    FieldPlace place = { "calendars", 0 };
    for (const Json *json = list ? list->first : NULL; json; json = json->next, place.index++) {
        MrpCalendar *calendar = &calendars[place.index];
        CalendarRow row = { 0 };
        TRY(fields_read(ctx, place, json, calendar_fields, &row));
        calendar->id = row.id;
        TRY(read_weekdays(ctx, place, row.weekdays, &calendar->weekdays));
        TRY(read_dates(reader, place, "closed", row.closed, &calendar->closed,
                       &calendar->closed_len));
        TRY(read_dates(reader, place, "open", row.open, &calendar->open, &calendar->open_len));
        TRY(name_once(reader, place, &reader->calendars, row.id, calendar));
    }
    return OK;
}

// ---- Items --------------------------------------------------------------------------------------

static const char *const kind_words[] = { "make", "buy", "phantom", NULL };
static const char *const rule_words[] = { "each", "fixed", "period", "economic", NULL };

typedef struct {
    MrpItem item;
    Str calendar;
    const Json *lot;
} ItemRow;

#define ITEM(member) offsetof(ItemRow, item.member)
#define DAYS_FIELD(member)                                                                         \
    {                                                                                              \
#member, FIELD_INT, ITEM(member), .max = MRP_DAYS_MAX                                      \
    }

static const Field item_fields[] = {
    { "id", FIELD_TEXT, ITEM(id), .is_required = true },
    { "kind", FIELD_WORD, ITEM(kind), .words = kind_words },
    { "on_hand", FIELD_QTY, ITEM(on_hand), .min = -UNITS(1000000000000),
      .max = UNITS(1000000000000) },
    { "safety_stock", FIELD_QTY, ITEM(safety_stock), .max = UNITS(1000000000000) },
    { "scrap", FIELD_SHARE, ITEM(scrap) },
    { "calendar", FIELD_TEXT, offsetof(ItemRow, calendar) },
    DAYS_FIELD(lead_days),
    DAYS_FIELD(frozen_days),
    DAYS_FIELD(slushy_days),
    DAYS_FIELD(expedite_days),
    DAYS_FIELD(tolerance_days),
    { "lot", FIELD_OBJECT, offsetof(ItemRow, lot) },
    { 0 },
};

#define LOT_QTY(name, member)                                                                      \
    {                                                                                              \
        name, FIELD_QTY, offsetof(MrpLot, member), .max = UNITS(1000000000)                        \
    }

static const Field lot_fields[] = {
    { "rule", FIELD_WORD, offsetof(MrpLot, rule), .words = rule_words },
    LOT_QTY("quantity", fixed),
    LOT_QTY("min", min),
    LOT_QTY("max", max),
    LOT_QTY("multiple", multiple),
    { "days", FIELD_INT, offsetof(MrpLot, days), .min = 1, .max = MRP_DAYS_MAX },
    { "order_cost", FIELD_DOUBLE, offsetof(MrpLot, order_cost) },
    { "holding_cost", FIELD_DOUBLE, offsetof(MrpLot, holding_cost) },
    { 0 },
};

static Status check_lot(Ctx *ctx, FieldPlace place, const MrpLot *lot)
{
    if (lot->rule == MRP_FIXED && qty_is_zero(lot->fixed))
        return field_fail(ctx, place, "lot", "a fixed lot wants its quantity");
    if (lot->rule == MRP_FIXED && (lot->min.micro || lot->max.micro || lot->multiple.micro))
        return field_fail(ctx, place, "lot", "a fixed lot has no min, max or multiple");
    if (lot->rule != MRP_FIXED && lot->fixed.micro)
        return field_fail(ctx, place, "lot", "only a fixed lot has a quantity");
    if (lot->rule == MRP_PERIOD && lot->days == 0)
        return field_fail(ctx, place, "lot", "a lot for a period wants its days");
    if (lot->max.micro && (lot->min.micro > lot->max.micro || lot->multiple.micro > lot->max.micro))
        return field_fail(ctx, place, "lot", "max is less than min or multiple");
    return OK;
}

static Status read_item(Reader *reader, FieldPlace place, const Json *json, MrpItem *item)
{
    ItemRow row = { .item = { .calendar = -1, .expedite_days = MRP_ALWAYS } };
    TRY(fields_read(reader->ctx, place, json, item_fields, &row));
    if (row.lot)
        TRY(fields_read(reader->ctx, place, row.lot, lot_fields, &row.item.lot));
    TRY(check_lot(reader->ctx, place, &row.item.lot));
    if (row.calendar.len)
        TRY(find(reader, place, "calendar", &reader->calendars, reader->input->calendars,
                 sizeof(MrpCalendar), row.calendar, &row.item.calendar));
    *item = row.item;
    return name_once(reader, place, &reader->items, item->id, item);
}

static Status read_items(Reader *reader, const Json *list)
{
    MrpInput *input = reader->input;
    TRY(check_count(reader->ctx, "items", list, MRP_ITEMS_MAX, &input->item_count));
    MrpItem *items = NEW_ARRAY(reader->ctx->arena, MrpItem, (size_t)input->item_count);
    input->items = items;
    FieldPlace place = { "items", 0 };
    JSON_EACH (json, list) {
        TRY(read_item(reader, place, json, &items[place.index]));
        place.index++;
    }
    return OK;
}

// ---- Lines --------------------------------------------------------------------------------------

static const char *const use_words[] = { "priority", "stock", NULL };

typedef struct {
    MrpLine line;
    Str parent, component;
    Date from, to;
    int32_t priority;
    int use;  // of use_words
    const Json *alternates;
} LineRow;

#define LINE(member) offsetof(LineRow, member)

// The names that a line and an alternative have in common.
// clang-format off
#define OPTION_FIELDS                                                                              \
    { "component", FIELD_TEXT, LINE(component), .is_required = true },                             \
    { "quantity", FIELD_QTY, LINE(line.quantity), .max = UNITS(9000000) },                         \
    { "per", FIELD_QTY, LINE(line.per), .min = 1, .max = UNITS(9000000) },                         \
    { "scrap", FIELD_SHARE, LINE(line.scrap) },                                                    \
    { "from", FIELD_DATE, LINE(from) },                                                            \
    { "to", FIELD_DATE, LINE(to) },                                                                \
    { "priority", FIELD_INT, LINE(priority), .max = 1000 }
// clang-format on

static const Field line_fields[] = {
    { "parent", FIELD_TEXT, LINE(parent), .is_required = true },
    OPTION_FIELDS,
    { "offset_days", FIELD_INT, LINE(line.offset_days), .max = MRP_DAYS_MAX },
    { "use", FIELD_WORD, LINE(use), .words = use_words },
    { "alternates", FIELD_LIST, LINE(alternates) },
    { 0 },
};
static const Field alternate_fields[] = { OPTION_FIELDS, { 0 } };

typedef LIST(LineRow) LineRows;

static Status finish_line(const Reader *reader, FieldPlace place, LineRow *row)
{
    MrpLine *line = &row->line;
    line->by_stock = row->use == 1;
    line->from = row->from ? row->from - reader->input->start : -MRP_ALWAYS;
    line->to = row->to ? row->to - reader->input->start + 1 : MRP_ALWAYS;
    TRY(find_item(reader, place, "parent", row->parent, &line->parent));
    return find_item(reader, place, "component", row->component, &line->component);
}

// An alternative has what the line says unless it says otherwise.
static Status read_alternates(const Reader *reader, FieldPlace place, const LineRow *main,
                              LineRows *group)
{
    int32_t priority = main->priority;
    JSON_EACH (json, main->alternates) {
        LineRow row = *main;
        row.priority = ++priority;
        row.from = row.to = 0;
        TRY(fields_read(reader->ctx, place, json, alternate_fields, &row));
        TRY(finish_line(reader, place, &row));
        *list_push(reader->ctx->arena, group) = row;
    }
    return OK;
}

// Preferred ones first; the order of equals stays.
static void sort_group(LineRows *group)
{
    for (size_t i = 1; i < group->len; i++)
        for (size_t k = i; k > 0 && group->items[k].priority < group->items[k - 1].priority; k--) {
            LineRow swap = group->items[k];
            group->items[k] = group->items[k - 1];
            group->items[k - 1] = swap;
        }
}

enum { ALTERNATES_MAX = 50 };

static Status read_line(const Reader *reader, FieldPlace place, const Json *json, LineRows *group)
{
    LineRow row = { .line = { .quantity = { MICRO }, .per = { MICRO } } };
    TRY(fields_read(reader->ctx, place, json, line_fields, &row));
    TRY(finish_line(reader, place, &row));
    *list_push(reader->ctx->arena, group) = row;
    if (!row.alternates)
        return OK;
    if (row.alternates->count > ALTERNATES_MAX)
        return field_fail(reader->ctx, place, "alternates", "at most %d are possible",
                          ALTERNATES_MAX);
    TRY(read_alternates(reader, place, &row, group));
    sort_group(group);
    return OK;
}

static Status read_lines(Reader *reader, const Json *list)
{
    Ctx *ctx = reader->ctx;
    LIST(MrpLine) lines = { 0 };
    LineRows group = { 0 };
    FieldPlace place = { "lines", 0 };
    TRY(check_count(ctx, "lines", list, MRP_ROWS_MAX, &reader->input->line_count));
    list_reserve(ctx->arena, &lines, list ? list->count : 0);
    for (const Json *json = list ? list->first : NULL; json; json = json->next, place.index++) {
        group.len = 0;
        TRY(read_line(reader, place, json, &group));
        EACH (row, group) {
            row->line.group = group.len > 1 ? (int32_t)place.index + 1 : 0;
            *list_push(ctx->arena, &lines) = row->line;
        }
    }
    if (lines.len > MRP_ROWS_MAX)
        return FAIL(ctx, E_LIMIT, "input.rows",
                    "%zu lines are more than the %d that one plan takes", lines.len, MRP_ROWS_MAX);
    reader->input->lines = lines.items;
    reader->input->line_count = (int32_t)lines.len;
    return OK;
}

// ---- Demands and receipts -----------------------------------------------------------------------

static const char *const state_words[] = { "released", "firm", NULL };

typedef struct {
    Str id, item;
    Date date;
    Qty quantity;
    int state;  // of state_words
} Row;

// clang-format off
#define ROW_FIELDS                                                                                 \
    { "id", FIELD_TEXT, offsetof(Row, id), .is_required = true },                                  \
    { "item", FIELD_TEXT, offsetof(Row, item), .is_required = true },                              \
    { "date", FIELD_DATE, offsetof(Row, date), .is_required = true },                              \
    { "quantity", FIELD_QTY, offsetof(Row, quantity), .is_required = true, .min = 1,               \
      .max = UNITS(1000000000000) }
// clang-format on

static const Field demand_fields[] = { ROW_FIELDS, { 0 } };
static const Field receipt_fields[] = {
    ROW_FIELDS,
    { "state", FIELD_WORD, offsetof(Row, state), .words = state_words },
    { 0 },
};

static Status read_demands(Reader *reader, const Json *list)
{
    MrpInput *input = reader->input;
    TRY(check_count(reader->ctx, "demands", list, MRP_ROWS_MAX, &input->demand_count));
    MrpDemand *demands = NEW_ARRAY(reader->ctx->arena, MrpDemand, (size_t)input->demand_count);
    FieldPlace place = { "demands", 0 };
    for (const Json *json = list ? list->first : NULL; json; json = json->next, place.index++) {
        MrpDemand *demand = &demands[place.index];
        Row row = { 0 };
        TRY(fields_read(reader->ctx, place, json, demand_fields, &row));
        *demand = (MrpDemand){ row.id, 0, row.date - input->start, row.quantity };
        TRY(find_item(reader, place, "item", row.item, &demand->item));
    }
    input->demands = demands;
    return OK;
}

static Status read_receipts(Reader *reader, const Json *list)
{
    MrpInput *input = reader->input;
    TRY(check_count(reader->ctx, "receipts", list, MRP_ROWS_MAX, &input->receipt_count));
    MrpReceipt *receipts = NEW_ARRAY(reader->ctx->arena, MrpReceipt, (size_t)input->receipt_count);
    FieldPlace place = { "receipts", 0 };
    for (const Json *json = list ? list->first : NULL; json; json = json->next, place.index++) {
        MrpReceipt *receipt = &receipts[place.index];
        Row row = { 0 };
        TRY(fields_read(reader->ctx, place, json, receipt_fields, &row));
        *receipt = (MrpReceipt){ row.id, 0, row.date - input->start, row.quantity, row.state == 1 };
        TRY(find_item(reader, place, "item", row.item, &receipt->item));
    }
    input->receipts = receipts;
    return OK;
}

Status mrp_read(Ctx *ctx, Str text, MrpInput *ret)
{
    const Json *json;
    TRY(json_parse(ctx, text, &json));
    Parts parts = { .days = 365 };
    TRY(fields_read(ctx, (FieldPlace){ "the file", -1 }, json, part_fields, &parts));
    MrpInput input = { .start = parts.start, .days = parts.days };
    Reader reader = { ctx, &input, { .arena = ctx->arena }, { .arena = ctx->arena } };
    TRY(read_calendars(&reader, parts.calendars));
    TRY(read_items(&reader, parts.items));
    TRY(read_lines(&reader, parts.lines));
    TRY(read_demands(&reader, parts.demands));
    TRY(read_receipts(&reader, parts.receipts));
    *ret = input;
    return OK;
}
