// proxy.h - which neighbours' word is believed about where a request came from. Private to
// kernel/http.
#pragma once

#include "kernel/http/request.h"

typedef struct Network {
    uint8_t address[16];  // IPv4 as ::ffff:a.b.c.d
    int bits;             // that count, of 128
} Network;
typedef LIST(Network) NetworkList;

// "10.0.0.0/8 ::1 192.0.2.7". E_INVALID "http.proxies" names the word that is no network.
MUST_CHECK Status networks_parse(Ctx *ctx, Str text, NetworkList *ret);
bool networks_hold(const NetworkList *networks, Str address);

// Fills in request->address, is_https and host: from the neighbour's own address and the Host
// header, or, when the neighbour is a trusted proxy, from what it forwarded.
void proxy_apply(Arena *arena, const NetworkList *trusted, Str neighbour, Request *request);
