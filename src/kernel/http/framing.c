// framing.c - where the body of a request ends, and whether a chunked one is well formed.
//
// evhttp reads the size of a chunk with strtoll, which takes "+5", "0x5" and blanks, and ends its
// lines at a bare LF. Here a size is hex digits and CRLF and nothing else: also no extension, which
// RFC 9112 section 7.1.1 would have us skip and which evhttp cannot read; nobody is known to send
// one to a server but those who probe it. Trailers are counted and dropped.
#include "kernel/http/head.h"

#include <ctype.h>

enum {
    SIZE_DIGITS_MAX = 8,  // 4 GB in one chunk
    TRAILER_MAX = 4096,
};

static const Refusal bad_chunk = { 400, "http.chunk", "the body's chunks are malformed" };

Framing framing_start(const Head *head, int64_t body_max)
{
    Framing framing = { .body_max = body_max };
    if (head->is_chunked) {
        framing.state = FRAMING_SIZE;
    } else {
        framing.left = framing.body_bytes = head->body_bytes;
        framing.state = head->body_bytes ? FRAMING_LENGTH : FRAMING_DONE;
    }
    return framing;
}

static int hex_digit(unsigned char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (unsigned char)tolower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

// A whole line with the chunk's size has been read.
static const Refusal *size_known(Framing *framing)
{
    if (framing->digits == 0)
        return &bad_chunk;
    framing->body_bytes += framing->left;
    if (framing->body_bytes > framing->body_max)
        return &refusal_body_size;
    framing->state = framing->left ? FRAMING_DATA : FRAMING_TRAILER;
    framing->digits = 0;
    return NULL;
}

static const Refusal *take_size(Framing *framing, unsigned char c)
{
    if (framing->has_cr) {
        framing->has_cr = false;
        return c == '\n' ? size_known(framing) : &bad_chunk;
    }
    if (c == '\r') {
        framing->has_cr = true;
        return NULL;
    }
    int digit = hex_digit(c);
    if (digit < 0 || ++framing->digits > SIZE_DIGITS_MAX)
        return &bad_chunk;
    framing->left = (framing->digits > 1 ? framing->left : 0) * 16 + digit;
    return NULL;
}

static const Refusal *take_data_end(Framing *framing, unsigned char c)
{
    if (c != (framing->has_cr ? '\n' : '\r'))
        return &bad_chunk;
    if (framing->has_cr)
        framing->state = FRAMING_SIZE;
    framing->has_cr = !framing->has_cr;
    return NULL;
}

// Lines up to an empty one.
static const Refusal *take_trailer(Framing *framing, unsigned char c)
{
    if (++framing->trailer_bytes > TRAILER_MAX || c == '\0' || framing->has_cr != (c == '\n'))
        return &bad_chunk;
    if (c == '\n') {
        framing->has_cr = false;
        if (framing->line_bytes == 0)
            framing->state = FRAMING_DONE;
        framing->line_bytes = 0;
    } else if (c == '\r') {
        framing->has_cr = true;
    } else {
        framing->line_bytes++;
    }
    return NULL;
}

size_t framing_skip(Framing *framing, size_t available)
{
    if (framing->state != FRAMING_LENGTH && framing->state != FRAMING_DATA)
        return 0;
    size_t used = (int64_t)available < framing->left ? available : (size_t)framing->left;
    framing->left -= (int64_t)used;
    if (framing->left == 0)
        framing->state = framing->state == FRAMING_LENGTH ? FRAMING_DONE : FRAMING_DATA_END;
    return used;
}

const Refusal *framing_take(Framing *framing, Str bytes, size_t *ret_used)
{
    const Refusal *why = NULL;
    size_t at = 0;
    while (at < bytes.len && framing->state != FRAMING_DONE && !why) {
        unsigned char c = (unsigned char)bytes.ptr[at];
        switch (framing->state) {
        case FRAMING_LENGTH:
        case FRAMING_DATA: at += framing_skip(framing, bytes.len - at); continue;
        case FRAMING_SIZE: why = take_size(framing, c); break;
        case FRAMING_DATA_END: why = take_data_end(framing, c); break;
        case FRAMING_TRAILER: why = take_trailer(framing, c); break;
        case FRAMING_DONE: break;
        }
        at++;
    }
    *ret_used = at;
    return why;
}
