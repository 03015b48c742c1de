// form.c - fields of a form, and the tree they mean.
//
// A form is flat; records are not. A field's name is therefore a path: "lines[0].quantity" is the
// quantity of the first line. The same name several times, or a name ending in "[]", is a list of
// values. The tree is the one JSON would have made, so everything behind it is written once; its
// values are all strings.
//
// Indexes say order, not place: "lines[7]" alone is a list of one, because people remove rows in
// the browser. What cannot be both ("a" and "a.b") is refused. Depth, indexes and the number of
// fields are bounded, and every step is a hash lookup, so a hostile form costs no more than its
// bytes.
#include "kernel/http/head.h"

#include "base/map.h"
#include "base/utf8.h"

#include <ctype.h>

bool fields_parse(Arena *arena, Str text, size_t max, FormFieldList *ret)
{
    FormFieldList fields = { 0 };
    for (Str pair; str_next(&text, '&', &pair);) {
        if (pair.len == 0)
            continue;
        ptrdiff_t eq = str_find_char(pair, '=');
        Str name = eq < 0 ? pair : str_sub(pair, 0, (size_t)eq);
        Str value = eq < 0 ? S("") : str_from_at(pair, (size_t)eq + 1);
        if (fields.len == max)
            return false;
        FormField *field = list_push(arena, &fields);
        if (!url_decode(arena, name, true, &field->name) ||
            !url_decode(arena, value, true, &field->value))
            return false;
    }
    *ret = fields;
    return true;
}

// ---- The tree -----------------------------------------------------------------------------------

typedef enum NodeKind { NODE_NEW, NODE_VALUES, NODE_OBJECT, NODE_ROWS } NodeKind;

typedef struct Node {
    NodeKind kind;
    int index;     // its place, when it is a row
    bool is_list;  // its name ended in "[]": a list, also with one value
    LIST(Str) values;
    Map children;  // of an object by name, of rows by the digits of the index
} Node;

typedef struct PathStep {
    Str text;   // a name, or the digits of an index; "" for "[]"
    int index;  // -1: a name
} PathStep;

static Status fail_name(Ctx *ctx, Str name, const char *why)
{
    return FAIL(ctx, E_INVALID, "form.shape", "the field \"" STR_FMT "\" %s",
                STR_ARG(utf8_cut(name, 60)), why);
}

// The digits of "[12]", or nothing for "[]". The bracket is still there.
static bool take_index(Str *rest, PathStep *ret)
{
    ptrdiff_t end = str_find_char(*rest, ']');
    if (end < 0)
        return false;
    Str digits = str_sub(*rest, 1, (size_t)end - 1);
    *rest = str_from_at(*rest, (size_t)end + 1);
    *ret = (PathStep){ .text = digits };
    if (digits.len == 0)
        return rest->len == 0;
    int64_t index;
    bool is_plain =
        isdigit((unsigned char)digits.ptr[0]) && (digits.len == 1 || digits.ptr[0] != '0');
    if (!is_plain || !str_int(digits, &index) || index > FORM_INDEX_MAX)
        return false;
    ret->index = (int)index;
    return true;
}

// Takes one step off a path: a name at its start and behind a dot, else an index.
static bool take_step(Str *rest, bool is_first, PathStep *ret)
{
    if (!is_first && rest->ptr[0] == '[')
        return take_index(rest, ret);
    if (!is_first && rest->ptr[0] != '.')
        return false;
    size_t from = is_first ? 0 : 1, end = from;
    while (end < rest->len && !strchr(".[]", rest->ptr[end]))
        end++;
    *ret = (PathStep){ .text = str_sub(*rest, from, end - from), .index = -1 };
    *rest = str_from_at(*rest, end);
    return ret->text.len > 0;
}

// The child that a step leads to, made where it is new. NULL when the node is something else
// already.
static Node *child_of(Arena *arena, Node *node, const PathStep *step)
{
    NodeKind kind = step->index < 0 ? NODE_OBJECT : NODE_ROWS;
    if (node->kind == NODE_NEW)
        *node = (Node){ .kind = kind, .index = node->index, .children = { .arena = arena } };
    if (node->kind != kind)
        return NULL;
    Node *child = map_get(&node->children, step->text);
    if (!child) {
        child = NEW(arena, Node);
        child->index = step->index;
        map_put(&node->children, step->text, child);
    }
    return child;
}

static Status add_field(Ctx *ctx, Node *root, const FormField *field)
{
    Node *node = root;
    Str rest = field->name;
    for (int depth = 0; depth == 0 || rest.len; depth++) {
        PathStep step;
        if (depth == FORM_DEPTH)
            return fail_name(ctx, field->name, "is nested too deep");
        if (rest.len == 0 || !take_step(&rest, depth == 0, &step))
            return fail_name(ctx, field->name, "has no name that can be read");
        bool is_end_of_list = step.index == 0 && step.text.len == 0;
        node->is_list |= is_end_of_list;
        node = is_end_of_list ? node : child_of(ctx->arena, node, &step);
        if (!node)
            return fail_name(ctx, field->name, "is one value and many at once");
    }
    if (node->kind != NODE_NEW && node->kind != NODE_VALUES)
        return fail_name(ctx, field->name, "is one value and many at once");
    node->kind = NODE_VALUES;
    *list_push(ctx->arena, &node->values) = field->value;
    return OK;
}

// ---- From the tree to JSON ----------------------------------------------------------------------

static Json *json_from_text(Arena *arena, Str text)
{
    Json *json = NEW(arena, Json);
    *json = (Json){ .type = JSON_STRING, .text = text };
    return json;
}

static Json *json_from_values(Arena *arena, const Node *node)
{
    if (node->values.len == 1 && !node->is_list)
        return json_from_text(arena, node->values.items[0]);
    Json *list = NEW(arena, Json), **end = &list->first;
    *list = (Json){ .type = JSON_ARRAY, .count = node->values.len };
    EACH (value, node->values) {
        *end = json_from_text(arena, *value);
        end = &(*end)->next;
    }
    return list;
}

static int compare_rows(const void *a, const void *b)
{
    const Node *left = *(Node *const *)a, *right = *(Node *const *)b;
    return (left->index > right->index) - (left->index < right->index);
}

// Recursion is bounded by FORM_DEPTH.
static Json *json_from_node(Arena *arena, Node *node)
{
    if (node->kind == NODE_VALUES)
        return json_from_values(arena, node);
    bool is_rows = node->kind == NODE_ROWS;
    if (is_rows)
        qsort(node->children.values, node->children.len, sizeof(Node *), compare_rows);

    Json *parent = NEW(arena, Json), **end = &parent->first;
    *parent = (Json){ .type = is_rows ? JSON_ARRAY : JSON_OBJECT, .count = node->children.len };
    for (size_t i = 0; i < node->children.len; i++) {
        *end = json_from_node(arena, node->children.values[i]);
        if (!is_rows)
            (*end)->key = node->children.keys[i];
        end = &(*end)->next;
    }
    return parent;
}

Status form_to_json(Ctx *ctx, const FormFieldList *fields, const Json **ret)
{
    if (fields->len > FORM_FIELDS_MAX)
        return FAIL(ctx, E_INVALID, "form.limit", "the form has %zu fields; at most %d are read",
                    fields->len, FORM_FIELDS_MAX);
    Node root = { 0 };
    EACH (field, *fields)
        TRY(add_field(ctx, &root, field));
    *ret = json_from_node(ctx->arena, &root);
    return OK;
}
