// main.c - the command line of tmplc.
//
//     tmplc TEMPLATE OUT.c OUT.h    compiles; on errors writes nothing and exits with 1
//     tmplc --keys TEMPLATE ...     lists the texts to be translated: path:line<TAB>English text
#include "tmplc.h"

#include <errno.h>

static bool file_read(Arena *arena, const char *path, Str *ret)
{
    FILE *in = fopen(path, "rb");
    if (!in) {
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
        return false;
    }
    Buf out = { .arena = arena };
    char piece[65536];
    for (size_t n; (n = fread(piece, 1, sizeof piece, in)) > 0;)
        buf_put(&out, (Str){ piece, n });
    bool is_whole = !ferror(in);
    fclose(in);
    *ret = buf_str(&out);
    return is_whole;
}

static bool file_write(const char *path, Str text)
{
    FILE *out = fopen(path, "wb");
    bool is_written = out && fwrite(text.ptr, 1, text.len, out) == text.len;
    bool is_closed = out && fclose(out) == 0;
    if (!is_written || !is_closed)
        fprintf(stderr, "%s: %s\n", path, strerror(errno));
    return is_written && is_closed;
}

static bool compile(Arena *arena, const char *path, Str header_name, Compiled *ret)
{
    Str source;
    if (!file_read(arena, path, &source))
        return false;
    *ret = template_compile(arena, str_from(path), source, header_name);
    fwrite(ret->errors.ptr, 1, ret->errors.len, stderr);
    return ret->errors.len == 0;
}

static bool keys_list(Arena *arena, char **paths, int count)
{
    bool is_ok = true;
    for (int i = 0; i < count; i++) {
        Compiled one = { 0 };
        is_ok &= compile(arena, paths[i], S(""), &one);
        fwrite(one.keys.ptr, 1, one.keys.len, stdout);
    }
    return is_ok;
}

static bool file_compile(Arena *arena, char **paths)
{
    Str header = str_from(paths[2]);
    Str name = str_from_at(header, (size_t)(str_rfind_char(header, '/') + 1));
    Compiled one;
    return compile(arena, paths[0], name, &one) && file_write(paths[1], one.code) &&
           file_write(paths[2], one.header);
}

int main(int argc, char **argv)
{
    Arena arena = { 0 };
    bool is_ok = false;
    if (argc > 2 && strcmp(argv[1], "--keys") == 0)
        is_ok = keys_list(&arena, argv + 2, argc - 2);
    else if (argc == 4)
        is_ok = file_compile(&arena, argv + 1);
    else
        fprintf(stderr, "usage: tmplc TEMPLATE OUT.c OUT.h | tmplc --keys TEMPLATE ...\n");
    arena_release(&arena);
    return !is_ok;
}
