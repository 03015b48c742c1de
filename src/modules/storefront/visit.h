// visit.h - how many pages a shop shows, by day and kind, without knowing to whom. Private to the
// module.
//
// No cookie, no address, nothing of a person is kept: a page is counted as one more of its kind,
// and as the beginning of a visit when the browser does not say that it comes from this very host.
// Programs that name themselves as robots are not counted.
#pragma once

#include "kernel/job.h"
#include "kernel/report.h"
#include "modules/storefront/shop.h"

void visit_note(Ctx *ctx, const Shop *shop, VisitKind kind);
MUST_CHECK Status visits_write_job(Ctx *ctx, const JobRun *job);
extern const Report storefront_reports[];
