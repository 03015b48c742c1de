// matcher.c - learns from judged pairs, and judges others.
#include "algo/match/matcher.h"

#include <math.h>

// Bends of one feature overlap, so their weights are held back; a plain choice, not a tuned one.
static const double RIDGE = 1.0;

static double *compare_all(Ctx *ctx, const Matcher *matcher, const Record *left,
                           const Record *right, size_t n)
{
    size_t d = matcher->features.count;
    double *rows = NEW_ARRAY(ctx->arena, double, n *d);
    for (size_t i = 0; i < n; i++)
        pair_compare(&matcher->records, &left[i], &right[i], rows + i * d);
    return rows;
}

static size_t fold_of(size_t i, size_t n)
{
    return i * MATCHER_FOLDS / n;
}

// What each pair gets from a card that has not seen its fold.
static Status cross_validate(Ctx *ctx, const Matcher *matcher, const double *rows,
                             const double *labels, size_t n, double *ret)
{
    size_t d = matcher->features.count;
    for (size_t fold = 0; fold < MATCHER_FOLDS; fold++) {
        ArenaMark mark = arena_mark(ctx->arena);
        double *some = NEW_ARRAY(ctx->arena, double, n *d);
        double *some_labels = NEW_ARRAY(ctx->arena, double, n);
        Card *card = NEW(ctx->arena, Card);
        size_t count = 0;
        for (size_t i = 0; i < n; i++) {
            if (fold_of(i, n) == fold)
                continue;
            memcpy(some + count * d, rows + i * d, d * sizeof *rows);
            some_labels[count++] = labels[i];
        }
        TRY(card_fit(ctx, some, some_labels, count, d, RIDGE, card));
        for (size_t i = 0; i < n; i++)
            if (fold_of(i, n) == fold)
                ret[i] = logit_probability(card_odds(card, rows + i * d, NULL));
        arena_rewind(ctx->arena, mark);
    }
    return OK;
}

Status matcher_learn(Ctx *ctx, Matcher *matcher, const Record *left, const Record *right,
                     const double *labels, size_t n)
{
    matcher->features = pair_features(ctx->arena, &matcher->records);
    double *rows = compare_all(ctx, matcher, left, right, n);
    double *probabilities = NEW_ARRAY(ctx->arena, double, n + 1);
    TRY(card_fit(ctx, rows, labels, n, matcher->features.count, RIDGE, &matcher->card));
    TRY(cross_validate(ctx, matcher, rows, labels, n, probabilities));
    matcher->threshold = best_threshold(ctx->arena, probabilities, labels, n);
    return OK;
}

void verdict_note(Verdict *verdict, Reason reason)
{
    size_t at = verdict->reason_count;
    while (at > 0 && fabs(verdict->reasons[at - 1].part) < fabs(reason.part))
        at--;
    if (at == MATCHER_REASONS || fabs(reason.part) < 0.05)
        return;
    size_t kept =
        verdict->reason_count < MATCHER_REASONS ? verdict->reason_count++ : MATCHER_REASONS - 1;
    memmove(&verdict->reasons[at + 1], &verdict->reasons[at], (kept - at) * sizeof(Reason));
    verdict->reasons[at] = reason;
}

Verdict matcher_judge(const Matcher *matcher, const Record *left, const Record *right)
{
    double row[CARD_FEATURES_MAX], parts[CARD_FEATURES_MAX];
    pair_compare(&matcher->records, left, right, row);
    double odds = card_odds(&matcher->card, row, parts);
    Verdict verdict = { .probability = logit_probability(odds) };
    verdict.is_match = verdict.probability >= matcher->threshold;
    for (size_t f = 0; f < matcher->features.count; f++)
        verdict_note(&verdict, (Reason){ matcher->features.names[f], row[f], parts[f] });
    return verdict;
}
