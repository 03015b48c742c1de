// lay_file.c - the files of entrepot-lay.
#include "tool/lay_file.h"

#include "tool/tool.h"

#include <math.h>

enum { QUANTITY_MOST = 1000000 };

static Status number_or(Ctx *ctx, const Json *object, const char *key, double otherwise,
                        double *ret)
{
    const Json *value = json_get(object, key);
    *ret = otherwise;
    if (value && (!tool_double(value, ret) || fabs(*ret) > 1e12))
        return FAIL(ctx, E_INVALID, "lay.file", "\"%s\" is not a number", key);
    return OK;
}

static Status whole_or(Ctx *ctx, const Json *object, const char *key, int otherwise, int *ret)
{
    int64_t number = otherwise;
    const Json *value = json_get(object, key);
    if (value && (!json_int(value, &number) || number < 0 || number > QUANTITY_MOST))
        return FAIL(ctx, E_INVALID, "lay.file", "\"%s\" is not a whole number from 0 to %d", key,
                    QUANTITY_MOST);
    *ret = (int)number;
    return OK;
}

static Status list_of(Ctx *ctx, const Json *root, const char *key, int most, const Json **ret)
{
    *ret = json_get(root, key);
    if (!*ret || (*ret)->type != JSON_ARRAY || (*ret)->count > (size_t)most)
        return FAIL(ctx, E_INVALID, "lay.file", "\"%s\" is not a list of at most %d", key, most);
    return OK;
}

static int index_of(const Str *names, int count, Str name)
{
    for (int i = 0; i < count; i++)
        if (str_eq(names[i], name))
            return i;
    return -1;
}

static Status take_sizes(Ctx *ctx, const Json *root, LayFile *file)
{
    const Json *list;
    TRY(list_of(ctx, root, "sizes", LAY_SIZES_MOST, &list));
    double *areas = NEW_ARRAY(ctx->arena, double, list->count + 1);
    file->sizes = NEW_ARRAY(ctx->arena, Str, list->count + 1);
    JSON_EACH (item, list) {
        int at = file->job.size_count++;
        file->sizes[at] = json_str(item, "name");
        TRY(number_or(ctx, item, "area", 0, &areas[at]));
    }
    file->job.areas = areas;
    return OK;
}

static Status take_rolls(Ctx *ctx, const Json *root, LayFile *file)
{
    const Json *list;
    TRY(list_of(ctx, root, "rolls", LAY_ROLLS_MOST, &list));
    LayRoll *rolls = NEW_ARRAY(ctx->arena, LayRoll, list->count + 1);
    file->roll_ids = NEW_ARRAY(ctx->arena, Str, list->count + 1);
    file->shades = NEW_ARRAY(ctx->arena, Str, list->count + 1);
    JSON_EACH (item, list) {
        int at = file->job.roll_count++;
        rolls[at].colour =
            index_of(file->colours, file->job.colour_count, json_str(item, "colour"));
        TRY(number_or(ctx, item, "length", 0, &rolls[at].length));
        TRY(number_or(ctx, item, "width", 0, &rolls[at].width));
        file->roll_ids[at] = json_str(item, "id");
        file->shades[at] = json_str(item, "shade");
        rolls[at].shade = index_of(file->shades, at + 1, file->shades[at]);
    }
    file->job.rolls = rolls;
    return OK;
}

static Status take_order(Ctx *ctx, const Json *root, LayFile *file)
{
    const Json *list;
    LayJob *job = &file->job;
    TRY(list_of(ctx, root, "order", LAY_SIZES_MOST * LAY_COLOURS_MOST, &list));
    int *wanted = NEW_ARRAY(ctx->arena, int, LAY_SIZES_MOST *LAY_COLOURS_MOST);
    file->colours = NEW_ARRAY(ctx->arena, Str, LAY_COLOURS_MOST);
    JSON_EACH (item, list) {
        Str colour = json_str(item, "colour");
        if (index_of(file->colours, job->colour_count, colour) < 0) {
            if (job->colour_count == LAY_COLOURS_MOST)
                return FAIL(ctx, E_LIMIT, "lay.file", "at most %d colours are planned",
                            LAY_COLOURS_MOST);
            file->colours[job->colour_count++] = colour;
        }
    }
    JSON_EACH (item, list) {
        int quantity = 0, size = index_of(file->sizes, job->size_count, json_str(item, "size"));
        int colour = index_of(file->colours, job->colour_count, json_str(item, "colour"));
        TRY(whole_or(ctx, item, "quantity", 0, &quantity));
        if (size < 0)
            return FAIL(ctx, E_INVALID, "lay.file", "the order wants a size that is not listed");
        int *cell = &wanted[size * job->colour_count + colour];
        *cell = *cell + quantity <= QUANTITY_MOST ? *cell + quantity : QUANTITY_MOST;
    }
    job->wanted = wanted;
    return OK;
}

Status lay_file_read(Ctx *ctx, Str text, LayFile *ret)
{
    const Json *root;
    LayFile file = { 0 };
    LayJob *job = &file.job;
    TRY(json_parse(ctx, text, &root));
    TRY(number_or(ctx, root, "density", 0.85, &job->density));
    TRY(number_or(ctx, root, "table_length", 0, &job->table_length));
    TRY(number_or(ctx, root, "end_loss", 0, &job->end_loss));
    TRY(number_or(ctx, root, "lay_cost", 0, &job->lay_cost));
    TRY(whole_or(ctx, root, "plies_most", 100, &job->plies_most));
    TRY(whole_or(ctx, root, "garments_most", 6, &job->garments_most));
    TRY(whole_or(ctx, root, "surplus", 0, &job->surplus_most));
    TRY(take_sizes(ctx, root, &file));
    TRY(take_order(ctx, root, &file));
    TRY(take_rolls(ctx, root, &file));
    *ret = file;
    return OK;
}

// ---- Writing ------------------------------------------------------------------------------------

static void put_number(JsonOut *out, const char *key, double value)
{
    json_key(out, key);
    tool_put_double(out, value, 6);
}

static void put_text(JsonOut *out, const char *key, Str text)
{
    json_key(out, key);
    json_put_str(out, text);
}

static void put_counts(JsonOut *out, const char *key, const Str *names, const int *counts,
                       int count)
{
    json_key(out, key);
    json_open(out, '[');
    for (int i = 0; i < count; i++) {
        if (counts[i] == 0)
            continue;
        json_open(out, '{');
        put_text(out, "name", names[i]);
        json_key(out, "count");
        json_put_int(out, counts[i]);
        json_close(out, '}');
    }
    json_close(out, ']');
}

static void put_lay(JsonOut *out, const LayFile *file, const Lay *lay)
{
    json_open(out, '{');
    put_number(out, "width", lay->width);
    put_number(out, "length", lay->length);
    put_counts(out, "garments", file->sizes, lay->garments, file->job.size_count);
    put_counts(out, "plies", file->colours, lay->plies, file->job.colour_count);
    json_key(out, "rolls");
    json_open(out, '[');
    for (int i = 0; i < lay->spread_count; i++) {
        int roll = lay->spreads[i].roll;
        json_open(out, '{');
        put_text(out, "id", file->roll_ids[roll]);
        put_text(out, "shade", file->shades[roll]);
        json_key(out, "plies");
        json_put_int(out, lay->spreads[i].plies);
        json_close(out, '}');
    }
    json_close(out, ']');
    json_close(out, '}');
}

static void put_missing(JsonOut *out, const LayFile *file, const LayPlan *plan)
{
    json_key(out, "missing");
    json_open(out, '[');
    for (int i = 0; i < file->job.size_count * file->job.colour_count; i++) {
        if (plan->missing[i] == 0)
            continue;
        json_open(out, '{');
        put_text(out, "size", file->sizes[i / file->job.colour_count]);
        put_text(out, "colour", file->colours[i % file->job.colour_count]);
        json_key(out, "quantity");
        json_put_int(out, plan->missing[i]);
        json_close(out, '}');
    }
    json_close(out, ']');
}

Str lay_plan_write(Arena *arena, const LayFile *file, const LayPlan *plan)
{
    Buf text = { .arena = arena };
    JsonOut out = { .out = &text };
    json_open(&out, '{');
    put_number(&out, "fabric", plan->fabric);
    put_number(&out, "remnants", plan->remnants);
    json_key(&out, "lays");
    json_open(&out, '[');
    for (int i = 0; i < plan->lay_count; i++)
        put_lay(&out, file, &plan->lays[i]);
    json_close(&out, ']');
    put_missing(&out, file, plan);
    json_close(&out, '}');
    buf_char(&text, '\n');
    return buf_str(&text);
}
