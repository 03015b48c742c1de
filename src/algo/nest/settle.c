// settle.c - moves all pieces at once, each a little, to where the strip is shortest.
//
// Two pieces are apart while the shift between them lies outside the closed curves of their
// convolution. Around the present shift (or around the nearest outside, where they overlap) a
// convex region is cut out of that outside. Within all those regions the shortest strip is a linear
// programme, and its answer is a marker without overlaps; around the new places new regions are cut
// out, until nothing more is gained. Compaction and separation by linear programmes is due to Li
// and Milenkovic (1995); Gomes and Oliveira (2006) used it within a search, as we do.
#include "algo/nest/settle.h"

#include "algo/nest/linear.h"
#include "algo/nest/region.h"

#include <math.h>

static const double REACH = 0.06;          // of a mean piece's size: its way in a round, at most
static const double GAIN_LEAST = 1e-8;     // of the width: a round that gains less is the last
static const double ROOM = 1e-9;           // of the width: left between pieces, for rounding
static const double ROOM_IF_ROUGH = 1e-6;  // the same where overlaps are found in single precision

typedef struct {
    NestPolygon outline;
    Corner *corners, *turned;  // of the outline, and of it turned by half
    Box box;
    int variable;  // the move of its x; the next is that of its y; -1: it stays
} Stone;

typedef struct {
    Settling *settling;
    const NestJob *job;
    Arena *arena;
    Pose *poses;
    const float *loss;
    double length, reach, room;
    int count, *order;  // from left to right
    Stone *stones;
    int variable_count;  // moves, in reaches; the last is the length's
    LinearRow *rows;
    int row_count, row_room;
    Near near;
} Yard;

// ---- Stones -------------------------------------------------------------------------------------

static const Cut *cut_of(const Yard *yard, int copy)
{
    const Shapes *shapes = yard->settling->shapes;
    return &shapes->cuts[shapes->shapes[yard->poses[copy].shape].cut];
}

static bool stays(const Yard *yard, int copy)
{
    const Copy *of = &yard->settling->shapes->copies[copy];
    return of->is_pinned || yard->job->pieces[of->piece].is_matched;
}

static void make_stone(Yard *yard, int copy)
{
    const Cut *cut = cut_of(yard, copy);
    Stone *stone = &yard->stones[copy];
    stone->outline =
        polygon_turned(yard->arena, yard->settling->as_drawn ? cut->drawn : cut->outline,
                       turn_of(yard->poses[copy].degrees, false));
    stone->corners = convolve_corners(yard->arena, stone->outline, 1);
    stone->turned = convolve_corners(yard->arena, stone->outline, -1);
    stone->box = polygon_box(stone->outline);
    stone->variable = -1;
}

static double left_of(const Yard *yard, int copy)
{
    return yard->poses[copy].x + yard->stones[copy].box.x0;
}

// From left to right, so that neighbours have numbers near each other. Insertion sort: from the
// second round on, nearly all are in order.
static void number_stones(Yard *yard)
{
    for (int i = 1; i < yard->count; i++) {
        int copy = yard->order[i], at = i;
        for (; at > 0 && left_of(yard, yard->order[at - 1]) > left_of(yard, copy); at--)
            yard->order[at] = yard->order[at - 1];
        yard->order[at] = copy;
    }
    yard->variable_count = 1;
    for (int i = 0; i < yard->count; i++)
        if (!stays(yard, yard->order[i])) {
            yard->stones[yard->order[i]].variable = yard->variable_count - 1;
            yard->variable_count += 2;
        }
}

// ---- Rows ---------------------------------------------------------------------------------------

static LinearRow *row_of(Yard *yard, double least)
{
    if (yard->row_count == yard->row_room) {
        size_t old = (size_t)yard->row_room * sizeof *yard->rows;
        yard->rows = arena_grow(yard->arena, yard->rows, old, 2 * old);
        yard->row_room *= 2;
    }
    LinearRow *row = &yard->rows[yard->row_count++];
    *row = (LinearRow){ .least = least / yard->reach };
    return row;
}

static void add_term(LinearRow *row, int variable, double factor)
{
    if (factor != 0)
        row->terms[row->count++] = (LinearTerm){ variable, factor };
}

static void keep_between(Yard *yard, int variable, double low, double high)
{
    add_term(row_of(yard, fmax(low, -yard->reach)), variable, 1);
    add_term(row_of(yard, fmax(-high, -yard->reach)), variable, -1);
}

static void keep_in_strip(Yard *yard, int copy)
{
    const NestJob *job = yard->job;
    const NestPiece *piece = &job->pieces[yard->settling->shapes->copies[copy].piece];
    const Pose *pose = &yard->poses[copy];
    const Box *box = &yard->stones[copy].box;
    int variable = yard->stones[copy].variable;
    double half = job->gap / 2, left = -half, right = INFINITY;
    if (job->section > 0) {
        double section = fmax(0, floor((pose->x + (box->x0 + box->x1) / 2) / job->section));
        left += section * job->section, right = (section + 1) * job->section + half;
    }
    double bottom = (piece->has_band ? piece->band_from : 0) - half;
    double top = (piece->has_band ? piece->band_to : job->width) + half;
    keep_between(yard, variable, left - pose->x - box->x0, right - pose->x - box->x1);
    keep_between(yard, variable + 1, bottom - pose->y - box->y0, top - pose->y - box->y1);
}

static double end_of(const Yard *yard, int copy)
{
    return yard->poses[copy].x + yard->stones[copy].box.x1 - yard->job->gap / 2;
}

static void keep_in_length(Yard *yard, int copy)
{
    LinearRow *row = row_of(yard, end_of(yard, copy) - yard->length);
    add_term(row, yard->variable_count - 1, 1);
    if (yard->stones[copy].variable >= 0)
        add_term(row, yard->stones[copy].variable, -1);
}

static void keep_behind(Yard *yard, const Stone *a, const Stone *b, NestPoint shift, Wall wall)
{
    double now = wall.along.x * shift.x + wall.along.y * shift.y;
    LinearRow *row = row_of(yard, wall.least - now + yard->room);
    const Stone *stones[] = { a, b };
    for (int i = 0; i < 2; i++)
        if (stones[i]->variable >= 0) {
            add_term(row, stones[i]->variable, i ? wall.along.x : -wall.along.x);
            add_term(row, stones[i]->variable + 1, i ? wall.along.y : -wall.along.y);
        }
}

static bool are_far(const Stone *a, const Stone *b, NestPoint shift, double reach)
{
    return shift.x + b->box.x0 > a->box.x1 + reach || shift.x + b->box.x1 < a->box.x0 - reach ||
           shift.y + b->box.y0 > a->box.y1 + reach || shift.y + b->box.y1 < a->box.y0 - reach;
}

static bool overlap(const Yard *yard, int first, int second)
{
    return yard->loss && yard->loss[(size_t)first * (size_t)yard->count + (size_t)second] > 0;
}

// To know the winding of a shift, all that lies to its right must be looked at.
static bool keep_apart(Yard *yard, int first, int second)
{
    const Stone *a = &yard->stones[first], *b = &yard->stones[second];
    const Pose *p = &yard->poses[first], *q = &yard->poses[second];
    NestPoint shift = { q->x - p->x, q->y - p->y }, from = shift;
    double reach = 2 * yard->reach;
    bool do_overlap = overlap(yard, first, second);
    if (are_far(a, b, shift, reach) || (a->variable < 0 && b->variable < 0))
        return true;
    Box window = { shift.x - reach, shift.y - reach, do_overlap ? INFINITY : shift.x + reach,
                   shift.y + reach };
    convolve_near(&yard->near, a->corners, a->outline.count, b->turned, b->outline.count, window);
    Segments segments = { yard->near.segments, yard->near.count };
    int winding = do_overlap ? convolution_winding(segments.list, segments.count, shift) : 0;
    if (winding > 0 && !region_exit(yard->arena, segments, winding, reach, shift, &from))
        return false;
    Wall walls[WALLS_MOST];
    int count = region_cut(segments, from, shift, reach, walls);
    for (int i = 0; i < count; i++)
        keep_behind(yard, a, b, shift, walls[i]);
    return count >= 0;
}

static bool make_rows(Yard *yard)
{
    yard->row_count = 0;
    for (int i = 0; i < yard->count; i++) {
        int copy = yard->order[i];
        if (yard->stones[copy].variable >= 0)
            keep_in_strip(yard, copy);
        keep_in_length(yard, copy);
        for (int k = i + 1; k < yard->count; k++)
            if (!keep_apart(yard, copy, yard->order[k]))
                return false;
    }
    return true;
}

// ---- Rounds -------------------------------------------------------------------------------------

static void move_stones(Yard *yard, const double *moves)
{
    yard->length = 0;
    for (int i = 0; i < yard->count; i++) {
        int variable = yard->stones[i].variable;
        if (variable >= 0) {
            yard->poses[i].x += yard->reach * moves[variable];
            yard->poses[i].y += yard->reach * moves[variable + 1];
        }
        yard->length = fmax(yard->length, end_of(yard, i));
    }
}

// Cuts out all regions and goes to the shortest strip inside them.
static bool settle_once(Yard *yard)
{
    number_stones(yard);
    if (!make_rows(yard))
        return false;
    ArenaMark mark = arena_mark(yard->arena);
    double *cost = NEW_ARRAY(yard->arena, double, (size_t)yard->variable_count);
    double *moves = NEW_ARRAY(yard->arena, double, (size_t)yard->variable_count);
    cost[yard->variable_count - 1] = 1;
    LinearProgram program = { yard->variable_count, yard->row_count, cost, yard->rows };
    bool is_solved = linear_solve(yard->arena, &program, moves);
    if (is_solved)
        move_stones(yard, moves);
    arena_rewind(yard->arena, mark);
    yard->loss = NULL;
    return is_solved;
}

static double mean_size(const Yard *yard)
{
    double sum = 0;
    for (int i = 0; i < yard->count; i++)
        sum += cut_of(yard, i)->heft;
    return sum / yard->count;
}

static void lay_out(Arena *scratch, Settling *settling, Yard *ret)
{
    const Shapes *shapes = settling->shapes;
    int count = shapes->copy_count;
    *ret = (Yard){ .settling = settling,
                   .job = shapes->job,
                   .arena = scratch,
                   .poses = NEW_ARRAY(scratch, Pose, (size_t)count + 1),
                   .loss = settling->loss,
                   .length = settling->length,
                   .count = count,
                   .order = NEW_ARRAY(scratch, int, (size_t)count + 1),
                   .stones = NEW_ARRAY(scratch, Stone, (size_t)count + 1),
                   .row_room = 32 * (count + 1),
                   .near = { .arena = scratch } };
    ret->rows = NEW_ARRAY(scratch, LinearRow, (size_t)ret->row_room);
    memcpy(ret->poses, settling->poses, (size_t)count * sizeof *ret->poses);
    ret->reach = REACH * mean_size(ret);
    ret->room = (settling->is_rough ? ROOM_IF_ROUGH : ROOM) * shapes->job->width;
    for (int i = 0; i < count; i++) {
        make_stone(ret, i);
        ret->order[i] = i;
    }
}

static bool settle_rounds(Yard *yard)
{
    const Settling *settling = yard->settling;
    double enough = GAIN_LEAST * yard->job->width;
    for (int round = 0; round < settling->rounds; round++) {
        double before = yard->length;
        bool is_over = round > 0 && budget_over(settling->budget, 0);
        if (is_over || !settle_once(yard))
            return round > 0;
        if (round > 0 && before - yard->length < enough)
            return true;
    }
    return settling->rounds > 0;
}

bool settle(Arena *scratch, Settling *settling)
{
    int count = settling->shapes->copy_count;
    if (count > SETTLE_COPIES_MOST || settling->shapes->is_hide)
        return false;
    Yard yard;
    ArenaMark mark = arena_mark(scratch);
    lay_out(scratch, settling, &yard);
    bool is_settled = settle_rounds(&yard);
    if (is_settled) {
        memcpy(settling->poses, yard.poses, (size_t)count * sizeof *yard.poses);
        settling->length = yard.length;
    }
    arena_rewind(scratch, mark);
    return is_settled;
}
