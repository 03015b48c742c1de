// route_write.c - plans of entrepot-route as JSON and as a picture.
#include "tool/route_file.h"
#include "tool/tool.h"

#include <math.h>

// ---- JSON ---------------------------------------------------------------------------------------

static const struct {
    const char *code, *text;
} reasons[] = {
    [ROUTE_NO_SKILL] = { "no_skill", "no vehicle has the skills" },
    [ROUTE_TOO_BIG] = { "too_big", "no vehicle with the skills can carry it" },
    [ROUTE_TOO_FAR] = { "too_far", "no vehicle gets there and back within windows and shift" },
    [ROUTE_NOT_WORTH] = { "not_worth", "the way would cost more than the penalty" },
    [ROUTE_NO_ROOM] = { "no_room", "the vehicles that could do it are full, or busy then" },
};

static void put_id(JsonOut *json, const RouteFile *file, int stop)
{
    if (file->stop_ids[stop])
        json_put_tree(json, file->stop_ids[stop]);
    else
        json_put_int(json, stop + 1);
}

static void put_number(JsonOut *json, const char *key, double value)
{
    json_key(json, key);
    tool_put_double(json, value, 6);
}

static void put_time(JsonOut *json, const RouteFile *file, const char *key, int32_t ticks)
{
    double time = ticks / file->scale;
    if (!file->is_clock) {
        put_number(json, key, time);
        return;
    }
    char text[32];
    int minutes = (int)floor(time);
    int len = snprintf(text, sizeof text, "%02d:%02d", minutes / 60, minutes % 60);
    json_key(json, key);
    json_put_str(json, (Str){ text, (size_t)len });
}

static void put_tour(JsonOut *json, const RouteFile *file, const RouteTour *tour)
{
    json_open(json, '{');
    json_key(json, "vehicle");
    json_put_str(json, file->vehicle_names[tour->vehicle]);
    put_time(json, file, "leave", tour->leave);
    put_time(json, file, "back", tour->back);
    put_number(json, "distance", (double)tour->distance / file->scale);
    put_number(json, "cost", tour->cost / file->scale);
    json_key(json, "stops");
    json_open(json, '[');
    for (const RouteCall *call = tour->calls; call < tour->calls + tour->call_count; call++) {
        json_open(json, '{');
        json_key(json, "id");
        put_id(json, file, call->stop);
        put_time(json, file, "arrive", call->arrive);
        put_time(json, file, "begin", call->begin);
        put_time(json, file, "leave", call->leave);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_close(json, '}');
}

static void put_routes(JsonOut *json, const RouteFile *file, const RoutePlan *plan)
{
    json_key(json, "routes");
    json_open(json, '[');
    for (int t = 0; t < plan->tour_count; t++) {
        json_open(json, '[');
        for (int c = 0; c < plan->tours[t].call_count; c++)
            put_id(json, file, plan->tours[t].calls[c].stop);
        json_close(json, ']');
    }
    json_close(json, ']');
}

static void put_misses(JsonOut *json, const RouteFile *file, const RoutePlan *plan)
{
    json_key(json, "unserved");
    json_open(json, '[');
    for (int m = 0; m < plan->miss_count; m++) {
        const RouteMiss *miss = &plan->misses[m];
        json_open(json, '{');
        json_key(json, "id");
        put_id(json, file, miss->stop);
        json_key(json, "reason");
        json_put_str(json, str_from(reasons[miss->reason].code));
        json_key(json, "text");
        json_put_str(json, str_from(reasons[miss->reason].text));
        json_close(json, '}');
    }
    json_close(json, ']');
}

void route_file_write(Buf *out, const RouteFile *file, const RoutePlan *plan)
{
    JsonOut json = { .out = out };
    json_open(&json, '{');
    json_key(&json, "name");
    json_put_str(&json, file->name);
    put_number(&json, "cost", plan->cost / file->scale);
    put_number(&json, "distance", (double)plan->distance / file->scale);
    put_number(&json, "penalty", plan->penalty / file->scale);
    put_routes(&json, file, plan);
    put_misses(&json, file, plan);
    json_key(&json, "tours");
    json_open(&json, '[');
    for (int t = 0; t < plan->tour_count; t++)
        put_tour(&json, file, &plan->tours[t]);
    json_close(&json, ']');
    json_close(&json, '}');
    buf_char(out, '\n');
}

// ---- The picture --------------------------------------------------------------------------------

enum { SIDE = 800, MARGIN = 20 };

typedef struct Frame {
    double x, y, scale;
} Frame;

// What is on the map: the places of stops and of vehicles; "nowhere" is neither.
static Frame frame_of(const RouteFile *file)
{
    double left = INFINITY, right = -INFINITY, low = INFINITY, high = -INFINITY;
    for (int i = 0; i < file->problem.places; i++) {
        if (fabs(file->x[i]) > 1e12)
            continue;
        left = fmin(left, file->x[i]);
        right = fmax(right, file->x[i]);
        low = fmin(low, file->y[i]);
        high = fmax(high, file->y[i]);
    }
    double span = fmax(fmax(right - left, high - low), 1e-9);
    return (Frame){ left, high, (SIDE - 2 * MARGIN) / span };
}

static void put_point(Buf *out, const RouteFile *file, const Frame *frame, int place)
{
    if (fabs(file->x[place]) <= 1e12)
        buf_printf(out, "%.1f,%.1f ", MARGIN + (file->x[place] - frame->x) * frame->scale,
                   MARGIN + (frame->y - file->y[place]) * frame->scale);
}

static void draw_dot(Buf *out, const RouteFile *file, const Frame *frame, int place, int radius)
{
    buf_printf(out, "<circle cx='%.1f' cy='%.1f' r='%d'/>\n",
               MARGIN + (file->x[place] - frame->x) * frame->scale,
               MARGIN + (frame->y - file->y[place]) * frame->scale, radius);
}

void route_file_draw(Buf *out, const RouteFile *file, const RoutePlan *plan)
{
    buf_printf(out, "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 %d %d'>\n", SIDE, SIDE);
    buf_c(out, "<rect width='100%' height='100%' fill='#fff'/>\n");
    if (!file->x) {
        buf_c(out, "<text x='20' y='40'>the problem has distances, but no coordinates</text>\n");
        buf_c(out, "</svg>\n");
        return;
    }
    const RouteProblem *problem = &file->problem;
    Frame frame = frame_of(file);
    for (int t = 0; t < plan->tour_count; t++) {
        const RouteTour *tour = &plan->tours[t];
        const RouteVehicle *vehicle = &problem->vehicles[tour->vehicle];
        int hue = (int)(t * 137.5) % 360;  // the golden angle: neighbours differ
        buf_printf(out, "<polyline fill='none' stroke-width='2' stroke='hsl(%d,65%%,45%%)'", hue);
        buf_c(out, " points='");
        put_point(out, file, &frame, vehicle->start);
        for (int c = 0; c < tour->call_count; c++)
            put_point(out, file, &frame, problem->stops[tour->calls[c].stop].place);
        put_point(out, file, &frame, vehicle->end);
        buf_c(out, "'/>\n");
    }
    for (int i = 0; i < problem->stop_count; i++)
        draw_dot(out, file, &frame, problem->stops[i].place, 3);
    buf_c(out, "<g fill='#c00'>\n");
    for (int m = 0; m < plan->miss_count; m++)
        draw_dot(out, file, &frame, problem->stops[plan->misses[m].stop].place, 5);
    for (int v = 0; v < problem->vehicle_count; v++)
        if (v == 0 || problem->vehicles[v].start != problem->vehicles[v - 1].start)
            draw_dot(out, file, &frame, problem->vehicles[v].start, 7);
    buf_c(out, "</g>\n</svg>\n");
}
