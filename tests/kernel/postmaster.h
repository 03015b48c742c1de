// postmaster.h - a mail server for tests, in a thread of its own: it takes, refuses, drops or
// delays, as told, and keeps what it was given.
#pragma once

#include "kernel/wire.h"

#include <pthread.h>

typedef enum PostAct {  // what it does with the next mail
    POST_TAKE,
    POST_TAKE_SLOWLY,     // after a moment
    POST_NO_SUCH_PERSON,  // 550 to the recipient
    POST_COME_AGAIN,      // 451 to the recipient: greylisting
    POST_REFUSE_CONTENT,  // 554 when it has read it
    POST_HANG_UP,         // when the sender has been named
    POST_HANG_UP_AT_END,  // when it has read everything, without saying whether it took it
    POST_SAY_NOTHING,     // when the sender has been named
} PostAct;

typedef struct Posted {
    Str from, to, bytes;  // bytes as they were before the dots were doubled
} Posted;

enum { POST_ACTS_MAX = 64 };

typedef struct Postmaster {
    int port;
    int listen_fd, stop[2];
    pthread_t thread;
    pthread_mutex_t lock;
    Arena arena;
    LIST(Posted) posted;  // what it took
    int seen;             // mails begun
    PostAct acts[POST_ACTS_MAX];
    int act_count, acted;
    Str password;  // "user:word" that it asks for; "" none. Set before the first mail
} Postmaster;

void postmaster_open(Postmaster *post);
void postmaster_close(Postmaster *post);
void postmaster_will(Postmaster *post, PostAct act);  // the next mail; afterwards it takes
size_t postmaster_count(Postmaster *post);
Posted postmaster_posted(Postmaster *post, size_t n);
int postmaster_seen(Postmaster *post);
