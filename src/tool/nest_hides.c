// nest_hides.c - the files of entrepot-nest for leather.
#include "tool/nest_hides.h"

#include "tool/nest_file.h"
#include "tool/tool.h"

#include <math.h>

static const int QUALITY_LIMIT = 1000;

static Status take_quality(Ctx *ctx, const Json *value, int *ret)
{
    int64_t quality;
    if (!json_int(value, &quality) || quality < -QUALITY_LIMIT || quality > QUALITY_LIMIT)
        return FAIL(ctx, E_INVALID, "nest.file", "a quality is not a whole number up to %d",
                    QUALITY_LIMIT);
    *ret = (int)quality;
    return OK;
}

static bool is_there(const Json *value)
{
    return value && value->type != JSON_NULL;
}

static size_t count_of(const Json *list)
{
    return is_there(list) && list->type == JSON_ARRAY ? list->count : 0;
}

// ---- Hides --------------------------------------------------------------------------------------

static Status take_holes(Ctx *ctx, const Json *list, Hide *hide)
{
    if (count_of(list) == 0)
        return OK;
    NestPolygon *holes = NEW_ARRAY(ctx->arena, NestPolygon, list->count);
    JSON_EACH (item, list)
        TRY(nest_polygon_read(ctx, item, &holes[hide->hole_count++]));
    hide->holes = holes;
    return OK;
}

static Status take_zones(Ctx *ctx, const Json *list, Hide *hide)
{
    if (count_of(list) == 0)
        return OK;
    HideZone *zones = NEW_ARRAY(ctx->arena, HideZone, list->count);
    JSON_EACH (item, list) {
        HideZone *zone = &zones[hide->zone_count++];
        TRY(take_quality(ctx, json_get(item, "quality"), &zone->quality));
        TRY(nest_polygon_read(ctx, json_get(item, "polygon"), &zone->outline));
    }
    hide->zones = zones;
    return OK;
}

static Status take_hide(Ctx *ctx, const Json *item, Hide *hide)
{
    int64_t stock = 1;
    const Json *value = json_get(item, "stock");
    *hide = (Hide){ 0 };
    if (is_there(value) && (!json_int(value, &stock) || stock < 0 || stock > HIDES_MOST))
        return FAIL(ctx, E_INVALID, "nest.file", "\"stock\" is not a whole number from 0 to %d",
                    HIDES_MOST);
    hide->stock = (int)stock;
    TRY(nest_polygon_read(ctx, json_get(item, "outer"), &hide->outer));
    TRY(take_holes(ctx, json_get(item, "holes"), hide));
    return take_zones(ctx, json_get(item, "zones"), hide);
}

static Status list_of(Ctx *ctx, const Json *root, const char *key, int most, const Json **ret)
{
    *ret = json_get(root, key);
    if (!*ret || (*ret)->type != JSON_ARRAY || (*ret)->count > (size_t)most)
        return FAIL(ctx, E_INVALID, "nest.file", "\"%s\" is not a list of at most %d", key, most);
    return OK;
}

static Status take_hides(Ctx *ctx, const Json *root, HidesFile *file)
{
    const Json *list;
    TRY(list_of(ctx, root, "hides", HIDES_MOST, &list));
    Hide *hides = NEW_ARRAY(ctx->arena, Hide, list->count + 1);
    file->hide_ids = NEW_ARRAY(ctx->arena, Str, list->count + 1);
    JSON_EACH (item, list) {
        int at = file->job.hide_count++;
        TRY(nest_id_read(ctx, item, at, &file->hide_ids[at]));
        TRY(take_hide(ctx, item, &hides[at]));
    }
    file->job.hides = hides;
    return OK;
}

// ---- Pieces -------------------------------------------------------------------------------------

// A piece with parts that need better leather is treated as if all of it did.
static Status take_need(Ctx *ctx, const Json *item, HidePiece *piece)
{
    const Json *value = json_get(item, "min_quality"), *zones = json_get(item, "zones");
    piece->has_quality = is_there(value);
    if (piece->has_quality)
        TRY(take_quality(ctx, value, &piece->quality));
    if (count_of(zones) == 0)
        return OK;
    JSON_EACH (zone, zones) {
        int quality = 0;
        TRY(take_quality(ctx, json_get(zone, "quality"), &quality));
        piece->quality = quality > piece->quality ? quality : piece->quality;
    }
    return OK;
}

static Status take_pieces(Ctx *ctx, const Json *root, HidesFile *file)
{
    const Json *list;
    TRY(list_of(ctx, root, "pieces", NEST_COPIES_MOST, &list));
    HidePiece *pieces = NEW_ARRAY(ctx->arena, HidePiece, list->count + 1);
    file->piece_ids = NEW_ARRAY(ctx->arena, Str, list->count + 1);
    JSON_EACH (item, list) {
        int at = file->job.piece_count++;
        TRY(nest_id_read(ctx, item, at, &file->piece_ids[at]));
        TRY(nest_piece_read(ctx, item, &pieces[at].piece));
        TRY(take_need(ctx, item, &pieces[at]));
    }
    file->job.pieces = pieces;
    return OK;
}

bool hides_file_is(Ctx *ctx, Str text)
{
    const Json *root;
    bool is_read = json_parse(ctx, text, &root) == OK;
    ctx_recover(ctx);
    return is_read && json_get(root, "hides") != NULL;
}

Status hides_file_read(Ctx *ctx, Str text, HidesFile *ret)
{
    const Json *root;
    HidesFile file = { 0 };
    TRY(json_parse(ctx, text, &root));
    const Json *gap = json_get(root, "gap");
    if (is_there(gap) && (!tool_double(gap, &file.job.gap) || file.job.gap < 0))
        return FAIL(ctx, E_INVALID, "nest.file", "\"gap\" is not a number from 0 on");
    TRY(take_hides(ctx, root, &file));
    TRY(take_pieces(ctx, root, &file));
    *ret = file;
    return OK;
}

// ---- Writing ------------------------------------------------------------------------------------

static void put_number(JsonOut *out, const char *key, double value, int decimals)
{
    json_key(out, key);
    tool_put_double(out, value, decimals);
}

static void put_placement(JsonOut *out, const HidesFile *file, const HidePlacement *placement)
{
    json_open(out, '{');
    json_key(out, "use");
    json_put_int(out, placement->use);
    json_key(out, "id");
    json_put_raw(out, file->piece_ids[placement->at.piece]);
    put_number(out, "rotation", placement->at.turn, 10);
    put_number(out, "x", placement->at.x, 8);
    put_number(out, "y", placement->at.y, 8);
    json_close(out, '}');
}

Str hides_layout_write(Arena *arena, const HidesFile *file, const HideLayout *layout)
{
    Buf text = { .arena = arena };
    JsonOut out = { .out = &text };
    json_open(&out, '{');
    json_key(&out, "hides");
    json_open(&out, '[');
    for (int i = 0; i < layout->use_count; i++)
        json_put_raw(&out, file->hide_ids[layout->hides[i]]);
    json_close(&out, ']');
    json_key(&out, "missing");
    json_put_int(&out, layout->missing);
    put_number(&out, "yield", layout->leather > 0 ? layout->used / layout->leather : 0, 6);
    json_key(&out, "placements");
    json_open(&out, '[');
    for (int i = 0; i < layout->count; i++)
        put_placement(&out, file, &layout->placements[i]);
    json_close(&out, ']');
    json_close(&out, '}');
    buf_char(&text, '\n');
    return buf_str(&text);
}

// ---- Picture ------------------------------------------------------------------------------------

static void put_path(Buf *out, NestPolygon outline, const NestPlacement *at, double dx, double dy,
                     const char *fill)
{
    double radians = at->turn * (M_PI / 180);
    buf_c(out, "<path d=\"");
    for (int i = 0; i < outline.count; i++) {
        NestPoint p = outline.points[i];
        double x = p.x * cos(radians) - p.y * sin(radians) + at->x;
        double y = p.x * sin(radians) + p.y * cos(radians) + at->y;
        buf_printf(out, "%c%.6g %.6g", i ? 'L' : 'M', x + dx, dy - y);
    }
    buf_printf(out, "Z\" fill=\"%s\"/>\n", fill);
}

static double height_of(NestPolygon p)
{
    double least = INFINITY, most = -INFINITY;
    for (int i = 0; i < p.count; i++)
        least = fmin(least, p.points[i].y), most = fmax(most, p.points[i].y);
    return most - least;
}

static void put_hide(Buf *out, const HidesFile *file, const HideLayout *layout, int use,
                     double down)
{
    static const NestPlacement as_drawn = { 0 };
    const Hide *hide = &file->job.hides[layout->hides[use]];
    double left = INFINITY, low = INFINITY;
    for (int i = 0; i < hide->outer.count; i++) {
        left = fmin(left, hide->outer.points[i].x);
        low = fmin(low, hide->outer.points[i].y);
    }
    double dx = -left, dy = down + height_of(hide->outer) + low;
    put_path(out, hide->outer, &as_drawn, dx, dy, "#f3e6d2");
    for (int i = 0; i < hide->zone_count; i++)
        put_path(out, hide->zones[i].outline, &as_drawn, dx, dy, "#e3c49a");
    for (int i = 0; i < layout->count; i++)
        if (layout->placements[i].use == use)
            put_path(out, file->job.pieces[layout->placements[i].at.piece].piece.outline,
                     &layout->placements[i].at, dx, dy, "#8fb8de");
    for (int i = 0; i < hide->hole_count; i++)
        put_path(out, hide->holes[i], &as_drawn, dx, dy, "#fff");
}

// One hide below the other.
Str hides_layout_svg(Arena *arena, const HidesFile *file, const HideLayout *layout)
{
    Buf out = { .arena = arena };
    double height = 1, width = 1;
    for (int i = 0; i < layout->use_count; i++) {
        NestPolygon outer = file->job.hides[layout->hides[i]].outer;
        height += 1.05 * height_of(outer);
        double least = INFINITY, most = -INFINITY;
        for (int k = 0; k < outer.count; k++)
            least = fmin(least, outer.points[k].x), most = fmax(most, outer.points[k].x);
        width = fmax(width, most - least);
    }
    buf_printf(&out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1000\" height=\"%.0f\""
               " viewBox=\"0 0 %.6g %.6g\">\n<style>path{stroke:#333;fill-opacity:.85;"
               "vector-effect:non-scaling-stroke}</style>\n",
               1000 * height / width, width, height);
    double down = 0;
    for (int i = 0; i < layout->use_count; i++) {
        put_hide(&out, file, layout, i, down);
        down += 1.05 * height_of(file->job.hides[layout->hides[i]].outer);
    }
    buf_c(&out, "</svg>\n");
    return buf_str(&out);
}
