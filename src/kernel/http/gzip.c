// gzip.c - compressing answers, at level 1: on pages it saves nearly what level 6 does for a third
// of the time. Each worker keeps its compressor; setting one up costs more than a page.
#include "kernel/http/serve.h"

#include <event2/buffer.h>
#include <zlib.h>

enum { LEVEL = 1, GZIP_WINDOW = 15 + 16, MEMORY_LEVEL = 8 };

static _Thread_local z_stream compressor;
static _Thread_local bool is_started;

void gzip_start(void)
{
    is_started = deflateInit2(&compressor, LEVEL, Z_DEFLATED, GZIP_WINDOW, MEMORY_LEVEL,
                              Z_DEFAULT_STRATEGY) == Z_OK;
}

void gzip_stop(void)
{
    if (is_started)
        deflateEnd(&compressor);
    is_started = false;
}

bool gzip_append(struct evbuffer *out, Str plain)
{
    if (!is_started || plain.len > UINT32_MAX / 2)
        return false;
    deflateReset(&compressor);
    struct evbuffer_iovec room;
    size_t most = deflateBound(&compressor, plain.len);
    if (evbuffer_reserve_space(out, (ev_ssize_t)most, &room, 1) != 1)
        return false;
    compressor.next_in = (Bytef *)(uintptr_t)plain.ptr;
    compressor.avail_in = (uInt)plain.len;
    compressor.next_out = room.iov_base;
    compressor.avail_out = (uInt)room.iov_len;
    if (deflate(&compressor, Z_FINISH) != Z_STREAM_END)
        return false;
    room.iov_len = compressor.total_out;
    return evbuffer_commit_space(out, &room, 1) == 0;
}
