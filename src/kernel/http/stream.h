// stream.h - event streams: who has one open, and what was said lately. Private to kernel/http.
#pragma once

#include "base/id.h"
#include "kernel/http/request.h"

struct evbuffer;
struct Loop;

// What a handler asked for (respond_stream); in the request's arena.
typedef struct StreamPlan {
    Id tenant;
    Str topic, last_event_id;
} StreamPlan;

typedef struct Stream Stream;

// Registers a stream of the plan's topic on a loop; NULL when too many are open. It is the loop's.
Stream *stream_open(const StreamPlan *plan, struct Loop *loop);
void stream_close(Stream *stream);
// Appends what the stream has not had yet. Returns false when there was nothing.
bool stream_take(Stream *stream, struct evbuffer *out);
