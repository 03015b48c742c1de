// plan.h - a list query on its way to SQL: which tables are joined, which expression stands for
// which path. Private to kernel/entity.
#pragma once

#include "base/buf.h"
#include "kernel/entity/query.h"
#include "kernel/entity/scope.h"

enum { KEY_MAX = 8 };  // columns of a keyed entity's key

typedef struct Join {
    const char *alias, *from;  // of what is joined, and of the row that refers to it
    const FieldDef *field;     // the reference; NULL: to the parent
    const EntityDef *entity;
    bool is_scoped;  // only rows that the actor sees; else for labels and currencies
} Join;

// What a column of the answer takes from the statement.
typedef struct Taken {
    int value;  // index of the result column; -1: none
    int extra;  // title of a reference, kind of a link
    int currency;
    bool is_text;  // the value is a text
} Taken;

typedef struct Plan {
    Ctx *ctx;
    const EntityQuery *query;
    LIST(Join) joins;
    LIST(const char *) selected;  // result columns, as SQL
    LIST(bool) selected_text;
    LIST(Taken) taken;  // one a column
    // What the rows are ordered by: the query's sort, then what tells any two rows apart: the id,
    // or all of the key's columns. They go the way of the first sort field, so that one index can
    // serve both.
    struct {
        const char *sql;
        int at;  // its result column, for the cursor
        bool is_text, is_nullable, is_down;
    } order[SORT_MAX + KEY_MAX];
    int order_count;
    IdList found;  // ids that the search box matched
    bool is_searched;
} Plan;

// Resolves every path of the query; E_INVALID for one that cannot be a column or sort.
MUST_CHECK Status plan_make(Ctx *ctx, const EntityQuery *query, Plan *ret);

// SQL for a path's own value.
MUST_CHECK Status plan_expression(Plan *plan, const FieldPath *path, const char **ret_sql,
                                  const FieldDef **ret_field, const char **ret_alias);

// Whether a field's column holds words.
bool plan_is_text(const FieldDef *f);

// Adds "FROM ... JOIN ... WHERE ..." with filters, scope, search, archived.
MUST_CHECK Status plan_rows(Plan *plan, Statement *s);
MUST_CHECK Status plan_where(Plan *plan, Statement *s);  // of it " WHERE ..." alone (filter.c)
