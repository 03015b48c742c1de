// bank_guess.c - what a bank line may pay, and what speaks for it.
#include "algo/match/bank_guess.h"

#include <math.h>

enum {
    SINGLES_MAX = 14,
    SUM_PARTIES = 3,   // parties whose items are added up
    SUM_ITEMS = 20,    // items of each, those due nearest to the payment
    SUM_NODES = 3000,  // choices looked at
    SUM_FOUND = 4,     // choices kept
    FEE_MINOR_MAX = 5000,
};

// What is known of one line while its guesses are made.
typedef struct {
    Arena *arena;
    const BankIndex *index;
    const BankLine *line;
    Pointers pointers;
    float name_alike[PARTIES_MAX], name_in_text[PARTIES_MAX];
    Guess *guesses;
    uint32_t count;
} Guessing;

const char *const bank_feature_names[BANK_FEATURES] = {
    "the number stands in the text",
    "the number's last digits stand in the text",
    "the number stands in the text but for one character",
    "numbers of other items stand in the text",
    "the payer's account is known",
    "the payer's name",
    "the party's name in the text",
    "the amount is exact",
    "the amount is exact less the discount",
    "share of the amount that is missing",
    "how much is missing",
    "share of the amount that is too much",
    "an amount is missing and no number speaks for it",
    "other items have the same amount",
    "the party's other items have the same amount",
    "an older item of the party has the same amount",
    "months from the due date",
    "nothing but the amount speaks for it",
    "how many items",
    "other choices of items add up as well",
    "how far off the exchange rate",
    "other lines claim it with more reason",
    "other lines claim it",
    "the payer is known as another party",
    "neither the amount nor the payer fits",
    "with other lines it is paid to the cent",
};

static const OpenItem *item_at(const Guessing *g, uint32_t item)
{
    return &g->index->books->items[item];
}

// ---- Payers -------------------------------------------------------------------------------------

static float best_name(const Party *party, Str name)
{
    double best = 0;
    for (uint32_t i = 0; i < party->name_count; i++)
        best = fmax(best, jaro_winkler(party->names[i], name));
    return (float)best;
}

static bool has_word(Str text, Str wanted)
{
    for (Str word; str_next_word(&text, &word);)
        if (str_eq(word, wanted))
            return true;
    return false;
}

// Share of the letters of the name whose words stand in the text.
static float name_inside(const Party *party, Str text)
{
    double best = 0;
    for (uint32_t i = 0; i < party->name_count; i++) {
        double found = 0, all = 0;
        for (Str word, rest = party->names[i]; str_next_word(&rest, &word);) {
            all += (double)word.len;
            found += word.len > 2 && has_word(text, word) ? (double)word.len : 0;
        }
        best = all > 0 ? fmax(best, found / all) : best;
    }
    return (float)best;
}

static uint32_t party_place(const Guessing *g, uint32_t party)
{
    uint32_t at = 0;
    while (at < g->pointers.party_count && g->pointers.parties[at] != party)
        at++;
    return at;
}

static void look_at_parties(Guessing *g)
{
    for (uint32_t i = 0; i < g->pointers.party_count; i++) {
        const Party *party = &g->index->parties[g->pointers.parties[i]];
        g->name_alike[i] = g->pointers.name.len ? best_name(party, g->pointers.name) : NAN;
        g->name_in_text[i] = name_inside(party, g->pointers.text);
    }
}

// Somebody else's account or name, and not at all this one's.
static bool is_other_payer(const Guessing *g, uint32_t party, float own_name)
{
    for (uint32_t i = 0; i < g->pointers.party_count; i++) {
        bool is_other = g->pointers.parties[i] != party;
        bool is_sure = g->pointers.by_iban[i] || g->name_alike[i] > 0.92f;
        if (is_other && is_sure && !(own_name > 0.8f))
            return true;
    }
    return false;
}

static void describe_payer(const Guessing *g, uint32_t party, float *features)
{
    const Party *of = &g->index->parties[party];
    uint32_t place = party_place(g, party);
    bool is_pointed = place < g->pointers.party_count;
    features[F_IBAN] = !g->pointers.iban_is_known ? NAN
                     : is_pointed                 ? g->pointers.by_iban[place]
                                                  : 0;
    features[F_NAME] = is_pointed           ? g->name_alike[place]
                     : g->pointers.name.len ? best_name(of, g->pointers.name)
                                            : NAN;
    features[F_NAME_IN_TEXT] =
        is_pointed ? g->name_in_text[place] : name_inside(of, g->pointers.text);
    features[F_OTHER_PAYER] = !(features[F_IBAN] > 0) && is_other_payer(g, party, features[F_NAME]);
}

// ---- Amounts ------------------------------------------------------------------------------------

static double rate_of(const BankBooks *books, Str currency)
{
    for (size_t i = 0; i < books->rate_count; i++)
        if (str_eq(books->rates[i].currency, currency))
            return books->rates[i].per;
    return NAN;
}

// How far the line is from the items at the known rate; 0 when the bank tells what was sent, 1 when
// nothing is known.
static void describe_other_currency(const Guessing *g, Str currency, int64_t sum, Guess *guess)
{
    const BankLine *line = g->line;
    guess->kind = PAYS_IN_OTHER_CURRENCY;
    guess->difference = 0;
    if (str_eq(line->original_currency, currency)) {
        guess->features[F_RATE] = 0;
        guess->features[F_EXACT] = line->original_amount == sum;
        return;
    }
    double from = rate_of(g->index->books, line->currency), to = rate_of(g->index->books, currency);
    double wanted = (double)sum * to / from;
    guess->features[F_RATE] =
        isnan(wanted) || wanted == 0 ? 1 : (float)fmin(fabs((double)line->amount / wanted - 1), 1);
}

static void describe_amount(const Guessing *g, int64_t sum, int64_t discount, Guess *guess)
{
    int64_t gap = g->line->amount - sum;
    double share = sum ? (double)gap / (double)sum : 0;  // the sign of both is the same
    bool is_discount = discount && gap == -discount;
    guess->difference = gap;
    guess->features[F_RATE] = NAN;
    guess->features[F_EXACT] = gap == 0;
    guess->features[F_DISCOUNT] = is_discount;
    if (share < 0 && !is_discount) {
        guess->features[F_SHORT] = (float)fmin(-share, 1);
        guess->features[F_SHORT_BY] = (float)log10(1 + fabs((double)gap) / 100);
    }
    guess->features[F_OVER] = share > 0 ? (float)fmin(share, 1) : 0;
    bool is_fee = share < 0 && share > -0.05 && llabs(gap) <= FEE_MINOR_MAX;
    guess->kind = gap == 0    ? PAYS_EXACTLY
                : is_discount ? PAYS_LESS_DISCOUNT
                : share > 0   ? PAYS_MORE
                : is_fee      ? PAYS_LESS_FEE
                              : PAYS_PART;
}

// The party's other open items with the same amount, and whether one of them is older.
static void describe_sisters(const Guessing *g, uint32_t item, float *features)
{
    const OpenItem *of = item_at(g, item);
    const Party *party = &g->index->parties[g->index->party_of[item]];
    uint32_t to =
        party->from + PARTY_ITEMS_LOOKED < party->to ? party->from + PARTY_ITEMS_LOOKED : party->to;
    for (uint32_t i = party->from; i < to; i++) {
        const OpenItem *other = item_at(g, g->index->by_party[i]);
        if (other == of || other->amount != of->amount || !str_eq(other->currency, of->currency))
            continue;
        features[F_SAME_OF_PARTY] = fminf(features[F_SAME_OF_PARTY] + 1, 5);
        if (other->date < of->date)
            features[F_OLDER] = 1;
    }
}

static void describe_dates(const Guessing *g, const Guess *guess, float *features)
{
    const OpenItem *item = item_at(g, guess->items[0]);
    Date due = item->due ? item->due : item->date;
    features[F_DAYS] = NAN;
    if (!due || !g->line->date)
        return;
    double months = (double)(g->line->date - due) / 30;
    features[F_DAYS] = (float)fmin(fmax(months, -4), 8);
}

// What is unknown of the payer speaks neither for nor against him, so that no one feature tells
// that nothing at all is known.
static void describe_silence(float *features)
{
    bool has_number = features[F_NUMBER] + features[F_SLIP] + features[F_TAIL] > 0;
    bool has_payer =
        features[F_IBAN] > 0 || features[F_NAME] > 0.85f || features[F_NAME_IN_TEXT] > 0.6f;
    features[F_ONLY_AMOUNT] = !has_number && !has_payer;
    bool is_settled = features[F_EXACT] > 0 || features[F_DISCOUNT] > 0;
    features[F_STRANGER] = !is_settled && !has_payer;
    features[F_BLIND_SHORT] = has_number ? 0 : features[F_SHORT];
}

// ---- Numbers ------------------------------------------------------------------------------------

static uint8_t evidence_of(const Guessing *g, uint32_t item)
{
    for (uint32_t i = 0; i < g->pointers.item_count; i++)
        if (g->pointers.items[i].item == item)
            return g->pointers.items[i].number;
    return 0;
}

static bool is_full(uint8_t evidence)
{
    return evidence & (BY_NUMBER | BY_DIGITS);
}

static bool holds(const Guess *guess, uint32_t item)
{
    for (uint32_t i = 0; i < guess->count; i++)
        if (guess->items[i] == item)
            return true;
    return false;
}

static void describe_numbers(const Guessing *g, const Guess *guess, float *features)
{
    float share = 1 / (float)guess->count, others = 0;
    for (uint32_t i = 0; i < guess->count; i++) {
        uint8_t evidence = evidence_of(g, guess->items[i]);
        BankFeature which = is_full(evidence) ? F_NUMBER : evidence & BY_NEAR ? F_SLIP : F_TAIL;
        if (evidence)
            features[which] += share;
    }
    for (uint32_t i = 0; i < g->pointers.item_count; i++) {
        const Found *found = &g->pointers.items[i];
        others += is_full(found->number) && !holds(guess, found->item);
    }
    features[F_OTHER_NUMBERS] = fminf(others, 3);
}

// ---- Guesses ------------------------------------------------------------------------------------

// Adds a guess and describes it; unless it is there, or is of the other direction.
static void add_guess(Guessing *g, const uint32_t *items, uint32_t count, uint32_t ambiguity)
{
    int64_t sum = 0, discount = 0;
    Str currency = item_at(g, items[0])->currency;
    for (uint32_t i = 0; i < count; i++) {
        const OpenItem *item = item_at(g, items[i]);
        bool may_discount = !item->discount_until || g->line->date <= item->discount_until;
        sum += item->amount;
        discount += may_discount ? item->discount : 0;
        if (!str_eq(item->currency, currency))
            return;
    }
    bool is_same_way = (sum > 0) == (g->line->amount > 0) && sum != 0;
    if (!is_same_way || g->count == BANK_HYPOTHESES_MAX)
        return;
    Guess *guess = &g->guesses[g->count];
    *guess = (Guess){ .count = count };
    memcpy(guess->items, items, count * sizeof *items);
    for (uint32_t i = 0; i < g->count; i++)
        if (g->guesses[i].count == count &&
            memcmp(g->guesses[i].items, items, count * sizeof *items) == 0)
            return;
    g->count++;
    if (str_eq(currency, g->line->currency))
        describe_amount(g, sum, discount, guess);
    else
        describe_other_currency(g, currency, sum, guess);
    float *features = guess->features;
    describe_numbers(g, guess, features);
    describe_payer(g, g->index->party_of[items[0]], features);
    describe_dates(g, guess, features);
    features[F_COUNT] = logf((float)count);
    features[F_AMBIGUOUS] = logf((float)ambiguity + 1);
    describe_silence(features);
    if (features[F_NUMBER] > 0.99f)
        return;  // then it does not matter how many items look like it
    features[F_SAME_AMOUNT] = logf(fmaxf(1, (float)bank_same_amount(g->index, sum, currency)));
    if (count == 1)
        describe_sisters(g, items[0], features);
}

// The better pointed at, the earlier: numbers, then the exact amount, then whose it is.
static int priority(const Guessing *g, const Found *found)
{
    const OpenItem *item = item_at(g, found->item);
    bool is_exact = item->amount == g->line->amount && str_eq(item->currency, g->line->currency);
    uint32_t place = party_place(g, g->index->party_of[found->item]);
    bool is_pointed = place < g->pointers.party_count;
    return (is_full(found->number) ? 16
            : found->number        ? 6
                                   : 0) +
           (is_exact ? 8 : 0) + (is_pointed ? g->pointers.by_iban[place] ? 5 : 3 : 0);
}

static void guess_singles(Guessing *g)
{
    int points[FOUND_MAX];
    for (uint32_t i = 0; i < g->pointers.item_count; i++)
        points[i] = priority(g, &g->pointers.items[i]);
    for (int made = 0; made < SINGLES_MAX; made++) {
        uint32_t best = 0;
        for (uint32_t i = 1; i < g->pointers.item_count; i++)
            if (points[i] > points[best])
                best = i;
        if (g->pointers.item_count == 0 || points[best] <= 0)
            return;
        points[best] = -1;
        add_guess(g, &g->pointers.items[best].item, 1, 0);
    }
}

static void sort_items(uint32_t *items, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++)
        for (uint32_t j = i; j > 0 && items[j - 1] > items[j]; j--) {
            uint32_t swap = items[j];
            items[j] = items[j - 1];
            items[j - 1] = swap;
        }
}

// All items of one party whose numbers are there; once without and once with the weaker signs.
static void guess_numbered(Guessing *g, uint32_t party, bool with_weak)
{
    uint32_t items[BANK_ITEMS_MAX], count = 0;
    for (uint32_t i = 0; i < g->pointers.item_count && count < BANK_ITEMS_MAX; i++) {
        const Found *found = &g->pointers.items[i];
        bool is_there = with_weak ? found->number != 0 : is_full(found->number);
        if (is_there && g->index->party_of[found->item] == party)
            items[count++] = found->item;
    }
    if (count < 2)
        return;
    sort_items(items, count);
    add_guess(g, items, count, 0);
}

// ---- Adding up ----------------------------------------------------------------------------------

// Items of one party, the largest first, and what those from each place on can still add or take:
// where that does not reach the target, no choice is looked at.
typedef struct {
    uint32_t items[SUM_ITEMS];
    int64_t amounts[SUM_ITEMS], most[SUM_ITEMS + 1], least[SUM_ITEMS + 1];
    uint32_t count;
    int64_t target;
    uint32_t chosen[BANK_ITEMS_MAX], depth;
    uint32_t found[SUM_FOUND][BANK_ITEMS_MAX], found_count[SUM_FOUND], solutions;
    int nodes;
} Sum;

static void add_up(Sum *sum, uint32_t from, int64_t so_far)
{
    if (sum->depth >= 2 && so_far == sum->target && sum->solutions < SUM_FOUND) {
        memcpy(sum->found[sum->solutions], sum->chosen, sum->depth * sizeof *sum->chosen);
        sum->found_count[sum->solutions++] = sum->depth;
    }
    for (uint32_t i = from; i < sum->count && sum->depth < BANK_ITEMS_MAX; i++) {
        bool is_in_reach =
            so_far + sum->most[i] >= sum->target && so_far + sum->least[i] <= sum->target;
        if (!is_in_reach || ++sum->nodes > SUM_NODES || sum->solutions == SUM_FOUND)
            return;
        sum->chosen[sum->depth++] = sum->items[i];
        add_up(sum, i + 1, so_far + sum->amounts[i]);
        sum->depth--;
    }
}

// Puts the item among those due nearest to the payment; keeps them sorted by that.
static void note_item(const Guessing *g, Sum *sum, uint32_t item)
{
    int64_t gap = llabs((int64_t)g->line->date - item_at(g, item)->due);
    uint32_t at = sum->count;
    while (at > 0 && llabs((int64_t)g->line->date - item_at(g, sum->items[at - 1])->due) > gap)
        at--;
    if (at == SUM_ITEMS)
        return;
    uint32_t last = sum->count < SUM_ITEMS ? sum->count++ : SUM_ITEMS - 1;
    memmove(&sum->items[at + 1], &sum->items[at], (last - at) * sizeof *sum->items);
    sum->items[at] = item;
}

static void bound_sums(const Guessing *g, Sum *sum)
{
    for (uint32_t i = 1; i < sum->count; i++)
        for (uint32_t j = i; j > 0 && llabs(item_at(g, sum->items[j - 1])->amount) <
                                          llabs(item_at(g, sum->items[j])->amount);
             j--) {
            uint32_t swap = sum->items[j];
            sum->items[j] = sum->items[j - 1];
            sum->items[j - 1] = swap;
        }
    for (uint32_t i = sum->count; i-- > 0;) {
        int64_t amount = item_at(g, sum->items[i])->amount;
        sum->amounts[i] = amount;
        sum->most[i] = sum->most[i + 1] + (amount > 0 ? amount : 0);
        sum->least[i] = sum->least[i + 1] + (amount < 0 ? amount : 0);
    }
}

// Choices of the party's items that make the amount; credit notes count against it.
static void guess_sums(Guessing *g, uint32_t party)
{
    const Party *of = &g->index->parties[party];
    Sum sum = { .target = g->line->amount };
    for (uint32_t i = of->from; i < of->to; i++)
        if (str_eq(item_at(g, g->index->by_party[i])->currency, g->line->currency))
            note_item(g, &sum, g->index->by_party[i]);
    if (sum.count < 2)
        return;
    bound_sums(g, &sum);
    add_up(&sum, 0, 0);
    for (uint32_t i = 0; i < sum.solutions; i++) {
        sort_items(sum.found[i], sum.found_count[i]);
        add_guess(g, sum.found[i], sum.found_count[i], sum.solutions - 1);
    }
}

uint32_t bank_guess(Arena *scratch, const BankIndex *index, const BankLine *line, Guess *ret)
{
    Guessing g = { .arena = scratch, .index = index, .line = line, .guesses = ret };
    if (line->amount == 0)
        return 0;
    bank_point(scratch, index, line, &g.pointers);
    look_at_parties(&g);
    guess_singles(&g);
    for (uint32_t p = 0; p < g.pointers.party_count; p++) {
        guess_numbered(&g, g.pointers.parties[p], false);
        guess_numbered(&g, g.pointers.parties[p], true);
    }
    for (uint32_t p = 0; p < g.pointers.party_count && p < SUM_PARTIES; p++)
        guess_sums(&g, g.pointers.parties[p]);
    return g.count;
}
