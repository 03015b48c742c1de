// frame.h - what the programs of bench/ share: CPU time beside the clock, turns of floor and ours,
// medians, and one table:
//
//     what                                        floor        ours   ratio   goal
//     get by id, us CPU                            1.31        2.41    1.84   2x
//
// Other work on the machine hits both sides of a turn alike, and CPU time counts little of it; so
// the ratio is the figure to look at, then the CPU time, then the clock.
#pragma once

#include <stddef.h>
#include <stdint.h>

typedef struct Spent {
    double wall_us, cpu_us;  // the clock; user and system time of the whole process
} Spent;
Spent spent_now(void);
Spent spent_since(Spent from);

// User and system time of all living children of a process, in steps of 10 ms: what a database
// server's processes spent. 0 for process 0.
double children_cpu_us(int pid);

enum { SERIES_MAX = 20000 };
typedef struct Series {
    double *values;  // grows; series_release()
    int count;
} Series;
void series_add(Series *series, double value);
double series_median(Series *series);          // 0 when it is empty
double series_part(Series *series, int part);  // in thousandths: 990 is p99
void series_release(Series *series);

// ---- The table ----------------------------------------------------------------------------------

typedef struct Figure {
    const char *what, *goal;  // goal NULL: none was set
    double floor, ours;       // floor 0: there is none
} Figure;
void frame_head(const char *title);
void frame_row(const Figure *figure);

// ---- Work that is repeated ----------------------------------------------------------------------

// Runs both in turns, `repeats` times a turn, and prints one row of CPU microseconds (times
// `scale`, where it is not 0) a repetition: medians, and the median of the turns' ratios.
typedef struct Work {
    const char *what, *goal;
    void (*floor)(void *arg);  // NULL: none
    void (*ours)(void *arg);
    void *arg;
    int repeats, turns;
    double scale;
} Work;
void frame_measure(const Work *work);
