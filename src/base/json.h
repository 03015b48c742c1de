// json.h - JSON, RFC 8259, exact: numbers stay text, duplicate keys are refused, nesting and size
// are bounded, text is checked UTF-8. Packaged libraries put numbers through doubles and lose
// money.
//
// Reading makes a tree in the arena; views point into the input where it has no escapes, so the
// input must live as long as the tree.
#pragma once

#include "base/buf.h"
#include "base/ctx.h"

typedef enum { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT } JsonType;

typedef struct Json Json;
struct Json {
    JsonType type;
    bool boolean;
    Str text;  // a string's characters, a number's digits as written
    Str key;   // of a member of an object
    Json *first, *next;
    size_t count;  // members or items
};

enum { JSON_DEPTH = 64 };

// E_INVALID "json.syntax" with the line and column otherwise. `*ret` is never NULL on OK.
MUST_CHECK Status json_parse(Ctx *ctx, Str text, const Json **ret);

const Json *json_get(const Json *object, const char *key);  // NULL: absent, or not an object
Str json_str(const Json *object, const char *key);          // "" when absent or not a string
bool json_true(const Json *object, const char *key);        // false when absent or not a boolean
bool json_int(const Json *value, int64_t *ret);             // a number that is whole and fits
#define JSON_EACH(item, parent) for (const Json *item = (parent)->first; item; item = item->next)

// ---- Writing ------------------------------------------------------------------------------------
// Commas are put where they belong. Asserted: keys and values alternate inside objects, there is
// one value in all, and it is nested no deeper than what json_parse reads.

typedef struct JsonOut {
    Buf *out;  // the caller sets this one, the rest starts as zero
    int depth;
    uint64_t objects;  // one bit an open level, the innermost lowest: 1 is an object
    bool need_comma, has_key;
} JsonOut;

void json_open(JsonOut *json, char bracket);   // '{' or '['
void json_close(JsonOut *json, char bracket);  // '}' or ']'
void json_key(JsonOut *json, const char *key);
void json_key_str(JsonOut *json, Str key);
void json_put_str(JsonOut *json, Str s);  // bytes that are not UTF-8 become U+FFFD
void json_put_int(JsonOut *json, int64_t n);
void json_put_bool(JsonOut *json, bool b);
void json_put_null(JsonOut *json);
void json_put_raw(JsonOut *json, Str json_text);  // already JSON
void json_put_tree(JsonOut *json, const Json *tree);

void json_quote(Buf *out, Str s);  // one string with its quotes
