// stream.c - event streams (text/event-stream, WHATWG HTML section 9.2).
//
// A topic keeps the last few things that were said about it, so that a page that lost its
// connection goes on where it was. Publishing puts a line into the topic's ring and wakes the
// loops; each loop then takes, for each of its streams, what that stream has not had. Nothing is
// queued per stream: one that reads slowly finds at most a ring's worth, and is told to load itself
// anew when that was not all.
//
// A topic exists from the first stream opened on it, and for a while after the last was closed.
// What is published about a topic that nobody watches is not kept. An event's id names the life of
// the topic it belongs to, so an id from before a restart is recognised as too old.
#include "kernel/http/stream.h"

#include <event2/buffer.h>
#include <inttypes.h>
#include <sys/random.h>

#include "base/date.h"
#include "kernel/event.h"
#include "kernel/http/serve.h"

enum {
    STREAMS_MAX = 4096,
    TOPICS_MAX = 4096,
    RING = 32,
    EVENT_MAX = 4096,  // bytes of one event's data; a longer one makes the pages load anew
    TOPIC_NAME_MAX = 200,
    SLOTS = 1024,  // of the table of topics
};
#define TOPIC_KEPT (10 * MINUTE)  // after its last stream

typedef struct Topic Topic;
struct Topic {
    Topic *next;  // in its slot
    Id tenant;
    Str name;        // malloc
    uint64_t life;   // differs each time a topic of this name begins
    Str ring[RING];  // malloc; event n is at n % RING, with ptr NULL where it was not kept
    int64_t count;   // events so far; the newest is number `count`
    Stream *streams;
    Time idle_since;
};

struct Stream {
    Topic *topic;
    Loop *loop;
    Stream *next, *before;  // of the topic's
    int64_t taken;          // the last event it has had
    bool is_new;            // it has not been told where it stands
    bool is_behind;         // it missed something that is gone
};

static struct {
    pthread_mutex_t lock;
    Topic *slots[SLOTS];
    int topics, streams;
} live = { .lock = PTHREAD_MUTEX_INITIALIZER };

// ---- Topics, all under the lock -----------------------------------------------------------------

static Topic **topic_place(Id tenant, Str name)
{
    Topic **at = &live.slots[(str_hash(name) ^ (uint64_t)tenant) % SLOTS];
    while (*at && ((*at)->tenant != tenant || !str_eq((*at)->name, name)))
        at = &(*at)->next;
    return at;
}

static void text_free(Str text)
{
    free((char *)(uintptr_t)text.ptr);
}

// False, and ptr NULL, where memory is short.
static bool text_keep(Str text, Str *ret)
{
    char *copy = malloc(text.len + 1);
    if (copy)
        memcpy(copy, text.ptr, text.len);
    *ret = (Str){ copy, copy ? text.len : 0 };
    return copy != NULL;
}

static void topic_free(Topic **at)
{
    Topic *topic = *at;
    *at = topic->next;
    for (int i = 0; i < RING; i++)
        text_free(topic->ring[i]);
    text_free(topic->name);
    free(topic);
    live.topics--;
}

// Forgets topics that nobody watches: those long unwatched, or all of them when there are too many.
static void topics_tidy(void)
{
    Time now = steady_now();
    bool is_full = live.topics >= TOPICS_MAX;
    for (int slot = 0; slot < SLOTS; slot++)
        for (Topic **at = &live.slots[slot]; *at;) {
            bool is_idle = !(*at)->streams;
            if (is_idle && (is_full || now - (*at)->idle_since > TOPIC_KEPT))
                topic_free(at);
            else
                at = &(*at)->next;
        }
}

static Topic *topic_get(Id tenant, Str name)
{
    Topic *found = *topic_place(tenant, name);
    if (found)
        return found;
    topics_tidy();
    Topic *topic = calloc(1, sizeof *topic);
    if (!topic || getrandom(&topic->life, sizeof topic->life, 0) < 0 ||
        !text_keep(name, &topic->name)) {
        free(topic);
        return NULL;
    }
    topic->tenant = tenant;
    live.topics++;
    *topic_place(tenant, name) = topic;
    return topic;
}

// ---- Opening and closing ------------------------------------------------------------------------

Status respond_stream(Ctx *ctx, Str topic, Str last_event_id)
{
    pthread_mutex_lock(&live.lock);
    bool is_full = live.streams >= STREAMS_MAX;
    pthread_mutex_unlock(&live.lock);
    if (is_full)
        return FAIL(ctx, E_BUSY, "stream.full", "too many live pages are open");
    if (topic.len > TOPIC_NAME_MAX)
        return FAIL(ctx, E_INVALID, "stream.topic", "the topic has more than %d characters",
                    TOPIC_NAME_MAX);
    StreamPlan *plan = NEW(ctx->arena, StreamPlan);
    *plan = (StreamPlan){ .tenant = ctx->tenant ? ctx->tenant->id : 0,
                          .topic = topic,
                          .last_event_id = last_event_id };
    TRY(respond(ctx, 200, S("text/event-stream"), S("")));
    respond_header(ctx, "cache-control", S("no-cache"));
    respond_header(ctx, "x-accel-buffering", S("no"));  // nginx would collect the events
    ctx->request->stream = plan;
    return OK;
}

// Where a stream goes on: "<life>-<number>" of the last event it had.
static void find_place(Stream *stream, Str last_event_id)
{
    const Topic *topic = stream->topic;
    uint64_t life;
    int64_t taken;
    char text[64] = "";
    stream->taken = topic->count;
    if (last_event_id.len == 0)
        return;
    if (last_event_id.len < sizeof text)
        memcpy(text, last_event_id.ptr, last_event_id.len);
    bool is_ours = sscanf(text, "%16" SCNx64 "-%" SCNd64, &life, &taken) == 2 &&
                   life == topic->life && taken >= 0 && taken <= topic->count;
    if (is_ours)
        stream->taken = taken;
    stream->is_behind = !is_ours;
}

Stream *stream_open(const StreamPlan *plan, Loop *loop)
{
    Stream *stream = calloc(1, sizeof *stream);
    if (!stream)
        return NULL;
    pthread_mutex_lock(&live.lock);
    Topic *topic = live.streams < STREAMS_MAX ? topic_get(plan->tenant, plan->topic) : NULL;
    if (!topic) {
        pthread_mutex_unlock(&live.lock);
        free(stream);
        return NULL;
    }
    *stream = (Stream){ .topic = topic, .loop = loop, .next = topic->streams, .is_new = true };
    if (topic->streams)
        topic->streams->before = stream;
    topic->streams = stream;
    live.streams++;
    find_place(stream, plan->last_event_id);
    pthread_mutex_unlock(&live.lock);
    return stream;
}

void stream_close(Stream *stream)
{
    pthread_mutex_lock(&live.lock);
    if (stream->next)
        stream->next->before = stream->before;
    *(stream->before ? &stream->before->next : &stream->topic->streams) = stream->next;
    stream->topic->idle_since = steady_now();
    live.streams--;
    pthread_mutex_unlock(&live.lock);
    free(stream);
}

// ---- Saying something ---------------------------------------------------------------------------

void live_publish(const Tenant *tenant, Str name, Str data)
{
    pthread_mutex_lock(&live.lock);
    Topic *topic = *topic_place(tenant ? tenant->id : 0, name);
    if (topic) {
        Str *place = &topic->ring[++topic->count % RING];
        text_free(*place);
        *place = (Str){ NULL, 0 };
        if (data.len <= EVENT_MAX)
            text_keep(data, place);
        // A loop outlives its streams, and they are only closed under this lock.
        for (Stream *stream = topic->streams; stream; stream = stream->next)
            loop_wake_streams(stream->loop);
    }
    pthread_mutex_unlock(&live.lock);
}

// Each line of the data is a line of the event; CR, LF and CRLF all end one.
static void put_data(struct evbuffer *out, Str data)
{
    do {
        size_t end = 0;
        while (end < data.len && data.ptr[end] != '\r' && data.ptr[end] != '\n')
            end++;
        evbuffer_add_printf(out, "data: " STR_FMT "\n", STR_ARG(str_sub(data, 0, end)));
        bool is_crlf = str_starts(str_from_at(data, end), S("\r\n"));
        data = str_from_at(data, end + (is_crlf ? 2 : 1));
    } while (data.len);
}

static void put_id(struct evbuffer *out, const Topic *topic, int64_t number)
{
    evbuffer_add_printf(out, "id: %" PRIx64 "-%" PRId64 "\n", topic->life, number);
}

static bool has_all(const Topic *topic, int64_t taken)
{
    if (topic->count - taken > RING)
        return false;
    for (int64_t n = taken + 1; n <= topic->count; n++)
        if (!topic->ring[n % RING].ptr)
            return false;
    return true;
}

static void put_events(Stream *stream, struct evbuffer *out)
{
    const Topic *topic = stream->topic;
    if (stream->is_behind || !has_all(topic, stream->taken)) {
        put_id(out, topic, topic->count);
        evbuffer_add_printf(out, "event: reset\ndata:\n\n");
        stream->taken = topic->count;
    } else if (stream->is_new) {
        // No event, only a place to come back to.
        put_id(out, topic, stream->taken);
        evbuffer_add(out, "\n", 1);
    }
    while (stream->taken < topic->count) {
        put_id(out, topic, ++stream->taken);
        put_data(out, topic->ring[stream->taken % RING]);
        evbuffer_add(out, "\n", 1);
    }
    stream->is_new = stream->is_behind = false;
}

bool stream_take(Stream *stream, struct evbuffer *out)
{
    pthread_mutex_lock(&live.lock);
    put_events(stream, out);
    pthread_mutex_unlock(&live.lock);
    return evbuffer_get_length(out) > 0;
}
