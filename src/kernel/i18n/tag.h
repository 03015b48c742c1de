// tag.h - language tags (BCP 47) as far as formats and catalogues need them: a language, perhaps a
// script, perhaps a country, and whether its own digits are wanted.
#pragma once

#include "base/str.h"

enum { TAG_LEN_MAX = 11 };  // "zh-Hant-419"

typedef struct Tag {
    char text[TAG_LEN_MAX + 1];  // "es-CO": cased as is usual; ends in NUL
    bool has_native_digits;      // "bn-u-nu-native", or any -nu- but latn
} Tag;

// False when it does not begin as a tag does. Variants and other extensions are passed over.
bool tag_parse(Str text, Tag *ret);

// Cuts the last part off: es-CO, es. False, and unchanged, when only the language is left.
bool tag_shorten(Tag *tag);

static inline Str tag_text(const Tag *tag)
{
    return str_from(tag->text);
}

// Takes the ranges of an Accept-Language header in order of preference (RFC 9110, section 12.5.4)
// until fn is true; false when it never is. What is no range, weighs 0 or comes after the first 20
// is passed over.
bool accept_language_each(Str header, bool (*fn)(const Tag *tag, void *arg), void *arg);
