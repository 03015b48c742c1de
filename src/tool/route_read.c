// route_read.c - problems of entrepot-route, from JSON: Solomon's with their columns, and our own
// with vehicles and stops.
#include "base/csv.h"  // StrList
#include "tool/route_file.h"
#include "tool/tool.h"

#include <math.h>

const char ROUTE_FORMATS[] =
    "IN.jsonl holds one problem a line (or one over many lines), in either of two forms.\n"
    "\n"
    "1. Solomon's: row 0 is the depot; distances are Euclidean, cut off behind one decimal.\n"
    "   {\"name\":\"C101\",\"vehicles\":25,\"capacity\":200,\n"
    "    \"columns\":[\"id\",\"x\",\"y\",\"demand\",\"ready\",\"due\",\"service\"],\n"
    "    \"nodes\":[[0,40,50,0,0,1236,0],[1,45,68,10,912,967,90]]}\n"
    "\n"
    "2. Our own. Times are numbers (minutes, say) or \"08:30\".\n"
    "   {\"name\":\"tuesday\",\"speed\":1,\n"
    "    \"vehicles\":[{\"id\":\"van\",\"count\":3,\"start\":{\"x\":0,\"y\":0},\n"
    "      \"end\":{\"x\":0,\"y\":0},\"shift\":[\"08:00\",\"17:00\"],\"longest\":480,\n"
    "      \"capacity\":[800,6],\"skills\":[\"lift\"],\n"
    "      \"cost\":{\"fixed\":60,\"distance\":0.4,\"time\":0.5}}],\n"
    "    \"stops\":[{\"id\":\"S1\",\"x\":3,\"y\":4,\"windows\":[[\"09:00\",\"12:00\"]],\n"
    "      \"service\":10,\"demand\":[25,1],\"skills\":[\"lift\"],\"priority\":5,\n"
    "      \"optional\":true,\"penalty\":30}]}\n"
    "   x and y, or lat and lon (then distances are km by air times \"detour\", 1.3, and the\n"
    "   speed is km per minute, 0.8); or \"place\":i with \"distances\":[[..]], \"times\":[[..]].\n"
    "   end absent: as start; null: wherever the last stop is. capacity and demand: a number or\n"
    "   up to 3. Left out are: optional stops that cost more than their penalty, and others where\n"
    "   there is no other way, those with low priority (1 to 10) first.\n"
    "\n"
    "OUT.jsonl: one plan a line:\n"
    "   {\"name\":..,\"cost\":..,\"distance\":..,\"penalty\":..,\"routes\":[[stop ids]],\n"
    "    \"unserved\":[{\"id\":..,\"reason\":..,\"text\":..}],\n"
    "    \"tours\":[{\"vehicle\":..,\"leave\":..,\"back\":..,\"distance\":..,\"cost\":..,\n"
    "      \"stops\":[{\"id\":..,\"arrive\":..,\"begin\":..,\"leave\":..}]}]}\n";

enum { SKILLS_MOST = 64 };
static const double SOLOMON_SCALE = 10, OWN_SCALE = 100;
static const double EARTH_KM = 6371, DETOUR = 1.3, KM_PER_MINUTE = 0.8;

typedef struct Reader {
    Ctx *ctx;
    const Json *json;
    RouteFile *file;
    StrList skills;
    RouteStop *stops;
    RouteVehicle *vehicles;
    int vehicle_count;
    Str *vehicle_names;
    double *x, *y;  // of places
    int places;
    bool is_globe, has_matrix;
    int nowhere;  // the place that is at no distance from any other; -1: not needed
} Reader;

static Status bad(Reader *reader, const char *what, size_t at, const char *why)
{
    return FAIL(reader->ctx, E_INVALID, "route.file", "%s %zu: %s", what, at, why);
}

// ---- Numbers ------------------------------------------------------------------------------------

// Into whole numbers of the scale; false when it is negative or too large.
static bool to_ticks(double value, double scale, int32_t *ret)
{
    double ticks = rint(value * scale);
    if (!(ticks >= 0 && ticks <= ROUTE_TICK_MOST))
        return false;
    *ret = (int32_t)ticks;
    return true;
}

// "08:30", also beyond midnight: "26:15".
static bool read_clock(Str text, double *ret)
{
    int64_t hours, minutes;
    ptrdiff_t colon = str_find_char(text, ':');
    if (colon < 1 || !str_int(str_sub(text, 0, (size_t)colon), &hours) ||
        !str_int(str_from_at(text, (size_t)colon + 1), &minutes))
        return false;
    if (hours < 0 || hours > 999 || minutes < 0 || minutes > 59)
        return false;
    *ret = (double)(hours * 60 + minutes);
    return true;
}

static bool read_time(Reader *reader, const Json *value, int32_t *ret)
{
    double time;
    if (value && value->type == JSON_STRING) {
        if (!read_clock(value->text, &time))
            return false;
        reader->file->is_clock = true;
    } else if (!tool_double(value, &time)) {
        return false;
    }
    return to_ticks(time, reader->file->scale, ret);
}

static bool read_window(Reader *reader, const Json *pair, RouteWindow *ret)
{
    return pair && pair->type == JSON_ARRAY && pair->count == 2 &&
           read_time(reader, pair->first, &ret->from) &&
           read_time(reader, pair->first->next, &ret->to);
}

static bool read_loads(const Json *value, int32_t loads[ROUTE_LOADS])
{
    double number;
    if (tool_double(value, &number))
        return to_ticks(number, OWN_SCALE, &loads[0]);
    if (!value || value->type != JSON_ARRAY || value->count > ROUTE_LOADS)
        return false;
    JSON_EACH (item, value)
        if (!tool_double(item, &number) || !to_ticks(number, OWN_SCALE, loads++))
            return false;
    return true;
}

// A cost in the file's money, 0 when absent.
static bool read_cost(const Json *object, const char *key, double *ret)
{
    const Json *value = json_get(object, key);
    *ret = 0;
    return !value || (tool_double(value, ret) && *ret >= 0 && *ret <= 1e12);
}

static bool read_skills(Reader *reader, const Json *list, uint64_t *ret)
{
    *ret = 0;
    if (!list)
        return true;
    if (list->type != JSON_ARRAY)
        return false;
    JSON_EACH (item, list) {
        if (item->type != JSON_STRING)
            return false;
        size_t at = 0;
        while (at < reader->skills.len && !str_eq(reader->skills.items[at], item->text))
            at++;
        if (at == SKILLS_MOST)
            return false;
        if (at == reader->skills.len)
            *list_push(reader->ctx->arena, &reader->skills) = item->text;
        *ret |= (uint64_t)1 << at;
    }
    return true;
}

// ---- Places -------------------------------------------------------------------------------------

static bool read_spot(Reader *reader, const Json *at, double *ret_x, double *ret_y)
{
    bool is_flat = tool_double(json_get(at, "x"), ret_x) && tool_double(json_get(at, "y"), ret_y);
    if (is_flat || !tool_double(json_get(at, "lon"), ret_x) ||
        !tool_double(json_get(at, "lat"), ret_y))
        return is_flat && fabs(*ret_x) < 1e9 && fabs(*ret_y) < 1e9;
    reader->is_globe = true;
    return fabs(*ret_x) <= 360 && fabs(*ret_y) <= 90;
}

static bool read_place(Reader *reader, const Json *at, int32_t *ret)
{
    if (reader->has_matrix) {
        int64_t place;
        const Json *number = at->type == JSON_NUMBER ? at : json_get(at, "place");
        if (!number || !json_int(number, &place) || place < 0 || place >= reader->places)
            return false;
        *ret = (int32_t)place;
        return true;
    }
    double x, y;
    if (!read_spot(reader, at, &x, &y))
        return false;
    // Vehicles come first and mostly share a depot; stops are rarely in one place.
    for (int i = 0; i < reader->places && i < 2 * ROUTE_VEHICLES_MOST; i++)
        if (reader->x[i] == x && reader->y[i] == y) {
            *ret = i;
            return true;
        }
    reader->x[reader->places] = x;
    reader->y[reader->places] = y;
    *ret = reader->places++;
    return true;
}

static double way_between(const Reader *reader, int i, int j, double detour)
{
    double dx = reader->x[i] - reader->x[j], dy = reader->y[i] - reader->y[j];
    if (!reader->is_globe)
        return hypot(dx, dy);
    double rad = M_PI / 180;  // haversine
    double a = sin(dy * rad / 2), b = sin(dx * rad / 2);
    double h = a * a + cos(reader->y[i] * rad) * cos(reader->y[j] * rad) * b * b;
    return detour * 2 * EARTH_KM * asin(fmin(1, sqrt(h)));
}

static Status measure(Reader *reader)
{
    double detour = DETOUR, speed = reader->is_globe ? KM_PER_MINUTE : 1;
    const Json *given = json_get(reader->json, "speed");
    if (given && !(tool_double(given, &speed) && speed > 1e-6 && speed < 1e9))
        return FAIL(reader->ctx, E_INVALID, "route.file", "speed: a number above 0 is wanted");
    given = json_get(reader->json, "detour");
    if (given && !(tool_double(given, &detour) && detour >= 1 && detour <= 10))
        return FAIL(reader->ctx, E_INVALID, "route.file", "detour: a number from 1 to 10");
    int n = reader->places;
    int32_t *distance = NEW_ARRAY(reader->ctx->arena, int32_t, (size_t)n * (size_t)n + 1);
    int32_t *time =
        speed == 1 ? distance : NEW_ARRAY(reader->ctx->arena, int32_t, (size_t)n * (size_t)n + 1);
    double scale = reader->file->scale;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            bool is_far = i != j && i != reader->nowhere && j != reader->nowhere;
            double way = is_far ? way_between(reader, i, j, detour) : 0;
            size_t at = (size_t)i * (size_t)n + (size_t)j;
            if (!to_ticks(way, scale, &distance[at]) || !to_ticks(way / speed, scale, &time[at]))
                return FAIL(reader->ctx, E_INVALID, "route.file",
                            "places %d and %d are too far apart", i, j);
        }
    reader->file->problem.distance = distance;
    reader->file->problem.time = time;
    return OK;
}

static Status read_matrix(Reader *reader, const char *key, double by, const int32_t **ret)
{
    const Json *rows = json_get(reader->json, key);
    int n = reader->places, i = 0;
    int32_t *all = NEW_ARRAY(reader->ctx->arena, int32_t, (size_t)n * (size_t)n + 1);
    if (rows->type != JSON_ARRAY || rows->count + (reader->nowhere >= 0) != (size_t)n)
        return FAIL(reader->ctx, E_INVALID, "route.file", "%s: a square table is wanted", key);
    JSON_EACH (row, rows) {
        int j = 0;
        if (row->type != JSON_ARRAY || row->count != rows->count)
            return bad(reader, key, (size_t)i, "a row of a square table is wanted");
        JSON_EACH (cell, row) {
            double way;
            if (!tool_double(cell, &way) ||
                !to_ticks(way / by, reader->file->scale, &all[(size_t)i * (size_t)n + (size_t)j]))
                return bad(reader, key, (size_t)i, "a number is wanted, not negative or too large");
            j++;
        }
        i++;
    }
    *ret = all;
    return OK;
}

static Status read_matrices(Reader *reader)
{
    RouteProblem *problem = &reader->file->problem;
    double speed = 1;
    const Json *given = json_get(reader->json, "speed");
    if (given && !(tool_double(given, &speed) && speed > 1e-6 && speed < 1e9))
        return FAIL(reader->ctx, E_INVALID, "route.file", "speed: a number above 0 is wanted");
    TRY(read_matrix(reader, "distances", 1, &problem->distance));
    if (json_get(reader->json, "times"))
        return read_matrix(reader, "times", 1, &problem->time);
    return read_matrix(reader, "distances", speed, &problem->time);
}

// ---- Vehicles -----------------------------------------------------------------------------------

static Status read_vehicle(Reader *reader, const Json *json, size_t at, RouteVehicle *ret)
{
    RouteVehicle vehicle = { .shift = { 0, ROUTE_TICK_MOST } };
    const Json *start = json_get(json, "start"), *end = json_get(json, "end");
    const Json *shift = json_get(json, "shift"), *longest = json_get(json, "longest");
    const Json *capacity = json_get(json, "capacity"), *cost = json_get(json, "cost");
    if (!start || !read_place(reader, start, &vehicle.start))
        return bad(reader, "vehicle", at, "start: a place is wanted");
    vehicle.end = vehicle.start;
    if (end && end->type == JSON_NULL)
        vehicle.end = reader->nowhere;
    else if (end && !read_place(reader, end, &vehicle.end))
        return bad(reader, "vehicle", at, "end: a place is wanted, or null");
    if (shift &&
        (!read_window(reader, shift, &vehicle.shift) || vehicle.shift.from > vehicle.shift.to))
        return bad(reader, "vehicle", at, "shift: two times are wanted, the earlier one first");
    if (longest && !read_time(reader, longest, &vehicle.longest))
        return bad(reader, "vehicle", at, "longest: a length of time is wanted");
    for (int k = 0; k < ROUTE_LOADS; k++)
        vehicle.capacity[k] = ROUTE_TICK_MOST;
    if (capacity && !read_loads(capacity, vehicle.capacity))
        return bad(reader, "vehicle", at, "capacity: a number is wanted, or up to three");
    if (!read_skills(reader, json_get(json, "skills"), &vehicle.skills))
        return bad(reader, "vehicle", at, "skills: a list of words is wanted, 64 in all");
    if (!read_cost(cost, "fixed", &vehicle.cost_fixed) ||
        !read_cost(cost, "distance", &vehicle.cost_distance) ||
        !read_cost(cost, "time", &vehicle.cost_time))
        return bad(reader, "vehicle", at, "cost: numbers from 0 are wanted");
    if (!cost)
        vehicle.cost_distance = 1;
    vehicle.cost_fixed *= reader->file->scale;
    *ret = vehicle;
    return OK;
}

static Str label_of(Reader *reader, const Json *json, size_t at, int64_t number, int64_t count)
{
    Str id = json_get(json, "id") ? json_get(json, "id")->text : (Str){ 0 };
    if (id.len == 0)
        id = str_format(reader->ctx->arena, "%zu", at + 1);
    if (count == 1)
        return id;
    return str_format(reader->ctx->arena, STR_FMT "/%d", STR_ARG(id), (int)number + 1);
}

static Status read_vehicles(Reader *reader, const Json *list)
{
    size_t at = 0;
    JSON_EACH (item, list) {
        int64_t count = 1;
        const Json *given = json_get(item, "count");
        if (given && (!json_int(given, &count) || count < 0 || count > ROUTE_VEHICLES_MOST))
            return bad(reader, "vehicle", at, "count: a whole number is wanted");
        if (reader->vehicle_count + count > ROUTE_VEHICLES_MOST)
            return FAIL(reader->ctx, E_INVALID, "route.file", "more than %d vehicles",
                        ROUTE_VEHICLES_MOST);
        RouteVehicle vehicle;
        TRY(read_vehicle(reader, item, at, &vehicle));
        for (int64_t i = 0; i < count; i++) {
            reader->vehicle_names[reader->vehicle_count] = label_of(reader, item, at, i, count);
            reader->vehicles[reader->vehicle_count++] = vehicle;
        }
        at++;
    }
    return OK;
}

// ---- Stops --------------------------------------------------------------------------------------

static int by_begin(const void *a, const void *b)
{
    const RouteWindow *one = a, *other = b;
    return (one->from > other->from) - (one->from < other->from);
}

// Sorted, with those that touch made one.
static bool read_windows(Reader *reader, const Json *list, RouteStop *stop)
{
    RouteWindow *windows = NEW_ARRAY(reader->ctx->arena, RouteWindow, ROUTE_WINDOWS_MOST);
    stop->windows = windows;
    stop->window_count = 1;
    windows[0] = (RouteWindow){ 0, ROUTE_TICK_MOST };
    if (!list)
        return true;
    if (list->type != JSON_ARRAY || list->count < 1 || list->count > ROUTE_WINDOWS_MOST)
        return false;
    size_t count = 0;
    JSON_EACH (item, list) {
        if (!read_window(reader, item, &windows[count]) || windows[count].from > windows[count].to)
            return false;
        count++;
    }
    qsort(windows, count, sizeof *windows, by_begin);
    stop->window_count = 0;
    for (size_t i = 0; i < count; i++) {
        RouteWindow *last = &windows[stop->window_count - 1];
        if (stop->window_count && windows[i].from <= last->to)
            last->to = windows[i].to > last->to ? windows[i].to : last->to;
        else
            windows[stop->window_count++] = windows[i];
    }
    return true;
}

// What leaving it out costs: its penalty where it may be left out, else more than any saving.
static bool read_penalty(const Json *json, double most_saved, RouteStop *stop)
{
    const Json *given = json_get(json, "penalty");
    int64_t priority = 5;
    if (json_get(json, "priority") && !json_int(json_get(json, "priority"), &priority))
        return false;
    if (priority < 1 || priority > 10)
        return false;
    bool is_optional = given || json_true(json, "optional");
    stop->penalty = is_optional ? most_saved : 10 * most_saved * (double)priority;
    return !given || (tool_double(given, &stop->penalty) && stop->penalty >= 0);
}

static Status read_stop(Reader *reader, const Json *json, size_t at, RouteStop *stop)
{
    const Json *demand = json_get(json, "demand"), *service = json_get(json, "service");
    if (!read_place(reader, json, &stop->place))
        return bad(reader, "stop", at, "x and y are wanted, or lat and lon, or place");
    if (!read_windows(reader, json_get(json, "windows"), stop))
        return bad(reader, "stop", at, "windows: up to 16 pairs of times are wanted");
    if (service && !read_time(reader, service, &stop->service))
        return bad(reader, "stop", at, "service: a length of time is wanted");
    if (demand && !read_loads(demand, stop->load))
        return bad(reader, "stop", at, "demand: a number is wanted, or up to three");
    if (!read_skills(reader, json_get(json, "skills"), &stop->skills))
        return bad(reader, "stop", at, "skills: a list of words is wanted, 64 in all");
    const Json *id = json_get(json, "id");
    if (id && id->type != JSON_STRING && id->type != JSON_NUMBER)
        return bad(reader, "stop", at, "id: a word or a number is wanted");
    reader->file->stop_ids[at] = id;
    return OK;
}

// More than one stop can cost any vehicle that goes out for it alone.
static double most_saved(const Reader *reader)
{
    const RouteProblem *problem = &reader->file->problem;
    int32_t far = 0, slow = 0;
    for (size_t i = 0; i < (size_t)problem->places * (size_t)problem->places; i++) {
        far = problem->distance[i] > far ? problem->distance[i] : far;
        slow = problem->time[i] > slow ? problem->time[i] : slow;
    }
    double most = 1;
    for (int v = 0; v < reader->vehicle_count; v++) {
        const RouteVehicle *vehicle = &reader->vehicles[v];
        double time = fmin(vehicle->shift.to - vehicle->shift.from, 24 * 60 * OWN_SCALE);
        double cost = vehicle->cost_fixed + 2 * vehicle->cost_distance * far +
                      vehicle->cost_time * fmax(time, 2.0 * slow);
        most = fmax(most, cost);
    }
    return most;
}

static Status read_stops(Reader *reader, const Json *list)
{
    size_t at = 0;
    JSON_EACH (item, list) {
        TRY(read_stop(reader, item, at, &reader->stops[at]));
        at++;
    }
    return OK;
}

static Status read_penalties(Reader *reader, const Json *list)
{
    double most = most_saved(reader);
    size_t at = 0;
    JSON_EACH (item, list) {
        RouteStop *stop = &reader->stops[at];
        if (!read_penalty(item, most / reader->file->scale, stop))
            return bad(reader, "stop", at, "penalty: from 0; priority: from 1 to 10");
        stop->penalty *= reader->file->scale;
        at++;
    }
    return OK;
}

// ---- The two forms ------------------------------------------------------------------------------

static void make_room(Reader *reader, size_t stops)
{
    Arena *arena = reader->ctx->arena;
    size_t places = stops + 2 * ROUTE_VEHICLES_MOST + 1;
    reader->stops = NEW_ARRAY(arena, RouteStop, stops + 1);
    reader->vehicles = NEW_ARRAY(arena, RouteVehicle, ROUTE_VEHICLES_MOST);
    reader->vehicle_names = NEW_ARRAY(arena, Str, ROUTE_VEHICLES_MOST);
    reader->x = NEW_ARRAY(arena, double, places);
    reader->y = NEW_ARRAY(arena, double, places);
    reader->file->stop_ids = NEW_ARRAY(arena, const Json *, stops + 1);
}

static void finish(Reader *reader, size_t stops)
{
    RouteFile *file = reader->file;
    file->problem.places = reader->places;
    file->problem.stops = reader->stops;
    file->problem.stop_count = (int)stops;
    file->problem.vehicles = reader->vehicles;
    file->problem.vehicle_count = reader->vehicle_count;
    file->vehicle_names = reader->vehicle_names;
    file->x = reader->has_matrix ? NULL : reader->x;
    file->y = reader->has_matrix ? NULL : reader->y;
}

static bool is_list(const Json *json, size_t most)
{
    return json && json->type == JSON_ARRAY && json->count <= most;
}

static Status read_own(Reader *reader)
{
    Ctx *ctx = reader->ctx;
    const Json *vehicles = json_get(reader->json, "vehicles");
    const Json *stops = json_get(reader->json, "stops");
    const Json *matrix = json_get(reader->json, "distances");
    if (!is_list(vehicles, ROUTE_VEHICLES_MOST))
        return FAIL(ctx, E_INVALID, "route.file", "vehicles: a list of up to %d is wanted",
                    ROUTE_VEHICLES_MOST);
    if (!is_list(stops, ROUTE_STOPS_MOST))
        return FAIL(ctx, E_INVALID, "route.file", "stops: a list of up to %d is wanted",
                    ROUTE_STOPS_MOST);
    reader->file->scale = OWN_SCALE;
    reader->has_matrix = matrix != NULL;
    if (matrix && !is_list(matrix, ROUTE_STOPS_MOST))
        return FAIL(ctx, E_INVALID, "route.file", "distances: a table of up to %d rows is wanted",
                    ROUTE_STOPS_MOST);
    make_room(reader, stops->count);
    reader->places = matrix ? (int)matrix->count : 0;
    bool is_open = false;
    JSON_EACH (vehicle, vehicles)
        is_open |= json_get(vehicle, "end") && json_get(vehicle, "end")->type == JSON_NULL;
    reader->nowhere = is_open ? reader->places++ : -1;
    if (is_open && !matrix)
        reader->x[0] = reader->y[0] = 1e300;  // like no other place
    TRY(read_vehicles(reader, vehicles));
    TRY(read_stops(reader, stops));
    finish(reader, stops->count);
    TRY(matrix ? read_matrices(reader) : measure(reader));
    return read_penalties(reader, stops);
}

enum { ID, X, Y, DEMAND, READY, DUE, SERVICE, COLUMNS };
static const char *const column_names[COLUMNS] = { "id",    "x",   "y",      "demand",
                                                   "ready", "due", "service" };

// Where each column stands; as Solomon has them when the file does not say.
static bool find_columns(const Json *list, size_t at[COLUMNS])
{
    for (size_t c = 0; c < COLUMNS; c++) {
        at[c] = c;
        if (!list)
            continue;
        size_t here = 0;
        bool is_found = false;
        JSON_EACH (name, list) {
            if (str_is(name->text, column_names[c])) {
                at[c] = here;
                is_found = true;
            }
            here++;
        }
        if (!is_found)
            return false;
    }
    return true;
}

static bool read_row(const Json *row, const size_t at[COLUMNS], const Json *cells[COLUMNS],
                     double values[COLUMNS])
{
    for (size_t c = 0; c < COLUMNS; c++) {
        const Json *cell = row->first;
        for (size_t i = 0; i < at[c] && cell; i++)
            cell = cell->next;
        cells[c] = cell;
        if (!tool_double(cell, &values[c]) && !(c == ID && cell && cell->type == JSON_STRING))
            return false;
    }
    return fabs(values[X]) < 1e6 && fabs(values[Y]) < 1e6;
}

static Status read_depot(Reader *reader, const double row[COLUMNS])
{
    int64_t vehicles;
    double capacity;
    RouteVehicle vehicle = { .cost_distance = 1 };
    if (!json_int(json_get(reader->json, "vehicles"), &vehicles) || vehicles < 0 ||
        vehicles > ROUTE_VEHICLES_MOST)
        return FAIL(reader->ctx, E_INVALID, "route.file", "vehicles: a number up to %d is wanted",
                    ROUTE_VEHICLES_MOST);
    if (!tool_double(json_get(reader->json, "capacity"), &capacity) ||
        !to_ticks(capacity, OWN_SCALE, &vehicle.capacity[0]))
        return FAIL(reader->ctx, E_INVALID, "route.file", "capacity: a number is wanted");
    if (!to_ticks(row[READY], SOLOMON_SCALE, &vehicle.shift.from) ||
        !to_ticks(row[DUE], SOLOMON_SCALE, &vehicle.shift.to) ||
        vehicle.shift.from > vehicle.shift.to)
        return bad(reader, "node", 0, "the depot's window is wanted");
    for (int v = 0; v < vehicles; v++) {
        reader->vehicle_names[v] = str_format(reader->ctx->arena, "%d", v + 1);
        reader->vehicles[v] = vehicle;
    }
    reader->vehicle_count = (int)vehicles;
    return OK;
}

static Status read_customer(Reader *reader, const double row[COLUMNS], size_t at)
{
    RouteStop *stop = &reader->stops[at - 1];
    RouteWindow *window = NEW(reader->ctx->arena, RouteWindow);
    *stop = (RouteStop){ .place = (int32_t)at, .windows = window, .window_count = 1 };
    if (!to_ticks(row[DEMAND], OWN_SCALE, &stop->load[0]) ||
        !to_ticks(row[SERVICE], SOLOMON_SCALE, &stop->service) ||
        !to_ticks(row[READY], SOLOMON_SCALE, &window->from) ||
        !to_ticks(row[DUE], SOLOMON_SCALE, &window->to) || window->from > window->to)
        return bad(reader, "node", at, "demand, window and service time are wanted, from 0");
    return OK;
}

// The tenths are cut off, as the published costs want it.
static void measure_tenths(Reader *reader)
{
    int n = reader->places;
    int32_t *all = NEW_ARRAY(reader->ctx->arena, int32_t, (size_t)n * (size_t)n + 1);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) {
            double way = hypot(reader->x[i] - reader->x[j], reader->y[i] - reader->y[j]);
            all[(size_t)i * (size_t)n + (size_t)j] = (int32_t)floor(SOLOMON_SCALE * way + 1e-9);
        }
    reader->file->problem.distance = reader->file->problem.time = all;
}

static Status read_solomon(Reader *reader, const Json *nodes)
{
    size_t columns[COLUMNS], count = nodes->count;
    if (!is_list(nodes, ROUTE_STOPS_MOST + 1) || count < 1)
        return FAIL(reader->ctx, E_INVALID, "route.file", "nodes: a list of 1 to %d is wanted",
                    ROUTE_STOPS_MOST + 1);
    if (!find_columns(json_get(reader->json, "columns"), columns))
        return FAIL(reader->ctx, E_INVALID, "route.file",
                    "columns: id, x, y, demand, ready, due and service are wanted");
    reader->file->scale = SOLOMON_SCALE;
    make_room(reader, count);
    JSON_EACH (row, nodes) {
        const Json *cells[COLUMNS];
        double values[COLUMNS] = { 0 };
        size_t at = (size_t)reader->places++;
        if (row->type != JSON_ARRAY || !read_row(row, columns, cells, values))
            return bad(reader, "node", at, "a number is wanted in every column");
        reader->x[at] = values[X];
        reader->y[at] = values[Y];
        if (at == 0) {
            TRY(read_depot(reader, values));
        } else {
            reader->file->stop_ids[at - 1] = cells[ID];
            TRY(read_customer(reader, values, at));
        }
    }
    measure_tenths(reader);
    finish(reader, count - 1);
    double most = most_saved(reader);
    for (size_t i = 0; i + 1 < count; i++)
        reader->stops[i].penalty = 10 * most;
    const Json *best = json_get(json_get(reader->json, "best_known"), "cost");
    if (best && !tool_double(best, &reader->file->best_known))
        reader->file->best_known = 0;
    return OK;
}

Status route_file_read(Ctx *ctx, const Json *json, RouteFile *ret)
{
    *ret = (RouteFile){ .name = json_str(json, "name") };
    Reader reader = { .ctx = ctx, .json = json, .file = ret, .nowhere = -1 };
    const Json *nodes = json_get(json, "nodes");
    return nodes ? read_solomon(&reader, nodes) : read_own(&reader);
}
