// nest_svg.c - pictures of layouts. The strip lies along x, y grows upwards as in the job.
#include "tool/nest_file.h"

#include <math.h>

static const char *const COLOURS[] = { "#8fb8de", "#f2b880", "#a8d5a2", "#d9a5c7", "#f0d77b",
                                       "#9fd3d0", "#c9b6e4", "#e6a4a0", "#bcc79a", "#a9b4c8" };

static NestPoint corner_of(const NestPlacement *placement, NestPoint p)
{
    double radians = placement->turn * (M_PI / 180), x = placement->is_flipped ? -p.x : p.x;
    return (NestPoint){ x * cos(radians) - p.y * sin(radians) + placement->x,
                        x * sin(radians) + p.y * cos(radians) + placement->y };
}

static void put_piece(Buf *out, const NestJob *job, const NestPlacement *placement)
{
    NestPolygon outline = job->pieces[placement->piece].outline;
    buf_c(out, "<path d=\"");
    for (int i = 0; i < outline.count; i++) {
        NestPoint p = corner_of(placement, outline.points[i]);
        buf_printf(out, "%c%.6g %.6g", i ? 'L' : 'M', p.x, job->width - p.y);
    }
    buf_printf(out, "Z\" fill=\"%s\"%s/>\n", COLOURS[(size_t)placement->piece % COUNT(COLOURS)],
               placement->is_pinned ? " stroke-width=\"3\"" : "");
}

static void put_sections(Buf *out, const NestJob *job, double length)
{
    if (job->section <= 0)
        return;
    for (double x = job->section; x < length; x += job->section)
        buf_printf(out, "<path d=\"M%.6g 0V%.6g\" stroke-dasharray=\"6 4\"/>\n", x, job->width);
}

Str nest_layout_svg(Arena *arena, const NestFile *file, const NestLayout *layout)
{
    const NestJob *job = &file->job;
    Buf out = { .arena = arena };
    double pixels = 1600 / fmax(layout->length, job->width);
    buf_printf(&out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\""
               " viewBox=\"0 0 %.6g %.6g\">\n<title>length %.6g, density %.2f %%</title>\n"
               "<g stroke=\"#333\" stroke-width=\"1\" vector-effect=\"non-scaling-stroke\">\n"
               "<style>path{vector-effect:non-scaling-stroke}</style>\n"
               "<path d=\"M0 0H%.6gV%.6gH0Z\" fill=\"#fff\"/>\n",
               fmax(1, layout->length * pixels), fmax(1, job->width * pixels), layout->length,
               job->width, layout->length, 100 * layout->density, layout->length, job->width);
    for (int i = 0; i < layout->count; i++)
        put_piece(&out, job, &layout->placements[i]);
    put_sections(&out, job, layout->length);
    buf_c(&out, "</g>\n</svg>\n");
    return buf_str(&out);
}
