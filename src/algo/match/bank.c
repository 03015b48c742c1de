// bank.c - weighs what bank lines may pay, lets the lines see each other, and decides.
//
// First each line is weighed alone. Then each knows who else claims its items, and is weighed
// again. Last the lines are gone through from the most certain on: what one of them has used up, no
// other may post automatically, whatever its probability. So no item is ever paid twice by the
// program.
#include "algo/match/bank.h"

#include "algo/match/bank_guess.h"

#include <math.h>

enum { KEPT = 4, CLAIMS_MAX = 1, GOOD_ODDS = 2 };

// The best guesses of each line.
typedef struct {
    Guess guesses[KEPT];
    uint32_t count;
} Kept;

// Who claims an item: lines whose best guess it is alone, and how much they bring.
typedef struct {
    uint32_t lines;
    int64_t sum;
} Claim;

typedef struct {
    const BankBooks *books;
    BankIndex index;
    Kept *kept;
    Claim *claims;
} Bank;

// ---- Weighing -----------------------------------------------------------------------------------

static double weigh(const Card *card, const float *features, float *ret_parts)
{
    double row[BANK_FEATURES], parts[BANK_FEATURES];
    for (int f = 0; f < BANK_FEATURES; f++)
        row[f] = (double)features[f];
    double odds = card_odds(card, row, ret_parts ? parts : NULL);
    for (int f = 0; ret_parts && f < BANK_FEATURES; f++)
        ret_parts[f] = (float)parts[f];
    return odds;
}

static void sort_guesses(Kept *kept)
{
    for (uint32_t i = 1; i < kept->count; i++)
        for (uint32_t j = i; j > 0 && kept->guesses[j - 1].odds < kept->guesses[j].odds; j--) {
            Guess swap = kept->guesses[j];
            kept->guesses[j] = kept->guesses[j - 1];
            kept->guesses[j - 1] = swap;
        }
}

static void keep_best(Kept *kept, const Guess *guesses, uint32_t count)
{
    kept->count = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t at = kept->count;
        while (at > 0 && kept->guesses[at - 1].odds < guesses[i].odds)
            at--;
        if (at == KEPT)
            continue;
        uint32_t last = kept->count < KEPT ? kept->count++ : KEPT - 1;
        memmove(&kept->guesses[at + 1], &kept->guesses[at], (last - at) * sizeof(Guess));
        kept->guesses[at] = guesses[i];
    }
}

// One share of the lines: those from `from` on. Each share has a memory of its own.
typedef struct {
    const Budget *budget;
    Bank *bank;
    const BankModel *model;
    LineMatch *matches;  // when proposing
    int shares;
} Work;

static void guess_share(void *arg, int share)
{
    const Work *work = arg;
    Bank *bank = work->bank;
    Arena scratch = { 0 };
    Guess *guesses = NEW_ARRAY(&scratch, Guess, BANK_HYPOTHESES_MAX);
    ArenaMark mark = arena_mark(&scratch);
    size_t count = bank->books->line_count;
    size_t from = count * (size_t)share / (size_t)work->shares;
    size_t to = count * ((size_t)share + 1) / (size_t)work->shares;
    for (size_t i = from; i < to; i++) {
        bool is_over =
            (i & 63) == 0 && budget_over(work->budget, (int64_t)(i - from) * work->shares);
        if (is_over)
            break;
        uint32_t found = bank_guess(&scratch, &bank->index, &bank->books->lines[i], guesses);
        for (uint32_t k = 0; k < found; k++)
            guesses[k].odds = weigh(&work->model->card, guesses[k].features, NULL);
        keep_best(&bank->kept[i], guesses, found);
        arena_rewind(&scratch, mark);
    }
    arena_release(&scratch);
}

static void guess_all(const Budget *budget, Bank *bank, const BankModel *model)
{
    Work work = { budget, bank, model, NULL, budget->crew > 1 ? budget->crew : 1 };
    for (size_t i = 0; i < bank->books->line_count; i++)
        bank->kept[i].count = 0;
    budget_each(budget, work.shares, guess_share, &work);
}

// ---- Claims -------------------------------------------------------------------------------------

// A line whose own best guess is less probable than not claims nothing.
static const Guess *claim_of(const Kept *kept)
{
    return kept->count && kept->guesses[0].odds > 0 ? &kept->guesses[0] : NULL;
}

static void count_claims(Bank *bank)
{
    memset(bank->claims, 0, bank->books->item_count * sizeof *bank->claims);
    for (size_t i = 0; i < bank->books->line_count; i++) {
        const Guess *guess = claim_of(&bank->kept[i]);
        for (uint32_t k = 0; guess && k < guess->count; k++) {
            bank->claims[guess->items[k]].lines++;
            bank->claims[guess->items[k]].sum += bank->books->lines[i].amount;
        }
    }
}

typedef struct {
    double odds;
    Date date;
    uint32_t line;
} Best;

// Of two that both have good reason, the earlier one has more: the second is a payment made twice.
static bool is_stronger(const Best *a, const Best *b)
{
    bool are_both_good = a->odds > GOOD_ODDS && b->odds > GOOD_ODDS;
    if (!are_both_good && fabs(a->odds - b->odds) > 1)
        return a->odds > b->odds;
    return a->date != b->date ? a->date < b->date : a->line < b->line;
}

// The strongest claim on each item, and the next: enough to tell a line whether somebody else's is
// stronger than its own.
static void find_strongest(const Bank *bank, Best *best)
{
    for (size_t i = 0; i < bank->books->line_count; i++) {
        const Guess *guess = claim_of(&bank->kept[i]);
        for (uint32_t k = 0; guess && k < guess->count; k++) {
            Best mine = { guess->odds, bank->books->lines[i].date, (uint32_t)i + 1 };
            Best *of = &best[guess->items[k]];
            if (of->line == 0 || is_stronger(&mine, of))
                *of = mine;
        }
    }
}

static void describe_claims(const Bank *bank, size_t line, const Best *best, Guess *guess)
{
    const Guess *own = claim_of(&bank->kept[line]);
    Best mine = { guess->odds, bank->books->lines[line].date, (uint32_t)line + 1 };
    float stronger = 0, claims = 0;
    for (uint32_t k = 0; k < guess->count; k++) {
        uint32_t item = guess->items[k];
        bool is_own = false;
        for (uint32_t j = 0; own && j < own->count; j++)
            is_own |= own->items[j] == item;
        claims = fmaxf(claims, (float)bank->claims[item].lines - is_own);
        const Best *of = &best[item];
        if (of->line && of->line != mine.line && is_stronger(of, &mine))
            stronger = fmaxf(stronger, (float)logit_probability(of->odds));
    }
    bool completes =
        guess->count == 1 && claims > 0 &&
        bank->claims[guess->items[0]].sum == bank->books->items[guess->items[0]].amount;
    guess->features[F_STRONGER] = completes ? 0 : stronger;
    guess->taken = (double)guess->features[F_STRONGER];
    guess->features[F_CLAIMS] = completes ? 0 : fminf(claims, CLAIMS_MAX);
    guess->features[F_COMPLETES] = completes;
}

static void describe_all_claims(Arena *arena, Bank *bank)
{
    Best *best = NEW_ARRAY(arena, Best, bank->books->item_count + 1);
    count_claims(bank);
    find_strongest(bank, best);
    // The first guesses are what others look at, so all are described before any is weighed again.
    for (size_t i = 0; i < bank->books->line_count; i++)
        for (uint32_t k = 0; k < bank->kept[i].count; k++)
            describe_claims(bank, i, best, &bank->kept[i].guesses[k]);
}

static void weigh_again(Kept *kept, const Card *card)
{
    for (uint32_t k = 0; k < kept->count; k++)
        kept->guesses[k].odds = weigh(card, kept->guesses[k].features, NULL);
    sort_guesses(kept);
}

static void weigh_all_again(Bank *bank, const Card *card)
{
    for (size_t i = 0; i < bank->books->line_count; i++)
        weigh_again(&bank->kept[i], card);
}

// ---- Probabilities ------------------------------------------------------------------------------

// Of one guess against the others and against "nothing of these", unless another line pays it: the
// weights alone cannot say that, since all else speaks for a payment that is made twice.
static double raw_probability(const Kept *kept, uint32_t which)
{
    double most = 0, all;
    for (uint32_t k = 0; k < kept->count; k++)
        most = fmax(most, kept->guesses[k].odds);
    all = exp(-most);
    for (uint32_t k = 0; k < kept->count; k++)
        all += exp(kept->guesses[k].odds - most);
    double share = exp(kept->guesses[which].odds - most) / all;
    return share * (1 - 0.99 * kept->guesses[which].taken);
}

static double calibrated(const BankModel *model, double raw)
{
    double odds = logit_odds(raw), value = raw;
    for (size_t i = 0; i < model->step_count; i++)
        if (i == 0 || odds >= model->steps_from[i])
            value = model->steps[i];
    return value;
}

static void propose(const BankModel *model, const Kept *kept, LineMatch *ret)
{
    *ret = (LineMatch){ .count = kept->count < BANK_PROPOSALS ? kept->count : BANK_PROPOSALS };
    double left = 1;
    for (uint32_t k = 0; k < ret->count; k++) {
        const Guess *guess = &kept->guesses[k];
        Proposal *proposal = &ret->proposals[k];
        *proposal = (Proposal){ .count = guess->count, .kind = guess->kind };
        proposal->difference = guess->difference;
        memcpy(proposal->items, guess->items, sizeof proposal->items);
        memcpy(proposal->features, guess->features, sizeof proposal->features);
        weigh(&model->card, guess->features, proposal->parts);
        double raw = raw_probability(kept, k);
        // Only the first is calibrated; the others share what it leaves.
        proposal->probability = k == 0 ? calibrated(model, raw) : fmin(raw, left);
        left = fmax(0, left - proposal->probability);
    }
}

// ---- Deciding -----------------------------------------------------------------------------------

typedef struct {
    double probability, odds;
    uint32_t line;
} Turn;

static int by_certainty(const void *a, const void *b)
{
    const Turn *x = a, *y = b;
    if (x->probability != y->probability)
        return x->probability < y->probability ? 1 : -1;
    if (x->odds != y->odds)
        return x->odds < y->odds ? 1 : -1;
    return (x->line > y->line) - (x->line < y->line);
}

// Whether the items are still open for it; if so they are used. A part uses only its amount.
static bool use_items(const Bank *bank, const BankLine *line, const Proposal *proposal,
                      int64_t *used)
{
    bool is_part = proposal->kind == PAYS_PART;
    if (is_part && proposal->count > 1)
        return false;  // nobody said which of them is paid in part
    for (uint32_t k = 0; k < proposal->count; k++) {
        const OpenItem *item = &bank->books->items[proposal->items[k]];
        int64_t wanted = is_part ? line->amount : item->amount;
        if (llabs(used[proposal->items[k]]) + llabs(wanted) > llabs(item->amount))
            return false;
    }
    for (uint32_t k = 0; k < proposal->count; k++)
        used[proposal->items[k]] +=
            is_part ? line->amount : bank->books->items[proposal->items[k]].amount;
    return true;
}

static void decide(Arena *arena, const Bank *bank, const BankModel *model, LineMatch *matches)
{
    size_t count = bank->books->line_count, turns_count = 0;
    int64_t *used = NEW_ARRAY(arena, int64_t, bank->books->item_count + 1);
    Turn *turns = NEW_ARRAY(arena, Turn, count + 1);
    for (size_t i = 0; i < count; i++)
        if (matches[i].count && matches[i].proposals[0].probability >= model->threshold)
            turns[turns_count++] = (Turn){ matches[i].proposals[0].probability,
                                           bank->kept[i].guesses[0].odds, (uint32_t)i };
    qsort(turns, turns_count, sizeof *turns, by_certainty);
    for (size_t t = 0; t < turns_count; t++) {
        LineMatch *match = &matches[turns[t].line];
        match->is_automatic =
            use_items(bank, &bank->books->lines[turns[t].line], &match->proposals[0], used);
    }
}

static void open_bank(Arena *arena, const BankBooks *books, Bank *bank)
{
    *bank = (Bank){ .books = books };
    bank_index(arena, books, &bank->index);
    bank->kept = NEW_ARRAY(arena, Kept, books->line_count + 1);
    bank->claims = NEW_ARRAY(arena, Claim, books->item_count + 1);
}

static void propose_share(void *arg, int share)
{
    const Work *work = arg;
    size_t count = work->bank->books->line_count;
    size_t from = count * (size_t)share / (size_t)work->shares;
    size_t to = count * ((size_t)share + 1) / (size_t)work->shares;
    for (size_t i = from; i < to; i++) {
        Kept *kept = &work->bank->kept[i];
        weigh_again(kept, &work->model->card);
        propose(work->model, kept, &work->matches[i]);
    }
}

void bank_match(Arena *arena, const Budget *budget, const BankBooks *books, const BankModel *model,
                LineMatch *ret)
{
    Bank bank;
    open_bank(arena, books, &bank);
    guess_all(budget, &bank, model);
    describe_all_claims(arena, &bank);
    Work work = { budget, &bank, model, ret, budget->crew > 1 ? budget->crew : 1 };
    budget_each(budget, work.shares, propose_share, &work);
    decide(arena, &bank, model, ret);
}

// ---- Learning -----------------------------------------------------------------------------------

enum { LEARN_ROWS_MAX = 60000, STEP_MIN = 20 };
static const double RIDGE = 1.0;

// However good all automatic matches are together, none is posted that is less certain than this.
static const double AUTOMATIC_LEAST = 0.95;

// Before anything is learned: the number and the amount speak for it, other numbers against.
static Card first_card(void)
{
    Card card = { .features = BANK_FEATURES, .bias = -6 };
    card.feature[F_NUMBER].weights[1] = 5;
    card.feature[F_EXACT].weights[1] = 4;
    card.feature[F_DISCOUNT].weights[1] = 4;
    card.feature[F_IBAN].weights[1] = 2;
    card.feature[F_NAME].weights[1] = 2;
    card.feature[F_OTHER_NUMBERS].weights[1] = -2;
    card.feature[F_SHORT].weights[1] = -3;
    card.feature[F_OVER].weights[1] = -3;
    return card;
}

static bool is_confirmed(const Guess *guess, const Confirmed *confirmed)
{
    if (guess->count != confirmed->count)
        return false;
    for (uint32_t i = 0; i < guess->count; i++) {
        bool is_there = false;
        for (uint32_t k = 0; k < confirmed->count; k++)
            is_there |= confirmed->items[k] == guess->items[i];
        if (!is_there)
            return false;
    }
    return true;
}

// Which half a line is in: mixed, since lines stand in order of their dates.
static bool is_for_weights(size_t line)
{
    return ((uint32_t)line * 2654435761u >> 16 & 1) == 0;
}

static Status fit_card(Ctx *ctx, const Bank *bank, const Confirmed *confirmed, Card *ret)
{
    ArenaMark mark = arena_mark(ctx->arena);
    double *rows = NEW_ARRAY(ctx->arena, double, (size_t)LEARN_ROWS_MAX *BANK_FEATURES);
    double *labels = NEW_ARRAY(ctx->arena, double, LEARN_ROWS_MAX);
    size_t n = 0;
    for (size_t i = 0; i < bank->books->line_count; i++)
        for (uint32_t k = 0; k < bank->kept[i].count && n < LEARN_ROWS_MAX; k++) {
            if (!is_for_weights(i))
                continue;
            const Guess *guess = &bank->kept[i].guesses[k];
            for (int f = 0; f < BANK_FEATURES; f++)
                rows[n * BANK_FEATURES + f] = (double)guess->features[f];
            labels[n++] = is_confirmed(guess, &confirmed[i]);
        }
    TRY(card_fit(ctx, rows, labels, n, BANK_FEATURES, RIDGE, ret));
    arena_rewind(ctx->arena, mark);
    return OK;
}

typedef struct {
    double odds, right, count;  // from these odds on
} Block;

static int by_odds(const void *a, const void *b)
{
    const Block *x = a, *y = b;
    return (x->odds > y->odds) - (x->odds < y->odds);
}

// Pools neighbours until the share that was right only rises (pool adjacent violators), and until
// each block has enough to mean something.
static size_t pool(Block *blocks, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        blocks[kept++] = blocks[i];
        while (kept > 1 && (blocks[kept - 2].count < STEP_MIN ||
                            blocks[kept - 2].right * blocks[kept - 1].count >=
                                blocks[kept - 1].right * blocks[kept - 2].count)) {
            blocks[kept - 2].right += blocks[kept - 1].right;
            blocks[kept - 2].count += blocks[kept - 1].count;
            kept--;
        }
    }
    return kept;
}

// As many blocks as there are steps: the smallest neighbours join.
static size_t thin(Block *blocks, size_t count)
{
    while (count > BANK_STEPS_MAX) {
        size_t least = 0;
        for (size_t i = 1; i + 1 < count; i++)
            if (blocks[i].count + blocks[i + 1].count <
                blocks[least].count + blocks[least + 1].count)
                least = i;
        blocks[least].right += blocks[least + 1].right;
        blocks[least].count += blocks[least + 1].count;
        memmove(&blocks[least + 1], &blocks[least + 2], (count - least - 2) * sizeof *blocks);
        count--;
    }
    return count;
}

// From the highest step down, as long as all that would be posted were right often enough.
static void set_threshold(const Block *blocks, size_t count, double precision, BankModel *model)
{
    double right = 0, all = 0;
    model->threshold = 1.01;  // nothing is automatic
    for (size_t i = count; i-- > 0;) {
        right += blocks[i].right;
        all += blocks[i].count;
        if (right < precision * all || model->steps[i] < AUTOMATIC_LEAST)
            break;
        model->threshold = model->steps[i];
    }
}

static void calibrate(Arena *arena, const Bank *bank, const Confirmed *confirmed, double precision,
                      BankModel *model)
{
    Block *blocks = NEW_ARRAY(arena, Block, bank->books->line_count + 1);
    size_t count = 0;
    for (size_t i = 0; i < bank->books->line_count; i++) {
        const Kept *kept = &bank->kept[i];
        if (is_for_weights(i) || kept->count == 0)
            continue;
        blocks[count++] = (Block){ logit_odds(raw_probability(kept, 0)),
                                   is_confirmed(&kept->guesses[0], &confirmed[i]), 1 };
    }
    qsort(blocks, count, sizeof *blocks, by_odds);
    count = thin(blocks, pool(blocks, count));
    model->step_count = count;
    for (size_t i = 0; i < count; i++) {
        model->steps_from[i] = blocks[i].odds;
        double step = (blocks[i].right + 0.5) / (blocks[i].count + 1);
        model->steps[i] = i > 0 ? fmax(step, model->steps[i - 1]) : step;
    }
    set_threshold(blocks, count, precision, model);
}

Status bank_learn(Ctx *ctx, const Budget *budget, const BankBooks *books,
                  const Confirmed *confirmed, double precision, BankModel *ret)
{
    Bank *bank = NEW(ctx->arena, Bank);
    open_bank(ctx->arena, books, bank);
    *ret = (BankModel){ .card = first_card() };
    guess_all(budget, bank, ret);
    for (int round = 0; round < 3; round++) {  // who claims what depends on the weights
        TRY(fit_card(ctx, bank, confirmed, &ret->card));
        weigh_all_again(bank, &ret->card);
        describe_all_claims(ctx->arena, bank);
        weigh_all_again(bank, &ret->card);
    }
    TRY(fit_card(ctx, bank, confirmed, &ret->card));
    // As bank_match() does it.
    guess_all(budget, bank, ret);
    describe_all_claims(ctx->arena, bank);
    weigh_all_again(bank, &ret->card);
    calibrate(ctx->arena, bank, confirmed, precision, ret);
    return OK;
}
