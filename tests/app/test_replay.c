// test_replay.c - a small file with every oddity of the large one becomes a company whose books say
// what the file says; told twice, nothing happens twice; what is no sales file is refused.
#include "app/replay/replay.h"
#include "harness.h"
#include "kernel/house.h"
#include "kernel/verify.h"

#include <unistd.h>

static const char heading[] =
    "invoice_no,stock_code,description,quantity,invoice_date,unit_price_gbp,customer_id,country\n";

static const char story[] =
    "1001,85123A,HEART,6,2010-12-01 08:26:00,2.55,17850,United Kingdom\n"
    "1001,71053,LANTERN,2,2010-12-01 08:26:00,3.39,17850,United Kingdom\n"
    "1001,POST,POSTAGE,1,2010-12-01 08:26:00,18.00,17850,United Kingdom\n"
    "1002,71053,LANTERN,12,2010-12-01 09:00:00,3.39,12583,France\n"
    "1003,71053,LANTERN,1,2010-12-01 09:30:00,7.62,,EIRE\n"                // nobody's name
    "1001,85123a,HEART,1,2010-12-01 08:26:00,2.95,17850,United Kingdom\n"  // apart from its others
    "1004,22139,,55,2010-12-02 10:00:00,0.0,,United Kingdom\n"             // found
    "1005,22139,damaged,-5,2010-12-02 10:05:00,0.0,,United Kingdom\n"      // written off
    "1006,71053,LANTERN,3,2010-12-02 11:00:00,3.39,12583,France\n"
    "1006,22139,RETRO PHONE,1,2010-12-02 11:00:00,0.0,12583,France\n"  // given away
    "C1007,71053,LANTERN,-14,2010-12-03 08:00:00,3.39,12583,France\n"  // of two sales
    "C1007,85123A,HEART,-2,2010-12-03 08:00:00,2.55,12583,France\n"    // never sold to them
    "C1008,AMAZONFEE,AMAZON FEE,-1,2010-12-03 09:00:00,135.33,,United Kingdom\n"
    "C1009,D,Discount,-1,2010-12-07 09:00:00,5.50,17850,United Kingdom\n"
    "1010,PADS,PADS,1,2010-12-07 10:00:00,0.001,17850,United Kingdom\n"
    "1010,M,Manual,1,2010-12-07 10:00:00,4.00,17850,United Kingdom\n"
    "1011,71053,LANTERN,many,2010-12-07 10:00:00,3.39,17850,United Kingdom\n"  // unreadable
    "1012,71053,LANTERN,1,yesterday,3.39,17850,United Kingdom\n";              // unreadable

// By hand: 15.30 + 6.78 + 18.00 + 2.95; 40.68; 7.62; 10.17; -47.46 - 5.10; -5.50; 4.00.
static const char figures[] = "month,2010-12,47.44\n"
                              "country,United Kingdom,41.53\n"
                              "country,France,-1.71\n"
                              "country,EIRE,7.62\n"
                              "product,85123A,13.15\n"
                              "product,71053,17.79\n"
                              "product,POST,18.00\n"
                              "product,D,-5.50\n"
                              "product,M,4.00\n"
                              "product,PADS,0.00\n"
                              "total,all,47.44\n";

static const char *write_file(Ctx *ctx, const House *house, const char *name, Str bytes)
{
    Str path = str_format(ctx->arena, STR_FMT "/%s", STR_ARG(house->folder), name);
    FILE *file = fopen(path.ptr, "we");
    CHECK(file && fwrite(bytes.ptr, 1, bytes.len, file) == bytes.len);
    if (file)
        fclose(file);
    return path.ptr;
}

static const char *refusals(Ctx *ctx, const House *house)
{
    return str_format(ctx->arena, STR_FMT "/refused.csv", STR_ARG(house->folder)).ptr;
}

static void print_finding(const char *check, Str sentence, void *arg)
{
    (void)arg;
    test_fail(__FILE__, __LINE__, "%s: " STR_FMT, check, STR_ARG(sentence));
}

typedef struct Counts {
    int64_t orders, invoices, credits, returns, moves, in_inspection;
} Counts;

static Status count(Ctx *ctx, void *arg)
{
    Counts *n = arg;
    TRY(db_one(ctx, SQL("SELECT count(*) FROM sales_order"), &n->orders));
    TRY(db_one(ctx, SQL("SELECT count(*) FROM invoice WHERE kind = 'invoice'"), &n->invoices));
    TRY(db_one(ctx, SQL("SELECT count(*) FROM invoice WHERE kind = 'credit_note'"), &n->credits));
    TRY(db_one(ctx, SQL("SELECT count(*) FROM rma WHERE state = 'settled'"), &n->returns));
    TRY(db_one(ctx,
               SQL("SELECT CAST(coalesce(sum(on_hand), 0) AS BIGINT) FROM stock_level"
                   " WHERE status = 'qc'"),
               &n->in_inspection));
    return db_one(ctx, SQL("SELECT count(*) FROM stock_move"), &n->moves);
}

static Counts tell(Ctx *ctx, const House *house, const char *path)
{
    Counts counts = { 0 };
    Replay replay = { .tenant = house->tenant->code, .threads = 3 };
    CHECK_OK(ctx, retail_read(ctx, path, refusals(ctx, house), &replay.retail));
    CHECK_INT(replay.retail.refused, 2);
    retail_match(&replay.retail);
    CHECK_OK(ctx, replay_run(ctx, &replay));
    CHECK_OK(ctx, tenant_read(ctx, count, &counts));
    return counts;
}

static void test_small_story(void)
{
    Ctx *ctx = test_ctx();
    House house;
    int64_t compared, different;
    VerifyRun run = { .report = print_finding };
    house_open(ctx, &house);
    const char *file =
        write_file(ctx, &house, "sales.csv", str_format(ctx->arena, "%s%s", heading, story));
    const char *wanted = write_file(ctx, &house, "figures.csv", str_from(figures));
    Counts once = tell(ctx, &house, file);
    CHECK_INT(once.orders, 5);
    CHECK_INT(once.invoices, 5);
    CHECK_INT(once.returns, 2);
    CHECK_INT(once.credits, 4);  // of two orders, and two without reference
    CHECK_INT(once.in_inspection, 2 * MICRO);
    CHECK_OK(ctx, replay_compare(ctx, wanted, &compared, &different));
    CHECK_INT(compared, 11);
    CHECK_INT(different, 0);
    CHECK_OK(ctx, verify_run(ctx, &run));

    Counts twice = tell(ctx, &house, file);
    CHECK(memcmp(&once, &twice, sizeof once) == 0);
    house_close(&house);
}

static void test_other_files_are_refused(void)
{
    enum { ROWS = 60 };
    Ctx *ctx = test_ctx();
    House house;
    Retail retail;
    Buf bad = { .arena = ctx->arena };
    house_open(ctx, &house);
    buf_c(&bad, heading);
    for (int i = 0; i < ROWS; i++)
        buf_c(&bad, "1,2,3,4,5,6,7,8\n");
    const char *none = refusals(ctx, &house);
    CHECK_FAILS(ctx, "replay.refused",
                retail_read(ctx, write_file(ctx, &house, "bad.csv", buf_str(&bad)), none, &retail));
    CHECK_FAILS(
        ctx, "replay.columns",
        retail_read(ctx, write_file(ctx, &house, "other.csv", S("a,b\n1,2\n")), none, &retail));
    CHECK_FAILS(ctx, "replay.file", retail_read(ctx, "/nowhere.csv", none, &retail));
    house_close(&house);
}

const Test replay_tests[] = {
    { "a small story of every oddity", test_small_story },
    { "other files are refused", test_other_files_are_refused },
    { 0 },
};
