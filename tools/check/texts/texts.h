// texts.h - what is collected: the English texts that people may see, once each, with the first
// place where they stand.
#pragma once

#include "base/buf.h"
#include "base/list.h"
#include "base/map.h"

typedef struct Text {
    Str key;     // as the program looks it up: behind "context\4" where it has one
    Str plural;  // "" for none
    const char *file;
    int line;
} Text;

typedef struct Texts {
    Arena *arena;
    LIST(Text *) all;  // in the order of finding
    Map by_key;
    int mistakes;  // told on standard error
} Texts;

// Notes a text; not what has nothing to translate in it, as "" and "%s: %s".
void text_add(Texts *texts, const char *file, int line, Str key, Str plural);
void text_mistake(Texts *texts, const char *file, int line, const char *format, ...) PRINTF(4, 5);

// All labels of a `.ent` file. False when it cannot be read.
bool ent_texts(Texts *texts, char *path);
