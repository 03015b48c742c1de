// test_matrix.c - size by colour, from the outside: a product's options typed in a line each, its
// variants ticked and priced in a table, and an order's lines typed into the same table.
#include "harness.h"

#include "kernel/entity/access.h"
#include "web/desk.h"

typedef struct Loom {
    Desk desk;
    Id product, list, draft;
    Str target;  // the product's table
} Loom;

static int64_t number_of(Ctx *ctx, const char *sql)
{
    return fixture_number(ctx, ctx->tenant->db, sql);
}

static Status make_tee(Ctx *ctx, void *arg)
{
    Loom *loom = arg;
    Id variant;
    const Shop *shop = &loom->desk.shop;
    OrderSpec spec = { .channel = shop->web, .customer = shop->customer };
    SalesOrder order;
    TRY(product_create_simple(
        ctx,
        &(SimpleProduct){
            .sku = S("TEE"), .name = S("Tee"), .unit = shop->room.pieces, .is_stocked = true },
        &loom->product, &variant));
    TRY(db_one(ctx, SQL("SELECT id FROM price_list"), &loom->list));
    *list_push(ctx->arena, &spec.lines) =
        (OrderLineSpec){ .variant = shop->variants[0], .quantity = pieces(1) };
    TRY(order_create(ctx, &spec, &order));
    loom->draft = order.record.id;
    return OK;
}

static void loom_open(Ctx *ctx, Loom *loom)
{
    desk_open(ctx, &loom->desk);
    CHECK_OK(ctx, shop_try(ctx, make_tee, loom));
    loom->target = str_format(ctx->arena, "/admin/catalog/products/~" STR_FMT "/matrix",
                              STR_ARG(id_text(ctx->arena, loom->product)));
}

static const char options[] = "do=options&options[0].id=&options[0].name=Colour"
                              "&options[0].values=Black%3DBLK,+Navy+blue&options[1].id="
                              "&options[1].name=Size&options[1].values=39,+40";

static Str id_of(Ctx *ctx, const char *sql)
{
    return id_text(ctx->arena, number_of(ctx, sql));
}

// The four cells, as the page sends them: black 39 was there, the next `ticked` - 1 come new.
typedef struct Typed {
    const char *price, *was, *all;
    int ticked;
} Typed;

static Str cells(Ctx *ctx, const Loom *loom, Typed typed)
{
    Str black = id_of(ctx, "SELECT id FROM option_value WHERE value_code = 'BLK'");
    Str navy = id_of(ctx, "SELECT id FROM option_value WHERE value_code = 'NAVY'");
    Str small = id_of(ctx, "SELECT id FROM option_value WHERE value_code = '39'");
    Str large = id_of(ctx, "SELECT id FROM option_value WHERE value_code = '40'");
    Str pairs[][2] = { { black, small }, { black, large }, { navy, small }, { navy, large } };
    Buf out = { .arena = ctx->arena };
    buf_printf(&out, "do=variants&list=" STR_FMT "&all=%s",
               STR_ARG(id_text(ctx->arena, loom->list)), typed.all);
    for (int i = 0; i < 4; i++) {
        buf_printf(&out, "&cells[%d].at=" STR_FMT "-" STR_FMT "&cells[%d].was_on=%s", i,
                   STR_ARG(pairs[i][0]), STR_ARG(pairs[i][1]), i, i ? "" : "1");
        buf_printf(&out, "&cells[%d].on=%s&cells[%d].value=%s&cells[%d].was=%s", i,
                   i < typed.ticked ? "1" : "", i, i ? "" : typed.price, i, i ? "" : typed.was);
    }
    return buf_str(&out);
}

static const char active[] = "SELECT count(*) FROM variant v JOIN product p ON p.id = v.product_id"
                             " WHERE p.sku = 'TEE' AND v.is_active = 1";
static const char prices[] = "SELECT CAST(COALESCE(sum(l.price), 0) AS BIGINT) FROM list_price l"
                             " JOIN variant v ON v.id = l.variant_id"
                             " JOIN product p ON p.id = v.product_id WHERE p.sku = 'TEE'";

static int post_cells(Ctx *ctx, const Loom *loom, Typed typed)
{
    return desk_post(ctx, &loom->desk, loom->target, cells(ctx, loom, typed).ptr).status;
}

static void test_product(void)
{
    Ctx *ctx = test_ctx();
    Loom loom = { 0 };
    loom_open(ctx, &loom);
    CHECK(!answer_has(desk_get(ctx, &loom.desk, loom.target), "data-sheet"));
    CHECK_INT(desk_post(ctx, &loom.desk, loom.target, "do=options").status, 422);
    CHECK_INT(desk_post(ctx, &loom.desk, loom.target, options).status, 303);
    CHECK_INT(number_of(ctx, "SELECT count(*) FROM variant_choices c JOIN variant v"
                             " ON v.id = c.owner_id WHERE v.sku = 'TEE'"),
              2);  // what was there is of the first values
    Answered page = desk_get(ctx, &loom.desk, loom.target);
    CHECK(answer_has(page, "Colour × Size") && answer_has(page, "Sold: Navy blue, 40"));
    CHECK_INT(post_cells(ctx, &loom, (Typed){ "cheap", "", "", 2 }), 422);
    CHECK_INT(number_of(ctx, active), 1);
    CHECK_INT(post_cells(ctx, &loom, (Typed){ "9.50", "", "12", 3 }), 303);
    CHECK_INT(number_of(ctx, active), 3);
    CHECK_INT(number_of(ctx, prices), 33500000);
    CHECK(answer_has(desk_get(ctx, &loom.desk, loom.target), "TEE-NAVY-39"));
    CHECK_INT(post_cells(ctx, &loom, (Typed){ "", "9.50", "", 0 }), 303);
    CHECK_INT(number_of(ctx, active), 2);
    CHECK_INT(number_of(ctx, prices), 24000000);
    loom.desk.token = ask_token(ctx, "viewer@example.com", "Viewer");
    CHECK_INT(desk_get(ctx, &loom.desk, loom.target).status, 403);
    CHECK_INT(desk_post(ctx, &loom.desk, loom.target, options).status, 403);
    desk_close(&loom.desk);
}

// ---- An order -----------------------------------------------------------------------------------

static Str quantity(Ctx *ctx, const Loom *loom, const char *value, const char *was)
{
    Id variant = number_of(ctx, "SELECT id FROM variant WHERE sku = 'TEE'");
    return str_format(
        ctx->arena, "product=" STR_FMT "&cells[0].at=" STR_FMT "&cells[0].value=%s&cells[0].was=%s",
        STR_ARG(id_text(ctx->arena, loom->product)), STR_ARG(id_text(ctx->arena, variant)), value,
        was);
}

static void test_order(void)
{
    static const struct {
        const char *name, *value, *was;
        int status;
        int64_t lines, pieces;
    } rows[] = {
        { "a word is no quantity", "some", "", 422, 1, 1 },
        { "less than nothing is none either", "-2", "", 422, 1, 1 },
        { "a quantity makes a line", "6", "", 303, 2, 7 },
        { "another one changes it", "4", "6", 303, 2, 5 },
        { "what was not typed stays", "4", "4", 303, 2, 5 },
        { "nothing takes it out", "", "4", 303, 1, 1 },
    };
    Ctx *ctx = test_ctx();
    Loom loom = { 0 };
    loom_open(ctx, &loom);
    CHECK_INT(desk_post(ctx, &loom.desk, loom.target, options).status, 303);
    CHECK_INT(post_cells(ctx, &loom, (Typed){ "9.50", "", "", 1 }), 303);
    Str draft = id_text(ctx->arena, loom.draft);
    Str target = str_format(ctx->arena, "/admin/oms/orders/~" STR_FMT "/matrix", STR_ARG(draft));
    CHECK(answer_has(desk_get(ctx, &loom.desk, str_join(ctx->arena, target, S("?q=TEE"))),
                     "Colour × Size"));
    CHECK(answer_has(desk_get(ctx, &loom.desk, str_join(ctx->arena, target, S("?q=P-1"))),
                     "it has no options to combine"));
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].name;
        Str fields = quantity(ctx, &loom, rows[i].value, rows[i].was);
        CHECK_INT(desk_post(ctx, &loom.desk, target, fields.ptr).status, rows[i].status);
        Str sql = str_format(ctx->arena,
                             "SELECT count(*) * 1000 + CAST(sum(quantity) / 1000000 AS BIGINT)"
                             " FROM sales_line WHERE sales_order_id = %lld",
                             (long long)loom.draft);
        CHECK_INT(number_of(ctx, sql.ptr), rows[i].lines * 1000 + rows[i].pieces);
    }
    test_row = NULL;
    CHECK_INT(desk_get(ctx, &loom.desk, desk_order(ctx, &loom.desk, "/matrix")).status, 409);
    CHECK_INT(desk_post(ctx, &loom.desk, desk_order(ctx, &loom.desk, "/matrix"), "").status, 409);
    desk_close(&loom.desk);
}

const Test matrix_tests[] = {
    { "options are typed in a line each, variants ticked and priced in a table", test_product },
    { "lines of an order are typed where two headings meet", test_order },
    { 0 },
};
