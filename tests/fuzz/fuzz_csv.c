// fuzz_csv.c - any bytes as CSV. Laws: it does not matter where the input is cut; what was read,
// written and read again, is the same rows, apart from the guard against formulas.
#include "fuzz.h"

#include "base/csv.h"

// Everything a reader said, so that two readings can be compared: each field behind its length.
typedef struct Reading {
    Buf said;
    Buf again;  // the rows written anew
} Reading;

static void note_row(Reading *reading, StrList fields)
{
    LAW(fields.len >= 1 && fields.len <= CSV_FIELDS_MAX);
    EACH (field, fields) {
        LAW(field->len <= CSV_FIELD_MAX);
        buf_printf(&reading->said, "%zu:", field->len);
        buf_put(&reading->said, *field);
        csv_put(&reading->again, *field, field == fields.items);
    }
    buf_c(&reading->said, "\n");
    csv_end_row(&reading->again);
}

static void drain(CsvReader *reader, Reading *reading)
{
    for (int64_t line = 0;;) {
        StrList fields = { 0 };
        const char *why = NULL;
        CsvResult result = csv_next(reader, &fields, &why);
        if (result == CSV_MORE || result == CSV_END)
            return;
        LAW(csv_line(reader) > line);
        line = csv_line(reader);
        if (result == CSV_BAD)
            buf_printf(&reading->said, "%s\n", why);
        else
            note_row(reading, fields);
    }
}

static Reading read_in_pieces(Arena *arena, Str text, char separator, size_t piece)
{
    Reading reading = { { .arena = arena }, { .arena = arena } };
    CsvReader *reader = csv_reader(arena, separator);
    for (; text.len; text = str_from_at(text, piece)) {
        csv_feed(reader, str_sub(text, 0, piece));
        drain(reader, &reading);
    }
    csv_finish(reader);
    drain(reader, &reading);
    return reading;
}

static void check(Arena *arena, Str text, char separator)
{
    Reading whole = read_in_pieces(arena, text, separator, text.len + 1);
    for (size_t piece = 1; piece <= 3; piece++) {
        Reading cut = read_in_pieces(arena, text, separator, piece);
        LAW(str_eq(buf_str(&whole.said), buf_str(&cut.said)));
    }
    // Written rows read back as they were written; the second writing finds nothing left to guard.
    Reading second = read_in_pieces(arena, buf_str(&whole.again), ',', 7);
    Reading third = read_in_pieces(arena, buf_str(&second.again), ',', 7);
    LAW(str_eq(buf_str(&whole.again), buf_str(&second.again)));
    LAW(str_eq(buf_str(&second.said), buf_str(&third.said)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena arena = { .limit = FUZZ_ARENA_LIMIT };
    Str text = { (const char *)data, size };
    check(&arena, text, 0);
    check(&arena, text, ',');
    arena_release(&arena);
    return 0;
}
