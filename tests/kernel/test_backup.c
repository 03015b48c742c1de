// test_backup.c - a company as a file and back: bit by bit the same on either engine; and a file
// that is not exactly what was written makes no company.
#include "kernel/tenant/backup.h"

#include "gen/kernel.gen.h"
#include "harness.h"
#include "kernel/db/copy.h"
#include "kernel/entity/record.h"
#include "kernel/files.h"
#include "kernel/house.h"
#include "kernel/secrets/sealed.h"
#include "kernel/tenant/backup_walk.h"
#include "kernel/tenant/directory.h"
#include "kernel/verify.h"
#include "loan.gen.h"

#include <sodium.h>
#include <unistd.h>

// ---- A company with something of everything -----------------------------------------------------

static Str gtin(Arena *arena, int n)
{
    int sum = 0;
    Str digits = str_format(arena, "400%09d", n);
    for (size_t i = 0; i < 12; i++)
        sum += (digits.ptr[i] - '0') * (i % 2 ? 3 : 1);
    return str_format(arena, STR_FMT "%d", STR_ARG(digits), (10 - sum % 10) % 10);
}

typedef struct Filling {
    FilePart file;
    Id first_place;
} Filling;

// A tree whose first node hangs below its last, books, loans with lines, texts with all that is
// awkward.
static Status fill(Ctx *ctx, void *arg)
{
    Filling *filling = arg;
    Id file, last = 0;
    TRY(file_add(ctx, &filling->file, &file));
    for (int i = 0; i < 4; i++) {
        ShelfPlace *place = shelf_place_new(ctx);
        place->name = str_format(ctx->arena, "caf\xC3\xA9 \"%d\"\n\\", i);
        TRY(shelf_place_save(ctx, place));
        filling->first_place = i == 0 ? place->record.id : filling->first_place;
        last = place->record.id;
    }
    for (int i = 0; i < 30; i++) {
        ShelfBook *book = shelf_book_new(ctx);
        Loan *loan = loan_new(ctx);
        book->isbn = gtin(ctx->arena, i);
        book->name = str_format(ctx->arena, "Book %d", i);
        book->place = i % 2 ? last : 0;
        book->value = (MaybeMoney){ i % 3 > 0, { i * 100 - 500 } };
        TRY(shelf_book_save(ctx, book));
        loan->book = book->record.id;
        *list_push(ctx->arena, &loan->lines) =
            (LoanLine){ .book = book->record.id, .quantity = { i } };
        TRY(loan_save(ctx, loan));
    }
    return OK;
}

static Status hang(Ctx *ctx, void *arg)
{
    Filling *filling = arg;
    return db_write(ctx, SQL("UPDATE shelf_place SET above_id ="
                             " (SELECT max(id) FROM shelf_place) WHERE id = $1",
                             filling->first_place));
}

static void fill_house(Ctx *ctx)
{
    Filling filling = { 0 };
    CHECK_OK(ctx, file_write(ctx, S("note.txt"), S("what was kept"), false, &filling.file));
    CHECK_OK(ctx, tenant_transact(ctx, fill, &filling));
    CHECK_OK(ctx, tenant_transact(ctx, hang, &filling));
}

// ---- What is in a backup, in one number ---------------------------------------------------------

typedef struct Sum {
    crypto_hash_sha256_state state;
} Sum;

static Status sum_table(Ctx *ctx, Str table, const Str *columns, size_t count, void *arg)
{
    Sum *sum = arg;
    (void)ctx;
    crypto_hash_sha256_update(&sum->state, (const unsigned char *)table.ptr, table.len);
    for (size_t i = 0; i < count; i++)
        crypto_hash_sha256_update(&sum->state, (const unsigned char *)columns[i].ptr,
                                  columns[i].len);
    return OK;
}

static Status sum_row(Ctx *ctx, const Arg *values, size_t count, void *arg)
{
    Sum *sum = arg;
    Buf out = { .arena = ctx->arena };
    row_pack(&out, values, count);
    crypto_hash_sha256_update(&sum->state, (const unsigned char *)out.ptr, out.len);
    return OK;
}

static Status sum_file(Ctx *ctx, Str digest, Str bytes, void *arg)
{
    Sum *sum = arg;
    (void)ctx;
    crypto_hash_sha256_update(&sum->state, (const unsigned char *)digest.ptr, digest.len);
    crypto_hash_sha256_update(&sum->state, (const unsigned char *)bytes.ptr, bytes.len);
    return OK;
}

static Str sum_of(Ctx *ctx, Str path)
{
    static const BackupSteps steps = { .table = sum_table, .row = sum_row, .file = sum_file };
    unsigned char *digest = arena_alloc(ctx->arena, crypto_hash_sha256_BYTES);
    BackupReport report;
    Sum sum;
    crypto_hash_sha256_init(&sum.state);
    CHECK_OK(ctx, backup_walk(ctx, path, &steps, &sum, &report));
    CHECK(report.rows > 100);
    CHECK_INT(report.files, 1);
    crypto_hash_sha256_final(&sum.state, digest);
    return (Str){ (const char *)digest, crypto_hash_sha256_BYTES };
}

static void print_finding(const char *check, Str sentence, void *arg)
{
    (void)arg;
    test_fail(__FILE__, __LINE__, "%s: " STR_FMT, check, STR_ARG(sentence));
}

static void enter(Ctx *ctx, const char *code)
{
    Tenant *tenant;
    CHECK_OK(ctx, tenant_open(ctx, str_from(code), &tenant));
    tenant_enter(ctx, tenant);
}

// ---- Tests --------------------------------------------------------------------------------------

static Str house_path(Ctx *ctx, const House *house, const char *name)
{
    return str_format(ctx->arena, STR_FMT "/%s", STR_ARG(house->folder), name);
}

// From the house's engine to the place, and what is there made into a backup again.
static Str carry(Ctx *ctx, const House *house, Str from, const char *code, const DbPlace *place)
{
    BackupReport report;
    Id tenant;
    Str path = house_path(ctx, house, code);
    VerifyRun run = { .report = print_finding };
    CHECK_OK(ctx,
             backup_restore(ctx, from, &(TenantSpec){ .code = str_from(code), .place = *place },
                            &report, &tenant));
    enter(ctx, code);
    CHECK_OK(ctx, verify_run(ctx, &run));
    CHECK_OK(ctx, backup_make(ctx, path, &report));
    CHECK_INT(report.files_lost, 0);
    return path;
}

static void test_there_and_back(void)
{
    Ctx *ctx = test_ctx();
    House house;
    BackupReport report;
    house_open(ctx, &house);
    fill_house(ctx);
    Str first = house_path(ctx, &house, "first");
    CHECK_OK(ctx, backup_make(ctx, first, &report));
    CHECK_FAILS(ctx, "backup.exists", backup_make(ctx, first, &report));
    CHECK_OK(ctx, backup_check(ctx, first, &report));
    CHECK_STR(report.code, "acme");

    DbPlace file = { .engine = ENGINE_SQLITE, .file = house_path(ctx, &house, "over.db") };
    Str over = carry(ctx, &house, first, "over", &file);
    DbPlace home = house_second_place(ctx, &house);
    Str back = carry(ctx, &house, over, "back", &home);
    CHECK(str_eq(sum_of(ctx, first), sum_of(ctx, over)));
    CHECK(str_eq(sum_of(ctx, first), sum_of(ctx, back)));
    Id tenant;
    CHECK_FAILS(ctx, "tenant.exists",
                backup_restore(ctx, first, &(TenantSpec){ .code = S("back"), .place = home },
                               &report, &tenant));
    tenant_enter(ctx, house.tenant);
    house_close(&house);
}

static void write_bytes(Str path, Str bytes)
{
    char name[512];
    snprintf(name, sizeof name, STR_FMT, STR_ARG(path));
    FILE *file = fopen(name, "we");
    CHECK(file && fwrite(bytes.ptr, 1, bytes.len, file) == bytes.len);
    if (file)
        fclose(file);
}

static Str read_bytes(Ctx *ctx, Str path)
{
    enum { MOST = 4 << 20 };
    char *bytes = arena_alloc(ctx->arena, MOST);
    FILE *file = fopen(str_c(ctx->arena, path), "re");
    size_t n = file ? fread(bytes, 1, MOST, file) : 0;
    if (file)
        fclose(file);
    return (Str){ bytes, n };
}

static void check_refused(Ctx *ctx, House *house, Str bytes, const char *code)
{
    BackupReport report;
    TenantEntry entry;
    Id tenant;
    ArenaMark mark = arena_mark(ctx->arena);
    Str path = house_path(ctx, house, "changed");
    TenantSpec spec = { .code = S("victim"), .place = house_second_place(ctx, house) };
    write_bytes(path, bytes);
    Status status = backup_restore(ctx, path, &spec, &report, &tenant);
    if (code)
        CHECK_FAILS(ctx, code, status);
    else
        CHECK(status == E_INVALID);
    ctx_recover(ctx);
    CHECK_FAILS(ctx, "tenant.not_found", directory_find(ctx, S("victim"), S(""), 0, &entry));
    house->second = (DbPlace){ 0 };  // its words go with the arena, and nothing was made there
    arena_rewind(ctx->arena, mark);
}

// Cut anywhere, one bit turned anywhere, of another form, no backup at all, sealed by somebody
// else.
static void test_changed_files_are_refused(void)
{
    Ctx *ctx = test_ctx();
    House house;
    BackupReport report;
    house_open(ctx, &house);
    fill_house(ctx);
    Str path = house_path(ctx, &house, "whole");
    CHECK_OK(ctx, backup_make(ctx, path, &report));
    Str whole = read_bytes(ctx, path);
    for (size_t len = 0; len < whole.len; len += whole.len / 37)
        check_refused(ctx, &house, str_sub(whole, 0, len), NULL);
    check_refused(ctx, &house, str_sub(whole, 0, whole.len - 1), "backup.damaged");
    check_refused(ctx, &house, str_join(ctx->arena, whole, S("x")), "backup.damaged");
    char *bytes = (char *)str_copy(ctx->arena, whole).ptr;
    for (size_t at = sizeof BACKUP_MAGIC + 1; at < whole.len; at += whole.len / 41) {
        bytes[at] ^= 4;
        check_refused(ctx, &house, (Str){ bytes, whole.len }, NULL);
        bytes[at] ^= 4;
    }
    bytes[sizeof BACKUP_MAGIC - 1] = '9';
    check_refused(ctx, &house, (Str){ bytes, whole.len }, "backup.version");
    check_refused(ctx, &house, S("PK\3\4 something else"), "backup.format");

    uint8_t other[32] = { 1 };
    BackupWriter *writer;
    Str forged = house_path(ctx, &house, "forged");
    CHECK_OK(ctx, backup_writer(ctx, str_c(ctx->arena, forged), other, &writer));
    CHECK_OK(ctx, backup_part(ctx, writer, PART_HEADER, S("{\"code\":\"x\"}")));
    CHECK_OK(ctx, backup_part(ctx, writer, PART_END, S("{\"tables\":0,\"rows\":0,\"files\":0}")));
    CHECK_OK(ctx, backup_writer_end(ctx, writer));
    check_refused(ctx, &house, read_bytes(ctx, forged), "backup.key");
    house_close(&house);
}

// ---- The encrypted file -------------------------------------------------------------------------

static const uint8_t sealed_key[SEALED_KEY] = "a key of thirty-two bytes for us";
enum { SEALED_HEAD = crypto_secretstream_xchacha20poly1305_HEADERBYTES };

static Str sealed_text(Ctx *ctx, Str plain)
{
    char *bytes = NULL;
    size_t len = 0;
    FILE *file = open_memstream(&bytes, &len);
    SealedOut *out = NEW(ctx->arena, SealedOut);
    CHECK(sealed_begin(out, file, sealed_key) && sealed_put(out, plain) && sealed_end(out));
    fclose(file);
    Str ret = str_copy(ctx->arena, (Str){ bytes, len });
    free(bytes);
    return ret;
}

// What a sealed file reads as; "broken" when it is not whole and unchanged.
static Str opened_text(Ctx *ctx, Str sealed)
{
    Buf plain = { .arena = ctx->arena };
    Str bytes;
    SealedRead got = SEALED_BROKEN;
    SealedIn *in = NEW(ctx->arena, SealedIn);
    FILE *file = fmemopen((char *)sealed.ptr, sealed.len, "r");
    if (sealed_open(in, file, sealed_key))
        while ((got = sealed_get(in, &bytes)) == SEALED_BYTES)
            buf_put(&plain, bytes);
    fclose(file);
    return got == SEALED_OVER ? buf_str(&plain) : S("broken");
}

static void test_pieces_stay_where_they_are(void)
{
    Ctx *ctx = test_ctx();
    static const size_t lengths[] = { 0, 1, SEALED_PIECE - 1, SEALED_PIECE, 3 * SEALED_PIECE };
    char *plain = NEW_ARRAY(ctx->arena, char, 3 * SEALED_PIECE);
    for (size_t i = 0; i < 3 * SEALED_PIECE; i++)
        plain[i] = (char)(i * 7 + i / SEALED_PIECE);
    for (size_t i = 0; i < COUNT(lengths); i++)
        CHECK(str_eq(opened_text(ctx, sealed_text(ctx, (Str){ plain, lengths[i] })),
                     (Str){ plain, lengths[i] }));

    Str whole = sealed_text(ctx, (Str){ plain, 3 * SEALED_PIECE });
    Str head = str_sub(whole, 0, SEALED_HEAD), one = str_sub(whole, SEALED_HEAD, SEALED_ROOM),
        two = str_sub(whole, SEALED_HEAD + SEALED_ROOM, SEALED_ROOM),
        rest = str_from_at(whole, SEALED_HEAD + 2 * SEALED_ROOM);
    Str none = S("");
    const Str changed[][4] = {
        { head, two, one, rest },    { head, one, rest, none },  { head, one, two, none },
        { head, one, one, two },     { head, none, none, none }, { none, none, none, none },
        { whole, rest, none, none },
    };
    for (size_t i = 0; i < COUNT(changed); i++) {
        Buf bytes = { .arena = ctx->arena };
        for (size_t part = 0; part < 4; part++)
            buf_put(&bytes, changed[i][part]);
        CHECK_STR(opened_text(ctx, buf_str(&bytes)), "broken");
    }
}

static void test_rows_pack_and_unpack(void)
{
    Ctx *ctx = test_ctx();
    Arg values[] = { arg_int(0),
                     arg_int(-1),
                     arg_int(INT64_MIN),
                     arg_int(INT64_MAX),
                     arg_text(S("")),
                     arg_text(S("a\0b")),
                     arg_bytes((Bytes){ S("\xFF\0") }),
                     { .type = ARG_NULL } };
    Arg back[COUNT(values)];
    Buf out = { .arena = ctx->arena };
    row_pack(&out, values, COUNT(values));
    CHECK(row_unpack(buf_str(&out), back, COUNT(values)));
    for (size_t i = 0; i < COUNT(values); i++)
        CHECK(back[i].type == values[i].type && back[i].number == values[i].number &&
              str_eq(back[i].text, values[i].text));
    for (size_t len = 0; len < out.len; len++)
        CHECK(!row_unpack(str_sub(buf_str(&out), 0, len), back, COUNT(values)));
    CHECK(!row_unpack(buf_str(&out), back, COUNT(values) - 1));
}

static void test_copies_of_the_file(void)
{
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    fill_house(ctx);
    Str path = house_path(ctx, &house, "copy.db");
    if (db_engine(ctx->tenant->db) != ENGINE_SQLITE) {
        CHECK_FAILS(ctx, "copy.engine", db_copy_file(ctx, ctx->tenant->db, path));
    } else {
        CHECK_OK(ctx, db_copy_file(ctx, ctx->tenant->db, path));
        CHECK(str_starts(read_bytes(ctx, path), S("SQLite format 3")));
        CHECK_FAILS(ctx, "copy.exists", db_copy_file(ctx, ctx->tenant->db, path));
    }
    house_close(&house);
}

const Test backup_tests[] = {
    { "pieces of an encrypted file stay where they are", test_pieces_stay_where_they_are },
    { "rows pack and unpack", test_rows_pack_and_unpack },
    { "a company goes there and back unchanged", test_there_and_back },
    { "changed files are refused and change nothing", test_changed_files_are_refused },
    { "a SQLite file is copied while it is used", test_copies_of_the_file },
    { 0 },
};
