// fuzz.h - a fuzz target is one function that takes any bytes and aborts when a law is broken.
//
// libFuzzer calls it with inputs it makes up (meson setup -Dfuzz=true, with clang); replay.c calls
// it with the files of a corpus in the ordinary test run.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FUZZ_ARENA_LIMIT = 256 << 20 };

#define LAW(condition)                                                                             \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, #condition);                \
            abort();                                                                               \
        }                                                                                          \
    } while (0)
