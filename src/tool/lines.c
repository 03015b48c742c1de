// lines.c - files with one JSON object a line.
#include "tool/lines.h"

// The first line of a file that goes over many is never an object by itself.
static bool is_one_object(Ctx *ctx, Str text)
{
    Str first;
    while (str_next(&text, '\n', &first))
        if (str_trim(first).len) {
            const Json *json;
            bool is_whole = json_parse(ctx, str_trim(first), &json) == OK;
            ctx_recover(ctx);
            return !is_whole && str_trim(text).len > 0;
        }
    return false;
}

static Status add(Ctx *ctx, Str text, JsonList *list)
{
    const Json *json;
    TRY(json_parse(ctx, text, &json));
    if (json->type != JSON_OBJECT)
        return FAIL(ctx, E_INVALID, "tool.file", "an object is wanted");
    *list_push(ctx->arena, list) = json;
    return OK;
}

Status lines_read(Ctx *ctx, Str text, JsonList *ret)
{
    *ret = (JsonList){ 0 };
    if (is_one_object(ctx, text))
        return add(ctx, text, ret);
    Str line;
    for (int number = 1; str_next(&text, '\n', &line); number++) {
        Str object = str_trim(line);
        if (object.len == 0)
            continue;
        Status status = add(ctx, object, ret);
        if (status != OK) {
            Str why = ctx->failure.message;
            return FAIL(ctx, status, "tool.file", "line %d: " STR_FMT, number, STR_ARG(why));
        }
    }
    return OK;
}
