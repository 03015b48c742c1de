// update.c - what Cairo 1.16 cannot say about a document, added to the finished file: its language,
// that a window shows its title, texts for its figures, what the heads of its tables belong to, an
// id.
//
// PDF has a way for this that touches no byte of what stands already: an incremental update (ISO
// 32000-1, 7.5.6). Changed objects are written again behind the end, then a cross-reference section
// that lists only them and points back at the one before. So this has to find a few objects, not to
// understand the file.
//
// Structure elements are found by their type in order of their numbers, which is the order in which
// their tags were drawn: the n-th figure or table head gets the n-th note. A count that differs is
// our mistake and refused; so is a file of a form that Cairo does not write.
#include "inside.h"

#include "base/buf.h"
#include "base/utf8.h"

// Bytes of an entry in a cross-reference section; of what is looked at where an object starts, and
// at the end of the file.
enum { ENTRY = 20, START = 64, TAIL = 64 };

typedef struct Update {
    Ctx *ctx;
    Str file;
    size_t section_at;  // the cross-reference section
    Str entries;        // ENTRY bytes for each object, from number 0 on
    Str root, info;     // references: "63 0 R"
    Buf out;            // the new file
    Buf section;        // the new section
} Update;

static Status unknown_form(const Update *update)
{
    return FAIL(update->ctx, E_INTERNAL, "pdf.update", "the drawn file has an unknown form");
}

// ---- Reading ------------------------------------------------------------------------------------

// What stands behind the first `key`, blanks left out; empty when there is none.
static Str behind(Str text, const char *key)
{
    ptrdiff_t at = str_find(text, str_from(key));
    return at < 0 ? S("") : str_trim(str_from_at(text, (size_t)at + strlen(key)));
}

// The number that the text starts with.
static bool number_at(Str text, size_t *ret)
{
    Str word;
    int64_t number;
    if (!str_next_word(&text, &word) || !str_int(word, &number) || number < 0)
        return false;
    *ret = (size_t)number;
    return true;
}

// "63 0 R" behind a key of the trailer.
static Str reference(Str trailer, const char *key)
{
    Str text = behind(trailer, key);
    ptrdiff_t end = str_find(text, S(" R"));
    return end < 0 ? S("") : str_sub(text, 0, (size_t)end + 2);
}

// The section as Cairo writes it: "xref", "0 64", 64 entries, "trailer".
static Status section_read(Update *update)
{
    Str file = update->file, line = { 0 };
    size_t count = 0;
    Str tail = str_from_at(file, file.len > TAIL ? file.len - TAIL : 0);
    if (!number_at(behind(tail, "startxref"), &update->section_at))
        return unknown_form(update);
    Str rest = str_from_at(file, update->section_at);
    if (!str_next(&rest, '\n', &line) || !str_is(line, "xref") || !str_next(&rest, '\n', &line))
        return unknown_form(update);
    if (!str_starts(line, S("0 ")) || !number_at(str_from_at(line, 2), &count))
        return unknown_form(update);
    if (count == 0 || count > rest.len / ENTRY)
        return unknown_form(update);
    update->entries = str_sub(rest, 0, count * ENTRY);
    Str trailer = str_from_at(rest, count * ENTRY);
    update->root = reference(trailer, "/Root");
    update->info = reference(trailer, "/Info");
    return update->root.len > 0 && update->info.len > 0 ? OK : unknown_form(update);
}

// The file from an object's content on; empty for a number that is free.
static Str object_from(const Update *update, size_t number)
{
    size_t at;
    Str entry = str_sub(update->entries, number * ENTRY, ENTRY);
    if (entry.len < ENTRY || entry.ptr[ENTRY - 3] != 'n' || !number_at(entry, &at))
        return S("");
    Str header = str_sub(update->file, at, START);
    ptrdiff_t word = str_find(header, S(" obj\n"));
    return word < 0 ? S("") : str_from_at(update->file, at + (size_t)word + strlen(" obj\n"));
}

// The object's dictionary without the marks that close it; empty when it is something else.
static Str dictionary(Str object)
{
    ptrdiff_t end = str_find(object, S("endobj"));
    Str inside = str_trim(str_sub(object, 0, end < 0 ? 0 : (size_t)end));
    if (!str_starts(inside, S("<<")) || !str_ends(inside, S(">>")))
        return S("");
    return str_trim(str_sub(inside, 0, inside.len - strlen(">>")));
}

// ---- Writing ------------------------------------------------------------------------------------

// A text string: UTF-16 with its mark, in hex, so that nothing needs escaping.
static void put_text(Buf *out, Str text)
{
    buf_c(out, "<FEFF");
    while (text.len > 0) {
        int32_t c = utf8_next(&text);
        if (c < 0x10000)
            buf_printf(out, "%04X", c);
        else
            buf_printf(out, "%04X%04X", 0xd7c0 + (c >> 10), 0xdc00 + (c & 0x3ff));
    }
    buf_char(out, '>');
}

// Writes an object again with all it had, open for more.
static void object_begin(Update *update, size_t number, Str had)
{
    buf_printf(&update->section, "%zu 1\n%010zu 00000 n \n", number, update->out.len);
    buf_printf(&update->out, "%zu 0 obj\n", number);
    buf_put(&update->out, had);
}

static void object_end(Update *update)
{
    buf_c(&update->out, " >>\nendobj\n");
}

static void element_add(Update *update, size_t number, Str element, const Note *note)
{
    object_begin(update, number, element);
    if (note->kind == NOTE_ALT) {
        buf_c(&update->out, " /Alt ");
        put_text(&update->out, note->alt);
    } else {
        const char *scope = note->kind == NOTE_COLUMN_HEAD ? "Column" : "Row";
        buf_printf(&update->out, " /A << /O /Table /Scope /%s >>", scope);
    }
    object_end(update);
}

static bool has_tag(Str element, const char *tag)
{
    return str_find(str_sub(element, 0, START), str_from(tag)) >= 0;
}

static Status notes_add(Update *update, const NoteList *notes)
{
    const Note *note = notes->items;
    for (size_t number = 1; number < update->entries.len / ENTRY; number++) {
        Str object = object_from(update, number);
        if (!str_starts(object, S("<< /Type /StructElem")))
            continue;
        bool is_figure = has_tag(object, "/S /Figure\n");
        if (!is_figure && !has_tag(object, "/S /TH\n"))
            continue;
        if (note == list_end(*notes) || (note->kind == NOTE_ALT) != is_figure)
            return unknown_form(update);
        element_add(update, number, dictionary(object), note++);
    }
    return note == list_end(*notes) ? OK : unknown_form(update);
}

static Status catalogue_add(Update *update, Str language)
{
    size_t number;
    if (!number_at(update->root, &number))
        return unknown_form(update);
    Str catalogue = dictionary(object_from(update, number));
    if (catalogue.len == 0)
        return unknown_form(update);
    object_begin(update, number, catalogue);
    buf_c(&update->out, " /Lang ");
    put_text(&update->out, language);
    buf_c(&update->out, " /ViewerPreferences << /DisplayDocTitle true >>");
    object_end(update);
    return OK;
}

// The id tells files apart and must not tell runs apart: it is made of the content.
static void section_add(Update *update)
{
    size_t at = update->out.len;
    uint64_t id = str_hash(update->file);
    buf_c(&update->out, "xref\n");
    buf_put(&update->out, buf_str(&update->section));
    buf_printf(&update->out, "trailer\n<< /Size %zu /Root " STR_FMT " /Info " STR_FMT,
               update->entries.len / ENTRY, STR_ARG(update->root), STR_ARG(update->info));
    buf_printf(&update->out, " /Prev %zu /ID [ <%016llX> <%016llX> ] >>\n", update->section_at,
               (unsigned long long)id, (unsigned long long)id);
    buf_printf(&update->out, "startxref\n%zu\n%%%%EOF\n", at);
}

Status pdf_update(Ctx *ctx, Str file, Str language, const NoteList *notes, Str *ret)
{
    Update update = { .ctx = ctx, .file = file };
    update.out.arena = update.section.arena = ctx->arena;
    TRY(section_read(&update));
    buf_reserve(&update.out, file.len + file.len / 4);
    buf_put(&update.out, file);
    TRY(notes_add(&update, notes));
    TRY(catalogue_add(&update, language));
    section_add(&update);
    *ret = buf_str(&update.out);
    return OK;
}
