// main.c - entgen's command line: reads all `.ent` files, tells every mistake in them, and when
// there is none writes NAME.gen.h and NAME.gen.c for each. A file that would not change is left
// alone, so that only what depends on a change is compiled again.
#include "entgen.h"

#include <errno.h>
#include <stdlib.h>

enum { EXIT_MISTAKES = 1, EXIT_USAGE = 2 };

static const char usage[] =
    "usage: entgen DIR FILE.ent ...      writes NAME.gen.h and NAME.gen.c into DIR\n"
    "       entgen --check FILE.ent ...  only tells what is wrong\n"
    "Files are given needs before needers. docs/entities.md describes the language.\n";

static bool has_content(Arena *arena, const char *path, Str content)
{
    FILE *in = fopen(path, "rb");
    if (!in)
        return false;
    char *there = arena_alloc(arena, content.len + 1);
    size_t len = fread(there, 1, content.len + 1, in);
    fclose(in);
    return str_eq((Str){ there, len }, content);
}

static bool write_file(Arena *arena, const char *path, Str content)
{
    if (has_content(arena, path, content))
        return true;
    FILE *out = fopen(path, "wb");
    bool is_well = out && fwrite(content.ptr, 1, content.len, out) == content.len;
    if (out)
        is_well &= fclose(out) == 0;
    if (!is_well)
        fprintf(stderr, "entgen: cannot write %s: %s\n", path, strerror(errno));
    return is_well;
}

static bool write_module(Model *model, const Module *m, const char *dir)
{
    Buf header = { .arena = model->arena }, tables = { .arena = model->arena };
    write_header(model, m, &header);
    write_tables(model, m, &tables);
    return write_file(model->arena, text(model->arena, "%s/%s.gen.h", dir, m->name),
                      buf_str(&header)) &&
           write_file(model->arena, text(model->arena, "%s/%s.gen.c", dir, m->name),
                      buf_str(&tables));
}

static int run(Model *model, const char *dir, char **paths, int count)
{
    for (int i = 0; i < count; i++)
        if (!read_file(model, paths[i])) {
            fprintf(stderr, "entgen: cannot read %s: %s\n", paths[i], strerror(errno));
            return EXIT_USAGE;
        }
    resolve(model);
    check(model);
    complaints_print(model, stderr);
    if (model->complaints.len)
        return EXIT_MISTAKES;
    EACH (m, model->modules)
        if (dir && !write_module(model, *m, dir))
            return EXIT_USAGE;
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    Arena arena = { 0 };
    Model model = { .arena = &arena, .names = { .arena = &arena } };
    const char *dir = is(argv[1], "--check") ? NULL : argv[1];
    int status = run(&model, dir, argv + 2, argc - 2);
    arena_release(&arena);
    return status;
}
