// assets.h - files that are part of the program: styles, scripts, icons. Made into a table by
// tools/embed when the program is built, compressed then and never again.
//
// A page names a file by asset_path("app.css"), which holds a hash of its content: it may be kept
// for a year, and changes its name when it changes.
#pragma once

#include "kernel/http/request.h"

typedef struct Asset {
    const char *name;  // "app.css", "icons/box.svg"
    const char *path;  // "/assets/app.1f0c9a3be2.css"
    const char *type;  // "text/css"
    const char *hash;
    const unsigned char *bytes;
    size_t size;
    const unsigned char *gzip;  // NULL where that saves nothing
    size_t gzip_size;
} Asset;

// The program's files, in order of name, ended by an all-zero row; once, at start-up.
void assets_use(const Asset *table);

// "/assets/..." of a file; "" when there is none of that name. Lives for ever.
Str asset_path(const char *name);

// GET /assets/{name}, GET /assets/{folder}/{name}, /favicon.ico and /robots.txt; ends with a zero
// row.
extern const Route asset_routes[];
