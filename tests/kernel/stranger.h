// stranger.h - somebody else's web server, in a thread of its own, which behaves as badly as real
// ones do. It answers one connection after another, each with one answer.
//
//     /ok                "fine"
//     /say?status=S&after=N  the status, with "Retry-After: N" when N is given
//     /take              the next of the statuses given to stranger_will_say(), then 200
//     /cut-head          half a head, then nothing
//     /cut-body          promises 100 bytes and sends 10
//     /cut-chunk         half a chunk
//     /long-body         promises 5 bytes and sends 50
//     /garbage           no HTTP at all
//     /silent            takes the request and never answers
//     /drip              a byte every now and then, for ever
//     /big?n=N           N bytes, without saying so before
//     /long-head         headers without an end
//     /to?URL            a redirect there
//     /circle            a redirect to itself
#pragma once

#include "kernel/wire.h"

#include <pthread.h>

typedef struct Heard {
    Str method, target, head, body;
} Heard;

enum { STRANGER_WILL_SAY_MAX = 64 };

typedef struct Stranger {
    int port;
    int listen_fd, stop[2];  // a pipe: closing its end ends the thread
    pthread_t thread;
    pthread_mutex_t lock;
    Arena arena;
    LIST(Heard) heard;
    int will_say[STRANGER_WILL_SAY_MAX];
    int to_say, said;
} Stranger;

void stranger_open(Stranger *stranger);
void stranger_close(Stranger *stranger);

// The next answer of /take: a status, or 0 for hanging up without one.
void stranger_will_say(Stranger *stranger, int status);

// What it was asked, in order; valid until it is closed. Out of range: an empty one.
size_t stranger_count(Stranger *stranger);
Heard stranger_heard(Stranger *stranger, size_t n);
Str heard_header(const Heard *heard, const char *name);  // "" when absent

// "http://127.0.0.1:PORT" and the path.
Str stranger_url(Arena *arena, const Stranger *stranger, const char *path);
