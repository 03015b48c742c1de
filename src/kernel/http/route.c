// route.c - the router: a trie over the segments of patterns, built once, read by all threads.
//
// A node has children by literal, sorted, and at most one child for a parameter. Looking up goes to
// the literal first and comes back for the parameter where the literal leads nowhere, so the order
// in which routes are listed means nothing. Paths are matched as sent and parameters decoded
// afterwards: an order "A/7" is the one segment "A%2F7".
#include "kernel/http/server.h"

#include "base/buf.h"

#include <assert.h>

enum { SEGMENTS_MAX = 16 };

typedef struct Node Node;
struct Node {
    Str literal;
    LIST(Node *) children;  // by literal, in order of bytes once built
    Node *parameter;
    const Route *by_method[HTTP_METHODS];
    bool has_routes;
};

static struct {
    Arena arena;
    Node root;
} router;

typedef struct Match {
    const Route *route;
    Str segments[SEGMENTS_MAX];
    size_t count;
    Str values[ROUTE_PARAMS];  // still encoded
    HttpMethod method;
    bool allowed[HTTP_METHODS];  // at any node that the path leads to
} Match;

// "/a/b" is two segments, "/" one empty one. False when there are too many to be any route.
static bool split(Str path, Str segments[SEGMENTS_MAX], size_t *ret_count)
{
    size_t count = 0;
    if (!str_starts(path, S("/")))
        return false;
    Str rest = str_from_at(path, 1);
    for (;;) {
        if (count == SEGMENTS_MAX)
            return false;
        ptrdiff_t slash = str_find_char(rest, '/');
        segments[count++] = slash < 0 ? rest : str_sub(rest, 0, (size_t)slash);
        if (slash < 0)
            break;
        rest = str_from_at(rest, (size_t)slash + 1);
    }
    *ret_count = count;
    return true;
}

// ---- Building -----------------------------------------------------------------------------------

static bool is_parameter(Str segment)
{
    return str_starts(segment, S("{")) && str_ends(segment, S("}"));
}

static Node *child_for(Node *node, Str segment)
{
    if (is_parameter(segment)) {
        if (!node->parameter)
            node->parameter = NEW(&router.arena, Node);
        return node->parameter;
    }
    EACH (child, node->children)
        if (str_eq((*child)->literal, segment))
            return *child;
    Node *child = NEW(&router.arena, Node);
    child->literal = segment;
    *list_push(&router.arena, &node->children) = child;
    return child;
}

static int compare_nodes(const void *a, const void *b)
{
    return str_compare((*(Node *const *)a)->literal, (*(Node *const *)b)->literal);
}

static void sort_children(Node *node)
{
    if (node->children.len)
        qsort(node->children.items, node->children.len, sizeof(Node *), compare_nodes);
    EACH (child, node->children)
        sort_children(*child);
    if (node->parameter)
        sort_children(node->parameter);
}

static void add_route(const Route *route)
{
    Str segments[SEGMENTS_MAX];
    size_t count, parameters = 0;
    HttpMethod method;
    bool is_pattern = split(str_from(route->pattern), segments, &count);
    assert(is_pattern);
    bool is_method = http_method_parse(str_from(route->method), &method);
    assert(is_method);
    Node *node = &router.root;
    for (size_t i = 0; i < count; i++) {
        parameters += is_parameter(segments[i]);
        node = child_for(node, segments[i]);
    }
    assert(parameters <= ROUTE_PARAMS);
    assert(!node->by_method[method]);
    node->by_method[method] = route;
    node->has_routes = true;
}

void routes_use(const Route *const *routes, size_t count)
{
    arena_release(&router.arena);
    router.root = (Node){ 0 };
    for (size_t i = 0; i < count; i++)
        add_route(routes[i]);
    sort_children(&router.root);
}

// ---- Looking up ---------------------------------------------------------------------------------

static const Node *literal_child(const Node *node, Str segment)
{
    size_t from = 0, to = node->children.len;
    while (from < to) {
        size_t middle = (from + to) / 2;
        int order = str_compare(segment, node->children.items[middle]->literal);
        if (order == 0)
            return node->children.items[middle];
        if (order < 0)
            to = middle;
        else
            from = middle + 1;
    }
    return NULL;
}

// A node at the end of the path: its route for the method, or a note of what else it would take.
static bool take_route(const Node *node, Match *match)
{
    if (!node->has_routes)
        return false;
    match->route = node->by_method[match->method];
    if (!match->route && match->method == HTTP_HEAD)
        match->route = node->by_method[HTTP_GET];
    for (int m = 0; m < HTTP_METHODS; m++)
        match->allowed[m] |= node->by_method[m] != NULL;
    return match->route != NULL;
}

// Bounded by the pattern with the most segments; visits a node more than once only where both a
// literal and a parameter fit.
static bool find(const Node *node, size_t at, size_t parameters, Match *match)
{
    if (at == match->count)
        return take_route(node, match);
    const Node *literal = literal_child(node, match->segments[at]);
    if (literal && find(literal, at + 1, parameters, match))
        return true;
    if (!node->parameter || match->segments[at].len == 0)
        return false;
    match->values[parameters] = match->segments[at];
    return find(node->parameter, at + 1, parameters + 1, match);
}

static Str allowed_methods(Arena *arena, const bool allowed[HTTP_METHODS])
{
    Buf out = { .arena = arena };
    for (int m = 0; m < HTTP_METHODS; m++)
        if (allowed[m] || (m == HTTP_HEAD && allowed[HTTP_GET]))
            buf_printf(&out, "%s%s", out.len ? ", " : "", http_method_name((HttpMethod)m));
    return buf_str(&out);
}

const Route *route_find(HttpMethod method, Str path, Str params[ROUTE_PARAMS], Str *ret_allowed,
                        Arena *arena)
{
    Match match = { .method = method };
    if (ret_allowed)
        *ret_allowed = S("");
    if (!split(path, match.segments, &match.count))
        return NULL;
    if (!find(&router.root, 0, 0, &match)) {
        if (ret_allowed)
            *ret_allowed = allowed_methods(arena, match.allowed);
        return NULL;
    }
    for (size_t i = 0; i < ROUTE_PARAMS; i++)
        if (!url_decode(arena, match.values[i], false, &params[i]))
            return NULL;
    return match.route;
}
