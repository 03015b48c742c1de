// address.c - which network addresses a call may be sent to.
//
// Web addresses that tenants type in must not become a way into the network the server stands in.
// So every address is looked at just before the connection is made, after name resolution, where a
// name that answers differently the second time (DNS rebinding) gains nothing.
//
// All addresses are compared as 16 bytes of IPv6; an IPv4 address stands behind ::ffff:0:0/96.
#include "kernel/outside/address.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <sys/socket.h>

enum { BYTES = 16, IPV4_AT = 12 };

static const uint8_t ipv4_prefix[IPV4_AT] = { [10] = 0xff, [11] = 0xff };

typedef struct Prefix {
    const char *start;
    int bits;
} Prefix;

// The IANA registries of special-purpose addresses, RFC 6890 and its updates.
static const Prefix not_public[] = {
    { "0.0.0.0", 8 },        // "this network", RFC 1122
    { "10.0.0.0", 8 },       // private, RFC 1918
    { "100.64.0.0", 10 },    // behind a carrier's NAT, RFC 6598
    { "127.0.0.0", 8 },      // loopback
    { "169.254.0.0", 16 },   // link-local; clouds keep their credentials at 169.254.169.254
    { "172.16.0.0", 12 },    // private
    { "192.0.0.0", 24 },     // protocol assignments
    { "192.0.2.0", 24 },     // documentation
    { "192.88.99.0", 24 },   // 6to4 relays, given up
    { "192.168.0.0", 16 },   // private
    { "198.18.0.0", 15 },    // benchmarks
    { "198.51.100.0", 24 },  // documentation
    { "203.0.113.0", 24 },   // documentation
    { "224.0.0.0", 3 },      // multicast, reserved, broadcast
    { "2001::", 23 },        // protocol assignments, Teredo among them
    { "2001:db8::", 32 },    // documentation
    { "3fff::", 20 },        // documentation
};
static const Prefix global_unicast = { "2000::", 3 };
static const Prefix loopbacks[] = { { "127.0.0.0", 8 }, { "::1", 128 } };

// IPv6 addresses that lead to an IPv4 one, and where it stands in them.
static const struct {
    Prefix prefix;
    int at;
} carriers[] = {
    { { "64:ff9b::", 96 }, IPV4_AT },  // NAT64, RFC 6052
    { { "2002::", 16 }, 2 },           // 6to4, RFC 3056
};

static bool from_text(const char *text, uint8_t ret[BYTES])
{
    if (inet_pton(AF_INET6, text, ret) == 1)
        return true;
    memcpy(ret, ipv4_prefix, sizeof ipv4_prefix);
    return inet_pton(AF_INET, text, ret + IPV4_AT) == 1;
}

static bool is_ipv4(const uint8_t address[BYTES])
{
    return memcmp(address, ipv4_prefix, sizeof ipv4_prefix) == 0;
}

static bool is_within(const uint8_t address[BYTES], const Prefix *prefix)
{
    uint8_t start[BYTES];
    bool ok = from_text(prefix->start, start);
    assert(ok);
    int bits = prefix->bits + (strchr(prefix->start, ':') ? 0 : IPV4_AT * 8);
    int whole = bits / 8, rest = bits % 8;
    if (memcmp(address, start, (size_t)whole) != 0)
        return false;
    return rest == 0 || (address[whole] ^ start[whole]) >> (8 - rest) == 0;
}

static bool is_in_any(const uint8_t address[BYTES], const Prefix *prefixes, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (is_within(address, &prefixes[i]))
            return true;
    return false;
}

static bool is_public(const uint8_t address[BYTES])
{
    for (size_t i = 0; i < COUNT(carriers); i++)
        if (is_within(address, &carriers[i].prefix)) {
            uint8_t inner[BYTES];
            memcpy(inner, ipv4_prefix, sizeof ipv4_prefix);
            memcpy(inner + IPV4_AT, address + carriers[i].at, BYTES - IPV4_AT);
            return is_public(inner);
        }
    bool is_routed = is_ipv4(address) || is_within(address, &global_unicast);
    return is_routed && !is_in_any(address, not_public, COUNT(not_public));
}

// ---- The questions ------------------------------------------------------------------------------

bool address_text(const struct sockaddr *address, char ret[ADDRESS_BYTES_MAX])
{
    const void *raw = address->sa_family == AF_INET6
                        ? (const void *)&((const struct sockaddr_in6 *)address)->sin6_addr
                        : (const void *)&((const struct sockaddr_in *)address)->sin_addr;
    bool is_known = address->sa_family == AF_INET || address->sa_family == AF_INET6;
    return is_known && inet_ntop(address->sa_family, raw, ret, ADDRESS_BYTES_MAX);
}

bool address_is_public(const char *address)
{
    uint8_t bytes[BYTES];
    return from_text(address, bytes) && is_public(bytes);
}

bool address_is_loopback(const char *address)
{
    uint8_t bytes[BYTES];
    return from_text(address, bytes) && is_in_any(bytes, loopbacks, COUNT(loopbacks));
}

// "10.20.0.0/16", or one address.
static bool is_within_text(const uint8_t address[BYTES], Str network)
{
    char start[ADDRESS_BYTES_MAX];
    uint8_t bytes[BYTES];
    int64_t bits;
    ptrdiff_t slash = str_find_char(network, '/');
    Str front = slash < 0 ? network : str_sub(network, 0, (size_t)slash);
    if (front.len >= sizeof start)
        return false;
    memcpy(start, front.ptr, front.len);
    start[front.len] = '\0';
    if (!from_text(start, bytes))
        return false;
    int bits_max = strchr(start, ':') ? 128 : 32;
    if (slash < 0)
        bits = bits_max;
    else if (!str_int(str_from_at(network, (size_t)slash + 1), &bits) || bits < 0 ||
             bits > bits_max)
        return false;
    return is_within(address, &(Prefix){ start, (int)bits });
}

bool address_is_listed(Str list, const char *address)
{
    uint8_t bytes[BYTES];
    Str network;
    if (!from_text(address, bytes))
        return false;
    while (str_next_word(&list, &network))
        if (is_within_text(bytes, network))
            return true;
    return false;
}
