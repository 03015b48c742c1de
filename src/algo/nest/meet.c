// meet.c - tables of how two cuts overlap.
#include "algo/nest/meet.h"

#include <math.h>

enum { CELLS_LEAST = 8, CELLS_MOST = 48 };

// ---- The grid -----------------------------------------------------------------------------------

static void size_grid(Meet *meet, int segment_count)
{
    int cells = 16 + segment_count / 6;
    cells = cells < CELLS_MOST ? cells : CELLS_MOST;
    double width = meet->box.x1 - meet->box.x0, height = meet->box.y1 - meet->box.y0;
    double shape = sqrt(width / height);
    meet->columns = (int)fmin(2 * CELLS_MOST, fmax(CELLS_LEAST, cells * shape));
    meet->rows = (int)fmin(2 * CELLS_MOST, fmax(CELLS_LEAST, cells / shape));
    meet->cell_x = width / meet->columns;
    meet->cell_y = height / meet->rows;
    meet->per_x = 1 / meet->cell_x;
    meet->per_y = 1 / meet->cell_y;
}

static int clamp(double cell, int count)
{
    return cell < 0 ? 0 : cell >= count ? count - 1 : (int)cell;
}

typedef struct {
    int from, to;
} Range;

// The columns in which a segment can be, where it passes through a row of cells (with a hair of
// margin, so that rounding never loses one).
static Range columns_in_row(const Meet *meet, const Segment *s, int row)
{
    const double hair = 1e-9;
    double low = meet->box.y0 + meet->cell_y * (row - hair);
    double high = meet->box.y0 + meet->cell_y * (row + 1 + hair);
    double t0 = 0, t1 = 1, dy = s->y1 - s->y0;
    if (fabs(dy) > 0) {
        double ta = (low - s->y0) / dy, tb = (high - s->y0) / dy;
        t0 = fmax(0, fmin(ta, tb)), t1 = fmin(1, fmax(ta, tb));
    }
    double xa = (s->x0 + t0 * (s->x1 - s->x0) - meet->box.x0) * meet->per_x;
    double xb = (s->x0 + t1 * (s->x1 - s->x0) - meet->box.x0) * meet->per_x;
    return (Range){ clamp(fmin(xa, xb) - hair, meet->columns),
                    clamp(fmax(xa, xb) + hair, meet->columns) };
}

static Range rows_of(const Meet *meet, const Segment *s)
{
    double low = (fmin(s->y0, s->y1) - meet->box.y0) * meet->per_y;
    double high = (fmax(s->y0, s->y1) - meet->box.y0) * meet->per_y;
    return (Range){ clamp(low - 1e-9, meet->rows), clamp(high + 1e-9, meet->rows) };
}

static void list_segments(Arena *arena, Meet *meet, const Segment *segments, int count)
{
    for (const Segment *s = segments; s < segments + count; s++)
        for (int row = rows_of(meet, s).from; row <= rows_of(meet, s).to; row++) {
            Range in = columns_in_row(meet, s, row);
            for (int column = in.from; column <= in.to; column++)
                meet->cells[row * meet->columns + column].first++;
        }
    uint32_t total = 0;
    for (int i = 0; i < meet->rows * meet->columns; i++) {
        uint32_t here = meet->cells[i].first;
        meet->cells[i].first = total;
        total += here;
    }
    meet->segments = NEW_ARRAY(arena, Segment, total + 1);
    for (const Segment *s = segments; s < segments + count; s++)
        for (int row = rows_of(meet, s).from; row <= rows_of(meet, s).to; row++) {
            Range in = columns_in_row(meet, s, row);
            for (int column = in.from; column <= in.to; column++) {
                MeetCell *cell = &meet->cells[row * meet->columns + column];
                meet->segments[cell->first + cell->count++] = *s;
            }
        }
}

// ---- Winding ------------------------------------------------------------------------------------

// The middles' heights are moved by a little that no outline shares, so that no corner of the
// curves lies exactly beside one.
static double middle_x(const Meet *meet, int column)
{
    return meet->box.x0 + meet->cell_x * (column + 0.5000917);
}

static double middle_y(const Meet *meet, int row)
{
    return meet->box.y0 + meet->cell_y * (row + 0.5001319);
}

// A row of middles at once: each segment that crosses the row's height counts for all middles left
// of it.
static void wind_row(Meet *meet, int row, const Segment *segments, int count)
{
    MeetCell *cells = &meet->cells[row * meet->columns];
    double y = middle_y(meet, row);
    for (const Segment *s = segments; s < segments + count; s++) {
        if ((s->y0 <= y) == (s->y1 <= y))
            continue;
        double x = s->x0 + (y - s->y0) / (s->y1 - s->y0) * (s->x1 - s->x0);
        int last = clamp((x - meet->box.x0) * meet->per_x, meet->columns);
        while (last >= 0 && middle_x(meet, last) >= x)
            last--;
        if (last >= 0)
            cells[last].winding += s->y1 > s->y0 ? 1 : -1;
    }
    for (int column = meet->columns - 2; column >= 0; column--)
        cells[column].winding += cells[column + 1].winding;
}

// From the middle up or down to the height of the point, then across to it.
int meet_winding(const Meet *meet, const MeetCell *cell, int column, int row, double x, double y)
{
    double mx = middle_x(meet, column), my = middle_y(meet, row);
    int winding = cell->winding;
    const Segment *end = meet->segments + cell->first + cell->count;
    for (const Segment *s = meet->segments + cell->first; s < end; s++) {
        double dx = s->x1 - s->x0, dy = s->y1 - s->y0;
        if ((s->x0 <= mx) != (s->x1 <= mx)) {
            double at = (mx - s->x0) * dy + s->y0 * dx;  // height times dx
            bool above_middle = dx > 0 ? at > my * dx : at < my * dx;
            bool above_point = dx > 0 ? at > y * dx : at < y * dx;
            if (above_middle != above_point)
                winding += (dx > 0) == above_middle ? 1 : -1;
        }
        if ((s->y0 <= y) != (s->y1 <= y)) {
            double at = (y - s->y0) * dx + s->x0 * dy;
            bool right_of_middle = dy > 0 ? at > mx * dy : at < mx * dy;
            bool right_of_point = dy > 0 ? at > x * dy : at < x * dy;
            if (right_of_middle != right_of_point)
                winding += (dy > 0) == right_of_point ? 1 : -1;
        }
    }
    return winding;
}

// ---- The table ----------------------------------------------------------------------------------

static Box shifts_of(Box a, Box b)
{
    return (Box){ a.x0 - b.x1, a.y0 - b.y1, a.x1 - b.x0, a.y1 - b.y0 };
}

void meet_make(Arena *arena, Arena *scratch, const Cut *a, const Cut *b, NestPolygon b_turned,
               Meet *ret)
{
    Segment *segments;
    int count = convolve(scratch, a->outline, b_turned, &segments);
    *ret = (Meet){ .box = shifts_of(polygon_box(a->outline), polygon_box(b_turned)) };
    size_grid(ret, count);
    ret->cells = NEW_ARRAY(arena, MeetCell, (size_t)(ret->rows * ret->columns));
    list_segments(arena, ret, segments, count);
    for (int row = 0; row < ret->rows; row++)
        wind_row(ret, row, segments, count);
}

// ---- The measure --------------------------------------------------------------------------------

// What a row of cells adds up: the pairs of circles, and how fast that changes along x and y.
typedef struct {
    float sum[2 * CELLS_MOST], sum_x[2 * CELLS_MOST], sum_y[2 * CELLS_MOST];
} RowSums;

// One pair of circles for a whole row: the cells' middles are at (x + i * step, y) from where the
// circles would be concentric.
static void add_pair(RowSums *sums, int columns, float x, float step, float y, float reach,
                     float least, float epsilon)
{
    for (int i = 0; i < columns; i++) {
        float dx = x + step * (float)i;
        float distance = sqrtf(dx * dx + y * y + 1e-12f);
        float depth = reach - distance;
        float shallow = depth < epsilon ? depth : epsilon;
        float faded = epsilon / (2 * epsilon - shallow);
        float part = epsilon * faded + (depth - shallow);
        float fall = least * faded * faded / distance;
        sums->sum[i] += least * part;
        sums->sum_x[i] -= fall * dx;
        sums->sum_y[i] -= fall * y;
    }
}

static int16_t slope_in_units(const Meet *meet, float slope)
{
    float units = slope / meet->slope_unit;
    return (int16_t)(units > 32767 ? 32767 : units < -32767 ? -32767 : units);
}

static void measure_row(Meet *meet, int row, const Cut *a, const Cut *b, Turn turn, float epsilon)
{
    RowSums sums = { 0 };
    double x = meet->box.x0 + meet->cell_x / 2, y = meet->box.y0 + meet->cell_y * (row + 0.5);
    for (const Circle *c = b->poles; c < b->poles + b->pole_count; c++) {
        NestPoint at = turn_point(turn, (NestPoint){ c->x, c->y });
        for (const Circle *d = a->poles; d < a->poles + a->pole_count; d++)
            add_pair(&sums, meet->columns, (float)(at.x + x - d->x), (float)meet->cell_x,
                     (float)(at.y + y - d->y), (float)(c->r + d->r), (float)fmin(c->r, d->r),
                     epsilon);
    }
    float heft = (float)cuts_heft(a, b);
    for (int i = 0; i < meet->columns; i++) {
        MeetCell *cell = &meet->cells[row * meet->columns + i];
        float root = sqrtf((float)M_PI * sums.sum[i] + epsilon * epsilon);
        float fall = heft * (float)M_PI / (2 * root);
        cell->value = heft * root;
        cell->slope_x = slope_in_units(meet, fall * sums.sum_x[i] * (float)meet->cell_x);
        cell->slope_y = slope_in_units(meet, fall * sums.sum_y[i] * (float)meet->cell_y);
    }
}

void meet_measure(Meet *meet, const Cut *a, const Cut *b, Turn turn)
{
    float epsilon = (float)cuts_epsilon(a, b);
    // The measure changes about as fast as the pieces' size times the shift; slopes beyond that
    // many times are cut off.
    meet->slope_unit = (float)(32 * cuts_heft(a, b) * fmax(meet->cell_x, meet->cell_y) / 32767);
    for (int row = 0; row < meet->rows; row++)
        measure_row(meet, row, a, b, turn, epsilon);
}
