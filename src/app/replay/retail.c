// retail.c - reads the file and says what each line is in business. Nothing here knows the
// database.
//
// The file's oddities are business, not errors; only what cannot be read at all is refused.
#include "app/replay/retail.h"

#include "base/utf8.h"

#include <errno.h>
#include <zlib.h>

enum { PIECE = 64 * 1024, COLUMNS = 8, QUANTITY_MAX = 1000000 };
enum { INVOICE, CODE, DESCRIPTION, QUANTITY, AT, PRICE, CUSTOMER, COUNTRY };

static const char *const headings[COLUMNS] = { "invoice_no",  "stock_code",   "description",
                                               "quantity",    "invoice_date", "unit_price_gbp",
                                               "customer_id", "country" };

// ---- Words of the file --------------------------------------------------------------------------

Str retail_country(Str name)
{
    static const char *const codes[][2] = {
        { "Australia", "AU" },       { "Austria", "AT" },     { "Bahrain", "BH" },
        { "Belgium", "BE" },         { "Brazil", "BR" },      { "Canada", "CA" },
        { "Channel Islands", "JE" }, { "Cyprus", "CY" },      { "Czech Republic", "CZ" },
        { "Denmark", "DK" },         { "EIRE", "IE" },        { "European Community", "EU" },
        { "Finland", "FI" },         { "France", "FR" },      { "Germany", "DE" },
        { "Greece", "GR" },          { "Hong Kong", "HK" },   { "Iceland", "IS" },
        { "Israel", "IL" },          { "Italy", "IT" },       { "Japan", "JP" },
        { "Lebanon", "LB" },         { "Lithuania", "LT" },   { "Malta", "MT" },
        { "Netherlands", "NL" },     { "Norway", "NO" },      { "Poland", "PL" },
        { "Portugal", "PT" },        { "RSA", "ZA" },         { "Saudi Arabia", "SA" },
        { "Singapore", "SG" },       { "Spain", "ES" },       { "Sweden", "SE" },
        { "Switzerland", "CH" },     { "USA", "US" },         { "United Arab Emirates", "AE" },
        { "United Kingdom", "GB" },  { "Unspecified", "ZZ" },
    };
    for (size_t i = 0; i < COUNT(codes); i++)
        if (str_is(name, codes[i][0]))
            return str_from(codes[i][1]);
    return S("");
}

static bool is_among(Str word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_is(word, list[i]))
            return true;
    return false;
}

static bool is_expense(Str sku)
{
    static const char *const codes[] = { "AMAZONFEE", "BANK CHARGES" };
    return is_among(sku, codes, COUNT(codes));
}

static bool is_service(Str sku)
{
    static const char *const codes[] = { "POST", "DOT", "C2", "M", "S", "D", "CRUK" };
    return is_among(sku, codes, COUNT(codes)) || str_starts(sku, S("GIFT_"));
}

// ---- Rows ---------------------------------------------------------------------------------------

typedef struct Fields {
    int64_t quantity, price;
    Time at;
    Date on;
    Str sku, country;
} Fields;

static Time read_time(Str text, Date *ret_on)
{
    Clock clock;
    const Zone *zone = zone_find(S("Europe/London"));
    if (!date_parse(str_sub(text, 0, 10), ret_on) || !clock_parse(str_sub(text, 11, 5), &clock))
        return 0;
    return zone_time(zone, *ret_on, clock - 1);
}

// Why the row cannot be read; NULL when it can.
static const char *read_fields(Arena *arena, const StrList *cells, Fields *ret)
{
    if (cells->len != COLUMNS)
        return "not eight cells";
    for (size_t i = 0; i < COLUMNS; i++)
        if (!utf8_valid(cells->items[i]))
            return "not UTF-8";
    if (!cells->items[INVOICE].len || !str_trim(cells->items[CODE]).len)
        return "no invoice or no product";
    if (!str_int(cells->items[QUANTITY], &ret->quantity) || ret->quantity == 0 ||
        ret->quantity > QUANTITY_MAX || ret->quantity < -QUANTITY_MAX)
        return "no quantity";
    if (!decimal_parse(cells->items[PRICE], 6, &ret->price))
        return "no price";
    ret->at = read_time(cells->items[AT], &ret->on);
    if (!ret->at)
        return "no time";
    ret->country = retail_country(str_trim(cells->items[COUNTRY]));
    if (!ret->country.len)
        return "an unknown country";
    ret->sku = str_upper_ascii(arena, str_trim(cells->items[CODE]));
    return NULL;
}

static RetailProduct *product_of(Retail *retail, const Fields *fields, Str name)
{
    enum { NAME_MAX_ = 200, CENT = 10000 };
    RetailProduct *product = map_get(&retail->products, fields->sku);
    if (!product) {
        product = NEW(retail->arena, RetailProduct);
        product->sku = fields->sku;
        product->is_service = is_service(fields->sku);
        map_put(&retail->products, fields->sku, product);
    }
    if (!product->name.len && fields->price > 0 && str_trim(name).len)
        product->name = str_copy(retail->arena, utf8_cut(str_trim(name), NAME_MAX_));
    if (!product->cost.micro && fields->price > 0)
        product->cost.micro = fields->price * 3 / 5 / CENT * CENT;
    return product;
}

static RetailCustomer *customer_of(Retail *retail, Str number, Str country)
{
    Str key = number.len ? number : str_join(retail->arena, S("cash "), country);
    RetailCustomer *customer = map_get(&retail->customers, key);
    if (customer)
        return customer;
    customer = NEW(retail->arena, RetailCustomer);
    customer->number = str_copy(retail->arena, number);
    customer->country = country;
    map_put(&retail->customers, str_copy(retail->arena, key), customer);
    return customer;
}

// The rows of an invoice need not stand together.
static RetailInvoice *invoice_of(Retail *retail, const StrList *cells, const Fields *fields)
{
    Str number = cells->items[INVOICE];
    RetailInvoice *invoice = map_get(&retail->numbers, number);
    if (invoice)
        return invoice;
    invoice = NEW(retail->arena, RetailInvoice);
    *invoice = (RetailInvoice){ .number = str_copy(retail->arena, number),
                                .is_cancellation = str_starts(number, S("C")),
                                .at = fields->at,
                                .on = fields->on,
                                .country = fields->country };
    invoice->customer = customer_of(retail, str_trim(cells->items[CUSTOMER]), fields->country);
    map_put(&retail->numbers, invoice->number, invoice);
    *list_push(retail->arena, &retail->invoices) = invoice;
    return invoice;
}

static LineClass class_of(const RetailInvoice *invoice, const Fields *fields)
{
    if (is_expense(fields->sku))
        return LINE_EXPENSE;
    if (fields->price <= 0 || (fields->quantity < 0 && !invoice->is_cancellation))
        return LINE_STOCK;
    return is_service(fields->sku) ? LINE_SERVICE : LINE_GOODS;
}

static void take_row(Retail *retail, const StrList *cells, const Fields *fields)
{
    RetailInvoice *invoice = invoice_of(retail, cells, fields);
    RetailLine *line = list_push(retail->arena, &invoice->lines);
    *line = (RetailLine){ .class = class_of(invoice, fields),
                          .product = product_of(retail, fields, cells->items[DESCRIPTION]),
                          .quantity = fields->quantity,
                          .price = { fields->price } };
    if (line->class == LINE_GOODS || line->class == LINE_SERVICE)
        line->at = invoice->sold_lines++;
    if (line->class == LINE_GOODS && !invoice->is_cancellation)
        line->left = line->quantity;
}

static void refuse(Retail *retail, int64_t line, const StrList *cells, const char *why)
{
    Buf out = { .arena = retail->arena };
    EACH (cell, *cells)
        csv_put(&out, *cell, cell == cells->items);
    csv_put(&out, str_format(retail->arena, "%lld", (long long)line), cells->len == 0);
    csv_put(&out, str_from(why), false);
    csv_end_row(&out);
    fwrite(out.ptr, 1, out.len, retail->refusals);
    retail->refused++;
}

// ---- The file -----------------------------------------------------------------------------------

typedef struct Source {
    gzFile file;
    FILE *refusals;
} Source;

static void close_source(void *arg)
{
    Source *source = arg;
    if (source->file)
        gzclose(source->file);
    if (source->refusals)
        fclose(source->refusals);
}

static Status check_headings(Ctx *ctx, const StrList *cells)
{
    for (size_t i = 0; i < COLUMNS; i++)
        if (i >= cells->len || !str_is(cells->items[i], headings[i]))
            return FAIL(ctx, E_INVALID, "replay.columns", "column %zu should be '%s'", i + 1,
                        headings[i]);
    return OK;
}

static void take_cells(Retail *retail, const CsvReader *csv, CsvResult result, const StrList *cells,
                       const char *why)
{
    Fields fields;
    const char *bad = result == CSV_BAD ? why : read_fields(retail->arena, cells, &fields);
    retail->rows++;
    if (bad)
        refuse(retail, csv_line(csv), result == CSV_BAD ? &(StrList){ 0 } : cells, bad);
    else
        take_row(retail, cells, &fields);
}

static Status read_rows(Ctx *ctx, const Source *source, Retail *retail)
{
    CsvReader *csv = csv_reader(ctx->arena, ',');
    char *piece = arena_alloc(ctx->arena, PIECE);
    bool has_headings = false;
    for (;;) {
        StrList cells = { 0 };
        const char *why = NULL;
        CsvResult result = csv_next(csv, &cells, &why);
        if (result == CSV_END)
            return OK;
        if (result == CSV_MORE) {
            int n = gzread(source->file, piece, PIECE);
            if (n < 0)
                return FAIL(ctx, E_INVALID, "replay.file", "the file is damaged");
            if (n == 0)
                csv_finish(csv);
            else
                csv_feed(csv, (Str){ piece, (size_t)n });
        } else if (!has_headings) {
            TRY(check_headings(ctx, &cells));
            has_headings = true;
        } else {
            take_cells(retail, csv, result, &cells, why);
        }
    }
}

Status retail_read(Ctx *ctx, const char *path, const char *refused_path, Retail *ret)
{
    Source *source = NEW(ctx->arena, Source);
    arena_defer(ctx->arena, close_source, source);
    *ret = (Retail){ .arena = ctx->arena,
                     .numbers = { .arena = ctx->arena },
                     .products = { .arena = ctx->arena },
                     .customers = { .arena = ctx->arena } };
    source->file = gzopen(path, "rbe");
    if (!source->file)
        return FAIL(ctx, E_NOT_FOUND, "replay.file", "%s cannot be read: %s", path,
                    strerror(errno));
    source->refusals = fopen(refused_path, "we");
    if (!source->refusals)
        return FAIL(ctx, E_INVALID, "replay.file", "%s cannot be written: %s", refused_path,
                    strerror(errno));
    ret->refusals = source->refusals;
    TRY(read_rows(ctx, source, ret));
    fflush(ret->refusals);
    if (ret->refused > REFUSED_MAX)
        return FAIL(ctx, E_INVALID, "replay.refused",
                    "%lld rows cannot be read and at most %d may be so: %s has them",
                    (long long)ret->refused, REFUSED_MAX, refused_path);
    return OK;
}

// ---- What takes back what -----------------------------------------------------------------------

typedef struct Sale {
    RetailInvoice *invoice;
    RetailLine *line;
} Sale;
typedef LIST(Sale) SaleList;

// Who does not give a name cannot be said to bring anything back.
static Str sale_key(Arena *arena, const RetailInvoice *invoice, const RetailLine *line)
{
    return str_format(arena, STR_FMT "|" STR_FMT "|" STR_FMT "|%lld",
                      STR_ARG(invoice->customer->number), STR_ARG(invoice->country),
                      STR_ARG(line->product->sku), (long long)line->price.micro);
}

static void remember_sales(Arena *arena, Map *sales, RetailInvoice *invoice)
{
    EACH (line, invoice->lines) {
        if (line->class != LINE_GOODS)
            continue;
        Str key = sale_key(arena, invoice, line);
        SaleList *list = map_get(sales, key);
        if (!list) {
            list = NEW(arena, SaleList);
            map_put(sales, key, list);
        }
        *list_push(arena, list) = (Sale){ invoice, line };
    }
}

static void push_part(Arena *arena, RetailLineList *to, const RetailLine *line, int64_t quantity,
                      const Sale *sale)
{
    RetailLine *part = list_push(arena, to);
    *part = *line;
    part->quantity = -quantity;
    part->sold = sale ? sale->line : NULL;
    part->sold_on = sale ? sale->invoice : NULL;
}

static void split_line(Arena *arena, const Map *sales, RetailInvoice *invoice,
                       const RetailLine *line, RetailLineList *to)
{
    int64_t wanted = -line->quantity;
    SaleList *list = line->class == LINE_GOODS && invoice->customer->number.len
                       ? map_get(sales, sale_key(arena, invoice, line))
                       : NULL;
    for (size_t i = list ? list->len : 0; i > 0 && wanted > 0; i--) {
        Sale *sale = &list->items[i - 1];
        int64_t take = sale->line->left < wanted ? sale->line->left : wanted;
        if (take <= 0)
            continue;
        push_part(arena, to, line, take, sale);
        sale->line->left -= take;
        wanted -= take;
    }
    if (wanted != 0)
        push_part(arena, to, line, wanted, NULL);
}

void retail_match(Retail *retail)
{
    Map sales = { .arena = retail->arena };
    EACH (at, retail->invoices) {
        RetailInvoice *invoice = *at;
        RetailLineList lines = { 0 };
        if (!invoice->is_cancellation) {
            remember_sales(retail->arena, &sales, invoice);
            continue;
        }
        EACH (line, invoice->lines)
            split_line(retail->arena, &sales, invoice, line, &lines);
        invoice->lines = lines;
    }
}
