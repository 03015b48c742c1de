// elements.c - the HTML that templates may use, as tables.
//
// What is not listed is refused, so a new element is one row here. The nesting columns hold the
// cases in which a browser would silently build another tree than the one written: it ends a <p>
// before a block, throws content out of a table, drops a form in a form (HTML standard,
// section 13.2.6). <error> and <problems> are ours; put_tag() writes what they stand for.
#include "template.h"

#define NOTHING "script template"  // may stand anywhere, since it shows nothing

// clang-format off
static const ElementDef html_elements[] = {
    { "html" }, { "head", 0, "html" }, { "body", 0, "html" },
    { "title", EL_TEXT_ONLY }, { "meta", EL_VOID }, { "link", EL_VOID },
    { "script", EL_RAW }, { "style", EL_RAW }, { "noscript" }, { "template" }, { "slot" },

    { "header", EL_BLOCK }, { "footer", EL_BLOCK }, { "main", EL_BLOCK }, { "nav", EL_BLOCK },
    { "section", EL_BLOCK }, { "article", EL_BLOCK }, { "aside", EL_BLOCK }, { "search", EL_BLOCK },
    { "address", EL_BLOCK }, { "div", EL_BLOCK }, { "p", EL_BLOCK }, { "hr", EL_BLOCK | EL_VOID },
    { "h1", EL_BLOCK }, { "h2", EL_BLOCK }, { "h3", EL_BLOCK }, { "h4", EL_BLOCK },
    { "h5", EL_BLOCK }, { "h6", EL_BLOCK }, { "hgroup", EL_BLOCK },
    { "pre", EL_BLOCK | EL_VERBATIM }, { "blockquote", EL_BLOCK },
    { "figure", EL_BLOCK }, { "figcaption", EL_BLOCK, "figure" },
    { "details", EL_BLOCK }, { "summary", EL_BLOCK, "details" }, { "dialog", EL_BLOCK },

    { "ul", EL_BLOCK, NULL, "li " NOTHING }, { "ol", EL_BLOCK, NULL, "li " NOTHING },
    { "menu", EL_BLOCK, NULL, "li " NOTHING }, { "li", EL_BLOCK, "ul ol menu" },
    { "dl", EL_BLOCK, NULL, "dt dd div " NOTHING },
    { "dt", EL_BLOCK, "dl div" }, { "dd", EL_BLOCK, "dl div" },

    { "table", EL_BLOCK, NULL, "caption colgroup thead tbody tfoot tr " NOTHING },
    { "caption", EL_BLOCK, "table" }, { "colgroup", 0, "table", "col template" },
    { "col", EL_VOID, "colgroup" },
    { "thead", 0, "table", "tr " NOTHING }, { "tbody", 0, "table", "tr " NOTHING },
    { "tfoot", 0, "table", "tr " NOTHING },
    { "tr", 0, "table thead tbody tfoot", "td th " NOTHING },
    { "td", 0, "tr" }, { "th", 0, "tr" },

    { "a", 0, NULL, NULL, "a button" }, { "em" }, { "strong" }, { "small" }, { "s" }, { "cite" },
    { "q" }, { "dfn" }, { "abbr" }, { "data" }, { "time" }, { "code", EL_CODE }, { "kbd", EL_CODE },
    { "var" }, { "samp" }, { "sub" }, { "sup" }, { "i" }, { "b" }, { "u" }, { "mark" }, { "ruby" },
    { "rt", 0, "ruby" }, { "rp", 0, "ruby" }, { "bdi" }, { "bdo" }, { "span" }, { "ins" },
    { "del" }, { "br", EL_VOID }, { "wbr", EL_VOID },

    { "img", EL_VOID }, { "picture", 0, NULL, "source img " NOTHING },
    { "source", EL_VOID, "picture video audio" }, { "track", EL_VOID, "video audio" },
    { "video" }, { "audio" }, { "canvas" }, { "iframe", 0, NULL, NULL, "a button" },

    { "form", EL_BLOCK, NULL, NULL, "form" }, { "fieldset", EL_BLOCK },
    { "legend", EL_BLOCK, "fieldset" }, { "label", 0, NULL, NULL, "label a button" },
    { "input", EL_VOID, NULL, NULL, "a button" }, { "button", 0, NULL, NULL, "a button" },
    { "select", 0, NULL, "option optgroup hr " NOTHING, "a button" },
    { "optgroup", 0, "select", "option " NOTHING },
    { "option", EL_TEXT_ONLY, "select optgroup datalist" }, { "datalist" },
    { "textarea", EL_TEXT_ONLY | EL_VERBATIM, NULL, NULL, "a button" },
    { "output" }, { "progress" }, { "meter" },

    { "svg", EL_SVG },
    { "error", EL_VOID | EL_BLOCK }, { "problems", EL_VOID | EL_BLOCK },
};
static const ElementDef svg_elements[] = {
    { "svg", EL_SVG }, { "g", EL_SVG }, { "defs", EL_SVG }, { "symbol", EL_SVG }, { "use", EL_SVG },
    { "path", EL_SVG }, { "rect", EL_SVG }, { "circle", EL_SVG }, { "ellipse", EL_SVG },
    { "line", EL_SVG }, { "polyline", EL_SVG }, { "polygon", EL_SVG }, { "text", EL_SVG },
    { "tspan", EL_SVG }, { "title", EL_SVG }, { "desc", EL_SVG }, { "a", EL_SVG, NULL, NULL, "a" },
    { "linearGradient", EL_SVG }, { "radialGradient", EL_SVG }, { "stop", EL_SVG },
    { "clipPath", EL_SVG }, { "mask", EL_SVG }, { "pattern", EL_SVG }, { "marker", EL_SVG },
    { "filter", EL_SVG }, { "feGaussianBlur", EL_SVG },
};

static const struct {
    const char *names;
    AttributeKind kind;
} attribute_kinds[] = {
    { "href src action formaction poster data cite background manifest xlink:href"
      " hx-get hx-post hx-put hx-patch hx-delete hx-push-url hx-replace-url"
      " sse-connect hx-sse:connect",
      ATTRIBUTE_LINK },
    { "srcset imagesrcset", ATTRIBUTE_LINKS },
    { "title alt placeholder aria-label aria-description aria-roledescription aria-valuetext"
      " aria-placeholder hx-confirm hx-prompt",
      ATTRIBUTE_TEXT },
    { "colspan rowspan span tabindex maxlength minlength size rows cols start width height"
      " aria-level aria-posinset aria-setsize aria-rowindex aria-colindex aria-rowcount"
      " aria-colcount",
      ATTRIBUTE_NUMBER },
};

// An entry that ends in "*" stands for every name that begins so.
static const struct {
    const char *name, *why;
} refused_attributes[] = {
    { "on*",
      "handlers in markup break the content policy: bind it in a script by class or data-" },
    { "hx-on*",      "it runs text as code: bind it in a script by class or data-" },
    { "data-hx-*",   "write the hx- attribute itself, which is checked" },
    { "hx-vals*",    "it may run text as code: put hidden inputs into the form" },
    { "hx-vars*",    "it runs text as code: put hidden inputs into the form" },
    { "hx-headers*", "it may run text as code: what a request needs stands in the form" },
    { "hx-request*", "it may run text as code: set it in the script that loads htmx" },
    { "style",       "the content policy allows no style attributes: use a class" },
    { "srcdoc",      "a page in an attribute is not escaped: give the frame a src" },
    { "http-equiv",  "send a header instead" },
    { "formmethod",
      "the form's own method decides about its hidden fields: make it a form of its own" },
    { "ping",        "pages do not report what people click" },
};
// clang-format on

static const ElementDef *find_in(const ElementDef *defs, size_t count, Str name)
{
    for (const ElementDef *def = defs; def < defs + count; def++)
        if (str_is(name, def->name))
            return def;
    return NULL;
}

const ElementDef *element_find(Str name, bool in_svg)
{
    static const ElementDef own = { "" };  // a custom element: any name with a hyphen
    if (in_svg)
        return find_in(svg_elements, COUNT(svg_elements), name);
    if (str_find_char(name, '-') > 0)
        return &own;
    return find_in(html_elements, COUNT(html_elements), name);
}

static bool is_button(const Tag *tag)
{
    return str_is(tag->name, "input") && has_word("submit button reset", tag_literal(tag, "type"));
}

AttributeKind attribute_kind(const Tag *tag, const Attribute *attribute)
{
    Str name = attribute->name;
    if (str_is(name, "value") && is_button(tag))
        return ATTRIBUTE_TEXT;
    if (str_is(name, "label") && has_word("option optgroup track", tag->name))
        return ATTRIBUTE_TEXT;
    bool is_address = !has_word("true false", attribute->source);  // hx-push-url="true"
    ptrdiff_t modifier = str_starts(name, S("hx-")) ? str_find_char(name, ':') : -1;
    Str plain = str_sub(name, 0, modifier < 0 ? name.len : (size_t)modifier);  // hx-get:inherited
    for (size_t i = 0; i < COUNT(attribute_kinds); i++) {
        AttributeKind kind = attribute_kinds[i].kind;
        bool counts = kind == ATTRIBUTE_LINK   ? is_address
                    : kind == ATTRIBUTE_NUMBER ? !(tag->def->flags & EL_SVG)
                                               : true;
        const char *names = attribute_kinds[i].names;
        if (counts && (has_word(names, name) || has_word(names, plain)))
            return kind;
    }
    return ATTRIBUTE_PLAIN;
}

bool is_svg_spelling(Str name)
{
    return has_word("viewBox preserveAspectRatio pathLength gradientUnits gradientTransform"
                    " spreadMethod stdDeviation clipPathUnits maskUnits maskContentUnits"
                    " patternUnits patternTransform patternContentUnits markerUnits markerWidth"
                    " markerHeight refX refY filterUnits textLength lengthAdjust",
                    name);
}

const char *attribute_refusal(Str name)
{
    for (size_t i = 0; i < COUNT(refused_attributes); i++) {
        Str row = str_from(refused_attributes[i].name);
        bool is_start = str_ends(row, S("*"));
        if (is_start ? str_starts(name, str_sub(row, 0, row.len - 1)) : str_eq(name, row))
            return refused_attributes[i].why;
    }
    return NULL;
}
