// sniff.h - what kind of file bytes are, told from the bytes and not from a name. Private to
// kernel/files.
#pragma once

#include "base/str.h"

// A media type out of a closed list; "application/octet-stream" for everything else. The name only
// decides between kinds of plain text, where nothing depends on it: "prices.csv" is text/csv.
const char *sniff_type(Str bytes, Str name);

bool sniff_is_program(Str bytes);      // an executable of some system, or a script for one
bool type_is_image(const char *type);  // one that browsers show and the image worker reads
bool type_is_inline(Str type);         // a browser may show it in our name: it runs nothing
bool type_is_markup(Str type);         // a browser would run it
