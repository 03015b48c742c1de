// order_bench.c - placing orders over HTTP: two lines, priced, taxed, reserved, with audit, event
// and idempotency rows, each answered when it is on disk; by 1, 8 and 32 clients, in a process of
// their own. An order is one request that writes and places it (POST /orders?then=place), as shops
// and marketplaces send it; or two with a commit each, as people do it: write it, then place it.
//
// The floor: the very rows of such orders, written through the engine's C interface in groups as
// large as ours were (floor/rows.h). Jobs that follow an order (mails) do not run meanwhile.
//
//     order-bench [two]                        SQLite, in a temporary folder (TMPDIR)
//     tests/postgres.sh order-bench [two]      PostgreSQL
//     order-bench N [two]                      only N orders by one client, for perf and callgrind
#include "floor/rows.h"
#include "frame.h"
#include "load.h"
#include "stand.h"

#include "kernel/db/copy.h"
#include "kernel/db/stats.h"
#include "kernel/tenant/backup.h"

#include <fcntl.h>
#include <unistd.h>

enum {
    STOCK = 100000000,
    RECORDED = 3000,
    WARM = 200,
    TURNS = 5,
    TURN_US = 800000,
    FLOOR_ORDERS = 190,  // a turn; 3 x TURNS x FLOOR_ORDERS are recorded
};

// ---- An order over HTTP -------------------------------------------------------------------------

static int requests = 1;  // an order

static LoadSpec order_script(Ctx *ctx, const Shop *shop, const Served *served, int clients)
{
    Arena *arena = ctx->arena;
    LoadSpec spec = { .port = served->port, .clients = clients, .us = TURN_US };
    Str json = S("Content-Type: application/json\r\nAccept: application/json\r\n");
    Str body = str_format(
        arena,
        "{\"channel\":\"" STR_FMT "\",\"customer\":\"" STR_FMT
        "\",\"currency\":\"GBP\",\"reference\":\"PO $N\",\"lines\":["
        "{\"variant\":\"" STR_FMT "\",\"quantity\":\"2\",\"price\":\"10\"},"
        "{\"variant\":\"" STR_FMT "\",\"quantity\":\"1\",\"price\":\"20\"}]}",
        STR_ARG(id_text(arena, shop->wholesale)), STR_ARG(id_text(arena, shop->on_account)),
        STR_ARG(id_text(arena, shop->variants[0])), STR_ARG(id_text(arena, shop->variants[1])));
    load_step(&spec, 201, S("POST"),
              requests == 1 ? S("/api/v1/oms/orders?then=place") : S("/api/v1/oms/orders"),
              served->token, str_join(arena, json, S("Idempotency-Key: order-$N\r\n")), body);
    if (requests == 1)
        return spec;
    load_step(&spec, 200, S("POST"), S("/api/v1/oms/orders/$ID/place"), served->token,
              str_join(arena, json, S("Idempotency-Key: place-$N\r\n")), S("{}"));
    return spec;
}

// ---- What is recorded, and from where the floor starts ------------------------------------------

typedef struct Before {
    Str folder, file;  // SQLite: the company before its first order
    DbPlace place;     // where the floor writes: the file itself, or a schema made of it
} Before;

// The same company on PostgreSQL: through a backup, which both engines read.
static void restore_on_postgres(Ctx *ctx, const Before *before)
{
    Id id;
    BackupReport report;
    Str backup = str_join(ctx->arena, before->folder, S("/backup"));
    CHECK_OK(ctx, backup_make(ctx, backup, &report));
    CHECK_OK(ctx, backup_restore(ctx, backup,
                                 &(TenantSpec){ .code = S("floor"), .place = before->place },
                                 &report, &id));
    unlink(backup.ptr);
}

static Before keep_before(Ctx *ctx, bool is_postgres)
{
    static Arena arena;
    Before before = { .folder = str_format(&arena, "%s/order-bench-XXXXXX",
                                           getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp") };
    if (!mkdtemp((char *)before.folder.ptr))
        test_fail(__FILE__, __LINE__, "no temporary folder");
    before.file = str_join(&arena, before.folder, S("/floor.db"));
    before.place = (DbPlace){ .engine = ENGINE_SQLITE, .file = before.file };
    CHECK_OK(ctx, db_copy_file(ctx, ctx->tenant->db, before.file));
    if (!is_postgres)
        return before;
    before.place = (DbPlace){ .engine = ENGINE_POSTGRES,
                              .conninfo = str_from(getenv("TEST_PG")),
                              .schema = S("floor") };
    restore_on_postgres(ctx, &before);
    return before;
}

// On SQLite in any case, whose rows can be watched.
static Before record_orders(bool is_postgres)
{
    Ctx *ctx = test_ctx();
    Shop shop;
    Served served;
    unsetenv("TEST_ENGINE");
    shop_open(ctx, &shop, STOCK, 0);
    served_open(ctx, &served);
    Before before = keep_before(ctx, is_postgres);
    LoadSpec spec = order_script(ctx, &shop, &served, 1);
    spec.actions = RECORDED;
    rows_record(true);
    load_run(&spec);
    rows_record(false);
    served_close(&served);
    shop_close(&shop);
    if (is_postgres)
        setenv("TEST_ENGINE", "postgres", 1);
    return before;
}

static void forget_before(const Before *before)
{
    static const char *const endings[] = { "", "-wal", "-shm" };
    char path[4096];
    for (size_t i = 0; i < COUNT(endings); i++) {
        snprintf(path, sizeof path, STR_FMT "%s", STR_ARG(before->file), endings[i]);
        unlink(path);
    }
    rmdir(before->folder.ptr);
}

// ---- Turns --------------------------------------------------------------------------------------

// Of all processes of the database server, where there is one.
static double server_cpu_us(void)
{
    static int postmaster;
    const char *folder = getenv("TEST_PG_DATA");
    if (!fixture_is_postgres() || !folder)
        return 0;
    if (!postmaster) {
        char path[4096];
        snprintf(path, sizeof path, "%s/postmaster.pid", folder);
        FILE *file = fopen(path, "re");
        if (!file || fscanf(file, "%d", &postmaster) != 1)
            test_fail(__FILE__, __LINE__, "%s cannot be read", path);
        fclose(file);
    }
    return children_cpu_us(postmaster);
}

typedef struct Turn {
    double per_s, cpu_us, group, mean_us, p99_us, worst_us;
} Turn;

static Turn turn_ours(const LoadSpec *spec)
{
    DbStats before = db_stats();
    Spent start = spent_now();
    double server = server_cpu_us();
    LoadDone done = load_run(spec);
    DbStats after = db_stats();
    double orders = (double)done.actions;
    return (Turn){ .per_s = orders * 1e6 / done.us,
                   .cpu_us = (spent_since(start).cpu_us + server_cpu_us() - server) / orders,
                   .group = (double)(after.members - before.members) /
                            (double)(after.groups - before.groups),
                   .mean_us = done.mean_us,
                   .p99_us = done.p99_us,
                   .worst_us = done.worst_us };
}

// A request is a member of a lane: in two of them, a group of k holds the rows of k / 2 orders.
static Turn turn_floor(RowsFloor *floor, double group)
{
    int orders = group < 1.5 * requests ? 1 : (int)(group / requests + 0.5);
    Spent start = spent_now();
    double server = server_cpu_us();
    double done = rows_floor_write(floor, orders, FLOOR_ORDERS);
    Spent spent = spent_since(start);
    return (Turn){ .per_s = done * 1e6 / spent.wall_us,
                   .cpu_us = (spent.cpu_us + server_cpu_us() - server) / done };
}

// ---- The table ----------------------------------------------------------------------------------

typedef struct Turns {
    Series ours_s, ours_cpu, group, mean, p99, worst, floor_s, floor_cpu, ratio, beyond;
} Turns;

static void take_turn(Turns *all, const LoadSpec *spec, RowsFloor *floor)
{
    Turn ours = turn_ours(spec), raw = turn_floor(floor, ours.group);
    series_add(&all->ours_s, ours.per_s);
    series_add(&all->ours_cpu, ours.cpu_us);
    series_add(&all->group, ours.group);
    series_add(&all->mean, ours.mean_us);
    series_add(&all->p99, ours.p99_us);
    series_add(&all->worst, ours.worst_us);
    series_add(&all->floor_s, raw.per_s);
    series_add(&all->floor_cpu, raw.cpu_us);
    series_add(&all->ratio, ours.per_s / raw.per_s);
    series_add(&all->beyond, ours.cpu_us - raw.cpu_us);
}

static void print_turns(Turns *all, int clients)
{
    printf("%-8d %9.0f %9.0f %6.0f%% %9.0f %9.0f %9.0f %7.1f %9.0f %9.0f %9.0f\n", clients,
           series_median(&all->floor_s), series_median(&all->ours_s),
           100 * series_median(&all->ratio), series_median(&all->floor_cpu),
           series_median(&all->ours_cpu), series_median(&all->beyond), series_median(&all->group),
           series_median(&all->mean), series_median(&all->p99), series_part(&all->worst, 1000));
    fflush(stdout);
}

static void compare(Ctx *ctx, const Shop *shop, const Served *served, RowsFloor *floor, int clients)
{
    Turns all = { 0 };
    LoadSpec spec = order_script(ctx, shop, served, clients);
    for (int i = 0; i < TURNS; i++)
        take_turn(&all, &spec, floor);
    print_turns(&all, clients);
}

static void place_some(Ctx *ctx, const Shop *shop, const Served *served, int64_t count)
{
    LoadSpec spec = order_script(ctx, shop, served, 1);
    spec.actions = count;
    load_run(&spec);
}

// How long a small write takes to reach the disk where the databases are.
static double sync_us(Str folder)
{
    char path[4096], bytes[4096] = "";
    Series series = { 0 };
    snprintf(path, sizeof path, STR_FMT "/sync", STR_ARG(folder));
    int fd = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    for (int i = 0; i < 100; i++) {
        Spent start = spent_now();
        if (write(fd, bytes, sizeof bytes) < 0 || fdatasync(fd) != 0)
            test_fail(__FILE__, __LINE__, "%s cannot be written", path);
        series_add(&series, spent_since(start).wall_us);
    }
    close(fd);
    unlink(path);
    double us = series_median(&series);
    series_release(&series);
    return us;
}

static void measure_all(void)
{
    static const int client_counts[] = { 1, 8, 32 };
    bool is_postgres = fixture_is_postgres();
    Shop shop;
    Served served;
    rows_watch("/acme.db");
    Before before = record_orders(is_postgres);
    RowsFloor *floor = rows_floor_open(&before.place, before.file.ptr, "sales_order");
    Ctx *ctx = test_ctx();
    shop_open(ctx, &shop, STOCK, 0);
    served_open(ctx, &served);
    place_some(ctx, &shop, &served, WARM);
    printf(
        "orders of two lines in %d request%s on %s, %.1f rows written each; writing 4 KB to disk "
        "takes %.0f us\n",
        requests, requests == 1 ? "" : "s", is_postgres ? "PostgreSQL" : "SQLite",
        rows_floor_rows(floor), sync_us(before.folder));
    printf("%-8s %9s %9s %7s %9s %9s %9s %7s %9s %9s %9s\n", "clients", "floor/s", "ours/s",
           "ratio", "floor cpu", "ours cpu", "beyond", "group", "mean us", "p99 us", "worst us");
    for (size_t i = 0; i < COUNT(client_counts); i++)
        compare(ctx, &shop, &served, floor, client_counts[i]);
    rows_floor_close(floor);
    served_close(&served);
    shop_close(&shop);
    forget_before(&before);
}

static void place_only(int64_t count)
{
    Ctx *ctx = test_ctx();
    Shop shop;
    Served served;
    shop_open(ctx, &shop, STOCK, 0);
    served_open(ctx, &served);
    place_some(ctx, &shop, &served, WARM);
    Spent start = spent_now();
    place_some(ctx, &shop, &served, count);
    printf("%lld orders, %.0f us CPU each\n", (long long)count,
           spent_since(start).cpu_us / (double)count);
    served_close(&served);
    shop_close(&shop);
}

int main(int argc, char **argv)
{
    int64_t count = 0;
    load_start();
    setenv("ENTREPOT_HTTP_RATE_PER_MINUTE", "1000000", 1);
    if (argc > 1 && strcmp(argv[argc - 1], "two") == 0)
        requests = 2;
    if (argc > 1 && str_int(str_from(argv[1]), &count))
        place_only(count);
    else
        measure_all();
    load_stop();
    return 0;
}
