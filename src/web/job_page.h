// job_page.h - one background job: how far it is, what came of it. Private to web.
#pragma once

#include "gen/kernel.gen.h"
#include "web/web.h"

MUST_CHECK Status job_page(Ctx *ctx);         // GET  /admin/jobs/{id}
MUST_CHECK Status job_events(Ctx *ctx);       // GET  /admin/jobs/{id}/events
MUST_CHECK Status job_cancel_post(Ctx *ctx);  // POST /admin/jobs/{id}/cancel
MUST_CHECK Status job_retry_post(Ctx *ctx);   // POST /admin/jobs/{id}/retry

typedef struct JobView {
    Job job;
    Str label, subject;
    Url subject_url;
    int percent;  // -1: it is not known of how many
    Str left;     // "about 2 min"; ""
    bool is_running, may_act;
} JobView;
