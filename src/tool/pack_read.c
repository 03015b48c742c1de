// pack_read.c - problems of entrepot-pack, from JSON. Which kind it is shows in its keys:
// "cartons", "container", or else "capacity".
#include "tool/pack_file.h"
#include "tool/tool.h"

#include <math.h>

const char PACK_FORMATS[] =
    "IN.jsonl holds one problem a line (or one over many lines), of three kinds.\n"
    "\n"
    "1. Bins: the fewest that hold all items.\n"
    "   {\"name\":\"u120\",\"capacity\":150,\"items\":[42,69,67,57]}\n"
    "   -> {\"name\":..,\"bins\":2,\"least\":2,\"optimal\":true,\"packing\":[[0,1],[2,3]]}\n"
    "   (packing: the items of each bin by number, from 0; least: no packing has fewer bins)\n"
    "\n"
    "2. A container: as much volume as goes in.\n"
    "   {\"name\":\"br1\",\"container\":[587,233,220],\"max_weight\":2000,\n"
    "    \"boxes\":[{\"id\":\"A\",\"dims\":[108,76,30],\"may_stand\":[0,0,1],\"count\":40,\n"
    "      \"weight\":12.5,\"bears\":100}]}\n"
    "   -> {\"name\":..,\"used\":0.93,\"volume\":..,\"weight\":..,\"loaded\":..,\"left\":..,\n"
    "       \"placements\":[{\"box\":0,\"id\":\"A\",\"position\":[x,y,z],\"size\":[dx,dy,dz]}]}\n"
    "   (z is up; position: the corner nearest to the origin. may_stand: which of dims may be the\n"
    "   height, all when absent; \"this_side_up\":true is the third. bears: most weight on top of\n"
    "   one, any when absent. Each box rests with its whole base on the floor or on others.)\n"
    "\n"
    "3. Cartons: the cheapest set for an order.\n"
    "   {\"name\":\"order 7\",\"cartons\":[{\"id\":\"S\",\"size\":[30,20,15],\"max_weight\":10,\n"
    "      \"cost\":0.6}],\"items\":[{\"id\":\"mug\",\"size\":[10,10,12],\"count\":4,\n"
    "      \"weight\":0.4,\"this_side_up\":true,\"bears\":5}]}\n"
    "   -> {\"name\":..,\"cost\":..,\"cartons\":[{\"carton\":\"S\",\"used\":..,\"weight\":..,\n"
    "       \"placements\":[..]}],\"unpacked\":[{\"id\":..,\"count\":..,\"text\":..}]}\n"
    "   (size: the inside of a carton; cost: its volume when absent.)\n";

static const double WEIGHT_SCALE = 1000, AMOUNT_MOST = 1e12;

typedef struct Reader {
    Ctx *ctx;
    PackFile *file;
} Reader;

static Status bad(Reader *reader, const char *what, size_t at, const char *why)
{
    return FAIL(reader->ctx, E_INVALID, "pack.file", "%s %zu: %s", what, at, why);
}

// ---- How fine the numbers are -------------------------------------------------------------------

static int decimals_of(const Json *number)
{
    ptrdiff_t point = number->type == JSON_NUMBER ? str_find_char(number->text, '.') : -1;
    if (point < 0)
        return 0;
    size_t last = number->text.len;
    while (number->text.ptr[last - 1] == '0')
        last--;
    return (int)(last - (size_t)point - 1);
}

// 10 for tenths and so on, for all numbers of a list; at most 10^6.
static double scale_of(const Json *list, double scale)
{
    int most = 0;
    for (double s = 1; s < scale; s *= 10)
        most++;
    JSON_EACH (item, list) {
        int decimals = decimals_of(item);
        most = decimals > most ? decimals : most;
    }
    return pow(10, most < 6 ? most : 6);
}

// Rounded up, for what must fit; rounded down, for what it must fit into.
static bool read_amount(const Json *value, double scale, bool is_room, int64_t *ret)
{
    double number;
    if (!tool_double(value, &number) || number < 0 || number * scale > AMOUNT_MOST)
        return false;
    double exact = number * scale, near = rint(exact);
    bool is_whole = fabs(exact - near) < 1e-6;
    *ret = (int64_t)(is_whole ? near : is_room ? floor(exact) : ceil(exact));
    return true;
}

// ---- Bins ---------------------------------------------------------------------------------------

static Status read_bins(Reader *reader, const Json *json)
{
    Ctx *ctx = reader->ctx;
    BinsProblem *bins = &reader->file->bins;
    const Json *items = json_get(json, "items"), *capacity = json_get(json, "capacity");
    if (!items || items->type != JSON_ARRAY || items->count > BINS_ITEMS_MOST)
        return FAIL(ctx, E_INVALID, "pack.file", "items: a list of up to %d is wanted",
                    BINS_ITEMS_MOST);
    double scale = scale_of(items, 1);
    if (capacity && decimals_of(capacity) > 0)
        scale = fmax(scale, pow(10, fmin(6, decimals_of(capacity))));
    if (!read_amount(capacity, scale, true, &bins->capacity))
        return FAIL(ctx, E_INVALID, "pack.file", "capacity: a number is wanted");
    int64_t *sizes = NEW_ARRAY(ctx->arena, int64_t, items->count + 1);
    JSON_EACH (item, items) {
        if (!read_amount(item, scale, false, &sizes[bins->item_count]))
            return bad(reader, "item", (size_t)bins->item_count, "a number from 0 is wanted");
        bins->item_count++;
    }
    bins->sizes = sizes;
    const Json *best = json_get(json, "optimal_bins");
    if (best && !json_int(best, &reader->file->best_known))
        reader->file->best_known = 0;
    return OK;
}

// ---- Boxes --------------------------------------------------------------------------------------

static bool read_sides(const Json *list, double scale, bool is_room, int32_t ret[3])
{
    int k = 0;
    if (!list || list->type != JSON_ARRAY || list->count != 3)
        return false;
    JSON_EACH (item, list) {
        int64_t side;
        if (!read_amount(item, scale, is_room, &side) || side < 1 || side > LOAD_SIDE_MOST)
            return false;
        ret[k++] = (int32_t)side;
    }
    return true;
}

static bool is_yes(const Json *value)
{
    return value->type == JSON_BOOL ? value->boolean : !str_is(value->text, "0");
}

static bool read_stands(const Json *json, bool ret[3])
{
    const Json *list = json_get(json, "may_stand");
    ret[0] = ret[1] = !json_true(json, "this_side_up");
    ret[2] = true;
    if (!list)
        return true;
    if (list->type != JSON_ARRAY || list->count != 3)
        return false;
    int k = 0;
    JSON_EACH (item, list) {
        if (item->type != JSON_BOOL && item->type != JSON_NUMBER)
            return false;
        ret[k++] = is_yes(item);
    }
    return true;
}

// -1 when absent or null: any.
static bool read_limit(const Json *json, const char *key, int64_t *ret)
{
    const Json *value = json_get(json, key);
    *ret = -1;
    return !value || value->type == JSON_NULL || read_amount(value, WEIGHT_SCALE, true, ret);
}

static Status read_item(Reader *reader, const Json *json, const char *what, size_t at,
                        LoadItem *ret)
{
    LoadItem item = { .count = 1 };
    int64_t count;
    const Json *given = json_get(json, "count"), *id = json_get(json, "id");
    const Json *dims = json_get(json, "dims") ? json_get(json, "dims") : json_get(json, "size");
    if (!read_sides(dims, reader->file->scale, false, item.size))
        return bad(reader, what, at, "three sides are wanted, above 0 and not too long");
    if (!read_stands(json, item.may_stand))
        return bad(reader, what, at, "may_stand: three times 0 or 1 is wanted");
    if (given && (!json_int(given, &count) || count < 0 || count > LOAD_BOXES_MOST))
        return bad(reader, what, at, "count: a whole number is wanted");
    if (given)
        item.count = (int32_t)count;
    given = json_get(json, "weight");
    if (given && !read_amount(given, WEIGHT_SCALE, false, &item.weight))
        return bad(reader, what, at, "weight: a number from 0 is wanted");
    if (!read_limit(json, "bears", &item.bears))
        return bad(reader, what, at, "bears: a number from 0 is wanted");
    if (id && id->type != JSON_STRING && id->type != JSON_NUMBER)
        return bad(reader, what, at, "id: a word or a number is wanted");
    reader->file->item_ids[at] = id;
    *ret = item;
    return OK;
}

static Status read_items(Reader *reader, const Json *list, const char *what, LoadItem **ret,
                         int *ret_count)
{
    if (!list || list->type != JSON_ARRAY || list->count > LOAD_ITEMS_MOST)
        return FAIL(reader->ctx, E_INVALID, "pack.file", "%s list: up to %d are wanted", what,
                    LOAD_ITEMS_MOST);
    *ret = NEW_ARRAY(reader->ctx->arena, LoadItem, list->count + 1);
    reader->file->item_ids = NEW_ARRAY(reader->ctx->arena, const Json *, list->count + 1);
    size_t at = 0;
    JSON_EACH (item, list) {
        TRY(read_item(reader, item, what, at, &(*ret)[at]));
        at++;
    }
    *ret_count = (int)at;
    return OK;
}

static double scale_of_sides(const Json *list, double scale)
{
    JSON_EACH (item, list) {
        const Json *dims = json_get(item, "dims");
        const Json *sides = dims ? dims : json_get(item, "size");
        if (sides && sides->type == JSON_ARRAY)
            scale = scale_of(sides, scale);
    }
    return scale;
}

static Status read_container(Reader *reader, const Json *json)
{
    LoadProblem *load = &reader->file->load;
    const Json *size = json_get(json, "container"), *boxes = json_get(json, "boxes");
    LoadItem *items;
    if (size->type != JSON_ARRAY)
        return FAIL(reader->ctx, E_INVALID, "pack.file", "container: three sides are wanted");
    reader->file->scale = scale_of(size, boxes ? scale_of_sides(boxes, 1) : 1);
    if (!read_sides(size, reader->file->scale, true, load->size))
        return FAIL(reader->ctx, E_INVALID, "pack.file",
                    "container: three sides are wanted, above 0 and not too long");
    if (!read_limit(json, "max_weight", &load->weight_most))
        return FAIL(reader->ctx, E_INVALID, "pack.file", "max_weight: a number is wanted");
    TRY(read_items(reader, boxes, "box", &items, &load->item_count));
    load->items = items;
    return OK;
}

// ---- Cartons ------------------------------------------------------------------------------------

static Status read_carton(Reader *reader, const Json *json, size_t at, Carton *ret)
{
    const Json *cost = json_get(json, "cost"), *id = json_get(json, "id");
    if (!read_sides(json_get(json, "size"), reader->file->scale, true, ret->size))
        return bad(reader, "carton", at, "size: three sides are wanted, above 0, not too long");
    if (!read_limit(json, "max_weight", &ret->weight_most))
        return bad(reader, "carton", at, "max_weight: a number from 0 is wanted");
    ret->cost = (double)ret->size[0] * ret->size[1] * ret->size[2] / pow(reader->file->scale, 3);
    if (cost && !tool_double(cost, &ret->cost))
        return bad(reader, "carton", at, "cost: a number is wanted");
    if (id && id->type != JSON_STRING && id->type != JSON_NUMBER)
        return bad(reader, "carton", at, "id: a word or a number is wanted");
    reader->file->carton_ids[at] = id;
    return OK;
}

static Status read_cartons(Reader *reader, const Json *json)
{
    CartonProblem *problem = &reader->file->cartons;
    const Json *list = json_get(json, "cartons"), *order = json_get(json, "items");
    LoadItem *items;
    if (list->type != JSON_ARRAY || list->count > CARTON_SIZES_MOST)
        return FAIL(reader->ctx, E_INVALID, "pack.file", "cartons: a list of up to %d is wanted",
                    CARTON_SIZES_MOST);
    reader->file->scale = scale_of_sides(list, order ? scale_of_sides(order, 1) : 1);
    Carton *cartons = NEW_ARRAY(reader->ctx->arena, Carton, list->count + 1);
    reader->file->carton_ids = NEW_ARRAY(reader->ctx->arena, const Json *, list->count + 1);
    JSON_EACH (item, list) {
        size_t at = (size_t)problem->carton_count++;
        TRY(read_carton(reader, item, at, &cartons[at]));
    }
    problem->cartons = cartons;
    TRY(read_items(reader, order, "item", &items, &problem->item_count));
    problem->items = items;
    return OK;
}

Status pack_file_read(Ctx *ctx, const Json *json, PackFile *ret)
{
    *ret = (PackFile){ .name = json_str(json, "name"), .weight_scale = WEIGHT_SCALE };
    Reader reader = { ctx, ret };
    if (json_get(json, "cartons")) {
        ret->kind = PACK_CARTONS;
        return read_cartons(&reader, json);
    }
    if (json_get(json, "container")) {
        ret->kind = PACK_CONTAINER;
        return read_container(&reader, json);
    }
    ret->kind = PACK_BINS;
    return read_bins(&reader, json);
}
