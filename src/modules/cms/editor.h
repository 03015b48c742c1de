// editor.h - writing pages: the list of them, and one as a form of typed blocks. Private to the
// module.
#pragma once

#include "modules/cms/page.h"
#include "web/web.h"

// Which fields a kind of block has, and what its text means.
enum {
    BLOCK_HAS_WORDS = 1,
    BLOCK_HAS_LINK = 2,
    BLOCK_HAS_MORE = 4,
    BLOCK_HAS_CATEGORY = 8,
};
typedef struct BlockForm {
    BlockKind kind;
    unsigned fields;
    const char *hint;
} BlockForm;
const BlockForm *block_form(BlockKind kind);

typedef struct EditorRow {
    Id id;
    Str title, channel, language, slug;
    PageKind kind;
    Time live_from, next_from;  // 0: never published; nothing planned
    bool is_gone;
} EditorRow;
typedef LIST(EditorRow) EditorRowList;

typedef struct EditorVersion {
    int64_t number;
    Time live_from;
    Str author, note;
    bool is_gone, is_live;
} EditorVersion;
typedef struct Editor {
    SitePage page;
    LIST(EditorVersion) versions;
    bool may_publish, has_preview;
} Editor;

MUST_CHECK Status editor_list_get(Ctx *ctx);
MUST_CHECK Status editor_get(Ctx *ctx);
MUST_CHECK Status editor_post(Ctx *ctx);
