// tag.c - reads one start tag: its name, its attributes, and the pieces of their values.
//
// The grammar is narrower than HTML's on purpose: names in lower case, values in double quotes, no
// blanks around "=". So there is one way to write a tag, and a value's place is never in doubt.
#include "template.h"

#include <ctype.h>

bool has_word(const char *words, Str word)
{
    Str list = str_from(words), one;
    while (word.len && str_next_word(&list, &one))
        if (str_eq(one, word))
            return true;
    return false;
}

const Attribute *tag_find(const Tag *tag, const char *name)
{
    EACH (attribute, tag->attributes)
        if (str_is(attribute->name, name))
            return attribute;
    return NULL;
}

bool is_literal(const Attribute *attribute)
{
    const PieceList *value = &attribute->value;
    return value->len == 0 || (value->len == 1 && value->items[0].kind == PIECE_TEXT);
}

Str tag_literal(const Tag *tag, const char *name)
{
    const Attribute *attribute = tag_find(tag, name);
    bool has_text =
        attribute && attribute->value.len && is_literal(attribute) && attribute->condition.len == 0;
    return has_text ? attribute->value.items[0].text : S("");
}

// ---- Reading ------------------------------------------------------------------------------------

static bool is_name_char(char c)
{
    return isalnum((unsigned char)c) || (c && strchr("-_:.", c));
}

static char here(const Template *t)
{
    return t->at < t->source.len ? t->source.ptr[t->at] : '\0';
}

static Str name_read(Template *t)
{
    size_t from = t->at;
    while (is_name_char(here(t)))
        t->at++;
    return str_sub(t->source, from, t->at - from);
}

// Blanks and line breaks; the lines that follow inside the tag must not be C.
static bool blanks_skip(Template *t)
{
    bool broke = false;
    while (here(t) && isspace((unsigned char)here(t))) {
        broke |= here(t) == '\n';
        skip(t, 1);
    }
    if (broke && here(t) == '%') {
        refuse(t, t->line, "C inside a tag: write ?name={{condition}}, or two tags in { } each");
        return false;
    }
    return true;
}

static void text_end(Template *t, PieceList *value, Buf *text, int line)
{
    if (text->len == 0)
        return;
    *list_push(t->arena, value) = (Piece){ PIECE_TEXT, buf_str(text), line };
    *text = (Buf){ .arena = t->arena };
}

// A line break inside a value, with the blanks around it, is one blank; none at either end.
static bool break_read(Template *t, const PieceList *value, Buf *text)
{
    while (text->len && isblank((unsigned char)text->ptr[text->len - 1]))
        buf_cut(text, text->len - 1);
    if (!blanks_skip(t))
        return false;
    if (here(t) != '"' && (text->len || value->len))
        buf_char(text, ' ');
    return true;
}

// Behind the opening quote, up to and with the closing one.
static bool value_read(Template *t, Attribute *attribute)
{
    Buf text = { .arena = t->arena };
    size_t from = t->at;
    int line = t->line;
    while (here(t) && here(t) != '"') {
        if (str_starts(rest(t), S("{{")) || str_starts(rest(t), S("[["))) {
            text_end(t, &attribute->value, &text, line);
            if (!piece_read(t, list_push(t->arena, &attribute->value)))
                return false;
        } else if (here(t) == '\n') {
            if (!break_read(t, &attribute->value, &text))
                return false;
        } else {
            buf_char(&text, here(t));
            skip(t, 1);
        }
    }
    attribute->has_value = true;
    attribute->source = str_sub(t->source, from, t->at - from);
    text_end(t, &attribute->value, &text, line);
    if (!skip_over(t, "\"")) {
        refuse(t, line, "the value of " STR_FMT " has no closing quote", STR_ARG(attribute->name));
        return false;
    }
    return true;
}

static bool condition_read(Template *t, Attribute *attribute, bool has_equals)
{
    Piece piece;
    if (!has_equals || !str_starts(rest(t), S("{{"))) {
        refuse(t, attribute->line,
               "?" STR_FMT " without a condition: write ?" STR_FMT "={{condition}}"
               " or ?" STR_FMT "=\"value\"={{condition}}",
               STR_ARG(attribute->name), STR_ARG(attribute->name), STR_ARG(attribute->name));
        return false;
    }
    if (!piece_read(t, &piece))
        return false;
    attribute->condition = piece.text;
    return true;
}

static bool attribute_read(Template *t, Tag *tag)
{
    Attribute attribute = { .line = t->line };
    bool is_conditional = skip_over(t, "?");
    attribute.name = name_read(t);
    if (str_starts(rest(t), S("{{"))) {
        refuse(t, t->line, "{{ }} in an attribute's name: names are fixed, write them out");
        return false;
    }
    bool has_equals = skip_over(t, "=");
    bool has_quote = has_equals && skip_over(t, "\"");
    if (has_quote) {
        if (!value_read(t, &attribute))
            return false;
        has_equals = is_conditional && skip_over(t, "=");
    } else if (has_equals && !is_conditional) {
        refuse(t, t->line, "the value of " STR_FMT " is not quoted: write " STR_FMT "=\"...\"",
               STR_ARG(attribute.name), STR_ARG(attribute.name));
        return false;
    }
    if (is_conditional && !condition_read(t, &attribute, has_equals))
        return false;
    *list_push(t->arena, &tag->attributes) = attribute;
    return true;
}

static bool attributes_read(Template *t, Tag *tag)
{
    for (;;) {
        if (!blanks_skip(t))
            return false;
        if (skip_over(t, ">"))
            return true;
        if (skip_over(t, "/>"))
            return tag->is_closed = true;
        if (here(t) == '?' || is_name_char(here(t))) {
            if (!attribute_read(t, tag))
                return false;
            continue;
        }
        if (str_starts(rest(t), S("{{")))
            refuse(t, t->line,
                   "{{ }} between attributes: put it into a value, or write"
                   " ?name={{condition}}");
        else if (here(t) == '\0' || here(t) == '<')
            refuse(t, tag->line, "<" STR_FMT " has no closing >", STR_ARG(tag->name));
        else
            refuse(t, t->line,
                   "\"%c\" in <" STR_FMT ">: attributes are name=\"value\" with no blank"
                   " around =",
                   here(t), STR_ARG(tag->name));
        return false;
    }
}

static const ElementDef *element_of(Template *t, Str name)
{
    static const ElementDef plain = { "" };
    bool in_svg = is_in_svg(t);
    const ElementDef *def = element_find(name, in_svg);
    if (def)
        return def;
    Str lower = str_lower_ascii(t->arena, name);
    if (!in_svg && (def = element_find(lower, false)))
        refuse(t, t->line, "<" STR_FMT ">: write element names in lower case", STR_ARG(name));
    else
        refuse(t, t->line, "<" STR_FMT "> is no element known here%s", STR_ARG(name),
               in_svg ? " inside <svg>" : "");
    return def ? def : &plain;
}

// Skips what a refused tag leaves behind, so that it is not taken for text.
static void tag_skip(Template *t)
{
    while (here(t) && here(t) != '<' && !skip_over(t, ">")) {
        Str ahead = str_from_at(rest(t), 1);
        ptrdiff_t end = here(t) == '"'               ? str_find_char(ahead, '"')
                      : str_starts(rest(t), S("{{")) ? str_find(ahead, S("}}"))
                                                     : 0;
        skip(t, end < 0 ? 1 : (size_t)end + 1);
    }
}

bool tag_read(Template *t, Tag *ret)
{
    *ret = (Tag){ .line = t->line, .name = name_read(t) };
    if (str_starts(rest(t), S("{{"))) {
        refuse(t, t->line, "{{ }} in a tag's name: names are fixed, write them out");
    } else {
        ret->def = element_of(t, ret->name);
        if (attributes_read(t, ret))
            return true;
    }
    tag_skip(t);
    return false;
}
