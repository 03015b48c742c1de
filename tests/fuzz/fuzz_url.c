// fuzz_url.c - any bytes as a path, as a query and as a form. Laws: what decodes is text and
// encodes back; a path that is let through leads nowhere else; a form's tree holds each of its
// values once, and is JSON.
#include "fuzz.h"

#include "base/utf8.h"
#include "kernel/http/head.h"

static void check_decode(Arena *arena, Str text, bool plus_is_blank)
{
    Str decoded, again;
    if (!url_decode(arena, text, plus_is_blank, &decoded))
        return;
    LAW(utf8_valid(decoded) && str_find_char(decoded, '\0') < 0 && decoded.len <= text.len);
    LAW(url_decode(arena, url_encode(arena, decoded), plus_is_blank, &again));
    LAW(str_eq(decoded, again));
}

static void check_path(Arena *arena, Str text)
{
    Str path;
    if (!path_decode(arena, text, &path))
        return;
    LAW(utf8_valid(path) && str_find_char(path, '\\') < 0);
    for (size_t i = 0; i < path.len; i++)
        LAW((unsigned char)path.ptr[i] >= 0x20 && path.ptr[i] != 0x7f);
    for (Str rest = path, segment; str_next(&rest, '/', &segment);)
        LAW(!str_is(segment, ".") && !str_is(segment, ".."));
}

static size_t count_values(const Json *tree, int depth)
{
    size_t count = 0, members = 0;
    LAW(depth <= FORM_DEPTH + 1);
    if (tree->type == JSON_STRING)
        return 1;
    LAW(tree->type == JSON_OBJECT || tree->type == JSON_ARRAY);
    JSON_EACH (member, tree) {
        count += count_values(member, depth + 1);
        members++;
    }
    LAW(members == tree->count);
    return count;
}

static void check_form(Ctx *ctx, Str text)
{
    FormFieldList fields;
    const Json *tree, *again;
    if (!fields_parse(ctx->arena, text, 500, &fields))
        return;
    LAW(fields.len <= 500);
    if (form_to_json(ctx, &fields, &tree) != OK)
        return;
    LAW(tree->type == JSON_OBJECT && count_values(tree, 0) == fields.len);
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    json_put_tree(&json, tree);
    LAW(json_parse(ctx, buf_str(&out), &again) == OK);
    LAW(count_values(again, 0) == fields.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena arena = { .limit = FUZZ_ARENA_LIMIT };
    Ctx ctx = { .arena = &arena };
    Str text = { (const char *)data, size };
    check_decode(&arena, text, false);
    check_decode(&arena, text, true);
    check_path(&arena, text);
    check_form(&ctx, text);
    arena_release(&arena);
    return 0;
}
