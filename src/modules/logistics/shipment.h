// shipment.h - what the parts of logistics know of each other. Private to the module.
#pragma once

#include "modules/logistics/logistics.h"

#include "kernel/verify.h"

MUST_CHECK Status zone_before_save(Ctx *ctx, void *record, const void *before);
MUST_CHECK Status shipment_before_save(Ctx *ctx, void *record, const void *before);
MUST_CHECK Status shipment_after_save(Ctx *ctx, const void *record, const void *before);

MUST_CHECK Status shipment_collect_run(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status shipment_depart_run(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status shipment_deliver_run(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status shipment_return_run(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status shipment_track_run(Ctx *ctx, void *record, const void *input);
MUST_CHECK Status shipment_check(Ctx *ctx, VerifyRun *run);
MUST_CHECK Status shipment_label(Ctx *ctx, const void *record, Str *ret_pdf);
