// po.c - the PO file format (GNU gettext manual, "The Format of PO Files"), line by line.
//
// A line is empty, a comment, a keyword with a text, or another piece of the text above it. An
// entry is complete with its last msgstr; the next msgctxt or msgid begins another. Of comments
// only "#, fuzzy" means something; "#~" marks what is no longer used.
#include "kernel/i18n/po.h"

#include "base/buf.h"
#include "base/utf8.h"

typedef enum Part { PART_NONE, PART_CONTEXT, PART_ID, PART_PLURAL, PART_FORM } Part;

typedef struct Reader {
    Arena *arena;
    Po *po;
    Map keys;       // of the entries so far
    PoEntry entry;  // being read
    Part part;      // that pieces of text belong to
    Str context;
    Buf text;  // of the part
    bool has_context, has_header, is_next_fuzzy;
    int line;
    PoMistake *mistake;
} Reader;

// Every reading function is false after this, so that the first mistake is the one that is told.
PRINTF(2, 3) static bool mistake(Reader *r, const char *format, ...)
{
    Buf out = { .arena = r->arena };
    va_list args;
    va_start(args, format);
    buf_vprintf(&out, format, args);
    va_end(args);
    *r->mistake = (PoMistake){ r->line, buf_str(&out) };
    return false;
}

// ---- Texts --------------------------------------------------------------------------------------

static bool put_escaped(Reader *r, char c)
{
    static const char written[] = "nt\"\\", meant[] = "\n\t\"\\";
    const char *at = c ? strchr(written, c) : NULL;
    if (!at)
        return mistake(r, "unknown escape: only \\n, \\t, \\\" and \\\\ are");
    buf_char(&r->text, meant[at - written]);
    return true;
}

// One quoted piece, which the line ends with.
static bool read_quoted(Reader *r, Str piece)
{
    if (piece.len < 2 || piece.ptr[0] != '"' || piece.ptr[piece.len - 1] != '"')
        return mistake(r, "a text stands in quotes, on one line");
    for (size_t i = 1; i < piece.len - 1; i++) {
        char c = piece.ptr[i];
        if (c == '"' || (c == '\\' && i + 1 == piece.len - 1))
            return mistake(r, "a quote inside a text is written \\\"");
        if (c == '\\') {
            if (!put_escaped(r, piece.ptr[++i]))
                return false;
        } else {
            buf_char(&r->text, c);
        }
    }
    return r->text.len <= PO_TEXT_MAX || mistake(r, "a text has at most %d bytes", PO_TEXT_MAX);
}

// ---- Entries ------------------------------------------------------------------------------------

static void end_part(Reader *r)
{
    Str text = str_copy(r->arena, buf_str(&r->text));
    switch (r->part) {
    case PART_NONE: break;
    case PART_CONTEXT: r->context = text; break;
    case PART_ID:
        r->entry.key = r->has_context ? str_format(r->arena, STR_FMT "\4" STR_FMT,
                                                   STR_ARG(r->context), STR_ARG(text))
                                      : text;
        break;
    case PART_PLURAL: r->entry.plural = text; break;
    case PART_FORM: r->entry.forms[r->entry.form_count++] = text; break;
    }
    r->part = PART_NONE;
    buf_clear(&r->text);
}

// "Plural-Forms: nplurals=2; plural=(n != 1);" - only the number counts: which form a number takes
// is CLDR's to say.
static bool read_header(Reader *r)
{
    Str header = r->entry.forms[0];
    ptrdiff_t at = str_find(header, S("nplurals="));
    if (str_find(header, S("charset=UTF-8\n")) < 0)
        return mistake(r, "the header must say Content-Type: text/plain; charset=UTF-8");
    if (at >= 0) {
        char c = str_from_at(header, (size_t)at + strlen("nplurals=")).ptr[0];
        if (c < '1' || c > '0' + PO_FORMS_MAX)
            return mistake(r, "nplurals is 1 to %d", PO_FORMS_MAX);
        r->po->form_count = c - '0';
    }
    r->po->header = header;
    r->has_header = true;
    return true;
}

static bool keep_entry(Reader *r)
{
    PoEntry *entry = &r->entry;
    if (!r->has_header && entry->key.len == 0 && entry->plural.len == 0)
        return read_header(r);
    if (!r->has_header)
        return mistake(r, "the first entry must be the header: msgid \"\"");
    if (entry->key.len == 0)
        return mistake(r, "msgid is empty");
    if (entry->plural.len && entry->form_count != r->po->form_count)
        return mistake(r, "%d plural forms, but nplurals is %d", entry->form_count,
                       r->po->form_count);
    if (r->po->entries.len == PO_ENTRIES_MAX)
        return mistake(r, "at most %d entries", PO_ENTRIES_MAX);
    if (!map_put(&r->keys, entry->key, entry))
        return mistake(r, "this msgid is there already");
    *list_push(r->arena, &r->po->entries) = *entry;
    return true;
}

static bool end_entry(Reader *r)
{
    end_part(r);
    if (r->entry.line == 0)
        return true;
    if (r->entry.form_count == 0)
        return mistake(r, "the entry in line %d has no msgstr", r->entry.line);
    int line = r->line;
    r->line = r->entry.line;
    bool is_well = keep_entry(r);
    r->line = line;
    r->entry = (PoEntry){ 0 };
    r->has_context = false;
    return is_well;
}

static bool begin_entry(Reader *r, Part part)
{
    if (!end_entry(r))
        return false;
    r->entry.line = r->line;
    r->entry.is_fuzzy = r->is_next_fuzzy;
    r->is_next_fuzzy = false;
    r->part = part;
    return true;
}

// ---- Lines --------------------------------------------------------------------------------------

static bool begin_context(Reader *r)
{
    r->has_context = begin_entry(r, PART_CONTEXT);
    return r->has_context;
}

static bool begin_id(Reader *r)
{
    if (r->part != PART_CONTEXT)
        return begin_entry(r, PART_ID);
    end_part(r);
    r->part = PART_ID;
    return true;
}

static bool begin_plural(Reader *r)
{
    if (r->part != PART_ID)
        return mistake(r, "msgid_plural belongs behind msgid");
    end_part(r);
    r->part = PART_PLURAL;
    return true;
}

static bool begin_form(Reader *r)
{
    if (r->part != PART_ID)
        return mistake(r, "msgstr belongs behind msgid");
    end_part(r);
    r->part = PART_FORM;
    return true;
}

// "msgstr[0]" and on, in order.
static bool begin_numbered(Reader *r, Str number)
{
    int64_t n = -1;
    bool is_in_place = r->part == PART_PLURAL || (r->part == PART_FORM && r->entry.plural.len);
    if (!is_in_place)
        return mistake(r, "msgstr[] belongs behind msgid_plural");
    end_part(r);
    if (!str_int(number, &n) || n != r->entry.form_count || n >= PO_FORMS_MAX)
        return mistake(r, "msgstr[%d] should be next", r->entry.form_count);
    r->part = PART_FORM;
    return true;
}

static bool read_keyword(Reader *r, Str line)
{
    static const struct {
        const char *word;
        bool (*begin)(Reader *r);
    } keywords[] = {
        { "msgctxt", begin_context },
        { "msgid", begin_id },
        { "msgid_plural", begin_plural },
        { "msgstr", begin_form },
    };
    Str rest = line, word;
    str_next_word(&rest, &word);
    rest = str_trim(rest);
    if (str_starts(word, S("msgstr[")) && str_ends(word, S("]")))
        return begin_numbered(r, str_sub(word, 7, word.len - 8)) && read_quoted(r, rest);
    for (size_t i = 0; i < COUNT(keywords); i++)
        if (str_is(word, keywords[i].word))
            return keywords[i].begin(r) && read_quoted(r, rest);
    return mistake(r, "not msgctxt, msgid, msgid_plural, msgstr, a text in quotes or a comment");
}

static bool read_line(Reader *r, Str line)
{
    line = str_trim(line);
    if (line.len == 0)
        return true;
    if (line.ptr[0] == '#') {
        r->is_next_fuzzy |= str_starts(line, S("#,")) && str_find(line, S("fuzzy")) > 0;
        return true;
    }
    if (line.ptr[0] != '"')
        return read_keyword(r, line);
    if (r->part == PART_NONE)
        return mistake(r, "a text without msgid or msgstr before it");
    return read_quoted(r, line);
}

static bool read_all(Reader *r, Str text)
{
    if (text.len > PO_BYTES_MAX)
        return mistake(r, "a catalogue has at most %d bytes", PO_BYTES_MAX);
    Str line;
    for (r->line = 1; str_next(&text, '\n', &line); r->line++)
        if (!utf8_valid(line) || memchr(line.ptr, 0, line.len))
            return mistake(r, "not UTF-8");
        else if (!read_line(r, line))
            return false;
    return end_entry(r) && (r->has_header || mistake(r, "the header is missing: msgid \"\""));
}

Po *po_read(Arena *arena, Str text, PoMistake *ret_mistake)
{
    Reader r = { .arena = arena,
                 .po = NEW(arena, Po),
                 .keys = { .arena = arena },
                 .text = { .arena = arena },
                 .line = 1,
                 .mistake = ret_mistake };
    return read_all(&r, text) ? r.po : NULL;
}

bool po_is_translated(const PoEntry *entry)
{
    for (int i = 0; i < entry->form_count; i++)
        if (entry->forms[i].len == 0)
            return false;
    return !entry->is_fuzzy;
}
