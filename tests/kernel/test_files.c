// test_files.c - stored files: what they are told to be, what is refused, under which names they
// are kept and given out, who may see them, smaller pictures, and what is swept away.
#include "app/app.h"
#include "base/log.h"
#include "gen/kernel.gen.h"
#include "kernel/ask.h"
#include "kernel/entity/access.h"
#include "kernel/files.h"
#include "kernel/files/picture.h"
#include "kernel/files/sniff.h"
#include "kernel/files/store.h"
#include "kernel/http/rest.h"
#include "kernel/job.h"
#include "kernel/mail.h"
#include "kernel/painter.h"
#include "kernel/wire.h"
#include "loan.gen.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

// The program starts itself again to read pictures.
__attribute__((constructor)) static void be_the_image_worker(int argc, char **argv)
{
    if (argc > 0 && strcmp(argv[0], IMAGE_WORKER_NAME) == 0)
        exit(image_worker_main());
}

// ---- What bytes are -----------------------------------------------------------------------------

#define B(literal)                                                                                 \
    {                                                                                              \
        "" literal, sizeof(literal) - 1                                                            \
    }

static void test_kinds_are_told_by_their_bytes(void)
{
    static const struct {
        const char *name, *type;
        Str bytes;
    } rows[] = {
        { "a.jpg", "image/jpeg", B("\xff\xd8\xff\xe0") },
        { "a.png", "image/png", B("\x89PNG\r\n\x1a\n") },
        { "a.webp", "image/webp", B("RIFF\x24\0\0\0WEBPVP8 ") },
        { "a.avif", "image/avif",
          B("\0\0\0\x1c"
            "ftypavif") },
        { "a.mp4", "video/mp4",
          B("\0\0\0\x1c"
            "ftypisom") },
        { "a.pdf", "application/pdf", B("%PDF-1.7") },
        { "a.pdf", "text/plain", B(" %PDF-1.7") },
        { "lies.jpg", "application/pdf", B("%PDF-1.7") },
        { "lies.jpg", "text/html", B("<html>") },
        { "lies.png", "text/html", B("  \n<!DOCTYPE html><p>") },
        { "lies.txt", "text/html", B("\xef\xbb\xbf<script>alert(1)</script>") },
        { "lies.txt", "text/html", B("<!-- nothing --><body onload=x>") },
        { "lies.csv", "text/html", B("<a>b,c") },
        { "lies.jpg", "image/svg+xml", B("<?xml version='1.0'?><!-- x --><svg onload='x'/>") },
        { "lies.jpg", "image/svg+xml", B("<svg:SVG xmlns:svg='x'>") },
        { "a.xml", "application/xml", B("<?xml version='1.0'?><order/>") },
        { "a.json", "application/json", B(" {\"a\": 1} \n") },
        { "a.csv", "text/csv", B("sku,price\na,1\n") },
        { "a.txt", "text/plain", B("sku,price\na,1\n") },
        { "a.txt", "application/octet-stream", B("text\0and more") },
        { "a.txt", "application/octet-stream", B("") },
        { "gif", "image/gif", B("GIF89a\x01\0\x01\0<script>alert(1)</script>") },
        { "zip", "application/octet-stream", B("PK\x03\x04 and nothing more") },
        { "zip", "application/zip", B("PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0") },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].type;
        CHECK_STR(str_from(sniff_type(rows[i].bytes, str_from(rows[i].name))), rows[i].type);
    }
    test_row = NULL;
}

// Cut anywhere and with any byte changed: nothing is read behind the end.
static void test_damage_is_survived(void)
{
    Ctx *ctx = test_ctx();
    const Str whole[] = { paint_png(ctx->arena, 20, 10),
                          paint_jpeg_head(ctx->arena, 40, 30, 6),
                          S("GIF89a\x0a\0\x05\0"),
                          S("RIFF\x24\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x63\0\0\x31\0\0"),
                          S("\0\0\0\x0c"
                            "ftypavif\0\0\0\x3c"
                            "meta\0\0\0\0\0\0\0\x30iprp\0\0\0\x28ipco"
                            "\0\0\0\x14ispe\0\0\0\0\0\0\0\x64\0\0\0\x32"),
                          S("PK\x05\x06\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0") };
    PictureSize size;
    for (int i = 0; i < 3000; i++) {
        Str bytes = whole[i % (int)COUNT(whole)];
        size_t len = (size_t)random_below(ctx->random, (int64_t)bytes.len + 1);
        char *copy = malloc(len ? len : 1);  // its end is the end of its memory
        memcpy(copy, bytes.ptr, len);
        if (len)
            copy[random_below(ctx->random, (int64_t)len)] = (char)random_below(ctx->random, 256);
        const char *type = sniff_type((Str){ copy, len }, S("x"));
        if (picture_size((Str){ copy, len }, type, &size))
            CHECK(size.width > 0 && size.height > 0);
        free(copy);
    }
}

static void test_sizes_of_pictures(void)
{
    Ctx *ctx = test_ctx();
    const struct {
        const char *type;
        Str bytes;
        int width, height;
    } rows[] = {
        { "image/png", paint_png_head(ctx->arena, 640, 480), 640, 480 },
        { "image/jpeg", paint_jpeg_head(ctx->arena, 640, 480, 0), 640, 480 },
        { "image/jpeg", paint_jpeg_head(ctx->arena, 640, 480, 1), 640, 480 },
        { "image/jpeg", paint_jpeg_head(ctx->arena, 640, 480, 6), 480, 640 },
        { "image/gif", S("GIF89a\x0a\0\x05\0"), 10, 5 },
        { "image/webp", S("RIFF\x24\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x63\0\0\x31\0\0"), 100, 50 },
        { "image/avif",
          S("\0\0\0\x0c"
            "ftypavif\0\0\0\x3c"
            "meta\0\0\0\0\0\0\0\x30iprp\0\0\0\x28ipco"
            "\0\0\0\x14ispe\0\0\0\0\0\0\0\x64\0\0\0\x32"
            "\0\0\0\x0cpixi\0\0\0\0"),
          100, 50 },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        PictureSize size = { 0 };
        test_row = rows[i].type;
        CHECK(picture_size(rows[i].bytes, rows[i].type, &size));
        CHECK_INT(size.width, rows[i].width);
        CHECK_INT(size.height, rows[i].height);
    }
    test_row = NULL;
}

// ---- A house with files -------------------------------------------------------------------------

typedef struct Adding {
    const FilePart *part;
    Id id;
    StoredFile file;
} Adding;

static Status add(Ctx *ctx, void *arg)
{
    Adding *adding = arg;
    return file_add(ctx, adding->part, &adding->id);
}

static Status find(Ctx *ctx, void *arg)
{
    Adding *adding = arg;
    return file_find(ctx, adding->id, &adding->file);
}

static StoredFile stored(Ctx *ctx, const char *name, Str bytes)
{
    FilePart part = { 0 };
    Adding adding = { .part = &part };
    CHECK_OK(ctx, file_write(ctx, str_from(name), bytes, false, &part));
    CHECK_OK(ctx, tenant_transact(ctx, add, &adding));
    CHECK_OK(ctx, tenant_read(ctx, find, &adding));
    return adding.file;
}

// ---- Writing and reading ------------------------------------------------------------------------

static void test_a_file_is_stored_and_read(void)
{
    Ctx *ctx = test_ctx();
    House house;
    Str bytes = S("");
    struct stat there;
    house_open(ctx, &house);
    StoredFile file = stored(ctx, "notes.txt", S("some words"));
    CHECK_STR(file.name, "notes.txt");
    CHECK_STR(file.type, "text/plain");
    CHECK_INT(file.size, 10);
    CHECK_OK(ctx, file_read(ctx, &file, &bytes));
    CHECK_STR(bytes, "some words");
    CHECK(stat(file_path(ctx, file.digest).ptr, &there) == 0 && (there.st_mode & 0777) == 0600);
    StoredFile again = stored(ctx, "other.txt", S("some words"));
    CHECK(again.id != file.id && str_eq(again.digest, file.digest));
    StoredFile picture = stored(ctx, "a.png", paint_png(ctx->arena, 30, 20));
    CHECK_INT(picture.width, 30);
    CHECK_INT(picture.height, 20);
    Adding nothing = { .id = 12345 };
    CHECK_FAILS(ctx, "file.not_found", tenant_read(ctx, find, &nothing));
    CHECK(unlink(file_path(ctx, file.digest).ptr) == 0);
    CHECK_FAILS(ctx, "file.lost", file_read(ctx, &file, &bytes));
    house_close(&house);
}

static void test_what_is_refused(void)
{
    static const struct {
        const char *code;
        bool must_be_image;
        Str bytes;
    } rows[] = {
        { "file.size", false, B("") },
        { "file.type", false, B("MZ\x90\0") },
        { "file.type", false,
          B("\x7f"
            "ELF") },
        { "file.type", false, B("#!/bin/sh\n") },
        { "file.type", true, B("some words") },
        { "file.type", true, B("<svg xmlns='http://www.w3.org/2000/svg'/>") },
        { "file.type", true, B("%PDF-1.7") },
        { "file.damaged", true, B("\x89PNG\r\n\x1a\n") },
        { "file.damaged", false, B("\xff\xd8\xff\xe0 but no more") },
        { "file.damaged", false, B("GIF89a\0\0\0\0") },
    };
    Ctx *ctx = test_ctx();
    House house;
    FilePart part;
    house_open(ctx, &house);
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].code;
        CHECK_FAILS(ctx, rows[i].code,
                    file_write(ctx, S("a.jpg"), rows[i].bytes, rows[i].must_be_image, &part));
    }
    test_row = NULL;
    Str large = { arena_alloc(ctx->arena, FILE_MAX + 1), FILE_MAX + 1 };
    CHECK_FAILS(ctx, "file.size", file_write(ctx, S("a"), large, false, &part));
    house_close(&house);
}

// A few bytes that unpack to gigabytes are refused by what they claim, before anybody unpacks them.
static void test_bombs_are_refused(void)
{
    Ctx *ctx = test_ctx();
    House house;
    FilePart part;
    house_open(ctx, &house);
    CHECK_FAILS(ctx, "file.pixels",
                file_write(ctx, S("a.png"), paint_png_head(ctx->arena, 60000, 60000), true, &part));
    CHECK_FAILS(
        ctx, "file.pixels",
        file_write(ctx, S("a.jpg"), paint_jpeg_head(ctx->arena, 40000, 3001, 0), true, &part));
    CHECK_OK(ctx,
             file_write(ctx, S("a.jpg"), paint_jpeg_head(ctx->arena, 40000, 3000, 0), true, &part));
    CHECK_FAILS(ctx, "file.damaged",
                file_write(ctx, S("a.png"), paint_png_head(ctx->arena, UINT32_MAX, UINT32_MAX),
                           true, &part));
    house_close(&house);
}

static void test_names_lead_nowhere(void)
{
    static const struct {
        const char *given, *kept;
    } rows[] = {
        { "invoice.pdf", "invoice.pdf" },
        { "../../etc/passwd", "passwd" },
        { "C:\\Users\\me\\photo.jpg", "photo.jpg" },
        { "/etc/shadow", "shadow" },
        { "..", "file" },
        { ".", "file" },
        { "", "file" },
        { "a/", "file" },
        { "  \t ", "file" },
        { "line\r\nbreak", "line__break" },
        { "\xff\xfe.txt", "\xef\xbf\xbd\xef\xbf\xbd.txt" },
        { "\xe0\xa6\x9a\xe0\xa6\xbe.pdf", "\xe0\xa6\x9a\xe0\xa6\xbe.pdf" },
    };
    Ctx *ctx = test_ctx();
    House house;
    FilePart part;
    house_open(ctx, &house);
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].given;
        CHECK_OK(ctx, file_write(ctx, str_from(rows[i].given), S("words"), false, &part));
        CHECK_STR(part.name, rows[i].kept);
    }
    test_row = NULL;
    char *long_name = arena_alloc(ctx->arena, 1000);
    memset(long_name, 'n', 999);
    CHECK_OK(ctx, file_write(ctx, str_from(long_name), S("words"), false, &part));
    CHECK_INT((int64_t)part.name.len, FILE_NAME_MAX);
    house_close(&house);
}

// ---- Giving out ---------------------------------------------------------------------------------

static void test_nothing_runs_in_our_name(void)
{
    static const struct {
        const char *type, *served, *how;
    } rows[] = {
        { "image/jpeg", "image/jpeg", "inline" },
        { "application/pdf", "application/pdf", "inline" },
        { "text/plain", "text/plain; charset=utf-8", "inline" },
        { "text/html", "application/octet-stream", "attachment" },
        { "image/svg+xml", "application/octet-stream", "attachment" },
        { "application/xml", "application/octet-stream", "attachment" },
        { "application/zip", "application/zip", "attachment" },
        { "text/csv", "text/csv", "attachment" },
    };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].type;
        FileServing serving;
        StoredFile file = { .name = S("a\"\r\n;\xc3\xa9.x"), .type = str_from(rows[i].type) };
        file_serving(ctx, &file, &serving);
        CHECK_STR(serving.type, rows[i].served);
        Str wanted = str_format(
            ctx->arena, "%s; filename=\"a______.x\"; filename*=UTF-8''a%%22%%0D%%0A%%3B%%C3%%A9.x",
            rows[i].how);
        CHECK(str_eq(serving.disposition, wanted));
        CHECK(str_starts(serving.policy, S("default-src 'none'")));
    }
    test_row = NULL;
}

static int status_of(Ctx *ctx, Str target)
{
    Asking asking = { .method = "GET", .target = target, .tenant = ctx->tenant->code };
    return ask(ctx, &asking).status;
}

static Str replaced(Arena *arena, Str text, const char *what, const char *with)
{
    ptrdiff_t at = str_find(text, str_from(what));
    CHECK(at >= 0);
    Str front = str_sub(text, 0, (size_t)at), rest = str_from_at(text, (size_t)at + strlen(what));
    return str_format(arena, STR_FMT "%s" STR_FMT, STR_ARG(front), with, STR_ARG(rest));
}

// As it was made so long ago.
static Str link_made(Ctx *ctx, const StoredFile *file, Time ago)
{
    ctx->now -= ago;
    Str link = file_link(ctx, file);
    ctx->now += ago;
    return link;
}

static void test_links_cannot_be_changed(void)
{
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    rest_start(app_routes);
    log_set_level(LOG_ERROR);
    StoredFile file = stored(ctx, "price list.txt", S("some words"));
    StoredFile other = stored(ctx, "secret.txt", S("other words"));
    Str link = file_link(ctx, &file);
    Str id = id_text(ctx->arena, file.id), other_id = id_text(ctx->arena, other.id);
    CHECK_INT(status_of(ctx, link), 200);
    CHECK_INT(status_of(ctx, replaced(ctx->arena, link, id.ptr, other_id.ptr)), 404);
    CHECK_INT(status_of(ctx, replaced(ctx->arena, link, "price", "prize")), 404);
    CHECK_INT(status_of(ctx, replaced(ctx->arena, link, "expires=1", "expires=2")), 404);
    CHECK_INT(status_of(ctx, replaced(ctx->arena, link, "sig=", "sig=0")), 404);
    CHECK_INT(status_of(ctx, str_sub(link, 0, (size_t)str_find_char(link, '?'))), 404);
    CHECK_INT(status_of(ctx, replaced(ctx->arena, link, "/files/", "/files/../files/")), 404);
    CHECK_INT(status_of(ctx, link_made(ctx, &file, DAY)), 200);
    CHECK_INT(status_of(ctx, link_made(ctx, &file, DAY + HOUR + 1)), 404);
    CHECK(
        str_eq(link_made(ctx, &file, -HOUR / 2), link));  // so that a browser may keep what it has
    log_set_level(LOG_INFO);
    house_close(&house);
}

static void test_files_are_uploaded(void)
{
    static const char *const body =
        "--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"../a.txt\"\r\n"
        "Content-Type: text/html\r\n\r\nsome words\r\n--x--\r\n";
    Ctx *ctx = test_ctx();
    House house;
    const Json *json;
    house_open(ctx, &house);
    rest_start(app_routes);
    Asking asking = { .method = "POST",
                      .target = S("/api/v1/platform/files"),
                      .token = ask_token(ctx, "clerk@example.com", "Owner"),
                      .tenant = ctx->tenant->code,
                      .body = str_from(body),
                      .type = S("multipart/form-data; boundary=x") };
    Answered answer = ask(ctx, &asking);
    CHECK_INT(answer.status, 201);
    CHECK_OK(ctx, json_parse(ctx, answer.body, &json));
    const Json *file = json_get(json, "files")->first;
    CHECK_STR(json_str(file, "name"), "a.txt");
    CHECK_STR(json_str(file, "type"), "text/plain");
    CHECK_INT(status_of(ctx, json_str(file, "link")), 200);
    log_set_level(LOG_ERROR);
    asking.target = S("/api/v1/platform/files?image=1");
    CHECK_INT(ask(ctx, &asking).status, 422);
    asking.body = S("--x--\r\n");
    CHECK_INT(ask(ctx, &asking).status, 422);
    asking.token = S("");
    CHECK_INT(ask(ctx, &asking).status, 401);
    log_set_level(LOG_INFO);
    house_close(&house);
}

// ---- Smaller pictures ---------------------------------------------------------------------------

static bool has_vips(Ctx *ctx, const StoredFile *file)
{
    Str bytes, type;
    Status status = file_thumbnail(ctx, file, 96, &bytes, &type);
    bool is_missing = status != OK && strcmp(ctx->failure.code, "image.unavailable") == 0;
    ctx_recover(ctx);
    if (is_missing)
        test_skip("libvips is not installed");
    return !is_missing;
}

static void check_thumbnail(Ctx *ctx, const StoredFile *file, int width, int wanted_width,
                            int wanted_height)
{
    Str bytes = S(""), type = S("");
    PictureSize size = { 0 };
    CHECK_OK(ctx, file_thumbnail(ctx, file, width, &bytes, &type));
    CHECK_STR(type, "image/webp");
    CHECK_STR(str_from(sniff_type(bytes, S(""))), "image/webp");
    CHECK(picture_size(bytes, "image/webp", &size));
    CHECK_INT(size.width, wanted_width);
    CHECK_INT(size.height, wanted_height);
}

static void test_pictures_are_made_smaller(void)
{
    Ctx *ctx = test_ctx();
    House house;
    Str bytes = S(""), type = S("");
    house_open(ctx, &house);
    StoredFile wide = stored(ctx, "wide.png", paint_png(ctx->arena, 1000, 500));
    if (has_vips(ctx, &wide)) {
        check_thumbnail(ctx, &wide, 96, 96, 48);
        check_thumbnail(ctx, &wide, 480, 480, 240);
        check_thumbnail(ctx, &wide, 1200, 1000, 500);  // never larger
        StoredFile tall = stored(ctx, "tall.png", paint_png(ctx->arena, 100, 1000));
        check_thumbnail(ctx, &tall, 96, 19, 192);  // at most twice as tall as wide
        CHECK_OK(ctx, file_thumbnail_for_mail(ctx, &wide, 96, &bytes, &type));
        CHECK_STR(type, "image/jpeg");
        CHECK_STR(str_from(sniff_type(bytes, S(""))), "image/jpeg");
        CHECK(unlink(file_path(ctx, wide.digest).ptr) == 0);
        check_thumbnail(ctx, &wide, 480, 480, 240);  // it was kept
    }
    StoredFile text = stored(ctx, "a.txt", S("words"));
    CHECK_FAILS(ctx, "file.not_image", file_thumbnail(ctx, &text, 96, &bytes, &type));
    CHECK_FAILS(ctx, "file.width", file_thumbnail(ctx, &wide, 97, &bytes, &type));
    house_close(&house);
}

// Each decoder works within what the worker has left itself.
static void test_every_kind_is_made_smaller(void)
{
    Ctx *ctx = test_ctx();
    House house;
    Str jpeg = S(""), webp = S(""), type = S("");
    house_open(ctx, &house);
    StoredFile png = stored(ctx, "a.png", paint_png(ctx->arena, 1000, 500));
    if (has_vips(ctx, &png)) {
        CHECK_OK(ctx, file_thumbnail_for_mail(ctx, &png, 480, &jpeg, &type));
        CHECK_OK(ctx, file_thumbnail(ctx, &png, 480, &webp, &type));
        const struct {
            const char *type;
            Str bytes;
            int width, height;
        } rows[] = {
            { "image/jpeg", jpeg, 96, 48 },
            { "image/webp", webp, 96, 48 },
            { "image/avif", test_read_file(ctx->arena, "tests/kernel/pictures/black.avif"), 64,
              32 },
            { "image/gif", test_read_file(ctx->arena, "tests/kernel/pictures/black.gif"), 64, 32 },
        };
        for (size_t i = 0; i < COUNT(rows); i++) {
            test_row = rows[i].type;
            StoredFile file = stored(ctx, "a", rows[i].bytes);
            CHECK_STR(file.type, rows[i].type);
            check_thumbnail(ctx, &file, 96, rows[i].width, rows[i].height);
        }
        test_row = NULL;
    }
    house_close(&house);
}

// What claims to be a picture and is none ends in its own process; the next one is made as before.
static void test_hostile_pictures_hurt_nobody(void)
{
    Ctx *ctx = test_ctx();
    House house;
    Str bytes = S(""), type = S("");
    house_open(ctx, &house);
    StoredFile good = stored(ctx, "good.png", paint_png(ctx->arena, 200, 100));
    if (has_vips(ctx, &good)) {
        const Str bad[] = {
            paint_jpeg_head(ctx->arena, 400, 300, 6),
            S("RIFF\x24\0\0\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x63\0\0\x31\0\0"),
            S("\0\0\0\x0c"
              "ftypavif\0\0\0\x3c"
              "meta\0\0\0\0\0\0\0\x30iprp\0\0\0\x28ipco"
              "\0\0\0\x14ispe\0\0\0\0\0\0\0\x64\0\0\0\x32"
              "\0\0\0\x0cpixi\0\0\0\0"),
            S("GIF89a\x0a\0\x05\0<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"),
        };
        for (size_t i = 0; i < COUNT(bad); i++) {
            test_row = sniff_type(bad[i], S(""));
            StoredFile file = stored(ctx, "bad", bad[i]);
            CHECK_FAILS(ctx, "image.damaged", file_thumbnail(ctx, &file, 96, &bytes, &type));
        }
        test_row = NULL;
        check_thumbnail(ctx, &good, 480, 200, 100);
    }
    house_close(&house);
}

// Nearly as large as is allowed: a hundred million pixels in a few hundred kilobytes.
static void test_the_largest_picture_is_made_smaller(void)
{
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    StoredFile small = stored(ctx, "small.png", paint_png(ctx->arena, 20, 10));
    if (has_vips(ctx, &small)) {
        StoredFile large = stored(ctx, "large.png", paint_png(ctx->arena, 10000, 6000));
        check_thumbnail(ctx, &large, 480, 480, 288);
    }
    house_close(&house);
}

static Str status_line(Arena *arena, pid_t pid, const char *name)
{
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *in = fopen(path, "re");
    Str found = S("");
    while (in && fgets(line, sizeof line, in))
        if (str_starts(str_from(line), str_from(name)))
            found = str_copy(arena, str_trim(str_from_at(str_from(line), strlen(name) + 1)));
    if (in)
        fclose(in);
    return found;
}

static void test_the_worker_has_given_everything_up(void)
{
    Ctx *ctx = test_ctx();
    int ends[2], code;
    pid_t pid;
    char *argv[] = { (char[]){ IMAGE_WORKER_NAME }, NULL };
    posix_spawn_file_actions_t files;
    CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_adddup2(&files, ends[1], STDIN_FILENO);
    CHECK(posix_spawn(&pid, "/proc/self/exe", &files, NULL, argv, environ) == 0);
    posix_spawn_file_actions_destroy(&files);
    close(ends[1]);
    Str filter = S("");
    for (int i = 0; i < 500 && !str_is(filter, "2"); i++) {
        sleep_ms(10);
        filter = status_line(ctx->arena, pid, "Seccomp:");
    }
    char rest;
    bool is_unavailable = !str_is(filter, "2") && recv(ends[0], &rest, 1, MSG_DONTWAIT) > 0;
    if (is_unavailable)
        test_skip("libvips is not installed");
    else {
        CHECK_STR(filter, "2");
        CHECK_STR(status_line(ctx->arena, pid, "NoNewPrivs:"), "1");
    }
    close(ends[0]);  // no question comes: it goes
    CHECK(waitpid(pid, &code, 0) == pid);
    CHECK(WIFEXITED(code) && WEXITSTATUS(code) == 0);
}

// ---- Sweeping -----------------------------------------------------------------------------------

static void make_old(Ctx *ctx, Str path)
{
    struct timespec old[2] = { { .tv_sec = ctx->now / SECOND - 2 * 86400 },
                               { .tv_sec = ctx->now / SECOND - 2 * 86400 } };
    CHECK(utimensat(AT_FDCWD, str_c(ctx->arena, path), old, 0) == 0);
}

static bool is_there(Ctx *ctx, Str path)
{
    return access(str_c(ctx->arena, path), F_OK) == 0;
}

typedef struct Using {
    Id file;
    Mail mail;
} Using;

static Status use_as_cover(Ctx *ctx, void *arg)
{
    const Using *use = arg;
    const Json *input;
    Id id;
    Str json = str_format(ctx->arena,
                          "{\"isbn\":\"4006381333931\",\"name\":\"x\",\"cover\":\"" STR_FMT "\"}",
                          STR_ARG(id_text(ctx->arena, use->file)));
    TRY(json_parse(ctx, json, &input));
    return access_create(ctx, &shelf_book_entity, input, 0, &id);
}

static Status use_in_mail(Ctx *ctx, void *arg)
{
    Using *use = arg;
    Id id;
    *list_push(ctx->arena, &use->mail.files) = use->file;
    return mail_queue(ctx, &use->mail, &id);
}

static void test_what_nobody_uses_is_swept(void)
{
    Ctx *ctx = test_ctx();
    House house;
    int64_t removed = -1;
    house_open(ctx, &house);
    StoredFile cover = stored(ctx, "cover.png", paint_png(ctx->arena, 10, 10));
    StoredFile sent = stored(ctx, "sent.txt", S("sent along"));
    StoredFile unused = stored(ctx, "unused.txt", S("never used"));
    StoredFile twin = stored(ctx, "twin.txt", S("sent along"));  // the same bytes, in no use
    FilePart orphan;
    CHECK_OK(ctx, file_write(ctx, S("orphan.txt"), S("no row at all"), false, &orphan));
    CHECK_OK(ctx, store_put(ctx, cover.digest, "-96.webp", S("derived")));
    CHECK_OK(ctx, store_put(ctx, unused.digest, "-96.webp", S("derived")));
    Using as_cover = { .file = cover.id };
    Using in_mail = { .file = sent.id, .mail = { .to = S("a@example.com"), .text = S("x") } };
    CHECK_OK(ctx, tenant_transact(ctx, use_as_cover, &as_cover));
    CHECK_OK(ctx, tenant_transact(ctx, use_in_mail, &in_mail));

    CHECK_OK(ctx, files_sweep(ctx, &removed));
    CHECK_INT(removed, 0);  // all are younger than a day
    ctx->now += 2 * DAY;
    const Str digests[] = { cover.digest, sent.digest, unused.digest, orphan.digest };
    for (size_t i = 0; i < COUNT(digests); i++)
        make_old(ctx, file_path(ctx, digests[i]));
    make_old(ctx, store_path(ctx, cover.digest, "-96.webp"));
    make_old(ctx, store_path(ctx, unused.digest, "-96.webp"));
    CHECK_OK(ctx, files_sweep(ctx, &removed));
    CHECK_INT(removed, 2 + 3);  // two rows; a file, what was derived from it, and the orphan
    CHECK(is_there(ctx, file_path(ctx, cover.digest)));
    CHECK(is_there(ctx, store_path(ctx, cover.digest, "-96.webp")));
    CHECK(is_there(ctx, file_path(ctx, sent.digest)));
    CHECK(!is_there(ctx, file_path(ctx, unused.digest)));
    CHECK(!is_there(ctx, store_path(ctx, unused.digest, "-96.webp")));
    CHECK(!is_there(ctx, file_path(ctx, orphan.digest)));
    Adding gone = { .id = twin.id };
    CHECK_FAILS(ctx, "file.not_found", tenant_read(ctx, find, &gone));
    house_close(&house);
}

static void test_bytes_put_there_again_count_as_new(void)
{
    Ctx *ctx = test_ctx();
    House house;
    FilePart part;
    int64_t removed = -1;
    house_open(ctx, &house);
    CHECK_OK(ctx, file_write(ctx, S("a.txt"), S("words"), false, &part));
    make_old(ctx, file_path(ctx, part.digest));
    CHECK_OK(ctx, file_write(ctx, S("a.txt"), S("words"), false, &part));
    CHECK_OK(ctx, files_sweep(ctx, &removed));
    CHECK_INT(removed, 0);
    CHECK(is_there(ctx, file_path(ctx, part.digest)));
    house_close(&house);
}

static void test_the_sweep_is_a_job(void)
{
    Ctx *ctx = test_ctx();
    House house;
    int ran;
    house_open(ctx, &house);
    ctx->now += 2 * DAY;
    CHECK_OK(ctx, jobs_run_due(ctx, &ran));
    CHECK_INT(fixture_number(
                  ctx, ctx->tenant->db,
                  "SELECT count(*) FROM job WHERE name = 'kernel.files_sweep' AND state = 'done'"),
              1);
    house_close(&house);
}

const Test files_tests[] = {
    { "kinds are told by their bytes", test_kinds_are_told_by_their_bytes },
    { "damage is survived", test_damage_is_survived },
    { "sizes of pictures, as they are shown", test_sizes_of_pictures },
    { "a file is stored and read", test_a_file_is_stored_and_read },
    { "what is refused", test_what_is_refused },
    { "bombs are refused by what they claim", test_bombs_are_refused },
    { "names lead nowhere", test_names_lead_nowhere },
    { "nothing runs in our name", test_nothing_runs_in_our_name },
    { "links cannot be changed", test_links_cannot_be_changed },
    { "files are uploaded", test_files_are_uploaded },
    { "pictures are made smaller", test_pictures_are_made_smaller },
    { "every kind is made smaller", test_every_kind_is_made_smaller },
    { "hostile pictures hurt nobody", test_hostile_pictures_hurt_nobody },
    { "the largest picture is made smaller", test_the_largest_picture_is_made_smaller },
    { "the worker has given everything up", test_the_worker_has_given_everything_up },
    { "what nobody uses is swept away", test_what_nobody_uses_is_swept },
    { "bytes put there again count as new", test_bytes_put_there_again_count_as_new },
    { "the sweep is a job", test_the_sweep_is_a_job },
    { 0 },
};
