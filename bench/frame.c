// frame.c - timing, medians, one table.
#include "frame.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

// ---- Time ---------------------------------------------------------------------------------------

static double us_of(struct timeval t)
{
    return (double)t.tv_sec * 1e6 + (double)t.tv_usec;
}

Spent spent_now(void)
{
    struct timespec clock;
    struct rusage used;
    clock_gettime(CLOCK_MONOTONIC, &clock);
    getrusage(RUSAGE_SELF, &used);
    return (Spent){ .wall_us = (double)clock.tv_sec * 1e6 + (double)clock.tv_nsec / 1e3,
                    .cpu_us = us_of(used.ru_utime) + us_of(used.ru_stime) };
}

Spent spent_since(Spent from)
{
    Spent now = spent_now();
    return (Spent){ now.wall_us - from.wall_us, now.cpu_us - from.cpu_us };
}

// Fields 4, 14 and 15 of /proc/PID/stat (proc(5)); the name before them may hold anything but ")".
static double ticks_of_child(const char *pid, int parent)
{
    char path[300], line[1024] = "";
    long above = 0, user = 0, system = 0;
    snprintf(path, sizeof path, "/proc/%s/stat", pid);
    FILE *file = fopen(path, "re");
    if (!file)
        return 0;
    const char *at = fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL;
    fclose(file);
    bool is_read = at && sscanf(at, ") %*c %ld %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld %ld", &above,
                                &user, &system) == 3;
    return is_read && above == parent ? (double)(user + system) : 0;
}

double children_cpu_us(int pid)
{
    double ticks = 0;
    DIR *processes = pid ? opendir("/proc") : NULL;
    if (!processes)
        return 0;
    for (const struct dirent *entry; (entry = readdir(processes));)
        if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
            ticks += ticks_of_child(entry->d_name, pid);
    closedir(processes);
    return ticks * 1e6 / (double)sysconf(_SC_CLK_TCK);
}

// ---- Series -------------------------------------------------------------------------------------

void series_add(Series *series, double value)
{
    if (!series->values)
        series->values = calloc(SERIES_MAX, sizeof *series->values);
    if (series->values && series->count < SERIES_MAX)
        series->values[series->count++] = value;
}

static int rising(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

double series_part(Series *series, int part)
{
    if (series->count == 0)
        return 0;
    qsort(series->values, (size_t)series->count, sizeof *series->values, rising);
    return series->values[(int64_t)(series->count - 1) * part / 1000];
}

double series_median(Series *series)
{
    return series_part(series, 500);
}

void series_release(Series *series)
{
    free(series->values);
    *series = (Series){ 0 };
}

// ---- The table ----------------------------------------------------------------------------------

void frame_head(const char *title)
{
    printf("\n%-58s %11s %11s %7s   %s\n", title, "floor", "ours", "ratio", "goal");
}

static void print_row(const Figure *figure, double ratio)
{
    printf("%-58s ", figure->what);
    if (figure->floor > 0)
        printf("%11.2f %11.2f %7.2f", figure->floor, figure->ours, ratio);
    else
        printf("%11s %11.2f %7s", "", figure->ours, "");
    printf("   %s\n", figure->goal ? figure->goal : "");
    fflush(stdout);
}

void frame_row(const Figure *figure)
{
    print_row(figure, figure->floor > 0 ? figure->ours / figure->floor : 0);
}

// ---- Work that is repeated ----------------------------------------------------------------------

static double cpu_of_turn(void (*run)(void *arg), const Work *work)
{
    Spent start = spent_now();
    for (int i = 0; i < work->repeats; i++)
        run(work->arg);
    double us = spent_since(start).cpu_us / work->repeats;
    return work->scale > 0 ? us * work->scale : us;
}

void frame_measure(const Work *work)
{
    Series floors = { 0 }, ours = { 0 }, ratios = { 0 };
    for (int i = 0; i < work->turns; i++) {
        double floor = work->floor ? cpu_of_turn(work->floor, work) : 0;
        double our = cpu_of_turn(work->ours, work);
        series_add(&floors, floor);
        series_add(&ours, our);
        series_add(&ratios, floor > 0 ? our / floor : 0);
    }
    print_row(&(Figure){ work->what, work->goal, series_median(&floors), series_median(&ours) },
              series_median(&ratios));
    series_release(&floors);
    series_release(&ours);
    series_release(&ratios);
}
