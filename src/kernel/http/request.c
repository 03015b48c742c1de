// request.c - a request from its head, and reading it.
#include "kernel/http/request.h"

#include "kernel/http/head.h"

Str request_header(const Request *request, const char *name)
{
    Str wanted = str_from(name);
    EACH (header, request->headers)
        if (str_eq(header->name, wanted))
            return header->value;
    return S("");
}

Str request_query(const Request *request, const char *name)
{
    EACH (field, request->query)
        if (str_is(field->name, name))
            return field->value;
    return S("");
}

// Cookies come as "a=1; b=2" (RFC 6265 section 4.2), over HTTP/2 proxies also as several headers.
static bool find_cookie(Str header, Str prefix, Str name, Str *ret)
{
    for (Str pair; str_next(&header, ';', &pair);) {
        pair = str_trim(pair);
        ptrdiff_t eq = str_find_char(pair, '=');
        Str key = eq < 0 ? S("") : str_sub(pair, 0, (size_t)eq);
        if (key.len == prefix.len + name.len && str_starts(key, prefix) && str_ends(key, name)) {
            *ret = str_from_at(pair, (size_t)eq + 1);
            return true;
        }
    }
    return false;
}

Str request_cookie(const Request *request, const char *name)
{
    Str value, prefix = request->is_https ? S("__Host-") : S("");
    EACH (header, request->headers)
        if (str_is(header->name, "cookie") &&
            find_cookie(header->value, prefix, str_from(name), &value))
            return value;
    return S("");
}

Str request_raw_path(const Request *request)
{
    return request->target.len ? target_path(request->target) : request->path;
}

// A browser asks for text/html by name, fetch() and programs for anything or for JSON.
bool request_wants_html(const Request *request)
{
    Str accept = request_header(request, "accept");
    if (str_starts(request->path, S("/api/")) || str_find(accept, S("text/html")) < 0)
        return false;
    int html = accept_quality(accept, S("text/html"));
    return html > 0 && html >= accept_quality(accept, S("application/json"));
}

// "Shop.Example.com:8080" -> "shop.example.com"; "[::1]:80" -> "[::1]".
Str host_name(Arena *arena, Str host)
{
    ptrdiff_t colon = str_rfind_char(host, ':');
    if (colon >= 0 && str_find_char(str_from_at(host, (size_t)colon), ']') < 0)
        host = str_sub(host, 0, (size_t)colon);
    return str_lower_ascii(arena, host);
}

const Refusal *request_begin(Arena *arena, const Head *head, Request *request)
{
    request->method = head->method;
    request->target = head->target;
    request->headers = head->headers;
    request->host = host_name(arena, head->host);
    request->out.arena = arena;
    if (!path_decode(arena, target_path(head->target), &request->path) ||
        !fields_parse(arena, target_query(head->target), QUERY_FIELDS_MAX, &request->query))
        return &refusal_path;
    return NULL;
}
