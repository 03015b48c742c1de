// words.c - lines into words, and names into the other forms that they take: C types, constants,
// labels, plurals, paths.
#include "entgen.h"

#include <ctype.h>

const char *text(Arena *arena, const char *format, ...)
{
    Buf out = { .arena = arena };
    va_list args;
    va_start(args, format);
    buf_vprintf(&out, format, args);
    va_end(args);
    return out.ptr;
}

// Takes one word off the front; the quotation marks inside it are dropped, what is between them
// kept.
static bool take_token(Arena *arena, Str *rest, Token *ret)
{
    Buf out = { .arena = arena };
    bool is_inside = false;
    size_t at = 0;
    ret->is_quoted = rest->ptr[0] == '"';
    for (; at < rest->len && (is_inside || !isspace((unsigned char)rest->ptr[at])); at++) {
        if (rest->ptr[at] == '"')
            is_inside = !is_inside;
        else
            buf_char(&out, rest->ptr[at]);
    }
    *rest = str_from_at(*rest, at);
    ret->text = buf_str(&out).ptr;
    return !is_inside;
}

bool split_line(Arena *arena, Str line, TokenList *ret)
{
    for (Str rest = str_trim(line); rest.len && rest.ptr[0] != '#'; rest = str_trim(rest)) {
        Token token;
        bool is_whole = take_token(arena, &rest, &token);
        *list_push(arena, ret) = token;
        if (!is_whole)
            return false;
    }
    return true;
}

const char *join(Arena *arena, const TokenList *tokens)
{
    Buf out = { .arena = arena };
    EACH (token, *tokens)
        buf_printf(&out, "%s%s", token == tokens->items ? "" : " ", token->text);
    return buf_str(&out).ptr;
}

Names split(Arena *arena, const char *list, char separator)
{
    Names names = { 0 };
    Str rest = str_from(list), part;
    while (str_next(&rest, separator, &part))
        *list_push(arena, &names) = str_c(arena, part);
    return names;
}

bool is_name(const char *word)
{
    if (!islower((unsigned char)word[0]))
        return false;
    for (const char *c = word; *c; c++)
        if (!islower((unsigned char)*c) && !isdigit((unsigned char)*c) && *c != '_')
            return false;
    return true;
}

const char *pascal(Arena *arena, const char *name)
{
    Buf out = { .arena = arena };
    bool is_first = true;
    for (const char *c = name; *c; c++) {
        if (*c != '_')
            buf_char(&out, is_first ? (char)toupper((unsigned char)*c) : *c);
        is_first = *c == '_';
    }
    return buf_str(&out).ptr;
}

const char *upper(Arena *arena, const char *name)
{
    return str_upper_ascii(arena, str_from(name)).ptr;
}

// Cuts a unit off the end: "weight_g" is "weight" in g.
static const char *take_unit(Str *name)
{
    static const char *const units[] = { "_g", "_mm", "_um", "_s", "_mm2" };
    for (size_t i = 0; i < COUNT(units); i++)
        if (name->len > strlen(units[i]) && str_ends(*name, str_from(units[i]))) {
            *name = str_sub(*name, 0, name->len - strlen(units[i]));
            return units[i] + 1;
        }
    return NULL;
}

const char *label_of(Arena *arena, const char *name)
{
    Str rest = str_from(name);
    const char *unit = take_unit(&rest);
    if (str_starts(rest, S("is_")))
        rest = str_from_at(rest, 3);
    Buf out = { .arena = arena };
    for (size_t i = 0; i < rest.len; i++) {
        char c = rest.ptr[i] == '_' ? ' ' : rest.ptr[i];
        buf_char(&out, i ? c : (char)toupper((unsigned char)c));
    }
    return unit ? text(arena, "%s (%s)", buf_str(&out).ptr, unit) : buf_str(&out).ptr;
}

const char *plural_of(Arena *arena, const char *label)
{
    size_t len = strlen(label);
    char last = len ? label[len - 1] : ' ', before = len > 1 ? label[len - 2] : ' ';
    if (last == 'y' && !strchr("aeiou", before))
        return text(arena, "%.*sies", (int)len - 1, label);
    bool hisses = strchr("sxz", last) || (last == 'h' && strchr("cs", before));
    return text(arena, "%s%s", label, hisses ? "es" : "s");
}

const char *path_of(Arena *arena, const char *plural)
{
    Str path = str_lower_ascii(arena, str_from(plural));
    return str_replace_char(arena, path, ' ', '-').ptr;
}

int64_t rows_of(const char *size)
{
    Str digits = str_from(size);
    int64_t unit = 1, rows;
    if (str_ends(digits, S("k")))
        unit = 1000;
    if (str_ends(digits, S("M")))
        unit = 1000000;
    if (unit > 1)
        digits.len--;
    return str_int(digits, &rows) && rows > 0 && rows < 1000000 ? rows * unit : -1;
}
