// nest_file.c - the files of entrepot-nest: jobs and layouts in JSON.
#include "tool/nest_file.h"

#include "tool/tool.h"

#include <math.h>

enum { PIECES_MOST = 10000, PINNED_MOST = NEST_COPIES_MOST };

static const double COORDINATE_MOST = 1e12;

// ---- Numbers and points -------------------------------------------------------------------------

static Status take_number(Ctx *ctx, const Json *value, const char *what, double *ret)
{
    if (!tool_double(value, ret) || fabs(*ret) > COORDINATE_MOST)
        return FAIL(ctx, E_INVALID, "nest.file", "%s is not a number", what);
    return OK;
}

static Status number_or(Ctx *ctx, const Json *object, const char *key, double otherwise,
                        double *ret)
{
    const Json *value = json_get(object, key);
    *ret = otherwise;
    return value && value->type != JSON_NULL ? take_number(ctx, value, key, ret) : OK;
}

static Status take_pair(Ctx *ctx, const Json *value, const char *what, double *first,
                        double *second)
{
    if (!value || value->type != JSON_ARRAY || value->count != 2)
        return FAIL(ctx, E_INVALID, "nest.file", "%s is not a pair of numbers", what);
    TRY(take_number(ctx, value->first, what, first));
    return take_number(ctx, value->first->next, what, second);
}

Status nest_polygon_read(Ctx *ctx, const Json *value, NestPolygon *ret)
{
    if (!value || value->type != JSON_ARRAY || value->count < 3)
        return FAIL(ctx, E_INVALID, "nest.file",
                    "\"polygon\" is not a list of three or more points");
    if (value->count > NEST_CORNERS_MOST + 1)
        return FAIL(ctx, E_LIMIT, "nest.file", "a polygon has %zu corners, at most %d are taken",
                    value->count, NEST_CORNERS_MOST);
    NestPolygon polygon = { NEW_ARRAY(ctx->arena, NestPoint, value->count), 0 };
    JSON_EACH (item, value) {
        NestPoint *point = &polygon.points[polygon.count++];
        TRY(take_pair(ctx, item, "a corner", &point->x, &point->y));
    }
    *ret = polygon;
    return OK;
}

// ---- Pieces -------------------------------------------------------------------------------------

static Status take_turns(Ctx *ctx, const Json *value, NestPiece *piece)
{
    static const double as_drawn[1] = { 0 };
    piece->turns = as_drawn;
    piece->turn_count = 1;
    if (!value || value->type == JSON_NULL)
        return OK;
    if (value->type == JSON_STRING && str_is(value->text, "any")) {
        piece->turn_count = 0;
        return OK;
    }
    if (value->type != JSON_ARRAY || value->count == 0 || value->count > NEST_TURNS_MOST)
        return FAIL(ctx, E_INVALID, "nest.file",
                    "\"allowed_rotations\" is neither \"any\" nor a list of 1 to %d degrees",
                    NEST_TURNS_MOST);
    double *turns = NEW_ARRAY(ctx->arena, double, value->count);
    piece->turn_count = 0;
    JSON_EACH (item, value)
        TRY(take_number(ctx, item, "a rotation", &turns[piece->turn_count++]));
    piece->turns = turns;
    return OK;
}

static Status take_flip(Ctx *ctx, Str word, NestFlip *ret)
{
    static const char *const words[] = { "no", "any", "pairs" };
    for (size_t i = 0; i < COUNT(words); i++)
        if (str_is(word, words[i])) {
            *ret = (NestFlip)i;
            return OK;
        }
    return word.len
             ? FAIL(ctx, E_INVALID, "nest.file",
                    "\"flip\" is \"no\", \"any\" or \"pairs\", not \"" STR_FMT "\"", STR_ARG(word))
             : OK;
}

static Status take_demand(Ctx *ctx, const Json *value, int *ret)
{
    int64_t demand = 1;
    if (value && (!json_int(value, &demand) || demand < 0 || demand > NEST_COPIES_MOST))
        return FAIL(ctx, E_INVALID, "nest.file", "\"demand\" is not a whole number from 0 to %d",
                    NEST_COPIES_MOST);
    *ret = (int)demand;
    return OK;
}

Status nest_piece_read(Ctx *ctx, const Json *item, NestPiece *piece)
{
    *piece = (NestPiece){ 0 };
    TRY(take_demand(ctx, json_get(item, "demand"), &piece->demand));
    TRY(nest_polygon_read(ctx, json_get(item, "polygon"), &piece->outline));
    TRY(take_turns(ctx, json_get(item, "allowed_rotations"), piece));
    TRY(take_flip(ctx, json_str(item, "flip"), &piece->flip));
    const Json *band = json_get(item, "band"), *match = json_get(item, "match");
    if ((piece->has_band = band != NULL))
        TRY(take_pair(ctx, band, "\"band\"", &piece->band_from, &piece->band_to));
    if ((piece->is_matched = match != NULL))
        TRY(take_pair(ctx, match, "\"match\"", &piece->match.x, &piece->match.y));
    return OK;
}

static Str text_of(Arena *arena, const Json *value)
{
    Buf text = { .arena = arena };
    JsonOut out = { .out = &text };
    json_put_tree(&out, value);
    return buf_str(&text);
}

Status nest_id_read(Ctx *ctx, const Json *item, int index, Str *ret)
{
    const Json *id = json_get(item, "id");
    if (id && id->type != JSON_NUMBER && id->type != JSON_STRING)
        return FAIL(ctx, E_INVALID, "nest.file", "\"id\" is neither a number nor a text");
    *ret = id ? text_of(ctx->arena, id) : str_format(ctx->arena, "%d", index);
    return OK;
}

static Status take_pieces(Ctx *ctx, const Json *list, NestFile *file)
{
    if (!list || list->type != JSON_ARRAY || list->count > PIECES_MOST)
        return FAIL(ctx, E_INVALID, "nest.file", "\"pieces\" is not a list of at most %d pieces",
                    PIECES_MOST);
    NestPiece *pieces = NEW_ARRAY(ctx->arena, NestPiece, list->count + 1);
    file->ids = NEW_ARRAY(ctx->arena, Str, list->count + 1);
    int count = 0;
    JSON_EACH (item, list) {
        if (item->type != JSON_OBJECT)
            return FAIL(ctx, E_INVALID, "nest.file", "piece %d is not an object", count);
        TRY(nest_id_read(ctx, item, count, &file->ids[count]));
        TRY(nest_piece_read(ctx, item, &pieces[count++]));
    }
    file->job.pieces = pieces;
    file->job.piece_count = count;
    return OK;
}

// ---- Placements ---------------------------------------------------------------------------------

static Status take_placement(Ctx *ctx, const NestFile *file, const Json *item, NestPlacement *ret)
{
    const Json *id = json_get(item, "id");
    Str text = id ? text_of(ctx->arena, id) : S("");
    *ret = (NestPlacement){ .piece = -1 };
    for (int i = 0; i < file->job.piece_count && ret->piece < 0; i++)
        if (str_eq(file->ids[i], text))
            ret->piece = i;
    if (ret->piece < 0)
        return FAIL(ctx, E_INVALID, "nest.file",
                    "a placement is of a piece that is not in the job");
    TRY(number_or(ctx, item, "rotation", 0, &ret->turn));
    TRY(number_or(ctx, item, "x", 0, &ret->x));
    TRY(number_or(ctx, item, "y", 0, &ret->y));
    ret->is_flipped = json_true(item, "flipped");
    ret->is_pinned = json_true(item, "pinned");
    return OK;
}

static Status take_placements(Ctx *ctx, const NestFile *file, const Json *list, int most,
                              NestLayout *ret)
{
    if (list->type != JSON_ARRAY || list->count > (size_t)most)
        return FAIL(ctx, E_INVALID, "nest.file", "\"placements\" is not a list of at most %d",
                    most);
    ret->placements = NEW_ARRAY(ctx->arena, NestPlacement, list->count + 1);
    ret->count = 0;
    JSON_EACH (item, list)
        TRY(take_placement(ctx, file, item, &ret->placements[ret->count++]));
    return OK;
}

// Of the placements in a job only those with "pinned": true count, so that a layout can be put in
// as it came out, with some pieces held.
static Status take_pinned(Ctx *ctx, const Json *list, NestFile *file)
{
    NestLayout all = { 0 };
    if (!list)
        return OK;
    TRY(take_placements(ctx, file, list, PINNED_MOST, &all));
    int count = 0;
    for (int i = 0; i < all.count; i++)
        if (all.placements[i].is_pinned)
            all.placements[count++] = all.placements[i];
    file->job.pinned = all.placements;
    file->job.pinned_count = count;
    return OK;
}

// ---- Whole files --------------------------------------------------------------------------------

Status nest_file_read(Ctx *ctx, Str text, NestFile *ret)
{
    const Json *root;
    NestFile file = { 0 };
    TRY(json_parse(ctx, text, &root));
    if (root->type != JSON_OBJECT)
        return FAIL(ctx, E_INVALID, "nest.file", "the job is not an object");
    TRY(take_number(ctx, json_get(root, "strip_height"), "\"strip_height\"", &file.job.width));
    TRY(number_or(ctx, root, "gap", 0, &file.job.gap));
    TRY(number_or(ctx, root, "section", 0, &file.job.section));
    TRY(number_or(ctx, root, "repeat_x", 0, &file.job.repeat_x));
    TRY(number_or(ctx, root, "repeat_y", 0, &file.job.repeat_y));
    TRY(take_pieces(ctx, json_get(root, "pieces"), &file));
    TRY(take_pinned(ctx, json_get(root, "placements"), &file));
    *ret = file;
    return OK;
}

Status nest_layout_read(Ctx *ctx, const NestFile *file, Str text, NestLayout *ret)
{
    const Json *root;
    NestLayout layout = { 0 };
    TRY(json_parse(ctx, text, &root));
    const Json *list = json_get(root, "placements");
    if (!list)
        return FAIL(ctx, E_INVALID, "nest.file", "the layout has no placements");
    TRY(take_number(ctx, json_get(root, "strip_length"), "\"strip_length\"", &layout.length));
    TRY(take_placements(ctx, file, list, NEST_COPIES_MOST, &layout));
    layout.density =
        layout.length > 0 ? nest_area(&file->job) / (file->job.width * layout.length) : 0;
    *ret = layout;
    return OK;
}

int nest_decimals(double width)
{
    int decimals = 10 - (int)ceil(log10(width));
    return decimals < 3 ? 3 : decimals > 15 ? 15 : decimals;
}

static void put_number(JsonOut *out, const char *key, double value, int decimals)
{
    json_key(out, key);
    tool_put_double(out, value, decimals);
}

static void put_placement(JsonOut *out, const NestFile *file, const NestPlacement *placement)
{
    int decimals = nest_decimals(file->job.width);
    json_open(out, '{');
    json_key(out, "id");
    json_put_raw(out, file->ids[placement->piece]);
    put_number(out, "rotation", placement->turn, 10);
    put_number(out, "x", placement->x, decimals);
    put_number(out, "y", placement->y, decimals);
    if (placement->is_flipped) {
        json_key(out, "flipped");
        json_put_bool(out, true);
    }
    if (placement->is_pinned) {
        json_key(out, "pinned");
        json_put_bool(out, true);
    }
    json_close(out, '}');
}

Str nest_layout_write(Arena *arena, const NestFile *file, const NestLayout *layout)
{
    Buf text = { .arena = arena };
    JsonOut out = { .out = &text };
    json_open(&out, '{');
    put_number(&out, "strip_length", layout->length, nest_decimals(file->job.width));
    put_number(&out, "density", layout->density, 6);
    json_key(&out, "placements");
    json_open(&out, '[');
    for (int i = 0; i < layout->count; i++)
        put_placement(&out, file, &layout->placements[i]);
    json_close(&out, ']');
    json_close(&out, '}');
    buf_char(&text, '\n');
    return buf_str(&text);
}
