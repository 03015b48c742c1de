// rows.h - the floor of a business action: the very rows it writes, written once more straight
// through the engine's own C interface, without a program around it.
//
// SQLite tells of each row that is inserted, changed or deleted (its preupdate hook). What one run
// of ours wrote, business action by business action, is kept as values; the floor writes the same
// values into the same tables, indexes, checks and keys of a company that stands as ours stood
// before, in transactions of as many actions as our groups had: prepared statements, only the
// columns that changed, no reads, no savepoints, nobody waiting. On PostgreSQL it is one pipeline a
// transaction. A row is counted on either engine alike, so one recording serves both.
#pragma once

#include "kernel/db/lane.h"

// Before any database is opened. Records the file whose path ends so, between on and off.
void rows_watch(const char *file_end);
void rows_record(bool on);

// At `place`, which stands as the company did before the recording. An action begins where a row of
// `first` is inserted; `pattern` is a SQLite file with the recorded tables.
typedef struct RowsFloor RowsFloor;
RowsFloor *rows_floor_open(const DbPlace *place, const char *pattern, const char *first);
void rows_floor_close(RowsFloor *floor);
int rows_floor_actions(const RowsFloor *floor);  // recorded
double rows_floor_rows(const RowsFloor *floor);  // an action, on average
// The next actions, at most `count`, in groups; how many were written. 0: there are none left.
int rows_floor_write(RowsFloor *floor, int group, int count);
