// pdf_reader.h - reads a drawn document back with the programs that people read it with.
#pragma once

#include "kernel/pdf.h"

// A document on disk, in a folder of its own that goes with the context's arena.
typedef struct Paper {
    Ctx *ctx;
    char folder[32], path[48];
} Paper;

Paper *paper_finish(Ctx *ctx, Pdf *pdf);  // finishes the document and saves it
Paper *paper_save(Ctx *ctx, Str bytes);   // saves one that is finished
// What a command prints; its %s is the document's path.
Str paper_seen_by(const Paper *paper, const char *command);

// Leaves the test, visibly, where one of the named programs is missing.
#define NEEDS(...)                                                                                 \
    do {                                                                                           \
        if (!reader_has_tools((const char *const[]){ __VA_ARGS__, NULL })) {                       \
            test_skip("one of " #__VA_ARGS__ " is not installed");                                 \
            return;                                                                                \
        }                                                                                          \
    } while (0)
bool reader_has_tools(const char *const *tools);  // ends in NULL

bool text_holds(Str text, const char *what);
size_t text_count(Str text, const char *what);
void check_holds(const char *file, int line, Str text, const char *what);
#define CHECK_HOLDS(text, what) check_holds(__FILE__, __LINE__, (text), (what))

size_t page_count(const Paper *paper);
Str page_text(const Paper *paper, size_t page);  // page 1 is the first
// The page on which a text first stands; 0 when on none.
size_t page_of(const Paper *paper, const char *what);

// Where a word stands: its edges in points from the left, from `pdftotext -bbox`.
typedef struct Span {
    double left, right;
} Span;
Span place_of(const Paper *paper, const char *word);
