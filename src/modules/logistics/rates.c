// rates.c - who carries it there, for how much, and when it would arrive.
//
// A card belongs to a service and a zone; a zone is a set of countries and beginnings of postcodes,
// of which the longest that fits decides, so that an island can cost more than its country. Days
// are working days: so many until it is handed over, so many on the way.
#include "modules/logistics/rates.h"

#include "kernel/tenant.h"

#include <stdlib.h>

enum { SATURDAY = 6, GRAMS_PER_KG = 1000 };

// ---- Arithmetic ---------------------------------------------------------------------------------

bool band_price(const RateBandList *bands, int64_t weight_g, Money *ret)
{
    const RateBand *best = NULL, *last = NULL;
    EACH (band, *bands) {
        if (band->to_g >= weight_g && (!best || band->to_g < best->to_g))
            best = band;
        if (!last || band->to_g > last->to_g)
            last = band;
    }
    if (best) {
        *ret = best->price;
        return true;
    }
    if (!last || last->per_kg.minor <= 0)
        return false;
    int64_t further_kg = (weight_g - last->to_g + GRAMS_PER_KG - 1) / GRAMS_PER_KG;
    Wide sum = (Wide)last->per_kg.minor * further_kg + last->price.minor;
    if (sum > INT64_MAX)
        return false;
    ret->minor = (int64_t)sum;
    return true;
}

Date working_day(Date day, int64_t days)
{
    while (date_weekday(day) >= SATURDAY)
        day++;
    while (days-- > 0) {
        day++;
        while (date_weekday(day) >= SATURDAY)
            day++;
    }
    return day;
}

Str postcode_key(Arena *arena, Str postcode)
{
    Str upper = str_upper_ascii(arena, postcode);
    char *kept = NEW_ARRAY(arena, char, upper.len + 1);
    size_t n = 0;
    for (size_t i = 0; i < upper.len; i++)
        if (upper.ptr[i] != ' ' && upper.ptr[i] != '-')
            kept[n++] = upper.ptr[i];
    return (Str){ kept, n };
}

// ---- Cards --------------------------------------------------------------------------------------

typedef struct Card {
    Id id, service;
    Str carrier, name;
    int64_t handling_days, max_weight_g, days_min, days_max;
    Clock cutoff;
    MaybeMoney free_from;
} Card;
typedef LIST(Card) CardList;

typedef struct Parcelled {  // what is to go where
    Str country, postcode;
    int64_t weight_g;
    Money order_total;
    CurrencyCode currency;
    Time at;
} Parcelled;

// Of each service the card whose area fits most closely comes first, and only that one counts.
static Status read_cards(Ctx *ctx, const Parcelled *p, CardList *ret)
{
    Card card;
    Id before = 0;
    Rows *rows = db_query(
        ctx,
        SQL("SELECT r.id, s.id, c.name, s.name, s.handling_days, s.max_weight_g,"
            " coalesce(s.cutoff, 0), r.days_min, r.days_max, r.free_from"
            " FROM rate_card r"
            " JOIN carrier_service s ON s.id = r.service_id"
            " JOIN carrier c ON c.id = s.carrier_id"
            " JOIN zone_area a ON a.rate_zone_id = r.zone_id"
            " WHERE r.archived = 0 AND s.is_active = 1 AND c.is_active = 1 AND c.archived = 0"
            " AND r.currency = $1 AND a.country = $2"
            " AND substr($3, 1, length(a.postcode_starts)) = a.postcode_starts"
            " AND (r.valid_from IS NULL OR r.valid_from <= $4)"
            " AND (r.valid_until IS NULL OR r.valid_until >= $4)"
            " ORDER BY s.id, length(a.postcode_starts) DESC, r.valid_from DESC NULLS LAST, r.id"
            " LIMIT 1000",
            p->currency, p->country, postcode_key(ctx->arena, p->postcode),
            zone_date(ctx->tenant->zone, p->at)));
    while (rows_next(rows, &card.id, &card.service, &card.carrier, &card.name, &card.handling_days,
                     &card.max_weight_g, &card.cutoff, &card.days_min, &card.days_max,
                     &card.free_from)) {
        if (card.service != before)
            *list_push(ctx->arena, ret) = card;
        before = card.service;
    }
    return rows_end(rows);
}

static Status read_bands(Ctx *ctx, Id card, RateBandList *ret)
{
    RateBand band = { 0 };
    Rows *rows = db_query(ctx, SQL("SELECT to_g, price, per_kg FROM rate_band"
                                   " WHERE rate_card_id = $1 ORDER BY to_g",
                                   card));
    *ret = (RateBandList){ 0 };
    while (rows_next(rows, &band.to_g, &band.price, &band.per_kg))
        *list_push(ctx->arena, ret) = band;
    return rows_end(rows);
}

// ---- Offers -------------------------------------------------------------------------------------

// After the cut-off, and at weekends, today does not count any more.
static Date handed_over(const Ctx *ctx, const Card *card, Time at)
{
    Date day = zone_date(ctx->tenant->zone, at);
    bool is_late = card->cutoff && zone_minute(ctx->tenant->zone, at) >= card->cutoff - 1;
    return working_day(is_late ? day + 1 : day, card->handling_days);
}

static Status add_offer(Ctx *ctx, const Parcelled *p, const Card *card, RateOfferList *ret)
{
    RateBandList bands;
    Money price;
    if (card->max_weight_g && p->weight_g > card->max_weight_g)
        return OK;
    TRY(read_bands(ctx, card->id, &bands));
    if (!band_price(&bands, p->weight_g, &price))
        return OK;
    if (card->free_from.known && p->order_total.minor >= card->free_from.value.minor)
        price = (Money){ 0 };
    Date leaves = handed_over(ctx, card, p->at);
    *list_push(ctx->arena, ret) = (RateOffer){ .service = card->service,
                                               .carrier = card->carrier,
                                               .name = card->name,
                                               .currency = p->currency,
                                               .price = price,
                                               .from = working_day(leaves, card->days_min),
                                               .until = working_day(leaves, card->days_max) };
    return OK;
}

static int by_price(const void *a, const void *b)
{
    const RateOffer *x = a, *y = b;
    if (x->price.minor != y->price.minor)
        return x->price.minor < y->price.minor ? -1 : 1;
    if (x->until != y->until)
        return x->until < y->until ? -1 : 1;
    return (x->service > y->service) - (x->service < y->service);
}

Status rate_offers(Ctx *ctx, Str country, Str postcode, int64_t weight_g, Money order_total,
                   CurrencyCode currency, Time at, RateOfferList *ret)
{
    Parcelled p = { country, postcode, weight_g, order_total, currency, at };
    CardList cards = { 0 };
    *ret = (RateOfferList){ 0 };
    TRY(read_cards(ctx, &p, &cards));
    EACH (card, cards)
        TRY(add_offer(ctx, &p, card, ret));
    if (ret->len)
        qsort(ret->items, ret->len, sizeof *ret->items, by_price);
    return OK;
}
