// shape.c - from a job's pieces to shapes.
#include "algo/nest/shape.h"

enum { STARTS_OF_ANY = 8 };  // angles a freely turning piece starts from

static const double FAR_WIDTHS = 1e5;  // a corner may be from the origin, in widths of the strip

static const double EASE_SHARE = 0.0008;  // area given away for fewer corners

// ---- What cannot be -----------------------------------------------------------------------------

static bool is_near_origin(NestPolygon outline, double far)
{
    for (int i = 0; i < outline.count; i++)
        if (!(fabs(outline.points[i].x) <= far && fabs(outline.points[i].y) <= far))
            return false;
    return true;
}

static Status check_outline(Ctx *ctx, const NestJob *job, NestPolygon outline, int piece)
{
    if (outline.count < 3)
        return FAIL(ctx, E_INVALID, "nest.piece", "piece %d has fewer than three corners", piece);
    if (outline.count > NEST_CORNERS_MOST)
        return FAIL(ctx, E_LIMIT, "nest.piece", "piece %d has %d corners, at most %d are taken",
                    piece, outline.count, NEST_CORNERS_MOST);
    if (!is_near_origin(outline, FAR_WIDTHS * job->width))
        return FAIL(ctx, E_INVALID, "nest.piece", "piece %d lies too far from its origin", piece);
    NestPolygon clean = polygon_clean(ctx->arena, outline);
    Box box = polygon_box(clean);
    double square = fmax(box.x1 - box.x0, box.y1 - box.y0);
    if (polygon_area(clean) <= 1e-9 * square * square)
        return FAIL(ctx, E_INVALID, "nest.piece", "piece %d has no area", piece);
    if (!polygon_is_simple(clean))
        return FAIL(ctx, E_INVALID, "nest.piece", "the outline of piece %d crosses itself", piece);
    return OK;
}

static Status check_piece(Ctx *ctx, const NestJob *job, int i)
{
    const NestPiece *piece = &job->pieces[i];
    if (piece->demand < 0)
        return FAIL(ctx, E_INVALID, "nest.piece", "piece %d has a demand below zero", i);
    if (piece->turn_count < 0 || piece->turn_count > NEST_TURNS_MOST)
        return FAIL(ctx, E_LIMIT, "nest.piece", "piece %d has %d rotations, at most %d are taken",
                    i, piece->turn_count, NEST_TURNS_MOST);
    return check_outline(ctx, job, piece->outline, i);
}

static Status check_job(Ctx *ctx, const NestJob *job)
{
    if (!(job->width > 0) || !isfinite(job->width))
        return FAIL(ctx, E_INVALID, "nest.width", "the strip's height must be above zero");
    if (!(job->gap >= 0) || !(job->section >= 0) || !(job->repeat_x >= 0) || !(job->repeat_y >= 0))
        return FAIL(ctx, E_INVALID, "nest.job", "gap, section and repeats cannot be below zero");
    int64_t copies = 0;
    for (int i = 0; i < job->piece_count; i++) {
        TRY(check_piece(ctx, job, i));
        copies += job->pieces[i].demand;
    }
    if (copies > NEST_COPIES_MOST)
        return FAIL(ctx, E_LIMIT, "nest.copies",
                    "%lld pieces are wanted, at most %d go on a marker", (long long)copies,
                    NEST_COPIES_MOST);
    return OK;
}

// ---- Cuts ---------------------------------------------------------------------------------------

static double diameter_of(NestPolygon hull)
{
    double most = 0;
    for (int i = 0; i < hull.count; i++)
        for (int j = i + 1; j < hull.count; j++)
            most = fmax(most, hypot(hull.points[i].x - hull.points[j].x,
                                    hull.points[i].y - hull.points[j].y));
    return most;
}

static Cut cut_make(Ctx *ctx, const NestJob *job, int piece, bool is_flipped)
{
    Cut cut = { .piece = piece, .is_flipped = is_flipped };
    NestPolygon outline = polygon_clean(ctx->arena, job->pieces[piece].outline);
    outline = polygon_turned(ctx->arena, outline, turn_of(0, is_flipped));
    outline = polygon_grown(ctx->arena, outline, job->gap / 2);
    cut.drawn = polygon_clean(ctx->arena, outline);
    cut.outline = polygon_eased(ctx->arena, outline, EASE_SHARE);
    cut.pole_count = polygon_poles(ctx->arena, cut.outline, POLES_MOST, cut.poles);
    NestPolygon hull = polygon_hull(ctx->arena, cut.outline);
    cut.area = polygon_area(cut.outline);
    cut.heft = sqrt(polygon_area(hull));
    cut.diameter = diameter_of(hull);
    return cut;
}

static int cut_find(const Shapes *all, int piece, bool is_flipped)
{
    for (int i = 0; i < all->cut_count; i++)
        if (all->cuts[i].piece == piece && all->cuts[i].is_flipped == is_flipped)
            return i;
    return -1;
}

static int cut_of(Ctx *ctx, Shapes *all, int piece, bool is_flipped)
{
    int found = cut_find(all, piece, is_flipped);
    if (found >= 0)
        return found;
    all->cuts[all->cut_count] = cut_make(ctx, all->job, piece, is_flipped);
    return all->cut_count++;
}

// ---- Shapes -------------------------------------------------------------------------------------

static double normal_degrees(double degrees)
{
    double rest = degrees - 360 * floor(degrees / 360);
    return rest >= 360 ? 0 : rest;
}

static int shape_add(Ctx *ctx, Shapes *all, int cut, double degrees)
{
    Shape *shape = &all->shapes[all->shape_count];
    *shape = (Shape){ .cut = cut, .degrees = normal_degrees(degrees) };
    shape->turn = turn_of(degrees, false);
    shape->outline = polygon_turned(ctx->arena, all->cuts[cut].outline, shape->turn);
    shape->box = polygon_box(shape->outline);
    return all->shape_count++;
}

static bool fits(const Shapes *all, const Shape *shape)
{
    const NestJob *job = all->job;
    const NestPiece *piece = &job->pieces[all->cuts[shape->cut].piece];
    double height = shape->box.y1 - shape->box.y0, length = shape->box.x1 - shape->box.x0;
    double room = piece->has_band ? piece->band_to - piece->band_from : job->width;
    double slack = 1e-9 * job->width;
    return height <= room + job->gap + slack &&
           (job->section <= 0 || length <= job->section + job->gap + slack);
}

// Adds the shapes of a cut that fit on the strip.
static void shapes_of_cut(Ctx *ctx, Shapes *all, int cut)
{
    const NestPiece *piece = &all->job->pieces[all->cuts[cut].piece];
    int count = piece->turn_count ? piece->turn_count : STARTS_OF_ANY;
    for (int i = 0; i < count; i++) {
        double degrees = piece->turn_count ? piece->turns[i] : 360.0 * i / STARTS_OF_ANY;
        shape_add(ctx, all, cut, degrees);
        if (!fits(all, &all->shapes[all->shape_count - 1]))
            all->shape_count--;
    }
}

static Status copies_add(Ctx *ctx, Shapes *all, int piece, int from, int count)
{
    if (all->shape_count == from)
        return FAIL(ctx, E_INVALID, "nest.piece",
                    "piece %d does not fit on the strip in any of"
                    " its rotations",
                    piece);
    for (int i = 0; i < count; i++)
        all->copies[all->copy_count++] = (Copy){ .piece = piece,
                                                 .shape_from = from,
                                                 .shape_count = all->shape_count - from,
                                                 .is_free = !all->job->pieces[piece].turn_count };
    return OK;
}

static Status copies_of_side(Ctx *ctx, Shapes *all, int piece, bool is_flipped, int count)
{
    int from = all->shape_count;
    if (count <= 0)
        return OK;
    shapes_of_cut(ctx, all, cut_of(ctx, all, piece, is_flipped));
    return copies_add(ctx, all, piece, from, count);
}

static Status copies_pinned(Ctx *ctx, Shapes *all, int piece, int left[2])
{
    for (int i = 0; i < all->job->pinned_count; i++) {
        const NestPlacement *pin = &all->job->pinned[i];
        if (pin->piece != piece)
            continue;
        int cut = cut_of(ctx, all, piece, pin->is_flipped);
        int shape = shape_add(ctx, all, cut, pin->turn);
        all->copies[all->copy_count++] = (Copy){ piece, shape, 1, false, true, pin->x, pin->y };
        left[pin->is_flipped]--;
    }
    return OK;
}

// Copies of one piece: the pinned ones first, then the others by how they may be flipped.
static Status copies_of(Ctx *ctx, Shapes *all, int i)
{
    const NestPiece *piece = &all->job->pieces[i];
    int mirrored = piece->flip == NEST_IN_PAIRS ? piece->demand / 2 : 0;
    int left[2] = { piece->demand - mirrored, mirrored };
    TRY(copies_pinned(ctx, all, i, left));
    if (piece->flip == NEST_EITHER_WAY) {
        int count = left[0] + left[1], from = all->shape_count;
        if (count <= 0)
            return OK;
        shapes_of_cut(ctx, all, cut_of(ctx, all, i, false));
        shapes_of_cut(ctx, all, cut_of(ctx, all, i, true));
        return copies_add(ctx, all, i, from, count);
    }
    TRY(copies_of_side(ctx, all, i, false, left[0]));
    return copies_of_side(ctx, all, i, true, left[1]);
}

static Status check_pins(Ctx *ctx, const NestJob *job)
{
    for (int i = 0; i < job->pinned_count; i++) {
        const NestPlacement *pin = &job->pinned[i];
        if (pin->piece < 0 || pin->piece >= job->piece_count)
            return FAIL(ctx, E_INVALID, "nest.pinned", "a pinned piece is not in the job");
        const NestPiece *piece = &job->pieces[pin->piece];
        int count = 0, most = piece->demand;
        if (piece->flip == NEST_IN_PAIRS)
            most = pin->is_flipped ? piece->demand / 2 : piece->demand - piece->demand / 2;
        else if (piece->flip == NEST_AS_DRAWN && pin->is_flipped)
            most = 0;
        for (int k = 0; k <= i; k++)
            count += job->pinned[k].piece == pin->piece &&
                     (piece->flip != NEST_IN_PAIRS || job->pinned[k].is_flipped == pin->is_flipped);
        if (count > most)
            return FAIL(ctx, E_INVALID, "nest.pinned",
                        "%d copies of piece %d are pinned, at most %d may be", count, pin->piece,
                        most);
    }
    return OK;
}

double nest_area(const NestJob *job)
{
    double area = 0;
    for (int i = 0; i < job->piece_count; i++)
        area += job->pieces[i].demand * fabs(polygon_area(job->pieces[i].outline));
    return area;
}

static size_t shape_bound(const NestJob *job)
{
    size_t most = (size_t)job->pinned_count;
    for (int i = 0; i < job->piece_count; i++)
        most += 2 * (size_t)(job->pieces[i].turn_count ? job->pieces[i].turn_count : STARTS_OF_ANY);
    return most;
}

Status shapes_make(Ctx *ctx, const NestJob *job, Shapes *ret)
{
    TRY(check_job(ctx, job));
    TRY(check_pins(ctx, job));
    Shapes all = { .job = job, .area = nest_area(job) };
    all.cuts = NEW_ARRAY(ctx->arena, Cut, (size_t)(2 * job->piece_count + 1));
    all.shapes = NEW_ARRAY(ctx->arena, Shape, shape_bound(job) + 1);
    all.copies = NEW_ARRAY(ctx->arena, Copy, NEST_COPIES_MOST + 1);
    for (int i = 0; i < job->piece_count; i++)
        if (job->pieces[i].demand > 0) {
            TRY(copies_of(ctx, &all, i));
            all.is_free |= job->pieces[i].turn_count == 0;
        }
    *ret = all;
    return OK;
}
