// sgs.c - schedules of a project from lists of its activities.
#include "algo/schedule/sgs.h"

enum { INSERTION_MAX = 400 };  // activities, up to which lists are sorted by insertion

// ---- Making -------------------------------------------------------------------------------------

static ProjectLinks links_make(Arena *arena, const Project *p)
{
    return (ProjectLinks){ NEW_ARRAY(arena, int, (size_t)p->activities + 2),
                           NEW_ARRAY(arena, int, (size_t)p->links + 1) };
}

static ProjectLinks links_after(Arena *arena, const Project *p)
{
    ProjectLinks links = links_make(arena, p);
    int at = 0;
    for (int i = 0; i < p->activities; i++) {
        for (int k = 0; k < p->activity[i].links; k++)
            links.link[at++] = p->link[p->activity[i].first_link + k];
        links.from[i + 1] = at;
    }
    return links;
}

static ProjectLinks links_before(Arena *arena, const Project *p, const ProjectLinks *after)
{
    ProjectLinks links = links_make(arena, p);
    for (int k = 0; k < after->from[p->activities]; k++)
        links.from[after->link[k] + 2]++;
    for (int i = 0; i < p->activities; i++)
        links.from[i + 2] += links.from[i + 1];
    for (int i = 0; i < p->activities; i++)
        for (int k = after->from[i]; k < after->from[i + 1]; k++)
            links.link[links.from[after->link[k] + 1]++] = i;
    return links;
}

static void sort_topologically(Arena *arena, ProjectSgs *s)
{
    int n = s->project->activities, len = 0;
    int *waiting = NEW_ARRAY(arena, int, (size_t)n + 1);
    for (int i = 0; i < n; i++) {
        waiting[i] = s->before.from[i + 1] - s->before.from[i];
        if (waiting[i] == 0)
            s->topological[len++] = i;
    }
    for (int at = 0; at < len; at++) {
        int i = s->topological[at];
        for (int k = s->after.from[i]; k < s->after.from[i + 1]; k++)
            if (--waiting[s->after.link[k]] == 0)
                s->topological[len++] = s->after.link[k];
    }
}

void sgs_make(Arena *arena, const Project *project, ProjectSgs *ret)
{
    size_t n = (size_t)project->activities;
    *ret = (ProjectSgs){ .project = project,
                         .after = links_after(arena, project),
                         .topological = NEW_ARRAY(arena, int, n + 1),
                         .back = NEW_ARRAY(arena, int, n + 1),
                         .mirrored = NEW_ARRAY(arena, int, n + 1),
                         .key = NEW_ARRAY(arena, uint64_t, n + 1) };
    ret->before = links_before(arena, project, &ret->after);
    sort_topologically(arena, ret);
    int horizon = 0;
    for (size_t i = 0; i < n; i++)
        horizon += project->activity[i].duration;
    profile_make(arena, project->capacity, project->resources, project->activities, horizon,
                 &ret->profile);
    size_t words = (size_t)ret->profile.words;
    ret->need = NEW_ARRAY(arena, uint64_t, (n + 1) * words);
    for (size_t i = 0; i < n; i++)
        profile_pack(&ret->profile, project->need + i * (size_t)project->resources,
                     project->resources, ret->need + i * words);
}

// ---- Schedules ----------------------------------------------------------------------------------

// One after another, each as soon as what it waits for is done.
static int schedule(ProjectSgs *s, const ProjectLinks *waits, const int *list, int *start)
{
    const ProjectActivity *activity = s->project->activity;
    int makespan = 0;
    profile_clear(&s->profile);
    for (int at = 0; at < s->project->activities; at++) {
        int i = list[at], ready = 0;
        for (int k = waits->from[i]; k < waits->from[i + 1]; k++) {
            int done = start[waits->link[k]] + activity[waits->link[k]].duration;
            ready = done > ready ? done : ready;
        }
        const uint64_t *need = s->need + (size_t)i * (size_t)s->profile.words;
        start[i] = profile_find(&s->profile, need, ready, activity[i].duration);
        profile_take(&s->profile, need, start[i], activity[i].duration);
        int done = start[i] + activity[i].duration;
        makespan = done > makespan ? done : makespan;
    }
    return makespan;
}

int sgs_schedule(ProjectSgs *s, const int *list, int *start)
{
    return schedule(s, &s->before, list, start);
}

static int by_key(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return *x < *y ? -1 : *x > *y;
}

// Sorts the list by time[]; equals keep their order. Lists are nearly sorted already.
static void sort_list(ProjectSgs *s, int *list, const int *time)
{
    int n = s->project->activities;
    if (n > INSERTION_MAX) {
        // The place in the list breaks ties, and finds the activity again.
        for (int at = 0; at < n; at++)
            s->key[at] = (uint64_t)(uint32_t)time[list[at]] << 32 | (uint32_t)at;
        qsort(s->key, (size_t)n, sizeof *s->key, by_key);
        for (int at = 0; at < n; at++)
            s->key[at] = (uint64_t)(uint32_t)list[(uint32_t)s->key[at]];
        for (int at = 0; at < n; at++)
            list[at] = (int)s->key[at];
        return;
    }
    for (int at = 1; at < n; at++) {
        int i = list[at], to = at;
        for (; to > 0 && time[list[to - 1]] > time[i]; to--)
            list[to] = list[to - 1];
        list[to] = i;
    }
}

int sgs_justify(ProjectSgs *s, int *list, int *start, int makespan)
{
    int n = s->project->activities;
    const ProjectActivity *activity = s->project->activity;
    // To the right: from the end, those that end last first.
    for (int at = 0; at < n; at++)
        s->mirrored[at] = list[n - 1 - at];
    for (int i = 0; i < n; i++)
        start[i] = makespan - start[i] - activity[i].duration;
    sort_list(s, s->mirrored, start);
    int length = schedule(s, &s->after, s->mirrored, s->back);
    // Back to the left.
    for (int i = 0; i < n; i++)
        start[i] = length - s->back[i] - activity[i].duration;
    for (int at = 0; at < n; at++)
        list[at] = s->mirrored[n - 1 - at];
    sort_list(s, list, start);
    length = sgs_schedule(s, list, start);
    sort_list(s, list, start);
    return length;
}
