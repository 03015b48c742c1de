// fuzz_http.c - any bytes as what a client sends: a head, and a body behind it. Laws: it does not
// matter where the bytes are cut; what is let through is clean; said again, it is read the same.
#include "fuzz.h"

#include "base/utf8.h"
#include "kernel/http/head.h"
#include "kernel/http/proxy.h"

#include <ctype.h>

static const HeadLimits limits = { .bytes_max = 8192, .headers_max = 50, .body_max = 5000 };

static ptrdiff_t find_end(Str bytes, size_t piece)
{
    size_t scanned = 0;
    ptrdiff_t end = 0;
    for (size_t len = piece; end == 0; len += piece) {
        end = head_end(str_sub(bytes, 0, len), &scanned);
        if (len >= bytes.len)
            break;
    }
    return end;
}

static void check_head(const Head *head)
{
    LAW(head->minor == 0 || head->minor == 1);
    LAW(is_host(head->host));
    LAW(head->body_bytes >= 0 && head->body_bytes <= limits.body_max);
    LAW(!head->is_chunked || (head->body_bytes == 0 && head->minor == 1));
    LAW(head->headers.len <= (size_t)limits.headers_max);
    for (size_t i = 0; i < head->target.len; i++)
        LAW(isgraph((unsigned char)head->target.ptr[i]));
    EACH (header, head->headers) {
        LAW(header->name.len > 0);
        for (size_t i = 0; i < header->name.len; i++)
            LAW(isgraph((unsigned char)header->name.ptr[i]) &&
                !isupper((unsigned char)header->name.ptr[i]));
        for (size_t i = 0; i < header->value.len; i++)
            LAW(header->value.ptr[i] == '\t' || !iscntrl((unsigned char)header->value.ptr[i]));
    }
}

// Said again from what was understood.
static Str say_head(Arena *arena, const Head *head)
{
    Buf out = { .arena = arena };
    buf_printf(&out, "%s " STR_FMT " HTTP/1.%d\r\n", http_method_name(head->method),
               STR_ARG(head->target), head->minor);
    EACH (header, head->headers)
        buf_printf(&out, STR_FMT ": " STR_FMT "\r\n", STR_ARG(header->name),
                   STR_ARG(header->value));
    buf_c(&out, "\r\n");
    return buf_str(&out);
}

static void check_again(Arena *arena, const Head *head)
{
    Str said = say_head(arena, head);
    Head again;
    HeadLimits wide = limits;
    wide.bytes_max = said.len;
    LAW(find_end(said, said.len) == (ptrdiff_t)said.len);
    LAW(!head_parse(arena, (char *)(uintptr_t)str_copy(arena, said).ptr, said.len, &wide, &again));
    LAW(str_eq(said, say_head(arena, &again)));
    LAW(again.is_chunked == head->is_chunked && again.body_bytes == head->body_bytes);
    LAW(again.wants_close == head->wants_close && str_eq(again.host, head->host));
}

static void check_request(Arena *arena, const Head *head)
{
    Request request = { 0 };
    NetworkList trusted = { 0 };
    Ctx ctx = { .arena = arena };
    if (request_begin(arena, head, &request))
        return;
    LAW(utf8_valid(request.path) && str_find(request.path, S("/../")) < 0);
    LAW(str_find_char(request.path, '\0') < 0 && str_find_char(request.path, '\n') < 0);
    LAW(request.query.len <= QUERY_FIELDS_MAX);
    LAW(networks_parse(&ctx, S("127.0.0.1 10.0.0.0/8"), &trusted) == OK);
    proxy_apply(arena, &trusted, S("127.0.0.1"), &request);
    LAW(request.address.len > 0 && request.host.len > 0);
    int quality = accept_quality(request_header(&request, "accept"), S("text/html"));
    LAW(quality >= 0 && quality <= 1000);
    request_wants_html(&request);
    LAW(request_cookie(&request, "session").len < limits.bytes_max);
}

typedef struct Taken {
    size_t bytes;
    const Refusal *why;
    FramingState state;
    int64_t body_bytes;
} Taken;

static Taken take_body(const Head *head, Str bytes, size_t piece)
{
    Framing framing = framing_start(head, limits.body_max);
    Taken taken = { 0 };
    while (bytes.len && framing.state != FRAMING_DONE && !taken.why) {
        size_t used, skipped = framing_skip(&framing, bytes.len < piece ? bytes.len : piece);
        bytes = str_from_at(bytes, skipped);
        taken.why = framing_take(&framing, str_sub(bytes, 0, piece), &used);
        bytes = str_from_at(bytes, used);
        taken.bytes += used + skipped;
    }
    taken.state = framing.state;
    taken.body_bytes = framing.body_bytes;
    return taken;
}

static void check_body(const Head *head, Str rest)
{
    Taken whole = take_body(head, rest, rest.len + 1);
    for (size_t piece = 1; piece <= 5; piece += 2) {
        Taken cut = take_body(head, rest, piece);
        LAW(cut.why == whole.why && cut.bytes == whole.bytes);
        LAW(cut.state == whole.state && cut.body_bytes == whole.body_bytes);
    }
    LAW(whole.why || whole.body_bytes <= limits.body_max);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena arena = { .limit = FUZZ_ARENA_LIMIT };
    Str bytes = { (const char *)data, size };
    Head head;
    ptrdiff_t end = find_end(bytes, size + 1);
    for (size_t piece = 1; piece <= 3; piece++)
        LAW(find_end(bytes, piece) == end);
    LAW(end <= (ptrdiff_t)size);
    if (end > 0) {
        char *copy = (char *)(uintptr_t)str_copy(&arena, str_sub(bytes, 0, (size_t)end)).ptr;
        const Refusal *why = head_parse(&arena, copy, (size_t)end, &limits, &head);
        LAW(!why || (why->status >= 400 && why->status <= 599 && why->code && why->why));
        if (!why) {
            check_head(&head);
            check_again(&arena, &head);
            check_request(&arena, &head);
            check_body(&head, str_from_at(bytes, (size_t)end));
        }
    }
    arena_release(&arena);
    return 0;
}
