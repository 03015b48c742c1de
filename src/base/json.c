// json.c - JSON read into a tree and written from code, RFC 8259 to the letter.
//
// The reader walks the text once, by recursive descent that is never deeper than JSON_DEPTH. The
// whole text is checked for UTF-8 first, so everything after that may look at bytes. A string
// without escapes is a view into the input; only one with escapes is copied. Numbers are checked
// against the grammar and left as text: whoever knows what they mean turns them into exact
// integers.
//
// The tree takes about 64 bytes a value, so a hostile text costs up to 32 times its length; the
// arena's cap is what bounds it.
#include "base/json.h"

#include "base/number.h"
#include "base/utf8.h"

#include <assert.h>
#include <ctype.h>

// ---- Where and what went wrong ------------------------------------------------------------------

typedef struct Reader {
    Ctx *ctx;
    Str text;
    const char *at, *end;
    int depth;
    Json *spare;  // values not used yet
    int spares;
} Reader;

enum { NAME_SHOWN = 40 };

// The place of reader->at: lines end in LF, columns count characters, both from 1.
static void place(const Reader *reader, size_t *ret_line, size_t *ret_column)
{
    const char *line_start = reader->text.ptr;
    *ret_line = 1;
    for (const char *c = line_start; c < reader->at; c++)
        if (*c == '\n') {
            ++*ret_line;
            line_start = c + 1;
        }
    *ret_column = 1 + utf8_len((Str){ line_start, (size_t)(reader->at - line_start) });
}

static Status bad(const Reader *reader, const char *what)
{
    size_t line, column;
    place(reader, &line, &column);
    what = ctx_text(reader->ctx, what);
    if (reader->at == reader->end)
        return FAIL(reader->ctx, E_INVALID, "json.syntax",
                    "line %zu, column %zu: the text ends too early, %s", line, column, what);
    return FAIL(reader->ctx, E_INVALID, "json.syntax", "line %zu, column %zu: %s", line, column,
                what);
}

static Status bad_twice(const Reader *reader, Str name)
{
    size_t line, column;
    place(reader, &line, &column);
    name = utf8_cut(name, NAME_SHOWN);
    return FAIL(reader->ctx, E_INVALID, "json.syntax",
                "line %zu, column %zu: the name \"" STR_FMT "\" stands twice in one object", line,
                column, STR_ARG(name));
}

// ---- Bytes --------------------------------------------------------------------------------------

// The next byte; NUL at the end, which is nowhere allowed in the text itself.
static char peek(const Reader *reader)
{
    return reader->at < reader->end ? *reader->at : '\0';
}

static bool take(Reader *reader, char wanted)
{
    bool is_there = peek(reader) == wanted;
    reader->at += is_there;
    return is_there;
}

static Str rest(const Reader *reader)
{
    return (Str){ reader->at, (size_t)(reader->end - reader->at) };
}

static void skip_blanks(Reader *reader)
{
    while (reader->at < reader->end && (*reader->at == ' ' || *reader->at == '\n' ||
                                        *reader->at == '\r' || *reader->at == '\t'))
        reader->at++;
}

static bool skip_digits(Reader *reader)
{
    const char *start = reader->at;
    while (isdigit((unsigned char)peek(reader)))
        reader->at++;
    return reader->at > start;
}

enum { ESCAPED = 1, NOT_ASCII = 2 };  // kinds of bytes: may not stand for itself in a string ...

// How many bytes in front are of none of the kinds in `stops`. By table, because names are short
// and this is where most of the time goes.
static size_t run_len(Str s, int stops)
{
    static const uint8_t kinds[256] = {
        [0 ... 0x1F] = ESCAPED,
        ['"'] = ESCAPED,
        ['\\'] = ESCAPED,
        [0x80 ... 0xFF] = NOT_ASCII,
    };
    if (s.len == 0)
        return 0;
    const char *at = s.ptr, *end = s.ptr + s.len;
    while (at < end && !(kinds[(unsigned char)*at] & stops))
        at++;
    return (size_t)(at - s.ptr);
}

// ---- Strings ------------------------------------------------------------------------------------

// The value of four hexadecimal digits, or -1.
static int32_t hex4(const char *at, const char *end)
{
    int32_t value = 0;
    if (end - at < 4)
        return -1;
    for (const char *c = at; c < at + 4; c++) {
        if (!isxdigit((unsigned char)*c))
            return -1;
        value = value << 4 | (isdigit((unsigned char)*c) ? *c - '0' : (*c | 0x20) - 'a' + 10);
    }
    return value;
}

// The code point of the escape at reader->at ("\u00e9", or two of them for what lies above U+FFFF).
// Half a pair stands for no character: refused, because there is no UTF-8 to keep it in.
static Status read_unicode(Reader *reader, const char *end, int32_t *ret)
{
    const char *at = reader->at;
    int32_t c = hex4(at + 2, end), low = -1;
    if (c < 0)
        return bad(reader, "expected four hexadecimal digits after \\u");
    if (c >= 0xD800 && c <= 0xDBFF && end - at >= 12 && at[6] == '\\' && at[7] == 'u')
        low = hex4(at + 8, end);
    if (low >= 0xDC00 && low <= 0xDFFF) {
        *ret = 0x10000 + ((c - 0xD800) << 10 | (low - 0xDC00));
        reader->at += 12;
        return OK;
    }
    if (c >= 0xD800 && c <= 0xDFFF)
        return bad(reader, "half of a surrogate pair, expected both halves one after the other");
    *ret = c;
    reader->at += 6;
    return OK;
}

// Decodes the string from reader->at to its closing quote. It never gets longer: an escape of six
// bytes makes at most three, a pair of them four.
static Status decode(Reader *reader, const char *quote, Str *ret)
{
    char *text = arena_alloc(reader->ctx->arena, (size_t)(quote - reader->at) + 1), *to = text;
    while (reader->at < quote) {
        if (*reader->at != '\\') {
            *to++ = *reader->at++;
            continue;
        }
        ptrdiff_t simple = str_find_char(S("\"\\/bfnrt"), reader->at[1]);
        if (simple >= 0) {
            *to++ = "\"\\/\b\f\n\r\t"[simple];
            reader->at += 2;
            continue;
        }
        if (reader->at[1] != 'u')
            return bad(reader, "expected one of \" \\ / b f n r t u after a backslash");
        int32_t c = 0;
        size_t len;
        TRY(read_unicode(reader, quote, &c));
        utf8_put(to, c, &len);
        to += len;
    }
    *ret = (Str){ text, (size_t)(to - text) };
    return OK;
}

// A string, from its opening quote to behind its closing one.
static Status read_string(Reader *reader, Str *ret)
{
    const char *start = ++reader->at;
    bool has_escapes = false;
    for (;;) {
        reader->at += run_len(rest(reader), ESCAPED);
        if (reader->at == reader->end)
            return bad(reader, "expected a closing quote");
        if (take(reader, '"'))
            break;
        if (!take(reader, '\\'))
            return bad(reader, "a control character inside a text, expected an escape such as \\n");
        has_escapes = true;
        if (peek(reader) == '"' || peek(reader) == '\\')
            reader->at++;
    }
    const char *behind = reader->at, *quote = behind - 1;
    *ret = (Str){ start, (size_t)(quote - start) };
    if (has_escapes) {
        reader->at = start;
        TRY(decode(reader, quote, ret));
        reader->at = behind;
    }
    return OK;
}

// ---- Numbers and words --------------------------------------------------------------------------

static Status read_number(Reader *reader, Str *ret)
{
    const char *start = reader->at;
    take(reader, '-');
    if (take(reader, '0')) {
        if (isdigit((unsigned char)peek(reader)))
            return bad(reader, "a number may not start with 0");
    } else if (!skip_digits(reader)) {
        return bad(reader, "expected a digit after the minus");
    }
    if (take(reader, '.') && !skip_digits(reader))
        return bad(reader, "expected a digit after the decimal point");
    if (take(reader, 'e') || take(reader, 'E')) {
        if (!take(reader, '+'))
            take(reader, '-');
        if (!skip_digits(reader))
            return bad(reader, "expected a digit in the exponent");
    }
    *ret = (Str){ start, (size_t)(reader->at - start) };
    return OK;
}

static bool take_word(Reader *reader, Str word)
{
    bool is_there = str_starts(rest(reader), word);
    reader->at += is_there ? word.len : 0;
    return is_there;
}

// ---- The names of one object --------------------------------------------------------------------
//
// A name twice is refused, since readers disagree which one counts. Few names are compared one by
// one; many go into a hash table, whose seed is an address, so that nobody outside can choose names
// that collide.

enum { FEW_NAMES = 16 };

typedef struct Names {
    const Json **slots;
    size_t slot_count;  // a power of two, at least twice the names; 0 while they are few
} Names;

static uint64_t fold(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static uint64_t name_hash(uint64_t seed, Str name)
{
    uint64_t hash = fold(seed ^ name.len, 0x9E3779B97F4A7C15u), word;
    for (; name.len >= sizeof word; name = str_from_at(name, sizeof word)) {
        memcpy(&word, name.ptr, sizeof word);
        hash = fold(hash ^ word, 0xD6E8FEB86659FD93u);
    }
    word = 0;
    memcpy(&word, name.ptr, name.len);
    return fold(hash ^ word, 0xA0761D6478BD642Fu);
}

// Where a member of that name is, or would be.
static const Json **name_slot(const Names *names, Str name)
{
    size_t mask = names->slot_count - 1;
    size_t at = name_hash((uintptr_t)names->slots, name) & mask;
    while (names->slots[at] && !str_eq(names->slots[at]->key, name))
        at = (at + 1) & mask;
    return &names->slots[at];
}

static void names_grow(Arena *arena, Names *names, const Json *object)
{
    names->slot_count = object->count * 4;
    names->slots = NEW_ARRAY(arena, const Json *, names->slot_count);
    JSON_EACH (member, object)
        *name_slot(names, member->key) = member;
}

static const Json *find(const Json *object, Str name)
{
    JSON_EACH (member, object)
        if (str_eq(member->key, name))
            return member;
    return NULL;
}

// False when the object has a member of that name.
static bool names_add(Arena *arena, Names *names, const Json *object, const Json *member)
{
    if (object->count < FEW_NAMES)
        return !find(object, member->key);
    if (object->count * 2 >= names->slot_count)
        names_grow(arena, names, object);
    const Json **slot = name_slot(names, member->key);
    if (*slot)
        return false;
    *slot = member;
    return true;
}

// ---- Values -------------------------------------------------------------------------------------

static Status read_value(Reader *reader, Json *value);

// A new value. They are made a few at a time, because few documents have only one.
static Json *new_value(Reader *reader)
{
    enum { AT_ONCE = 8 };
    if (reader->spares == 0) {
        reader->spare = NEW_ARRAY(reader->ctx->arena, Json, AT_ONCE);
        reader->spares = AT_ONCE;
    }
    reader->spares--;
    return reader->spare++;
}

static void append(Json *parent, Json **last, Json *item)
{
    if (*last)
        (*last)->next = item;
    else
        parent->first = item;
    *last = item;
    parent->count++;
}

static Status read_array(Reader *reader, Json *array)
{
    Json *last = NULL;
    skip_blanks(reader);
    if (take(reader, ']'))
        return OK;
    do {
        Json *item = new_value(reader);
        TRY(read_value(reader, item));
        append(array, &last, item);
        skip_blanks(reader);
    } while (take(reader, ','));
    return take(reader, ']') ? OK : bad(reader, "expected a comma or ]");
}

static Status read_name(Reader *reader, Names *names, const Json *object, Json *member)
{
    skip_blanks(reader);
    const char *start = reader->at;
    if (peek(reader) != '"')
        return bad(reader, "expected a name in double quotes");
    TRY(read_string(reader, &member->key));
    if (!names_add(reader->ctx->arena, names, object, member)) {
        reader->at = start;
        return bad_twice(reader, member->key);
    }
    skip_blanks(reader);
    return take(reader, ':') ? OK : bad(reader, "expected a colon after the name");
}

static Status read_object(Reader *reader, Json *object)
{
    Json *last = NULL;
    Names names = { 0 };
    skip_blanks(reader);
    if (take(reader, '}'))
        return OK;
    do {
        Json *member = new_value(reader);
        TRY(read_name(reader, &names, object, member));
        TRY(read_value(reader, member));
        append(object, &last, member);
        skip_blanks(reader);
    } while (take(reader, ','));
    return take(reader, '}') ? OK : bad(reader, "expected a comma or }");
}

static Status read_nested(Reader *reader, Json *value)
{
    _Static_assert(JSON_DEPTH == 64, "the message says 64");
    if (reader->depth == JSON_DEPTH)
        return bad(reader, "nested more than 64 levels deep");
    value->type = *reader->at++ == '{' ? JSON_OBJECT : JSON_ARRAY;
    reader->depth++;
    TRY(value->type == JSON_OBJECT ? read_object(reader, value) : read_array(reader, value));
    reader->depth--;
    return OK;
}

static Status read_value(Reader *reader, Json *value)
{
    skip_blanks(reader);
    char c = peek(reader);
    if (c == '{' || c == '[')
        return read_nested(reader, value);
    if (c == '"') {
        value->type = JSON_STRING;
        return read_string(reader, &value->text);
    }
    if (c == '-' || isdigit((unsigned char)c)) {
        value->type = JSON_NUMBER;
        return read_number(reader, &value->text);
    }
    if (take_word(reader, S("null")))
        return OK;
    value->type = JSON_BOOL;
    value->boolean = c == 't';
    if (take_word(reader, S("true")) || take_word(reader, S("false")))
        return OK;
    return bad(reader, "expected a value: text in double quotes, a number, true, false, null, "
                       "[ or {");
}

static Status check_encoding(Reader *reader)
{
    if (str_starts(reader->text, S("\xEF\xBB\xBF")))
        return bad(reader, "a byte order mark stands in front, expected plain UTF-8 without one");
    if (utf8_valid(reader->text))
        return OK;
    Str text = reader->text;
    do
        reader->at = text.ptr;
    while (utf8_next(&text) != UTF8_BAD);
    return bad(reader, "a byte that is not UTF-8, expected UTF-8 throughout");
}

Status json_parse(Ctx *ctx, Str text, const Json **ret)
{
    if (!text.ptr)
        text = S("");
    Reader reader = { .ctx = ctx, .text = text, .at = text.ptr, .end = text.ptr + text.len };
    TRY(check_encoding(&reader));
    Json *value = new_value(&reader);
    TRY(read_value(&reader, value));
    skip_blanks(&reader);
    if (reader.at < reader.end)
        return bad(&reader, "expected nothing more behind the value");
    *ret = value;
    return OK;
}

// ---- Looking into a tree ------------------------------------------------------------------------

const Json *json_get(const Json *object, const char *key)
{
    return object && object->type == JSON_OBJECT ? find(object, str_from(key)) : NULL;
}

Str json_str(const Json *object, const char *key)
{
    const Json *value = json_get(object, key);
    return value && value->type == JSON_STRING ? value->text : S("");
}

bool json_true(const Json *object, const char *key)
{
    const Json *value = json_get(object, key);
    return value && value->type == JSON_BOOL && value->boolean;
}

// 2500e-2 and the like: whole when dividing leaves nothing.
static bool divided(Str mantissa, int places, int64_t *ret)
{
    int64_t whole;
    if (!decimal_parse(mantissa, 0, &whole) || whole % power10(places) != 0)
        return false;
    *ret = whole / power10(places);
    return true;
}

// Writers of floating point write whole numbers as 5.0, 1e3 or 1.5E+3.
static bool whole_of_decimal(Str mantissa, int64_t *ret)
{
    enum { POWER_MAX = 18 };  // of ten that fits
    int64_t exponent = 0;
    for (size_t i = 0; i < mantissa.len; i++)
        if (mantissa.ptr[i] == 'e' || mantissa.ptr[i] == 'E') {
            bool has_plus = mantissa.ptr[i + 1] == '+';
            if (!str_int(str_from_at(mantissa, i + 1 + has_plus), &exponent))
                return false;
            mantissa.len = i;
        }
    if (exponent < -POWER_MAX || exponent > POWER_MAX)
        return false;
    return exponent < 0 ? divided(mantissa, (int)-exponent, ret)
                        : decimal_parse(mantissa, (int)exponent, ret);
}

bool json_int(const Json *value, int64_t *ret)
{
    return value && value->type == JSON_NUMBER &&
           (str_int(value->text, ret) || whole_of_decimal(value->text, ret));
}

// ---- Writing ------------------------------------------------------------------------------------

static void put_escape(Buf *out, unsigned char c)
{
    ptrdiff_t named = str_find_char(S("\"\\\b\f\n\r\t"), (char)c);
    if (named >= 0)
        buf_put(out, (Str){ (char[]){ '\\', "\"\\bfnrt"[named] }, 2 });
    else
        buf_printf(out, "\\u%04x", c);
}

static void put_escaped(Buf *out, Str s)
{
    while (s.len) {
        size_t plain = run_len(s, ESCAPED);
        buf_put(out, str_sub(s, 0, plain));
        if (plain < s.len)
            put_escape(out, (unsigned char)s.ptr[plain]);
        s = str_from_at(s, plain + 1);
    }
}

// A text in quotes, with a comma before it or a colon behind it where wanted. Most texts need no
// escape and go out in one piece.
static void put_quoted(Buf *out, bool has_comma, Str s, bool has_colon)
{
    if (run_len(s, ESCAPED | NOT_ASCII) < s.len) {
        buf_c(out, has_comma ? ",\"" : "\"");
        put_escaped(out, utf8_clean(out->arena, s));
        buf_c(out, has_colon ? "\":" : "\"");
        return;
    }
    char *to = buf_room(out, has_comma + s.len + 2 + has_colon);
    if (!to)
        return;
    if (has_comma)
        *to++ = ',';
    *to++ = '"';
    if (s.len)
        memcpy(to, s.ptr, s.len);
    to[s.len] = '"';
    if (has_colon)
        to[s.len + 1] = ':';
}

void json_quote(Buf *out, Str s)
{
    put_quoted(out, false, s, false);
}

static bool in_object(const JsonOut *json)
{
    return json->depth > 0 && (json->objects & 1);
}

// Before each value: the comma, and that it may stand here at all.
static void start_value(JsonOut *json)
{
    assert(json->has_key == in_object(json));
    assert(json->depth > 0 || !json->need_comma);
    if (json->need_comma && !json->has_key)
        buf_char(json->out, ',');
    json->need_comma = true;
    json->has_key = false;
}

void json_open(JsonOut *json, char bracket)
{
    assert(bracket == '{' || bracket == '[');
    assert(json->depth < JSON_DEPTH);
    start_value(json);
    buf_char(json->out, bracket);
    json->depth++;
    json->objects = json->objects << 1 | (bracket == '{');
    json->need_comma = false;
}

void json_close(JsonOut *json, char bracket)
{
    assert(json->depth > 0 && !json->has_key);
    assert(bracket == (in_object(json) ? '}' : ']'));
    buf_char(json->out, bracket);
    json->depth--;
    json->objects >>= 1;
    json->need_comma = true;
}

void json_key_str(JsonOut *json, Str key)
{
    assert(in_object(json) && !json->has_key);
    put_quoted(json->out, json->need_comma, key, true);
    json->has_key = true;
}

void json_key(JsonOut *json, const char *key)
{
    json_key_str(json, str_from(key));
}

void json_put_raw(JsonOut *json, Str json_text)
{
    assert(json_text.len > 0);
    start_value(json);
    buf_put(json->out, json_text);
}

void json_put_str(JsonOut *json, Str s)
{
    start_value(json);
    json_quote(json->out, s);
}

void json_put_int(JsonOut *json, int64_t n)
{
    start_value(json);
    buf_int(json->out, n);
}

void json_put_bool(JsonOut *json, bool b)
{
    json_put_raw(json, b ? S("true") : S("false"));
}

void json_put_null(JsonOut *json)
{
    json_put_raw(json, S("null"));
}

static void put_nested(JsonOut *json, const Json *tree)
{
    bool is_object = tree->type == JSON_OBJECT;
    json_open(json, is_object ? '{' : '[');
    JSON_EACH (item, tree) {
        if (is_object)
            json_key_str(json, item->key);
        json_put_tree(json, item);
    }
    json_close(json, is_object ? '}' : ']');
}

void json_put_tree(JsonOut *json, const Json *tree)
{
    switch (tree->type) {
    case JSON_NULL: json_put_null(json); break;
    case JSON_BOOL: json_put_bool(json, tree->boolean); break;
    case JSON_NUMBER: json_put_raw(json, tree->text); break;
    case JSON_STRING: json_put_str(json, tree->text); break;
    case JSON_ARRAY:
    case JSON_OBJECT: put_nested(json, tree); break;
    }
}
