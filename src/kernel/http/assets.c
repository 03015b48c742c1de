// assets.c - serving the files in the program.
#include "kernel/http/assets.h"

#include "base/map.h"
#include "kernel/http/head.h"

// Every icon of a page asks for the path of its file.
static struct {
    Arena arena;
    Map names;  // -> const Asset *
} assets;

void assets_use(const Asset *table)
{
    arena_release(&assets.arena);
    assets.names = (Map){ .arena = &assets.arena };
    for (const Asset *asset = table; asset->name; asset++)
        map_put(&assets.names, str_from(asset->name), (void *)asset);
}

static const Asset *find_by_name(Str name)
{
    return map_get(&assets.names, name);
}

Str asset_path(const char *name)
{
    const Asset *asset = find_by_name(str_from(name));
    return asset ? str_from(asset->path) : S("");
}

// "/assets/icons/box.1f0c9a3be2.svg" -> "icons/box.svg", and the hash aside. False where there is
// no hash.
static bool split_path(Arena *arena, Str path, Str *ret_name, Str *ret_hash)
{
    Str file = str_from_at(path, strlen("/assets/"));
    ptrdiff_t dot = str_rfind_char(file, '.');
    if (dot <= 0)
        return false;
    Str extension = str_from_at(file, (size_t)dot), stem = str_sub(file, 0, (size_t)dot);
    ptrdiff_t before = str_rfind_char(stem, '.');
    if (before <= 0)
        return false;
    *ret_hash = str_from_at(stem, (size_t)before + 1);
    *ret_name = str_join(arena, str_sub(stem, 0, (size_t)before), extension);
    return true;
}

static Status send_asset(Ctx *ctx, const Asset *asset, Str cache_control)
{
    Str tag = str_format(ctx->arena, "\"%s\"", asset->hash);
    Str body = { (const char *)asset->bytes, asset->size };
    respond_header(ctx, "cache-control", cache_control);
    respond_header(ctx, "etag", tag);
    if (asset->gzip) {
        respond_header(ctx, "vary", S("accept-encoding"));
        Str accepted = request_header(ctx->request, "accept-encoding");
        if (accept_quality(accepted, S("gzip")) > 0) {
            respond_header(ctx, "content-encoding", S("gzip"));
            body = (Str){ (const char *)asset->gzip, asset->gzip_size };
        }
    }
    return respond_static(ctx, 200, str_from(asset->type), body);
}

static Status fail_missing(Ctx *ctx)
{
    return FAIL(ctx, E_NOT_FOUND, "asset.missing", "there is no such file");
}

// Only the hash of the file we have: an old one must not be kept for a year under the new content.
static Status serve_hashed(Ctx *ctx)
{
    Str name, hash;
    if (!split_path(ctx->arena, ctx->request->path, &name, &hash))
        return fail_missing(ctx);
    const Asset *asset = find_by_name(name);
    if (!asset || !str_is(hash, asset->hash))
        return fail_missing(ctx);
    return send_asset(ctx, asset, S("public, max-age=31536000, immutable"));
}

// At an address that the world has agreed on.
static Status serve_plain(Ctx *ctx)
{
    const Asset *asset = find_by_name(str_from_at(ctx->request->path, 1));
    return asset ? send_asset(ctx, asset, S("public, max-age=3600")) : fail_missing(ctx);
}

enum { FLAGS = ROUTE_PUBLIC | ROUTE_CONTROL | ROUTE_QUICK | ROUTE_HIDDEN };
const Route asset_routes[] = {
    { "GET", "/assets/{name}", NULL, ROUTE_FREE, serve_hashed, FLAGS, "A file of the program" },
    { "GET", "/assets/{folder}/{name}", NULL, ROUTE_FREE, serve_hashed, FLAGS,
      "A file of the program" },
    { "GET", "/favicon.ico", NULL, ROUTE_FREE, serve_plain, FLAGS, "The icon of the site" },
    { "GET", "/robots.txt", NULL, ROUTE_FREE, serve_plain, FLAGS, "What robots may read" },
    { 0 },
};
