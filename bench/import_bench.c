// import_bench.c - 100,000 products from a CSV file: read, checked, numbered, written with their
// variants, audit rows and queued for the search, in batches that commit. The floor: the very rows
// of the first products, written raw in batches as large (floor/rows.h).
//
//     import-bench [products]
#include "floor/rows.h"
#include "frame.h"
#include "stand.h"

#include "kernel/db/copy.h"
#include "kernel/files.h"
#include "kernel/transfer.h"

enum { PRODUCTS = 100000, RECORDED = 4000 };

static Str csv_of(Ctx *ctx, int64_t first, int64_t count)
{
    static const char *const kinds[] = { "Sandal", "Mule", "Boot", "Loafer", "Trainer" };
    static const char *const colours[] = { "black", "brown", "red", "navy", "sand", "olive" };
    Buf out = { .arena = ctx->arena };
    buf_put(&out, S("sku,name,unit,kind,summary,weight_g\n"));
    for (int64_t i = first; i < first + count; i++)
        buf_printf(&out, "SKU-%06lld,%s %s no. %lld,pcs,goods,\"Made in lot %lld, %s\",%lld\n",
                   (long long)i, kinds[i % COUNT(kinds)], colours[i % COUNT(colours)], (long long)i,
                   (long long)(i / 100), colours[i % COUNT(colours)], (long long)(200 + i % 900));
    return buf_str(&out);
}

typedef struct Upload {
    FilePart part;
    Id run;
} Upload;

static Status begin(Ctx *ctx, void *arg)
{
    Upload *upload = arg;
    ImportSpec spec = { .entity = &product_entity };
    TRY(file_add(ctx, &upload->part, &spec.file));
    return import_start(ctx, &spec, &upload->run);
}

static Spent import(Ctx *ctx, Str csv, int64_t count)
{
    Upload upload = { 0 };
    ImportRun done;
    Spent start = spent_now();
    CHECK_OK(ctx, file_write(ctx, S("products.csv"), csv, false, &upload.part));
    CHECK_OK(ctx, tenant_transact(ctx, begin, &upload));
    CHECK_OK(ctx, import_run_all(ctx, upload.run, NULL, &done));
    CHECK_INT(done.rows_done, count);
    return spent_since(start);
}

static double floor_cpu_us(Str file)
{
    DbPlace place = { .engine = ENGINE_SQLITE, .file = file };
    RowsFloor *floor = rows_floor_open(&place, file.ptr, "product");
    Spent start = spent_now();
    double done = rows_floor_write(floor, IMPORT_BATCH, RECORDED);
    double us = spent_since(start).cpu_us / done;
    printf("%.1f rows written a product\n", rows_floor_rows(floor));
    rows_floor_close(floor);
    return us;
}

int main(int argc, char **argv)
{
    int64_t count = PRODUCTS;
    if (argc > 1 && !str_int(str_from(argv[1]), &count))
        return 2;
    rows_watch("/acme.db");
    Ctx *ctx = test_ctx();
    Stockroom room;
    stockroom_open(ctx, NULL, &room);
    Str file = str_join(ctx->arena, room.house.folder, S("/floor.db"));
    CHECK_OK(ctx, db_copy_file(ctx, ctx->tenant->db, file));
    rows_record(true);
    import(ctx, csv_of(ctx, 0, RECORDED), RECORDED);
    rows_record(false);
    double floor = floor_cpu_us(file);
    Spent spent = import(ctx, csv_of(ctx, RECORDED, count), count);
    frame_head("products from CSV, SQLite");
    frame_row(&(Figure){ "a product, us CPU", NULL, floor, spent.cpu_us / (double)count });
    frame_row(
        &(Figure){ "all of them, s CPU", "6 s", floor * (double)count / 1e6, spent.cpu_us / 1e6 });
    frame_row(&(Figure){ "  the same, s on the clock", NULL, 0, spent.wall_us / 1e6 });
    stockroom_close(&room);
    return 0;
}
