// body.c - overlaps worked out on the spot.
#include "algo/nest/body.h"

#include <math.h>

void body_make(Arena *arena, const Shapes *shapes, Body *ret)
{
    int most = 0;
    for (int i = 0; i < shapes->cut_count; i++)
        most = shapes->cuts[i].outline.count > most ? shapes->cuts[i].outline.count : most;
    *ret = (Body){ .x = NEW_ARRAY(arena, float, (size_t)most + 1),
                   .y = NEW_ARRAY(arena, float, (size_t)most + 1) };
}

void body_turn(Body *body, const Cut *cut, double degrees)
{
    if (body->cut == cut && body->degrees == degrees)
        return;
    Turn turn = turn_of(degrees, false);
    body->cut = cut;
    body->degrees = degrees;
    body->count = cut->outline.count;
    body->box = (Box){ INFINITY, INFINITY, -INFINITY, -INFINITY };
    for (int i = 0; i <= body->count; i++) {
        NestPoint p = turn_point(turn, polygon_at(cut->outline, i));
        body->x[i] = (float)p.x, body->y[i] = (float)p.y;
        body->box.x0 = fmin(body->box.x0, p.x), body->box.x1 = fmax(body->box.x1, p.x);
        body->box.y0 = fmin(body->box.y0, p.y), body->box.y1 = fmax(body->box.y1, p.y);
    }
    for (int i = 0; i < cut->pole_count; i++) {
        NestPoint p = turn_point(turn, (NestPoint){ cut->poles[i].x, cut->poles[i].y });
        body->pole_x[i] = (float)p.x, body->pole_y[i] = (float)p.y;
    }
}

// ---- Apart or not -------------------------------------------------------------------------------

typedef struct {
    float x0, y0, x1, y1;
} Window;

static float lower(float a, float b)
{
    return a < b ? a : b;
}

static float upper(float a, float b)
{
    return a > b ? a : b;
}

// Where both boxes are, in b's coordinates.
static Window common(const Body *a, const Body *b, float dx, float dy)
{
    return (Window){ upper((float)a->box.x0 - dx, (float)b->box.x0),
                     upper((float)a->box.y0 - dy, (float)b->box.y0),
                     lower((float)a->box.x1 - dx, (float)b->box.x1),
                     lower((float)a->box.y1 - dy, (float)b->box.y1) };
}

// Whether the edge p-q crosses any edge of the body. A corner exactly on the edge counts for one
// side, so nothing slips through between two edges.
static bool edge_crosses(const Body *b, float px, float py, float qx, float qy)
{
    const float *restrict x = b->x, *restrict y = b->y;
    float ex = qx - px, ey = qy - py;
    int crossings = 0, count = b->count;
    for (int k = 0; k < count; k++) {
        float cx = x[k] - px, cy = y[k] - py, dx = x[k + 1] - px, dy = y[k + 1] - py;
        int c_left = ex * cy - ey * cx > 0, d_left = ex * dy - ey * dx > 0;
        float fx = dx - cx, fy = dy - cy;
        int p_left = fx * -cy + fy * cx > 0, q_left = fx * (ey - cy) - fy * (ex - cx) > 0;
        crossings |= (c_left ^ d_left) & (p_left ^ q_left);
    }
    return crossings;
}

static bool outlines_cross(const Body *a, const Body *b, float dx, float dy)
{
    Window w = common(a, b, dx, dy);
    for (int i = 0; i < a->count; i++) {
        float px = a->x[i] - dx, py = a->y[i] - dy, qx = a->x[i + 1] - dx, qy = a->y[i + 1] - dy;
        if (upper(px, qx) < w.x0 || lower(px, qx) > w.x1 || upper(py, qy) < w.y0 ||
            lower(py, qy) > w.y1)
            continue;
        if (edge_crosses(b, px, py, qx, qy))
            return true;
    }
    return false;
}

static bool holds(const Body *body, float px, float py)
{
    int inside = 0;
    for (int i = 0; i < body->count; i++) {
        float ax = body->x[i], ay = body->y[i], bx = body->x[i + 1], by = body->y[i + 1];
        if ((ay <= py) == (by <= py))
            continue;
        float area = (bx - ax) * (py - ay) - (by - ay) * (px - ax);
        inside ^= (area > 0) == (by > ay);
    }
    return inside;
}

// The centre of the largest pole lies well inside: a body that lies whole in another, edges apart,
// has it there.
static bool one_in_other(const Body *a, const Body *b, float dx, float dy)
{
    return holds(b, a->pole_x[0] - dx, a->pole_y[0] - dy) ||
           holds(a, b->pole_x[0] + dx, b->pole_y[0] + dy);
}

// ---- How much -----------------------------------------------------------------------------------

static float add_pole(const Body *a, float x, float y, float r, float epsilon)
{
    float sum = 0;
    for (int i = 0; i < a->cut->pole_count; i++) {
        float px = a->pole_x[i] - x, py = a->pole_y[i] - y, pr = (float)a->cut->poles[i].r;
        float depth = pr + r - sqrtf(px * px + py * py);
        float shallow = lower(depth, epsilon);
        sum += lower(pr, r) * (epsilon * epsilon / (2 * epsilon - shallow) + (depth - shallow));
    }
    return sum;
}

float body_loss(const Body *a, const Body *b, float dx, float dy)
{
    if (!outlines_cross(a, b, dx, dy) && !one_in_other(a, b, dx, dy))
        return 0;
    float epsilon = (float)cuts_epsilon(a->cut, b->cut), sum = 0;
    for (int i = 0; i < b->cut->pole_count; i++)
        sum +=
            add_pole(a, b->pole_x[i] + dx, b->pole_y[i] + dy, (float)b->cut->poles[i].r, epsilon);
    return sqrtf((float)M_PI * sum + epsilon * epsilon) * (float)cuts_heft(a->cut, b->cut);
}
