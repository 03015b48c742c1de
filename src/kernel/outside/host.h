// host.h - how an outside host has been doing: a circuit breaker and a limit of calls for each.
// Private to kernel/outside.
#pragma once

#include "base/date.h"

enum {
    HOST_FAILURES_MAX = 5,  // in a row; then the host is left alone
    HOST_REST_S = 30,       // for so long; then one call goes to see
};

typedef enum HostGate {
    HOST_GO,
    HOST_RESTING,   // it failed too often just now
    HOST_TOO_SOON,  // our own limit of calls
} HostGate;

// May `host` be called now? Not HOST_GO: *ret_wait says in how many microseconds it is worth asking
// again. per_minute 0: no limit. After HOST_GO the caller owes one host_done().
HostGate host_ask(Str host, int per_minute, Time *ret_wait);
void host_done(Str host, bool worked);

void host_forget_all(void);                // tests
void host_use_clock(Time (*clock)(void));  // tests; NULL: the monotonic clock again
