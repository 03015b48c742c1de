// list_look.h - one list, several looks: rows, a board of its states, a calendar of its days, bars
// over time. What a look shows is the list's own query, filters and all. Private to web.
#pragma once

#include "web/list.h"
#include "web/value.h"

// Which looks the declaration of an entity gives room for.
bool look_has_board(const EntityDef *e);  // it has states that people move
const FieldDef *look_day(Ctx *ctx, const EntityDef *e, Str wanted);  // NULL: it has no days
// The pair of days that its bars reach between; false: it has none.
bool look_span(const Ctx *ctx, const EntityDef *e, const FieldDef **ret_from,
               const FieldDef **ret_to);

MUST_CHECK Status board_page(Ctx *ctx, ListPage *page);
MUST_CHECK Status calendar_page(Ctx *ctx, ListPage *page);
MUST_CHECK Status gantt_page(Ctx *ctx, ListPage *page);

// ---- A record in little: what cards, days and bars show
// -------------------------------------------

typedef struct Brief {
    Id id;
    Str title, second;
    LIST(Str) facts;
    Str amount, currency;
    Str state;  // the word of the state it is in
    Shown flag;
    Url url;
} Brief;
typedef LIST(Brief) BriefList;

// Adds to the query's columns what a brief is made of.
void brief_columns(Ctx *ctx, EntityQuery *query);
Brief brief_of(Ctx *ctx, const EntityQuery *query, const EntityRow *row);

// ---- Board --------------------------------------------------------------------------------------

typedef struct BoardMove {  // what takes a card from one state into this column
    const Action *action;
    bool asks;  // through the page that asks what it needs
} BoardMove;

typedef struct BoardColumn {
    const EnumValue *state;
    Str label, sums;
    const char *glyph, *tone;
    int64_t count;
    BriefList cards;
    Url all;  // its rows as a list
} BoardColumn;

typedef struct Board {
    ListPage *list;
    LIST(BoardColumn) columns;
    LIST(BoardMove) moves;  // that this person may make
} Board;

enum { BOARD_CARDS = 12, BOARD_CARDS_MORE = 100 };

bool board_move_starts(const BoardMove *move, const char *state);

// ---- Calendar -----------------------------------------------------------------------------------

typedef struct CalendarDay {
    Date date;
    Str label;  // "21", or "1 Dec" where a month begins
    bool is_outside, is_today;
    BriefList items;
    int more;
    Url all;
} CalendarDay;

typedef struct CalendarField {
    Str name, label;
    bool is_here;
    Url url;
} CalendarField;

typedef struct Calendar {
    ListPage *list;
    Str scale;  // "month", "week", "agenda"
    Str title, field_label;
    LIST(CalendarDay) days;
    LIST(Str) weekdays;
    LIST(CalendarField) fields;
    Url before, after, today, month, week, agenda;
    bool is_cut;
} Calendar;

// ---- Gantt --------------------------------------------------------------------------------------

typedef struct GanttBar {
    Brief brief;
    Str from, to, label;
    int x, y, width;
    const char *tone;
} GanttBar;

typedef struct GanttMark {
    int x;
    Str label;
} GanttMark;

enum { GANTT_WIDTH = 1120, GANTT_LEFT = 220, GANTT_TOP = 28, GANTT_ROW = 30 };

typedef struct Gantt {
    ListPage *list;
    Str title, from_label, to_label;
    LIST(GanttBar) bars;
    LIST(GanttMark) marks;
    int height, today_x;  // 0: today is not in sight
    Url before, after, today;
    bool is_cut;
} Gantt;
