// match_bank.h - the commands of entrepot-match about bank lines: bank, learn; and their files.
#pragma once

#include "algo/match/bank.h"
#include "base/map.h"
#include "tool/match_records.h"

typedef LIST(BankLine) BankLineList;
typedef LIST(OpenItem) OpenItemList;
typedef LIST(BankRate) BankRateList;
typedef LIST(Alias) AliasList;

// JSON lines, or what entrepot-statement writes: one object with "statements".
MUST_CHECK Status bank_lines_read(Ctx *ctx, Str text, BankLineList *ret);
MUST_CHECK Status bank_items_read(Ctx *ctx, Str text, OpenItemList *ret);

// What people confirmed, JSON lines. `confirmed`, when not NULL, has a place for each line.
MUST_CHECK Status bank_confirmed_read(Ctx *ctx, Str text, const BankLineList *lines,
                                      const OpenItemList *items, Confirmed *confirmed,
                                      AliasList *aliases);

void bank_model_write(JsonOut *json, const BankModel *model);
MUST_CHECK Status bank_model_read(Ctx *ctx, Str text, BankModel *ret);

MUST_CHECK Status match_bank(Ctx *ctx, const MatchOptions *options);
MUST_CHECK Status match_learn(Ctx *ctx, const MatchOptions *options);
