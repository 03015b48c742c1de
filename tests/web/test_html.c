// test_html.c - what pages look like to a browser: every text comes back as it went in, addresses
// lead where they should, fields and their messages find each other.
#include "web/html.h"

#include "base/utf8.h"
#include "harness.h"
#include "kernel/auth/actor.h"
#include "kernel/i18n.h"
#include "places.h"
#include "sample.h"
#include "stamps.h"

#include <ctype.h>

// ---- A browser's reading of a page --------------------------------------------------------------

typedef LIST(Str) StrList;

typedef struct Reading {
    StrList tags, values, texts;  // in the order of the page; texts without empty ones
} Reading;

static Str unescaped(Arena *arena, Str s)
{
    static const struct {
        const char *reference;
        char character;
    } references[] = { { "&amp;", '&' },  { "&lt;", '<' },   { "&gt;", '>' },
                       { "&quot;", '"' }, { "&#39;", '\'' }, { "&#13;", '\r' } };
    Buf out = { .arena = arena };
    while (s.len) {
        char c = s.ptr[0] == '\r' ? '\n' : s.ptr[0];  // as the input stream is prepared
        size_t taken = 1;
        for (size_t i = 0; i < COUNT(references); i++)
            if (str_starts(s, str_from(references[i].reference))) {
                c = references[i].character;
                taken = strlen(references[i].reference);
            }
        buf_char(&out, c);
        s = str_from_at(s, taken);
    }
    return buf_str(&out);
}

static void note(Arena *arena, StrList *list, Str s)
{
    *list_push(arena, list) = s;
}

static Str up_to(Str *rest, const char *ends)
{
    size_t len = 0;
    while (len < rest->len && !(rest->ptr[len] && strchr(ends, rest->ptr[len])))
        len++;
    Str part = str_sub(*rest, 0, len);
    *rest = str_from_at(*rest, len);
    return part;
}

static void read_tag(Arena *arena, Str *rest, Reading *ret)
{
    *rest = str_from_at(*rest, 1);
    note(arena, &ret->tags, up_to(rest, " >"));
    while (rest->len && rest->ptr[0] != '>') {
        up_to(rest, "\">");
        if (rest->len == 0 || rest->ptr[0] != '"')
            continue;
        *rest = str_from_at(*rest, 1);
        note(arena, &ret->values, unescaped(arena, up_to(rest, "\"")));
        *rest = str_from_at(*rest, 1);
    }
    *rest = str_from_at(*rest, 1);
}

static Reading read_page(Arena *arena, Str page)
{
    Reading reading = { 0 };
    while (page.len) {
        if (page.ptr[0] == '<') {
            read_tag(arena, &page, &reading);
            Str tag = reading.tags.items[reading.tags.len - 1];
            if ((str_is(tag, "pre") || str_is(tag, "textarea")) && str_starts(page, S("\n")))
                page = str_from_at(page, 1);
        } else {
            note(arena, &reading.texts, unescaped(arena, up_to(&page, "<")));
        }
    }
    return reading;
}

static Str percent_decoded(Arena *arena, Str s)
{
    Buf out = { .arena = arena };
    for (size_t i = 0; i < s.len; i++) {
        char digits[3] = { 0 };
        if (s.ptr[i] == '%' && i + 2 < s.len)
            memcpy(digits, s.ptr + i + 1, 2);
        buf_char(&out, digits[0] ? (char)strtol(digits, NULL, 16) : s.ptr[i]);
        i += digits[0] ? 2 : 0;
    }
    return buf_str(&out);
}

// ---- Places -------------------------------------------------------------------------------------

// What a browser must show for a text: the text, with U+FFFD for what cannot be on a page.
static Str shown(Arena *arena, Str s)
{
    Buf out = { .arena = arena };
    s = utf8_clean(arena, s);
    for (size_t i = 0; i < s.len; i++)
        buf_put(&out, s.ptr[i] ? str_sub(s, i, 1) : S("\uFFFD"));
    return buf_str(&out);
}

static void check_places(Ctx *ctx, Str s)
{
    Buf out = { .arena = ctx->arena };
    places(&out, ctx, s);
    Reading page = read_page(ctx->arena, buf_str(&out));
    Str text = shown(ctx->arena, s), link = utf8_clean(ctx->arena, s);

    static const char *const tags[] = { "title", "/title",   "p",         "/p",     "pre", "/pre",
                                        "label", "textarea", "/textarea", "/label", "a",   "bdi",
                                        "/bdi",  "/a",       "a",         "/a",     "img" };
    CHECK_INT((int64_t)page.tags.len, COUNT(tags));
    for (size_t i = 0; i < COUNT(tags) && i < page.tags.len; i++)
        CHECK_STR(page.tags.items[i], tags[i]);
    CHECK(utf8_valid(buf_str(&out)));

    const Str want_values[] = {
        text,
        str_format(ctx->arena, "x" STR_FMT "y", STR_ARG(text)),
        text,
    };
    CHECK_INT((int64_t)page.values.len, 8);
    for (size_t i = 0; i < COUNT(want_values); i++)
        CHECK(str_eq(page.values.items[i], want_values[i]));
    CHECK(str_eq(page.values.items[7], text));

    Buf want = { .arena = ctx->arena };
    const Str *addresses = page.values.items + 3;
    for (int i = 0; i < 3; i++) {
        buf_c(&want, i == 0 ? "/a/" : i == 1 ? "?q=" : "#");
        buf_put(&want, link);
    }
    CHECK(str_eq(percent_decoded(ctx->arena, addresses[0]), buf_str(&want)));
    Str parts[] = { S("mailto:"), S("/files/") };
    for (size_t i = 0; i < COUNT(parts); i++)
        CHECK(str_eq(percent_decoded(ctx->arena, addresses[1 + i]),
                     str_join(ctx->arena, parts[i], link)));
    for (size_t i = 0; i < 4; i++)
        for (size_t c = 0; c < addresses[i].len; c++)
            CHECK(isgraph((unsigned char)addresses[i].ptr[c]) ||
                  (i == 3 && addresses[i].ptr[c] == ' '));

    if (s.len) {  // title, p, pre, "1 ", textarea, bdi, "-"
        static const size_t own[] = { 0, 1, 2, 4, 5 };
        CHECK_INT((int64_t)page.texts.len, 7);
        for (size_t i = 0; i < COUNT(own) && page.texts.len == 7; i++)
            CHECK(str_eq(page.texts.items[own[i]], text));
    }
}

static void test_any_text_comes_back(void)
{
    static const Str pieces[] = {
        S("<"),
        S(">"),
        S("&"),
        S("\""),
        S("'"),
        S("\0"),
        S("\r"),
        S("\n"),
        S("\t"),
        S("\x01"),
        S("\x1b"),
        S("\x7f"),
        S("\x80"),
        S("\xff"),
        S("\xc3"),
        S("\xed\xa0\x80"),
        S("\xf4\x90\x80\x80"),
        S("\xe2\x28\xa1"),
        S("é"),
        S("ব"),
        S("😀"),
        S("\u202E"),
        S("\uFEFF"),
        S("a"),
        S(" "),
        S("="),
        S("`"),
        S("%"),
        S("%41"),
        S("/"),
        S("\\"),
        S("?"),
        S("#"),
        S("+"),
        S("@"),
        S("&amp;"),
        S("&#60;"),
        S("&lt"),
        S("</p>"),
        S("</textarea>"),
        S("-->"),
        S("<!--"),
        S("javascript:"),
        S("order"),
    };
    Ctx *ctx = test_ctx();
    check_places(ctx, S(""));
    ArenaMark mark = arena_mark(ctx->arena);
    for (int round = 0; round < 3000; round++) {
        Buf s = { .arena = ctx->arena };
        int64_t count = 1 + random_below(ctx->random, 8);
        while (count-- > 0)
            buf_put(&s, pieces[random_below(ctx->random, COUNT(pieces))]);
        check_places(ctx, buf_str(&s));
        arena_rewind(ctx->arena, mark);
    }
}

static void test_attacks_stay_text(void)
{
    static const char *const attacks[] = {
        "<script>alert(1)</script>",
        "</title><script>alert(1)</script>",
        "</textarea><img src=x onerror=alert(1)>",
        "\"><svg onload=alert(1)>",
        "\" onmouseover=\"alert(1)",
        "' onmouseover='alert(1)",
        "` onmouseover=alert(1)",
        "x\" style=\"background:url(javascript:alert(1))",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "//evil.example/",
        "/\\evil.example",
        "../../admin/delete",
        "?next=//evil.example&a=b#c",
        "&#106;avascript:alert(1)",
        "&lt;script&gt;",
        "<!--<script>-->",
        "<![CDATA[<script>]]>",
        "\xc0\xbcscript\xc0\xbe",
        "+ADw-script+AD4-",
        "\xef\xbc\x9cscript\xef\xbc\x9e",
        "<img/src=x/onerror=alert(1)>",
        "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
        "{{constructor.constructor('alert(1)')()}}",
        "[[alert(1)]]",
        "%3Cscript%3Ealert(1)%3C/script%3E",
        "a@b.example?subject=x&bcc=y",
        "\r\nSet-Cookie: a=b",
    };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(attacks); i++) {
        test_row = attacks[i];
        check_places(ctx, str_from(attacks[i]));
    }
}

static void test_escapes(void)
{
    // clang-format off
    static const struct {
        const char *row;
        Str in;
        const char *want;
    } rows[] = {
        { "nothing to do",          S("Ladies' sandal"),       "Ladies&#39; sandal" },
        { "all five", S("<a b=\"c\">&'"),
          "&lt;a b=&quot;c&quot;&gt;&amp;&#39;" },
        { "empty",                  S(""),                     "" },
        { "NUL",                    S("a\0b"),                 "a\uFFFDb" },
        { "carriage return",        S("a\r\nb"),               "a&#13;\nb" },
        { "other controls stay",    S("a\tb\x01"),             "a\tb\x01" },
        { "UTF-8 stays",            S("<ঢাকা> é 😀"),            "&lt;ঢাকা&gt; é 😀" },
        { "a broken start",         S("\xff<a"),               "\uFFFD&lt;a" },
        { "a broken end",           S("a&é\xc3"),              "a&amp;é\uFFFD" },
        { "a long form of <",       S("\xc0\xbc"),             "\uFFFD\uFFFD" },
        { "broken twice",           S("é\x80<é\x80>"),         "é\uFFFD&lt;é\uFFFD&gt;" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        Buf out = { .arena = ctx->arena };
        test_row = rows[i].row;
        html_escape(&out, rows[i].in);
        CHECK_STR(buf_str(&out), rows[i].want);
    }
}

static void test_numbers(void)
{
    Ctx *ctx = test_ctx();
    Buf out = { .arena = ctx->arena };
    numbers(&out, ctx, -1, INT64_MIN, 42);
    CHECK_STR(buf_str(&out),
              "<td colspan=\"-1\" rowspan=\"-9223372036854775808\" data-n=\"42\">"
              "-1 -9223372036854775808 42</td><a href=\"/n/-1/-9223372036854775808/42\">-</a>");
}

// ---- Markup as a value --------------------------------------------------------------------------

static void test_captured_markup(void)
{
    Ctx *ctx = test_ctx();
    Buf out = { .arena = ctx->arena };
    buf_c(&out, "before");
    size_t begin = html_begin(&out);
    places(&out, ctx, S("<"));
    Html part = html_end(&out, begin);
    CHECK_STR(buf_str(&out), "before");
    CHECK(str_starts(part.markup, S("<title>&lt;</title>")));
    html_markup(&out, part);
    CHECK(str_starts(buf_str(&out), S("before<title>&lt;</title>")));
}

static void test_page_in_a_shell(void)
{
    Ctx *ctx = test_ctx();
    Buf out = { .arena = ctx->arena };
    sample_list(&out, ctx, NULL, 0);
    CHECK_STR(buf_str(&out),
              "<!doctype html><html lang=\"en\" dir=\"ltr\" class=\"admin\"><head>"
              "<meta charset=\"utf-8\">"
              "<title>Orders · Orders</title><link rel=\"stylesheet\" href=\"/assets/app.css\">"
              "<script src=\"/assets/app.js\" defer></script></head><body>"
              "<a class=\"skip\" href=\"#main\">Skip to content</a>"
              "<main id=\"main\" class=\"page\" tabindex=\"-1\">"
              "<h1>Orders <span class=\"n\">0</span></h1>"
              "<table><caption class=\"vh\">Orders, newest first</caption></table>"
              "<p>No orders yet. Orders of today appear here."
              "<a href=\"mailto:help@example.com\">Ask us</a></p></main></body></html>");
}

static void test_full_buffer_stays_full(void)
{
    Ctx *ctx = test_ctx();
    Buf out = { .arena = ctx->arena, .max = 10 };
    size_t begin = html_begin(&out);
    buf_c(&out, "12345678");
    buf_c(&out, "12345678");
    html_end(&out, begin);
    CHECK(out.is_full);
}

static void test_json_cannot_end_its_element(void)
{
    Ctx *ctx = test_ctx();
    Buf out = { .arena = ctx->arena };
    html_json_ld(&out, S("{\"name\":\"</script><!--\"}"));
    CHECK_STR(buf_str(&out), "<script type=\"application/ld+json\">"
                             "{\"name\":\"\\u003c/script>\\u003c!--\"}</script>");
}

// ---- Addresses ----------------------------------------------------------------------------------

static void test_paths(void)
{
    Ctx *ctx = test_ctx();
    CHECK_STR(url_path(ctx->arena, "/admin").text, "/admin");
    CHECK_STR(url_path(ctx->arena, "/orders/{}?line={}", S("SO 1/2"), S("a&b=ç")).text,
              "/orders/SO%201%2F2?line=a%26b%3D%C3%A7");
    CHECK_STR(url_path(ctx->arena, "/{}", S("/evil.example")).text, "/%2Fevil.example");
    CHECK_STR(url_path(ctx->arena, "/{}/{}", S(""), S("evil.example")).text, "/.//evil.example");
    Buf out = { .arena = ctx->arena };
    html_url(&out, url_path(ctx->arena, "/a?b={}&c=1", S("'")));
    CHECK_STR(buf_str(&out), "/a?b=%27&amp;c=1");
}

typedef struct AddressRow {
    const char *in;
    const char *want;  // or the code of the refusal, without ':' and '/'
} AddressRow;

static void check_addresses(Status (*make)(Ctx *ctx, Str text, Url *ret), const AddressRow *rows)
{
    Ctx *ctx = test_ctx();
    for (const AddressRow *row = rows; row->in; row++) {
        Url url = { S("unchanged") };
        test_row = row->in;
        bool is_refused = str_starts(str_from(row->want), S("url."));
        if (is_refused)
            CHECK_FAILS(ctx, row->want, make(ctx, str_from(row->in), &url));
        else
            CHECK_OK(ctx, make(ctx, str_from(row->in), &url));
        CHECK_STR(url.text, is_refused ? "unchanged" : row->want);
    }
}

static void test_external_addresses(void)
{
    static const AddressRow rows[] = {
        { "https://a.example/b?c=d&e=f#g", "https://a.example/b?c=d&e=f#g" },
        { "  HTTPS://a.example  ", "HTTPS://a.example" },
        { "http://a.example:80", "http://a.example:80" },
        { "mailto:a+b@c.example", "mailto:a+b@c.example" },
        { "tel:+8801711", "tel:+8801711" },
        { "https://a.example/\"><script>", "https://a.example/%22%3E%3Cscript%3E" },
        { "https://a.example/%20ç", "https://a.example/%20%C3%A7" },
        { "https://a.example/\xff", "https://a.example/%EF%BF%BD" },
        { "javascript:alert(1)", "url.scheme" },
        { "JAVASCRIPT:alert(1)", "url.scheme" },
        { "java\tscript:alert(1)", "url.invalid" },
        { "\x01javascript:alert(1)", "url.invalid" },
        { "data:text/html,x", "url.scheme" },
        { "vbscript:x", "url.scheme" },
        { "file:///etc/passwd", "url.scheme" },
        { "//a.example", "url.scheme" },
        { "/orders", "url.scheme" },
        { "a.example", "url.scheme" },
        { "https:", "url.scheme" },
        { "https:a.example", "url.scheme" },
        { "https://", "url.scheme" },
        { "https:///a", "url.scheme" },
        { "https://?a", "url.scheme" },
        { "mailto:", "url.scheme" },
        { "https://a.example/a b", "url.invalid" },
        { "https://a.example/\r\nSet-Cookie:a", "url.invalid" },
        { "", "url.scheme" },
        { 0 },
    };
    check_addresses(url_external, rows);
}

static void test_local_addresses(void)
{
    static const AddressRow rows[] = {
        { "/", "/" },
        { "/admin/orders?state=draft&page=2#a", "/admin/orders?state=draft&page=2#a" },
        { "/a\"b", "/a%22b" },
        { "//evil.example", "url.local" },
        { "/\\evil.example", "url.local" },
        { "https://evil.example", "url.local" },
        { "javascript:x", "url.local" },
        { "/\t/evil.example", "url.invalid" },
        { " /a", "url.invalid" },
        { "orders", "url.local" },
        { "", "url.local" },
        { 0 },
    };
    check_addresses(url_local, rows);
}

static void test_long_addresses(void)
{
    Ctx *ctx = test_ctx();
    Url url;
    Buf text = { .arena = ctx->arena };
    buf_c(&text, "https://a.example/");
    while (text.len < URL_BYTES_MAX)
        buf_char(&text, 'a');
    CHECK_OK(ctx, url_external(ctx, buf_str(&text), &url));
    buf_char(&text, 'a');
    CHECK_FAILS(ctx, "url.long", url_external(ctx, buf_str(&text), &url));
}

// ---- Stamps -------------------------------------------------------------------------------------

static Ctx *page_ctx(void)
{
    static Actor actor;
    Ctx *ctx = test_ctx();
    actor = (Actor){ .csrf = S("token \"7\"") };
    ctx->actor = &actor;
    return ctx;
}

static void test_language(void)
{
    Ctx *ctx = page_ctx();
    Locale arabic = { .tag = S("ar-EG"), .is_rtl = true };
    Buf out = { .arena = ctx->arena };
    ctx->locale = &arabic;
    html_lang(&out, ctx);
    CHECK_STR(buf_str(&out), " lang=\"ar-EG\" dir=\"rtl\"");
}

static void test_title_of_a_page_with_problems(void)
{
    Ctx *ctx = page_ctx();
    Buf out = { .arena = ctx->arena };
    stamp_html(&out, ctx, S("A & B"));
    CHECK_STR(buf_str(&out), "<!doctype html><html lang=\"en\" dir=\"ltr\"><head>"
                             "<title>A &amp; B</title></head></html>");
    ctx_problem(ctx, S("sku"), "sku.unknown", "nothing has this number");
    buf_clear(&out);
    stamp_html(&out, ctx, S("A"));
    CHECK(str_find(buf_str(&out), S("<title>Error: A</title>")) > 0);
}

static Str form_key(Ctx *ctx)
{
    static const char start[] =
        "<form method=\"post\" action=\"/a/b\" novalidate>"
        "<input type=\"hidden\" name=\"_csrf\" value=\"token &quot;7&quot;\">"
        "<input type=\"hidden\" name=\"_once\" value=\"";
    Buf out = { .arena = ctx->arena };
    stamp_form(&out, ctx, S("b"));
    CHECK(str_starts(buf_str(&out), str_from(start)));
    Str key = str_sub(buf_str(&out), strlen(start), ID_TEXT_LEN);
    CHECK_STR(str_from_at(buf_str(&out), strlen(start) + ID_TEXT_LEN), "\"></form>");
    return key;
}

static void test_form_keys(void)
{
    Ctx *ctx = page_ctx();
    Str first = form_key(ctx), second = form_key(ctx);
    CHECK(!str_eq(first, second));
    first = str_copy(ctx->arena, first);
    ctx = page_ctx();
    CHECK(str_eq(form_key(ctx), first));  // chance is the context's, so it can be replayed
}

static void test_form_of_nobody(void)
{
    Ctx *ctx = test_ctx();
    Buf out = { .arena = ctx->arena };
    html_csrf(&out, ctx);
    CHECK_STR(buf_str(&out), "");
}

static void test_fields(void)
{
    Ctx *ctx = page_ctx();
    Buf out = { .arena = ctx->arena };
    stamp_field(&out, ctx, 2);
    CHECK_STR(buf_str(&out), "<label for=\"f-lines-2-sku\">1</label>"
                             "<input name=\"lines[2].sku\" id=\"f-lines-2-sku\" type=\"text\">");
    ctx_problem(ctx, S("lines[2].sku"), "sku.unknown", "no item is called \"<%d>\"", 7);
    ctx_problem(ctx, S("lines[3].sku"), "sku.unknown", "another line's");
    ctx_problem(ctx, S("lines[2].sku"), "sku.long", "it has 40 characters");
    buf_clear(&out);
    stamp_field(&out, ctx, 2);
    CHECK_STR(buf_str(&out),
              "<label for=\"f-lines-2-sku\">1</label>"
              "<p class=\"err\" id=\"e-lines-2-sku\"><span><span class=\"vh\">Error: </span>"
              "no item is called &quot;&lt;7&gt;&quot;<br>it has 40 characters</span></p>"
              "<input name=\"lines[2].sku\" id=\"f-lines-2-sku\" aria-invalid=\"true\""
              " aria-describedby=\"e-lines-2-sku\" type=\"text\">");
}

static void test_fields_with_hints(void)
{
    Ctx *ctx = page_ctx();
    Buf out = { .arena = ctx->arena };
    stamp_hint(&out, ctx, S("unit"));
    stamp_group(&out, ctx, S("speed"), "h1");
    CHECK_STR(buf_str(&out),
              "<select name=\"unit\" id=\"f-unit\" aria-describedby=\"hint\"></select>"
              "<fieldset id=\"f-speed\" tabindex=\"-1\" aria-describedby=\"h1\"></fieldset>");
    ctx_problem(ctx, S("unit"), "a.b", "wrong");
    ctx_problem(ctx, S("speed"), "a.b", "wrong");
    buf_clear(&out);
    stamp_hint(&out, ctx, S("unit"));
    stamp_group(&out, ctx, S("speed"), "");
    CHECK_STR(buf_str(&out),
              "<select name=\"unit\" id=\"f-unit\" aria-invalid=\"true\""
              " aria-describedby=\"e-unit hint\"></select>"
              "<fieldset id=\"f-speed\" tabindex=\"-1\" aria-describedby=\"e-speed\"></fieldset>");
}

static void test_hostile_paths(void)
{
    Ctx *ctx = page_ctx();
    Buf out = { .arena = ctx->arena };
    html_field(&out, ctx, S("a\"><script> é"), S("\"><b>"));
    CHECK_STR(buf_str(&out), " name=\"a&quot;&gt;&lt;script&gt; é\" id=\"f-a---script----\""
                             " aria-describedby=\"&quot;&gt;&lt;b&gt;\"");
}

static void test_summary_of_problems(void)
{
    static const char start[] =
        "<div class=\"note bad\" id=\"problems\" role=\"alert\" tabindex=\"-1\" autofocus>"
        "<div class=\"grow\"><h2>There is a problem</h2>";
    Ctx *ctx = page_ctx();
    Buf out = { .arena = ctx->arena };
    stamp_problems(&out, ctx);
    CHECK_STR(buf_str(&out), "");

    Status status = FAIL(ctx, E_CONFLICT, "stock.short", "short of <sole-42> by %d", 3);
    CHECK(status == E_CONFLICT);
    stamp_problems(&out, ctx);
    CHECK_STR(
        buf_str(&out),
        str_format(ctx->arena, "%s<p>short of &lt;sole-42&gt; by 3</p></div></div>", start).ptr);

    ctx_problem(ctx, S("lines[2].sku"), "a.b", "no such item");
    ctx_problem(ctx, S(""), "a.b", "the order has no lines");
    buf_clear(&out);
    stamp_problems(&out, ctx);
    CHECK_STR(buf_str(&out), str_format(ctx->arena,
                                        "%s<ul><li><a href=\"#f-lines-2-sku\">no such item</a></li>"
                                        "<li>the order has no lines</li></ul></div></div>",
                                        start)
                                 .ptr);
}

static void test_conditions(void)
{
    Ctx *ctx = page_ctx();
    Buf out = { .arena = ctx->arena };
    stamp_choice(&out, ctx, true, S("\"x\""));
    stamp_choice(&out, ctx, false, S(""));
    CHECK_STR(buf_str(&out), "<option value=\"a\" selected title=\"&quot;x&quot;\"></option>"
                             "<option value=\"a\"></option>");
}

const Test html_tests[] = {
    { "any text comes back from any place", test_any_text_comes_back },
    { "attacks stay text", test_attacks_stay_text },
    { "escapes", test_escapes },
    { "numbers of all types", test_numbers },
    { "captured markup is not escaped again", test_captured_markup },
    { "a page in a shell", test_page_in_a_shell },
    { "a full buffer stays full", test_full_buffer_stays_full },
    { "JSON cannot end its element", test_json_cannot_end_its_element },
    { "paths are percent-encoded", test_paths },
    { "external addresses", test_external_addresses },
    { "local addresses", test_local_addresses },
    { "long addresses", test_long_addresses },
    { "language and direction", test_language },
    { "the title says that there are problems", test_title_of_a_page_with_problems },
    { "posting forms carry their keys", test_form_keys },
    { "nobody's forms carry no token", test_form_of_nobody },
    { "fields and their messages", test_fields },
    { "fields with hints", test_fields_with_hints },
    { "hostile paths", test_hostile_paths },
    { "the summary of problems", test_summary_of_problems },
    { "conditional attributes", test_conditions },
    { 0 },
};
