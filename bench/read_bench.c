// read_bench.c - what it costs to read through the entity layer, against the same columns by a
// prepared statement of SQLite's own: one record, twenty of a list; and the order list page of
// fifty rows over HTTP, against floor/page.c.
//
//     read-bench                the table (SQLite)
//     read-bench N [ORDERS]     only N pages by four clients, for perf and callgrind
#include "floor/page.h"
#include "frame.h"
#include "load.h"
#include "stand.h"

#include "kernel/ask.h"
#include "kernel/entity/query.h"
#include "kernel/entity/record.h"

#include <sqlite3.h>

enum { ORDERS = 5000, PIECE = 20, REPEATS = 2000, TURNS = 9, CLIENTS = 4, TURN_US = 700000 };

typedef struct Reads {
    Ctx *ctx;
    Shop shop;
    Served served;
    Id account, order;
    EntityQuery query;
    sqlite3 *file;
    sqlite3_stmt *one, *header, *lines, *charges, *list;
    int64_t seen;  // so that nothing read is thrown away unseen
} Reads;

// ---- What is read -------------------------------------------------------------------------------

static Status place_some(Ctx *ctx, void *arg)
{
    Reads *reads = arg;
    SalesOrder order;
    Basket basket = { .pieces = { 2, 1 },
                      .channel = reads->shop.wholesale,
                      .customer = reads->shop.on_account };
    for (int i = 0; i < PIECE; i++)
        TRY(shop_order(ctx, &reads->shop, &basket, &order));
    reads->order = order.record.id;
    return account_find(ctx, "account_code", S("4100"), &reads->account);
}

static sqlite3_stmt *prepare(Reads *reads, const char *sql)
{
    sqlite3_stmt *stmt;
    if (sqlite3_prepare_v2(reads->file, sql, -1, &stmt, NULL) != SQLITE_OK)
        test_fail(__FILE__, __LINE__, "%s", sqlite3_errmsg(reads->file));
    return stmt;
}

static void open_floor(Reads *reads)
{
    const char *file = str_c(reads->ctx->arena, db_place(reads->ctx->tenant->db)->file);
    if (sqlite3_open_v2(file, &reads->file, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_exec(reads->file, "PRAGMA mmap_size = 268435456; BEGIN", NULL, NULL, NULL) !=
            SQLITE_OK)
        test_fail(__FILE__, __LINE__, "%s", sqlite3_errmsg(reads->file));
    reads->one = prepare(reads, "SELECT * FROM account WHERE id = ?1");
    reads->header = prepare(reads, "SELECT * FROM sales_order WHERE id = ?1");
    reads->lines = prepare(reads, "SELECT * FROM sales_line WHERE sales_order_id = ?1"
                                  " ORDER BY position");
    reads->charges = prepare(reads, "SELECT * FROM sales_charge WHERE sales_order_id = ?1"
                                    " ORDER BY position");
    reads->list =
        prepare(reads, "SELECT o.id, o.version, o.number, o.order_date, p.name, c.name, o.headline,"
                       " o.payment, o.promised_on, o.total, o.currency FROM sales_order o"
                       " JOIN party p ON p.id = o.customer_id JOIN channel c ON c.id = o.channel_id"
                       " WHERE o.archived = 0 ORDER BY o.order_date DESC, o.number DESC, o.id DESC"
                       " LIMIT 21");
}

static void close_floor(Reads *reads)
{
    sqlite3_stmt *all[] = { reads->one, reads->header, reads->lines, reads->charges, reads->list };
    for (size_t i = 0; i < COUNT(all); i++)
        sqlite3_finalize(all[i]);
    sqlite3_close(reads->file);
}

static void open_reads(Reads *reads, int64_t orders)
{
    Ctx *ctx = reads->ctx = test_ctx();
    shop_open(ctx, &reads->shop, 10000000, 0);
    for (int64_t i = 0; i < orders / PIECE; i++) {
        ArenaMark mark = arena_mark(ctx->arena);
        CHECK_OK(ctx, tenant_transact(ctx, place_some, reads));
        arena_rewind(ctx->arena, mark);
    }
    served_open(ctx, &reads->served);
}

static void close_reads(Reads *reads)
{
    served_close(&reads->served);
    shop_close(&reads->shop);
}

// ---- The floor ----------------------------------------------------------------------------------

static void raw(Reads *reads, sqlite3_stmt *stmt, Id id)
{
    if (id)
        sqlite3_bind_int64(stmt, 1, id);
    while (sqlite3_step(stmt) == SQLITE_ROW)
        for (int i = 0; i < sqlite3_column_count(stmt); i++)
            reads->seen += sqlite3_column_type(stmt, i) == SQLITE_TEXT
                             ? sqlite3_column_text(stmt, i)[0]
                             : sqlite3_column_int64(stmt, i);
    sqlite3_reset(stmt);
}

static void raw_one(void *arg)
{
    Reads *reads = arg;
    raw(reads, reads->one, reads->account);
}

static void raw_order(void *arg)
{
    Reads *reads = arg;
    raw(reads, reads->header, reads->order);
    raw(reads, reads->lines, reads->order);
    raw(reads, reads->charges, reads->order);
}

static void raw_list(void *arg)
{
    Reads *reads = arg;
    raw(reads, reads->list, 0);
}

// ---- Ours ---------------------------------------------------------------------------------------

static void our_one(void *arg)
{
    Reads *reads = arg;
    ArenaMark mark = arena_mark(reads->ctx->arena);
    Account account;
    CHECK_OK(reads->ctx, account_load(reads->ctx, reads->account, &account));
    reads->seen += account.record.version;
    arena_rewind(reads->ctx->arena, mark);
}

static void our_order(void *arg)
{
    Reads *reads = arg;
    ArenaMark mark = arena_mark(reads->ctx->arena);
    SalesOrder order;
    CHECK_OK(reads->ctx, sales_order_load(reads->ctx, reads->order, &order));
    reads->seen += (int64_t)order.lines.len;
    arena_rewind(reads->ctx->arena, mark);
}

static void our_list(void *arg)
{
    Reads *reads = arg;
    ArenaMark mark = arena_mark(reads->ctx->arena);
    EntityRows rows;
    CHECK_OK(reads->ctx, entity_query(reads->ctx, &reads->query, &rows));
    reads->seen += (int64_t)rows.rows.len;
    arena_rewind(reads->ctx->arena, mark);
}

// In one read transaction, as a request has it.
static Status measure_reads(Ctx *ctx, void *arg)
{
    Reads *reads = arg;
    const Work works[] = {
        { "an account by its id, us CPU", "2x", raw_one, our_one, reads, REPEATS, TURNS, 0 },
        { "an order with its two lines, us CPU", "2x", raw_order, our_order, reads, REPEATS, TURNS,
          0 },
        { "twenty orders of a list, us CPU", "1.5x", raw_list, our_list, reads, REPEATS / 10, TURNS,
          0 },
    };
    entity_query_default(ctx, &sales_order_entity, &reads->query);
    reads->query.limit = 20;
    for (size_t i = 0; i < COUNT(works); i++)
        frame_measure(&works[i]);
    return OK;
}

// ---- The page -----------------------------------------------------------------------------------

static const char list_page[] = "/admin/oms/orders?limit=50";

static LoadSpec page_script(const Reads *reads, int port)
{
    LoadSpec spec = { .port = port, .clients = CLIENTS, .us = TURN_US };
    load_step(&spec, 200, S("GET"), str_from(list_page), reads->served.token, S(""), S(""));
    return spec;
}

static double page_us(const LoadSpec *spec)
{
    Spent start = spent_now();
    LoadDone done = load_run(spec);
    return spent_since(start).cpu_us / (double)done.actions;
}

static size_t page_bytes(Reads *reads)
{
    Answered page = ask(reads->ctx, &(Asking){ .method = "GET",
                                               .target = str_from(list_page),
                                               .token = reads->served.token,
                                               .tenant = S("acme") });
    CHECK_INT(page.status, 200);
    return page.body.len;
}

static void measure_pages(Reads *reads)
{
    Series ours = { 0 }, floors = { 0 };
    size_t bytes = page_bytes(reads);
    PageFloor *floor =
        page_floor_start(str_c(reads->ctx->arena, db_place(reads->ctx->tenant->db)->file), bytes);
    LoadSpec our_spec = page_script(reads, reads->served.port);
    LoadSpec floor_spec = page_script(reads, page_floor_port(floor));
    for (int i = 0; i < TURNS; i++) {
        series_add(&floors, page_us(&floor_spec));
        series_add(&ours, page_us(&our_spec));
    }
    double raw_us = series_median(&floors), our_us = series_median(&ours);
    frame_row(&(Figure){ "the order list page, 50 rows, us CPU", "100 us", raw_us, our_us });
    frame_row(
        &(Figure){ "  pages a second of one core", "10,000; 50 %", 1e6 / raw_us, 1e6 / our_us });
    printf("the page has %zu bytes\n", bytes);
    page_floor_stop(floor);
}

static void only_pages(int64_t count, int64_t orders)
{
    Reads reads = { 0 };
    open_reads(&reads, orders);
    LoadSpec spec = page_script(&reads, reads.served.port);
    spec.actions = count;
    Spent start = spent_now();
    load_run(&spec);
    printf("%lld pages, %.0f us CPU each\n", (long long)count,
           spent_since(start).cpu_us / (double)count);
    close_reads(&reads);
}

static void measure_all(void)
{
    Reads reads = { 0 };
    open_reads(&reads, ORDERS);
    open_floor(&reads);
    frame_head("reading, SQLite");
    CHECK_OK(reads.ctx, tenant_read(reads.ctx, measure_reads, &reads));
    measure_pages(&reads);
    close_floor(&reads);
    close_reads(&reads);
}

int main(int argc, char **argv)
{
    int64_t count = 0, orders = ORDERS;
    load_start();
    setenv("ENTREPOT_HTTP_RATE_PER_MINUTE", "1000000", 1);
    if (argc > 2 && !str_int(str_from(argv[2]), &orders))
        return 2;
    if (argc > 1 && str_int(str_from(argv[1]), &count))
        only_pages(count, orders);
    else
        measure_all();
    load_stop();
    return 0;
}
