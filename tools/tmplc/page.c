// page.c - reads a template from top to bottom: lines, pages, text, and the stack of open elements.
//
// Every line is one of three: a directive (%page, %include, %c, %#), C (any other line whose first
// character is %), or markup. White space is settled here as well. Indentation goes; a line break
// becomes one blank, but only between two pieces of text: it waits (`has_break`) until text follows
// and is forgotten when a tag does. Lines of C in between do not count.
#include "template.h"

#include "base/utf8.h"

#include <ctype.h>

enum { ERRORS_MAX = 20, SIGNATURE_LINES_MAX = 20 };

void refuse(Template *t, int line, const char *format, ...)
{
    if (t->error_count++ >= ERRORS_MAX)
        return;
    va_list args;
    va_start(args, format);
    buf_printf(&t->errors, STR_FMT ":%d: error: ", STR_ARG(t->path), line);
    buf_vprintf(&t->errors, format, args);
    buf_char(&t->errors, '\n');
    va_end(args);
}

Str rest(const Template *t)
{
    return str_from_at(t->source, t->at);
}

Str rest_of_line(const Template *t)
{
    Str all = rest(t);
    ptrdiff_t end = str_find_char(all, '\n');
    return end < 0 ? all : str_sub(all, 0, (size_t)end);
}

void skip(Template *t, size_t bytes)
{
    while (bytes-- > 0 && t->at < t->source.len)
        t->line += t->source.ptr[t->at++] == '\n';
}

bool skip_over(Template *t, const char *text)
{
    bool is_here = str_starts(rest(t), str_from(text));
    if (is_here)
        skip(t, strlen(text));
    return is_here;
}

static void skip_line(Template *t)
{
    skip(t, rest_of_line(t).len + 1);
}

// ---- Open elements ------------------------------------------------------------------------------

const Element *innermost(const Template *t)
{
    return t->open.len ? &t->open.items[t->open.len - 1] : NULL;
}

const Element *around(const Template *t, const char *names)
{
    for (size_t depth = t->open.len; depth > 0; depth--)
        if (has_word(names, t->open.items[depth - 1].name))
            return &t->open.items[depth - 1];
    return NULL;
}

bool is_in_svg(const Template *t)
{
    return t->open.len && innermost(t)->is_svg;
}

bool is_untranslated_here(const Template *t)
{
    return t->open.len && innermost(t)->is_untranslated;
}

static bool is_verbatim_here(const Template *t)
{
    return t->open.len && innermost(t)->def->flags & EL_VERBATIM;
}

static void element_open(Template *t, const Tag *tag)
{
    bool is_untranslated = is_untranslated_here(t) || tag->def->flags & EL_CODE ||
                           str_is(tag_literal(tag, "translate"), "no");
    bool is_svg = is_in_svg(t) || str_is(tag->name, "svg");
    *list_push(t->arena, &t->open) =
        (Element){ tag->name, tag->def, is_untranslated, is_svg, tag->line };
}

// ---- Values and texts ---------------------------------------------------------------------------

// How much of the line is text: up to the next tag, value or translated text.
static size_t text_len(Str line)
{
    static const char *const ends[] = { "<", "{{", "}}", "[[", "]]" };
    size_t len = line.len;
    for (size_t i = 0; i < COUNT(ends); i++) {
        ptrdiff_t at = str_find(line, str_from(ends[i]));
        if (at >= 0 && (size_t)at < len)
            len = (size_t)at;
    }
    return len;
}

static bool value_read(Template *t, Piece *ret)
{
    Str line = rest_of_line(t);
    ptrdiff_t end = c_value_end(line);
    if (end < 0) {
        refuse(t, t->line, "{{ without }}: a value ends on the line on which it starts");
        skip(t, text_len(line));
        return false;
    }
    Str c = str_trim(str_sub(line, 0, (size_t)end));
    bool is_bdi = str_starts(c, S("bdi "));
    *ret = (Piece){ is_bdi ? PIECE_BDI : PIECE_VALUE, str_trim(str_from_at(c, is_bdi ? 4 : 0)),
                    t->line };
    if (ret->text.len == 0)
        refuse(t, t->line, "{{ }} is empty: put a C expression into it");
    c_keys(t, ret->text, t->line);
    skip(t, (size_t)end + 2);
    return true;
}

static Str on_one_line(Arena *arena, Str text)
{
    Buf out = { .arena = arena };
    for (Str word; str_next_word(&text, &word);) {
        if (out.len)
            buf_char(&out, ' ');
        buf_put(&out, word);
    }
    return buf_str(&out);
}

static bool key_read(Template *t, Piece *ret)
{
    int line = t->line;
    ptrdiff_t end = str_find(rest(t), S("]]"));
    if (end < 0) {
        refuse(t, line, "[[ without ]]: close the text behind its last word");
        skip(t, text_len(rest_of_line(t)));
        return false;
    }
    *ret = (Piece){ PIECE_KEY, on_one_line(t->arena, str_sub(rest(t), 0, (size_t)end)), line };
    check_key(t, ret->text, line);
    skip(t, (size_t)end + 2);
    return true;
}

bool piece_read(Template *t, Piece *ret)
{
    return skip_over(t, "{{") ? value_read(t, ret) : skip_over(t, "[[") && key_read(t, ret);
}

// ---- Markup -------------------------------------------------------------------------------------

static void break_settle(Template *t, bool is_text)
{
    if (t->has_break && is_text)
        put_literal(t, S(" "));
    t->has_break = false;
    t->is_after_text = is_text;
    t->has_output = true;
}

// The browser drops a line break at the very start of these; ours keeps one that belongs to the
// text.
static void verbatim_start(Template *t)
{
    put_literal(t, S("\n"));
    skip_over(t, "\n");
}

// What stands in <script> and <style> is skipped. Both were refused already, but for <script src>.
static void raw_read(Template *t, const Tag *tag)
{
    Str name = tag->name, end_tag = str_format(t->arena, "</" STR_FMT ">", STR_ARG(name));
    ptrdiff_t end = str_find(rest(t), end_tag);
    Str inside = str_sub(rest(t), 0, end < 0 ? 0 : (size_t)end);
    bool has_values = str_find(inside, S("{{")) >= 0 || str_find(inside, S("[[")) >= 0;
    if (end < 0)
        refuse(t, t->line, "<" STR_FMT "> is never closed", STR_ARG(name));
    else if (tag_find(tag, "src") && has_values)
        refuse(t, t->line, "{{ }} or [[ ]] in <script>: pass data in a data- attribute");
    else if (tag_find(tag, "src") && str_trim(inside).len)
        refuse(t, t->line, "text in <script src>, where no browser runs it: put it into the file");
    skip(t, inside.len + (end < 0 ? 0 : end_tag.len));
    put_literal(t, end_tag);
}

static void start_tag(Template *t)
{
    Tag tag;
    bool is_whole = tag_read(t, &tag);
    if (!tag.def)
        return;
    if (is_whole) {
        check_tag(t, &tag);
        put_tag(t, &tag);
    }
    if (tag.def->flags & EL_RAW)
        raw_read(t, &tag);
    else if (!(tag.def->flags & EL_VOID) && !(tag.is_closed && tag.def->flags & EL_SVG))
        element_open(t, &tag);
    if (tag.def->flags & EL_VERBATIM)
        verbatim_start(t);
}

static void pop_to(Template *t, Str name, size_t least)
{
    for (size_t depth = t->open.len; depth > least; depth--)
        if (str_eq(t->open.items[depth - 1].name, name)) {
            t->open.len = depth - 1;
            return;
        }
}

static void end_tag(Template *t)
{
    Str all = rest_of_line(t);
    ptrdiff_t close = str_find_char(all, '>');
    Str name = str_trim(str_sub(all, 0, close < 0 ? all.len : (size_t)close));
    size_t outside = t->blocks.len ? t->blocks.items[t->blocks.len - 1].depth : 0;
    const Element *last = innermost(t);
    const ElementDef *def = element_find(name, is_in_svg(t));

    if (close < 0)
        refuse(t, t->line, "</" STR_FMT " has no closing >", STR_ARG(name));
    else if (def && def->flags & EL_VOID)
        refuse(t, t->line, "</" STR_FMT ">: <" STR_FMT "> has no end tag", STR_ARG(name),
               STR_ARG(name));
    else if (t->open.len <= outside)
        refuse(t, t->line, "</" STR_FMT "> closes nothing: no element is open %s", STR_ARG(name),
               t->blocks.len ? "in this block" : "on this page");
    else if (!str_eq(last->name, name))
        refuse(t, t->line,
               "</" STR_FMT "> where <" STR_FMT "> of line %d is open: close that first",
               STR_ARG(name), STR_ARG(last->name), last->line);
    put_literal(t, str_format(t->arena, "</" STR_FMT ">", STR_ARG(name)));
    pop_to(t, name, outside);
    skip(t, close < 0 ? all.len : (size_t)close + 1);
}

static void doctype(Template *t)
{
    if (t->has_output)
        refuse(t, t->line, "<!doctype html> stands at the very start of a page");
    else
        put_literal(t, S("<!doctype html>"));
    skip(t, sizeof "<!doctype html>" - 1);
}

static void comment(Template *t)
{
    ptrdiff_t end = str_find(rest(t), S("-->"));
    refuse(t, t->line,
           "an HTML comment is sent to every reader: write a line that starts with %%#");
    skip(t, end < 0 ? rest(t).len : (size_t)end + 3);
}

static void markup_tag(Template *t)
{
    Str here = rest(t);
    char next = here.len > 1 ? here.ptr[1] : '\0';
    if (str_starts(here, S("<!--"))) {
        comment(t);
    } else if (str_eq_ascii_nocase(str_sub(here, 0, 15), S("<!doctype html>"))) {
        doctype(t);
    } else if (next == '/') {
        skip(t, 2);
        end_tag(t);
    } else if (isalpha((unsigned char)next) || next == '{') {
        skip(t, 1);
        start_tag(t);
    } else {
        refuse(t, t->line, "< begins no tag: write &lt;");
        skip(t, 1);
    }
    break_settle(t, false);
}

static void markup_text(Template *t)
{
    Str line = rest_of_line(t);
    size_t len = text_len(line);
    Str text = str_sub(line, 0, len);
    if (len == line.len && !is_verbatim_here(t))  // blanks before a line break
        while (text.len && isspace((unsigned char)text.ptr[text.len - 1]))
            text.len--;
    if (text.len) {
        check_text(t, text, t->line);
        break_settle(t, true);
        put_literal(t, text);
    }
    skip(t, len);
}

static void markup_piece(Template *t)
{
    Piece piece;
    if (!piece_read(t, &piece))
        return;
    bool is_text_only = t->open.len && innermost(t)->def->flags & EL_TEXT_ONLY;
    break_settle(t, true);
    if (piece.kind == PIECE_BDI && is_text_only)
        refuse(t, piece.line, "{{bdi }} in <" STR_FMT ">, which holds text only",
               STR_ARG(innermost(t)->name));
    put_piece(t, &piece, is_text_only ? "HTML_ATTRIBUTE" : "HTML_TEXT");
}

static void markup_line(Template *t)
{
    code_before_markup(t);
    while (t->at < t->source.len && t->source.ptr[t->at] != '\n') {
        Str here = rest(t);
        if (here.ptr[0] == '<') {
            markup_tag(t);
        } else if (str_starts(here, S("{{")) || str_starts(here, S("[["))) {
            markup_piece(t);
        } else if (str_starts(here, S("}}")) || str_starts(here, S("]]"))) {
            refuse(t, t->line, STR_FMT " closes nothing here", STR_ARG(str_sub(here, 0, 2)));
            skip(t, 2);
        } else {
            markup_text(t);
        }
    }
    if (is_verbatim_here(t))
        put_literal(t, S("\n"));
    else
        t->has_break |= t->is_after_text;
    skip(t, 1);
}

// ---- Pages --------------------------------------------------------------------------------------

static void page_end(Template *t)
{
    if (!t->in_page)
        return;
    code_before_markup(t);
    EACH (element, t->open)
        refuse(t, element->line, "<" STR_FMT "> is never closed", STR_ARG(element->name));
    EACH (block, t->blocks)
        refuse(t, block->line, "{ is never closed on this page");
    check_end_of_page(t);
    page_close(t);
    t->open.len = t->blocks.len = t->controls.len = 0;
    t->ids = t->labels = (Map){ .arena = t->arena };
    t->has_output = t->is_after_text = t->has_break = false;
    t->head = S("");
    t->in_page = false;
}

// NAME(ARGUMENTS), which may go on over the next lines until its parentheses close.
static Str signature_read(Template *t)
{
    Buf out = { .arena = t->arena };
    int depth = 0;
    for (int lines = 0; lines < SIGNATURE_LINES_MAX; lines++) {
        Str line = str_trim(rest_of_line(t));
        if (lines > 0)
            line = str_trim(str_from_at(line, str_starts(line, S("%")) ? 1 : 0));
        if (out.len && !str_ends(buf_str(&out), S("(")))
            buf_char(&out, ' ');
        buf_put(&out, line);
        for (size_t i = 0; i < line.len; i++)
            depth += (line.ptr[i] == '(') - (line.ptr[i] == ')');
        skip_line(t);
        if (depth <= 0)
            break;
    }
    return buf_str(&out);
}

static void directive_page(Template *t)
{
    int line = t->line;
    Str signature = signature_read(t);
    ptrdiff_t open = str_find_char(signature, '(');
    page_end(t);
    if (open <= 0 || !str_ends(signature, S(")"))) {
        refuse(t, line,
               "%%page without arguments: write %%page name(Type argument, ...), or name()");
        open = 0;
    }
    Str name = str_trim(str_sub(signature, 0, (size_t)open));
    Str arguments = str_sub(signature, (size_t)open + 1, signature.len - (size_t)open - 2);
    page_open(t, name, str_trim(arguments), line);
    t->in_page = true;
}

static void directive_top(Template *t, CWriter *writer, const char *before)
{
    if (t->code.out.len)
        refuse(t, t->line, "%%include and %%c stand before the first %%page");
    else
        c_line(writer, t->line,
               str_format(t->arena, "%s" STR_FMT, before, STR_ARG(str_trim(rest_of_line(t)))));
    skip_line(t);
}

static void percent_line(Template *t)
{
    int line = t->line;
    bool keeps_remark = str_starts(rest(t), S("%#")) || str_starts(rest(t), S("%page "));
    if (!keeps_remark)
        buf_clear(&t->remark);
    if (skip_over(t, "%page ")) {
        directive_page(t);
    } else if (skip_over(t, "%include ")) {
        directive_top(t, &t->header, "#include ");
    } else if (skip_over(t, "%c ")) {
        directive_top(t, &t->top, "");
    } else if (skip_over(t, "%#")) {
        buf_printf(&t->remark, "//" STR_FMT "\n", STR_ARG(rest_of_line(t)));
        skip_line(t);
    } else if (rest(t).len > 1 && isalpha((unsigned char)rest(t).ptr[1])) {
        refuse(
            t, line,
            "unknown directive: there are %%page, %%include, %%c and %%#; C has a blank behind %%");
        skip_line(t);
    } else if (!t->in_page) {
        refuse(t, line, "C before the first %%page: write %%c for what belongs to the whole file");
        skip_line(t);
    } else {
        skip(t, 1);
        Str c = rest_of_line(t);
        skip(t, c.len + 1);
        code_line(t, c, line);
    }
}

static void line_read(Template *t)
{
    Str line = rest_of_line(t), inner = str_trim(line);
    if (str_starts(inner, S("%"))) {
        skip(t, (size_t)(inner.ptr - line.ptr));
        percent_line(t);
        return;
    }
    buf_clear(&t->remark);
    if (inner.len == 0 && !is_verbatim_here(t)) {
        skip_line(t);
        return;
    }
    if (!t->in_page) {
        refuse(t, t->line,
               "markup before the first %%page: every page starts with %%page name(...)");
        skip(t, t->source.len);
        return;
    }
    if (!is_verbatim_here(t))
        skip(t, (size_t)(inner.ptr - line.ptr));
    markup_line(t);
}

static Str with_unix_lines(Arena *arena, Str source)
{
    Buf out = { .arena = arena };
    for (ptrdiff_t at; (at = str_find(source, S("\r\n"))) >= 0;) {
        buf_put(&out, str_sub(source, 0, (size_t)at));
        source = str_from_at(source, (size_t)at + 1);
    }
    buf_put(&out, source);
    return buf_str(&out);
}

Compiled template_compile(Arena *arena, Str path, Str source, Str header_name)
{
    Template t = {
        .arena = arena,
        .path = path,
        .source = with_unix_lines(arena, source),
        .line = 1,
        .ids = { .arena = arena },
        .labels = { .arena = arena },
        .head = S(""),
        .literal = { .arena = arena },
        .remark = { .arena = arena },
        .top = { .out = { .arena = arena }, .path = path },
        .code = { .out = { .arena = arena }, .path = path },
        .header = { .out = { .arena = arena }, .path = path },
        .keys = { .arena = arena },
        .errors = { .arena = arena },
    };
    if (!utf8_valid(t.source) || str_find_char(t.source, '\0') >= 0)
        refuse(&t, 1, "the file is not UTF-8 text: save it so");
    while (t.at < t.source.len)
        line_read(&t);
    page_end(&t);
    if (t.code.out.len == 0 && t.error_count == 0)
        refuse(&t, t.line, "no %%page: every page starts with %%page name(...)");
    return compiled(&t, header_name);
}
