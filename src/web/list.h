// list.h - the list of any entity: what its page shows. Private to web.
#pragma once

#include "kernel/entity/query.h"
#include "kernel/report.h"
#include "web/options.h"
#include "web/value.h"
#include "web/web.h"

MUST_CHECK Status list_page(Ctx *ctx);       // GET /admin/{module}/{collection}
MUST_CHECK Status list_bulk_post(Ctx *ctx);  // POST /admin/{module}/{collection}/_bulk
MUST_CHECK Status view_save_post(Ctx *ctx);  // POST /admin/{module}/{collection}/_views
MUST_CHECK Status pick_page(Ctx *ctx);       // GET /admin/_pick/{entity}

typedef struct ListColumn {
    Str label;
    bool is_end, can_sort, is_sorted, is_descending;
    Url sort;
    // Where a phone's card shows it: "a2" the record's name, "a3" the amount, "a4" below, "a5" the
    // state; "" or "end" nowhere.
    const char *place;
    CellLook look;
} ListColumn;

typedef enum FilterWidget { FILTER_WORDS, FILTER_OPTIONS, FILTER_DAYS, FILTER_YES } FilterWidget;
typedef struct FilterField {
    FilterWidget widget;
    Str name, label;
    Str name_from, name_to, from, to;  // FILTER_DAYS
    Str value;
    const OptionList *options;
} FilterField;

typedef struct Chip {  // a filter that is on
    Str label, words;
    Url without;
    Str others;  // how many there would be without it; "": not counted, or none either
} Chip;

typedef struct ViewTab {
    Str name, count;  // "": not counted
    Url url;
    bool is_here;
} ViewTab;

typedef struct ListLook {  // rows, board, calendar, bars
    const char *name, *label, *icon;
    Url url;
    bool is_here;
} ListLook;

typedef struct ColumnChoice {
    Str name, label;
    bool is_on;
} ColumnChoice;

typedef struct BulkAction {
    const char *name, *label;
    bool is_bad;
} BulkAction;

typedef struct ListPage {
    const EntityDef *entity;
    EntityQuery query;
    EntityRows rows;
    int link_column;  // whose value leads to the record
    int card_column;  // what a phone's card shows below it; -1: nothing
    int state_column, amount_column;
    LIST(ListColumn) columns;
    LIST(FilterField) filters;
    LIST(Chip) chips;
    LIST(ViewTab) views;
    LIST(BulkAction) bulk;
    LIST(ListLook) looks;
    LIST(ColumnChoice) choices;
    const char *look;                 // "list", "board", "calendar", "gantt"
    FormFieldList kept;               // of the address, for forms that add to it
    int64_t all;                      // records without any filter, as a count; -1: not counted
    Str count;                        // "284", "more than 1,000"
    Url records;                      // of all records, but for the id
    Str select_before, select_after;  // the label of a row's box, around the record's name
    Str worth;                        // what they add up to, "GBP 412,806.10"; ""
    bool is_scoped;                   // the actor sees only some rows of this kind
    bool may_create, may_import, may_export, may_keep_view, is_searchable, has_sums;
} ListPage;

// What a list counts exactly, and adds up: more is "more than 1,000", since counting reads a row or
// an index entry of each.
enum { LIST_COUNT_MAX = 1000 };

// The request's query as a list understands it: without fields left empty in the filter form.
MUST_CHECK Status list_query(Ctx *ctx, const EntityDef *e, EntityQuery *ret);
// The list as a file to save: format=csv, xlsx or pdf.
MUST_CHECK Status list_export(Ctx *ctx, const EntityQuery *query, Str format);
// Answers rows as a file: what lists and reports share.
MUST_CHECK Status rows_as_file(Ctx *ctx, const ReportRows *rows, const char *name, Str format);
MUST_CHECK Status list_filters(Ctx *ctx, ListPage *page);  // fields of the filter form, and chips
MUST_CHECK Status list_views(Ctx *ctx, ListPage *page);
// Where nothing matched: what there would be without each filter.
MUST_CHECK Status list_without(Ctx *ctx, ListPage *page);
void list_looks(Ctx *ctx, ListPage *page);      // which there are, and which is shown
void list_choices(Ctx *ctx, ListPage *page);    // columns to choose from
Str list_count_words(Ctx *ctx, int64_t count);  // "284", "more than 1,000"
