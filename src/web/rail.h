// rail.h - what hangs on a record: documents it is linked with, files, tags, people. Private to
// web.
#pragma once

#include "kernel/inbox.h"
#include "web/record.h"

typedef struct LinkedView {  // one document, or so many of one kind
    const char *icon;
    Str title, second;
    Shown state;  // SHOWN_EMPTY: none
    Url url;
    bool is_mono;
} LinkedView;

typedef struct FileView {
    Id id;  // of the attachment
    Str name, size;
    Url url;
} FileView;

typedef struct TagView {
    Id id;  // of the choice
    Str label;
} TagView;

typedef struct PersonView {
    Str name, did;
} PersonView;

typedef struct Rail {
    LIST(LinkedView) linked;
    LIST(FileView) files;
    LIST(TagView) tags;
    LIST(Str) tags_known;  // of the tenant, to choose from
    LIST(PersonView) people;
    Id assigned;  // the member it is assigned to; 0: nobody
    Str assigned_name;
    HousePersonList house;  // whom it may be assigned to
    bool may_add;           // files and tags
} Rail;

enum { RAIL_FILES_MAX = 50, RAIL_TAGS_MAX = 20, RAIL_UPLOAD_MAX = 10 };

// Only what the actor may see: each kind of document is asked for by her own list's query.
MUST_CHECK Status rail_read(Ctx *ctx, const EntityDef *e, const void *record,
                            const MomentList *moments, Rail *ret);

MUST_CHECK Status rail_file_post(Ctx *ctx);    // POST .../{key}/files: "file", several
MUST_CHECK Status rail_unfile_post(Ctx *ctx);  // POST .../{key}/files/{id}/remove
MUST_CHECK Status rail_tag_post(Ctx *ctx);  // POST .../{key}/tags: "tag" adds, "remove" takes away
