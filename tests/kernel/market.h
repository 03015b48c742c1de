// market.h - a bazaar with five wares (tests/entgen/bazaar.ent), and how tests ask for lists of
// them.
#pragma once

#include "bazaar.gen.h"
#include "kernel/entity/access.h"
#include "kernel/entity/query.h"
#include "kernel/house.h"

typedef struct Market {
    House house;
    Ctx *ctx;
    Id north, corner, south;  // stalls; the corner is in the north
    Id zarina, yusuf;
    Id soft;
} Market;

typedef struct Listing {
    const char *query;  // as in a URL, nothing encoded
    Str after, before;
    EntityQuery asked;
    EntityRows rows;
    Str codes;  // of the rows, with blanks between
} Listing;

Id market_make(Ctx *ctx, const EntityDef *e, const char *json);
const char *market_id(Ctx *ctx, Id id);
void market_add(Market *market, const char *code, const char *more);
// Five wares: A to E, with less and less said of them.
void market_open(Market *market);
void market_close(Market *market);
Status market_list(Ctx *ctx, void *arg);
// %n, %s and %c in a query stand for the north, the south and the corner; %z for Zarina, %t the
// tag.
const char *market_filled(const Market *market, const char *query);
void market_split(Ctx *ctx, const char *query, FormFieldList *ret);  // as a URL is, by & and =
