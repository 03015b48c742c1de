// c_texts.c - the texts of one C file: arguments of calls, members of const tables, and whatever
// TEXT() marks.
#include "c.h"

#include "kernel/i18n/placeholder.h"

typedef struct Finder {
    Texts *texts;
    const World *world;
    const char *file;
    const TokenList *tokens;
} Finder;

// ---- Strings ------------------------------------------------------------------------------------

static const Str *string_at(const Finder *f, size_t at)
{
    const Token *token = at < f->tokens->len ? &f->tokens->items[at] : NULL;
    if (!token || token->kind == TOKEN_OTHER)
        return NULL;
    return token->kind == TOKEN_STRING ? &token->text : map_get(&f->world->strings, token->text);
}

// Strings and macros of strings side by side are one text. Returns where it ends.
static size_t join(const Finder *f, size_t at, Str *ret)
{
    Buf out = { .arena = f->texts->arena };
    for (const Str *piece; (piece = string_at(f, at)); at++)
        buf_put(&out, *piece);
    *ret = str_copy(f->texts->arena, buf_str(&out));
    return at;
}

// TEXT_IN("verb", "Order"): as the macro has it.
static bool text_in(const Finder *f, size_t at, Str *ret)
{
    Span context, english;
    Str a, b;
    if (!token_is(f->tokens, at, "TEXT_IN") || !token_argument(f->tokens, at + 1, 0, &context) ||
        !token_argument(f->tokens, at + 1, 1, &english))
        return false;
    join(f, context.from, &a);
    join(f, english.from, &b);
    *ret = str_format(f->texts->arena, STR_FMT "\4" STR_FMT, STR_ARG(a), STR_ARG(b));
    return true;
}

// The first text at or behind *at, which moves behind it: a choice has two. What stands in a call
// inside is not looked at: that call's own arguments are no texts of ours.
static bool next_text(const Finder *f, size_t *at, size_t to, Str *ret)
{
    for (; *at < to; ++*at) {
        bool is_call = f->tokens->items[*at].kind == TOKEN_WORD &&
                       token_is(f->tokens, *at + 1, "(") && !string_at(f, *at);
        if (is_call && text_in(f, *at, ret)) {
            *at = token_closing(f->tokens, *at + 1) + 1;
            return true;
        }
        if (is_call && !token_is(f->tokens, *at, "TEXT")) {
            *at = token_closing(f->tokens, *at + 1);
        } else if (string_at(f, *at)) {
            *at = join(f, *at, ret);
            return true;
        }
    }
    return false;
}

static void add_texts(const Finder *f, Span span)
{
    Str text;
    int line = f->tokens->items[span.from].line;
    while (next_text(f, &span.from, span.to, &text))
        text_add(f->texts, f->file, line, text, S(""));
}

// ---- Calls --------------------------------------------------------------------------------------

static void add_plural(const Finder *f, Span one, Span many)
{
    Str singular, plural;
    int line = f->tokens->items[one.from].line;
    if (!next_text(f, &one.from, one.to, &singular) || !next_text(f, &many.from, many.to, &plural))
        return;
    const char *why = plural_differs(singular) ? plural_differs(singular) : plural_differs(plural);
    if (why)
        text_mistake(f->texts, f->file, line, "%s", why);
    text_add(f->texts, f->file, line, singular, plural);
}

// What is our own fault is for the log, which is English.
static bool is_internal(const Finder *f, size_t open)
{
    for (size_t i = open, close = token_closing(f->tokens, open); i < close; i++)
        if (token_is(f->tokens, i, "E_INTERNAL"))
            return true;
    return false;
}

static void call_texts(const Finder *f, size_t at)
{
    const Taker *taker = taker_of(f->world, f->file, f->tokens->items[at].text);
    Span one, many;
    if (!taker || !token_argument(f->tokens, at + 1, taker->one, &one) || is_internal(f, at + 1))
        return;
    if (taker->many == 0)
        add_texts(f, one);
    else if (token_argument(f->tokens, at + 1, taker->many, &many))
        add_plural(f, one, many);
}

// What a function returns that is known to give texts, if it is defined at `at`.
static void returned_texts(const Finder *f, size_t at)
{
    size_t open = token_closing(f->tokens, at + 1) + 1;
    if (!token_is(f->tokens, open, "{") ||
        !gives_text(f->world, f->file, f->tokens->items[at].text))
        return;
    size_t close = token_closing(f->tokens, open);
    for (size_t i = open, end; i < close; i++) {
        if (!token_is(f->tokens, i, "return"))
            continue;
        for (end = i; end < close && !token_is(f->tokens, end, ";"); end++)
            ;
        add_texts(f, (Span){ i, end });
    }
}

// ---- Tables -------------------------------------------------------------------------------------

static const Struct *struct_named(const Finder *f, Str name)
{
    return map_get(&f->world->structs, name);
}

static size_t member_named(const Struct *shape, Str name)
{
    for (size_t i = 0; shape && i < shape->members.len; i++)
        if (str_eq(shape->members.items[i].name, name))
            return i;
    return 0;
}

// Where the initialiser that begins at `at` ends: its comma, or the bracket that closes all.
static size_t value_end(const Finder *f, size_t at, size_t close)
{
    for (; at < close && !token_is(f->tokens, at, ","); at++)
        if (token_is(f->tokens, at, "(") || token_is(f->tokens, at, "[") ||
            token_is(f->tokens, at, "{"))
            at = token_closing(f->tokens, at);
    return at;
}

// The braces at `open` hold one struct, or rows of them. A struct that a member holds is one, too.
static void table_texts(const Finder *f, size_t open, const Struct *shape, bool is_rows)
{
    size_t close = token_closing(f->tokens, open), number = 0;
    for (size_t at = open + 1; at < close && shape; at++, number++) {
        size_t end = value_end(f, at, close);
        if (token_is(f->tokens, at, "[")) {  // [NUMBER] = value
            at = token_closing(f->tokens, at) + 2;
        } else if (token_is(f->tokens, at, ".")) {  // .name = value
            number = member_named(shape, f->tokens->items[at + 1].text);
            at += 3;
        }
        const Member *member =
            !is_rows && number < shape->members.len ? &shape->members.items[number] : NULL;
        if (is_rows && token_is(f->tokens, at, "{"))
            table_texts(f, at, shape, false);
        else if (member && token_is(f->tokens, at, "{"))
            table_texts(f, at, struct_named(f, member->type), member->is_array);
        else if (member && is_text_member(shape->name, member->name))
            add_texts(f, (Span){ at, end });
        at = end;
    }
}

// Type name[] = {, Type name = {, (Type[]){, (const Type){
static void declared_texts(const Finder *f, size_t at, const Struct *shape)
{
    const TokenList *tokens = f->tokens;
    size_t next = at + 1;
    bool is_rows = false,
         is_value = token_is(tokens, at - 1, "(") ||
                    (token_is(tokens, at - 1, "const") && token_is(tokens, at - 2, "("));
    if (!is_value && tokens->items[next].kind == TOKEN_WORD)
        next++;
    while (token_is(tokens, next, "[")) {
        is_rows = true;
        next = token_closing(tokens, next) + 1;
    }
    if (token_is(tokens, next, is_value ? ")" : "=") && token_is(tokens, next + 1, "{"))
        table_texts(f, next + 1, shape, is_rows);
}

// struct { ... } name[] = {
static void unnamed_texts(const Finder *f, size_t at)
{
    size_t open = at + 1 + (f->tokens->items[at + 1].kind == TOKEN_WORD);
    if (token_is(f->tokens, open, "{"))
        declared_texts(f, token_closing(f->tokens, open),
                       struct_learn(f->texts->arena, f->tokens, open));
}

// ---- The file -----------------------------------------------------------------------------------

void c_texts(Texts *texts, const World *world, const char *file, const TokenList *tokens)
{
    Finder f = { texts, world, file, tokens };
    for (size_t i = 1; i + 1 < tokens->len; i++) {
        if (tokens->items[i].kind != TOKEN_WORD)
            continue;
        if (token_is(tokens, i, "TEXT") && token_is(tokens, i + 1, "("))
            add_texts(&f, (Span){ i, token_closing(tokens, i + 1) });
        else if (token_is(tokens, i + 1, "("))
            call_texts(&f, i), returned_texts(&f, i);
        else if (token_is(tokens, i, "struct"))
            unnamed_texts(&f, i);
        else if (struct_named(&f, tokens->items[i].text))
            declared_texts(&f, i, struct_named(&f, tokens->items[i].text));
    }
}
