// banned.h - put before every file by the build. Functions that hide a length, an error or a global
// become compile errors: they are declared again as deprecated, and the build treats that warning
// as an error. Each says what to use instead.
#pragma once

#ifndef __cplusplus
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BANNED(instead) __attribute__((deprecated("use " instead)))

// clang-format off
BANNED("str_copy")    char *strcpy(char *to, const char *from);
BANNED("Buf")         char *strcat(char *to, const char *from);
BANNED("Buf")         char *strncat(char *to, const char *from, size_t n);
BANNED("Buf")         char *stpcpy(char *to, const char *from);
BANNED("str_format")  int sprintf(char *to, const char *format, ...);
BANNED("buf_vprintf") int vsprintf(char *to, const char *format, va_list args);
BANNED("str_next")    char *strtok(char *s, const char *delimiters);
BANNED("str_int")     int atoi(const char *s);
BANNED("str_int")     long atol(const char *s);
BANNED("str_int")     long long atoll(const char *s);
BANNED("decimal_parse") double atof(const char *s);
BANNED("ctx->random, or kernel/secrets.h") int rand(void);
BANNED("ctx->random") void srand(unsigned seed);
BANNED("base/date.h") struct tm *localtime(const time_t *at);
BANNED("base/date.h") struct tm *gmtime(const time_t *at);
BANNED("base/date.h") char *ctime(const time_t *at);
BANNED("base/date.h") char *asctime(const struct tm *tm);
// clang-format on
#endif
