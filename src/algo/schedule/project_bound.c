// project_bound.c - lower bounds of a project's makespan.
#include "algo/schedule/project_bound.h"

enum {
    PAIRS_ACTIVITIES_MAX = 2000,  // up to which all pairs of times are asked
    CLIQUES_ACTIVITIES_MAX = 500,
};

static int larger(int a, int b)
{
    return a > b ? a : b;
}

// ---- The critical path --------------------------------------------------------------------------

static int critical_path(const ProjectSgs *s, int *head, int *tail)
{
    int n = s->project->activities, longest = 0;
    const ProjectActivity *activity = s->project->activity;
    memset(head, 0, (size_t)n * sizeof *head);
    memset(tail, 0, (size_t)n * sizeof *tail);
    for (int at = 0; at < n; at++) {
        int i = s->topological[at], done = head[i] + activity[i].duration;
        longest = larger(longest, done);
        for (int k = s->after.from[i]; k < s->after.from[i + 1]; k++)
            head[s->after.link[k]] = larger(head[s->after.link[k]], done);
    }
    for (int at = n - 1; at >= 0; at--) {
        int i = s->topological[at], rest = tail[i] + activity[i].duration;
        for (int k = s->before.from[i]; k < s->before.from[i + 1]; k++)
            tail[s->before.link[k]] = larger(tail[s->before.link[k]], rest);
    }
    return longest;
}

// ---- Work of a resource between two times -------------------------------------------------------

typedef struct Work {
    int tail;
    int activity;
} Work;

static int by_tail_down(const void *a, const void *b)
{
    const Work *x = a, *y = b;
    return x->tail != y->tail ? (x->tail < y->tail ? 1 : -1) : x->activity - y->activity;
}

// Those with at least `from` before them, in growing sets by what is behind them.
static int work_from(const ProjectSgs *s, const int *head, const Work *works, int from,
                     int resource)
{
    const Project *p = s->project;
    int64_t sum = 0;
    int bound = 0, capacity = p->capacity[resource];
    for (int k = 0; k < p->activities; k++) {
        int i = works[k].activity;
        int64_t need = p->need[(size_t)i * (size_t)p->resources + (size_t)resource];
        if (head[i] < from || need == 0 || p->activity[i].duration == 0)
            continue;
        sum += need * p->activity[i].duration;
        int64_t length = from + (sum + capacity - 1) / capacity + works[k].tail;
        bound = length > bound ? (int)length : bound;
    }
    return bound;
}

static int by_work(Arena *arena, const ProjectSgs *s, const int *head, const int *tail)
{
    const Project *p = s->project;
    int n = p->activities, bound = 0;
    Work *works = NEW_ARRAY(arena, Work, (size_t)n);
    for (int i = 0; i < n; i++)
        works[i] = (Work){ tail[i], i };
    qsort(works, (size_t)n, sizeof *works, by_tail_down);
    for (int r = 0; r < p->resources; r++) {
        if (p->capacity[r] == 0)
            continue;
        bound = larger(bound, work_from(s, head, works, 0, r));
        for (int i = 0; i < n && n <= PAIRS_ACTIVITIES_MAX; i++)
            bound = larger(bound, work_from(s, head, works, head[i], r));
    }
    return bound;
}

// ---- Activities of which no two fit side by side ------------------------------------------------

static bool fit_together(const Project *p, int a, int b)
{
    const int *x = p->need + (size_t)a * (size_t)p->resources;
    const int *y = p->need + (size_t)b * (size_t)p->resources;
    for (int r = 0; r < p->resources; r++)
        if ((int64_t)x[r] + y[r] > p->capacity[r])
            return false;
    return true;
}

// reach[a * n + b]: b follows a, at once or later.
static bool *find_reach(Arena *arena, const ProjectSgs *s)
{
    size_t n = (size_t)s->project->activities;
    bool *reach = NEW_ARRAY(arena, bool, n *n);
    for (size_t at = n; at-- > 0;) {
        size_t i = (size_t)s->topological[at];
        for (int k = s->after.from[i]; k < s->after.from[i + 1]; k++) {
            size_t next = (size_t)s->after.link[k];
            reach[i * n + next] = true;
            for (size_t b = 0; b < n; b++)
                reach[i * n + b] |= reach[next * n + b];
        }
    }
    return reach;
}

// From `first` on, whoever fits beside none of those taken is taken too, the longest first.
static int clique_from(const ProjectSgs *s, const bool *apart, const int *by_length, int first,
                       const int *head, const int *tail, int *taken)
{
    int n = s->project->activities, count = 0;
    int before = head[first], behind = tail[first], sum = s->project->activity[first].duration;
    int bound = before + sum + behind;
    taken[count++] = first;
    for (int k = 0; k < n; k++) {
        int i = by_length[k];
        bool is_apart = i != first;
        for (int t = 0; t < count && is_apart; t++)
            is_apart = apart[(size_t)i * (size_t)n + (size_t)taken[t]];
        if (!is_apart)
            continue;
        taken[count++] = i;
        sum += s->project->activity[i].duration;
        before = head[i] < before ? head[i] : before;
        behind = tail[i] < behind ? tail[i] : behind;
        bound = larger(bound, before + sum + behind);
    }
    return bound;
}

static int by_cliques(Arena *arena, const ProjectSgs *s, const int *head, const int *tail)
{
    const Project *p = s->project;
    size_t n = (size_t)p->activities;
    bool *apart = find_reach(arena, s);
    for (size_t a = 0; a < n; a++)
        for (size_t b = a + 1; b < n; b++)
            apart[a * n + b] = apart[b * n + a] =
                apart[a * n + b] || apart[b * n + a] || !fit_together(p, (int)a, (int)b);
    Work *works = NEW_ARRAY(arena, Work, n);
    int *by_length = NEW_ARRAY(arena, int, n), *taken = NEW_ARRAY(arena, int, n);
    for (size_t i = 0; i < n; i++)
        works[i] = (Work){ p->activity[i].duration, (int)i };
    qsort(works, n, sizeof *works, by_tail_down);
    for (size_t i = 0; i < n; i++)
        by_length[i] = works[i].activity;
    int bound = 0;
    for (size_t i = 0; i < n; i++)
        bound = larger(bound, clique_from(s, apart, by_length, (int)i, head, tail, taken));
    return bound;
}

int project_bound(Arena *arena, const ProjectSgs *s, int *head, int *tail, int *ret_critical_path)
{
    int bound = *ret_critical_path = critical_path(s, head, tail);
    bound = larger(bound, by_work(arena, s, head, tail));
    if (s->project->activities <= CLIQUES_ACTIVITIES_MAX)
        bound = larger(bound, by_cliques(arena, s, head, tail));
    return bound;
}
