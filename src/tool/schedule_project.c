// schedule_project.c - projects: {"capacity": [...], "activities": [{"d", "r": [...], "succ":
// [...]}]}
#include "tool/schedule_read.h"

typedef struct ProjectDraft {
    LIST(ProjectActivity) activities;
    LIST(int) needs;
    LIST(int) links;
    int *capacity;
    size_t resources;
} ProjectDraft;

static bool small_int(const Json *value, int64_t max, int *ret)
{
    int64_t n;
    if (!json_int(value, &n) || n < 0 || n > max)
        return false;
    *ret = (int)n;
    return true;
}

static Status read_capacity(Ctx *ctx, const Json *list, ProjectDraft *draft)
{
    if (!list || list->type != JSON_ARRAY || list->count > PROJECT_RESOURCES_MAX)
        return FAIL(ctx, E_INVALID, "schedule.file", "capacity is a list of at most %d numbers",
                    PROJECT_RESOURCES_MAX);
    draft->capacity = NEW_ARRAY(ctx->arena, int, list->count + 1);
    JSON_EACH (item, list)
        if (!small_int(item, PROJECT_CAPACITY_MAX, &draft->capacity[draft->resources++]))
            return FAIL(ctx, E_INVALID, "schedule.file",
                        "the capacity of resource %zu is not 0 to %d", draft->resources,
                        PROJECT_CAPACITY_MAX);
    return OK;
}

static Status read_needs(Ctx *ctx, const Json *list, ProjectDraft *draft)
{
    size_t at = draft->activities.len;
    if (!list || list->type != JSON_ARRAY || list->count != draft->resources)
        return FAIL(ctx, E_INVALID, "schedule.file", "activity %zu wants r, %zu numbers", at - 1,
                    draft->resources);
    JSON_EACH (item, list)
        if (!small_int(item, PROJECT_CAPACITY_MAX, list_push(ctx->arena, &draft->needs)))
            return FAIL(ctx, E_INVALID, "schedule.file", "activity %zu needs what is not 0 to %d",
                        at - 1, PROJECT_CAPACITY_MAX);
    return OK;
}

// Numbers that are not activities are left to project_validate().
static Status read_links(Ctx *ctx, const Json *list, ProjectDraft *draft)
{
    ProjectActivity *activity = draft->activities.items + draft->activities.len - 1;
    activity->first_link = (int)draft->links.len;
    if (!list || list->type != JSON_ARRAY)
        return FAIL(ctx, E_INVALID, "schedule.file", "activity %zu wants succ, a list",
                    draft->activities.len - 1);
    JSON_EACH (item, list) {
        if (draft->links.len >= PROJECT_LINKS_MAX ||
            !small_int(item, PROJECT_ACTIVITIES_MAX, list_push(ctx->arena, &draft->links)))
            return FAIL(ctx, E_INVALID, "schedule.file",
                        "activity %zu is followed by what is no activity, or there are more than"
                        " %d links",
                        draft->activities.len - 1, PROJECT_LINKS_MAX);
        activity->links++;
    }
    return OK;
}

Status schedule_read_project(Ctx *ctx, const Json *json, ScheduleTask *ret)
{
    ProjectDraft draft = { 0 };
    list_reserve(ctx->arena, &draft.needs, 1);  // never NULL, even if there are no resources
    list_reserve(ctx->arena, &draft.links, 1);
    const Json *list = json_get(json, "activities");
    TRY(read_capacity(ctx, json_get(json, "capacity"), &draft));
    if (list->type != JSON_ARRAY || list->count > PROJECT_ACTIVITIES_MAX)
        return FAIL(ctx, E_INVALID, "schedule.file", "activities is a list of at most %d",
                    PROJECT_ACTIVITIES_MAX);
    JSON_EACH (item, list) {
        ProjectActivity *activity = list_push(ctx->arena, &draft.activities);
        if (!small_int(json_get(item, "d"), PROJECT_TIME_MAX, &activity->duration))
            return FAIL(ctx, E_INVALID, "schedule.file", "activity %zu wants d from 0 to %d",
                        draft.activities.len - 1, PROJECT_TIME_MAX);
        TRY(read_needs(ctx, json_get(item, "r"), &draft));
        TRY(read_links(ctx, json_get(item, "succ"), &draft));
    }
    ret->is_project = true;
    ret->project = (Project){ .activities = (int)draft.activities.len,
                              .resources = (int)draft.resources,
                              .links = (int)draft.links.len,
                              .activity = draft.activities.items,
                              .link = draft.links.items,
                              .need = draft.needs.items,
                              .capacity = draft.capacity };
    return OK;
}
