// test_personal.c - a piece made as its customer says: what a product asks for, what is refused,
// and that the words come through bag, order and papers as they were.
#include "modules/stall.h"

#include "base/json.h"
#include "gen/catalog.gen.h"
#include "kernel/pdf_reader.h"
#include "modules/oms/offer.h"

static Status ask_for_words(Ctx *ctx, void *arg)
{
    const Stall *stall = arg;
    Product product;
    VariantFacts facts;
    TRY(variant_facts(ctx, stall->shop.variants[0], &facts));
    TRY(product_load(ctx, facts.product, &product));
    *list_push(ctx->arena, &product.wishes) =
        (ProductWish){ .label = S("Name on it"), .letters_max = 8, .is_needed = true };
    *list_push(ctx->arena, &product.wishes) = (ProductWish){ .label = S("Box"),
                                                             .kind = WISH_KIND_PICK,
                                                             .letters_max = 30,
                                                             .choices = S("Plain\nWith a ribbon"),
                                                             .price_add = { 2 * (int64_t)MICRO } };
    product.wishes.items[0].kind = WISH_KIND_TEXT;
    return product_save(ctx, &product);
}

static void open_workshop(Ctx *ctx, Stall *stall)
{
    stall_open(ctx, stall, 5);
    CHECK_OK(ctx, shop_try(ctx, ask_for_words, stall));
}

static void test_refused(void)
{
    static const struct {
        const char *name, *form, *says;
    } rows[] = {
        { "nothing said", "product=cup-1", "say what shall be put on it" },
        { "only blanks", "product=cup-1&t0=++", "say what shall be put on it" },
        { "one letter too many", "product=cup-1&t0=Nora+Aas1", "at most 8 characters" },
        { "not of the list", "product=cup-1&t0=Nora&t1=Gold", "choose one of the list" },
    };
    Ctx *ctx = test_ctx();
    Stall stall;
    open_workshop(ctx, &stall);
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].name;
        Answered page = stall_post(ctx, &stall, "/shop/main/cart/add", rows[i].form);
        CHECK_INT(page.status, 422);
        CHECK(has_text(page.body, rows[i].says));
        CHECK(has_text(page.body, "<title>Error: "));
    }
    test_row = NULL;
    Str again =
        stall_post(ctx, &stall, "/shop/main/cart/add", "product=cup-1&t0=%3Cb%3E&t1=x").body;
    CHECK(has_text(again, "value=\"&lt;b&gt;\""));
    CHECK_INT(stall_count(ctx, "SELECT count(*) FROM cart_line"), 0);
    stall_close(&stall);
}

static void test_in_the_bag(void)
{
    Ctx *ctx = test_ctx();
    Stall stall;
    open_workshop(ctx, &stall);
    CHECK(has_text(stall_get(ctx, &stall, "/shop/main/p/cup-1").body, "+£2.00"));
    stall_post(ctx, &stall, "/shop/main/cart/add", "product=cup-1&t0=Nora&t1=With+a+ribbon");
    stall_post(ctx, &stall, "/shop/main/cart/add", "product=cup-1&t0=Nora&t1=With+a+ribbon");
    stall_post(ctx, &stall, "/shop/main/cart/add", "product=cup-1&t0=Ola");
    Str bag = stall_get(ctx, &stall, "/shop/main/cart").body;
    CHECK(has_text(bag, "Name on it: Nora; Box: With a ribbon") && has_text(bag, "£24.00"));
    CHECK(has_text(bag, "Name on it: Ola") && has_text(bag, "£34.00"));
    CHECK_INT(stall_count(ctx, "SELECT count(*) FROM cart_line"), 2);
    CHECK_INT(stall_count(ctx, "SELECT CAST(sum(reserved) AS BIGINT) / 1000000"
                               " FROM stock_available"),
              3);
    // Three pieces each share the five that there are.
    for (int i = 0; i < 2; i++)
        stall_post(ctx, &stall, "/shop/main/cart/add", "product=cup-1&t0=Ola");
    stall_post(ctx, &stall, "/shop/main/cart/add", "product=cup-1&t0=Nora&t1=With+a+ribbon");
    CHECK(has_text(stall_get(ctx, &stall, "/shop/main/cart").body, "Only 5 of these can be had"));
    // Without script a choice is an address, which keeps the words.
    Answered shown =
        stall_post(ctx, &stall, "/shop/main/cart/add", "product=cup-1&t0=A%26b&show=1");
    CHECK(has_text(shown.location, "&t0=A%26b"));
    CHECK(has_text(stall_get(ctx, &stall, shown.location.ptr).body, "value=\"A&amp;b\""));
    stall_close(&stall);
}

typedef struct Papers {
    Id order;
    Str wishes, slip, picks;
    Stall *stall;
} Papers;

static Status make_papers(Ctx *ctx, void *arg)
{
    Papers *papers = arg;
    SalesOrder order;
    Delivery delivery;
    IdList deliveries;
    TRY(db_one(ctx, SQL("SELECT id FROM sales_order"), &papers->order));
    TRY(sales_order_load(ctx, papers->order, &order));
    papers->wishes = order.lines.items[0].wishes;
    CHECK_INT(order.lines.items[0].price.micro, 12 * (int64_t)MICRO);
    TRY(shop_pay(ctx, &papers->stall->shop, &order, order.totals.total.minor));
    TRY(order_paid(ctx, papers->order));
    TRY(shop_deliver(ctx, papers->order, tenant_today(ctx), &deliveries));
    TRY(delivery_load(ctx, deliveries.items[0], &delivery));
    TRY(print_packing_slip(ctx, &delivery, &papers->slip));
    return print_delivery_picks(ctx, &delivery, &papers->picks);
}

static void test_on_the_papers(void)
{
    NEEDS("pdftotext");
    Ctx *ctx = test_ctx();
    Stall stall;
    open_workshop(ctx, &stall);
    stall_post(ctx, &stall, "/shop/main/cart/add", "product=cup-1&t0=Nora&t1=With+a+ribbon");
    Str form = str_format(ctx->arena,
                          "email=nora%%40example.com&name=Nora+Aas&street=1+High+Street&city=Leeds"
                          "&postcode=LS1+1AA&country=GB&goods=1200&method=" STR_FMT,
                          STR_ARG(id_text(ctx->arena, stall.shop.bank)));
    Answered placed = stall_post(ctx, &stall, "/shop/main/checkout", form.ptr);
    CHECK_INT(placed.status, 303);
    CHECK(has_text(stall_get(ctx, &stall, placed.location.ptr).body,
                   "Name on it: Nora; Box: With a ribbon"));
    // What the product asks for afterwards changes nothing of what was ordered.
    Papers papers = { .stall = &stall };
    CHECK_OK(ctx, shop_try(ctx, make_papers, &papers));
    CHECK_STR(papers.wishes, "Name on it: Nora; Box: With a ribbon");
    CHECK_HOLDS(page_text(paper_save(ctx, papers.slip), 1), "Name on it: Nora");
    CHECK_HOLDS(page_text(paper_save(ctx, papers.picks), 1), "Box: With a ribbon");
    shop_verify(ctx);
    stall_close(&stall);
}

const Test personal_tests[] = {
    { "a product says what is missing of what it asks for", test_refused },
    { "two pieces made differently are two lines that share one stock", test_in_the_bag },
    { "what was asked for stands on the order and on its papers", test_on_the_papers },
    { 0 },
};
