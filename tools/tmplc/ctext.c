// ctext.c - the C inside templates, read closely enough for three questions: where a value ends,
// which texts it wants translated, and which blocks stand open.
//
// Blocks matter because markup is checked as it is written, not as it runs: when every { } of the C
// leaves the elements as it found them, the page nests properly whichever way the C goes. For the
// same reason a statement must be complete before markup follows (`% if (x)` without a brace would
// own only the first piece of the markup behind it), and no jump may leave an element open.
#include "template.h"

#include <ctype.h>

static bool is_word_char(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static size_t quoted_len(Str s)
{
    size_t len = 1;
    while (len < s.len && s.ptr[len] != s.ptr[0])
        len += s.ptr[len] == '\\' ? 2 : 1;
    return len + 1 < s.len ? len + 1 : s.len;
}

static Str without_blanks(Str s)
{
    while (s.len) {
        if (isspace((unsigned char)s.ptr[0])) {
            s = str_from_at(s, 1);
        } else if (str_starts(s, S("//"))) {
            return str_from_at(s, s.len);
        } else if (str_starts(s, S("/*"))) {
            ptrdiff_t end = str_find(s, S("*/"));
            s = str_from_at(s, end < 0 ? s.len : (size_t)end + 2);
        } else {
            break;
        }
    }
    return s;
}

bool c_next(Str *rest, CToken *ret)
{
    Str s = without_blanks(*rest);
    size_t len = 1;
    if (s.len == 0)
        return false;
    if (s.ptr[0] == '"' || s.ptr[0] == '\'') {
        len = quoted_len(s);
        ret->kind = s.ptr[0] == '"' ? C_STRING : C_OTHER;
    } else if (is_word_char(s.ptr[0])) {
        while (len < s.len && is_word_char(s.ptr[len]))
            len++;
        ret->kind = C_WORD;
    } else {
        ret->kind = C_OTHER;
    }
    ret->text = str_sub(s, 0, len);
    *rest = str_from_at(s, len);
    return true;
}

static int depth_change(CToken token)
{
    if (token.kind != C_OTHER || token.text.len != 1)
        return 0;
    return memchr("([{", token.text.ptr[0], 3) ? 1 : memchr(")]}", token.text.ptr[0], 3) ? -1 : 0;
}

ptrdiff_t c_value_end(Str s)
{
    Str rest = s;
    CToken token;
    int depth = 0;
    while (c_next(&rest, &token)) {
        if (depth == 0 && str_is(token.text, "}") && str_starts(rest, S("}")))
            return token.text.ptr - s.ptr;
        depth += depth_change(token);
    }
    return -1;
}

// ---- Texts to be translated ---------------------------------------------------------------------

// The text of C strings standing side by side. Only quotes and backslashes are ever escaped in a
// sentence; any other escape stays as it is written.
static Str strings(Arena *arena, Str *rest)
{
    Buf out = { .arena = arena };
    Str ahead = *rest;
    CToken token;
    while (c_next(&ahead, &token) && token.kind == C_STRING) {
        for (size_t i = 1; i + 1 < token.text.len; i++) {
            bool is_escape = token.text.ptr[i] == '\\' && strchr("\"'\\", token.text.ptr[i + 1]);
            buf_char(&out, token.text.ptr[is_escape ? ++i : i]);
        }
        *rest = ahead;
    }
    return buf_str(&out);
}

static bool to_next_argument(Str *rest)
{
    CToken token;
    for (int depth = 0; c_next(rest, &token); depth += depth_change(token))
        if (depth == 0 && (str_is(token.text, ",") || str_is(token.text, ")")))
            return str_is(token.text, ",");
    return false;
}

void c_keys(Template *t, Str c, int line)
{
    CToken token;
    while (c_next(&c, &token)) {
        int texts = str_is(token.text, "tr_plural")      ? 2
                  : has_word("tr tr_format", token.text) ? 1
                                                         : 0;
        if (texts == 0 || !str_starts(c, S("(")))
            continue;
        Str arguments = str_from_at(c, 1);
        while (texts-- > 0 && to_next_argument(&arguments)) {
            Str english = strings(t->arena, &arguments);
            if (english.len)
                put_key(t, english, line);
        }
    }
}

// ---- Lines of C ---------------------------------------------------------------------------------

static void block_open(Template *t, int line)
{
    Block *block = list_push(t->arena, &t->blocks);
    bool is_branch = t->head.len == 0 || has_word("if else", t->head);
    *block = (Block){ .depth = t->open.len,
                      .is_loop = !is_branch && !str_is(t->head, "switch"),
                      .is_switch = str_is(t->head, "switch"),
                      .line = line };
}

static void block_close(Template *t, int line)
{
    if (t->blocks.len == 0) {
        refuse(t, line, "} without {: no block is open on this page");
        return;
    }
    Block block = t->blocks.items[--t->blocks.len];
    if (t->open.len > block.depth) {
        const Element *left = innermost(t);
        refuse(t, line,
               "<" STR_FMT "> of line %d is still open: close it in the block that opened it",
               STR_ARG(left->name), left->line);
        t->open.len = block.depth;
    }
}

// How many elements may be open where this word jumps away; all of them if it is no jump.
static size_t depth_after(const Template *t, Str word)
{
    if (has_word("return goto", word))
        return 0;
    bool is_continue = str_is(word, "continue");
    if (!is_continue && !str_is(word, "break"))
        return t->open.len;
    for (size_t i = t->blocks.len; i > 0; i--) {
        const Block *block = &t->blocks.items[i - 1];
        if (block->is_loop || (block->is_switch && !is_continue))
            return block->depth;
    }
    return t->open.len;
}

static void check_jump(Template *t, Str word, int line)
{
    bool ends_own_loop = has_word("for while do", t->head);  // for (...) if (...) break;
    if (ends_own_loop || t->open.len <= depth_after(t, word))
        return;
    const Element *left = innermost(t);
    refuse(t, line, STR_FMT " leaves <" STR_FMT "> of line %d open: put the rest into an else",
           STR_ARG(word), STR_ARG(left->name), left->line);
}

static void code_token(Template *t, CToken token, int line)
{
    char c = token.kind == C_OTHER && token.text.len == 1 ? token.text.ptr[0] : 'a';
    if (token.kind == C_WORD) {
        if (t->head.len == 0)
            t->head = token.text;
        check_jump(t, token.text, line);
    }
    if (c == '(' || c == ')')
        t->parens += c == '(' ? 1 : -1;
    if (c == '{')
        block_open(t, line);
    if (c == '}')
        block_close(t, line);
    bool is_label = c == ':' && has_word("case default", t->head);
    if (c == '{' || c == '}' || is_label || (c == ';' && t->parens == 0))
        t->head = S("");
    t->last = token.text.ptr[token.text.len - 1];
    t->last_line = line;
}

void code_line(Template *t, Str c, int line)
{
    c = str_trim(c);
    put_code(t, c, line);
    c_keys(t, c, line);
    if (str_starts(c, S("#")))  // the preprocessor's: no statement
        return;
    CToken token;
    while (c_next(&c, &token))
        code_token(t, token, line);
}

void code_before_markup(Template *t)
{
    bool is_whole = t->parens == 0 && (t->last == '\0' || strchr("{};:", t->last));
    if (!is_whole)
        refuse(t, t->last_line,
               "C that is not finished before markup: end it with ; or put { } around the markup");
    t->last = '\0';
    t->parens = 0;
}
