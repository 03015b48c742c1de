// pdf_reader.c - paper, seen with the eyes of poppler and whatever else a test calls.
#include "pdf_reader.h"

#include "harness.h"

#include <math.h>
#include <unistd.h>

static void paper_remove(void *arg)
{
    Paper *paper = arg;
    unlink(paper->path);
    rmdir(paper->folder);
}

Paper *paper_save(Ctx *ctx, Str bytes)
{
    Paper *paper = NEW(ctx->arena, Paper);
    *paper = (Paper){ .ctx = ctx, .folder = "/tmp/entrepot-pdf-XXXXXX" };
    arena_defer(ctx->arena, paper_remove, paper);
    CHECK(mkdtemp(paper->folder) != NULL);
    snprintf(paper->path, sizeof paper->path, "%s/paper.pdf", paper->folder);
    FILE *out = fopen(paper->path, "wb");
    CHECK(out && fwrite(bytes.ptr, 1, bytes.len, out) == bytes.len);
    if (out)
        fclose(out);
    return paper;
}

Paper *paper_finish(Ctx *ctx, Pdf *pdf)
{
    Str bytes = S("");
    CHECK_OK(ctx, pdf_finish(pdf, &bytes));
    return paper_save(ctx, bytes);
}

Str paper_seen_by(const Paper *paper, const char *command)
{
    Str line = str_format(paper->ctx->arena, command, paper->path);
    Buf out = { .arena = paper->ctx->arena };
    FILE *pipe = popen(line.ptr, "r");
    char piece[4096];
    for (size_t n; pipe && (n = fread(piece, 1, sizeof piece, pipe)) > 0;)
        buf_put(&out, (Str){ piece, n });
    if (pipe)
        pclose(pipe);
    return buf_str(&out);
}

bool reader_has_tools(const char *const *tools)
{
    for (; *tools; tools++) {
        char command[64];
        snprintf(command, sizeof command, "command -v %s >/dev/null", *tools);
        if (system(command) != 0)
            return false;
    }
    return true;
}

bool text_holds(Str text, const char *what)
{
    return str_find(text, str_from(what)) >= 0;
}

void check_holds(const char *file, int line, Str text, const char *what)
{
    if (!text_holds(text, what))
        test_fail(file, line, "\"%s\" is not in \"" STR_FMT "\"", what, STR_ARG(text));
}

size_t text_count(Str text, const char *what)
{
    size_t count = 0;
    for (ptrdiff_t at; (at = str_find(text, str_from(what))) >= 0; count++)
        text = str_from_at(text, (size_t)at + strlen(what));
    return count;
}

size_t page_count(const Paper *paper)
{
    Str pages = paper_seen_by(paper, "pdfinfo %s | sed -n 's/^Pages: *//p'");
    int64_t count = 0;
    CHECK(str_int(str_trim(pages), &count));
    return (size_t)count;
}

Str page_text(const Paper *paper, size_t page)
{
    char command[96];
    snprintf(command, sizeof command, "pdftotext -f %zu -l %zu -layout %%s -", page, page);
    return paper_seen_by(paper, command);
}

size_t page_of(const Paper *paper, const char *what)
{
    Str all = paper_seen_by(paper, "pdftotext -layout %s -");
    ptrdiff_t at = str_find(all, str_from(what));
    return at < 0 ? 0 : 1 + text_count(str_sub(all, 0, (size_t)at), "\f");
}

static double attribute(Str tag, const char *name)
{
    ptrdiff_t at = str_find(tag, str_from(name));
    return at < 0 ? NAN : strtod(tag.ptr + at + strlen(name), NULL);
}

Span place_of(const Paper *paper, const char *word)
{
    Str all = paper_seen_by(paper, "pdftotext -bbox %s -");
    for (Str line; str_next(&all, '\n', &line);)
        if (text_holds(line, word))
            return (Span){ attribute(line, "xMin=\""), attribute(line, "xMax=\"") };
    test_fail(__FILE__, __LINE__, "the word \"%s\" is not there", word);
    return (Span){ NAN, NAN };
}
