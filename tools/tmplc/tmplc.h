// tmplc.h - the page template compiler: a template's text in, a C file and its header out.
//
// docs/templates.md is the language. The compiler follows the markup closely enough to know where
// each value stands and to refuse what cannot be escaped, translated or reached by everyone; what a
// value's C type allows is decided by web/html.h when the generated file is compiled.
#pragma once

#include "base/buf.h"

// What became of one template. When `errors` is not empty, nothing else counts.
typedef struct Compiled {
    Str code;    // the C file
    Str header;  // what it declares: one function a page
    Str keys;    // "path:line<TAB>English text" of each text to be translated, a line each
    Str errors;  // "path:line: error: what: how to fix", a line each, the first 20
} Compiled;

// Compiles `source`, read from `path` (as errors and #line shall name it). `header_name` is what
// the C file includes. All results live in the arena.
Compiled template_compile(Arena *arena, Str path, Str source, Str header_name);
