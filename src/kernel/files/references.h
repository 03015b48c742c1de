// references.h - who refers to stored files: the columns of a tenant's tables that do. Private to
// kernel/files.
#pragma once

#include "base/list.h"
#include "kernel/db/db.h"

typedef struct FileColumn {
    const EntityDef *entity;
    const char *column;
    bool is_text;  // JSON with ids somewhere in it; else the column is the id
} FileColumn;
typedef LIST(FileColumn) FileColumnList;

// Every `file` field of every entity that the tenant has, also inside shapes, and the JSON fields,
// which may name files (what a mail carries, what a job has made). Not those that tell of the past:
// the audit trail and events do not keep a file alive.
void file_columns(Ctx *ctx, FileColumnList *ret);

// Files in order of their ids, and which of them somebody refers to.
typedef struct FileMark {
    Id id;
    bool is_used;
} FileMark;
typedef LIST(FileMark) FileMarkList;

// On an open connection: marks those that `column` refers to, in rows written at or after `since`
// (0: in all) as far as the table knows when a row was written.
MUST_CHECK Status file_mark(Ctx *ctx, const FileColumn *column, Time since, FileMarkList *marks);
