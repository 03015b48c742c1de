// rules.c - what a template may not say, and how to say it instead.
//
// Three kinds of refusal: places in which no escaping is safe, mark-up that a browser would read as
// something else, and pages that some people could not read, reach or use. All of them are decided
// here, from the markup alone; each message ends with the way out.
#include "template.h"

#include "base/utf8.h"

#include <ctype.h>

// ---- Text ---------------------------------------------------------------------------------------

// Outside ASCII everything counts as a letter but the blocks that hold signs only.
static bool is_letter(int32_t c)
{
    // clang-format off
    static const struct { int32_t from, to; } signs[] = {
        { 0xA0, 0xA9 }, { 0xAB, 0xB4 }, { 0xB6, 0xB9 }, { 0xBB, 0xBF },
        { 0xD7, 0xD7 }, { 0xF7, 0xF7 },
        { 0x2000, 0x2BFF },    // punctuation, currencies, arrows, mathematics, boxes, dingbats
        { 0x3000, 0x303F }, { 0xFE00, 0xFE0F }, { 0xFEFF, 0xFEFF }, { 0xFFFD, 0xFFFD },
        { 0x1F000, 0x1FAFF },  // pictures
    };
    // clang-format on
    if (c < 0x80)
        return isalpha((int)c);
    for (size_t i = 0; i < COUNT(signs); i++)
        if (c >= signs[i].from && c <= signs[i].to)
            return false;
    return true;
}

// How long the character reference is that s starts with; 0 when it is none.
static size_t reference_len(Str s)
{
    size_t len = str_starts(s, S("&#")) ? 2 : 1, from = len;
    while (len < s.len && isalnum((unsigned char)s.ptr[len]))
        len++;
    return len > from && len < s.len && s.ptr[len] == ';' ? len + 1 : 0;
}

static bool has_letters(Str text)
{
    while (text.len) {
        size_t reference = text.ptr[0] == '&' ? reference_len(text) : 0;
        if (reference)
            text = str_from_at(text, reference);
        else if (is_letter(utf8_next(&text)))
            return true;
    }
    return false;
}

void check_markup_text(Template *t, Str text, int line)
{
    for (ptrdiff_t at; (at = str_find_char(text, '&')) >= 0;) {
        text = str_from_at(text, (size_t)at);
        if (reference_len(text) == 0)
            refuse(t, line, "& begins no character reference: write &amp;");
        text = str_from_at(text, 1);
    }
}

void check_key(Template *t, Str english, int line)
{
    if (english.len == 0)
        refuse(t, line, "[[ ]] is empty: put the English text into it");
    if (str_find_char(english, '<') >= 0)
        refuse(t, line, "markup inside [[ ]]: translate the texts around it one by one");
    if (str_find(english, S("{{")) >= 0)
        refuse(t, line, "{{ }} inside [[ ]]: write {{tr_format(ctx, \"...%%s...\", ...)}}");
    for (size_t i = 0; i < english.len; i++)
        if (english.ptr[i] == '&' && reference_len(str_from_at(english, i)))
            refuse(t, line, "a character reference inside [[ ]]: write the character itself");
}

void check_text(Template *t, Str text, int line)
{
    const Element *parent = innermost(t);
    check_markup_text(t, text, line);
    if (str_trim(text).len && parent && parent->def->children)
        refuse(t, line, "text directly in <" STR_FMT ">: a browser moves or drops it",
               STR_ARG(parent->name));
    else if (has_letters(text) && !is_untranslated_here(t))
        refuse(t, line,
               "\"" STR_FMT "\" cannot be translated: write [[" STR_FMT "]], or"
               " translate=\"no\" on the element",
               STR_ARG(str_trim(text)), STR_ARG(str_trim(text)));
}

// ---- Nesting ------------------------------------------------------------------------------------

static void check_nesting(Template *t, const Tag *tag)
{
    const Element *parent = innermost(t);
    const ElementDef *def = tag->def;
    const Element *outer = def->never_in ? around(t, def->never_in) : NULL;
    bool is_free = !parent || str_is(parent->name, "template");
    if (!is_free && def->parents && !has_word(def->parents, parent->name))
        refuse(t, tag->line, "<" STR_FMT "> in <" STR_FMT ">: it stands only in %s",
               STR_ARG(tag->name), STR_ARG(parent->name), def->parents);
    else if (!is_free && parent->def->children && !has_word(parent->def->children, tag->name))
        refuse(t, tag->line, "<" STR_FMT "> directly in <" STR_FMT ">: only %s may stand there",
               STR_ARG(tag->name), STR_ARG(parent->name), parent->def->children);
    else if (parent && parent->def->flags & EL_TEXT_ONLY)
        refuse(t, tag->line, "<" STR_FMT "> in <" STR_FMT ">, which holds text only",
               STR_ARG(tag->name), STR_ARG(parent->name));
    else if (def->flags & EL_BLOCK && around(t, "p"))
        refuse(t, tag->line,
               "<" STR_FMT "> in <p>: it would end the paragraph; use <div> around both",
               STR_ARG(tag->name));
    else if (outer)
        refuse(t, tag->line,
               "<" STR_FMT "> inside <" STR_FMT ">: a browser takes them apart; put it"
               " outside",
               STR_ARG(tag->name), STR_ARG(outer->name));
}

// ---- Links --------------------------------------------------------------------------------------

// What is wrong with an address that starts with this literal text; NULL: nothing. `is_whole`: no
// value follows the text.
static const char *address_fault(Str text, bool is_whole)
{
    static const char *const starts[] = { "/", "#", "?", "mailto:", "tel:", "https:" };
    bool is_known = false;
    for (size_t i = 0; i < COUNT(starts); i++)
        is_known |= str_starts(text, str_from(starts[i]));
    if (!is_known || str_starts(text, S("//")) || str_starts(text, S("/\\")))
        return "must start with one \"/\", \"#\", \"?\", \"mailto:\", \"tel:\" or \"https:\" as"
               " literal text, or be a Url";
    Str host = str_from_at(text, sizeof "https://" - 1);
    bool is_ended = str_find_char(host, '/') > 0 || str_find_char(host, '?') > 0;
    if (str_starts(text, S("https:")) && (host.len == 0 || !(is_ended || is_whole)))
        return "has a value in its host: use a Url from url_external()";
    return NULL;
}

static void check_link(Template *t, const Attribute *attribute)
{
    const PieceList *value = &attribute->value;
    const Piece *first = value->items;
    bool is_text = value->len && first->kind == PIECE_TEXT;
    const char *fault = is_text ? address_fault(first->text, value->len == 1) : NULL;
    bool may_be_empty =
        value->len > 2 && str_is(first->text, "/") && str_starts(first[2].text, S("/"));
    EACH (piece, *value)
        if (piece->kind == PIECE_KEY)
            fault = "is an address: those are not translated, so no [[ ]]";
    if (value->len == 0)
        fault = "is empty: name the address";
    else if (!fault && may_be_empty)
        fault =
            "has a value between its first slashes; an empty one would lead to another site: use"
            " url_path()";
    if (fault)
        refuse(t, attribute->line, STR_FMT " %s", STR_ARG(attribute->name), fault);
}

static void check_links(Template *t, const Attribute *attribute)
{
    bool at_start = true;
    EACH (piece, attribute->value) {
        bool is_last = piece + 1 == list_end(attribute->value);
        Str list = piece->kind == PIECE_TEXT ? piece->text : S(""), one;
        for (; str_next(&list, ',', &one); at_start = true) {
            bool is_whole = is_last || list.len > 0;
            const char *fault =
                at_start && str_trim(one).len ? address_fault(str_trim(one), is_whole) : NULL;
            if (fault)
                refuse(t, piece->line, STR_FMT ": each address %s", STR_ARG(attribute->name),
                       fault);
        }
        at_start = piece->kind == PIECE_TEXT && str_ends(str_trim(piece->text), S(","));
    }
}

// ---- Attributes ---------------------------------------------------------------------------------

static void check_text_attribute(Template *t, const Tag *tag, const Attribute *attribute)
{
    if (str_is(tag_literal(tag, "translate"), "no") || is_untranslated_here(t))
        return;
    EACH (piece, attribute->value)
        if (piece->kind == PIECE_TEXT && has_letters(piece->text))
            refuse(t, piece->line,
                   STR_FMT "=\"" STR_FMT "\" cannot be translated: write [[" STR_FMT "]]",
                   STR_ARG(attribute->name), STR_ARG(piece->text), STR_ARG(str_trim(piece->text)));
}

static void check_number(Template *t, const Attribute *attribute)
{
    int64_t number;
    const Piece *first = attribute->value.items;
    bool is_value = attribute->value.len == 1 && first->kind == PIECE_VALUE;
    bool is_number =
        attribute->value.len == 1 && first->kind == PIECE_TEXT && str_int(first->text, &number);
    if (!is_value && !is_number)
        refuse(t, attribute->line, STR_FMT " holds one whole number: no text, no unit",
               STR_ARG(attribute->name));
    else if (is_number && number > 0 && str_is(attribute->name, "tabindex"))
        refuse(t, attribute->line, "a positive tabindex breaks the order of reading: use 0 or -1");
}

static void check_id(Template *t, const Attribute *attribute)
{
    if (is_literal(attribute) && !map_put(&t->ids, attribute->source, t))
        refuse(t, attribute->line, "the id \"" STR_FMT "\" is given twice on this page",
               STR_ARG(attribute->source));
}

static void check_place(Template *t, const Tag *tag, const Attribute *attribute)
{
    switch (attribute_kind(tag, attribute)) {
    case ATTRIBUTE_LINK: check_link(t, attribute); break;
    case ATTRIBUTE_LINKS: check_links(t, attribute); break;
    case ATTRIBUTE_TEXT: check_text_attribute(t, tag, attribute); break;
    case ATTRIBUTE_NUMBER: check_number(t, attribute); break;
    case ATTRIBUTE_PLAIN: break;
    }
}

static bool is_given_before(const Tag *tag, const Attribute *attribute)
{
    for (const Attribute *other = tag->attributes.items; other < attribute; other++)
        if (str_eq(other->name, attribute->name) &&
            !(other->condition.len && attribute->condition.len))
            return true;
    return false;
}

// A browser reads ONCLICK as onclick, so another spelling must not pass by the tables.
static void check_spelling(Template *t, const Tag *tag, const Attribute *attribute)
{
    bool is_lower = str_eq(str_lower_ascii(t->arena, attribute->name), attribute->name);
    bool is_drawing = tag->def->flags & EL_SVG && is_svg_spelling(attribute->name);
    if (!is_lower && !is_drawing)
        refuse(t, attribute->line, STR_FMT ": write attribute names in lower case",
               STR_ARG(attribute->name));
}

static void check_pieces(Template *t, const Attribute *attribute)
{
    EACH (piece, attribute->value) {
        if (piece->kind == PIECE_BDI)
            refuse(t, piece->line,
                   "{{bdi }} in an attribute: it writes an element, so in text only");
        if (piece->kind == PIECE_KEY && has_word("id name for field class type", attribute->name))
            refuse(t, piece->line, "[[ ]] in " STR_FMT ": only what people read is translated",
                   STR_ARG(attribute->name));
        if (piece->kind == PIECE_TEXT)
            check_markup_text(t, piece->text, piece->line);
    }
}

static void check_trigger(Template *t, const Attribute *attribute)
{
    if (!is_literal(attribute) || str_find_char(attribute->source, '[') >= 0)
        refuse(t, attribute->line, STR_FMT " with a filter runs text as code: name events only",
               STR_ARG(attribute->name));
}

static void check_attribute(Template *t, const Tag *tag, const Attribute *attribute)
{
    const char *why = attribute_refusal(attribute->name);
    bool may_have_field = has_word("input select textarea label fieldset error", tag->name);
    check_spelling(t, tag, attribute);
    if (why)
        refuse(t, attribute->line, STR_FMT " is not allowed: %s", STR_ARG(attribute->name), why);
    if (is_given_before(tag, attribute))
        refuse(t, attribute->line, STR_FMT " is given twice: a browser keeps the first only",
               STR_ARG(attribute->name));
    if (str_is(attribute->name, "field") && !may_have_field)
        refuse(t, attribute->line,
               "field on <" STR_FMT ">: it is for input, select, textarea, label, fieldset, error",
               STR_ARG(tag->name));
    if (str_is(attribute->name, "id"))
        check_id(t, attribute);
    if (str_starts(attribute->name, S("hx-trigger")))
        check_trigger(t, attribute);
    check_pieces(t, attribute);
    if (!why)
        check_place(t, tag, attribute);
}

// ---- Elements -----------------------------------------------------------------------------------

static bool has_always(const Tag *tag, const char *name)
{
    const Attribute *attribute = tag_find(tag, name);
    return attribute && attribute->condition.len == 0;
}

static void check_img(Template *t, const Tag *tag)
{
    if (!has_always(tag, "alt"))
        refuse(t, tag->line,
               "<" STR_FMT "> without alt: say what it shows, or alt=\"\" if it only decorates",
               STR_ARG(tag->name));
}

static void check_button(Template *t, const Tag *tag)
{
    if (!has_always(tag, "type"))
        refuse(t, tag->line, "<button> without type: write type=\"submit\" or type=\"button\"");
}

static void check_script(Template *t, const Tag *tag)
{
    const Attribute *src = tag_find(tag, "src");
    bool is_value = src && src->value.len && src->value.items[0].kind != PIECE_TEXT;
    if (!has_always(tag, "src"))
        refuse(t, tag->line, "inline <script>: put it into a file and write <script src=\"/...\">");
    else if (is_value)
        refuse(t, src->line,
               "src of <script> starts with literal text: a page runs known code only");
}

static void check_style(Template *t, const Tag *tag)
{
    refuse(t, tag->line,
           "<style> is not allowed by the content policy: put it into the style sheet");
}

static void check_html(Template *t, const Tag *tag)
{
    if (tag_find(tag, "lang") || tag_find(tag, "dir"))
        refuse(t, tag->line,
               "lang and dir of <html> are written for you, from the reader's language");
}

static void check_form(Template *t, const Tag *tag)
{
    const Attribute *method = tag_find(tag, "method"), *action = tag_find(tag, "action");
    bool is_known = !method || (method->condition.len == 0 &&
                                has_word("get post dialog", tag_literal(tag, "method")));
    if (!is_known)
        refuse(t, method->line, "method is get, post or dialog, as literal text");
    bool is_value = action && action->value.len && action->value.items[0].kind != PIECE_TEXT;
    if (is_value && str_is(tag_literal(tag, "method"), "post"))
        refuse(t, action->line,
               "a posting form's action starts with literal text: it decides whether"
               " our token goes along");
}

// A button that posts elsewhere would take the form's token with it.
static void check_formaction(Template *t, const Tag *tag)
{
    const Attribute *action = tag_find(tag, "formaction");
    if (action && action->value.len && !strchr("/?#", action->source.ptr[0]))
        refuse(t, action->line,
               "formaction starts with \"/\", \"?\" or \"#\": the form's token goes along");
}

static void check_field(Template *t, const Tag *tag)
{
    const Attribute *field = tag_find(tag, "field");
    if (!field)
        return;
    if (!field->has_value || field->value.len == 0)
        refuse(t, field->line, "field is empty: give the path, as in field=\"{{path}}\"");
    if (field->condition.len)
        refuse(t, field->line, "field cannot be conditional: write two tags");
    const char *written = str_is(tag->name, "label")    ? "for"
                        : str_is(tag->name, "fieldset") ? "id"
                                                        : "name id aria-invalid";
    EACH (attribute, tag->attributes)
        if (has_word(written, attribute->name))
            refuse(t, attribute->line,
                   STR_FMT " beside field, which writes it: leave one of them out",
                   STR_ARG(attribute->name));
    if (is_literal(field) && !has_word("label error", tag->name))
        check_id(t, &(Attribute){ .line = field->line,
                                  .source = str_join(t->arena, S("f-"), field->source) });
    const Attribute *described = tag_find(tag, "aria-describedby");
    if (described && (described->value.len != 1 || described->condition.len))
        refuse(t, described->line, "aria-describedby beside field is text or one {{ }}");
}

static bool is_labelled_here(const Template *t, const Tag *tag)
{
    return tag_find(tag, "field") || has_always(tag, "aria-label") ||
           has_always(tag, "aria-labelledby") || around(t, "label");
}

static void check_control(Template *t, const Tag *tag)
{
    Str type = str_is(tag->name, "input") ? tag_literal(tag, "type") : S("");
    if (has_word("submit button reset", type)) {
        if (!has_always(tag, "value"))
            refuse(t, tag->line, "<input type=\"" STR_FMT "\"> without value: say what it does",
                   STR_ARG(type));
        return;
    }
    if (str_is(type, "hidden") || is_labelled_here(t, tag))
        return;
    if (str_is(type, "image")) {
        check_img(t, tag);
        return;
    }
    const Attribute *id = tag_find(tag, "id");
    *list_push(t->arena, &t->controls) =
        (Control){ .id = id ? id->source : S(""), .name = tag->name, .line = tag->line };
}

static void note_label(Template *t, const Tag *tag)
{
    const Attribute *to = tag_find(tag, "for");
    if (to)
        map_put(&t->labels, to->source, t);
}

static void check_error(Template *t, const Tag *tag)
{
    if (!tag_find(tag, "field") || tag->attributes.len > 1)
        refuse(t, tag->line, "<error> has one attribute: field");
}

static void check_problems(Template *t, const Tag *tag)
{
    if (tag->attributes.len)
        refuse(t, tag->line, "<problems> has no attributes");
}

void check_tag(Template *t, const Tag *tag)
{
    static const struct {
        const char *elements;
        void (*check)(Template *t, const Tag *tag);
    } checks[] = {
        { "img", check_img },
        { "button", check_button },
        { "script", check_script },
        { "style", check_style },
        { "html", check_html },
        { "form", check_form },
        { "button input", check_formaction },
        { "input select textarea label fieldset error", check_field },
        { "input select textarea", check_control },
        { "label", note_label },
        { "error", check_error },
        { "problems", check_problems },
    };
    check_nesting(t, tag);
    if (tag->is_closed && !(tag->def->flags & EL_SVG))
        refuse(t, tag->line, "<" STR_FMT "/>: %s", STR_ARG(tag->name),
               tag->def->flags & EL_VOID ? "write it without the slash"
                                         : "a slash does not close it; write the end tag");
    EACH (attribute, tag->attributes)
        check_attribute(t, tag, attribute);
    for (size_t i = 0; i < COUNT(checks); i++)
        if (has_word(checks[i].elements, tag->name))
            checks[i].check(t, tag);
}

void check_end_of_page(Template *t)
{
    EACH (control, t->controls)
        if (control->id.len == 0 || !map_get(&t->labels, control->id))
            refuse(t, control->line,
                   "<" STR_FMT
                   "> without a label: put it into a <label>, or give it field=, aria-label=,"
                   " or an id that a <label for=> has",
                   STR_ARG(control->name));
}
