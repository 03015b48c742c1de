// shelves.c - goods whose pieces have numbers, and what is done with them by their numbers.
#include "modules/shelves.h"

#include "modules/books.h"

// ---- What stands where --------------------------------------------------------------------------

static Status step_look(Ctx *ctx, void *arg)
{
    Look *look = arg;
    Str number;
    int64_t count = 0;
    Buf text = { .arena = ctx->arena };
    Rows *rows = db_query(ctx, SQL("SELECT number FROM serial WHERE variant_id = $1"
                                   " AND place_id = $2 AND state = 'in_stock' ORDER BY number",
                                   look->shelves->variant, look->place));
    for (; rows_next(rows, &number); count++)
        buf_printf(&text, "%s" STR_FMT, count ? " " : "", STR_ARG(number));
    TRY(rows_end(rows));
    CHECK_INT(room_level(ctx, look->shelves->variant, look->place).micro, pieces(count).micro);
    look->numbers = buf_str(&text);
    look->worth = room_worth(ctx, look->shelves->variant, look->place);
    return OK;
}

Look shelf_look(Ctx *ctx, Shelves *s, Id place)
{
    Look look = { .shelves = s, .place = place };
    CHECK_OK(ctx, tenant_read(ctx, step_look, &look));
    return look;
}

void shelf_holds(Ctx *ctx, Shelves *s, Id place, const char *numbers)
{
    CHECK_STR(shelf_look(ctx, s, place).numbers, numbers);
}

// Refused with this code and, where people must go and look, the place.
void shelf_refused(Ctx *ctx, Status status, const char *code, const char *words)
{
    CHECK(status != OK);
    CHECK(str_find(ctx->failure.message, str_from(words)) >= 0);
    CHECK_FAILS(ctx, code, status);
}

// ---- Papers -------------------------------------------------------------------------------------

static Str text_of(Ctx *ctx, Id id)
{
    return id_text(ctx->arena, id);
}

static Str line_of(Ctx *ctx, const Shelves *s, int64_t quantity, const char *numbers,
                   const char *more)
{
    return str_format(ctx->arena, "{\"variant\":\"%s\",\"quantity\":\"%lld\",\"serials\":\"%s\"%s}",
                      text_of(ctx, s->variant).ptr, (long long)quantity, numbers, more);
}

Status shelves_receive(Ctx *ctx, Shelves *s, Id place, int64_t quantity, const char *numbers,
                       const char *more)
{
    const EntityDef *e = &goods_receipt_entity;
    Str put = str_format(ctx->arena, ",\"price\":\"10\",\"place\":\"%s\"%s",
                         text_of(ctx, place).ptr, more);
    Str form =
        str_format(ctx->arena, "{\"supplier\":\"%s\",\"warehouse\":\"%s\",\"lines\":[" STR_FMT "]}",
                   text_of(ctx, s->supplier).ptr, text_of(ctx, s->room.main).ptr,
                   STR_ARG(line_of(ctx, s, quantity, numbers, put.ptr)));
    s->paper = room_paper(ctx, e, form);
    return room_act(ctx, e, s->paper, "post", S(""));
}

Status shelves_adjust(Ctx *ctx, Shelves *s, Id place, int64_t quantity, const char *numbers,
                      const char *more)
{
    const EntityDef *e = &stock_adjustment_entity;
    Str form =
        str_format(ctx->arena, "{\"place\":\"%s\",\"reason\":\"%s\",\"lines\":[" STR_FMT "]}",
                   text_of(ctx, place).ptr, text_of(ctx, s->reason).ptr,
                   STR_ARG(line_of(ctx, s, quantity, numbers, more)));
    s->paper = room_paper(ctx, e, form);
    return room_act(ctx, e, s->paper, "post", S(""));
}

void shelves_count(Ctx *ctx, Shelves *s, Id place, bool is_blind)
{
    s->count = room_paper(ctx, &stock_count_entity,
                          str_format(ctx->arena, "{\"place\":\"%s\",\"is_blind\":%s}",
                                     text_of(ctx, place).ptr, is_blind ? "true" : "false"));
    CHECK_OK(ctx, room_act(ctx, &stock_count_entity, s->count, "start", S("")));
}

Status shelves_see(Ctx *ctx, Shelves *s, Id place, const char *numbers, const char *more)
{
    Str form = str_format(
        ctx->arena, "{\"lines\":[{\"variant\":\"%s\",\"place\":\"%s\",\"serials\":\"%s\"%s}]}",
        text_of(ctx, s->variant).ptr, text_of(ctx, place).ptr, numbers, more);
    return room_act(ctx, &stock_count_entity, s->count, "enter", form);
}

Status shelves_counted(Ctx *ctx, Shelves *s)
{
    return room_act(ctx, &stock_count_entity, s->count, "post", S(""));
}

static Status step_line(Ctx *ctx, void *arg)
{
    Look *look = arg;
    GoodsReceipt receipt;
    TRY(goods_receipt_load(ctx, look->shelves->paper, &receipt));
    look->place = receipt.lines.items[0].record.id;
    return OK;
}

Status shelves_correct(Ctx *ctx, Shelves *s, int64_t quantity, const char *numbers)
{
    Look line = { .shelves = s };
    CHECK_OK(ctx, tenant_read(ctx, step_line, &line));
    return room_act(ctx, &goods_receipt_entity, s->paper, "correct",
                    str_format(ctx->arena,
                               "{\"line\":\"%s\",\"quantity\":\"%lld\",\"serials\":\"%s\"}",
                               text_of(ctx, line.place).ptr, (long long)quantity, numbers));
}

// ---- A house with numbered goods ----------------------------------------------------------------

Status shelves_goods(Ctx *ctx, void *arg)
{
    const Kind *kind = arg;
    Shelves *s = kind->shelves;
    s->variant = room_variant_like(ctx, &s->room, kind->has_lots, kind->has_serials);
    return OK;
}

static Status step_furnish(Ctx *ctx, void *arg)
{
    Shelves *s = arg;
    s->supplier = room_supplier(ctx);
    s->reason = room_choice(ctx, "adjust_reason", "correction");
    return OK;
}

void shelves_open(Ctx *ctx, Shelves *s)
{
    *s = (Shelves){ 0 };
    open_scene(ctx, &s->room, &s->scene);
    books_must(ctx, step_furnish, s);
    books_must(ctx, shelves_goods, &(Kind){ s, false, true });
}

typedef struct Sale {
    const Shelves *shelves;
    const char *number;
    Id from;
} Sale;

static Status step_sell(Ctx *ctx, void *arg)
{
    const Sale *sale = arg;
    MoveSpec spec = { .variant = sale->shelves->variant,
                      .kind = MOVE_KIND_ISSUE,
                      .from = sale->from,
                      .to = sale->shelves->room.customer,
                      .quantity = pieces(1) };
    TRY(db_one(ctx,
               SQL("SELECT id FROM serial WHERE variant_id = $1 AND number = $2", spec.variant,
                   str_from(sale->number)),
               &spec.serial));
    return stock_move(ctx, &spec, NULL);
}

void shelves_sell(Ctx *ctx, const Shelves *s, Id from, const char *number)
{
    CHECK_OK(ctx, tenant_transact(ctx, step_sell, &(Sale){ s, number, from }));
}
