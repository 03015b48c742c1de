// replay.c - runs a fuzz target over the files of its corpus: replay-json FOLDER. No fuzzer is
// needed, so every ordinary test run, under the sanitizers too, repeats what fuzzing has once
// found.
#include "fuzz.h"

#include "base/buf.h"

#include <dirent.h>

static void replay_file(const char *path)
{
    FILE *in = fopen(path, "rb");
    if (!in) {
        fprintf(stderr, "cannot read %s\n", path);
        exit(2);
    }
    // In memory of exactly its size, so that the sanitizer sees a step beyond the end.
    fseek(in, 0, SEEK_END);
    size_t size = (size_t)ftell(in);
    rewind(in);
    uint8_t *data = malloc(size ? size : 1);
    if (!data || fread(data, 1, size, in) != size)
        exit(2);
    fclose(in);
    LLVMFuzzerTestOneInput(data, size);
    free(data);
}

int main(int argc, char **argv)
{
    Arena arena = { 0 };
    int files = 0;
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    if (!folder) {
        fprintf(stderr, "usage: %s FOLDER, a folder with one input a file\n", argv[0]);
        return 2;
    }
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_name[0] == '.')
            continue;
        replay_file(str_format(&arena, "%s/%s", argv[1], entry->d_name).ptr);
        files++;
    }
    closedir(folder);
    arena_release(&arena);
    printf("%d files of %s\n", files, argv[1]);
    return files == 0;  // a corpus that is gone is no success
}
