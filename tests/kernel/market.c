// market.c - a bazaar with five wares, and how tests ask for lists of them.
#include "kernel/market.h"

typedef struct Deed {
    const EntityDef *entity;
    const char *json;
    Id id;
} Deed;

static Status create(Ctx *ctx, void *arg)
{
    Deed *deed = arg;
    const Json *input;
    TRY(json_parse(ctx, str_from(deed->json), &input));
    return access_create(ctx, deed->entity, input, 0, &deed->id);
}

Id market_make(Ctx *ctx, const EntityDef *e, const char *json)
{
    Deed deed = { .entity = e, .json = json };
    CHECK_OK(ctx, tenant_transact(ctx, create, &deed));
    return deed.id;
}

const char *market_id(Ctx *ctx, Id id)
{
    return id_text(ctx->arena, id).ptr;
}

void market_add(Market *market, const char *code, const char *more)
{
    market_make(market->ctx, &ware_entity,
                str_format(market->ctx->arena, "{\"ware_code\":\"%s\",%s}", code, more).ptr);
}

static void open_stalls(Market *market)
{
    Ctx *ctx = market->ctx;
    market->north = market_make(ctx, &stall_entity, "{\"name\":\"North\"}");
    market->south = market_make(ctx, &stall_entity, "{\"name\":\"South\"}");
    market->corner = market_make(ctx, &stall_entity,
                                 str_format(ctx->arena, "{\"name\":\"Corner\",\"above\":\"%s\"}",
                                            market_id(ctx, market->north))
                                     .ptr);
    market->zarina =
        market_make(ctx, &maker_entity, "{\"name\":\"Zarina\",\"email\":\"z@example.com\"}");
    market->yusuf = market_make(ctx, &maker_entity, "{\"name\":\"Yusuf\"}");
    market->soft = market_make(ctx, &ware_tag_entity, "{\"name\":\"Soft\"}");
}

void market_open(Market *market)
{
    Ctx *ctx = market->ctx = test_ctx();
    house_open(ctx, &market->house);
    open_stalls(market);
    market_add(
        market, "A",
        str_format(
            ctx->arena,
            "\"name\":\"Rug\",\"kind\":\"rug\",\"maker\":\"%s\",\"stall\":\"%s\",\"pieces\":3,"
            "\"price\":\"10.00\",\"made_on\":\"2026-03-02\","
            "\"seen_at\":\"2026-03-02T23:30:00Z\",\"is_sold\":true,\"tags\":[\"%s\"]",
            market_id(ctx, market->zarina), market_id(ctx, market->corner),
            market_id(ctx, market->soft))
            .ptr);
    market_add(
        market, "B",
        str_format(ctx->arena,
                   "\"name\":\"rug 100%%\",\"kind\":\"rug\",\"maker\":\"%s\",\"stall\":\"%s\","
                   "\"pieces\":3,\"price\":\"2.50\",\"made_on\":\"2026-02-28\","
                   "\"seen_at\":\"2026-03-03T00:00:00Z\"",
                   market_id(ctx, market->yusuf), market_id(ctx, market->south))
            .ptr);
    market_add(market, "C",
               str_format(ctx->arena,
                          "\"name\":\"Lamp\",\"kind\":\"lamp\",\"maker\":\"%s\",\"pieces\":0,"
                          "\"made_on\":\"2026-03-09\"",
                          market_id(ctx, market->yusuf))
                   .ptr);
    market_add(market, "D", "\"name\":\"Candle\",\"pieces\":-1");
    market_add(market, "E", "\"name\":\"Émile's table\"");
}

void market_close(Market *market)
{
    house_close(&market->house);
}

// ---- Asking -------------------------------------------------------------------------------------

void market_split(Ctx *ctx, const char *query, FormFieldList *ret)
{
    Str rest = str_from(query), one;
    while (str_next(&rest, '&', &one)) {
        ptrdiff_t equals = str_find_char(one, '=');
        *list_push(ctx->arena, ret) =
            (FormField){ str_sub(one, 0, (size_t)equals), str_from_at(one, (size_t)equals + 1) };
    }
}

Status market_list(Ctx *ctx, void *arg)
{
    Listing *listing = arg;
    FormFieldList fields = { 0 };
    Buf codes = { .arena = ctx->arena };
    market_split(ctx, listing->query, &fields);
    TRY(entity_query_parse(ctx, &ware_entity, &fields, &listing->asked));
    if (listing->after.len)
        listing->asked.after = listing->after;
    if (listing->before.len)
        listing->asked.before = listing->before;
    TRY(entity_query(ctx, &listing->asked, &listing->rows));
    EACH (row, listing->rows.rows)
        buf_printf(&codes, "%s" STR_FMT, codes.len ? " " : "", STR_ARG(row->cells[0].text));
    listing->codes = buf_str(&codes);
    return OK;
}

const char *market_filled(const Market *market, const char *query)
{
    Buf out = { .arena = market->ctx->arena };
    for (const char *c = query; *c; c++) {
        Id id = *c != '%'   ? 0
              : c[1] == 'n' ? market->north
              : c[1] == 's' ? market->south
              : c[1] == 'c' ? market->corner
              : c[1] == 'z' ? market->zarina
              : c[1] == 't' ? market->soft
                            : 0;
        if (id)
            buf_put(&out, id_text(market->ctx->arena, id));
        else
            buf_char(&out, *c);
        c += id != 0;
    }
    buf_char(&out, '\0');
    return out.ptr;
}
