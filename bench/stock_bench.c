// stock_bench.c - a receipt that is entered late: booked before 10,000 later moves of the same
// item, all of which are checked and valued again in its transaction.
//
//     stock-bench [moves]
#include "frame.h"
#include "stand.h"

enum { MOVES = 10000, PIECE = 100, LATE = 9 };

typedef struct Item {
    Stockroom room;
    Id variant;
    Date first;
    int64_t from, until;  // moves to make
} Item;

static Status make_item(Ctx *ctx, void *arg)
{
    Item *item = arg;
    MoveDone done;
    item->variant = room_variant(ctx, &item->room);
    return room_receive(ctx, &item->room, item->variant, item->room.bin, 1000000, 500, item->first,
                        &done);
}

// Goods in and out by turns, on days after the first.
static Status make_moves(Ctx *ctx, void *arg)
{
    Item *item = arg;
    MoveDone done;
    for (int64_t i = item->from; i < item->until; i++) {
        Date on = item->first + 2 + (Date)(i * 100 / MOVES);
        if (i % 2)
            TRY(room_issue(ctx, &item->room, item->variant, item->room.bin, 3, on, &done));
        else
            TRY(room_receive(ctx, &item->room, item->variant, item->room.bin, 3, 400 + i % 200, on,
                             &done));
    }
    return OK;
}

static Status receive_late(Ctx *ctx, void *arg)
{
    Item *item = arg;
    MoveDone done;
    return room_receive(ctx, &item->room, item->variant, item->room.bin, 10, 700, item->first + 1,
                        &done);
}

int main(int argc, char **argv)
{
    int64_t moves = MOVES;
    if (argc > 1 && !str_int(str_from(argv[1]), &moves))
        return 2;
    Ctx *ctx = test_ctx();
    Item item = { 0 };
    Series cpu = { 0 }, wall = { 0 };
    stockroom_open(ctx, NULL, &item.room);
    item.first = tenant_today(ctx) - 150;
    CHECK_OK(ctx, tenant_transact(ctx, make_item, &item));
    Spent start = spent_now();
    for (; item.from < moves; item.from = item.until) {
        ArenaMark mark = arena_mark(ctx->arena);
        item.until = item.from + PIECE < moves ? item.from + PIECE : moves;
        CHECK_OK(ctx, tenant_transact(ctx, make_moves, &item));
        arena_rewind(ctx->arena, mark);
    }
    double each = spent_since(start).cpu_us / (double)moves;
    for (int i = 0; i < LATE; i++) {
        ArenaMark mark = arena_mark(ctx->arena);
        start = spent_now();
        CHECK_OK(ctx, tenant_transact(ctx, receive_late, &item));
        Spent spent = spent_since(start);
        series_add(&cpu, spent.cpu_us / 1e3);
        series_add(&wall, spent.wall_us / 1e3);
        arena_rewind(ctx->arena, mark);
    }
    frame_head(fixture_is_postgres() ? "stock, PostgreSQL" : "stock, SQLite");
    frame_row(&(Figure){ "a move, us CPU", NULL, 0, each });
    frame_row(&(Figure){ "a receipt before 10,000 later moves, ms CPU", "50 ms", 0,
                         series_median(&cpu) });
    frame_row(
        &(Figure){ "  the same, ms on the clock with its commit", NULL, 0, series_median(&wall) });
    stockroom_close(&item.room);
    return 0;
}
