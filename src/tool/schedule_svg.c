// schedule_svg.c - plans as Gantt charts: a row for each machine or activity, a bar for each
// operation, coloured by its job; the picture's width is the makespan.
#include "tool/schedule_write.h"

enum {
    WIDTH = 1200,  // of the makespan
    LEFT = 120,    // for names
    ROW = 22,
    BAR = 18,
    TOP = 34,
    TICKS = 10,
    ACTIVITIES_NAMED_MAX = 400,
};

// Text in SVG, without what would be markup.
static void put_text(Buf *out, Str text)
{
    for (size_t i = 0; i < text.len; i++) {
        switch (text.ptr[i]) {
        case '<': buf_c(out, "&lt;"); break;
        case '>': buf_c(out, "&gt;"); break;
        case '&': buf_c(out, "&amp;"); break;
        case '"': buf_c(out, "&quot;"); break;
        default:
            if ((unsigned char)text.ptr[i] >= 0x20)
                buf_char(out, text.ptr[i]);
        }
    }
}

static double x_of(int64_t time, int64_t makespan)
{
    return LEFT + (double)WIDTH * (double)time / (double)(makespan > 0 ? makespan : 1);
}

static void open_chart(Buf *out, Str name, int rows, int64_t makespan, int64_t bound)
{
    int height = TOP + rows * ROW + 10;
    buf_printf(out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\""
               " height=\"%d\" font-family=\"sans-serif\" font-size=\"11\">\n"
               "<rect width=\"100%%\" height=\"100%%\" fill=\"white\"/>\n<text x=\"4\" y=\"14\">",
               LEFT + WIDTH + 20, height, LEFT + WIDTH + 20, height);
    put_text(out, name);
    buf_printf(out, " makespan %lld, at least %lld</text>\n", (long long)makespan,
               (long long)bound);
    for (int i = 0; i <= TICKS; i++) {
        int64_t time = makespan * i / TICKS;
        double x = x_of(time, makespan);
        buf_printf(out,
                   "<path d=\"M%.1f %dV%d\" stroke=\"#ddd\"/>"
                   "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%lld</text>\n",
                   x, TOP - 4, height - 10, x, TOP - 8, (long long)time);
    }
}

static void name_row(Buf *out, int row, const Str *names, int number)
{
    buf_printf(out, "<text x=\"4\" y=\"%d\">", TOP + row * ROW + 14);
    if (names && names[row].len)
        put_text(out, names[row]);
    else
        buf_int(out, number);
    buf_c(out, "</text>\n");
}

// Neighbouring numbers get far hues: the golden angle.
static void bar(Buf *out, int row, int64_t start, int64_t end, int64_t makespan, int colour)
{
    double x = x_of(start, makespan), width = x_of(end, makespan) - x;
    buf_printf(out,
               "<rect x=\"%.2f\" y=\"%d\" width=\"%.2f\" height=\"%d\" fill=\"hsl(%d,60%%,70%%)\""
               " stroke=\"#555\" stroke-width=\"0.5\"><title>",
               x, TOP + row * ROW, width, BAR, (int)((int64_t)colour * 1375 / 10 % 360));
}

void schedule_draw_shop(const ScheduleTask *task, const JobShopPlan *plan, Buf *out)
{
    const JobShop *shop = &task->shop;
    open_chart(out, task->name, shop->machines, plan->makespan, plan->lower_bound);
    for (int m = 0; m < shop->machines; m++)
        name_row(out, m, task->machine_name, m + task->first_number);
    for (int u = 0; u < shop->operations; u++) {
        int job = shop->operation[u].job;
        bar(out, shop->option[plan->option[u]].machine, plan->start[u], plan->end[u],
            plan->makespan, job);
        buf_c(out, "job ");
        if (task->job_name && task->job_name[job].len)
            put_text(out, task->job_name[job]);
        else
            buf_int(out, job);
        buf_printf(out, ", operation %d: %lld to %lld</title></rect>\n", u - shop->job[job].first,
                   (long long)plan->start[u], (long long)plan->end[u]);
    }
    buf_c(out, "</svg>\n");
}

void schedule_draw_project(const ScheduleTask *task, const ProjectPlan *plan, Buf *out)
{
    const Project *project = &task->project;
    open_chart(out, task->name, project->activities, plan->makespan, plan->lower_bound);
    for (int i = 0; i < project->activities; i++) {
        int64_t end = (int64_t)plan->start[i] + project->activity[i].duration;
        if (project->activities <= ACTIVITIES_NAMED_MAX)
            name_row(out, i, NULL, i);
        bar(out, i, plan->start[i], end, plan->makespan, i);
        buf_printf(out, "activity %d: %d to %lld</title></rect>\n", i, plan->start[i],
                   (long long)end);
    }
    buf_c(out, "</svg>\n");
}
