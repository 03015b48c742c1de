// proxy.c - X-Forwarded-For, -Proto and -Host, believed only from listed addresses.
//
// A client can write anything into these headers; a proxy adds to them at the right end. So the
// client is the rightmost address that is not itself a trusted proxy. Whatever stands further left
// was said by that client and proves nothing.
#include "kernel/http/proxy.h"

#include "kernel/http/head.h"

#include <arpa/inet.h>

enum { ADDRESS_BITS = 128, V4_BITS = 32 };

// Both families as 16 bytes; false when the text is no address.
static bool parse_address(Str text, uint8_t ret[16], bool *ret_is_v4)
{
    static const uint8_t v4_start[12] = { [10] = 0xff, [11] = 0xff };
    char c[INET6_ADDRSTRLEN] = "";
    if (text.len >= sizeof c)
        return false;
    memcpy(c, text.ptr, text.len);
    *ret_is_v4 = str_find_char(text, ':') < 0;
    if (!*ret_is_v4)
        return inet_pton(AF_INET6, c, ret) == 1;
    memcpy(ret, v4_start, sizeof v4_start);
    return inet_pton(AF_INET, c, ret + sizeof v4_start) == 1;
}

static bool parse_network(Str word, Network *ret)
{
    ptrdiff_t slash = str_find_char(word, '/');
    Str address = slash < 0 ? word : str_sub(word, 0, (size_t)slash);
    bool is_v4;
    if (!parse_address(address, ret->address, &is_v4))
        return false;
    int64_t bits = is_v4 ? V4_BITS : ADDRESS_BITS, given = bits;
    if (slash >= 0 &&
        (!str_int(str_from_at(word, (size_t)slash + 1), &given) || given < 0 || given > bits))
        return false;
    ret->bits = (int)(given + ADDRESS_BITS - bits);
    return true;
}

Status networks_parse(Ctx *ctx, Str text, NetworkList *ret)
{
    NetworkList networks = { 0 };
    for (Str word; str_next_word(&text, &word);)
        if (!parse_network(word, list_push(ctx->arena, &networks)))
            return FAIL(ctx, E_INVALID, "http.proxies",
                        "\"" STR_FMT "\" among the trusted proxies is no address or network",
                        STR_ARG(word));
    *ret = networks;
    return OK;
}

static bool network_holds(const Network *network, const uint8_t address[16])
{
    int whole = network->bits / 8, rest = network->bits % 8;
    if (memcmp(network->address, address, (size_t)whole) != 0)
        return false;
    return rest == 0 || (network->address[whole] ^ address[whole]) >> (8 - rest) == 0;
}

bool networks_hold(const NetworkList *networks, Str text)
{
    uint8_t address[16];
    bool is_v4;
    if (networks->len == 0 || !parse_address(text, address, &is_v4))
        return false;
    EACH (network, *networks)
        if (network_holds(network, address))
            return true;
    return false;
}

// All X-Forwarded-For headers are one list, in order.
static Str forwarded_for(Arena *arena, const Request *request)
{
    Buf list = { .arena = arena };
    EACH (header, request->headers)
        if (str_is(header->name, "x-forwarded-for")) {
            buf_c(&list, list.len ? "," : "");
            buf_put(&list, header->value);
        }
    return buf_str(&list);
}

// The rightmost address that is no trusted proxy. Where the chain holds something that is no
// address, the one before it (to the right) is the last that is known.
static Str client_address(const NetworkList *trusted, Str neighbour, Str list)
{
    Str client = neighbour;
    while (list.len && networks_hold(trusted, client)) {
        ptrdiff_t comma = str_rfind_char(list, ',');
        Str address = str_trim(comma < 0 ? list : str_from_at(list, (size_t)comma + 1));
        list = comma < 0 ? S("") : str_sub(list, 0, (size_t)comma);
        uint8_t bytes[16];
        bool is_v4;
        if (!parse_address(address, bytes, &is_v4))
            break;
        client = address;
    }
    return client;
}

void proxy_apply(Arena *arena, const NetworkList *trusted, Str neighbour, Request *request)
{
    request->address = neighbour;
    if (!networks_hold(trusted, neighbour))
        return;
    request->address = client_address(trusted, neighbour, forwarded_for(arena, request));
    request->is_https =
        str_eq_ascii_nocase(request_header(request, "x-forwarded-proto"), S("https"));
    Str host = request_header(request, "x-forwarded-host");
    if (is_host(host))
        request->host = host_name(arena, host);
}
