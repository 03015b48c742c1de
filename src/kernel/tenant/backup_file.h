// backup_file.h - the form of a backup: records behind a line of magic, compressed, then encrypted.
// Private to kernel/tenant; docs/backup.md has the description.
#pragma once

#include "base/buf.h"
#include "kernel/db/db.h"

#define BACKUP_MAGIC "ENTREPOT BACKUP "
enum {
    PART_HEADER = 'H',     // JSON: what company, when, of which form
    PART_TABLE = 'T',      // JSON: {"table": name, "columns": [names]}
    PART_ROW = 'R',        // values
    PART_TABLE_END = 'E',  // JSON: {"rows": n, "sha256": hex over the payloads of its rows}
    PART_FILE = 'F',       // JSON: {"digest": hex, "size": n}, followed by its bytes
    PART_BYTES = 'B',
    PART_END = 'Z',  // JSON: {"tables": n, "rows": n, "files": n}
    PART_BYTES_MAX = 64 << 20,
    FILE_PIECE = 1 << 20,
};

typedef struct BackupWriter BackupWriter;
MUST_CHECK Status backup_writer(Ctx *ctx, const char *path, const uint8_t key[32],
                                BackupWriter **ret);
MUST_CHECK Status backup_part(Ctx *ctx, BackupWriter *writer, char kind, Str payload);
MUST_CHECK Status backup_writer_end(Ctx *ctx, BackupWriter *writer);  // syncs, closes

typedef struct BackupReader BackupReader;
MUST_CHECK Status backup_reader(Ctx *ctx, const char *path, const uint8_t key[32],
                                BackupReader **ret);
// The next part, its payload good until the next; kind 0 behind the last, when the file has been
// read to its authenticated end.
MUST_CHECK Status backup_next(Ctx *ctx, BackupReader *reader, char *ret_kind, Str *ret_payload);

// Rows: one byte a value ('n' none, 'i' number, 't' text, 'b' bytes), numbers as zigzag LEB128,
// texts and bytes behind their length.
void row_pack(Buf *out, const Arg *values, size_t count);
// False when it is not exactly `count` values. Views into `packed`.
bool row_unpack(Str packed, Arg *values, size_t count);
