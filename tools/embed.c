// embed.c - turns a folder of files into a C table of them (kernel/http/assets.h), when the program
// is built: each with its type, the hash of its content in its address, and its bytes compressed as
// well as gzip can, where that saves anything.
//
//     embed TABLE FOLDER OUT.c OUT.d
//
// TABLE is the array's name. OUT.d tells ninja what the output depends on, folders included, so
// that a new file is noticed. Names with other characters than letters, digits and "._-" are
// refused: they become part of addresses.
#include "base/arena.h"
#include "base/buf.h"
#include "base/list.h"
#include "base/str.h"

#include <ctype.h>
#include <dirent.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <zlib.h>

enum { GZIP_WINDOW = 15 + 16, HASH_DIGITS = 10, BYTES_A_LINE = 20 };

typedef struct File {
    Str name;  // below the folder: "icons/box.svg"
    Str bytes, gzip;
    char hash[HASH_DIGITS + 1];
} File;

static Arena arena;
static LIST(File) files;
static Buf depends;

_Noreturn static void die(const char *what, const char *name)
{
    fprintf(stderr, "embed: %s: %s\n", name, what);
    exit(1);
}

static const char *type_of(Str name)
{
    static const struct {
        const char *ending, *type;
    } types[] = {
        { ".css", "text/css" },          { ".js", "text/javascript" },
        { ".svg", "image/svg+xml" },     { ".txt", "text/plain" },
        { ".html", "text/html" },        { ".json", "application/json" },
        { ".png", "image/png" },         { ".jpg", "image/jpeg" },
        { ".webp", "image/webp" },       { ".avif", "image/avif" },
        { ".ico", "image/x-icon" },      { ".woff2", "font/woff2" },
        { ".wasm", "application/wasm" }, { ".webmanifest", "application/manifest+json" },
    };
    for (size_t i = 0; i < COUNT(types); i++)
        if (str_ends(name, str_from(types[i].ending)))
            return types[i].type;
    die("files of this kind have no known type", name.ptr);
}

static Str read_file(const char *path)
{
    FILE *in = fopen(path, "rb");
    if (!in)
        die("cannot be read", path);
    Buf out = { .arena = &arena };
    char piece[65536];
    for (size_t n; (n = fread(piece, 1, sizeof piece, in)) > 0;)
        buf_put(&out, (Str){ piece, n });
    fclose(in);
    return buf_str(&out);
}

static Str compress_bytes(Str bytes)
{
    z_stream stream = { 0 };
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, 9, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        die("cannot be compressed", "zlib");
    size_t most = deflateBound(&stream, bytes.len);
    char *to = arena_alloc(&arena, most);
    stream.next_in = (Bytef *)(uintptr_t)bytes.ptr;
    stream.avail_in = (uInt)bytes.len;
    stream.next_out = (Bytef *)to;
    stream.avail_out = (uInt)most;
    if (deflate(&stream, Z_FINISH) != Z_STREAM_END)
        die("cannot be compressed", "zlib");
    Str out = { to, stream.total_out };
    deflateEnd(&stream);
    return out;
}

// FNV-1a. It tells versions of one file apart; nobody is kept out by it.
static uint64_t hash_of(Str bytes)
{
    uint64_t h = 0xCBF29CE484222325u;
    for (size_t i = 0; i < bytes.len; i++)
        h = (h ^ (unsigned char)bytes.ptr[i]) * 0x100000001B3u;
    return h ^ (h >> 32);
}

static void check_name(Str name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!isalnum((unsigned char)name.ptr[i]) && !strchr("._-", name.ptr[i]))
            die("a name may only hold letters, digits and ._-", name.ptr);
}

static void add_file(const char *path, Str name)
{
    File *file = list_push(&arena, &files);
    file->name = name;
    file->bytes = read_file(path);
    file->gzip = compress_bytes(file->bytes);
    snprintf(file->hash, sizeof file->hash, "%010" PRIx64, hash_of(file->bytes) & 0xFFFFFFFFFFu);
}

static void add_folder(const char *path, Str below)
{
    DIR *folder = opendir(path);
    if (!folder)
        die("cannot be opened", path);
    buf_printf(&depends, " %s", path);
    for (struct dirent *entry; (entry = readdir(folder));) {
        Str name = str_copy(&arena, str_from(entry->d_name));
        if (name.ptr[0] == '.')
            continue;
        check_name(name);
        const char *inner = str_format(&arena, "%s/%s", path, name.ptr).ptr;
        Str full =
            str_format(&arena, STR_FMT "%s%s", STR_ARG(below), below.len ? "/" : "", name.ptr);
        struct stat about;
        if (stat(inner, &about) != 0)
            die("cannot be read", inner);
        if (S_ISDIR(about.st_mode)) {
            if (below.len)
                die("folders go one deep", inner);
            add_folder(inner, full);
        } else {
            buf_printf(&depends, " %s", inner);
            add_file(inner, full);
        }
    }
    closedir(folder);
}

static int compare_files(const void *a, const void *b)
{
    return str_compare(((const File *)a)->name, ((const File *)b)->name);
}

static void write_bytes(FILE *out, const char *kind, size_t n, Str bytes)
{
    fprintf(out, "static const unsigned char %s_%zu[] = {", kind, n);
    for (size_t i = 0; i < bytes.len; i++)
        fprintf(out, "%s%u,", i % BYTES_A_LINE ? "" : "\n    ", (unsigned char)bytes.ptr[i]);
    fprintf(out, "%s\n};\n", bytes.len ? "" : "0");
}

static bool is_smaller(const File *file)
{
    return file->gzip.len < file->bytes.len;
}

static void write_row(FILE *out, const File *file, size_t n)
{
    ptrdiff_t dot = str_rfind_char(file->name, '.');
    if (dot <= 0)
        die("a name needs an ending", file->name.ptr);
    fprintf(out,
            "    { \"%s\", \"/assets/" STR_FMT ".%s" STR_FMT "\", \"%s\", \"%s\", bytes_%zu, %zu, ",
            file->name.ptr, STR_ARG(str_sub(file->name, 0, (size_t)dot)), file->hash,
            STR_ARG(str_from_at(file->name, (size_t)dot)), type_of(file->name), file->hash, n,
            file->bytes.len);
    if (is_smaller(file))
        fprintf(out, "gzip_%zu, %zu },\n", n, file->gzip.len);
    else
        fprintf(out, "0, 0 },\n");
}

static void write_table(FILE *out, const char *table)
{
    fprintf(out, "// Made by tools/embed.\n#include \"kernel/http/assets.h\"\n\n");
    for (size_t n = 0; n < files.len; n++) {
        write_bytes(out, "bytes", n, files.items[n].bytes);
        if (is_smaller(&files.items[n]))
            write_bytes(out, "gzip", n, files.items[n].gzip);
    }
    fprintf(out, "\nextern const Asset %s[];\nconst Asset %s[] = {\n", table, table);
    for (size_t n = 0; n < files.len; n++)
        write_row(out, &files.items[n], n);
    fprintf(out, "    { 0 },\n};\n");
}

static FILE *open_out(const char *path)
{
    FILE *out = fopen(path, "wb");
    if (!out)
        die("cannot be written", path);
    return out;
}

int main(int argc, char **argv)
{
    if (argc != 5)
        die("usage: embed TABLE FOLDER OUT.c OUT.d", "arguments");
    depends = (Buf){ .arena = &arena };
    add_folder(argv[2], S(""));
    if (files.len)
        qsort(files.items, files.len, sizeof(File), compare_files);
    FILE *out = open_out(argv[3]);
    write_table(out, argv[1]);
    FILE *rule = open_out(argv[4]);
    fprintf(rule, "%s:" STR_FMT "\n", argv[3], STR_ARG(buf_str(&depends)));
    bool is_written = fclose(out) == 0 && fclose(rule) == 0;
    arena_release(&arena);
    return is_written ? 0 : 1;
}
