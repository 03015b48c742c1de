// emit.c - writes the C.
//
// Markup that does not change is collected and goes out in as few buf_put() calls as possible: it
// is written only when a value, a line of C or the end of the page comes. What the template's
// author wrote (C lines, values, signatures) is preceded by #line where needed, so that the C
// compiler's errors name the template; what this file makes up never contains anything that could
// fail.
#include "template.h"

enum { COLUMNS_GOOD = 72, COLUMNS_MAX = 92, INDENT = 4 };

// ---- C text -------------------------------------------------------------------------------------

// One byte inside a C string. A second "?" is escaped so that no trigraph comes up.
static void quoted_char(Buf *out, char c)
{
    char last = out->len ? out->ptr[out->len - 1] : '\0';
    if (c == '\n')
        buf_c(out, "\\n");
    else if (c == '\t')
        buf_c(out, "\\t");
    else if (c == '"' || c == '\\' || (c == '?' && last == '?'))
        buf_printf(out, "\\%c", c);
    else
        buf_char(out, c);
}

static Str quoted(Arena *arena, Str s)
{
    Buf out = { .arena = arena };
    buf_char(&out, '"');
    for (size_t i = 0; i < s.len; i++)
        quoted_char(&out, s.ptr[i]);
    buf_char(&out, '"');
    return buf_str(&out);
}

void c_line(CWriter *writer, int line, Str c)
{
    if (line && writer->line != line) {
        buf_printf(&writer->out, "#line %d " STR_FMT "\n", line,
                   STR_ARG(quoted(writer->out.arena, writer->path)));
        writer->line = line;
    }
    buf_put(&writer->out, c);
    buf_char(&writer->out, '\n');
    writer->line += writer->line > 0;
}

static Str indent(Template *t, const char *prefix)
{
    return str_format(t->arena, "%*s%s", ((int)t->blocks.len + t->nesting + 1) * INDENT, "",
                      prefix);
}

// ---- Literals -----------------------------------------------------------------------------------

void put_literal(Template *t, Str s)
{
    buf_put(&t->literal, s);
}

// Whether a literal may go on in the next line of C before its byte `at`: never within a character,
// where possible behind a tag or blank.
static bool may_break(Str literal, size_t at, size_t column)
{
    bool is_good = at > 0 && strchr("> \n", literal.ptr[at - 1]);
    bool is_within_character = ((unsigned char)literal.ptr[at] & 0xC0) == 0x80;
    return !is_within_character && column > (is_good ? COLUMNS_GOOD : COLUMNS_MAX);
}

// The literal as a C string of several lines, each but the first aligned under it.
static Str quoted_lines(Template *t, Str literal, int column)
{
    Buf out = { .arena = t->arena };
    size_t line_start = 0;
    buf_char(&out, '"');
    for (size_t i = 0; i < literal.len; i++) {
        if (may_break(literal, i, out.len - line_start + (size_t)column)) {
            buf_printf(&out, "\"\n%*s\"", column, "");
            line_start = out.len - 1;
        }
        quoted_char(&out, literal.ptr[i]);
    }
    buf_char(&out, '"');
    return buf_str(&out);
}

static void literal_flush(Template *t)
{
    if (t->literal.len == 0)
        return;
    Str before = indent(t, "buf_put(out, S(");
    Str c = quoted_lines(t, buf_str(&t->literal), (int)before.len);
    c_line(&t->code, 0, str_format(t->arena, STR_FMT STR_FMT "));", STR_ARG(before), STR_ARG(c)));
    for (size_t i = 0; t->code.line && i < c.len; i++)
        t->code.line += c.ptr[i] == '\n';
    buf_clear(&t->literal);
}

// ---- What the author wrote ----------------------------------------------------------------------

void put_code(Template *t, Str c, int line)
{
    literal_flush(t);
    if (str_starts(c, S("#"))) {
        c_line(&t->code, line, c);
        return;
    }
    bool is_outdented =
        str_starts(c, S("}")) || str_starts(c, S("case ")) || str_starts(c, S("default"));
    size_t depth = t->blocks.len + (is_outdented && t->blocks.len ? 0 : 1);
    c_line(&t->code, line,
           str_format(t->arena, "%*s" STR_FMT, (int)depth * INDENT, "", STR_ARG(c)));
}

void put_key(Template *t, Str english, int line)
{
    buf_printf(&t->keys, STR_FMT ":%d\t" STR_FMT "\n", STR_ARG(t->path), line, STR_ARG(english));
}

static void put_statement(Template *t, int line, Str c)
{
    literal_flush(t);
    c_line(&t->code, line,
           str_format(t->arena, STR_FMT STR_FMT, STR_ARG(indent(t, "")), STR_ARG(c)));
}

// The call that the place's macro chooses for a value. In this form the C compiler blames the
// template's line when the type does not fit (web/html.h).
static Str placed(Template *t, const char *macro, Str value)
{
    return str_format(t->arena, "(%s(" STR_FMT "))(out, " STR_FMT ")", macro, STR_ARG(value),
                      STR_ARG(value));
}

void put_piece(Template *t, const Piece *piece, const char *macro)
{
    Str text = piece->text;
    switch (piece->kind) {
    case PIECE_TEXT: put_literal(t, text); break;
    case PIECE_KEY:
        put_key(t, text, piece->line);
        text = quoted(t->arena, text);
        put_statement(t, 0, str_format(t->arena, "html_tr(out, ctx, " STR_FMT ");", STR_ARG(text)));
        break;
    case PIECE_BDI:
    case PIECE_VALUE:
        put_literal(t, piece->kind == PIECE_BDI ? S("<bdi>") : S(""));
        put_statement(t, piece->line,
                      str_format(t->arena, STR_FMT ";", STR_ARG(placed(t, macro, text))));
        put_literal(t, piece->kind == PIECE_BDI ? S("</bdi>") : S(""));
        break;
    }
}

// ---- Tags ---------------------------------------------------------------------------------------

// Whether a value that stands behind this text begins an address of its own.
static bool starts_address(AttributeKind kind, const Attribute *attribute, const Piece *piece)
{
    if (piece == attribute->value.items)
        return true;
    const Piece *before = piece - 1;
    return kind == ATTRIBUTE_LINKS && before->kind == PIECE_TEXT &&
           str_ends(str_trim(before->text), S(","));
}

static const char *value_macro(AttributeKind kind, const Attribute *attribute, const Piece *piece)
{
    Str start = attribute->value.items[0].text;
    bool is_contact = str_starts(start, S("mailto:")) || str_starts(start, S("tel:"));
    switch (kind) {
    case ATTRIBUTE_NUMBER: return "HTML_NUMBER";
    case ATTRIBUTE_LINK:
    case ATTRIBUTE_LINKS:
        return starts_address(kind, attribute, piece) ? "HTML_URL"
             : is_contact                             ? "HTML_CONTACT"
                                                      : "HTML_LINK";
    case ATTRIBUTE_TEXT:
    case ATTRIBUTE_PLAIN: break;
    }
    return "HTML_ATTRIBUTE";
}

static void put_attribute(Template *t, const Tag *tag, const Attribute *attribute)
{
    AttributeKind kind = attribute_kind(tag, attribute);
    bool is_conditional = attribute->condition.len > 0;
    if (is_conditional)
        put_statement(t, attribute->line,
                      str_format(t->arena, "if (" STR_FMT ") {", STR_ARG(attribute->condition)));
    t->nesting += is_conditional;
    put_literal(t, str_format(t->arena, " " STR_FMT, STR_ARG(attribute->name)));
    if (attribute->has_value) {
        put_literal(t, S("=\""));
        EACH (piece, attribute->value)
            put_piece(t, piece, value_macro(kind, attribute, piece));
        put_literal(t, S("\""));
    }
    if (!is_conditional)
        return;
    literal_flush(t);
    t->nesting--;
    put_statement(t, 0, S("}"));
}

// A text attribute's value as a C expression of type Str.
static Str str_expression(Template *t, const Piece *piece)
{
    if (piece->kind == PIECE_TEXT)
        return str_format(t->arena, "S(" STR_FMT ")", STR_ARG(quoted(t->arena, piece->text)));
    return placed(t, "HTML_PATH", piece->text);
}

// A call with a field's path. One that is made of several pieces is put together at the end of
// `out` and taken off again, which costs no more memory than the path.
static void put_path_call(Template *t, const char *function, const Attribute *field, Str more)
{
    const PieceList *path = &field->value;
    bool is_whole = path->len == 1;
    Str value = is_whole ? str_expression(t, path->items) : S("html_take(out, html_from_)");
    if (!is_whole) {
        put_statement(t, 0, S("{"));
        t->nesting++;
        put_statement(t, 0, S("size_t html_from_ = html_begin(out);"));
        EACH (piece, *path)
            put_piece(t, piece, "HTML_PLAIN");
    }
    put_statement(t, field->line,
                  str_format(t->arena, "%s(out, ctx, " STR_FMT STR_FMT ");", function,
                             STR_ARG(value), STR_ARG(more)));
    t->nesting -= !is_whole;
    if (!is_whole)
        put_statement(t, 0, S("}"));
}

static void put_field(Template *t, const Tag *tag, const Attribute *field)
{
    const Attribute *described = tag_find(tag, "aria-describedby");
    bool has_hint = described && described->value.len;
    Str hint = has_hint ? str_expression(t, described->value.items) : S("S(\"\")");
    Str more = str_format(t->arena, ", " STR_FMT, STR_ARG(hint));
    if (str_is(tag->name, "label"))
        put_path_call(t, "html_field_for", field, S(""));
    else
        put_path_call(t, str_is(tag->name, "fieldset") ? "html_field_group" : "html_field", field,
                      more);
}

static void put_attributes(Template *t, const Tag *tag)
{
    bool has_field = tag_find(tag, "field");
    EACH (attribute, tag->attributes) {
        if (str_is(attribute->name, "field"))
            put_field(t, tag, attribute);
        else if (!(has_field && str_is(attribute->name, "aria-describedby")))
            put_attribute(t, tag, attribute);
    }
}

// Only a form that posts to ourselves may carry our token.
static bool posts_to_us(const Tag *tag)
{
    const Attribute *action = tag_find(tag, "action");
    bool is_elsewhere = action && str_starts(action->source, S("https:"));
    return str_is(tag_literal(tag, "method"), "post") && !is_elsewhere;
}

void put_tag(Template *t, const Tag *tag)
{
    const Attribute *field = tag_find(tag, "field");
    bool is_form = str_is(tag->name, "form");
    if (str_is(tag->name, "problems")) {
        put_statement(t, 0, S("html_problems(out, ctx);"));
        return;
    }
    if (str_is(tag->name, "error") && field) {
        put_path_call(t, "html_error", field, S(""));
        return;
    }
    put_literal(t, str_format(t->arena, "<" STR_FMT, STR_ARG(tag->name)));
    if (str_is(tag->name, "html"))
        put_statement(t, 0, S("html_lang(out, ctx);"));
    put_attributes(t, tag);
    if (is_form && !tag_find(tag, "novalidate"))
        put_literal(t, S(" novalidate"));
    put_literal(t, tag->is_closed ? S("/>") : S(">"));
    if (is_form && posts_to_us(tag)) {
        put_statement(t, 0, S("html_csrf(out, ctx);"));
        put_statement(t, 0, S("html_once(out, ctx);"));
    }
    if (str_is(tag->name, "title") && !is_in_svg(t))
        put_statement(t, 0, S("html_title_mark(out, ctx);"));
}

// ---- Pages --------------------------------------------------------------------------------------

void page_open(Template *t, Str name, Str arguments, int line)
{
    Str all = str_format(t->arena, "void " STR_FMT "(Buf *out, Ctx *ctx%s" STR_FMT ")",
                         STR_ARG(name), arguments.len ? ", " : "", STR_ARG(arguments));
    c_line(&t->header, 0, S(""));
    for (Str remarks = buf_str(&t->remark), remark; str_next(&remarks, '\n', &remark);)
        c_line(&t->header, 0, remark);
    c_line(&t->header, line, str_format(t->arena, STR_FMT ";", STR_ARG(all)));
    c_line(&t->code, 0, S(""));
    c_line(&t->code, line, all);
    c_line(&t->code, 0, S("{"));
    buf_clear(&t->remark);
}

void page_close(Template *t)
{
    literal_flush(t);
    c_line(&t->code, 0, S("}"));
}

Compiled compiled(Template *t, Str header_name)
{
    Str head =
        str_format(t->arena, "// Generated from " STR_FMT " by tmplc: change that file instead.\n",
                   STR_ARG(t->path));
    return (Compiled){
        .code = str_format(t->arena,
                           STR_FMT "#include \"" STR_FMT
                                   "\"\n\n#include \"kernel/i18n.h\"\n" STR_FMT STR_FMT,
                           STR_ARG(head), STR_ARG(header_name), STR_ARG(buf_str(&t->top.out)),
                           STR_ARG(buf_str(&t->code.out))),
        .header = str_format(t->arena, STR_FMT "#pragma once\n\n#include \"web/html.h\"\n" STR_FMT,
                             STR_ARG(head), STR_ARG(buf_str(&t->header.out))),
        .keys = buf_str(&t->keys),
        .errors = buf_str(&t->errors),
    };
}
