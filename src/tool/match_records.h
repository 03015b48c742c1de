// match_records.h - the commands of entrepot-match about records: train, score, link, dedupe.
#pragma once

#include "tool/tool.h"

typedef struct MatchOptions {
    const char *command;
    const char *pairs, *valid, *model, *left, *right, *id, *out;
    double threshold;  // 0: the model's
    bool one_to_one;
    // bank
    const char *lines, *items, *confirmed, *rates;
    double precision;
    int64_t threads;
} MatchOptions;

MUST_CHECK Status match_train(Ctx *ctx, const MatchOptions *options);
MUST_CHECK Status match_score(Ctx *ctx, const MatchOptions *options);
MUST_CHECK Status match_link(Ctx *ctx, const MatchOptions *options);  // and dedupe
