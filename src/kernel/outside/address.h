// address.h - which network addresses a call may be sent to. Private to kernel/outside. Addresses
// are texts, "10.0.0.1" or "::1"; what is no address is neither public nor anything else.
#pragma once

#include "base/str.h"

struct sockaddr;

enum { ADDRESS_BYTES_MAX = 46 };
// False: neither IPv4 nor IPv6.
bool address_text(const struct sockaddr *address, char ret[ADDRESS_BYTES_MAX]);

// On the open internet: not private, local, reserved, multicast or a way round through an IPv4
// address inside an IPv6 one.
bool address_is_public(const char *address);
bool address_is_loopback(const char *address);
// Within one of a blank-separated list of addresses and networks: "127.0.0.1 10.20.0.0/16".
bool address_is_listed(Str list, const char *address);
