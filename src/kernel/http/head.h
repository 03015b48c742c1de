// head.h - the strict gate: the head of a request (request line and headers), read from the bytes
// as they came, and the framing of its body. Private to kernel/http.
//
// evhttp reads leniently and hides what it has seen: a bare LF ends its lines, folded headers are
// joined, text behind a NUL is gone. Two programs in a row that read one stream differently let a
// client smuggle a request past the first. So these functions read every byte before evhttp does,
// and let through only what there is one way to read. docs/http.md lists the rules.
#pragma once

#include "kernel/http/request.h"

// Why a request is refused before anybody looks at it. Rows of one const table each.
typedef struct Refusal {
    int status;        // 400, 413, 417, 431, 501 ...
    const char *code;  // "http.host": stable
    const char *why;   // for the person who writes the client
} Refusal;

typedef struct HeadLimits {
    size_t bytes_max;
    int headers_max;
    int64_t body_max;
} HeadLimits;

typedef struct Head {
    HttpMethod method;
    Str target;              // "/..." or, for OPTIONS, "*"; printable ASCII
    int minor;               // of HTTP/1.x: 0 or 1
    Str host;                // as sent, with its port
    HttpHeaderList headers;  // names in lower case
    bool is_chunked;
    int64_t body_bytes;  // when not chunked
    bool wants_close;    // the connection ends with the answer
} Head;

// Where the head ends. `*scanned` remembers how far an earlier call got with the same bytes.
// Returns the head's length with its empty line, 0 when there must be more, -1 when a line ends
// wrongly (bare LF, NUL, or an empty line at the start).
ptrdiff_t head_end(Str bytes, size_t *scanned);

// Reads a whole head, of the length head_end() said. The views in *ret point into `bytes`, in which
// header names are made lower case. NULL, or why it is refused; *ret is only written when NULL.
const Refusal *head_parse(Arena *arena, char *bytes, size_t len, const HeadLimits *limits,
                          Head *ret);

extern const Refusal refusal_line, refusal_head_size, refusal_body_size, refusal_path,
    refusal_mismatch, refusal_busy, refusal_slow, refusal_memory;

// ---- The body's framing -------------------------------------------------------------------------

typedef enum FramingState {
    FRAMING_LENGTH,    // so many bytes
    FRAMING_SIZE,      // in the line that says how long the chunk is
    FRAMING_DATA,      // in a chunk
    FRAMING_DATA_END,  // in the CRLF behind it
    FRAMING_TRAILER,   // in the lines behind the last chunk
    FRAMING_DONE,
} FramingState;

typedef struct Framing {
    FramingState state;
    int64_t left;        // bytes of the body, or of the chunk
    int64_t body_bytes;  // of all chunks so far
    int64_t body_max;
    int digits;         // of the chunk's size
    int trailer_bytes;  // of all its lines
    int line_bytes;     // of the trailer's line it is in
    bool has_cr;
} Framing;

Framing framing_start(const Head *head, int64_t body_max);
// Takes bytes of the body as they come, up to its end; *ret_used says how many. NULL, or why the
// request is refused.
const Refusal *framing_take(Framing *framing, Str bytes, size_t *ret_used);
// The same for bytes that need not be looked at, because they are all data; returns how many are.
size_t framing_skip(Framing *framing, size_t available);

// ---- From the head to the request ---------------------------------------------------------------

Str target_path(Str target);   // "/a/b" of "/a/b?c"
Str target_query(Str target);  // "c"
// Decodes a path; false when it is malformed or holds dot segments, control characters,
// backslashes.
bool path_decode(Arena *arena, Str raw, Str *ret);

// Splits "a=1&b=2" into decoded fields. False when one is malformed or there are more than `max`.
bool fields_parse(Arena *arena, Str text, size_t max, FormFieldList *ret);

bool is_host(Str host);                 // characters a Host header may have; not empty
Str host_name(Arena *arena, Str host);  // lower case, without the port

// Fills in the upper half of a request, all but the address and the body. NULL, or why not.
const Refusal *request_begin(Arena *arena, const Head *head, Request *request);

// How much `token` is wanted by an Accept-like header, in thousandths: "gzip;q=0.5, *" -> 500. 0
// when it is refused or not named; `*` and `type/*` count where nothing names it exactly.
int accept_quality(Str header, Str token);
// Whether a comma-separated header holds the token, in any case.
bool header_has_token(Str header, Str token);
