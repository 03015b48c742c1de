// offer.h - what oms gives the program besides its actions: jobs, checks, papers, reports. Private
// to the module.
#pragma once

#include "modules/oms/oms.h"

#include "kernel/job.h"
#include "kernel/report.h"
#include "kernel/verify.h"
#include "web/dashboard.h"
#include "web/scan.h"

// jobs.c
MUST_CHECK Status oms_payment_job(Ctx *ctx, const JobRun *job);
MUST_CHECK Status oms_backorders_job(Ctx *ctx, const JobRun *job);
MUST_CHECK Status oms_close_job(Ctx *ctx, const JobRun *job);
MUST_CHECK Status oms_late_job(Ctx *ctx, const JobRun *job);

// check.c
MUST_CHECK Status oms_check_axes(Ctx *ctx, VerifyRun *run);
MUST_CHECK Status oms_check_quantities(Ctx *ctx, VerifyRun *run);
MUST_CHECK Status oms_check_reserved(Ctx *ctx, VerifyRun *run);
MUST_CHECK Status oms_check_money(Ctx *ctx, VerifyRun *run);

// print.c
MUST_CHECK Status print_pick_list(Ctx *ctx, const void *record, Str *ret_pdf);
MUST_CHECK Status print_packing_slip(Ctx *ctx, const void *record, Str *ret_pdf);
MUST_CHECK Status print_delivery_picks(Ctx *ctx, const void *record, Str *ret_pdf);

// offer_paper.c
MUST_CHECK Status print_order(Ctx *ctx, const void *record, Str *ret_pdf);
MUST_CHECK Status print_return_slip(Ctx *ctx, const void *record, Str *ret_pdf);

// scan_pick.c
MUST_CHECK Status pick_scan_show(Ctx *ctx, const void *record, Id line, ScanPage *ret);
MUST_CHECK Status pick_scan_act(Ctx *ctx, void *record, const ScanAct *act, ScanSaid *ret);

extern const Report oms_reports[];  // reports.c
extern const Tile oms_tiles[];      // tiles.c
