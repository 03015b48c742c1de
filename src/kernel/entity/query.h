// query.h - lists of records: filter, sort, page by key, search, count. The one place in the
// program that composes SQL text, and it does so only from const field tables, a closed list of
// operators, and scope fragments that are literals in `.ent` files.
//
// A path is a field ("order_date") or goes through one reference ("customer.name"). Rows are seen
// through the actor's permission: read permission, row scope and field masks are part of the
// statement, the same predicate for list, get, report, export and search. All of it holds for what
// a path reaches, too: behind a reference to a row that is not the actor's own there is nothing to
// show, find or sort by. Only the label of a reference, its target's title, is seen by whoever sees
// the row that refers.
#pragma once

#include "kernel/db/db.h"
#include "kernel/entity/codec.h"

typedef enum FilterOp {
    FILTER_IS,        // field=value
    FILTER_NOT,       // field[not]=value
    FILTER_IN,        // field[in]=a,b,c
    FILTER_FROM,      // field[from]=value       >=
    FILTER_TO,        // field[to]=value         <=
    FILTER_ABOVE,     // field[above]=value      >
    FILTER_BELOW,     // field[below]=value      <
    FILTER_STARTS,    // field[starts]=text      without regard to case and accents
    FILTER_CONTAINS,  // field[contains]=text    the same; refused on tables of 100k and more, but
                      // for `sorted` texts
    FILTER_EMPTY,     // field[empty]=true|false
    FILTER_LAST,      // field[last]=30          days, up to and including today
    FILTER_UNDER,     // field[under]=id         a tree's node and all below it
} FilterOp;

typedef enum PathKind {
    PATH_FIELD,
    PATH_ID,
    PATH_VERSION,
    PATH_CREATED,
    PATH_UPDATED,
    PATH_ARCHIVED,
    PATH_POSITION,
    PATH_AT,
    PATH_PARENT,
    PATH_ABOVE,
    PATH_PATH,
    PATH_FROM,
    PATH_UNTIL,
    PATH_ASSIGNED,  // whose it is to deal with (kernel/inbox.h): a name; filtered by id, or "me"
    PATH_CUSTOM,
} PathKind;
typedef struct FieldPath {    // resolved
    const EntityDef *entity;  // where it starts
    const FieldDef *via;      // the reference it goes through; NULL: own field
    const FieldDef *field;    // NULL for the built-in ones:
    int kind;                 // PathKind
    Str custom;               // x_name
} FieldPath;

typedef struct Filter {
    FieldPath path;
    FilterOp op;
    Str text;  // as given; parsed by the field's type
} Filter;
typedef LIST(Filter) FilterList;

typedef struct Sort {
    FieldPath path;
    bool descending;
} Sort;

enum { SORT_MAX = 3, QUERY_LIMIT = 50, QUERY_LIMIT_MAX = 500, COUNT_EXACT_MAX = 10000 };

typedef struct EntityQuery {
    const EntityDef *entity;
    LIST(FieldPath) columns;
    FilterList filters;
    Sort sort[SORT_MAX];
    int sort_count;
    Str search;         // words; "" none
    Str after, before;  // cursors from an earlier answer; "" none
    int limit;          // 0: QUERY_LIMIT
    bool with_archived;
    bool only_archived;
    bool want_count;    // rows that match, exact to count_max, then one more than it
    int64_t count_max;  // 0: COUNT_EXACT_MAX
    bool is_kept;       // asked often, with few rows: see db_query(); counts and sums always are
    bool want_sums;     // of the money and quantity columns, by currency
    bool all_rows;      // unscoped: the program's own question, not the actor's
} EntityQuery;

// One cell, typed by its path.
typedef struct Cell {
    const FieldPath *path;
    bool known;  // false: NULL, or masked away
    bool masked;
    int64_t number;
    Str text;               // texts; for a reference the target's title
    const EntityDef *link;  // what kind of record a link refers to
    CurrencyCode currency;  // of money and prices
} Cell;
typedef struct EntityRow {
    Id id;
    int64_t version;
    Cell *cells;  // one a column
} EntityRow;
typedef struct EntityRows {
    LIST(EntityRow) rows;
    Str next, previous;  // cursors; "" at the ends
    int64_t count;       // -1: not asked for
    Cell *sums;          // one a column, known where it can be added up; NULL: not asked for
} EntityRows;

// E_INVALID: there is no such field, or not for this actor; E_DENIED: she may not read what it
// leads to.
MUST_CHECK Status path_resolve(Ctx *ctx, const EntityDef *e, Str text, FieldPath *ret);
Str path_text(Arena *arena, const FieldPath *path);
const char *path_label(const FieldPath *path);

// From a query string: filters, sort=-a,b fields= limit= after= before= q= archived=.
// E_INVALID names the parameter that cannot be used and what can.
MUST_CHECK Status entity_query_parse(Ctx *ctx, const EntityDef *e, const FormFieldList *params,
                                     EntityQuery *ret);
// Columns, sort and limit as the declaration says.
void entity_query_default(Ctx *ctx, const EntityDef *e, EntityQuery *ret);

MUST_CHECK Status entity_query(Ctx *ctx, const EntityQuery *query, EntityRows *ret);

// Only what want_count and want_sums ask for, over everything that matches: no row is read, and
// nothing is put in order.
MUST_CHECK Status entity_totals(Ctx *ctx, const EntityQuery *query, EntityRows *ret);

// How many rows are at each word of an enum or state field of theirs: ret[i] for words->values[i],
// exact to count_max, then one more than it. One statement, however many words there are.
MUST_CHECK Status entity_counts(Ctx *ctx, const EntityQuery *query, const FieldDef *field,
                                int64_t *ret);

// Row by row over everything that matches, for exports: memory stays flat.
MUST_CHECK Status entity_each(Ctx *ctx, const EntityQuery *query,
                              Status (*row)(Ctx *ctx, const EntityRow *row, void *arg), void *arg);

// Whether the actor may see this row (also false when it does not exist).
MUST_CHECK Status entity_may_see(Ctx *ctx, const EntityDef *e, Id id, bool *ret);
