// rows_inside.h - what was recorded, and how it is written. Private to rows.c and rows_write.c.
#pragma once

#include "floor/rows.h"

#include <libpq-fe.h>
#define SQLITE_ENABLE_PREUPDATE_HOOK  // as Debian's library has it
#include <sqlite3.h>

enum { COLUMNS_MAX = 96 };

typedef struct Value {
    int type;  // SQLITE_INTEGER, SQLITE_TEXT, SQLITE_BLOB, SQLITE_NULL
    int64_t number;
    char *bytes;  // text ends in NUL
    int len;
} Value;

typedef struct Change {
    const char *table;
    int op;  // SQLITE_INSERT, SQLITE_UPDATE, SQLITE_DELETE
    int count;
    Value *before, *after;  // a column each; NULL where the operation has none
    int statement;          // from here on: how it is written
    int value_count;
    const Value **values;
} Change;
typedef LIST(Change) ChangeList;

typedef struct Statement {
    char *text;
    sqlite3_stmt *sqlite;
    char name[16];  // on PostgreSQL
} Statement;

struct RowsFloor {
    Arena arena;
    sqlite3 *file;
    PGconn *pg;
    LIST(Statement) statements;
    LIST(int) starts;  // of actions
    int next;          // action
};

const ChangeList *rows_recorded(void);
void rows_write_open(RowsFloor *floor, const DbPlace *place);
void rows_write_close(RowsFloor *floor);
void rows_write_prepare(RowsFloor *floor, Statement *statement);
void rows_write_group(RowsFloor *floor, const Change *from, const Change *end);
_Noreturn void rows_fail(const char *what, const char *more);
