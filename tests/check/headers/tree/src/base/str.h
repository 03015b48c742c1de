#pragma once
#include <stddef.h>
typedef struct Str {
    const char *ptr;
    size_t len;
} Str;
