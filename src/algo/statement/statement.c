// statement.c - which format a file is in.
//
// The formats are told apart by what only they have: OFX by its header or root element, CAMT by
// being XML, MT by a line that begins with a tag between colons. What is left may be CSV, which has
// no mark of its own; its reader refuses what has no column of dates and none of amounts.
#include "algo/statement/statement.h"

#include "algo/statement/parts.h"

#include <ctype.h>

enum { LOOK_BYTES = 64 * 1024 };

static bool is_tag_line(Str line)
{
    size_t at = 1;
    while (at < line.len && at < 5 && isalnum((unsigned char)line.ptr[at]))
        at++;
    return line.len > 3 && line.ptr[0] == ':' && isdigit((unsigned char)line.ptr[1]) && at >= 3 &&
           at < line.len && line.ptr[at] == ':';
}

static bool looks_like_mt(Str start)
{
    for (Str line; str_next(&start, '\n', &line);) {
        ptrdiff_t block = str_find(line, S("{4:"));
        if (is_tag_line(block < 0 ? line : str_from_at(line, (size_t)block + 3)) || block >= 0)
            return true;
    }
    return false;
}

static Status read_text(Ctx *ctx, Str text, StatementFile *file)
{
    Str start = str_trim(str_sub(text, 0, LOOK_BYTES));
    if (start.len == 0)
        return FAIL(ctx, E_INVALID, "statement.empty", "the file is empty");
    if (str_starts(start, S("OFXHEADER")) || str_find(start, S("<OFX")) >= 0)
        return ofx_read(ctx, text, file);
    if (start.ptr[0] == '<')
        return camt_read(ctx, text, file);
    if (looks_like_mt(start))
        return mt_read(ctx, text, file);
    return statement_csv_read(ctx, text, file);
}

Status statement_read(Ctx *ctx, Str bytes, StatementFile *ret)
{
    _Static_assert(STATEMENT_BYTES_MAX == 256 << 20, "the message says so");
    if (bytes.len > STATEMENT_BYTES_MAX)
        return FAIL(ctx, E_INVALID, "statement.size", "the file is larger than 256 MB");
    StatementFile file = { 0 };
    Str text = charset_to_utf8(ctx->arena, bytes, &file.charset);
    TRY(read_text(ctx, text, &file));
    if (file.statements.len == 0)
        return FAIL(ctx, E_INVALID, "statement.empty", "there is no statement in the file");
    *ret = file;
    return OK;
}
