// page.h - what cms_module.c hangs on pages. Private to the module.
#pragma once

#include "modules/cms/cms.h"

enum { BLOCKS_MAX = 60 };

MUST_CHECK Status page_before_save(Ctx *ctx, void *record, const void *before);
MUST_CHECK Status page_after_save(Ctx *ctx, const void *record, const void *before);
MUST_CHECK Status page_publish_run(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status page_withdraw_run(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status page_restore_run(Ctx *ctx, void *record, const void *input);
