// test_match_bank.c - bank lines and open items: what pays what, and what is never posted.
#include "algo/match/bank.h"
#include "harness.h"

static const OpenItem items[] = {
    { .id = S("i1"),
      .number = S("INV-2026-00047"),
      .party = S("P1"),
      .name = S("Acme Textil GmbH"),
      .currency = S("EUR"),
      .amount = 11900,
      .discount = 238,
      .date = 739000,
      .due = 739030,
      .discount_until = 739010 },
    { .id = S("i2"),
      .number = S("INV-2026-00048"),
      .party = S("P1"),
      .name = S("Acme Textil GmbH"),
      .currency = S("EUR"),
      .amount = 45600,
      .date = 739002,
      .due = 739032 },
    { .id = S("i3"),
      .number = S("INV-2026-00049"),
      .party = S("P2"),
      .name = S("Zebra Sport Ltd."),
      .iban = S("DE89370400440532013000"),
      .currency = S("EUR"),
      .amount = 77777,
      .date = 739003,
      .due = 739033 },
    { .id = S("i4"),
      .number = S("INV-2026-00050"),
      .party = S("P3"),
      .name = S("Dollar Trading"),
      .currency = S("USD"),
      .amount = 100000,
      .date = 739003,
      .due = 739033 },
    { .id = S("i5"),
      .number = S("CN-2026-00003"),
      .party = S("P1"),
      .name = S("Acme Textil GmbH"),
      .currency = S("EUR"),
      .amount = -1500,
      .date = 739004,
      .due = 739034 },
    { .id = S("i6"),
      .number = S("BILL-9981"),
      .party = S("P4"),
      .name = S("Stadtwerke"),
      .currency = S("EUR"),
      .amount = -9900,
      .date = 739004,
      .due = 739034 },
};

#define LINE(amount_, name_, iban_, text_)                                                         \
    {                                                                                              \
        .id = S("b"), .currency = S("EUR"), .amount = (amount_), .name = S(name_),                 \
        .iban = S(iban_), .text = S(text_), .date = 739031                                         \
    }

static const BankRate rates[] = { { S("EUR"), 1 }, { S("USD"), 0.92 } };

static BankBooks books_of(const BankLine *lines, size_t count)
{
    return (BankBooks){ lines, count, items, COUNT(items), NULL, 0, rates, COUNT(rates) };
}

static Str items_of(Ctx *ctx, const Proposal *proposal)
{
    Buf out = { .arena = ctx->arena };
    for (uint32_t i = 0; i < proposal->count; i++)
        buf_printf(&out, "%s" STR_FMT, i ? " " : "", STR_ARG(items[proposal->items[i]].id));
    return buf_str(&out);
}

static LineMatch match_one(Ctx *ctx, BankLine line)
{
    LineMatch *match = NEW(ctx->arena, LineMatch);
    BankBooks books = books_of(&line, 1);
    bank_match(ctx->arena, &(Budget){ 0 }, &books, bank_default_model(), match);
    return *match;
}

static void test_ways_to_pay(void)
{
    static const struct {
        const char *name;
        BankLine line;
        const char *items;
        PaymentKind kind;
        int64_t difference;
    } rows[] = {
        { "the whole, with the number", LINE(11900, "ACME TEXTIL", "", "inv 2026 00047"), "i1",
          PAYS_EXACTLY, 0 },
        { "without the number, by account",
          LINE(77777, "J. Doe", "DE89370400440532013000", "thanks"), "i3", PAYS_EXACTLY, 0 },
        { "less a bank's fee", LINE(45100, "Acme Textil GmbH", "", "INV-2026-00048"), "i2",
          PAYS_LESS_FEE, -500 },
        { "a part", LINE(20000, "Acme Textil GmbH", "", "INV-2026-00048"), "i2", PAYS_PART,
          -25600 },
        { "too much", LINE(46600, "Acme Textil GmbH", "", "INV-2026-00048"), "i2", PAYS_MORE,
          1000 },
        { "two at once", LINE(57500, "Acme Textil", "", "202600047 202600048"), "i1 i2",
          PAYS_EXACTLY, 0 },
        { "two less a credit note, without numbers",
          LINE(56000, "Acme Textil GmbH", "", "our account"), "i1 i2 i5", PAYS_EXACTLY, 0 },
        { "dollars paid in euros", LINE(91800, "Dollar Trading", "", "INV-2026-00050"), "i4",
          PAYS_IN_OTHER_CURRENCY, 0 },
        { "money out", LINE(-9900, "Stadtwerke", "", "BILL-9981"), "i6", PAYS_EXACTLY, 0 },
        { "a slip in the number", LINE(77777, "Zebra Sport", "", "INV-2026-00094"), "i3",
          PAYS_EXACTLY, 0 },
    };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].name;
        LineMatch match = match_one(ctx, rows[i].line);
        CHECK(match.count > 0);
        CHECK_STR(items_of(ctx, &match.proposals[0]), rows[i].items);
        CHECK_INT(match.proposals[0].kind, rows[i].kind);
        CHECK_INT(match.proposals[0].difference, rows[i].difference);
    }
    test_row = NULL;
}

static void test_discount(void)
{
    Ctx *ctx = test_ctx();
    BankLine line = LINE(11662, "Acme Textil", "", "INV-2026-00047");
    line.date = 739009;
    LineMatch match = match_one(ctx, line);
    CHECK_INT(match.proposals[0].kind, PAYS_LESS_DISCOUNT);
    line.date = 739025;  // too late for it
    match = match_one(ctx, line);
    CHECK_INT(match.proposals[0].kind, PAYS_LESS_FEE);
}

// The bank tells what was sent.
static void test_original_amount(void)
{
    Ctx *ctx = test_ctx();
    BankLine line = LINE(90000, "Dollar Trading", "", "invoice 00050");
    line.original_amount = 100000;
    line.original_currency = S("USD");
    LineMatch match = match_one(ctx, line);
    CHECK_STR(items_of(ctx, &match.proposals[0]), "i4");
    CHECK(match.proposals[0].probability > 0.9);
}

static void test_nothing_to_pay(void)
{
    Ctx *ctx = test_ctx();
    BankLine rows[] = {
        LINE(-1162, "", "", "BEA NR:XXX1234 DIGROS KATWIJK,PAS999"),
        LINE(0, "Acme Textil GmbH", "", "INV-2026-00047"),
        LINE(-11900, "Acme Textil GmbH", "", "INV-2026-00047"),  // the other way
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        LineMatch match = match_one(ctx, rows[i]);
        CHECK(!match.is_automatic);
        CHECK(match.count == 0 || match.proposals[0].probability < 0.5);
    }
}

// Two lines for one item: at most one is posted, the earlier.
static void test_never_twice(void)
{
    Ctx *ctx = test_ctx();
    BankLine lines[] = {
        LINE(77777, "Zebra Sport Ltd.", "DE89370400440532013000", "INV-2026-00049"),
        LINE(77777, "Zebra Sport Ltd.", "DE89370400440532013000", "INV-2026-00049")
    };
    lines[1].date -= 5;
    LineMatch matches[2];
    BankBooks books = books_of(lines, 2);
    bank_match(ctx->arena, &(Budget){ 0 }, &books, bank_default_model(), matches);
    CHECK(matches[1].is_automatic);
    CHECK(!matches[0].is_automatic);
    CHECK(matches[0].proposals[0].probability < matches[1].proposals[0].probability);
}

static void test_under_the_threshold(void)
{
    Ctx *ctx = test_ctx();
    BankLine line = LINE(77777, "Zebra Sport Ltd.", "DE89370400440532013000", "INV-2026-00049");
    BankModel model = *bank_default_model();
    BankBooks books = books_of(&line, 1);
    LineMatch match;
    bank_match(ctx->arena, &(Budget){ 0 }, &books, &model, &match);
    CHECK(match.is_automatic);
    model.threshold = match.proposals[0].probability + 1e-9;
    bank_match(ctx->arena, &(Budget){ 0 }, &books, &model, &match);
    CHECK(!match.is_automatic);
}

// A payer that was confirmed once is known the next time.
static void test_alias(void)
{
    Ctx *ctx = test_ctx();
    BankLine line = LINE(77777, "Karl Winter Treuhand", "NL91ABNA0417164300", "see letter");
    double before = match_one(ctx, line).proposals[0].probability;
    Alias alias = { S("P2"), S("Karl Winter Treuhand"), S("NL91ABNA0417164300") };
    BankBooks books = books_of(&line, 1);
    books.aliases = &alias;
    books.alias_count = 1;
    LineMatch match;
    bank_match(ctx->arena, &(Budget){ 0 }, &books, bank_default_model(), &match);
    CHECK_STR(items_of(ctx, &match.proposals[0]), "i3");
    CHECK(match.proposals[0].probability > before);
}

static void test_stopped(void)
{
    Ctx *ctx = test_ctx();
    atomic_bool stop = true;
    BankLine line = LINE(77777, "Zebra Sport", "", "INV-2026-00049");
    BankBooks books = books_of(&line, 1);
    LineMatch match = { .count = 9 };
    bank_match(ctx->arena, &(Budget){ .stop = &stop }, &books, bank_default_model(), &match);
    CHECK_INT(match.count, 0);
    CHECK(!match.is_automatic);
}

// ---- Larger books -------------------------------------------------------------------------------

enum { MANY = 1500 };

typedef struct {
    OpenItem *items;
    BankLine *lines;
    Confirmed *confirmed;
    BankBooks books;
} Ledger;

// Each item is paid by a line; every fourth line has no number, every fifth pays nothing.
static Ledger make_ledger(Ctx *ctx)
{
    Ledger ledger = { NEW_ARRAY(ctx->arena, OpenItem, MANY),
                      NEW_ARRAY(ctx->arena, BankLine, MANY),
                      NEW_ARRAY(ctx->arena, Confirmed, MANY),
                      { 0 } };
    for (int i = 0; i < MANY; i++) {
        Str party = str_format(ctx->arena, "P%d", i / 3);
        Str name = str_format(ctx->arena, "Firm%d %c%c", i / 3, 'A' + i / 3 % 26, 'a' + i % 7);
        ledger.items[i] = (OpenItem){ .id = party,
                                      .number = str_format(ctx->arena, "R%06d", i),
                                      .party = party,
                                      .name = name,
                                      .currency = S("EUR"),
                                      .amount = 1000 + random_below(ctx->random, 90000),
                                      .date = 739000,
                                      .due = 739030 };
        bool has_number = i % 4 != 0, pays = i % 5 != 0;
        ledger.lines[i] = (BankLine){ .id = party,
                                      .currency = S("EUR"),
                                      .date = 739025,
                                      .amount = ledger.items[i].amount,
                                      .name = name,
                                      .text = has_number ? ledger.items[i].number : S("bill") };
        if (pays) {
            ledger.confirmed[i] = (Confirmed){ { (uint32_t)i }, 1 };
        } else {
            ledger.lines[i].amount = 100 + random_below(ctx->random, 90000);
            ledger.lines[i].name = S("Somebody");
            ledger.lines[i].text = S("card payment");
        }
    }
    ledger.books = (BankBooks){
        .lines = ledger.lines, .line_count = MANY, .items = ledger.items, .item_count = MANY
    };
    return ledger;
}

static void test_learning(void)
{
    Ctx *ctx = test_ctx();
    Ledger ledger = make_ledger(ctx);
    BankModel *model = NEW(ctx->arena, BankModel);
    CHECK_OK(ctx, bank_learn(ctx, &(Budget){ 0 }, &ledger.books, ledger.confirmed, 0.99, model));
    for (size_t i = 1; i < model->step_count; i++) {
        CHECK(model->steps_from[i] >= model->steps_from[i - 1]);
        CHECK(model->steps[i] >= model->steps[i - 1]);
    }
    LineMatch *matches = NEW_ARRAY(ctx->arena, LineMatch, MANY);
    bank_match(ctx->arena, &(Budget){ 0 }, &ledger.books, model, matches);
    int automatic = 0, right = 0;
    for (int i = 0; i < MANY; i++) {
        if (!matches[i].is_automatic)
            continue;
        automatic++;
        right += ledger.confirmed[i].count == 1 && matches[i].proposals[0].count == 1 &&
                 matches[i].proposals[0].items[0] == (uint32_t)i;
    }
    CHECK(automatic > MANY * 6 / 10);
    CHECK(right >= automatic * 99 / 100);
}

static void backwards(void *of, int n, void (*work)(void *arg, int i), void *arg)
{
    for (int i = n - 1; i >= 0; i--)
        work(arg, i);
}

// The answer does not depend on who does the work, and no item is used beyond its amount.
static void test_crew_and_use(void)
{
    Ctx *ctx = test_ctx();
    Ledger ledger = make_ledger(ctx);
    LineMatch *alone = NEW_ARRAY(ctx->arena, LineMatch, MANY);
    LineMatch *crew = NEW_ARRAY(ctx->arena, LineMatch, MANY);
    bank_match(ctx->arena, &(Budget){ 0 }, &ledger.books, bank_default_model(), alone);
    bank_match(ctx->arena, &(Budget){ .each = backwards, .crew = 3 }, &ledger.books,
               bank_default_model(), crew);
    int64_t *used = NEW_ARRAY(ctx->arena, int64_t, MANY);
    for (int i = 0; i < MANY; i++) {
        CHECK_INT(alone[i].is_automatic, crew[i].is_automatic);
        CHECK(alone[i].count == 0 ||
              alone[i].proposals[0].probability == crew[i].proposals[0].probability);
        for (uint32_t k = 0; alone[i].is_automatic && k < alone[i].proposals[0].count; k++)
            used[alone[i].proposals[0].items[k]] += alone[i].proposals[0].kind == PAYS_PART
                                                      ? ledger.lines[i].amount
                                                      : ledger.items[i].amount;
    }
    for (int i = 0; i < MANY; i++)
        CHECK(used[i] <= ledger.items[i].amount);
}

static void test_learning_refuses(void)
{
    Ctx *ctx = test_ctx();
    BankLine line = LINE(1, "", "", "");
    BankBooks books = books_of(&line, 1);
    Confirmed none = { 0 };
    BankModel *model = NEW(ctx->arena, BankModel);
    CHECK_FAILS(ctx, "match.labels", bank_learn(ctx, &(Budget){ 0 }, &books, &none, 0.99, model));
}

const Test match_bank_tests[] = {
    { "ways to pay", test_ways_to_pay },
    { "a discount has its day", test_discount },
    { "an amount in the payer's currency", test_original_amount },
    { "lines that pay nothing", test_nothing_to_pay },
    { "no item is posted twice", test_never_twice },
    { "nothing is posted under the threshold", test_under_the_threshold },
    { "confirmed payers are remembered", test_alias },
    { "whoever is stopped has no proposals", test_stopped },
    { "learning from confirmed lines", test_learning },
    { "the crew does not change the answer", test_crew_and_use },
    { "learning wants something to tell apart", test_learning_refuses },
    { 0 },
};
