// registry.c - the list of modules, checked and turned into look-up tables when the program starts.
//
// The tables are const data written by people, so a mistake in one is found here, before the first
// request, and by a test; afterwards nothing in them is in doubt. What is worked out is kept for
// the program's life in one arena and never changes.
#include "kernel/entity/info.h"

#include "kernel/auth/actor.h"
#include "kernel/db/kept.h"
#include "kernel/entity/access.h"
#include "kernel/report.h"

#include <ctype.h>

enum { MODULES_MAX = 64, ENTITIES_MAX = 1024, PERMISSIONS_MAX = 512 };

static struct {
    Arena arena;
    const Module *const *modules;
    const EntityDef *entities[ENTITIES_MAX];
    size_t entity_count;
    const Permission *permissions[PERMISSIONS_MAX];
    int permission_count;
    Map module_names, entity_names, permission_names, job_names, event_names, setting_names,
        report_names;
    Map rules, tables;  // of the database, by the constraint's name
    FILE *complaints;
    int problems;
} reg;

Arena *registry_arena(void)
{
    return &reg.arena;
}

__attribute__((format(printf, 1, 2))) static void complain(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(reg.complaints, format, args);
    fputc('\n', reg.complaints);
    va_end(args);
    reg.problems++;
}

#define EACH_ROW(type, row, table, name) for (const type *row = (table); row && row->name; row++)

// ---- Looking up ---------------------------------------------------------------------------------

const Module *const *modules_all(void)
{
    return reg.modules;
}

const Module *module_named(Str name)
{
    return map_get(&reg.module_names, name);
}

const EntityDef *entity_named(Str name)
{
    return map_get(&reg.entity_names, name);
}

const EntityDef *const *entities_all(size_t *ret_count)
{
    *ret_count = reg.entity_count;
    return reg.entities;
}

const FieldDef *entity_field(const EntityDef *e, Str name)
{
    return map_get(&e->info->fields, name);
}

const FieldDef *shape_field(const ShapeDef *s, Str name)
{
    for (int i = 0; i < s->count; i++)
        if (str_is(name, s->fields[i].name))
            return &s->fields[i];
    return NULL;
}

const FieldDef *entity_state_field(const EntityDef *e)
{
    return e->info->state;
}

int enum_value(const EnumDef *e, Str name)
{
    for (int i = 1; i < e->count; i++)
        if (str_is(name, e->values[i].name))
            return i;
    return 0;
}

const Machine *machine_of(const EntityDef *e)
{
    return e->info->machine;
}

const Hook *hook_of(const EntityDef *e)
{
    return e->info->hook;
}

const JobDef *job_named(Str name)
{
    return map_get(&reg.job_names, name);
}

const EventDef *event_named(Str name)
{
    return map_get(&reg.event_names, name);
}

const Setting *setting_named(Str name)
{
    return map_get(&reg.setting_names, name);
}

const Report *report_named(Str name)
{
    return map_get(&reg.report_names, name);
}

int permission_number(Str name)
{
    void *found = map_get(&reg.permission_names, name);
    return found ? (int)((const Permission *const *)found - reg.permissions) : -1;
}

const Permission *permission_named(Str name)
{
    int n = permission_number(name);
    return n < 0 ? NULL : reg.permissions[n];
}

int permission_count(void)
{
    return reg.permission_count;
}

const char *entity_permission(const EntityDef *e, bool write)
{
    return write ? e->info->write_permission : e->info->read_permission;
}

// ---- Filling ------------------------------------------------------------------------------------

static void add_name(Map *map, const char *kind, const char *name, const void *value)
{
    if (!map_put(map, str_from(name), (void *)value))
        complain("%s '%s' is declared twice", kind, name);
}

static const char *permission_or(const char *said, const EntityDef *e, const char *suffix)
{
    return said ? said : str_format(&reg.arena, "%s.%s", e->module, suffix).ptr;
}

static const EntityDef *root_of(const EntityDef *e)
{
    while (e->parent)
        e = e->parent;
    return e;
}

static void add_entity(const Module *module, const EntityDef *e)
{
    EntityInfo *info = e->info;
    if (reg.entity_count == ENTITIES_MAX) {
        complain("more than %d entities", ENTITIES_MAX);
        return;
    }
    *info = (EntityInfo){ .number = (int)reg.entity_count,
                          .module = module,
                          .root = root_of(e),
                          .fields = { .arena = &reg.arena } };
    reg.entities[reg.entity_count++] = e;
    add_name(&reg.entity_names, "entity", e->name, e);
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++) {
        add_name(&info->fields, "field", f->name, f);
        if (f->type == FIELD_STATE && !info->state)
            info->state = f;
        if (f->type == FIELD_CURRENCY && strcmp(f->name, "currency") == 0)
            info->currency = f;
        info->has_translations |= (f->flags & TRANSLATED) != 0;
        info->has_personal |= (f->flags & PERSONAL) != 0;
    }
    const EntityDef *root = info->root;
    info->read_permission = permission_or(e->read ? e->read : root->read, e, "view");
    info->write_permission = permission_or(e->write ? e->write : root->write, e, "edit");
    info->path = e->path;
}

static void add_permission(const Permission *p)
{
    if (reg.permission_count == PERMISSIONS_MAX) {
        complain("more than %d permissions", PERMISSIONS_MAX);
        return;
    }
    const Permission **at = &reg.permissions[reg.permission_count++];
    *at = p;
    add_name(&reg.permission_names, "permission", p->name, at);
}

static void add_module(const Module *m)
{
    add_name(&reg.module_names, "module", m->name, m);
    if (m->entities)
        for (const EntityDef *const *e = m->entities->entities; *e; e++)
            add_entity(m, *e);
    EACH_ROW(Permission, p, m->permissions, name)
    add_permission(p);
    EACH_ROW(JobDef, j, m->jobs, name)
    add_name(&reg.job_names, "job", j->name, j);
    EACH_ROW(EventDef, e, m->events, name)
    add_name(&reg.event_names, "event", e->name, e);
    EACH_ROW(Setting, s, m->settings, name)
    add_name(&reg.setting_names, "setting", s->name, s);
    EACH_ROW(Report, r, m->reports, name)
    add_name(&reg.report_names, "report", r->name, r);
}

static void attach(const Module *m)
{
    EACH_ROW(Machine, machine, m->machines, entity)
    {
        if (machine->entity->info->machine)
            complain("%s: %s is moved by two machines", m->name, machine->entity->name);
        machine->entity->info->machine = machine;
    }
    EACH_ROW(Hook, hook, m->hooks, entity)
    hook->entity->info->hook = hook;
}

// "customer.name": a customer's change bears on e.
static void note_shown(const EntityDef *e, const char *paths)
{
    Str rest = str_from(paths), path;
    while (str_next_word(&rest, &path)) {
        Str name = str_from_at(path, (size_t)(str_find_char(path, '=') + 1));
        ptrdiff_t dot = str_find_char(name, '.');
        const FieldDef *via = dot > 0 ? entity_field(e, str_sub(name, 0, (size_t)dot)) : NULL;
        if (via && via->type == FIELD_REF)
            ((const EntityDef *)via->of)->info->is_shown = true;
    }
}

static void note_searched(const EntityDef *e)
{
    if (!e->search)
        return;
    e->info->root->info->is_searched = true;
    note_shown(e, e->search);
    for (const EntityDef *holder = e; holder; holder = holder->parent)
        note_shown(holder, holder->portal);
}

// ---- Checking -----------------------------------------------------------------------------------

static bool is_listed_before(const Module *const *until, const char *name)
{
    for (const Module *const *m = reg.modules; m < until; m++)
        if ((*m)->entities && strcmp((*m)->entities->name, name) == 0)
            return true;
    return false;
}

static void check_permission(const char *who, const char *what, const char *permission)
{
    if (permission && permission[0] && permission_number(str_from(permission)) < 0)
        complain("%s: %s needs unknown permission '%s'", who, what, permission);
}

static bool word_in(const char *words, const char *word, char separator)
{
    Str rest = str_from(words), one;
    while (str_next(&rest, separator, &one))
        if (str_is(one, word))
            return true;
    return false;
}

// Walks the states from the first one along the actions until nothing new is reached.
static void check_reach(const Module *m, const Machine *machine, const EnumDef *states)
{
    bool reached[64] = { [1] = true }, grew = true;
    while (grew) {
        grew = false;
        EACH_ROW(Action, a, machine->actions, name)
        for (int s = 1; a->to && s < states->count && s < 64; s++) {
            int to = enum_value(states, str_from(a->to));
            bool starts = !a->from || word_in(a->from, states->values[s].name, '|');
            if (reached[s] && starts && to > 0 && !reached[to])
                reached[to] = grew = true;
        }
    }
    for (int s = 1; s < states->count && s < 64; s++)
        if (!reached[s])
            complain("%s: no action brings %s to '%s'", m->name, machine->entity->name,
                     states->values[s].name);
}

static void check_action(const Module *m, const Machine *machine, const EnumDef *states,
                         const Action *a)
{
    check_permission(m->name, a->name, a->permission);
    if (!a->permission && !(a->flags & ACTION_INTERNAL))
        complain("%s: action %s.%s has no permission", m->name, machine->entity->name, a->name);
    if ((a->from || a->to) && !states) {
        complain("%s: action %s.%s moves a record without states", m->name, machine->entity->name,
                 a->name);
        return;
    }
    Str rest = str_from(a->from), one;
    while (str_next(&rest, '|', &one))
        if (!enum_value(states, one))
            complain("%s: action %s.%s starts from unknown state '" STR_FMT "'", m->name,
                     machine->entity->name, a->name, STR_ARG(one));
    if (a->to && !enum_value(states, str_from(a->to)))
        complain("%s: action %s.%s ends in unknown state '%s'", m->name, machine->entity->name,
                 a->name, a->to);
}

static void check_machine(const Module *m, const Machine *machine)
{
    const FieldDef *field =
        machine->field ? entity_field(machine->entity, str_from(machine->field)) : NULL;
    if (machine->field && (!field || field->type != FIELD_STATE)) {
        complain("%s: %s has no state field '%s'", m->name, machine->entity->name, machine->field);
        return;
    }
    const EnumDef *states = field ? field->of : NULL;
    EACH_ROW(Action, a, machine->actions, name)
    check_action(m, machine, states, a);
    if (states)
        check_reach(m, machine, states);
}

static void check_jobs_and_events(const Module *m)
{
    EACH_ROW(Subscription, s, m->subscriptions, event)
    {
        if (!event_named(str_from(s->event)))
            complain("%s: nobody emits %s", m->name, s->event);
        if (!job_named(str_from(s->job)))
            complain("%s: there is no job %s", m->name, s->job);
    }
    EACH_ROW(JobDef, j, m->jobs, name)
    if (!j->run)
        complain("%s: job %s does nothing", m->name, j->name);
}

static void check_routes(const Module *m)
{
    EACH_ROW(Route, r, m->routes, method)
    {
        check_permission(m->name, r->pattern, r->permission);
        if (!r->permission && !(r->flags & ROUTE_PUBLIC))
            complain("%s: route %s %s says nobody's permission and is not public", m->name,
                     r->method, r->pattern);
        if (!r->handle || !r->kind)
            complain("%s: route %s %s does nothing", m->name, r->method, r->pattern);
    }
}

static void check_approvals(const Module *m)
{
    EACH_ROW(ApprovalRule, rule, m->approvals, entity)
    {
        check_permission(m->name, rule->action, rule->permission);
        if (!rule->permission || !rule->needs ||
            !action_named(rule->entity, str_from(rule->action)))
            complain("%s: the approval of %s.%s says no action, permission or condition", m->name,
                     rule->entity->name, rule->action);
    }
}

static void check_module(const Module *const *at)
{
    const Module *m = *at;
    for (const char *const *r = m->entities ? m->entities->requires : NULL; r && *r; r++)
        if (!is_listed_before(at, *r))
            complain("%s requires %s, which is not listed before it", m->name, *r);
    EACH_ROW(Machine, machine, m->machines, entity)
    check_machine(m, machine);
    check_approvals(m);
    check_jobs_and_events(m);
    check_routes(m);
    EACH_ROW(Setting, s, m->settings, name)
    check_permission(m->name, s->name, s->permission);
    EACH_ROW(Report, r, m->reports, name)
    check_permission(m->name, r->name, r->permission);
    EACH_ROW(NavItem, n, m->nav, group)
    check_permission(m->name, n->label ? n->label : n->entity->name, n->permission);
}

static void check_entity(const EntityDef *e)
{
    if (strcmp(e->module, "control") == 0)
        return;
    bool is_shown = entity_is_root(e) && !(e->api && strcmp(e->api, "none") == 0);
    if (is_shown)
        check_permission(e->module, e->name, e->info->read_permission);
    if (is_shown && !(e->api && strcmp(e->api, "read") == 0))
        check_permission(e->module, e->name, e->info->write_permission);
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++)
        if (f->more)
            check_permission(e->name, f->name, f->more->read);
}

// What a violated `check:` is called: what its declaration says.
static void note_rules(const EntityDef *e)
{
    for (const CheckDef *c = e->checks; c < e->checks + e->check_count; c++) {
        DbRule *rule = NEW(&reg.arena, DbRule);
        *rule = (DbRule){ E_CONFLICT, str_format(&reg.arena, "%s.%s", e->name, c->name).ptr,
                          c->message };
        map_set(&reg.rules, str_format(&reg.arena, "%s_%s", e->name, c->name), rule);
    }
}

static bool rule_named(Str constraint, DbRule *ret)
{
    const DbRule *rule = map_get(&reg.rules, constraint);
    if (rule)
        *ret = *rule;
    return rule != NULL;
}

// Which tables there are, and whose rows go with those of another one.
static void note_table(const char *table, const EntityDef *owner)
{
    Str *name = NEW(&reg.arena, Str);
    *name = str_from(owner ? owner->name : "");
    map_set(&reg.tables, str_from(table), name);
}

static void note_tables(const EntityDef *e)
{
    note_table(e->name, e->parent ? e->parent : e->extends);
    EACH (part, e->info->parts)
        if (!part->child)
            note_table(part->table, e);
}

static bool table_named(Str name, Str *ret_owner)
{
    const Str *owner = map_get(&reg.tables, name);
    if (owner)
        *ret_owner = *owner;
    return owner != NULL;
}

bool modules_start(const Module *const *list, FILE *complaints)
{
    arena_release(&reg.arena);
    Map names = { .arena = &reg.arena };
    reg.modules = list;
    reg.entity_count = 0;
    reg.permission_count = 0;
    reg.module_names = reg.entity_names = reg.permission_names = names;
    reg.job_names = reg.event_names = reg.setting_names = reg.report_names = names;
    reg.rules = reg.tables = names;
    reg.complaints = complaints;
    reg.problems = 0;

    for (const Module *const *m = list; *m; m++)
        add_module(*m);
    for (const Module *const *m = list; *m; m++)
        attach(*m);
    for (size_t i = 0; i < reg.entity_count; i++)
        info_prepare(&reg.arena, reg.entities[i]);
    for (size_t i = 0; i < reg.entity_count; i++)
        note_searched(reg.entities[i]);
    for (size_t i = 0; i < reg.entity_count; i++)
        note_rules(reg.entities[i]);
    db_set_rules(rule_named);
    for (size_t i = 0; i < reg.entity_count; i++)
        note_tables(reg.entities[i]);
    kept_set_tables(table_named);
    for (const Module *const *m = list; *m; m++)
        check_module(m);
    for (size_t i = 0; i < reg.entity_count; i++)
        check_entity(reg.entities[i]);
    return reg.problems == 0;
}
