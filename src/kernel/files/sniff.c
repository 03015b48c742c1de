// sniff.c - kinds of files, by their first bytes.
//
// A name is somebody's claim, and a browser that disagrees with us about a file's type is how
// scripts get into an origin; so there is one closed list, and what is not on it is just bytes.
// Markup is recognised in order to be served as a download, never as what it is.
#include "kernel/files/sniff.h"

#include <ctype.h>

#define UNKNOWN "application/octet-stream"

typedef struct Magic {
    size_t at;
    Str bytes;
    const char *type;
} Magic;

#define BYTES(literal)                                                                             \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }

// clang-format off
static const Magic magics[] = {
    { 0, BYTES("\xff\xd8\xff"),       "image/jpeg" },
    { 0, BYTES("\x89PNG\r\n\x1a\n"),  "image/png" },
    { 0, BYTES("GIF87a"),             "image/gif" },
    { 0, BYTES("GIF89a"),             "image/gif" },
    { 8, BYTES("WEBPVP8"),            "image/webp" },  // behind RIFF and a length
    { 4, BYTES("ftypavif"),           "image/avif" },
    { 4, BYTES("ftypavis"),           "image/avif" },
    { 4, BYTES("ftypmp4"),            "video/mp4" },
    { 4, BYTES("ftypisom"),           "video/mp4" },
    { 4, BYTES("ftypiso2"),           "video/mp4" },
    { 4, BYTES("ftypiso5"),           "video/mp4" },
    { 4, BYTES("ftypiso6"),           "video/mp4" },
    { 4, BYTES("ftypavc1"),           "video/mp4" },
    { 4, BYTES("ftypM4V"),            "video/mp4" },
    { 0, BYTES("%PDF-"),              "application/pdf" },
};
static const Str programs[] = { BYTES("MZ"), BYTES("\x7f" "ELF"), BYTES("#!"), BYTES("\xca\xfe\xba\xbe"),
                                BYTES("\xcf\xfa\xed\xfe"), BYTES("\xce\xfa\xed\xfe") };
// What shows and does not run: the rest is offered for download.
static const char *const images[] = { "image/jpeg", "image/png", "image/webp", "image/avif", "image/gif" };
static const char *const inlines[] = { "application/pdf", "video/mp4", "text/plain" };
static const char *const markup[] = { "text/html", "image/svg+xml", "application/xml" };
// clang-format on

static bool has_at(Str bytes, size_t at, Str wanted)
{
    return bytes.len >= at + wanted.len && memcmp(bytes.ptr + at, wanted.ptr, wanted.len) == 0;
}

static bool is_among(Str type, const char *const *types, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (str_is(type, types[i]))
            return true;
    return false;
}

bool type_is_image(const char *type)
{
    return is_among(str_from(type), images, COUNT(images));
}

bool type_is_inline(Str type)
{
    return is_among(type, images, COUNT(images)) || is_among(type, inlines, COUNT(inlines));
}

bool type_is_markup(Str type)
{
    return is_among(type, markup, COUNT(markup));
}

bool sniff_is_program(Str bytes)
{
    for (size_t i = 0; i < COUNT(programs); i++)
        if (has_at(bytes, 0, programs[i]))
            return true;
    return false;
}

// ---- Zip and what is packed in it ---------------------------------------------------------------
// The directory at the end names what is inside: APPNOTE.TXT 4.3.12 and 4.3.16.

enum { END_BYTES = 22, ENTRY_BYTES = 46, COMMENT_MAX = 65535, NAMES_MAX = 4096 };

static uint32_t little(Str bytes, size_t at, int count)
{
    uint32_t value = 0;
    for (int i = count - 1; i >= 0; i--)
        value = value << 8 | (unsigned char)bytes.ptr[at + (size_t)i];
    return value;
}

// Where the directory of names begins; false when there is none.
static bool find_directory(Str bytes, size_t *ret)
{
    for (size_t back = END_BYTES; back <= bytes.len && back <= END_BYTES + COMMENT_MAX; back++) {
        size_t at = bytes.len - back;
        if (!has_at(bytes, at, S("PK\x05\x06")))
            continue;
        *ret = little(bytes, at + 16, 4);
        return *ret <= at;
    }
    return false;
}

static const char *type_of_entry(Str name)
{
    if (str_starts(name, S("xl/")))
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    if (str_starts(name, S("word/")))
        return "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    return NULL;
}

static const char *type_of_zip(Str bytes)
{
    size_t at;
    const char *office = NULL;
    bool has_types = false;
    if (!find_directory(bytes, &at))
        return UNKNOWN;
    for (int n = 0; n < NAMES_MAX && at + ENTRY_BYTES <= bytes.len; n++) {
        if (!has_at(bytes, at, S("PK\x01\x02")))
            break;
        Str name = str_sub(bytes, at + ENTRY_BYTES, little(bytes, at + 28, 2));
        has_types |= str_is(name, "[Content_Types].xml");
        office = office ? office : type_of_entry(name);
        at += ENTRY_BYTES + little(bytes, at + 28, 2) + little(bytes, at + 30, 2) +
              little(bytes, at + 32, 2);
    }
    return office && has_types ? office : "application/zip";
}

// ---- Text ---------------------------------------------------------------------------------------

static Str without_blanks(Str text)
{
    if (str_starts(text, S("\xef\xbb\xbf")))
        text = str_from_at(text, 3);
    while (text.len && isspace((unsigned char)text.ptr[0]))
        text = str_from_at(text, 1);
    return text;
}

static Str behind(Str text, Str end)
{
    ptrdiff_t at = str_find(text, end);
    return at < 0 ? S("") : str_from_at(text, (size_t)at + end.len);
}

// Past declarations and comments, to the first element.
static Str to_element(Str text)
{
    for (;;) {
        text = without_blanks(text);
        if (str_starts(text, S("<!--")))
            text = behind(text, S("-->"));
        else if (str_starts(text, S("<?")))
            text = behind(text, S("?>"));
        else if (str_starts(text, S("<!")))
            text = behind(text, S(">"));
        else
            return text;
    }
}

static bool is_name_char(char c)
{
    return isalnum((unsigned char)c) || c == ':' || c == '-' || c == '_';
}

static bool starts_nocase(Str text, Str start)
{
    return str_eq_ascii_nocase(str_sub(text, 0, start.len), start);
}

// Anything that begins with a tag is markup: a browser would think so, too.
static const char *type_of_markup(Str text)
{
    bool is_declared = str_starts(text, S("<?xml"));
    Str element = to_element(text);
    size_t len = 1;
    while (len < element.len && is_name_char(element.ptr[len]))
        len++;
    Str name = str_sub(element, 1, len - 1);
    ptrdiff_t colon = str_rfind_char(name, ':');
    Str local = str_from_at(name, (size_t)(colon + 1));
    if (str_eq_ascii_nocase(local, S("svg")))
        return "image/svg+xml";
    if (str_eq_ascii_nocase(local, S("html")) || starts_nocase(text, S("<!doctype html")))
        return "text/html";
    return is_declared ? "application/xml" : "text/html";
}

// Latin-1 counts as text, too: what spreadsheets export is often that.
static bool is_text(Str bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char c = (unsigned char)bytes.ptr[i];
        if (c == 0x7f || (c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f'))
            return false;
    }
    return true;
}

static bool is_wide_text(Str bytes)
{
    return str_starts(bytes, S("\xff\xfe")) || str_starts(bytes, S("\xfe\xff"));
}

static bool ends_nocase(Str name, Str end)
{
    return name.len >= end.len && str_eq_ascii_nocase(str_from_at(name, name.len - end.len), end);
}

static const char *type_of_text(Str bytes, Str name)
{
    Str text = without_blanks(bytes), end = str_trim(bytes);
    char last = end.len ? end.ptr[end.len - 1] : '\0';
    bool is_object = str_starts(text, S("{")) && last == '}';
    bool is_array = str_starts(text, S("[")) && last == ']';
    if (str_starts(text, S("<")))
        return type_of_markup(text);
    if (is_object || is_array)
        return "application/json";
    if (ends_nocase(name, S(".csv")) || ends_nocase(name, S(".tsv")))
        return "text/csv";
    return "text/plain";
}

// ---- All of it ----------------------------------------------------------------------------------

const char *sniff_type(Str bytes, Str name)
{
    for (const Magic *magic = magics; magic < magics + COUNT(magics); magic++)
        if (has_at(bytes, magic->at, magic->bytes))
            return magic->type;
    if (str_starts(bytes, S("PK\x03\x04")) || str_starts(bytes, S("PK\x05\x06")))
        return type_of_zip(bytes);
    if (is_wide_text(bytes) && ends_nocase(name, S(".csv")))
        return "text/csv";
    return bytes.len && is_text(bytes) ? type_of_text(bytes, name) : UNKNOWN;
}
