// pack_write.c - packings of entrepot-pack as JSON and as a picture.
#include "tool/pack_file.h"
#include "tool/tool.h"

static void put_number(JsonOut *json, const char *key, double value)
{
    json_key(json, key);
    tool_put_double(json, value, 6);
}

static void put_int(JsonOut *json, const char *key, int64_t value)
{
    json_key(json, key);
    json_put_int(json, value);
}

static void put_name(JsonOut *json, const PackFile *file)
{
    json_key(json, "name");
    json_put_str(json, file->name);
}

static void put_id(JsonOut *json, const char *key, const Json *const *ids, int i)
{
    json_key(json, key);
    if (ids && ids[i])
        json_put_tree(json, ids[i]);
    else
        json_put_int(json, i);
}

// ---- Bins ---------------------------------------------------------------------------------------

void pack_write_bins(Buf *out, Arena *arena, const PackFile *file, const BinsPlan *plan)
{
    JsonOut json = { .out = out };
    int32_t *first = NEW_ARRAY(arena, int32_t, (size_t)plan->bins + 1);
    int32_t *next = NEW_ARRAY(arena, int32_t, (size_t)file->bins.item_count + 1);
    memset(first, -1, sizeof *first * ((size_t)plan->bins + 1));
    for (int i = file->bins.item_count - 1; i >= 0; i--) {
        next[i] = first[plan->bin_of[i]];
        first[plan->bin_of[i]] = i;
    }
    json_open(&json, '{');
    put_name(&json, file);
    put_int(&json, "bins", plan->bins);
    put_int(&json, "least", plan->least);
    json_key(&json, "optimal");
    json_put_bool(&json, plan->bins == plan->least);
    json_key(&json, "packing");
    json_open(&json, '[');
    for (int b = 0; b < plan->bins; b++) {
        json_open(&json, '[');
        for (int32_t i = first[b]; i >= 0; i = next[i])
            json_put_int(&json, i);
        json_close(&json, ']');
    }
    json_close(&json, ']');
    json_close(&json, '}');
    buf_char(out, '\n');
}

// ---- Boxes --------------------------------------------------------------------------------------

static void put_three(JsonOut *json, const char *key, const int32_t values[3], double scale)
{
    json_key(json, key);
    json_open(json, '[');
    for (int k = 0; k < 3; k++)
        tool_put_double(json, values[k] / scale, 6);
    json_close(json, ']');
}

static void put_placements(JsonOut *json, const PackFile *file, const LoadPlan *plan)
{
    json_key(json, "placements");
    json_open(json, '[');
    for (const LoadBox *box = plan->boxes; box < plan->boxes + plan->box_count; box++) {
        json_open(json, '{');
        put_int(json, "box", box->item);
        if (file->item_ids[box->item])
            put_id(json, "id", file->item_ids, box->item);
        put_three(json, "position", box->at, file->scale);
        put_three(json, "size", box->size, file->scale);
        json_close(json, '}');
    }
    json_close(json, ']');
}

void pack_write_load(Buf *out, const PackFile *file, const LoadPlan *plan)
{
    JsonOut json = { .out = out };
    double unit = file->scale * file->scale * file->scale;
    int boxes = 0;
    for (int i = 0; i < file->load.item_count; i++)
        boxes += file->load.items[i].count;
    json_open(&json, '{');
    put_name(&json, file);
    put_number(&json, "used", (double)plan->volume / (double)load_volume(&file->load));
    put_number(&json, "volume", (double)plan->volume / unit);
    put_number(&json, "weight", (double)plan->weight / file->weight_scale);
    put_int(&json, "loaded", plan->box_count);
    put_int(&json, "left", boxes - plan->box_count);
    put_placements(&json, file, plan);
    json_close(&json, '}');
    buf_char(out, '\n');
}

static void put_carton(JsonOut *json, const PackFile *file, const CartonLoad *load)
{
    const int32_t *size = file->cartons.cartons[load->carton].size;
    double room = (double)size[0] * size[1] * size[2];
    json_open(json, '{');
    put_id(json, "carton", file->carton_ids, load->carton);
    put_number(json, "used", (double)load->load.volume / room);
    put_number(json, "weight", (double)load->load.weight / file->weight_scale);
    put_placements(json, file, &load->load);
    json_close(json, '}');
}

void pack_write_cartons(Buf *out, const PackFile *file, const CartonPlan *plan)
{
    JsonOut json = { .out = out };
    json_open(&json, '{');
    put_name(&json, file);
    put_number(&json, "cost", plan->cost);
    json_key(&json, "cartons");
    json_open(&json, '[');
    for (int l = 0; l < plan->load_count; l++)
        put_carton(&json, file, &plan->loads[l]);
    json_close(&json, ']');
    json_key(&json, "unpacked");
    json_open(&json, '[');
    for (int i = 0; i < file->cartons.item_count; i++) {
        if (!plan->left[i])
            continue;
        json_open(&json, '{');
        put_id(&json, "id", file->item_ids, i);
        put_int(&json, "count", plan->left[i]);
        json_key(&json, "text");
        json_put_str(&json, S("no carton is large and strong enough"));
        json_close(&json, '}');
    }
    json_close(&json, ']');
    json_close(&json, '}');
    buf_char(out, '\n');
}

// ---- The picture --------------------------------------------------------------------------------
// Each box shows its front, its right side and its top. Length goes to the right, height up, width
// away from whoever looks, at half its length along a slant.

static const double SLANT_X = 0.35, SLANT_Y = 0.35;

typedef struct View {
    double scale, height;
} View;

static void put_corner(Buf *out, const View *view, double x, double y, double z)
{
    buf_printf(out, "%.1f,%.1f ", 10 + (x + SLANT_X * y) * view->scale,
               10 + view->height - (z + SLANT_Y * y) * view->scale);
}

static void put_face(Buf *out, const View *view, const double corners[4][3], int hue, int light)
{
    buf_c(out, "<polygon points='");
    for (int c = 0; c < 4; c++)
        put_corner(out, view, corners[c][0], corners[c][1], corners[c][2]);
    buf_printf(out, "' fill='hsl(%d,50%%,%d%%)'/>\n", hue, light);
}

static void draw_box(Buf *out, const View *view, const LoadBox *box)
{
    double x = box->at[0], y = box->at[1], z = box->at[2];
    double r = x + box->size[0], b = y + box->size[1], t = z + box->size[2];
    int hue = (int)(box->item * 137.5) % 360;  // the golden angle: neighbours differ
    put_face(out, view, (double[4][3]){ { x, y, z }, { r, y, z }, { r, y, t }, { x, y, t } }, hue,
             60);
    put_face(out, view, (double[4][3]){ { r, y, z }, { r, b, z }, { r, b, t }, { r, y, t } }, hue,
             48);
    put_face(out, view, (double[4][3]){ { x, y, t }, { r, y, t }, { r, b, t }, { x, b, t } }, hue,
             72);
}

// From the back to the front, there from below, and on one level from the left.
static int by_depth(const void *a, const void *b)
{
    const LoadBox *one = a, *other = b;
    bool is_behind = one->at[1] >= other->at[1] + other->size[1];
    bool is_before = other->at[1] >= one->at[1] + one->size[1];
    if (is_behind != is_before)
        return is_behind ? -1 : 1;
    if (one->at[2] != other->at[2])
        return one->at[2] < other->at[2] ? -1 : 1;
    return (one->at[0] > other->at[0]) - (one->at[0] < other->at[0]);
}

void pack_draw_load(Buf *out, const LoadProblem *problem, const LoadPlan *plan)
{
    double wide = problem->size[0] + SLANT_X * problem->size[1];
    double high = problem->size[2] + SLANT_Y * problem->size[1];
    View view = { 980 / wide, high * 980 / wide };
    buf_printf(out, "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1000 %.0f'",
               view.height + 20);
    buf_c(out, " stroke='#333' stroke-width='0.7' stroke-linejoin='round'>\n");
    buf_c(out, "<rect width='100%' height='100%' fill='#fff' stroke='none'/>\n");
    LoadBox *boxes = NEW_ARRAY(out->arena, LoadBox, (size_t)plan->box_count + 1);
    memcpy(boxes, plan->boxes, sizeof *boxes * (size_t)plan->box_count);
    qsort(boxes, (size_t)plan->box_count, sizeof *boxes, by_depth);
    for (const LoadBox *box = boxes; box < boxes + plan->box_count; box++)
        draw_box(out, &view, box);
    buf_c(out, "</svg>\n");
}
