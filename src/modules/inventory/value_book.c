// value_book.c - what a change of stock's worth is in the books: stock on one side, on the other
// what the goods came from or went to. One entry for each day that is concerned; a day whose period
// is closed is booked on the first open one after it.
#include "modules/inventory/stock.h"

struct ValueLine {
    Date on;
    Purpose purpose;
    Id place, channel, cost_centre;
    Str kind_code;
    Money amount;
};

static bool is_together(const struct ValueLine *a, const struct ValueLine *b)
{
    return a->on == b->on && a->purpose == b->purpose && a->place == b->place &&
           a->channel == b->channel && a->cost_centre == b->cost_centre &&
           str_eq(a->kind_code, b->kind_code);
}

// From the end: a walk along a chain comes with day after day.
static void add_line(Ctx *ctx, ValueBook *book, struct ValueLine line)
{
    for (size_t i = book->lines.len; i-- > 0;)
        if (is_together(&book->lines.items[i], &line)) {
            book->lines.items[i].amount.minor += line.amount.minor;
            return;
        }
    if (line.amount.minor)
        *list_push(ctx->arena, &book->lines) = line;
}

static void stock_side(Ctx *ctx, ValueBook *book, Date on, const StockPlace *place, Money amount)
{
    bool is_on_way = place->kind == PLACE_KIND_TRANSIT;
    add_line(ctx, book,
             (struct ValueLine){ .on = on,
                                 .purpose = is_on_way ? PURPOSE_STOCK_TRANSIT : PURPOSE_STOCK,
                                 .place = place->warehouse,
                                 .channel = book->channel,
                                 .cost_centre = book->cost_centre,
                                 .amount = amount });
}

void book_stock(Ctx *ctx, ValueBook *book, Date on, const StockPlace *place, Money amount)
{
    stock_side(ctx, book, on, place, amount);
    book->place = place->warehouse;
}

void book_counter(Ctx *ctx, ValueBook *book, Date on, Purpose counter, Money amount)
{
    add_line(ctx, book,
             (struct ValueLine){ .on = on,
                                 .purpose = counter,
                                 .place = book->place,
                                 .channel = book->channel,
                                 .cost_centre = book->cost_centre,
                                 .kind_code = book->kind_code,
                                 .amount = amount });
}

void book_deltas(Ctx *ctx, ValueBook *book, const StockPlace *place, const ChainDeltaList *deltas)
{
    EACH (delta, *deltas) {
        stock_side(ctx, book, delta->on, place, delta->amount);
        add_line(ctx, book,
                 (struct ValueLine){ .on = delta->on,
                                     .purpose = delta->counter,
                                     .place = place->warehouse,
                                     .channel = delta->channel,
                                     .cost_centre = delta->cost_centre,
                                     .amount = money_neg(delta->amount) });
    }
}

// ---- Posting ------------------------------------------------------------------------------------

typedef LIST(EntrySpec) EntryList;

static Status open_days(Ctx *ctx, const ValueBook *book)
{
    Date asked = 0, open = 0;
    EACH (line, book->lines) {
        if (line->on != asked) {
            asked = line->on;
            TRY(ledger_open_day(ctx, asked, &open));
        }
        line->on = open;
    }
    return OK;
}

static void add_posting(Ctx *ctx, EntrySpec *entry, const struct ValueLine *line)
{
    *list_push(ctx->arena, &entry->postings) = (Posting){ .purpose = line->purpose,
                                                          .kind_code = line->kind_code,
                                                          .amount = line->amount,
                                                          .base = line->amount,
                                                          .channel = line->channel,
                                                          .place = line->place,
                                                          .cost_centre = line->cost_centre };
}

// All lines of the first line's day; they are taken off by setting their amounts to nothing.
static void add_day(Ctx *ctx, const ValueBook *book, Date on, EntryList *entries)
{
    EntrySpec *entry = list_push(ctx->arena, entries);
    *entry = (EntrySpec){
        .on = on, .source = book->source, .wording = book->wording, .currency = ctx->tenant->base
    };
    EACH (line, book->lines)
        if (line->on == on && line->amount.minor) {
            add_posting(ctx, entry, line);
            line->amount.minor = 0;
        }
}

Status book_post(Ctx *ctx, const ValueBook *book)
{
    EntryList entries = { 0 };
    TRY(open_days(ctx, book));
    EACH (line, book->lines)
        if (line->amount.minor)
            add_day(ctx, book, line->on, &entries);
    return ledger_post_many(ctx, entries.items, entries.len,
                            NEW_ARRAY(ctx->arena, Id, entries.len));
}
