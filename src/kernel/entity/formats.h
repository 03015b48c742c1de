// formats.h - the `is=` formats: what an e-mail address, a GTIN or a GSTIN looks like. Each answers
// only whether the text has the form (and its check digit), not whether such a thing exists.
#pragma once

#include "base/str.h"

typedef struct Format {
    const char *name;
    bool (*matches)(Str text);
    const char *hint;  // "looks like name@example.com"
} Format;

const Format *format_named(const char *name);  // NULL: none
