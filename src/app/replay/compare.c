// compare.c - what the company's invoices come to, against what a script says that read nothing but
// the file: revenue per month, per country and per product, to the penny.
#include "app/replay/replay.h"

#include "base/json.h"
#include "gen/billing.gen.h"
#include "kernel/db/db.h"

#include <errno.h>
#include <stdio.h>

typedef struct Revenue {
    Map sums;  // "month 2010-12" -> Money *
    Arena *arena;
} Revenue;

static Money *sum_of(Revenue *revenue, Str kind, Str key)
{
    Str name = str_format(revenue->arena, STR_FMT "," STR_FMT, STR_ARG(kind), STR_ARG(key));
    Money *sum = map_get(&revenue->sums, name);
    if (!sum) {
        sum = NEW(revenue->arena, Money);
        map_put(&revenue->sums, name, sum);
    }
    return sum;
}

static Status country_of(Ctx *ctx, Str postal, Str *ret)
{
    const Json *json;
    TRY(json_parse(ctx, postal.len ? postal : S("{}"), &json));
    *ret = json_str(json, "country");
    return OK;
}

// ---- What the books say -------------------------------------------------------------------------

static Status sum_invoices(Ctx *ctx, Revenue *revenue)
{
    Str kind, postal, country;
    Date on;
    Money net;
    Rows *rows = db_query(
        ctx, SQL("SELECT kind, invoice_date, ship_to, net FROM invoice WHERE state = 'posted'"));
    while (rows_next(rows, &kind, &on, &postal, &net)) {
        int64_t sign = str_is(kind, "credit_note") ? -1 : 1;
        TRY(country_of(ctx, postal, &country));
        Str month = str_sub(date_text(ctx->arena, on), 0, 7);
        sum_of(revenue, S("month"), month)->minor += sign * net.minor;
        sum_of(revenue, S("country"), country)->minor += sign * net.minor;
        sum_of(revenue, S("total"), S("all"))->minor += sign * net.minor;
    }
    return rows_end(rows);
}

static Status sum_products(Ctx *ctx, Revenue *revenue)
{
    Str sku;
    Money net;
    Rows *rows = db_query(
        ctx,
        SQL("SELECT v.sku, CAST(sum(CASE WHEN i.kind = 'credit_note' THEN -l.net ELSE l.net END)"
            " AS BIGINT) FROM invoice_line l JOIN invoice i ON i.id = l.invoice_id"
            " JOIN variant v ON v.id = l.variant_id WHERE i.state = 'posted'"
            " GROUP BY v.sku ORDER BY v.sku"));
    while (rows_next(rows, &sku, &net))
        sum_of(revenue, S("product"), sku)->minor += net.minor;
    return rows_end(rows);
}

static Status sum_all(Ctx *ctx, void *arg)
{
    TRY(sum_invoices(ctx, arg));
    return sum_products(ctx, arg);
}

// ---- What the script says -----------------------------------------------------------------------

typedef struct Expected {
    FILE *file;
    Revenue *revenue;
    int64_t compared, different;
} Expected;

static void close_file(void *arg)
{
    Expected *expected = arg;
    if (expected->file)
        fclose(expected->file);
}

static void tell(Str name, int64_t wanted, int64_t actual)
{
    printf(STR_FMT ": the file says %lld.%02lld, the books say %lld.%02lld\n", STR_ARG(name),
           (long long)(wanted / 100), llabs(wanted % 100), (long long)(actual / 100),
           llabs(actual % 100));
}

// "country,EIRE,1234.50"
static Status compare_line(Ctx *ctx, Expected *expected, Str line)
{
    Str kind, key, rest = str_trim(line);
    int64_t wanted;
    ptrdiff_t last = str_rfind_char(rest, ',');
    if (rest.len == 0)
        return OK;
    if (last < 0 || !str_next(&rest, ',', &kind))
        return FAIL(ctx, E_INVALID, "replay.expected", "'" STR_FMT "' is no line of figures",
                    STR_ARG(line));
    key = str_sub(str_trim(line), kind.len + 1, (size_t)last - kind.len - 1);
    if (!decimal_parse(str_from_at(str_trim(line), (size_t)last + 1), 2, &wanted))
        return FAIL(ctx, E_INVALID, "replay.expected", "'" STR_FMT "' ends in no amount",
                    STR_ARG(line));
    if (str_is(kind, "country") && retail_country(key).len)
        key = retail_country(key);
    Money *actual = sum_of(expected->revenue, kind, key);
    expected->compared++;
    if (actual->minor == wanted) {
        actual->minor = 0;
        return OK;
    }
    expected->different++;
    tell(str_sub(str_trim(line), 0, (size_t)last), wanted, actual->minor);
    actual->minor = 0;
    return OK;
}

// What the books have and the file does not.
static void tell_rest(Expected *expected)
{
    const Map *sums = &expected->revenue->sums;
    for (size_t i = 0; i < sums->len; i++) {
        const Money *sum = sums->values[i];
        if (sum->minor == 0)
            continue;
        expected->different++;
        tell(sums->keys[i], 0, sum->minor);
    }
}

Status replay_compare(Ctx *ctx, const char *path, int64_t *ret_compared, int64_t *ret_different)
{
    char line[400];
    Revenue revenue = { { .arena = ctx->arena }, ctx->arena };
    Expected *expected = NEW(ctx->arena, Expected);
    expected->revenue = &revenue;
    arena_defer(ctx->arena, close_file, expected);
    TRY(tenant_read(ctx, sum_all, &revenue));
    expected->file = fopen(path, "re");
    if (!expected->file)
        return FAIL(ctx, E_NOT_FOUND, "replay.expected", "%s cannot be read: %s", path,
                    strerror(errno));
    while (fgets(line, sizeof line, expected->file))
        TRY(compare_line(ctx, expected, str_from(line)));
    tell_rest(expected);
    *ret_compared = expected->compared;
    *ret_different = expected->different;
    return OK;
}
