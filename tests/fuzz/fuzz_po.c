// fuzz_po.c - any bytes as a catalogue. Laws: a mistake has a line of the file and says something;
// what was read, written and read again, is the same; a translation that is let in formats only
// what its English text does.
#include "fuzz.h"

#include "kernel/i18n/placeholder.h"
#include "kernel/i18n/po.h"

#include "base/buf.h"

static void put_quoted(Buf *out, const char *keyword, Str text)
{
    buf_printf(out, "%s \"", keyword);
    for (size_t i = 0; i < text.len; i++)
        switch (text.ptr[i]) {
        case '\n': buf_c(out, "\\n"); break;
        case '\t': buf_c(out, "\\t"); break;
        case '"': buf_c(out, "\\\""); break;
        case '\\': buf_c(out, "\\\\"); break;
        default: buf_char(out, text.ptr[i]);
        }
    buf_c(out, "\"\n");
}

static void put_entry(Buf *out, const PoEntry *entry)
{
    if (entry->is_fuzzy)
        buf_c(out, "#, fuzzy\n");
    ptrdiff_t context = str_find_char(entry->key, '\4');
    if (context >= 0)
        put_quoted(out, "msgctxt", str_sub(entry->key, 0, (size_t)context));
    put_quoted(out, "msgid", str_from_at(entry->key, (size_t)(context + 1)));
    if (entry->plural.len == 0) {
        put_quoted(out, "msgstr", entry->forms[0]);
        return;
    }
    put_quoted(out, "msgid_plural", entry->plural);
    for (int i = 0; i < entry->form_count; i++)
        put_quoted(out, (char[]){ 'm', 's', 'g', 's', 't', 'r', '[', (char)('0' + i), ']', 0 },
                   entry->forms[i]);
}

static Str written(Arena *arena, const Po *po)
{
    Buf out = { .arena = arena };
    buf_c(&out, "msgid \"\"\nmsgstr \"Content-Type: text/plain; charset=UTF-8\\n\"\n");
    if (po->form_count)
        buf_printf(&out, "\"Plural-Forms: nplurals=%d; plural=0;\\n\"\n", po->form_count);
    EACH (entry, po->entries)
        put_entry(&out, entry);
    return buf_str(&out);
}

static void same(const PoEntry *a, const PoEntry *b)
{
    LAW(str_eq(a->key, b->key));
    LAW(str_eq(a->plural, b->plural));
    LAW(a->is_fuzzy == b->is_fuzzy);
    LAW(a->form_count == b->form_count);
    for (int i = 0; i < a->form_count; i++)
        LAW(str_eq(a->forms[i], b->forms[i]));
}

// How many arguments a text reads as a format; -1 when it cannot be one.
static int arguments(Str text)
{
    int count = 0;
    for (;;) {
        Percent percent = percent_next(&text);
        if (percent.kind == PERCENT_NONE)
            return count;
        if (percent.kind == PERCENT_STRAY)
            return -1;
        if (percent.kind == PERCENT_PLACEHOLDER)
            count += 1 + percent.stars;
    }
}

static void check_translation(Arena *arena, const PoEntry *entry)
{
    Str used;
    if (entry->plural.len || placeholders_differ(arena, entry->key, entry->forms[0], &used))
        return;
    bool is_numbered = str_find_char(used, '$') >= 0;
    int wanted = arguments(entry->key);
    LAW(wanted < 0 || is_numbered || arguments(used) == wanted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena arena = { .limit = FUZZ_ARENA_LIMIT };
    Str text = { (const char *)data, size };
    PoMistake mistake = { 0 };
    const Po *po = po_read(&arena, text, &mistake);
    LAW(po || (mistake.line >= 1 && mistake.line <= (int)size + 1 && mistake.why.len));
    const Po *again = po ? po_read(&arena, written(&arena, po), &mistake) : NULL;
    LAW(!po || (again && again->entries.len == po->entries.len));
    for (size_t i = 0; po && i < po->entries.len; i++) {
        same(&po->entries.items[i], &again->entries.items[i]);
        check_translation(&arena, &po->entries.items[i]);
    }
    arena_release(&arena);
    return 0;
}
