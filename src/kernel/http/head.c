// head.c - the strict gate. One pass over the bytes of a head; everything there is more than one
// way to read is refused (RFC 9112 sections 2 to 6, read strictly).
#include "kernel/http/head.h"

#include "base/buf.h"

#include <ctype.h>

// clang-format off
const Refusal
    refusal_line      = { 400, "http.line", "a line of the head ends in something else than CRLF" },
    refusal_head_size = { 431, "http.head", "the request's headers are too long" },
    refusal_body_size = { 413, "http.body", "the request's body is too long; send it in parts" },
    refusal_path      = { 400, "http.path", "the path or query is malformed" },
    refusal_mismatch  = { 400, "http.frame", "the body is not what the headers announced" },
    refusal_busy      = { 503, "http.busy", "too much is going on; try again shortly" },
    refusal_slow      = { 408, "http.slow", "the request took too long to arrive" },
    refusal_memory    = { 503, "http.memory", "the request needs more memory than one may use" };

static const Refusal
    bad_request_line = { 400, "http.request_line", "the first line is not METHOD TARGET HTTP/1.1" },
    bad_method       = { 501, "http.method", "the method is unknown here" },
    bad_target       = { 400, "http.target", "the target is not a path of printable ASCII" },
    bad_version      = { 400, "http.version", "the version is neither HTTP/1.0 nor HTTP/1.1" },
    bad_fold         = { 400, "http.fold", "a header is folded over two lines" },
    bad_name         = { 400, "http.name", "a header's name is no token" },
    bad_value        = { 400, "http.value", "a header's value holds a control character" },
    many_headers     = { 431, "http.headers", "the request has too many headers" },
    bad_host         = { 400, "http.host", "there must be one Host header with a host's name" },
    bad_length       = { 400, "http.length", "there may be one Content-Length, of plain digits" },
    bad_encoding     = { 400, "http.encoding", "the only Transfer-Encoding is one chunked" },
    both_framings    = { 400, "http.framing", "Content-Length excludes Transfer-Encoding" },
    bad_expect       = { 417, "http.expect", "only 100-continue can be expected" };
// clang-format on

static const char *const method_names[HTTP_METHODS] = { "GET",   "HEAD",   "POST",   "PUT",
                                                        "PATCH", "DELETE", "OPTIONS" };

const char *http_method_name(HttpMethod method)
{
    return method_names[method];
}

bool http_method_parse(Str name, HttpMethod *ret)
{
    for (int m = 0; m < HTTP_METHODS; m++)
        if (str_is(name, method_names[m])) {
            *ret = (HttpMethod)m;
            return true;
        }
    return false;
}

ptrdiff_t head_end(Str bytes, size_t *scanned)
{
    for (;;) {
        Str rest = str_from_at(bytes, *scanned);
        ptrdiff_t lf = str_find_char(rest, '\n');
        Str line = lf < 0 ? rest : str_sub(rest, 0, (size_t)lf);
        if (str_find_char(line, '\0') >= 0)
            return -1;
        if (lf < 0)
            return 0;
        if (line.len == 0 || line.ptr[line.len - 1] != '\r')
            return -1;
        bool is_first = *scanned == 0;
        *scanned += (size_t)lf + 1;
        if (line.len == 1)
            return is_first ? -1 : (ptrdiff_t)*scanned;
    }
}

// ---- What a text may consist of -----------------------------------------------------------------

// Not empty, and each byte fits.
static bool is_all(Str text, bool (*fits)(unsigned char c))
{
    for (size_t i = 0; i < text.len; i++)
        if (!fits((unsigned char)text.ptr[i]))
            return false;
    return text.len > 0;
}

static bool is_token_char(unsigned char c)  // RFC 9110 section 5.6.2
{
    return isalnum(c) || (c && strchr("!#$%&'*+-.^_`|~", c));
}

static bool is_target_char(unsigned char c)
{
    return isgraph(c) && c != '#';
}

// A tab is the only control character there may be. Bytes above 0x7f are let through: file names in
// UTF-8 are common, and whoever reads a value checks it.
static bool is_value_char(unsigned char c)
{
    return (c >= 0x20 && c != 0x7f) || c == '\t';
}

static bool is_digit(unsigned char c)
{
    return isdigit(c);
}

static bool is_name_char(unsigned char c)
{
    return isalnum(c) || c == '-' || c == '.' || c == '_';
}

static bool is_v6_char(unsigned char c)
{
    return isxdigit(c) || c == ':' || c == '.';
}

// ---- The request line and the headers -----------------------------------------------------------

static const Refusal *parse_version(Str text, int *ret_minor)
{
    if (!str_is(text, "HTTP/1.1") && !str_is(text, "HTTP/1.0"))
        return &bad_version;
    *ret_minor = text.ptr[text.len - 1] - '0';
    return NULL;
}

static const Refusal *parse_request_line(Str line, Head *head)
{
    ptrdiff_t first = str_find_char(line, ' '), last = str_rfind_char(line, ' ');
    if (first <= 0 || first == last)
        return &bad_request_line;
    Str method = str_sub(line, 0, (size_t)first);
    if (!is_all(method, is_token_char))
        return &bad_request_line;
    if (!http_method_parse(method, &head->method))
        return &bad_method;

    head->target = str_sub(line, (size_t)first + 1, (size_t)(last - first) - 1);
    bool is_star = str_is(head->target, "*") && head->method == HTTP_OPTIONS;
    if (!is_all(head->target, is_target_char) || (!is_star && !str_starts(head->target, S("/"))))
        return &bad_target;
    return parse_version(str_from_at(line, (size_t)last + 1), &head->minor);
}

static Str trim_blanks(Str value)
{
    while (value.len && (value.ptr[0] == ' ' || value.ptr[0] == '\t'))
        value = (Str){ value.ptr + 1, value.len - 1 };
    while (value.len && (value.ptr[value.len - 1] == ' ' || value.ptr[value.len - 1] == '\t'))
        value.len--;
    return value;
}

static const Refusal *parse_header(char *line, size_t len, HttpHeader *ret)
{
    if (line[0] == ' ' || line[0] == '\t')
        return &bad_fold;
    ptrdiff_t colon = str_find_char((Str){ line, len }, ':');
    Str name = { line, colon < 0 ? len : (size_t)colon };
    if (colon < 0 || !is_all(name, is_token_char))
        return &bad_name;
    Str value = trim_blanks((Str){ line + colon + 1, len - (size_t)colon - 1 });
    if (value.len && !is_all(value, is_value_char))
        return &bad_value;
    for (size_t i = 0; i < name.len; i++)
        line[i] = (char)tolower((unsigned char)line[i]);
    *ret = (HttpHeader){ name, value };
    return NULL;
}

// How often a header is there, and its (last) value.
static int count_header(const HttpHeaderList *headers, Str name, Str *ret_value)
{
    int count = 0;
    EACH (header, *headers)
        if (str_eq(header->name, name)) {
            *ret_value = header->value;
            count++;
        }
    return count;
}

// A name or an address, an IPv6 one in brackets, and maybe a port. RFC 3986 allows more; hosts have
// no more.
bool is_host(Str host)
{
    bool is_v6 = str_starts(host, S("["));
    ptrdiff_t end = is_v6 ? str_find_char(host, ']') : str_find_char(host, ':');
    if (is_v6 && end < 0)
        return false;
    size_t name_end = end < 0 ? host.len : (size_t)end;
    Str name = str_sub(host, is_v6, name_end - is_v6), port = str_from_at(host, name_end + is_v6);
    if (!is_all(name, is_v6 ? is_v6_char : is_name_char))
        return false;
    return port.len == 0 || (port.ptr[0] == ':' && is_all(str_from_at(port, 1), is_digit));
}

static bool parse_length(Str digits, int64_t *ret)
{
    return is_all(digits, is_digit) && str_int(digits, ret);
}

static const Refusal *parse_framing(const HeadLimits *limits, Head *head)
{
    Str length = S(""), encoding = S("");
    int lengths = count_header(&head->headers, S("content-length"), &length);
    int encodings = count_header(&head->headers, S("transfer-encoding"), &encoding);
    if (lengths && encodings)
        return &both_framings;
    if (lengths > 1 || (lengths && !parse_length(length, &head->body_bytes)))
        return &bad_length;
    if (encodings > 1 ||
        (encodings && (head->minor == 0 || !str_eq_ascii_nocase(encoding, S("chunked")))))
        return &bad_encoding;
    head->is_chunked = encodings > 0;
    return head->body_bytes > limits->body_max ? &refusal_body_size : NULL;
}

static const Refusal *parse_meaning(const HeadLimits *limits, Head *head)
{
    if (count_header(&head->headers, S("host"), &head->host) != 1 || !is_host(head->host))
        return &bad_host;
    Str expect = S(""), connection = S("");
    if (count_header(&head->headers, S("expect"), &expect) &&
        !str_eq_ascii_nocase(expect, S("100-continue")))
        return &bad_expect;
    const Refusal *why = parse_framing(limits, head);
    if (why)
        return why;
    count_header(&head->headers, S("connection"), &connection);
    head->wants_close = header_has_token(connection, S("close")) ||
                        (head->minor == 0 && !header_has_token(connection, S("keep-alive")));
    return NULL;
}

const Refusal *head_parse(Arena *arena, char *bytes, size_t len, const HeadLimits *limits,
                          Head *ret)
{
    if (len > limits->bytes_max)
        return &refusal_head_size;
    Head head = { 0 };
    char *line = bytes, *end = bytes + len;
    for (bool is_first = true; end - line > 2; is_first = false) {
        char *lf = memchr(line, '\n', (size_t)(end - line));
        size_t line_len = (size_t)(lf - line) - 1;
        const Refusal *why;
        if (is_first) {
            why = parse_request_line((Str){ line, line_len }, &head);
        } else if (head.headers.len == (size_t)limits->headers_max) {
            why = &many_headers;
        } else {
            why = parse_header(line, line_len, list_push(arena, &head.headers));
        }
        if (why)
            return why;
        line = lf + 1;
    }
    const Refusal *why = parse_meaning(limits, &head);
    if (!why)
        *ret = head;
    return why;
}
