// tokens.c - C as a row of words, strings and marks: all that is needed to find calls and tables.
#include "c.h"

#include "base/utf8.h"

#include <ctype.h>

typedef struct Lexer {
    Arena *arena;
    Str rest;
    int line;
    bool is_line_start, is_define;
    TokenList tokens;
} Lexer;

static void put(Lexer *l, TokenKind kind, Str text)
{
    *list_push(l->arena, &l->tokens) = (Token){ kind, text, l->line };
}

static void skip(Lexer *l, size_t bytes)
{
    for (size_t i = 0; i < bytes && i < l->rest.len; i++)
        l->line += l->rest.ptr[i] == '\n';
    l->rest = str_from_at(l->rest, bytes);
}

static size_t until(Str s, Str end)
{
    ptrdiff_t at = str_find(s, end);
    return at < 0 ? s.len : (size_t)at + end.len;
}

// ---- Strings ------------------------------------------------------------------------------------

static unsigned take_number(Str *s, int base, size_t figures_max)
{
    unsigned value = 0;
    for (size_t i = 0; i < figures_max && s->len && isxdigit((unsigned char)s->ptr[0]); i++) {
        int c = tolower((unsigned char)s->ptr[0]);
        int digit = isdigit(c) ? c - '0' : c - 'a' + 10;
        if (digit >= base)
            break;
        value = value * (unsigned)base + (unsigned)digit;
        *s = str_from_at(*s, 1);
    }
    return value;
}

static void put_escape(Buf *out, Str *s)
{
    static const char written[] = "ntr\"'\\?ab", meant[] = "\n\t\r\"'\\?\a\b";
    char c = s->ptr[0], bytes[4];
    size_t len;
    const char *at = c ? strchr(written, c) : NULL;
    if (c >= '0' && c <= '7') {
        buf_char(out, (char)take_number(s, 8, 3));
        return;
    }
    *s = str_from_at(*s, 1);
    if (at) {
        buf_char(out, meant[at - written]);
    } else if (c == 'x') {
        buf_char(out, (char)take_number(s, 16, 2));
    } else if (c == 'u' || c == 'U') {
        utf8_put(bytes, (int32_t)take_number(s, 16, c == 'u' ? 4 : 8), &len);
        buf_put(out, (Str){ bytes, len });
    }
}

// A string or character constant, whose quote stands in front.
static void take_string(Lexer *l)
{
    Buf out = { .arena = l->arena };
    char quote = l->rest.ptr[0];
    Str s = str_from_at(l->rest, 1);
    while (s.len && s.ptr[0] != quote && s.ptr[0] != '\n') {
        char c = s.ptr[0];
        s = str_from_at(s, 1);
        if (c == '\\' && s.len)
            put_escape(&out, &s);
        else
            buf_char(&out, c);
    }
    put(l, quote == '"' ? TOKEN_STRING : TOKEN_OTHER, quote == '"' ? buf_str(&out) : S("'"));
    skip(l, l->rest.len - s.len + 1);
}

// ---- Lines of the preprocessor ------------------------------------------------------------------

static void take_directive(Lexer *l)
{
    Str word = str_trim(str_sub(l->rest, 1, 16));
    if (str_starts(word, S("define"))) {
        put(l, TOKEN_OTHER, S("#"));
        l->is_define = true;
        skip(l, (size_t)(str_find(l->rest, S("define")) + 6));
        return;
    }
    Str line;
    do {
        Str rest = l->rest;
        str_next(&rest, '\n', &line);
        skip(l, line.len + 1);
    } while (str_ends(line, S("\\")) && l->rest.len);
}

// A line's end; a #define goes on behind a backslash.
static void take_line_end(Lexer *l)
{
    if (l->is_define)
        put(l, TOKEN_OTHER, S(""));
    l->is_define = false;
    skip(l, 1);
    l->is_line_start = true;
}

static size_t word_len(Str s)
{
    size_t len = 0;
    while (len < s.len && (isalnum((unsigned char)s.ptr[len]) || s.ptr[len] == '_'))
        len++;
    return len;
}

static void take_token(Lexer *l)
{
    char c = l->rest.ptr[0];
    size_t word = word_len(l->rest);
    bool was_start = l->is_line_start;
    if (c != '\n' && !isspace((unsigned char)c))
        l->is_line_start = false;
    if (c == '\n')
        take_line_end(l);
    else if (str_starts(l->rest, S("\\\n")))
        skip(l, 2);
    else if (isspace((unsigned char)c))
        skip(l, 1);
    else if (str_starts(l->rest, S("//")))
        skip(l,
             str_find_char(l->rest, '\n') < 0 ? l->rest.len : (size_t)str_find_char(l->rest, '\n'));
    else if (str_starts(l->rest, S("/*")))
        skip(l, until(str_from_at(l->rest, 2), S("*/")) + 2);
    else if (c == '#' && was_start)
        take_directive(l);
    else if (c == '"' || c == '\'')
        take_string(l);
    else {
        put(l, word && !isdigit((unsigned char)c) ? TOKEN_WORD : TOKEN_OTHER,
            str_sub(l->rest, 0, word ? word : 1));
        skip(l, word ? word : 1);
    }
}

TokenList tokens_of(Arena *arena, Str c, int first_line)
{
    Lexer l = { .arena = arena, .rest = c, .line = first_line, .is_line_start = true };
    while (l.rest.len)
        take_token(&l);
    if (l.is_define)
        put(&l, TOKEN_OTHER, S(""));
    return l.tokens;
}

// ---- Looking at them ----------------------------------------------------------------------------

bool token_is(const TokenList *tokens, size_t at, const char *text)
{
    return at < tokens->len && tokens->items[at].kind != TOKEN_STRING &&
           str_is(tokens->items[at].text, text);
}

static int depth_change(const Token *token)
{
    if (token->kind != TOKEN_OTHER || token->text.len != 1)
        return 0;
    return strchr("([{", token->text.ptr[0]) ? 1 : strchr(")]}", token->text.ptr[0]) ? -1 : 0;
}

size_t token_closing(const TokenList *tokens, size_t at)
{
    int depth = 0;
    for (; at < tokens->len; at++) {
        depth += depth_change(&tokens->items[at]);
        if (depth == 0)
            return at;
    }
    return tokens->len;
}

bool token_argument(const TokenList *tokens, size_t open, int number, Span *ret)
{
    size_t close = token_closing(tokens, open);
    *ret = (Span){ open + 1, open + 1 };
    for (size_t i = open + 1; i <= close && i < tokens->len; i++) {
        if (i < close &&
            (token_is(tokens, i, "(") || token_is(tokens, i, "[") || token_is(tokens, i, "{"))) {
            i = token_closing(tokens, i);
            continue;
        }
        if (i < close && !token_is(tokens, i, ","))
            continue;
        ret->to = i;
        if (number-- == 0)
            return ret->to > ret->from;
        ret->from = i + 1;
    }
    return false;
}
