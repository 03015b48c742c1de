// wire.h - an HTTP client that sends exactly the bytes it is told to, for tests of the server.
#pragma once

#include "harness.h"
#include "kernel/http/server.h"

typedef struct Wire {
    int fd;
    Arena *arena;
    Buf in;     // received and not taken yet
    size_t at;  // taken up to here
    bool is_ended;
} Wire;

typedef struct Reply {
    int status;  // 0: the connection ended, or nothing came in time, before there was a whole
                 // answer
    Str head;    // status line and headers
    Str body;    // without its chunks
} Reply;

enum { WIRE_PATIENCE_MS = 10000 };

// Connects to 127.0.0.1; fd -1 when it is refused. Closed by wire_close(), not by the arena.
Wire wire_open(Arena *arena, int port);
void wire_close(Wire *wire);
bool wire_send(Wire *wire, Str bytes);  // false when the other side hung up
bool wire_send_c(Wire *wire, const char *text);
Reply wire_read(Wire *wire, bool is_head);  // the next answer; of a HEAD request without its body
Str wire_read_until(Wire *wire, const char *text, int within_ms);  // "" when it does not come
bool wire_is_closed(Wire *wire, int within_ms);          // by the other side, and nothing more came
Str reply_header(const Reply *reply, const char *name);  // "" when absent
// One request on a connection of its own.
Reply wire_ask(Arena *arena, int port, const char *request);
Str gunzip(Arena *arena, Str bytes);

void sleep_ms(int ms);
int64_t clock_ms(void);
