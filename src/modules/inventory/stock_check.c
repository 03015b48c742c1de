// stock_check.c - what `entrepot verify` recomputes about stock: levels from the moves, what can be
// promised from levels and reservations, the pieces with numbers that a level is, each chain of
// values from its beginning, and that the books say the same.
#include "modules/inventory/document.h"

#include "kernel/i18n.h"
#include "kernel/verify.h"

enum { FINDINGS_MAX = 100 };  // of one check

// ---- Levels -------------------------------------------------------------------------------------

// Moves and levels as one heap, levels below zero: what is left over is wrong.
static Status check_levels(Ctx *ctx, VerifyRun *run)
{
    Str sku, code;
    Qty off;
    Query query = SQL("WITH heap AS (SELECT variant_id, to_id AS place_id, to_status AS status,"
                      " COALESCE(lot_id, 0) AS lot_id, COALESCE(owner_id, 0) AS owner_id, quantity"
                      " FROM stock_move UNION ALL SELECT variant_id, from_id, from_status,"
                      " COALESCE(lot_id, 0), COALESCE(owner_id, 0), -quantity FROM stock_move"
                      " UNION ALL SELECT variant_id, place_id, status, lot_id, owner_id, -on_hand"
                      " FROM stock_level)"
                      " SELECT v.sku, p.place_code, CAST(sum(h.quantity) AS BIGINT) FROM heap h"
                      " JOIN variant v ON v.id = h.variant_id JOIN place p ON p.id = h.place_id"
                      " WHERE p.kind NOT IN ('supplier', 'customer', 'production', 'loss')"
                      " GROUP BY h.variant_id, v.sku, h.place_id, p.place_code, h.status, h.lot_id,"
                      " h.owner_id HAVING sum(h.quantity) <> 0 ORDER BY v.sku LIMIT $1",
                      FINDINGS_MAX);
    Rows *rows = db_query(ctx, query);
    while (rows_next(rows, &sku, &code, &off))
        verify_found(ctx, run, "inventory.levels",
                     STR_FMT " at " STR_FMT ": moves and level differ by " STR_FMT, STR_ARG(sku),
                     STR_ARG(code), STR_ARG(decimal_short(ctx->arena, off.micro, 6)));
    return rows_end(rows);
}

// What stands in a warehouse is told by the tree, from the top down.
static Status check_available(Ctx *ctx, VerifyRun *run)
{
    Str sku, code;
    Qty free, reserved;
    Query query = SQL(
        "WITH RECURSIVE inside (id, warehouse_id) AS (SELECT id, id FROM place"
        " WHERE kind IN ('warehouse', 'shop', 'factory') UNION ALL"
        " SELECT p.id, i.warehouse_id FROM place p JOIN inside i ON p.above_id = i.id),"
        " heap AS (SELECT s.variant_id, i.warehouse_id, s.on_hand AS free, 0 AS reserved"
        " FROM stock_level s JOIN inside i ON i.id = s.place_id"
        " WHERE s.status = 'free' AND s.owner_id = 0 UNION ALL"
        " SELECT variant_id, warehouse_id, 0, quantity FROM reservation UNION ALL"
        " SELECT variant_id, warehouse_id, -free, -reserved FROM stock_available)"
        " SELECT v.sku, p.place_code, CAST(sum(h.free) AS BIGINT), CAST(sum(h.reserved) AS BIGINT)"
        " FROM heap h JOIN variant v ON v.id = h.variant_id JOIN place p ON p.id = h.warehouse_id"
        " GROUP BY h.variant_id, v.sku, h.warehouse_id, p.place_code"
        " HAVING sum(h.free) <> 0 OR sum(h.reserved) <> 0 ORDER BY v.sku LIMIT $1",
        FINDINGS_MAX);
    Rows *rows = db_query(ctx, query);
    while (rows_next(rows, &sku, &code, &free, &reserved))
        verify_found(ctx, run, "inventory.available",
                     STR_FMT " in " STR_FMT ": free is off by " STR_FMT ", reserved by " STR_FMT,
                     STR_ARG(sku), STR_ARG(code), STR_ARG(decimal_short(ctx->arena, free.micro, 6)),
                     STR_ARG(decimal_short(ctx->arena, reserved.micro, 6)));
    return rows_end(rows);
}

// In each of our places there are as many numbers as pieces, by status and lot.
static Status check_serials(Ctx *ctx, VerifyRun *run)
{
    Str sku, code;
    Qty pieces;
    int64_t numbers;
    Query query =
        SQL("WITH heap AS (SELECT s.variant_id, s.place_id, s.status, s.lot_id,"
            " s.on_hand AS pieces, 0 AS numbers FROM stock_level s"
            " JOIN variant v ON v.id = s.variant_id JOIN product p ON p.id = v.product_id"
            " WHERE p.has_serials = 1 UNION ALL"
            " SELECT variant_id, place_id, status, COALESCE(lot_id, 0), 0, 1 FROM serial"
            " WHERE state = 'in_stock')"
            " SELECT v.sku, COALESCE(p.place_code, ''), CAST(sum(h.pieces) AS BIGINT),"
            " CAST(sum(h.numbers) AS BIGINT) FROM heap h JOIN variant v ON v.id = h.variant_id"
            " LEFT JOIN place p ON p.id = h.place_id"
            " GROUP BY h.variant_id, v.sku, h.place_id, p.place_code, h.status, h.lot_id"
            " HAVING sum(h.pieces) <> sum(h.numbers) * 1000000 ORDER BY v.sku LIMIT $1",
            FINDINGS_MAX);
    Rows *rows = db_query(ctx, query);
    while (rows_next(rows, &sku, &code, &pieces, &numbers))
        verify_found(ctx, run, "inventory.serials",
                     STR_FMT " at " STR_FMT ": a level of " STR_FMT
                             " and %lld serial numbers that stand there",
                     STR_ARG(sku), STR_ARG(code),
                     STR_ARG(decimal_short(ctx->arena, pieces.micro, 6)), (long long)numbers);
    return rows_end(rows);
}

// ---- Chains -------------------------------------------------------------------------------------

typedef LIST(ChainKey) ChainKeyList;

static Status some_chains(Ctx *ctx, ChainKey after, ChainKeyList *ret)
{
    ChainKey key;
    Rows *rows = db_query(ctx, SQL("SELECT variant_id, warehouse_id FROM stock_cost"
                                   " WHERE (variant_id, warehouse_id) > ($1, $2)"
                                   " ORDER BY variant_id, warehouse_id LIMIT 200",
                                   after.variant, after.warehouse));
    while (rows_next(rows, &key.variant, &key.warehouse))
        *list_push(ctx->arena, ret) = key;
    return rows_end(rows);
}

static Status check_chain(Ctx *ctx, VerifyRun *run, ChainKey key)
{
    StockCost stored, again;
    int64_t wrong;
    TRY(chain_cost(ctx, key, &stored));
    TRY(chain_recompute(ctx, key, &again, &wrong));
    bool is_same = stored.quantity.micro == again.quantity.micro &&
                   stored.amount.minor == again.amount.minor && stored.rest == again.rest &&
                   stored.method == again.method;
    if (wrong == 0 && is_same)
        return OK;
    Str sku;
    TRY(db_one(ctx, SQL("SELECT sku FROM variant WHERE id = $1", key.variant), &sku));
    verify_found(ctx, run, "inventory.chains",
                 STR_FMT
                 ": worked through again, %lld moves are worth something else; it is " STR_FMT
                 " and should be " STR_FMT,
                 STR_ARG(sku), (long long)wrong,
                 STR_ARG(money_text(ctx->arena, stored.amount, ctx->tenant->base)),
                 STR_ARG(money_text(ctx->arena, again.amount, ctx->tenant->base)));
    return OK;
}

static Status check_chains(Ctx *ctx, VerifyRun *run)
{
    ChainKey after = { 0 };
    for (;;) {
        ArenaMark mark = arena_mark(ctx->arena);
        ChainKeyList keys = { 0 };
        TRY(some_chains(ctx, after, &keys));
        if (keys.len == 0)
            return OK;
        EACH (key, keys)
            TRY(check_chain(ctx, run, *key));
        after = keys.items[keys.len - 1];
        arena_rewind(ctx->arena, mark);
    }
}

// Months add up to where the chain stands, and so do the layers of FIFO and LIFO, and the levels.
static Status check_sums(Ctx *ctx, VerifyRun *run)
{
    Str sku, what;
    Query query =
        SQL("WITH RECURSIVE inside (id, warehouse_id) AS (SELECT id, id FROM place"
            " WHERE kind IN ('warehouse', 'shop', 'factory', 'transit') UNION ALL"
            " SELECT p.id, i.warehouse_id FROM place p JOIN inside i ON p.above_id = i.id),"
            " heap AS (SELECT 'months' AS what, variant_id, warehouse_id, quantity, amount, rest"
            " FROM stock_month UNION ALL"
            " SELECT 'months', variant_id, warehouse_id, -quantity, -amount, -rest FROM stock_cost"
            " UNION ALL"
            " SELECT 'layers', variant_id, warehouse_id, quantity, amount, rest FROM cost_layer"
            " UNION ALL"
            " SELECT 'layers', variant_id, warehouse_id, -quantity, -amount, -rest FROM stock_cost"
            " WHERE method IN ('fifo', 'lifo') OR quantity < 0 UNION ALL"
            " SELECT 'levels', s.variant_id, i.warehouse_id, s.on_hand, 0, 0 FROM stock_level s"
            " JOIN inside i ON i.id = s.place_id WHERE s.owner_id = 0 UNION ALL"
            " SELECT 'levels', variant_id, warehouse_id, -quantity, 0, 0 FROM stock_cost)"
            " SELECT v.sku, h.what FROM heap h JOIN variant v ON v.id = h.variant_id"
            " GROUP BY h.what, h.variant_id, v.sku, h.warehouse_id"
            " HAVING sum(h.quantity) <> 0 OR sum(h.amount) <> 0 OR sum(h.rest) <> 0"
            " ORDER BY v.sku, h.what LIMIT $1",
            FINDINGS_MAX);
    Rows *rows = db_query(ctx, query);
    while (rows_next(rows, &sku, &what))
        verify_found(ctx, run, "inventory.sums",
                     STR_FMT ": its " STR_FMT " do not add up to its worth", STR_ARG(sku),
                     STR_ARG(what));
    return rows_end(rows);
}

// ---- Books --------------------------------------------------------------------------------------

static Status check_books(Ctx *ctx, VerifyRun *run)
{
    Money stock, books;
    TRY(db_one(ctx, SQL("SELECT CAST(COALESCE(sum(amount), 0) AS BIGINT) FROM stock_cost"),
               &stock));
    TRY(db_one(ctx,
               SQL("SELECT CAST(COALESCE(sum(l.base), 0) AS BIGINT) FROM journal_line l"
                   " JOIN account a ON a.id = l.account_id WHERE a.special = 'stock'"),
               &books));
    if (stock.minor != books.minor)
        verify_found(ctx, run, "inventory.books",
                     "stock is worth " STR_FMT ", the books say " STR_FMT,
                     STR_ARG(money_text(ctx->arena, stock, ctx->tenant->base)),
                     STR_ARG(money_text(ctx->arena, books, ctx->tenant->base)));
    return OK;
}

const VerifyCheck stock_checks[] = {
    { "inventory.levels", TEXT("stock levels are the sums of their moves"), check_levels },
    { "inventory.available", TEXT("what can be promised follows from levels and reservations"),
      check_available },
    { "inventory.serials", TEXT("a level is as many pieces as serial numbers stand there"),
      check_serials },
    { "inventory.chains", TEXT("values worked through again come out the same"), check_chains },
    { "inventory.sums", TEXT("months, layers and levels add up to where each value stands"),
      check_sums },
    { "inventory.books", TEXT("the books say what stock is worth"), check_books },
    { 0 },
};
