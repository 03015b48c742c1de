// learn.c - what has to be known of all C files before texts can be found in one: which macros
// stand for strings (STR_FMT), which functions and macros hand a text on to tr() (FAIL, PROBLEM,
// helpers of one file), which functions return one, and where in a struct its texts stand
// (Permission.label).
//
// This follows names, not types: enough for code that hands texts on plainly. What it cannot follow
// is marked with TEXT() where it is written.
#include "c.h"

typedef LIST(Str) Names;

// The roots: everything else that takes a text hands it on to one of these.
static const struct {
    const char *name;
    Taker taker;
} roots[] = {
    { "tr", { 1, 0 } },       { "tr_format", { 1, 0 } },   { "tr_plural", { 1, 2 } },
    { "ctx_text", { 1, 0 } }, { "ctx_problem", { 3, 0 } }, { "ctx_fail", { 5, 0 } },
};

static const struct {
    const char *type;  // NULL: any
    const char *member;
} text_members[] = {
    { NULL, "label" },      { NULL, "effect" },          { NULL, "hint" },
    { NULL, "sentence" },   { "Report", "title" },       { "Report", "group" },
    { "NavItem", "group" }, { "Report", "description" }, { "CurrencyInfo", "name" },
};
static const char *const other_labels[] = { "FactTags" };  // structure tags of PDF

bool is_text_member(Str type, Str member)
{
    for (size_t i = 0; i < COUNT(other_labels); i++)
        if (str_is(type, other_labels[i]))
            return false;
    for (size_t i = 0; i < COUNT(text_members); i++)
        if (str_is(member, text_members[i].member) &&
            (!text_members[i].type || str_is(type, text_members[i].type)))
            return true;
    return false;
}

// What one file knows for itself stands behind its path.
static Str own_name(const World *world, const char *file, Str name)
{
    return str_format(world->arena, "%s " STR_FMT, file, STR_ARG(name));
}

bool gives_text(const World *world, const char *file, Str name)
{
    return map_get(&world->givers, own_name(world, file, name)) || map_get(&world->givers, name);
}

const Taker *taker_of(const World *world, const char *file, Str name)
{
    const Taker *taker = map_get(&world->takers, own_name(world, file, name));
    return taker ? taker : map_get(&world->takers, name);
}

// True when it was not known before.
static bool learn_taker(World *world, Str name, int argument)
{
    Taker *taker = map_get(&world->takers, name);
    if (taker)
        return false;
    taker = NEW(world->arena, Taker);
    *taker = (Taker){ argument, 0 };
    map_put(&world->takers, str_copy(world->arena, name), taker);
    return true;
}

// ---- Macros -------------------------------------------------------------------------------------

// #define NAME "text"
static void learn_string(World *world, const TokenList *tokens, size_t at)
{
    if (tokens->items[at + 1].kind != TOKEN_WORD || at + 3 >= tokens->len ||
        tokens->items[at + 2].kind != TOKEN_STRING || tokens->items[at + 3].text.len)
        return;
    Str *value = NEW(world->arena, Str);
    *value = tokens->items[at + 2].text;
    map_put(&world->strings, tokens->items[at + 1].text, value);
}

// The names between the brackets at `at`: of each the last word, or "..." as __VA_ARGS__.
static Names params_of(Arena *arena, const TokenList *tokens, size_t at, size_t end)
{
    Names names = { 0 };
    Str last = S("");
    int depth = 0;
    for (size_t i = at + 1; i <= end && i < tokens->len; i++) {
        const Token *token = &tokens->items[i];
        depth += token_is(tokens, i, "(") - token_is(tokens, i, ")");
        if (token->kind == TOKEN_WORD && depth == 0)
            last = token->text;
        if (token_is(tokens, i, "."))
            last = S("__VA_ARGS__");
        if ((depth == 0 && token_is(tokens, i, ",")) || i == end) {
            *list_push(arena, &names) = last;
            last = S("");
        }
    }
    return names;
}

static int index_of(const Names *names, Str name)
{
    EACH (one, *names)
        if (str_eq(*one, name))
            return (int)(one - names->items);
    return -1;
}

// The parameter that a text argument is, bare or in brackets; -1 for none. A call that it is
// instead returns a text.
static int param_in(World *world, const char *file, const TokenList *tokens, const Names *params,
                    Span span)
{
    while (span.to - span.from > 1 && token_is(tokens, span.from, "(")) {
        span.from++;
        span.to--;
    }
    Str name = tokens->items[span.from].text;
    bool is_word = tokens->items[span.from].kind == TOKEN_WORD;
    if (span.to - span.from == 1)
        return index_of(params, name);
    if (is_word && token_is(tokens, span.from + 1, "(") &&
        token_closing(tokens, span.from + 1) == span.to - 1)
        map_put(&world->givers, own_name(world, file, name), world);
    return -1;
}

// Which of its parameters a body, tokens [from, to), hands on as a text; -1 for none. Either in a
// call, or into a struct: ".sentence = sentence".
static int handed_on(World *world, const char *file, const TokenList *tokens, const Names *params,
                     size_t from, size_t to)
{
    int param = -1;
    for (size_t i = from; i < to && param < 0; i++) {
        const Token *token = &tokens->items[i];
        bool is_call = token->kind == TOKEN_WORD && token_is(tokens, i + 1, "(");
        const Taker *taker = is_call ? taker_of(world, file, token->text) : NULL;
        Span span;
        if (taker && token_argument(tokens, i + 1, taker->one, &span))
            param = param_in(world, file, tokens, params, span);
        else if (token_is(tokens, i, ".") && token_is(tokens, i + 2, "=") &&
                 is_text_member(S(""), tokens->items[i + 1].text))
            param = index_of(params, tokens->items[i + 3].text);
    }
    return param;
}

// #define NAME(a, b, ...) ...; in a .c file it is that file's own.
static bool learn_macro(World *world, const Source *source, size_t at)
{
    const TokenList *tokens = &source->tokens;
    if (!token_is(tokens, at + 2, "("))
        return false;
    size_t close = token_closing(tokens, at + 2), end = close;
    while (end < tokens->len && tokens->items[end].text.len)
        end++;
    Names params = params_of(world->arena, tokens, at + 2, close);
    int param = handed_on(world, source->path, tokens, &params, close, end);
    Str name = tokens->items[at + 1].text;
    if (param < 0 || taker_of(world, source->path, name))
        return false;
    bool is_header = str_ends(str_from(source->path), S(".h"));
    return learn_taker(
        world,
        is_header ? name : str_format(world->arena, "%s " STR_FMT, source->path, STR_ARG(name)),
        param);
}

// ---- Functions ----------------------------------------------------------------------------------

static bool is_static(const TokenList *tokens, size_t at)
{
    while (at > 0 && !token_is(tokens, at - 1, ";") && !token_is(tokens, at - 1, "}") &&
           tokens->items[at - 1].text.len)
        if (token_is(tokens, --at, "static"))
            return true;
    return false;
}

// NAME(params) { body }
static bool learn_function(World *world, const Source *source, size_t at)
{
    const TokenList *tokens = &source->tokens;
    size_t close = token_closing(tokens, at + 1);
    if (!token_is(tokens, close + 1, "{"))
        return false;
    Names params = params_of(world->arena, tokens, at + 1, close);
    int param = handed_on(world, source->path, tokens, &params, close + 1,
                          token_closing(tokens, close + 1));
    Str name = tokens->items[at].text;
    if (param < 0 || taker_of(world, source->path, name))
        return false;
    return learn_taker(world,
                       is_static(tokens, at)
                           ? str_format(world->arena, "%s " STR_FMT, source->path, STR_ARG(name))
                           : name,
                       param);
}

// True when something new was learned.
static bool learn_takers(World *world, const Source *source)
{
    bool is_new = false;
    const TokenList *tokens = &source->tokens;
    for (size_t i = 0; i + 2 < tokens->len; i++) {
        if (token_is(tokens, i, "#"))
            is_new |= learn_macro(world, source, i);
        else if (tokens->items[i].kind == TOKEN_WORD && token_is(tokens, i + 1, "("))
            is_new |= learn_function(world, source, i);
        else if (token_is(tokens, i, "{"))
            i = token_closing(tokens, i);  // what is defined stands outside
    }
    return is_new;
}

// ---- Structs ------------------------------------------------------------------------------------

// One declaration of a struct's body, [from, to): "const char *name, *label" has two members.
static void learn_members(Arena *arena, const TokenList *tokens, size_t from, size_t to,
                          Struct *shape)
{
    Str type = S(""), last = S("");
    bool is_array = false;
    for (size_t i = from; i <= to && i < tokens->len; i++) {
        const Token *token = &tokens->items[i];
        if (i == to || token_is(tokens, i, ",")) {
            *list_push(arena, &shape->members) = (Member){ last, type, is_array };
            is_array = false;
        } else if (token_is(tokens, i, "(") && token_is(tokens, i + 1, "*")) {
            last = tokens->items[i + 2].text;  // (*run)(...)
            i = token_closing(tokens, token_closing(tokens, i) + 1);
        } else if (token_is(tokens, i, "{")) {
            i = token_closing(tokens, i);
        } else if (token_is(tokens, i, "[")) {
            is_array = true;
            i = token_closing(tokens, i);
        } else if (token->kind == TOKEN_WORD) {
            type = shape->members.len && type.len ? type : last;
            last = token->text;
        }
    }
}

Struct *struct_learn(Arena *arena, const TokenList *tokens, size_t open)
{
    Struct *shape = NEW(arena, Struct);
    size_t end = token_closing(tokens, open), from = open + 1;
    for (size_t i = from; i < end; i++) {
        if (token_is(tokens, i, "{") || token_is(tokens, i, "("))
            i = token_closing(tokens, i);
        if (!token_is(tokens, i, ";"))
            continue;
        learn_members(arena, tokens, from, i, shape);
        from = i + 1;
    }
    return shape;
}

// struct NAME { ... }, typedef struct { ... } NAME
static void learn_structs(World *world, const TokenList *tokens)
{
    for (size_t i = 0; i + 2 < tokens->len; i++) {
        if (!token_is(tokens, i, "struct"))
            continue;
        bool has_tag = tokens->items[i + 1].kind == TOKEN_WORD;
        size_t open = i + 1 + has_tag;
        if (!token_is(tokens, open, "{"))
            continue;
        size_t close = token_closing(tokens, open);
        Struct *shape = struct_learn(world->arena, tokens, open);
        if (has_tag)
            shape->name = tokens->items[i + 1].text;
        else if (close + 1 < tokens->len)
            shape->name = tokens->items[close + 1].text;
        map_put(&world->structs, shape->name, shape);
    }
}

void learn(World *world, const SourceList *sources)
{
    for (size_t i = 0; i < COUNT(roots); i++)
        map_put(&world->takers, str_from(roots[i].name), (Taker *)&roots[i].taker);
    EACH (source, *sources) {
        for (size_t i = 0; i + 2 < source->tokens.len; i++)
            if (token_is(&source->tokens, i, "#"))
                learn_string(world, &source->tokens, i);
        learn_structs(world, &source->tokens);
    }
    bool is_new = true;  // what hands on to what was just learned, until there is no more
    while (is_new) {
        is_new = false;
        EACH (source, *sources)
            is_new |= learn_takers(world, source);
    }
}
