// host.c - a table of the hosts called lately.
//
// A host that does not answer costs each caller its time limit; after five failures in a row nobody
// waits for it any more: calls fail at once for half a minute, then a single one goes to see
// (half-open). What it finds decides for all.
//
// The limit of calls is a token bucket: tokens drip in evenly, and as many as a tenth of a minute's
// may have gathered. The table is bounded; when it is full, the host asked for longest ago is
// forgotten, and with it only that it was in trouble.
#include "kernel/outside/host.h"

#include <pthread.h>

enum { HOSTS_MAX = 512, NAME_MAX_BYTES = 288 };

typedef struct Host {
    char name[NAME_MAX_BYTES];
    size_t name_len;
    Time asked_at;
    int failures;      // in a row
    Time rests_until;  // 0: no
    bool is_probed;    // half-open: one call is out to see
    Time tokens_at;    // when `tokens` was worked out; 0: the bucket is full
    int64_t tokens;    // in microseconds of dripping
} Host;

static struct {
    pthread_mutex_t lock;
    Host hosts[HOSTS_MAX];
    int count;
    Time (*clock)(void);
} table = { .lock = PTHREAD_MUTEX_INITIALIZER };

static Time monotonic(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return at.tv_sec * SECOND + at.tv_nsec / 1000;
}

static Time now(void)
{
    return table.clock ? table.clock() : monotonic();
}

// ---- The table, under the lock ------------------------------------------------------------------

static Host *find(Str name)
{
    for (Host *host = table.hosts; host < table.hosts + table.count; host++)
        if (str_eq((Str){ host->name, host->name_len }, name))
            return host;
    return NULL;
}

static Host *longest_unasked(void)
{
    Host *oldest = table.hosts;
    for (Host *host = table.hosts; host < table.hosts + table.count; host++)
        if (host->asked_at < oldest->asked_at)
            oldest = host;
    return oldest;
}

static Host *make(Str name)
{
    Host *host = table.count < HOSTS_MAX ? &table.hosts[table.count++] : longest_unasked();
    *host = (Host){ .name_len = name.len };
    memcpy(host->name, name.ptr, name.len);
    return host;
}

// Names are at most 255 bytes and a prefix of ours; what is longer is no host's name, and shares an
// entry.
static Host *host_of(Str name)
{
    name = str_sub(name, 0, NAME_MAX_BYTES);
    Host *host = find(name);
    return host ? host : make(name);
}

// ---- The limit of calls -------------------------------------------------------------------------

// Takes one token; else how long until there is one.
static Time take_token(Host *host, int per_minute, Time at)
{
    Time price = MINUTE / per_minute;
    Time full = price > 6 * SECOND ? price : 6 * SECOND;
    Time dripped = host->tokens_at ? host->tokens + (at - host->tokens_at) : full;
    host->tokens = dripped < full ? dripped : full;
    host->tokens_at = at;
    if (host->tokens < price)
        return price - host->tokens;
    host->tokens -= price;
    return 0;
}

// ---- Asking and telling -------------------------------------------------------------------------

static HostGate ask(Host *host, int per_minute, Time at, Time *ret_wait)
{
    host->asked_at = at;
    if (host->rests_until && (at < host->rests_until || host->is_probed)) {
        *ret_wait = at < host->rests_until ? host->rests_until - at : SECOND;
        return HOST_RESTING;
    }
    *ret_wait = per_minute > 0 ? take_token(host, per_minute, at) : 0;
    if (*ret_wait)
        return HOST_TOO_SOON;
    host->is_probed = host->rests_until != 0;
    return HOST_GO;
}

HostGate host_ask(Str name, int per_minute, Time *ret_wait)
{
    pthread_mutex_lock(&table.lock);
    HostGate gate = ask(host_of(name), per_minute, now(), ret_wait);
    pthread_mutex_unlock(&table.lock);
    return gate;
}

static void note(Host *host, bool worked, Time at)
{
    host->failures = worked ? 0 : host->failures + 1;
    host->is_probed = false;
    host->rests_until = host->failures >= HOST_FAILURES_MAX ? at + HOST_REST_S * SECOND : 0;
}

void host_done(Str name, bool worked)
{
    pthread_mutex_lock(&table.lock);
    note(host_of(name), worked, now());
    pthread_mutex_unlock(&table.lock);
}

void host_forget_all(void)
{
    pthread_mutex_lock(&table.lock);
    table.count = 0;
    pthread_mutex_unlock(&table.lock);
}

void host_use_clock(Time (*clock)(void))
{
    pthread_mutex_lock(&table.lock);
    table.clock = clock;
    pthread_mutex_unlock(&table.lock);
}
