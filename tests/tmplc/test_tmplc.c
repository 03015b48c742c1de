// test_tmplc.c - the template compiler: what it writes, what it refuses and in which words.
#include "../../tools/tmplc/tmplc.h"

#include "harness.h"

static Compiled page(Ctx *ctx, const char *body)
{
    Str source = str_format(ctx->arena, "%%page p()\n%s\n", body);
    return template_compile(ctx->arena, S("t.html"), source, S("t.h"));
}

// ---- What it writes -----------------------------------------------------------------------------

static void test_sample(void)
{
    Ctx *ctx = test_ctx();
    Str source = test_read_file(ctx->arena, "tests/tmplc/pages/sample.html");
    Compiled one = template_compile(ctx->arena, S("sample.html"), source, S("sample.h"));
    CHECK_STR(one.errors, "");
    test_golden("tmplc_sample.c", one.code);
    test_golden("tmplc_sample.h", one.header);
    test_golden("tmplc_sample.keys", one.keys);
}

static bool between(Str line, const char *start, const char *end, Str *ret)
{
    bool is_so = str_starts(line, str_from(start)) && str_ends(line, str_from(end));
    *ret = str_sub(line, strlen(start), line.len - strlen(start) - strlen(end));
    return is_so;
}

// "(MACRO(x))(out, x);" -> "x"
static bool placed(Str line, const char *macro, Str *ret)
{
    bool is_so = between(line, macro, ");", ret);
    *ret = str_sub(*ret, 0, ret->len < 8 ? 0 : (ret->len - (sizeof "))(out, " - 1)) / 2);
    return is_so;
}

// A page's C in short: literals as they are (with C's escapes), values in { }, other statements in
// < >.
static Str in_short(Ctx *ctx, Str code)
{
    Buf out = { .arena = ctx->arena };
    Str rest = str_from_at(code, (size_t)str_find(code, S("\n{\n")) + 3), line, part;
    while (str_next(&rest, '\n', &line) && !str_is(line, "}")) {
        line = str_trim(line);
        if (between(line, "buf_put(out, S(\"", "\"));", &part))
            buf_put(&out, part);
        else if (placed(line, "(HTML_TEXT(", &part) || placed(line, "(HTML_ATTRIBUTE(", &part))
            buf_printf(&out, "{" STR_FMT "}", STR_ARG(part));
        else if (!str_starts(line, S("#line")))
            buf_printf(&out, "<" STR_FMT ">", STR_ARG(line));
    }
    return buf_str(&out);
}

static void test_white_space(void)
{
    // clang-format off
    static const struct {
        const char *row, *body, *want;
    } rows[] = {
        { "indentation goes",                "  <p>\n    {{a}}\n  </p>",       "<p>{a}</p>" },
        { "blanks on a line stay", "<b>{{a}}</b>  <i>{{b}}</i>",
          "<b>{a}</b>  <i>{b}</i>" },
        { "a break between texts is a blank", "{{a}}\n   {{b}}",               "{a} {b}" },
        { "so are three breaks",             "{{a}}\n\n  \n{{b}}",             "{a} {b}" },
        { "a break next to a tag goes",      "{{a}}\n<br>\n{{b}}",             "{a}<br>{b}" },
        { "blanks before a break go",        "{{a}} \t\n{{b}}",                "{a} {b}" },
        { "lines of C do not count",         "{{a}}\n% f();\n{{b}}",           "{a}<f();> {b}" },
        { "nor between tags",                "<br>\n% f();\n<br>",             "<br><f();><br>" },
        { "a comment is no text",            "{{a}}\n%# note\n{{b}}",          "{a} {b}" },
        { "in <pre> everything stays", "<pre>\n {{a}}\n\n  1</pre>",
          "<pre>\\n {a}\\n\\n  1</pre>" },
        { "and a first break is written", "<pre>{{a}}</pre>",
          "<pre>\\n{a}</pre>" },
        { "in <textarea> too",               "<textarea field=\"a\">\n{{a}}\n</textarea>",
          "<textarea<html_field(out, ctx, S(\"a\"), S(\"\"));>>\\n{a}\\n</textarea>" },
        { "a tag over lines is one line", "<p\n   class=\"a\"\n   id=\"b\"\n>1</p>",
          "<p class=\\\"a\\\" id=\\\"b\\\">1</p>" },
        { "a break in a value is a blank", "<p class=\"a\n  b {{c}}\n  d\n\"></p>",
          "<p class=\\\"a b {c} d\\\"></p>" },
        { "DOS line ends are line ends",     "<p>\r\n  {{a}}\r\n</p>",         "<p>{a}</p>" },
        { "literals over lines are one", "<ul>\n  <li>1</li>\n  <li>2</li>\n</ul>",
          "<ul><li>1</li><li>2</li></ul>" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        Compiled one = page(ctx, rows[i].body);
        CHECK_STR(one.errors, "");
        CHECK_STR(in_short(ctx, one.code), rows[i].want);
    }
}

static void test_what_it_writes(void)
{
    // clang-format off
    static const struct {
        const char *row, *body, *want;
    } rows[] = {
        { "braces inside a value",      "{{f((Str){ a, 1 })}}",             "{f((Str){ a, 1 })}" },
        { "braces at its end",          "{{(Str){ a, 1 }}}",                "{(Str){ a, 1 }}" },
        { "brackets in its strings",    "{{f(\"}}\", '}')}}",               "{f(\"}}\", '}')}" },
        { "a trigraph stays one text", "<p translate=\"no\">a?\?=b</p>",
          "<p translate=\\\"no\\\">a?\\?=b</p>" },
        { "a backslash stays one",      "1\\2",                             "1\\\\2" },
        { "the short bdi",              "{{bdi a}}",                        "<bdi>{a}</bdi>" },
        { "a text", "[[Hello, \"you\"]]",
          "<html_tr(out, ctx, \"Hello, \\\"you\\\"\");>" },
        { "a text over lines", "[[Hello,\n   you]]",
          "<html_tr(out, ctx, \"Hello, you\");>" },
        { "code is not translated", "<code>abc</code><kbd>Ctrl K</kbd>",
          "<code>abc</code><kbd>Ctrl K</kbd>" },
        { "nor is translate=no",        "<b translate=\"no\"><i title=\"x\">abc</i></b>",
          "<b translate=\\\"no\\\"><i title=\\\"x\\\">abc</i></b>" },
        { "signs are no letters", "· 100&nbsp;% → — × 5 €",
          "· 100&nbsp;% → — × 5 €" },
        { "a condition",                "<option ?selected={{a == b}}></option>",
          "<option<if (a == b) {> selected<}>></option>" },
        { "a condition on a value",     "<p ?title=\"{{a}}\"={{b}}></p>",
          "<p<if (b) {> title=\\\"{a}\\\"<}>></p>" },
        { "two conditions on one name", "<p ?class=\"a\"={{x}} ?class=\"b\"={{!x}}></p>",
          "<p<if (x) {> class=\\\"a\\\"<}><if (!x) {> class=\\\"b\\\"<}>></p>" },
        { "a link of htmx to the page", "<a href=\"/\" hx-push-url=\"true\">1</a>",
          "<a href=\\\"/\\\" hx-push-url=\\\"true\\\">1</a>" },
        { "a label by a value",         "<label for=\"q-{{i}}\">1</label><input id=\"q-{{i}}\">",
          "<label for=\\\"q-{i}\\\">1</label><input id=\\\"q-{i}\\\">" },
        { "a label around",             "<label>1 <input name=\"a\"></label>",
          "<label>1 <input name=\\\"a\\\"></label>" },
        { "a hidden input", "<input type=\"hidden\" name=\"a\">",
          "<input type=\\\"hidden\\\" name=\\\"a\\\">" },
        { "a custom element", "<x-menu data-a=\"b\">1</x-menu>",
          "<x-menu data-a=\\\"b\\\">1</x-menu>" },
        { "an svg",                     "<svg width=\"100%\"><path d=\"M0\"/></svg>",
          "<svg width=\\\"100%\\\"><path d=\\\"M0\\\"/></svg>" },
        { "an ampersand in a text",     "[[A & B; C]]", "<html_tr(out, ctx, \"A & B; C\");>" },
        { "a form to us",               "<form method=\"post\" action=\"/a/{{x}}\"></form>",
          "<form method=\\\"post\\\" action=\\\"/a/<(HTML_LINK(x))(out, x);>\\\" novalidate>"
          "<html_csrf(out, ctx);><html_once(out, ctx);></form>" },
        { "a form to this page",        "<form method=\"post\"></form>",
          "<form method=\\\"post\\\" novalidate>"
          "<html_csrf(out, ctx);><html_once(out, ctx);></form>" },
        { "a form to somebody else",
          "<form method=\"post\" action=\"https://a.example/{{x}}\"></form>",
          "<form method=\\\"post\\\" action=\\\"https://a.example/<(HTML_LINK(x))(out, x);>\\\""
          " novalidate></form>" },
        { "a form that asks", "<form></form>",
          "<form novalidate></form>" },
        { "a title", "<title>{{a}}</title>",
          "<title><html_title_mark(out, ctx);>{a}</title>" },
        { "a title in a drawing", "<svg><title>{{a}}</title></svg>",
          "<svg><title>{a}</title></svg>" },
        { "problems", "<problems>",
          "<html_problems(out, ctx);>" },
        { "a message", "<error field=\"{{p}}\">",
          "<html_error(out, ctx, (HTML_PATH(p))(out, p));>" },
        { "a break out of a loop", "% for (;;) {\n%   break;\n<br>\n% }",
          "<for (;;) {><break;><br><}>" },
        { "a loop of C in an element", "<p>\n% for (;;) if (x) break;\n</p>",
          "<p><for (;;) if (x) break;></p>" },
        { "preprocessor lines", "% #ifdef X\n<br>\n% #endif",
          "<#ifdef X><br><#endif>" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        Compiled one = page(ctx, rows[i].body);
        CHECK_STR(one.errors, "");
        CHECK_STR(in_short(ctx, one.code), rows[i].want);
    }
}

static void test_keys(void)
{
    Ctx *ctx = test_ctx();
    Compiled one = page(
        ctx, "<p title=\"[[A]]\">[[B\n  b]]</p>\n"
             "{{tr_format(ctx, \"%lld of \" \"%s\", f(1, 2), s)}}\n"
             "% Str s = tr_plural(ctx, \"%lld \\\"x\\\"\", \"%lld xs\", n);  // tr(ctx, \"no\")\n"
             "% f(tr(ctx, \"C\"), \"no\", other_tr(ctx, \"no\"));");
    CHECK_STR(one.errors, "");
    CHECK_STR(one.keys, "t.html:2\tA\n"
                        "t.html:2\tB b\n"
                        "t.html:4\t%lld of %s\n"
                        "t.html:5\t%lld \"x\"\n"
                        "t.html:5\t%lld xs\n"
                        "t.html:6\tC\n");
}

// ---- What it refuses ----------------------------------------------------------------------------

static void test_refusals(void)
{
    // clang-format off
    static const struct {
        const char *row, *body;
        int line;
        const char *error;
    } rows[] = {
        { "value in script", "<script src=\"/a.js\">var a = {{x}};</script>", 2,
          "{{ }} or [[ ]] in <script>: pass data in a data- attribute" },
        { "text in script", "<script src=\"/a.js\">[[Hello]]</script>", 2,
          "{{ }} or [[ ]] in <script>: pass data in a data- attribute" },
        { "inline script", "<script>go();</script>", 2,
          "inline <script>: put it into a file and write <script src=\"/...\">" },
        { "style element", "<style>a { color: red }</style>", 2,
          "<style> is not allowed by the content policy: put it into the style sheet" },
        { "value in style", "<style>a { color: {{x}} }</style>", 2,
          "<style> is not allowed by the content policy: put it into the style sheet" },
        { "unquoted value", "<a class=x href=\"/\"></a>", 2,
          "the value of class is not quoted: write class=\"...\"" },
        { "unquoted {{ }}", "<p class={{x}}></p>", 2,
          "the value of class is not quoted: write class=\"...\"" },
        { "single quotes", "<p class='x'></p>", 2,
          "the value of class is not quoted: write class=\"...\"" },
        { "blank around =", "<p class = \"x\"></p>", 2,
          "\"=\" in <p>: attributes are name=\"value\" with no blank around =" },
        { "value between attributes", "<p {{x}}></p>", 2,
          "{{ }} between attributes: put it into a value, or write ?name={{condition}}" },
        { "value behind an attribute", "<p class=\"a\"{{x->y}}></p>", 2,
          "{{ }} between attributes: put it into a value, or write ?name={{condition}}" },
        { "value in a tag's name", "<h{{n}}>1", 2,
          "{{ }} in a tag's name: names are fixed, write them out" },
        { "value as a tag's name", "<{{x}}>1", 2,
          "{{ }} in a tag's name: names are fixed, write them out" },
        { "value in an attribute's name", "<p data-{{x}}=\"1\"></p>", 2,
          "{{ }} in an attribute's name: names are fixed, write them out" },
        { "handler", "<button type=\"button\" onclick=\"go()\">1</button>", 2,
          "onclick is not allowed: handlers in markup break the content policy: bind it"
          " in a script by class or data-" },
        { "value in a handler", "<button type=\"button\" onclick=\"go({{x}})\">1</button>", 2,
          "onclick is not allowed: handlers in markup break the content policy: bind it"
          " in a script by class or data-" },
        { "htmx handler", "<p hx-on:click=\"go()\"></p>", 2,
          "hx-on:click is not allowed: it runs text as code: bind it in a script by"
          " class or data-" },
        { "htmx values", "<p hx-vals=\"js:{a: 1}\"></p>", 2,
          "hx-vals is not allowed: it may run text as code: put hidden inputs into the form" },
        { "htmx other spelling", "<p data-hx-get=\"/\"></p>", 2,
          "data-hx-get is not allowed: write the hx- attribute itself, which is checked" },
        { "htmx values, inherited", "<p hx-vals:inherited=\"js:{a: 1}\"></p>", 2,
          "hx-vals:inherited is not allowed: it may run text as code: put hidden inputs into the"
          " form" },
        { "htmx filter", "<p hx-trigger=\"click[go()]\"></p>", 2,
          "hx-trigger with a filter runs text as code: name events only" },
        { "value in an htmx trigger", "<p hx-trigger=\"{{x}}\"></p>", 2,
          "hx-trigger with a filter runs text as code: name events only" },
        { "handler in capital letters", "<p ONCLICK=\"go()\"></p>", 2,
          "ONCLICK: write attribute names in lower case" },
        { "link in capital letters", "<a hREF=\"javascript:go()\">1</a>", 2,
          "hREF: write attribute names in lower case" },
        { "link in a drawing", "<svg><a xlink:HREF=\"javascript:go()\">1</a></svg>", 2,
          "xlink:HREF: write attribute names in lower case" },
        { "script from anywhere", "<script src=\"{{x}}\"></script>", 2,
          "src of <script> starts with literal text: a page runs known code only" },
        { "script at times", "<script ?src=\"/a.js\"={{x}}></script>", 2,
          "inline <script>: put it into a file and write <script src=\"/...\">" },
        { "hidden at times", "<input ?type=\"hidden\"={{x}}>", 2,
          "<input> without a label: put it into a <label>, or give it field=, aria-label=, or an"
          " id that a <label for=> has" },
        { "style attribute", "<p style=\"color: red\"></p>", 2,
          "style is not allowed: the content policy allows no style attributes: use a class" },
        { "srcdoc", "<iframe src=\"/x\" srcdoc=\"{{x}}\"></iframe>", 2,
          "srcdoc is not allowed: a page in an attribute is not escaped: give the frame a src" },
        { "refresh", "<meta http-equiv=\"refresh\" content=\"0; url={{x}}\">", 2,
          "http-equiv is not allowed: send a header instead" },
        { "script link", "<a href=\"javascript:go()\">1</a>", 2,
          "href must start with one \"/\", \"#\", \"?\", \"mailto:\", \"tel:\" or \"https:\" as"
          " literal text, or be a Url" },
        { "plain http link", "<a href=\"http://a.example\">1</a>", 2,
          "href must start with one \"/\", \"#\", \"?\", \"mailto:\", \"tel:\" or \"https:\" as"
          " literal text, or be a Url" },
        { "relative link", "<a href=\"orders/{{x}}\">1</a>", 2,
          "href must start with one \"/\", \"#\", \"?\", \"mailto:\", \"tel:\" or \"https:\" as"
          " literal text, or be a Url" },
        { "empty link", "<a href=\"\">1</a>", 2,
          "href is empty: name the address" },
        { "link without value", "<a href>1</a>", 2,
          "href is empty: name the address" },
        { "link to another site", "<a href=\"//a.example/{{x}}\">1</a>", 2,
          "href must start with one \"/\", \"#\", \"?\", \"mailto:\", \"tel:\" or \"https:\" as"
          " literal text, or be a Url" },
        { "value in the host", "<a href=\"https://{{x}}/a\">1</a>", 2,
          "href has a value in its host: use a Url from url_external()" },
        { "value behind the host", "<a href=\"https://a.example{{x}}\">1</a>", 2,
          "href has a value in its host: use a Url from url_external()" },
        { "translated link", "<a href=\"/[[orders]]\">1</a>", 2,
          "href is an address: those are not translated, so no [[ ]]" },
        { "empty first segment", "<a href=\"/{{x}}/{{y}}\">1</a>", 2,
          "href has a value between its first slashes; an empty one would lead to another site:"
          " use url_path()" },
        { "another site by a backslash", "<a href=\"/\\{{x}}\">1</a>", 2,
          "href must start with one \"/\", \"#\", \"?\", \"mailto:\", \"tel:\" or \"https:\""
          " as literal text, or be a Url" },
        { "value in a host of srcset",
          "<img src=\"/\" srcset=\"/a 1x, https://{{x}}/a 2x\" alt=\"\">", 2,
          "srcset: each address has a value in its host: use a Url from url_external()" },
        { "action", "<form action=\"javascript:x\"></form>", 2,
          "action must start with one \"/\", \"#\", \"?\", \"mailto:\", \"tel:\" or \"https:\" as"
          " literal text, or be a Url" },
        { "src", "<img src=\"data:image/png,x\" alt=\"\">", 2,
          "src must start with one \"/\", \"#\", \"?\", \"mailto:\", \"tel:\" or \"https:\" as"
          " literal text, or be a Url" },
        { "poster", "<video poster=\"x.png\"></video>", 2,
          "poster must start with one \"/\", \"#\", \"?\", \"mailto:\", \"tel:\" or \"https:\" as"
          " literal text, or be a Url" },
        { "srcset", "<img src=\"/a\" srcset=\"/a 1x, data:x 2x\" alt=\"\">", 2,
          "srcset: each address must start with one \"/\", \"#\", \"?\", \"mailto:\", \"tel:\" or"
          " \"https:\" as literal text, or be a Url" },
        { "hx-get", "<p hx-get=\"orders\"></p>", 2,
          "hx-get must start with one \"/\", \"#\", \"?\", \"mailto:\", \"tel:\" or \"https:\" as"
          " literal text, or be a Url" },
        { "hx-post", "<p hx-post=\"x/{{y}}\"></p>", 2,
          "hx-post must start with one \"/\", \"#\", \"?\", \"mailto:\", \"tel:\" or \"https:\" as"
          " literal text, or be a Url" },
        { "formaction",
          "<form><button type=\"submit\" formaction=\"https://a.example/\">1</button></form>", 2,
          "formaction starts with \"/\", \"?\" or \"#\": the form's token goes along" },
        { "formmethod", "<form><button type=\"submit\" formmethod=\"post\">1</button></form>", 2,
          "formmethod is not allowed: the form's own method decides about its hidden"
          " fields: make it a form of its own" },
        { "posting to a value", "<form method=\"post\" action=\"{{x}}\"></form>", 2,
          "a posting form's action starts with literal text: it decides whether our"
          " token goes along" },
        { "method as a value", "<form method=\"{{x}}\"></form>", 2,
          "method is get, post or dialog, as literal text" },
        { "unknown element", "<blink>1</blink>", 2,
          "<blink> is no element known here" },
        { "capital letters", "<DIV>1</DIV>", 2,
          "<DIV>: write element names in lower case" },
        { "html in svg", "<svg><div>1</div></svg>", 2,
          "<div> is no element known here inside <svg>" },
        { "misnested", "<p><b>1</p>", 2,
          "</p> where <b> of line 2 is open: close that first" },
        { "never closed", "<div><p>1</p>", 2,
          "<div> is never closed" },
        { "closed too often", "<p>1</p></div>", 2,
          "</div> closes nothing: no element is open on this page" },
        { "end tag of a void element", "<br></br>", 2,
          "</br>: <br> has no end tag" },
        { "slash in a void element", "<br/>", 2,
          "<br/>: write it without the slash" },
        { "slash in an element", "<div/></div>", 2,
          "<div/>: a slash does not close it; write the end tag" },
        { "block in a paragraph", "<p><div>1</div></p>", 2,
          "<div> in <p>: it would end the paragraph; use <div> around both" },
        { "form in a form", "<form><form></form></form>", 2,
          "<form> inside <form>: a browser takes them apart; put it outside" },
        { "row in a division", "<div><tr></tr></div>", 2,
          "<tr> in <div>: it stands only in table thead tbody tfoot" },
        { "division in a row", "<table><tr><div>1</div></tr></table>", 2,
          "<div> directly in <tr>: only td th script template may stand there" },
        { "text in a table", "<table>1</table>", 2,
          "text directly in <table>: a browser moves or drops it" },
        { "item in a division", "<div><li>1</li></div>", 2,
          "<li> in <div>: it stands only in ul ol menu" },
        { "element in an option",
          "<select aria-label=\"{{x}}\"><option><b>1</b></option></select>", 2,
          "<b> in <option>, which holds text only" },
        { "link in a link", "<a href=\"/\"><b><a href=\"/\">1</a></b></a>", 2,
          "<a> inside <a>: a browser takes them apart; put it outside" },
        { "tag without end", "<p class=\"a\"\n<b>1</b></p>", 2,
          "<p has no closing >" },
        { "quote without end", "<br class=\"a>", 2,
          "the value of class has no closing quote" },
        { "attribute twice", "<p class=\"a\" class=\"b\"></p>", 2,
          "class is given twice: a browser keeps the first only" },
        { "letters in text", "<p>Hello {{x}}</p>", 2,
          "\"Hello\" cannot be translated: write [[Hello]], or translate=\"no\" on the"
          " element" },
        { "letters beyond ASCII", "<p>নমস্কার</p>", 2,
          "\"নমস্কার\" cannot be translated: write [[নমস্কার]], or translate=\"no\" on the"
          " element" },
        { "letters in aria-label", "<nav aria-label=\"Main\"></nav>", 2,
          "aria-label=\"Main\" cannot be translated: write [[Main]]" },
        { "letters in title", "<p title=\"Open {{x}}\"></p>", 2,
          "title=\"Open \" cannot be translated: write [[Open]]" },
        { "letters in placeholder", "<input aria-label=\"{{x}}\" placeholder=\"Name\">", 2,
          "placeholder=\"Name\" cannot be translated: write [[Name]]" },
        { "letters in alt", "<img src=\"/a\" alt=\"A shoe\">", 2,
          "alt=\"A shoe\" cannot be translated: write [[A shoe]]" },
        { "letters on a button", "<input type=\"submit\" value=\"Save\">", 2,
          "value=\"Save\" cannot be translated: write [[Save]]" },
        { "letters in an option's label",
          "<select aria-label=\"{{x}}\"><optgroup label=\"More\"></optgroup></select>", 2,
          "label=\"More\" cannot be translated: write [[More]]" },
        { "image without alt", "<img src=\"/a\">", 2,
          "<img> without alt: say what it shows, or alt=\"\" if it only decorates" },
        { "image with alt at times", "<img src=\"/a\" ?alt=\"\"={{x}}>", 2,
          "<img> without alt: say what it shows, or alt=\"\" if it only decorates" },
        { "input without label", "<input name=\"a\">", 2,
          "<input> without a label: put it into a <label>, or give it field=,"
          " aria-label=, or an id that a <label for=> has" },
        { "input with a label elsewhere", "<input id=\"a\"><label for=\"b\">1</label>", 2,
          "<input> without a label: put it into a <label>, or give it field=,"
          " aria-label=, or an id that a <label for=> has" },
        { "select without label", "<select name=\"a\"></select>", 2,
          "<select> without a label: put it into a <label>, or give it field=,"
          " aria-label=, or an id that a <label for=> has" },
        { "textarea without label", "<textarea name=\"a\"></textarea>", 2,
          "<textarea> without a label: put it into a <label>, or give it field=,"
          " aria-label=, or an id that a <label for=> has" },
        { "submit without value", "<input type=\"submit\">", 2,
          "<input type=\"submit\"> without value: say what it does" },
        { "button without type", "<button>1</button>", 2,
          "<button> without type: write type=\"submit\" or type=\"button\"" },
        { "id twice", "<p id=\"a\"></p><p id=\"a\"></p>", 2,
          "the id \"a\" is given twice on this page" },
        { "field twice", "<input field=\"a\"><input field=\"a\">", 2,
          "the id \"f-a\" is given twice on this page" },
        { "positive tabindex", "<p tabindex=\"2\"></p>", 2,
          "a positive tabindex breaks the order of reading: use 0 or -1" },
        { "number with a unit", "<img src=\"/a\" alt=\"\" width=\"{{x}}px\">", 2,
          "width holds one whole number: no text, no unit" },
        { "number that is none", "<td colspan=\"all\"></td>", 2,
          "colspan holds one whole number: no text, no unit" },
        { "html's language", "<html lang=\"en\"></html>", 2,
          "lang and dir of <html> are written for you, from the reader's language" },
        { "late doctype", "<p></p><!doctype html>", 2,
          "<!doctype html> stands at the very start of a page" },
        { "comment", "<!-- Hello -->", 2,
          "an HTML comment is sent to every reader: write a line that starts with %#" },
        { "less-than sign", "<p>1 < 2</p>", 2,
          "< begins no tag: write &lt;" },
        { "ampersand", "<p>1 & 2</p>", 2,
          "& begins no character reference: write &amp;" },
        { "ampersand in a link", "<a href=\"/?a=1&b=2\">1</a>", 2,
          "& begins no character reference: write &amp;" },
        { "value without end", "<p>{{x}</p>", 2,
          "{{ without }}: a value ends on the line on which it starts" },
        { "value over two lines", "<p>{{x\n</p>", 2,
          "{{ without }}: a value ends on the line on which it starts" },
        { "empty value", "<p>{{ }}</p>", 2,
          "{{ }} is empty: put a C expression into it" },
        { "end of no value", "<p>}}</p>", 2,
          "}} closes nothing here" },
        { "text without end", "<p>[[Hello</p>", 2,
          "[[ without ]]: close the text behind its last word" },
        { "empty text", "<p>[[ ]]</p>", 2,
          "[[ ]] is empty: put the English text into it" },
        { "markup in a text", "<p>[[a <b>bold</b> word]]</p>", 2,
          "markup inside [[ ]]: translate the texts around it one by one" },
        { "value in a text", "<p>[[Hello {{x}}]]</p>", 2,
          "{{ }} inside [[ ]]: write {{tr_format(ctx, \"...%s...\", ...)}}" },
        { "reference in a text", "<p>[[A &amp; B]]</p>", 2,
          "a character reference inside [[ ]]: write the character itself" },
        { "text in an id", "<p id=\"[[Hello]]\"></p>", 2,
          "[[ ]] in id: only what people read is translated" },
        { "bdi in an attribute", "<p title=\"{{bdi x}}\"></p>", 2,
          "{{bdi }} in an attribute: it writes an element, so in text only" },
        { "bdi in a title", "<title>{{bdi x}}</title>", 2,
          "{{bdi }} in <title>, which holds text only" },
        { "condition missing", "<input type=\"hidden\" ?checked>", 2,
          "?checked without a condition: write ?checked={{condition}} or"
          " ?checked=\"value\"={{condition}}" },
        { "condition unbracketed", "<input type=\"hidden\" ?checked=x>", 2,
          "?checked without a condition: write ?checked={{condition}} or"
          " ?checked=\"value\"={{condition}}" },
        { "field on a paragraph", "<p field=\"a\"></p>", 2,
          "field on <p>: it is for input, select, textarea, label, fieldset, error" },
        { "field with name", "<input field=\"a\" name=\"a\">", 2,
          "name beside field, which writes it: leave one of them out" },
        { "field empty", "<input field=\"\">", 2,
          "field is empty: give the path, as in field=\"{{path}}\"" },
        { "field at times", "<input ?field=\"a\"={{x}}>", 2,
          "field cannot be conditional: write two tags" },
        { "label with field and for", "<label field=\"a\" for=\"a\">1</label>", 2,
          "for beside field, which writes it: leave one of them out" },
        { "two values beside field", "<input field=\"a\" aria-describedby=\"{{x}} {{y}}\">", 2,
          "aria-describedby beside field is text or one {{ }}" },
        { "error without field", "<error>", 2,
          "<error> has one attribute: field" },
        { "problems with attributes", "<problems class=\"a\">", 2,
          "<problems> has no attributes" },
        { "C in a tag", "<p\n% if (x) {\nclass=\"a\"\n% }\n></p>", 3,
          "C inside a tag: write ?name={{condition}}, or two tags in { } each" },
        { "C in a value", "<p class=\"a\n% x();\nb\"></p>", 3,
          "C inside a tag: write ?name={{condition}}, or two tags in { } each" },
        { "if without braces", "% if (x)\n<p></p>", 2,
          "C that is not finished before markup: end it with ; or put { } around the markup" },
        { "else without braces", "% if (x) {\n% } else\n<p></p>", 3,
          "C that is not finished before markup: end it with ; or put { } around the markup" },
        { "call that goes on", "% f(x,\n<p></p>", 2,
          "C that is not finished before markup: end it with ; or put { } around the markup" },
        { "statement without end", "% x = 1\n<p></p>", 2,
          "C that is not finished before markup: end it with ; or put { } around the markup" },
        { "element left open in a block", "% if (x) {\n<p>\n% }", 4,
          "<p> of line 3 is still open: close it in the block that opened it" },
        { "element closed in a block", "% if (x) {\n</p>\n% }", 3,
          "</p> closes nothing: no element is open in this block" },
        { "block never closed", "% if (x) {\n<p></p>", 2,
          "{ is never closed on this page" },
        { "block closed too often", "% }", 2,
          "} without {: no block is open on this page" },
        { "return inside an element", "<p>\n% return;\n</p>", 3,
          "return leaves <p> of line 2 open: put the rest into an else" },
        { "continue inside an element",
          "% for (;;) {\n<p>\n%   if (x)\n%     continue;\n</p>\n% }", 5,
          "continue leaves <p> of line 3 open: put the rest into an else" },
        { "break inside an element",
          "% for (;;) {\n<p>\n%   if (x) {\n%     break;\n%   }\n</p>\n% }", 5,
          "break leaves <p> of line 3 open: put the rest into an else" },
        { "unknown directive", "%pag q()", 2,
          "unknown directive: there are %page, %include, %c and %#; C has a blank behind %" },
        { "include on a page", "%include \"a.h\"", 2,
          "%include and %c stand before the first %page" },
        { "code of the file on a page", "%c int a;", 2,
          "%include and %c stand before the first %page" },
        { "page without arguments", "%page q", 2,
          "%page without arguments: write %page name(Type argument, ...), or name()" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        Str want = str_format(ctx->arena, "t.html:%d: error: %s\n", rows[i].line, rows[i].error);
        CHECK_STR(page(ctx, rows[i].body).errors, want.ptr);
    }
}

static void test_every_link_attribute_is_checked(void)
{
    static const char *const names[] = {
        "href",           "src",
        "action",         "formaction",
        "poster",         "data",
        "cite",           "background",
        "manifest",       "xlink:href",
        "srcset",         "imagesrcset",
        "hx-get",         "hx-post",
        "hx-put",         "hx-patch",
        "hx-delete",      "hx-push-url",
        "hx-replace-url", "sse-connect",
        "hx-sse:connect", "hx-get:inherited",
    };
    static const char *const values[] = {
        "javascript:x",   "JavaScript:x",      " javascript:x", "data:text/html,x", "vbscript:x",
        "\tjavascript:x", "&#106;avascript:x", "java{{x}}",     "//evil.example",   "blob:x"
    };
    Ctx *ctx = test_ctx();
    for (size_t n = 0; n < COUNT(names); n++)
        for (size_t v = 0; v < COUNT(values); v++) {
            Str tag = str_format(ctx->arena, "<b %s=\"%s\"></b>", names[n], values[v]);
            test_row = tag.ptr;
            CHECK(page(ctx, tag.ptr).errors.len > 0);
            tag = str_format(ctx->arena, "<b %s=\"/a/{{x}}\"></b>", names[n]);
            CHECK_STR(page(ctx, tag.ptr).errors, "");
            CHECK(str_find(page(ctx, tag.ptr).code, S("(HTML_LINK(x))(out, x);")) > 0);
        }
}

static void test_whole_files(void)
{
    // clang-format off
    static const struct {
        const char *row, *source, *errors;
    } rows[] = {
        { "nothing", "",
          "t.html:1: error: no %page: every page starts with %page name(...)\n" },
        { "no page", "%include \"a.h\"\n",
          "t.html:2: error: no %page: every page starts with %page name(...)\n" },
        { "markup before a page", "<p></p>\n",
          "t.html:1: error: markup before the first %page: every page starts with"
          " %page name(...)\n" },
        { "C before a page",      "% int a;\n%page p()\n",
          "t.html:1: error: C before the first %page: write %c for what belongs to the whole"
          " file\n" },
        { "not UTF-8", "%page p()\n\xff\n",
          "t.html:1: error: the file is not UTF-8 text: save it so\n" },
        { "open at a page's end", "%page p()\n<p>\n%page q()\n</p>\n",
          "t.html:2: error: <p> is never closed\n"
          "t.html:4: error: </p> closes nothing: no element is open on this page\n" },
        { "ids are a page's own", "%page p()\n<p id=\"a\"></p>\n%page q()\n<p id=\"a\"></p>\n",
          "" },
        { "no line break at the end", "%page p()\n<p></p>", "" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].row;
        CHECK_STR(
            template_compile(ctx->arena, S("t.html"), str_from(rows[i].source), S("t.h")).errors,
            rows[i].errors);
    }
}

static void test_errors_stop_at_twenty(void)
{
    Ctx *ctx = test_ctx();
    Buf body = { .arena = ctx->arena };
    for (int i = 0; i < 30; i++)
        buf_c(&body, "<blink></blink>\n");
    Str errors = page(ctx, body.ptr).errors, line;
    int count = 0;
    while (str_next(&errors, '\n', &line))
        count++;
    CHECK_INT(count, 20);
}

// Whatever is cut off or changed in a template, the compiler ends and answers.
static void test_any_text_ends(void)
{
    Ctx *ctx = test_ctx();
    Str whole = test_read_file(ctx->arena, "tests/tmplc/pages/sample.html");
    ArenaMark mark = arena_mark(ctx->arena);
    for (int round = 0; round < 400; round++) {
        Str copy = str_copy(ctx->arena, whole);
        for (int change = 0; change < 3; change++)
            ((char *)copy.ptr)[random_below(ctx->random, (int64_t)copy.len)] =
                "<>\"{}[]%=/?&\n a"[random_below(ctx->random, 16)];
        copy.len = (size_t)random_below(ctx->random, (int64_t)copy.len + 1);
        Compiled one = template_compile(ctx->arena, S("t.html"), copy, S("t.h"));
        CHECK(one.errors.len > 0 || one.code.len > 0);
        arena_rewind(ctx->arena, mark);
    }
}

const Test tmplc_tests[] = {
    { "the sample's C is as before", test_sample },
    { "white space is settled at compile time", test_white_space },
    { "markup becomes calls", test_what_it_writes },
    { "texts to translate are listed", test_keys },
    { "what is unsafe, wrong or unreachable is refused", test_refusals },
    { "every link attribute is checked", test_every_link_attribute_is_checked },
    { "whole files", test_whole_files },
    { "errors stop at twenty", test_errors_stop_at_twenty },
    { "any text ends", test_any_text_ends },
    { 0 },
};
