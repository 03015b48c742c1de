// test_transfer.c - data in and out: files of rows read as people make them, mappings guessed,
// records imported with every classic mistake told, resumed after a crash, exported without loss.
#include "kernel/transfer.h"

#include "gen/kernel.gen.h"
#include "harness.h"
#include "kernel/db/options.h"
#include "kernel/entity/record.h"
#include "kernel/files.h"
#include "kernel/house.h"
#include "kernel/transfer/mapping.h"
#include "kernel/transfer/rows.h"
#include "kernel/transfer/xlsx_number.h"
#include "loan.gen.h"

#include <stdlib.h>
#include <unistd.h>
#include <xlsxwriter.h>

// ---- Numbers of spreadsheets --------------------------------------------------------------------

static void test_numbers(void)
{
    static const struct {
        const char *given, *wanted;
    } rows[] = {
        { "12.300000000000001", "12.3" },
        { "0.1", "0.1" },
        { "1E-2", "0.01" },
        { "1.0000000000000001E-2", "0.01" },
        { "2.9999999999999999E+3", "3000" },
        { "-0.5", "-0.5" },
        { "0", "0" },
        { "100", "100" },
        { "999999999999999.9", "1000000000000000" },
        { "1.5E+20", "150000000000000000000" },
        { "0.00012", "0.00012" },
        { "", "" },
        { "abc", "abc" },
        { "1.2.3", "1.2.3" },
        { "-", "-" },
        { "1e999999", "1e999999" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char to[PLAIN_MAX];
        test_row = rows[i].given;
        CHECK_STR(((Str){ to, xlsx_number(str_from(rows[i].given), to) }), rows[i].wanted);
    }
}

static void test_days(void)
{
    static const struct {
        const char *given;
        bool from_1904;
        const char *wanted;
    } rows[] = {
        { "1", false, "1900-01-01" },
        { "59", false, "1900-02-28" },
        { "61", false, "1900-03-01" },
        { "45987", false, "2025-11-26" },
        { "45987.5", false, "2025-11-26T12:00:00Z" },
        { "0", true, "1904-01-01" },
        { "44525", true, "2025-11-26" },
        { "-3", false, "-3" },
        { "99999999", false, "99999999" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        char to[PLAIN_MAX];
        test_row = rows[i].given;
        CHECK_STR(((Str){ to, xlsx_day(str_from(rows[i].given), rows[i].from_1904, to) }),
                  rows[i].wanted);
    }
    CHECK(xlsx_shows_day(14, S("")) && xlsx_shows_day(170, S("dd/mm/yyyy")));
    CHECK(!xlsx_shows_day(2, S("")) && !xlsx_shows_day(170, S("0.00 \"days\"")) &&
          !xlsx_shows_day(171, S("[Red]0")));
}

// ---- Files --------------------------------------------------------------------------------------

static const char *write_file(Ctx *ctx, const char *name, Str bytes)
{
    Str path = str_format(ctx->arena, "/tmp/entrepot-test-%d-%s", (int)getpid(), name);
    FILE *file = fopen(path.ptr, "we");
    CHECK(file && fwrite(bytes.ptr, 1, bytes.len, file) == bytes.len);
    if (file)
        fclose(file);
    return path.ptr;
}

static Str all_rows(Ctx *ctx, const char *path)
{
    Buf out = { .arena = ctx->arena };
    RowReader *reader;
    Row row;
    bool found = true;
    CHECK_OK(ctx, rows_open(ctx, path, &reader));
    while (found) {
        CHECK_OK(ctx, rows_read(ctx, reader, &row, &found));
        if (!found)
            break;
        buf_printf(&out, "%lld:", (long long)row.line);
        EACH (cell, row.cells)
            buf_printf(&out, STR_FMT "|", STR_ARG(*cell));
        if (row.record)
            buf_printf(&out, STR_FMT, STR_ARG(json_str(row.record, "a")));
        buf_c(&out, row.bad ? " BAD\n" : "\n");
    }
    return buf_str(&out);
}

static void test_csv_rows(void)
{
    Ctx *ctx = test_ctx();
    const char *path =
        write_file(ctx, "a.csv",
                   S("\xEF\xBB\xBFname;price\r\n\"A;B\";1,5\r\n\r\n\"two\nlines\";2\r\n"
                     "\xFF;3\r\n\"open;4"));
    CHECK_STR(all_rows(ctx, path), "2:A;B|1,5|\n4:two\nlines|2|\n6:\xFF|3| BAD\n7: BAD\n");
    unlink(path);
}

static void test_json_rows(void)
{
    Ctx *ctx = test_ctx();
    const char *path =
        write_file(ctx, "a.json",
                   S(" [ {\"a\":\"x } y\"}, {\"a\":\"\\\"{\"},\n{\"a\":[1,{}], },{\"a\":\"z\"}]"));
    CHECK_STR(all_rows(ctx, path), "1:x } y\n2:\"{\n3: BAD\n4:z\n");
    unlink(path);
    path = write_file(ctx, "b.json", S("{\"a\":\"1\"}\n{\"a\":\"2\"}\n{\"a\":"));
    CHECK_STR(all_rows(ctx, path), "1:1\n2:2\n3: BAD\n");
    unlink(path);
}

static const char *write_xlsx(Ctx *ctx, int rows, bool constant)
{
    const char *path = str_format(ctx->arena, "/tmp/entrepot-test-%d.xlsx", (int)getpid()).ptr;
    lxw_workbook_options options = { .constant_memory = constant };
    lxw_workbook *book = workbook_new_opt(path, &options);
    lxw_worksheet *sheet = workbook_add_worksheet(book, NULL);
    lxw_format *day = workbook_add_format(book);
    lxw_datetime on = { 2025, 11, 26, 0, 0, 0 };
    format_set_num_format(day, "dd.mm.yyyy");
    worksheet_write_string(sheet, 0, 0, "name", NULL);
    worksheet_write_string(sheet, 0, 2, "price", NULL);
    for (int i = 1; i <= rows; i++) {
        char name[40];
        snprintf(name, sizeof name, "caf\xC3\xA9 %d <&>", i);
        worksheet_write_string(sheet, (lxw_row_t)i, 0, name, NULL);
        worksheet_write_number(sheet, (lxw_row_t)i, 2, 0.1 * i, NULL);
        worksheet_write_datetime(sheet, (lxw_row_t)i, 3, &on, day);
        worksheet_write_boolean(sheet, (lxw_row_t)i, 4, i % 2, NULL);
    }
    CHECK_INT(workbook_close(book), LXW_NO_ERROR);
    return path;
}

static void test_xlsx_rows(void)
{
    Ctx *ctx = test_ctx();
    for (int constant = 0; constant < 2; constant++) {  // shared texts, and texts in the cells
        const char *path = write_xlsx(ctx, 3, constant);
        CHECK_STR(all_rows(ctx, path), "2:caf\xC3\xA9 1 <&>||0.1|2025-11-26|1|\n"
                                       "3:caf\xC3\xA9 2 <&>||0.2|2025-11-26|0|\n"
                                       "4:caf\xC3\xA9 3 <&>||0.3|2025-11-26|1|\n");
        unlink(path);
    }
}

// What is no workbook, or cut off, is refused with a sentence and never read beyond.
static void test_damaged_workbooks(void)
{
    Ctx *ctx = test_ctx();
    const char *path = write_xlsx(ctx, 500, false);
    Str whole = { 0 };
    FILE *file = fopen(path, "re");
    char *bytes = arena_alloc(ctx->arena, 1 << 20);
    whole = (Str){ bytes, fread(bytes, 1, 1 << 20, file) };
    fclose(file);
    unlink(path);
    for (size_t len = 4; len < whole.len; len += whole.len / 23) {
        RowReader *reader;
        Row row;
        bool found = true;
        const char *part = write_file(ctx, "part.xlsx", str_sub(whole, 0, len));
        Status status = rows_open(ctx, part, &reader);
        while (status == OK && found)
            status = rows_read(ctx, reader, &row, &found);
        CHECK_FAILS(ctx, "import.format", status);
        unlink(part);
    }
}

static size_t read_all(Ctx *ctx, const char *path, int64_t *ret_rows)
{
    RowReader *reader;
    Row row;
    bool found = true;
    size_t highest = 0;
    CHECK_OK(ctx, rows_open(ctx, path, &reader));
    for (*ret_rows = 0; found; *ret_rows += found) {
        CHECK_OK(ctx, rows_read(ctx, reader, &row, &found));
        highest = reader->arena.used > highest ? reader->arena.used : highest;
    }
    return highest + ctx->arena->used;
}

static void test_memory_stays_flat(void)
{
    enum { ROWS = 100000, MEMORY_MAX = 2 << 20 };
    Ctx *ctx = test_ctx();
    int64_t rows;
    const char *path = write_xlsx(ctx, ROWS, true);
    CHECK(read_all(ctx, path, &rows) < MEMORY_MAX);
    CHECK_INT(rows, ROWS);
    unlink(path);
    path = str_format(ctx->arena, "/tmp/entrepot-test-%d.csv", (int)getpid()).ptr;
    FILE *file = fopen(path, "we");
    fputs("name,price\n", file);
    for (int i = 0; i < ROWS; i++)
        fprintf(file, "\"thing, number %d\",%d.50\n", i, i);
    fclose(file);
    CHECK(read_all(ctx, path, &rows) < MEMORY_MAX);
    CHECK_INT(rows, ROWS);
    unlink(path);
}

// ---- Mapping ------------------------------------------------------------------------------------

static void test_guesses(void)
{
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    static const struct {
        const EntityDef *entity;
        const char *heading, *path;
    } rows[] = {
        { &shelf_book_entity, "ISBN", "isbn" },
        { &shelf_book_entity, "Isbn No.", "isbn" },
        { &shelf_book_entity, "Names", "name" },
        { &shelf_book_entity, "Genre", "genre" },
        { &shelf_book_entity, "colour of the cover's back", "" },
        { &loan_entity, "Qty", "lines.quantity" },
        { &loan_entity, "Lines price", "lines.price" },
        { &loan_entity, "NOTE", "note" },
        { &loan_entity, "id", "id" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Mapping mapping;
        StrList headings = { 0 };
        test_row = rows[i].heading;
        *list_push(ctx->arena, &headings) = str_from(rows[i].heading);
        *list_push(ctx->arena, &headings) = rows[i].entity == &loan_entity ? S("also") : S("unit");
        CHECK_OK(ctx, mapping_make(ctx, rows[i].entity, &headings, S(""), &mapping));
        CHECK_STR(mapping_path(ctx->arena, &mapping.targets[0]), rows[i].path);
    }
    house_close(&house);
}

// ---- Importing ----------------------------------------------------------------------------------

typedef struct Upload {
    const EntityDef *entity;
    const char *name, *mapping;
    Str bytes;
    bool dry_run, stop;
    FilePart part;
    Id run;
    ImportRun done;
} Upload;

static Status begin(Ctx *ctx, void *arg)
{
    Upload *u = arg;
    ImportSpec spec = { .entity = u->entity,
                        .mapping = str_from(u->mapping ? u->mapping : ""),
                        .dry_run = u->dry_run,
                        .stop_at_error = u->stop };
    TRY(file_add(ctx, &u->part, &spec.file));
    return import_start(ctx, &spec, &u->run);
}

static void start(Ctx *ctx, Upload *u)
{
    CHECK_OK(ctx, file_write(ctx, str_from(u->name), u->bytes, false, &u->part));
    CHECK_OK(ctx, tenant_transact(ctx, begin, u));
}

static void import(Ctx *ctx, Upload *u)
{
    start(ctx, u);
    CHECK_OK(ctx, import_run_all(ctx, u->run, NULL, &u->done));
}

static Status count_rows(Ctx *ctx, void *arg)
{
    return db_one(ctx, SQL("SELECT count(*) FROM shelf_book"), (int64_t *)arg);
}

static int64_t books(Ctx *ctx)
{
    int64_t n = -1;
    CHECK_OK(ctx, tenant_read(ctx, count_rows, &n));
    return n;
}

static Status read_file_row(Ctx *ctx, void *arg)
{
    Upload *u = arg;
    StoredFile file;
    TRY(file_find(ctx, u->done.errors, &file));
    return file_read(ctx, &file, &u->bytes);
}

static Str refused(Ctx *ctx, Upload *u)
{
    if (!u->done.errors)
        return S("");
    CHECK_OK(ctx, tenant_read(ctx, read_file_row, u));
    return u->bytes;
}

// A valid EAN-13 made of a number.
static Str gtin(Arena *arena, int n)
{
    int sum = 0;
    Str digits = str_format(arena, "400%09d", n);
    for (size_t i = 0; i < 12; i++)
        sum += (digits.ptr[i] - '0') * (i % 2 ? 3 : 1);
    return str_format(arena, STR_FMT "%d", STR_ARG(digits), (10 - sum % 10) % 10);
}

// Each of the twelve mistakes that files are full of, one a row, between two good rows.
static void test_classic_mistakes(void)
{
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    static const struct {
        const char *row, *told;
    } rows[] = {
        { ",Nothing to find it by,,,", "isbn" },                       // a key is missing
        { "4006381333931,,,,", "name" },                               // so is a name
        { "4006381333930,Wrong digit,,,", "isbn" },                    // a check digit
        { "4006381333931,Price in words,,,twelve", "value" },          // no number
        { "4006381333931,Half a penny,,,1.005", "value" },             // too many decimals
        { "4006381333931,Too dear,,,99999999999999999999", "value" },  // out of range
        { "4006381333931,Unknown genre,,opera,", "genre" },            // not one of the choices
        { "4006381333931,Unknown shelf,Z9,,", "place" },               // no such record
        { "4006381333931,Shifted,,,1,,oops", "more cells" },           // more cells than headings
        { "4006381333931,\xE9t\xE9,,,", "UTF-8" },                     // another character set
        { "4006381333931,LONG,,,", "name" },                           // too long
        { "\"4006381333931,never closed,,,", "quote" },                // an open quote
    };
    Buf csv = { .arena = ctx->arena };
    buf_printf(&csv, "isbn,name,place,genre,value\n" STR_FMT ",Good,,novel,12.50\n",
               STR_ARG(gtin(ctx->arena, 1)));
    for (size_t i = 0; i < COUNT(rows); i++) {
        Str row = str_from(rows[i].row);
        ptrdiff_t at = str_find(row, S("LONG"));
        buf_put(&csv, str_sub(row, 0, at < 0 ? row.len : (size_t)at));
        for (int n = 0; at >= 0 && n < 201; n++)
            buf_char(&csv, 'x');
        buf_put(&csv, at < 0 ? S("") : str_from_at(row, (size_t)at + 4));
        buf_c(&csv, "\n");
        if (i == 10)
            buf_printf(&csv, STR_FMT ",Good too,,,\"7\"\n", STR_ARG(gtin(ctx->arena, 2)));
    }
    Upload u = { .entity = &shelf_book_entity, .name = "books.csv", .bytes = buf_str(&csv) };
    import(ctx, &u);
    CHECK_INT(u.done.state, IMPORT_STATE_DONE);
    CHECK_INT(u.done.rows_read, 14);
    CHECK_INT(u.done.rows_done, 2);
    CHECK_INT(u.done.rows_bad, 12);
    CHECK_INT(books(ctx), 2);
    Str told = refused(ctx, &u), line = S("");
    CHECK(str_next(&told, '\n', &line));
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        CHECK(str_next(&told, '\n', &line));
        if (str_find(line, str_from(rows[i].told)) < 0)
            test_fail(__FILE__, __LINE__, "'%s' is not in: " STR_FMT, rows[i].told, STR_ARG(line));
    }
    test_row = NULL;
    house_close(&house);
}

static Str many_books(Arena *arena, int count)
{
    Buf csv = { .arena = arena };
    buf_c(&csv, "isbn,name,value\n");
    for (int i = 0; i < count; i++)
        buf_printf(&csv, STR_FMT ",Book %d,%d.25\n", STR_ARG(gtin(arena, i)), i, i);
    return buf_str(&csv);
}

static void test_dry_run(void)
{
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    Upload u = { .entity = &shelf_book_entity, .name = "b.csv", .dry_run = true };
    u.bytes = str_join(ctx->arena, many_books(ctx->arena, 20), S("1,Bad,1\n"));
    import(ctx, &u);
    CHECK_INT(u.done.state, IMPORT_STATE_CHECKED);
    CHECK_INT(u.done.rows_done, 20);
    CHECK_INT(u.done.rows_bad, 1);
    CHECK_INT(books(ctx), 0);
    house_close(&house);
}

// Imported twice: the second time nothing is new; what the file says anew is changed, blank cells
// stay.
static void test_again(void)
{
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    Upload u = { .entity = &shelf_book_entity,
                 .name = "b.csv",
                 .bytes = many_books(ctx->arena, 5) };
    import(ctx, &u);
    CHECK_INT(u.done.rows_created, 5);
    u.bytes = str_format(ctx->arena, "isbn,name,value\n" STR_FMT ",Renamed,\n",
                         STR_ARG(gtin(ctx->arena, 3)));
    import(ctx, &u);
    CHECK_INT(u.done.rows_created, 0);
    CHECK_INT(u.done.rows_done, 1);
    CHECK_INT(books(ctx), 5);
    house_close(&house);
}

static Status count_acts(Ctx *ctx, void *arg)
{
    int64_t *ret = arg;
    return db_one(ctx,
                  SQL("SELECT count(*) FROM audit_row WHERE act IN"
                      " ('shelf_book.create', 'shelf_book.change')"),
                  ret);
}

// Each seventh is refused and each tenth book comes a second time: whichever records were saved
// together, the others stand, and each row has its own line in the trail.
static void test_refused_among_others(void)
{
    enum { COUNT_OF = 300 };
    Ctx *ctx = test_ctx();
    House house;
    int64_t bad = 0, again = 0, acts;
    Buf csv = { .arena = ctx->arena };
    house_open(ctx, &house);
    buf_c(&csv, "isbn,name,value\n");
    for (int i = 0; i < COUNT_OF; i++) {
        bool is_bad = i % 7 == 3, is_again = i % 10 == 9 && (i - 3) % 7 != 3;
        buf_printf(&csv, STR_FMT ",Book %d,%s\n", STR_ARG(gtin(ctx->arena, is_again ? i - 3 : i)),
                   i, is_bad ? "dear" : "1.25");
        bad += is_bad;
        again += is_again && !is_bad;
    }
    Upload u = { .entity = &shelf_book_entity, .name = "b.csv", .bytes = buf_str(&csv) };
    import(ctx, &u);
    CHECK_INT(u.done.rows_bad, bad);
    CHECK_INT(u.done.rows_done, COUNT_OF - bad);
    CHECK_INT(u.done.rows_created, COUNT_OF - bad - again);
    CHECK_INT(books(ctx), COUNT_OF - bad - again);
    CHECK_OK(ctx, tenant_read(ctx, count_acts, &acts));
    CHECK_INT(acts, COUNT_OF - bad);
    house_close(&house);
}

static Status run_import(Ctx *ctx, void *arg)
{
    Upload *u = arg;
    return import_run_all(ctx, u->run, NULL, &u->done);
}

static Status read_progress(Ctx *ctx, void *arg)
{
    Upload *u = arg;
    return db_one(ctx, SQL("SELECT rows_read FROM import_run WHERE id = $1", u->run),
                  &u->done.rows_read);
}

static void break_memory(Ctx *ctx, int n)
{
    ctx->arena->fail_after = n * 1511;
}

static void break_statement(Ctx *ctx, int n)
{
    (void)ctx;
    db_fail_after(n * 211);
}

// Whatever moment it broke off: what a batch committed is passed over, what it did not is done, and
// how far it came is what is there.
static void goes_on(void (*break_off)(Ctx *ctx, int n), const char *code)
{
    enum { ROWS = 450, TRIES_MAX = 60 };
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    Upload u = { .entity = &shelf_book_entity,
                 .name = "b.csv",
                 .bytes = many_books(ctx->arena, ROWS) };
    Status status = E_LIMIT;
    int broken = 0;
    start(ctx, &u);
    for (int i = 1; i < TRIES_MAX && status != OK; i++) {
        ArenaMark mark = arena_mark(ctx->arena);
        break_off(ctx, i);
        status = ctx_guard(ctx, run_import, &u);
        ctx->arena->fail_after = 0;
        db_fail_after(0);
        if (status != OK) {
            CHECK_FAILS(ctx, code, status);
            arena_rewind(ctx->arena, mark);
            broken++;
        }
        CHECK_OK(ctx, tenant_read(ctx, read_progress, &u));
        CHECK_INT(books(ctx), u.done.rows_read);
    }
    CHECK(broken > 2);
    CHECK_INT(status, OK);
    CHECK_INT(books(ctx), ROWS);
    house_close(&house);
}

static void test_goes_on_after_a_crash(void)
{
    goes_on(break_memory, "memory.limit");
}

static void test_goes_on_after_a_database_s_trouble(void)
{
    goes_on(break_statement, "db.trouble");
}

static void test_stops_at_the_first_problem(void)
{
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    Upload u = { .entity = &shelf_book_entity, .name = "b.csv", .stop = true };
    u.bytes = str_format(ctx->arena, "isbn,name\n" STR_FMT ",A\n1,B\n" STR_FMT ",C\n",
                         STR_ARG(gtin(ctx->arena, 1)), STR_ARG(gtin(ctx->arena, 2)));
    import(ctx, &u);
    CHECK_INT(u.done.state, IMPORT_STATE_STOPPED);
    CHECK_INT(books(ctx), 1);
    house_close(&house);
}

static Status sum_lines(Ctx *ctx, void *arg)
{
    int64_t *sums = arg;
    TRY(db_one(ctx, SQL("SELECT count(*) FROM loan"), &sums[0]));
    return db_one(ctx, SQL("SELECT count(*), sum(quantity) FROM loan_line"), &sums[1], &sums[2]);
}

// A record over several rows: those whose own columns are empty or the same go on with it. One bad
// line refuses the record and says so beside its own row.
static void test_parents_and_children(void)
{
    Ctx *ctx = test_ctx();
    House house;
    int64_t sums[3];
    house_open(ctx, &house);
    Upload u = { .entity = &shelf_book_entity,
                 .name = "b.csv",
                 .bytes = many_books(ctx->arena, 3) };
    import(ctx, &u);
    Str a = gtin(ctx->arena, 0), b = gtin(ctx->arena, 1), c = gtin(ctx->arena, 2);
    u = (Upload){ .entity = &loan_entity, .name = "l.csv" };
    u.mapping = "{\"Book\":\"book\",\"Line\":\"lines.book\",\"How many\":\"lines.quantity\","
                "\"Days\":\"lines.days\"}";
    u.bytes =
        str_format(ctx->arena,
                   "Book,Line,How many,Days\n" STR_FMT "," STR_FMT ",1,\n," STR_FMT ",2,\n" STR_FMT
                   "," STR_FMT ",4,0\n," STR_FMT ",x,\n" STR_FMT "," STR_FMT ",8,3\n",
                   STR_ARG(a), STR_ARG(a), STR_ARG(b), STR_ARG(b), STR_ARG(a), STR_ARG(b),
                   STR_ARG(c), STR_ARG(b));
    import(ctx, &u);
    CHECK_INT(u.done.rows_read, 3);
    CHECK_INT(u.done.rows_done, 2);
    CHECK_OK(ctx, tenant_read(ctx, sum_lines, sums));
    CHECK_INT(sums[0], 2);
    CHECK_INT(sums[1], 3);
    CHECK_INT(sums[2], 11 * MICRO);
    Str told = refused(ctx, &u);
    CHECK(str_find(told, S(",4,\"refused together")) < 0);
    CHECK(str_find(told, S("lines[1].quantity")) > 0);
    house_close(&house);
}

static void test_refusals(void)
{
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    static const struct {
        const char *bytes, *mapping, *code;
    } rows[] = {
        { "\n\n", "", "import.empty" },
        { "one,two\n1,2\n", "", "import.mapping" },
        { "isbn,name\n", "{\"isbn\":\"nothing\"}", "import.mapping" },
        { "isbn,name\n", "{\"other\":\"isbn\"}", "import.mapping" },
        { "isbn,name\n", "{\"isbn\":\"name\",\"name\":\"name\"}", "import.mapping" },
        { "\xFF\xFE,b\n", "", "import.headings" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        Upload u = { .entity = &shelf_book_entity, .name = "b.csv", .mapping = rows[i].mapping };
        test_row = rows[i].bytes;
        u.bytes = str_from(rows[i].bytes);
        start(ctx, &u);
        CHECK_FAILS(ctx, rows[i].code, import_run_all(ctx, u.run, NULL, &u.done));
    }
    test_row = NULL;
    Actor *outer = ctx->actor;
    Upload u = { .entity = &shelf_book_entity, .name = "b.csv", .bytes = S("isbn,name\n") };
    CHECK_OK(ctx, file_write(ctx, S("b.csv"), u.bytes, false, &u.part));
    ctx->actor = house_actor(ctx, "platform.import");
    CHECK_FAILS(ctx, "denied.permission", tenant_transact(ctx, begin, &u));
    ctx->actor = outer;
    house_close(&house);
}

// ---- Exporting ----------------------------------------------------------------------------------

static void collect(Str piece, void *arg)
{
    buf_put(arg, piece);
}

typedef struct Download {
    ExportFormat format;
    const char *fields;
    Buf out;
} Download;

static Status download(Ctx *ctx, void *arg)
{
    Download *d = arg;
    EntityQuery query;
    FormFieldList params = { 0 };
    *list_push(ctx->arena, &params) = (FormField){ S("fields"), str_from(d->fields) };
    TRY(entity_query_parse(ctx, &shelf_book_entity, &params, &query));
    return export_query(ctx, &query, d->format, collect, &d->out);
}

static Str exported(Ctx *ctx, ExportFormat format)
{
    Arena arena = { 0 };
    Download d = { format, "isbn,name,value", { .arena = &arena } };
    CHECK_OK(ctx, tenant_read(ctx, download, &d));
    Str out = str_copy(ctx->arena, buf_str(&d.out));
    arena_release(&arena);
    return out;
}

static void test_exports(void)
{
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    Upload u = { .entity = &shelf_book_entity, .name = "b.csv" };
    u.bytes =
        str_format(ctx->arena, "isbn,name,value\n" STR_FMT ",\"=1+1, or \"\"two\"\"\",-1.50\n",
                   STR_ARG(gtin(ctx->arena, 1)));
    import(ctx, &u);
    Str csv = exported(ctx, EXPORT_CSV);
    CHECK_STR(csv, str_format(ctx->arena,
                              "isbn,name,value\r\n" STR_FMT ",\"'=1+1, or \"\"two\"\"\",-1.50\r\n",
                              STR_ARG(gtin(ctx->arena, 1)))
                       .ptr);
    const Json *json;
    CHECK_OK(ctx, json_parse(ctx, exported(ctx, EXPORT_JSON), &json));
    CHECK_INT(json->count, 1);
    CHECK_STR(json_str(json->first, "name"), "=1+1, or \"two\"");
    const char *path = write_file(ctx, "x.xlsx", exported(ctx, EXPORT_XLSX));
    CHECK_STR(all_rows(ctx, path), str_format(ctx->arena, "2:" STR_FMT "|=1+1, or \"two\"|-1.5|\n",
                                              STR_ARG(gtin(ctx->arena, 1)))
                                       .ptr);
    unlink(path);
    house_close(&house);
}

// What an export says an import understands: there and back nothing changes.
static void test_there_and_back(void)
{
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    Upload u = { .entity = &shelf_book_entity,
                 .name = "b.csv",
                 .bytes = many_books(ctx->arena, 700) };
    import(ctx, &u);
    static const ExportFormat formats[] = { EXPORT_CSV, EXPORT_XLSX, EXPORT_JSON };
    Str before = exported(ctx, EXPORT_CSV);
    for (size_t i = 0; i < COUNT(formats); i++) {
        u.bytes = exported(ctx, formats[i]);
        import(ctx, &u);
        CHECK_INT(u.done.rows_done, 700);
        CHECK_INT(u.done.rows_created, 0);
    }
    CHECK(str_eq(exported(ctx, EXPORT_CSV), before));
    house_close(&house);
}

const Test transfer_tests[] = {
    { "numbers of spreadsheets", test_numbers },
    { "days of spreadsheets", test_days },
    { "rows of CSV", test_csv_rows },
    { "rows of JSON", test_json_rows },
    { "rows of XLSX", test_xlsx_rows },
    { "damaged workbooks are refused", test_damaged_workbooks },
    { "memory stays flat over 100,000 rows", test_memory_stays_flat },
    { "headings are guessed", test_guesses },
    { "twelve classic mistakes are told", test_classic_mistakes },
    { "a dry run writes nothing", test_dry_run },
    { "importing again changes what is new", test_again },
    { "a refused row among others leaves them alone", test_refused_among_others },
    { "an import goes on after a crash", test_goes_on_after_a_crash },
    { "an import goes on after the database was in trouble",
      test_goes_on_after_a_database_s_trouble },
    { "an import stops at the first problem where asked", test_stops_at_the_first_problem },
    { "records over several rows", test_parents_and_children },
    { "what cannot be imported is refused", test_refusals },
    { "exports keep texts from becoming formulas", test_exports },
    { "exported and imported again", test_there_and_back },
    { 0 },
};
