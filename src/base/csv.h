// csv.h - CSV as it is met: RFC 4180 with quoted separators and newlines, CR LF or LF or CR, a byte
// order mark, comma, semicolon, tab or pipe as separator. Streaming: input comes in pieces of any
// size, rows come out one by one.
#pragma once

#include "base/buf.h"
#include "base/ctx.h"

enum { CSV_FIELD_MAX = 1 << 20, CSV_ROW_MAX = 4 << 20, CSV_FIELDS_MAX = 1000 };

typedef struct CsvReader CsvReader;

// `separator` 0: found from the first lines (whichever splits them most evenly, outside quotes).
// The reader's buffers grow in `arena`: while reading, it may not go back to a mark made after
// this.
CsvReader *csv_reader(Arena *arena, char separator);

// Gives it more input. The bytes are copied. After the last piece call csv_finish().
void csv_feed(CsvReader *reader, Str piece);
void csv_finish(CsvReader *reader);

typedef LIST(Str) StrList;

typedef enum { CSV_ROW, CSV_MORE, CSV_END, CSV_BAD } CsvResult;

// The next row, or CSV_MORE when input is needed, CSV_END behind the last, CSV_BAD when the row
// cannot be read (an open quote at the end, a field or row beyond the limits): *ret_why says why,
// and reading may go on with the next line. The fields are valid until the next call. Empty lines
// are skipped.
CsvResult csv_next(CsvReader *reader, StrList *ret_fields, const char **ret_why);
int64_t csv_line(const CsvReader *reader);  // line in the input where the last row began, from 1

// ---- Writing ------------------------------------------------------------------------------------
// A text that a spreadsheet would run as a formula (= + - @ tab CR in front) gets an apostrophe,
// unless it is a plain number.
void csv_put(Buf *out, Str field, bool is_first);
void csv_end_row(Buf *out);  // CR LF
