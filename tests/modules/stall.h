// stall.h - a house with an online shop: the sellers' house of shop.h with its four products
// published, a way to deliver, and a browser that knows one cookie.
#pragma once

#include "kernel/ask.h"
#include "modules/shop.h"

typedef struct Stall {
    Shop shop;
    Str cookie;   // what the browser keeps: "cart_main=..."
    Str session;  // "session=..." of a customer who has signed in, and what her forms carry
    Str csrf;
    Str address;      // of the visitor: one a test, since tests turn the clock
    Str from, agent;  // what its browser says of the page before, and of itself
    Id category;      // of the first two products: "tea"
} Stall;

// So many of each product in the main warehouse. The shop "main" sells in English and Spanish, in
// its channel `web`, and is at home at shop.example.
void stall_open(Ctx *ctx, Stall *ret, int64_t pieces);
void stall_close(Stall *stall);

Answered stall_get(Ctx *ctx, const Stall *stall, const char *target);
Answered stall_get_at(Ctx *ctx, const Stall *stall, const char *host, const char *target);
// A form as a browser sends it; the cookie that comes back is kept.
Answered stall_post(Ctx *ctx, Stall *stall, const char *target, const char *form);
// The next forms carry what that page's do.
void stall_learn(Ctx *ctx, Stall *stall, const char *target);
bool has_text(Str body, const char *text);
int64_t stall_count(Ctx *ctx, const char *sql);
