// log.h - one line a fact, to standard error, as logfmt: time level trace event key=value ...
//
//     log_line(LOG_WARN, ctx, "job.retry", "job=%s wait_s=%d", name, wait_s);
//
// base/ and algo/ never log; the runner logs each failure once. A value with blanks is written by
// the caller in quotes ("%s" -> \"%s\"). Thread-safe, one write a line. No value can break the
// line, and card numbers are replaced by [card].
#pragma once

#include "base/ctx.h"

typedef enum { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR } LogLevel;

void log_line(LogLevel level, const Ctx *ctx, const char *event, const char *format, ...)
    PRINTF(4, 5);
// Writes ctx->failure, with its place in our code.
void log_failure(LogLevel level, const Ctx *ctx, const char *event);
void log_set_level(LogLevel least);             // LOG_INFO at first
bool log_level_parse(Str text, LogLevel *ret);  // "debug", "info", "warn", "error", any case
// Where lines go besides standard error (tests), without their line end; NULL: nowhere else.
void log_set_sink(void (*sink)(Str line, void *arg), void *arg);
