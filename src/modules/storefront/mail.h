// mail.h - what a shop writes to its customers, as jobs that events start. Private to the module.
#pragma once

#include "kernel/job.h"

MUST_CHECK Status mail_received_job(Ctx *ctx, const JobRun *job);  // subject: the order
MUST_CHECK Status mail_paid_job(Ctx *ctx, const JobRun *job);      // subject: the payment
MUST_CHECK Status mail_shipped_job(Ctx *ctx, const JobRun *job);   // subject: the delivery
