// import.h - the import as the kernel's own tables list it. Private to the kernel.
#pragma once

#include "kernel/job.h"
#include "kernel/module.h"

MUST_CHECK Status import_job(Ctx *ctx, const JobRun *job);  // runs the import_run in its subject
// Hooks of import_run: what is asked for must make sense; a new one starts its job.
MUST_CHECK Status import_check(Ctx *ctx, void *record, const void *before);
MUST_CHECK Status import_begin(Ctx *ctx, const void *record, const void *before);
