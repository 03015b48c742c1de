// banned.h - put before every file by the build. Functions that hide a length, an error or a global
// become compile errors. What to use instead stands behind each.
#pragma once

#ifndef __cplusplus
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat stpcpy strncat  // str_copy, str_join, Buf
#pragma GCC poison sprintf vsprintf gets         // str_format, buf_printf
#pragma GCC poison strtok                        // str_next, str_next_word
#pragma GCC poison atoi atol atoll atof          // str_int, decimal_parse
#pragma GCC poison rand srand srandom           // ctx->random, kernel/secrets
#pragma GCC poison localtime gmtime ctime asctime  // base/date.h
#endif
