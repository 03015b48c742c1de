// c.h - texts in C. A file is a row of tokens; what all files have together is learned first.
#pragma once

#include "texts.h"

// ---- Tokens (tokens.c) --------------------------------------------------------------------------

typedef enum TokenKind { TOKEN_WORD, TOKEN_STRING, TOKEN_OTHER } TokenKind;
typedef struct Token {
    TokenKind kind;
    Str text;  // of a string what it means, its neighbours and macros not yet joined to it
    int line;
} Token;
typedef LIST(Token) TokenList;
typedef struct Span {  // tokens [from, to)
    size_t from, to;
} Span;

// Comments are left out, and so are the preprocessor's lines but for #define, whose tokens stand
// between a '#' and an empty token.
TokenList tokens_of(Arena *arena, Str c, int first_line);
bool token_is(const TokenList *tokens, size_t at, const char *text);
// The place of the bracket that closes the one at `at`; tokens->len when there is none.
size_t token_closing(const TokenList *tokens, size_t at);
// An argument, counted from 0, of the call whose bracket stands at `open`; false when it has fewer.
bool token_argument(const TokenList *tokens, size_t open, int number, Span *ret);

// ---- What all files have together (learn.c) -----------------------------------------------------

typedef struct Source {
    const char *path;
    Str content;
    TokenList tokens;  // of a .c or .h
} Source;
typedef LIST(Source) SourceList;

// A function or macro whose argument is a text, and perhaps another its plural (0: none).
typedef struct Taker {
    int one, many;
} Taker;

typedef struct Member {
    Str name, type;
    bool is_array;
} Member;
typedef struct Struct {
    Str name;  // "" for one without
    LIST(Member) members;
} Struct;

typedef struct World {
    Arena *arena;
    Map strings;  // macros of strings: STR_FMT -> Str
    Map takers;   // "tr" -> Taker; "src/x.c refuse" for what only one file knows
    Map givers;   // functions that return a text, likewise
    Map structs;  // "Permission" -> Struct
} World;

void learn(World *world, const SourceList *sources);
const Taker *taker_of(const World *world, const char *file, Str name);  // NULL: takes no text
bool gives_text(const World *world, const char *file, Str name);
Struct *struct_learn(Arena *arena, const TokenList *tokens, size_t open);
bool is_text_member(Str type, Str member);

// ---- Finding ------------------------------------------------------------------------------------

void c_texts(Texts *texts, const World *world, const char *file, const TokenList *tokens);
void page_texts(Texts *texts, const World *world, const Source *source);
