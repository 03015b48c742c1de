// csv.c - reads and writes comma-separated rows.
//
// The reader is a machine of five states that looks at each byte once and remembers everything
// between pieces, so it does not matter where the input is cut. It is as forgiving as spreadsheets
// are and never drops what it has read: a quote inside an unquoted field is a character like any
// other, and so is whatever follows a closing quote. Only what cannot be a row at all is refused,
// and then the line is named.
//
// What a row holds is copied into one buffer, used again for the next row; so memory follows the
// longest row and the largest piece, not the length of the input. These buffers grow in the
// reader's arena, which must not be rewound while the reader is in use.
#include "base/csv.h"

#include <assert.h>
#include <ctype.h>

enum { SAMPLE_BYTES = 16 * 1024, SAMPLE_LINES = 50 };

static const Str byte_order_mark = { "\xEF\xBB\xBF", 3 };

typedef enum {
    START,       // of a field
    PLAIN,       // in a field without quotes, or behind the closing quote
    QUOTED,      // behind an opening quote
    QUOTE_SEEN,  // in a quoted field, behind a quote: the closing one, or the first of two
    SKIPPING,    // the row is bad: to the end of the line
} State;

struct CsvReader {
    Arena *arena;
    char separator;
    bool has_started;   // the mark in front is gone and the separator is known
    bool has_finished;  // no more input will come
    Buf input;
    size_t at;  // next byte of the input

    State state;
    bool after_cr;        // the last byte was CR: a LF now is no new line
    int64_t line;         // of the next byte
    int64_t row_line;     // where the row began
    bool is_row_over;     // the next call begins another
    Buf row;              // the fields' characters, one field behind the other
    size_t field_at;      // where the field being read begins in `row`
    StrList fields;       // whole fields; their ptr is set when the row is over, since `row` moves
    const char *row_bad;  // why the row is refused
};

CsvReader *csv_reader(Arena *arena, char separator)
{
    assert(separator != '"' && separator != '\r' && separator != '\n');
    CsvReader *reader = NEW(arena, CsvReader);
    *reader = (CsvReader){ .arena = arena,
                           .separator = separator,
                           .input = { .arena = arena },
                           .line = 1,
                           .row_line = 1,
                           .row = { .arena = arena } };
    return reader;
}

void csv_feed(CsvReader *reader, Str piece)
{
    assert(!reader->has_finished);
    Str unread = str_from_at(buf_str(&reader->input), reader->at);
    if (reader->at > 0) {
        memmove(reader->input.ptr, unread.ptr, unread.len);
        buf_cut(&reader->input, unread.len);
        reader->at = 0;
    }
    buf_put(&reader->input, piece);
}

void csv_finish(CsvReader *reader)
{
    reader->has_finished = true;
}

int64_t csv_line(const CsvReader *reader)
{
    return reader->row_line;
}

static bool is_line_end(char c)
{
    return c == '\r' || c == '\n';
}

// ---- Which separator ----------------------------------------------------------------------------

// Takes one line off the front and says how many fields it has; 0 for an empty one. A quote opens
// at the start of a field and right behind a closing one (two quotes stand for one).
static size_t count_fields(Str *rest, char separator)
{
    size_t fields = 1, at = 0;
    bool is_quoted = false, may_open = true;
    for (; at < rest->len; at++) {
        char c = rest->ptr[at];
        if (!is_quoted && is_line_end(c))
            break;
        fields += !is_quoted && c == separator;
        bool was_quoted = is_quoted;
        if (c == '"')
            is_quoted = !is_quoted && may_open;
        may_open = was_quoted || c == separator;
    }
    *rest = str_from_at(*rest, at + 1);
    return at > 0 ? fields : 0;
}

// In how many lines of the sample the separator makes the same number of fields, at least two.
static size_t even_lines(Str sample, char separator, bool is_whole)
{
    size_t counts[SAMPLE_LINES], lines = 0, most = 0;
    while (sample.len && lines < SAMPLE_LINES) {
        size_t fields = count_fields(&sample, separator);
        bool is_cut_off = sample.len == 0 && !is_whole && lines > 0;
        if (fields > 0 && !is_cut_off)
            counts[lines++] = fields;
    }
    for (size_t i = 0; i < lines; i++) {
        size_t same = 0;
        for (size_t j = 0; j < lines; j++)
            same += counts[j] == counts[i];
        if (counts[i] > 1 && same > most)
            most = same;
    }
    return most;
}

// Where two are equally even the comma loses, because it also stands in numbers and sentences.
static char find_separator(Str sample, bool is_whole)
{
    char best = ',';
    size_t most = 0;
    for (const char *candidate = "\t;|,"; *candidate; candidate++) {
        size_t lines = even_lines(sample, *candidate, is_whole);
        if (lines > most) {
            most = lines;
            best = *candidate;
        }
    }
    return best;
}

// False when more input is needed first. The sample is the same however the input is cut.
static bool start(CsvReader *reader)
{
    Str input = buf_str(&reader->input);
    bool may_be_mark = input.len < byte_order_mark.len && str_starts(byte_order_mark, input);
    bool fits_sample = input.len <= SAMPLE_BYTES;
    if (!reader->has_finished && (reader->separator ? may_be_mark : fits_sample))
        return false;
    if (str_starts(input, byte_order_mark))
        reader->at = byte_order_mark.len;
    Str sample = str_from_at(str_sub(input, 0, SAMPLE_BYTES), reader->at);
    if (!reader->separator)
        reader->separator = find_separator(sample, fits_sample);
    reader->has_started = true;
    return true;
}

// ---- Rows ---------------------------------------------------------------------------------------

static void begin_row(CsvReader *reader)
{
    buf_clear(&reader->row);
    reader->fields.len = 0;
    reader->field_at = 0;
    reader->row_bad = NULL;
    reader->row_line = reader->line;
    reader->state = START;
    reader->is_row_over = false;
}

static void refuse(CsvReader *reader, const char *why)
{
    reader->row_bad = why;
    reader->state = SKIPPING;
}

static void keep(CsvReader *reader, Str characters)
{
    _Static_assert(CSV_FIELD_MAX == 1 << 20 && CSV_ROW_MAX == 4 << 20, "the messages say so");
    if (reader->row.len - reader->field_at + characters.len > CSV_FIELD_MAX)
        refuse(reader, "a field holds more than 1 MB");
    else if (reader->row.len + characters.len > CSV_ROW_MAX)
        refuse(reader, "a row holds more than 4 MB");
    else
        buf_put(&reader->row, characters);
}

static void end_field(CsvReader *reader)
{
    _Static_assert(CSV_FIELDS_MAX == 1000, "the message says so");
    if (reader->fields.len == CSV_FIELDS_MAX) {
        refuse(reader, "a row has more than 1000 fields");
        return;
    }
    Str *field = list_push(reader->arena, &reader->fields);
    field->len = reader->row.len - reader->field_at;
    reader->field_at = reader->row.len;
    reader->state = START;
}

// CSV_MORE for an empty line.
static CsvResult end_row(CsvReader *reader)
{
    if (reader->state == START && reader->fields.len == 0) {
        begin_row(reader);
        return CSV_MORE;
    }
    if (reader->state != SKIPPING)
        end_field(reader);
    reader->is_row_over = true;
    return reader->row_bad ? CSV_BAD : CSV_ROW;
}

static CsvResult end_input(CsvReader *reader)
{
    if (!reader->has_finished)
        return CSV_MORE;
    if (reader->state == QUOTED)
        refuse(reader, "a quote is opened and never closed");
    CsvResult result = end_row(reader);
    return result == CSV_MORE ? CSV_END : result;
}

// Takes the bytes in front that the state just collects, or skips, without looking at each.
static void take_run(CsvReader *reader)
{
    if (reader->state == START || reader->state == QUOTE_SEEN)
        return;
    Str run = str_from_at(buf_str(&reader->input), reader->at);
    char stop = reader->state == QUOTED ? '"' : reader->separator;
    size_t len = 0;
    while (len < run.len && run.ptr[len] != stop && !is_line_end(run.ptr[len]))
        len++;
    if (len == 0)
        return;
    reader->at += len;
    reader->after_cr = false;
    if (reader->state != SKIPPING)
        keep(reader, str_sub(run, 0, len));
}

// The next byte. CSV_MORE: the row goes on.
static CsvResult take_byte(CsvReader *reader)
{
    Str byte = str_sub(buf_str(&reader->input), reader->at++, 1);
    char c = byte.ptr[0];
    bool ends_cr_lf = c == '\n' && reader->after_cr;
    reader->after_cr = c == '\r';
    reader->line += is_line_end(c) && !ends_cr_lf;

    if (reader->state == QUOTED && c != '"') {
        keep(reader, byte);
    } else if (reader->state == QUOTED) {
        reader->state = QUOTE_SEEN;
    } else if (is_line_end(c)) {
        return ends_cr_lf ? CSV_MORE : end_row(reader);  // the CR has ended the row
    } else if (reader->state == SKIPPING) {
        return CSV_MORE;
    } else if (c == reader->separator) {
        end_field(reader);
    } else if (c == '"' && reader->state == START) {
        reader->state = QUOTED;
    } else {
        reader->state = c == '"' && reader->state == QUOTE_SEEN ? QUOTED : PLAIN;
        keep(reader, byte);
    }
    return CSV_MORE;
}

static StrList finished_fields(CsvReader *reader)
{
    const char *at = buf_str(&reader->row).ptr;
    EACH (field, reader->fields) {
        field->ptr = at;
        at += field->len;
    }
    return reader->fields;
}

CsvResult csv_next(CsvReader *reader, StrList *ret_fields, const char **ret_why)
{
    if (!reader->has_started && !start(reader))
        return CSV_MORE;
    if (reader->is_row_over)
        begin_row(reader);

    CsvResult result = CSV_MORE;
    while (result == CSV_MORE && reader->at < reader->input.len) {
        take_run(reader);
        if (reader->at < reader->input.len)
            result = take_byte(reader);
    }
    if (result == CSV_MORE)
        result = end_input(reader);
    if (result == CSV_ROW)
        *ret_fields = finished_fields(reader);
    if (result == CSV_BAD)
        *ret_why = reader->row_bad;
    return result;
}

// ---- Writing ------------------------------------------------------------------------------------

// Digits, perhaps with a sign and a fraction: a spreadsheet can do nothing with that but show it.
static bool is_plain_number(Str s)
{
    bool has_point = false;
    if (s.len && (s.ptr[0] == '-' || s.ptr[0] == '+'))
        s = str_from_at(s, 1);
    for (size_t i = 0; i < s.len; i++) {
        bool is_inside = i > 0 && i + 1 < s.len;
        bool is_point = is_inside && !has_point && (s.ptr[i] == '.' || s.ptr[i] == ',');
        if (!is_point && !isdigit((unsigned char)s.ptr[i]))
            return false;
        has_point |= is_point;
    }
    return s.len > 0;
}

static bool is_formula(Str s)
{
    return s.len && str_find_char(S("=+-@\t\r"), s.ptr[0]) >= 0 && !is_plain_number(s);
}

// All separators count, so that a reader who has to guess guesses right. An empty text that is
// alone in its row would look like an empty line; blanks at the ends are cut by some readers; a
// byte order mark in front would be taken for the file's.
static bool needs_quotes(Str s, bool is_first)
{
    for (size_t i = 0; i < s.len; i++)
        if (str_find_char(S("\",;\t|\r\n"), s.ptr[i]) >= 0)
            return true;
    if (s.len == 0)
        return is_first;
    return s.ptr[0] == ' ' || s.ptr[s.len - 1] == ' ' || str_starts(s, byte_order_mark);
}

void csv_put(Buf *out, Str field, bool is_first)
{
    if (!is_first)
        buf_char(out, ',');
    const char *guard = is_formula(field) ? "'" : "";
    if (!needs_quotes(field, is_first)) {
        buf_c(out, guard);
        buf_put(out, field);
        return;
    }
    buf_char(out, '"');
    buf_c(out, guard);
    for (ptrdiff_t quote; (quote = str_find_char(field, '"')) >= 0;) {
        buf_put(out, str_sub(field, 0, (size_t)quote + 1));
        buf_char(out, '"');
        field = str_from_at(field, (size_t)quote + 1);
    }
    buf_put(out, field);
    buf_char(out, '"');
}

void csv_end_row(Buf *out)
{
    buf_c(out, "\r\n");
}
