// page_texts.c - the texts of a template (docs/templates.md): what stands in [[ ]], and what the C
// in
// {{ }} and on lines that begin with % hands to tr().
#include "c.h"

typedef struct Page {
    Texts *texts;
    const World *world;
    const char *path;
    Str rest;
    int line;
} Page;

static void take_c(Page *page, Str c)
{
    // With a token in front and behind, as in a whole file.
    Str whole = str_format(page->texts->arena, ";" STR_FMT ";", STR_ARG(c));
    TokenList tokens = tokens_of(page->texts->arena, whole, page->line);
    c_texts(page->texts, page->world, page->path, &tokens);
}

// Line ends and runs of blanks are one blank, as tmplc makes them.
static Str on_one_line(Arena *arena, Str text)
{
    Buf out = { .arena = arena };
    for (Str word; str_next_word(&text, &word);) {
        buf_c(&out, out.len ? " " : "");
        buf_put(&out, word);
    }
    return str_copy(arena, buf_str(&out));
}

static void skip(Page *page, size_t bytes)
{
    Str passed = str_sub(page->rest, 0, bytes);
    for (size_t i = 0; i < passed.len; i++)
        page->line += passed.ptr[i] == '\n';
    page->rest = str_from_at(page->rest, bytes);
}

// Up to `end` and with it; false when it is not there.
static bool take_until(Page *page, Str end, Str *ret)
{
    ptrdiff_t at = str_find(page->rest, end);
    if (at < 0)
        return false;
    *ret = str_sub(page->rest, 0, (size_t)at);
    return true;
}

static void take_line_of_c(Page *page)
{
    Str rest = page->rest, line;
    str_next(&rest, '\n', &line);
    if (!str_starts(str_trim(line), S("%#")))
        take_c(page, str_from_at(str_trim(line), 1));
    skip(page, line.len + 1);
}

static void take_text(Page *page)
{
    Str inside;
    if (str_starts(page->rest, S("[[")) && take_until(page, S("]]"), &inside)) {
        int line = page->line;
        text_add(page->texts, page->path, line,
                 on_one_line(page->texts->arena, str_from_at(inside, 2)), S(""));
        skip(page, inside.len + 2);
    } else if (str_starts(page->rest, S("{{")) && take_until(page, S("}}"), &inside)) {
        take_c(page, str_from_at(inside, 2));
        skip(page, inside.len + 2);
    } else {
        skip(page, 1);
    }
}

void page_texts(Texts *texts, const World *world, const Source *source)
{
    Page page = { texts, world, source->path, source->content, 1 };
    bool is_line_start = true;
    while (page.rest.len) {
        char c = page.rest.ptr[0];
        if (is_line_start && c == '%') {
            take_line_of_c(&page);
            continue;
        }
        is_line_start = c == '\n' || (is_line_start && (c == ' ' || c == '\t'));
        take_text(&page);
    }
}
