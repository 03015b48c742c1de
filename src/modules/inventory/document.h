// document.h - the actions of stock documents, for the module's table. Private to the module.
#pragma once

#include "kernel/entity/access.h"
#include "kernel/report.h"
#include "kernel/verify.h"
#include "modules/inventory/stock.h"
#include "web/scan.h"

// Goods receipts (receipt.c).
Status receipt_check(Ctx *ctx, void *record, const void *before);  // before each save
Status receipt_may_post(Ctx *ctx, const void *record);
Status receipt_post(Ctx *ctx, void *record, const void *input);
Status receipt_correct(Ctx *ctx, void *record, const void *input);  // ReceiptCorrection

// Transfers in two steps (transfer.c).
Status transfer_dispatch(Ctx *ctx, void *record, const void *input);
Status transfer_receive(Ctx *ctx, void *record, const void *input);
Status transfer_receive_part(Ctx *ctx, void *record, const void *input);  // ArrivalInput
Status transfer_lose_rest(Ctx *ctx, void *record, const void *input);
Status transfer_recall(Ctx *ctx, void *record, const void *input);

// Adjustments (adjustment.c).
Status adjustment_post(Ctx *ctx, void *record, const void *input);

// Counts (count.c).
Status count_start(Ctx *ctx, void *record, const void *input);
Status count_enter(Ctx *ctx, void *record, const void *input);  // CountedInput
Status count_post(Ctx *ctx, void *record, const void *input);

// Landed cost (landed.c).
Status landed_check(Ctx *ctx, void *record, const void *before);  // before each save
Status landed_post(Ctx *ctx, void *record, const void *input);

// Amount of a document in company currency, by its rate; where it has none, by the day's.
MUST_CHECK Status stock_fx(Ctx *ctx, CurrencyCode currency, Date on, Fx *fx);

// The moves that a document's line made, oldest first.
typedef LIST(StockMove) StockMoveListOf;
MUST_CHECK Status line_moves(Ctx *ctx, Id line, MoveKind kind, StockMoveListOf *ret);

// ---- Goods whose pieces have numbers (serials.c; the rest in inventory.h) -----------------------

Str numbers_text(Ctx *ctx, const NumberList *numbers);
bool numbers_have(const NumberList *numbers, Str number);

// The piece of this number; a zeroed one: there never was one.
MUST_CHECK Status serial_named(Ctx *ctx, Id variant, Str number, Serial *ret);
bool serial_stands(const Serial *serial, Id place, Id lot, StockStatus status);

// As stock_move_line(), of numbers that were read and checked.
MUST_CHECK Status stock_move_pieces(Ctx *ctx, const MoveSpec *spec, const NumberList *numbers,
                                    Money *ret_value);

// ---- For the module's table ---------------------------------------------------------------------

// Counting and receiving with a scanner (scan_count.c, scan_receive.c).
Status count_scan_show(Ctx *ctx, const void *record, Id line, ScanPage *ret);
Status count_scan_act(Ctx *ctx, void *record, const ScanAct *act, ScanSaid *ret);
Status receipt_scan_show(Ctx *ctx, const void *record, Id line, ScanPage *ret);
Status receipt_scan_act(Ctx *ctx, void *record, const ScanAct *act, ScanSaid *ret);

extern const Report stock_reports[];
extern const VerifyCheck stock_checks[];
