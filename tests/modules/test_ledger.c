// test_ledger.c - the books: what is posted where, what is refused, months that lock, entries
// turned round, open items matched, and what verify finds when somebody tampers.
#include "kernel/entity/access.h"
#include "modules/books.h"

#include "kernel/verify.h"
#include "modules/ledger/inside.h"

static House open_house(Ctx *ctx)
{
    House house;
    house_open(ctx, &house);
    return house;
}

// ---- Rules --------------------------------------------------------------------------------------

static void test_the_rule_that_says_most_wins(void)
{
    CurrencyCode usd, eur;
    CHECK(currency_parse(S("USD"), &usd) && currency_parse(S("EUR"), &eur));
    Rule items[] = {
        { PURPOSE_SALES, .account = { .id = 1 } },
        { PURPOSE_SALES, .currency = usd, .account = { .id = 2 } },
        { PURPOSE_SALES, .place = 7, .account = { .id = 3 } },
        { PURPOSE_SALES, .channel = 5, .account = { .id = 4 } },
        { PURPOSE_SALES, .kind_code = S("gift"), .account = { .id = 5 } },
        { PURPOSE_SALES, .channel = 5, .place = 7, .account = { .id = 6 } },
        { PURPOSE_SALES, .account = { .id = 7 } },
        { PURPOSE_CASH, .account = { .id = 8 }, .channel = 6 },
    };
    RuleList rules = { items, COUNT(items), COUNT(items) };
    // clang-format off
    const struct { const char *row; RuleQuestion asked; Id account; } rows[] = {
        { "nothing said",             { PURPOSE_SALES }, 1 },
        { "a currency",               { PURPOSE_SALES, .currency = usd }, 2 },
        { "a currency without rule",  { PURPOSE_SALES, .currency = eur }, 1 },
        { "place before currency",    { PURPOSE_SALES, .place = 7, .currency = usd }, 3 },
        { "channel before currency",  { PURPOSE_SALES, .channel = 5, .currency = usd }, 4 },
        { "channel and place",        { PURPOSE_SALES, .channel = 5, .place = 7 }, 6 },
        { "kind before all",          { PURPOSE_SALES, 5, 7, usd, S("gift") }, 5 },
        { "another channel",          { PURPOSE_SALES, .channel = 6 }, 1 },
        { "no rule fits",             { PURPOSE_CASH, .channel = 5 }, 0 },
    };
    // clang-format on
    for (size_t i = 0; i < COUNT(rows); i++) {
        const Rule *best = rule_best(&rules, &rows[i].asked);
        test_row = rows[i].row;
        CHECK_INT(best ? best->account.id : 0, rows[i].account);
    }
}

// ---- Posting ------------------------------------------------------------------------------------

static void test_entries_are_posted_or_refused(void)
{
    static const Fx dollar = { -1250000000 };
    // clang-format off
    static const struct {
        const char *row, *on, *lines, *currency;
        bool has_party;
        const char *code, *result;
    } rows[] = {
        { "a sale", "2026-03-02", "receivable:120.00 sales:-100.00 output_tax:-20.00", NULL, true,
          NULL, "1200:120.00 2200:-20.00 4100:-100.00" },
        { "a kind without a rule of its own", "2026-03-02", "cash:5.00 output_tax/vat:-5.00", NULL, false,
          NULL, "1110:5.00 2200:-5.00" },
        { "a line of nothing is dropped", "2026-03-02", "cash:5.00 bank:0.00 sales:-5.00", NULL, false,
          NULL, "1110:5.00 4100:-5.00" },
        { "only lines of nothing", "2026-03-02", "cash:0.00 sales:0.00", NULL, false, NULL, "" },
        { "it does not balance", "2026-03-02", "cash:5.00 sales:-4.99", NULL, false,
          "ledger.unbalanced", NULL },
        { "nobody owes it", "2026-03-02", "receivable:5.00 sales:-5.00", NULL, false,
          "ledger.party_needed", NULL },
        { "dollars, converted", "2026-03-02", "receivable:100.00 sales:-100.00", "USD", true,
          NULL, "1200:80.00 4100:-80.00" },
        { "a difference of conversion", "2026-03-02",
          "receivable:0.03 sales:-0.01 output_tax:-0.01 freight_income:-0.01", "USD", true,
          NULL, "1200:0.02 2200:-0.01 4100:-0.01 4200:-0.01 6900:0.01" },
        { "base given by the caller", "2026-03-02", "receivable:100.00=81.00 sales:-100.00=-81.00", "USD",
          true, NULL, "1200:81.00 4100:-81.00" },
        { "base that does not balance", "2026-03-02", "receivable:100.00=81.00 sales:-100.00=-80.00",
          "USD", true, "ledger.unbalanced", NULL },
        { "too far ahead", "2028-06-01", "cash:5.00 sales:-5.00", NULL, false,
          "ledger.too_far", NULL },
        { "a year that was not there yet", "2009-12-01", "cash:5.00 sales:-5.00", NULL, false,
          NULL, "1110:5.00 4100:-5.00" },
    };
    // clang-format on
    Ctx *ctx = test_ctx();
    House house = open_house(ctx);
    Id party = books_party(ctx, "Northquay");
    for (size_t i = 0; i < COUNT(rows); i++) {
        BooksEntry entry = { .on = rows[i].on,
                             .lines = rows[i].lines,
                             .currency = rows[i].currency,
                             .fx = rows[i].currency ? dollar : (Fx){ 0 },
                             .party = rows[i].has_party ? party : 0,
                             .source = { &party_entity, party } };
        test_row = rows[i].row;
        if (rows[i].code)
            CHECK_FAILS(ctx, rows[i].code, tenant_transact(ctx, books_post, &entry));
        else {
            CHECK_OK(ctx, tenant_transact(ctx, books_post, &entry));
            CHECK_STR(books_lines(ctx, entry.ret), rows[i].result);
        }
    }
    test_row = NULL;
    CHECK_INT(books_balance(ctx, "1110").minor, 1500);
    books_verify(ctx);
    house_close(&house);
}

static Status close_account(Ctx *ctx, void *arg)
{
    Account account;
    TRY(account_load(ctx, *(Id *)arg, &account));
    account.is_closed = true;
    return account_save(ctx, &account);
}

static Status drop_rules(Ctx *ctx, void *arg)
{
    (void)arg;
    return db_write(ctx, SQL("DELETE FROM posting_rule WHERE purpose = 'scrap'"));
}

static void test_closed_accounts_and_missing_rules(void)
{
    Ctx *ctx = test_ctx();
    House house = open_house(ctx);
    Id bank = books_account(ctx, "1100"), party = books_party(ctx, "Northquay");
    Link source = { &party_entity, party };
    books_must(ctx, close_account, &bank);
    books_must(ctx, drop_rules, NULL);
    BooksEntry closed = { .on = "2026-03-02", .lines = "bank:5.00 sales:-5.00", .source = source };
    BooksEntry ruleless = { .on = "2026-03-02",
                            .lines = "scrap:5.00 stock:-5.00",
                            .source = source };
    CHECK_FAILS(ctx, "ledger.account_closed", tenant_transact(ctx, books_post, &closed));
    CHECK_FAILS(ctx, "ledger.no_rule", tenant_transact(ctx, books_post, &ruleless));
    house_close(&house);
}

static void test_indian_accounts_by_component(void)
{
    Ctx *ctx = test_ctx();
    House house;
    house_open_with(ctx,
                    &(TenantSpec){ .code = S("pune"),
                                   .name = S("Pune Goods"),
                                   .country = S("IN"),
                                   .language = S("en"),
                                   .zone = S("Asia/Kolkata"),
                                   .currency = S("INR"),
                                   .fiscal_month = 4,
                                   .modules = S("*") },
                    &house);
    BooksEntry sale = { .on = "2026-03-02",
                        .lines = "receivable:118.00 sales:-100.00 output_tax/cgst:-9.00"
                                 " output_tax/sgst:-9.00",
                        .party = books_party(ctx, "Northquay") };
    CHECK_OK(ctx, tenant_transact(ctx, books_post, &sale));
    CHECK_STR(books_lines(ctx, sale.ret), "1200:118.00 2201:-9.00 2202:-9.00 4100:-100.00");
    house_close(&house);
}

// ---- Months -------------------------------------------------------------------------------------

typedef struct Months {
    const char *year_of, *action, *day;
} Months;

static Status year_of(Ctx *ctx, Date on, Id *ret)
{
    return db_one(
        ctx, SQL("SELECT id FROM fiscal_year WHERE starts_on <= $1 AND ends_on >= $1", on), ret);
}

static Status act_on_months(Ctx *ctx, void *arg)
{
    const Months *months = arg;
    const Json *input;
    Id year;
    Link made;
    bool reopens = strcmp(months->action, "reopen") == 0;
    TRY(year_of(ctx, books_day(months->year_of), &year));
    TRY(json_parse(ctx,
                   str_format(ctx->arena, "{\"%s\":\"%s\"%s}", reopens ? "from_on" : "until",
                              months->day, reopens ? ",\"reason_code\":\"audit\"" : ""),
                   &input));
    return action_run(ctx, &fiscal_year_entity, year, 0, months->action, input, 0, &made);
}

typedef struct Days {
    const char *asked;
    Date open;
} Days;

static Status ask_day(Ctx *ctx, void *arg)
{
    return ledger_day_open(ctx, books_day(((Days *)arg)->asked));
}

static Status ask_open_day(Ctx *ctx, void *arg)
{
    Days *days = arg;
    return ledger_open_day(ctx, books_day(days->asked), &days->open);
}

static Date open_day(Ctx *ctx, const char *asked)
{
    Days days = { .asked = asked };
    CHECK_OK(ctx, tenant_read(ctx, ask_open_day, &days));
    return days.open;
}

static void test_months_lock(void)
{
    Ctx *ctx = test_ctx();
    House house = open_house(ctx);
    Id party = books_party(ctx, "Northquay");
    BooksEntry entry = { .on = "2026-01-20",
                         .lines = "cash:5.00 sales:-5.00",
                         .source = { &party_entity, party } };
    Days january = { .asked = "2026-01-20" };
    CHECK_OK(ctx, tenant_read(ctx, ask_day, &january));
    books_must(ctx, act_on_months, &(Months){ "2026-03-02", "lock", "2026-01-31" });
    CHECK_FAILS(ctx, "ledger.period_locked", tenant_read(ctx, ask_day, &january));
    CHECK_FAILS(ctx, "ledger.period_locked", tenant_transact(ctx, books_post, &entry));
    CHECK_INT(open_day(ctx, "2026-01-20"), books_day("2026-02-01"));
    CHECK_INT(open_day(ctx, "2026-02-11"), books_day("2026-02-11"));
    // The year before is not there, and cannot be opened behind the lock.
    CHECK_INT(open_day(ctx, "2024-08-11"), books_day("2026-02-01"));
    entry.on = "2024-08-11";
    CHECK_FAILS(ctx, "ledger.period_locked", tenant_transact(ctx, books_post, &entry));

    books_must(ctx, act_on_months, &(Months){ "2026-03-02", "reopen", "2025-04-01" });
    entry.on = "2026-01-20";
    CHECK_OK(ctx, tenant_transact(ctx, books_post, &entry));
    CHECK_FAILS(
        ctx, "ledger.no_month",
        tenant_transact(ctx, act_on_months, &(Months){ "2026-03-02", "lock", "2025-04-15" }));
    books_verify(ctx);
    house_close(&house);
}

static void test_closing_months_take_postings_of_those_who_close(void)
{
    Ctx *ctx = test_ctx();
    House house = open_house(ctx);
    Id party = books_party(ctx, "Northquay");
    BooksEntry entry = { .on = "2026-01-20",
                         .lines = "cash:5.00 sales:-5.00",
                         .source = { &party_entity, party } };
    books_must(ctx, act_on_months, &(Months){ "2026-03-02", "close", "2026-01-31" });
    CHECK_OK(ctx, tenant_transact(ctx, books_post, &entry));
    ctx->actor = house_actor(ctx, "ledger.post");
    CHECK_FAILS(ctx, "ledger.period_locked", tenant_transact(ctx, books_post, &entry));
    CHECK_INT(open_day(ctx, "2026-01-20"), books_day("2026-02-01"));
    house_close(&house);
}

// ---- Open items ---------------------------------------------------------------------------------

typedef struct Matching {
    Id debit, credit;
    const char *amount;  // NULL: as far as both are open
    Money matched;
} Matching;

static Status item_of_entry(Ctx *ctx, Id entry, Id *ret)
{
    return db_one(ctx, SQL("SELECT id FROM open_item WHERE entry_id = $1", entry), ret);
}

static Status match(Ctx *ctx, void *arg)
{
    Matching *m = arg;
    Id debit, credit;
    TRY(item_of_entry(ctx, m->debit, &debit));
    TRY(item_of_entry(ctx, m->credit, &credit));
    return item_allocate(ctx, debit, credit, m->amount ? books_money(m->amount) : (Money){ 0 },
                         books_day("2026-03-02"), &m->matched);
}

typedef struct Owed {
    Id party;
    Money owed;
} Owed;

static Status ask_exposure(Ctx *ctx, void *arg)
{
    Owed *owed = arg;
    return party_exposure(ctx, owed->party, &owed->owed);
}

static int64_t exposure(Ctx *ctx, Id party)
{
    Owed owed = { .party = party };
    CHECK_OK(ctx, tenant_read(ctx, ask_exposure, &owed));
    return owed.owed.minor;
}

static Id posted(Ctx *ctx, Id party, const char *lines, const char *currency, int64_t fx)
{
    BooksEntry entry = {
        .on = "2026-03-02", .lines = lines, .currency = currency, .fx = { fx }, .party = party
    };
    CHECK_OK(ctx, tenant_transact(ctx, books_post, &entry));
    return entry.ret;
}

static void test_items_are_matched_as_far_as_both_are_open(void)
{
    Ctx *ctx = test_ctx();
    House house = open_house(ctx);
    Id party = books_party(ctx, "Northquay"), other = books_party(ctx, "Southquay");
    Matching m = { .debit = posted(ctx, party, "receivable:100.00 sales:-100.00", NULL, 0),
                   .credit = posted(ctx, party, "cash:150.00 receivable:-150.00", NULL, 0) };
    CHECK_INT(exposure(ctx, party), -5000);
    m.amount = "30.00";
    CHECK_OK(ctx, tenant_transact(ctx, match, &m));
    CHECK_INT(m.matched.minor, 3000);
    m.amount = NULL;
    CHECK_OK(ctx, tenant_transact(ctx, match, &m));
    CHECK_INT(m.matched.minor, 7000);
    CHECK_OK(ctx, tenant_transact(ctx, match, &m));
    CHECK_INT(m.matched.minor, 0);
    CHECK_INT(exposure(ctx, party), -5000);

    Matching crossed = { .debit = posted(ctx, other, "receivable:10.00 sales:-10.00", NULL, 0),
                         .credit = m.credit };
    CHECK_FAILS(ctx, "ledger.not_together", tenant_transact(ctx, match, &crossed));
    Matching foreign = { .debit = posted(ctx, party, "receivable:10.00 sales:-10.00", "USD",
                                         -1250000000),
                         .credit = m.credit };
    CHECK_FAILS(ctx, "ledger.two_currencies", tenant_transact(ctx, match, &foreign));
    Matching turned = { .debit = m.credit, .credit = m.debit };
    CHECK_FAILS(ctx, "ledger.one_side", tenant_transact(ctx, match, &turned));
    books_verify(ctx);
    house_close(&house);
}

// Invoiced at 0.80, half paid at 0.75 and half at 0.90: 2.50 lost, then 5.00 gained.
static void test_exchange_differences_are_posted(void)
{
    Ctx *ctx = test_ctx();
    House house = open_house(ctx);
    Id party = books_party(ctx, "Northquay");
    Id sale = posted(ctx, party, "receivable:100.00 sales:-100.00", "USD", -1250000000);
    Id low = posted(ctx, party, "bank:50.00=37.50 receivable:-50.00=-37.50", "USD", 0);
    Id high = posted(ctx, party, "bank:50.00=45.00 receivable:-50.00=-45.00", "USD", 0);
    CHECK_OK(ctx, tenant_transact(ctx, match, &(Matching){ .debit = sale, .credit = low }));
    CHECK_INT(books_balance(ctx, "6800").minor, 250);
    CHECK_OK(ctx, tenant_transact(ctx, match, &(Matching){ .debit = sale, .credit = high }));
    CHECK_INT(books_balance(ctx, "4800").minor, -500);
    CHECK_INT(books_balance(ctx, "1200").minor, 0);
    CHECK_INT(exposure(ctx, party), 0);
    books_verify(ctx);
    house_close(&house);
}

// ---- Turning round ------------------------------------------------------------------------------

typedef struct Turning {
    Id entry, ret;
} Turning;

static Status turn_round(Ctx *ctx, void *arg)
{
    Turning *turning = arg;
    return ledger_reverse(ctx, turning->entry, books_day("2026-03-05"), &turning->ret);
}

static void test_a_reversal_undoes_everything(void)
{
    Ctx *ctx = test_ctx();
    House house = open_house(ctx);
    Id party = books_party(ctx, "Northquay");
    Id sale = posted(ctx, party, "receivable:100.00 sales:-100.00", "USD", -1250000000);
    Turning payment = { .entry = posted(ctx, party, "bank:60.00=45.00 receivable:-60.00=-45.00",
                                        "USD", 0) };
    CHECK_OK(ctx,
             tenant_transact(ctx, match, &(Matching){ .debit = sale, .credit = payment.entry }));
    CHECK_INT(books_balance(ctx, "6800").minor, 300);

    CHECK_OK(ctx, tenant_transact(ctx, turn_round, &payment));
    CHECK_STR(books_lines(ctx, payment.ret), "1100:-45.00 1200:45.00");
    CHECK_INT(books_balance(ctx, "6800").minor, 0);
    CHECK_INT(books_balance(ctx, "1100").minor, 0);
    CHECK_INT(exposure(ctx, party), 8000);
    CHECK_FAILS(ctx, "ledger.reversed_already", tenant_transact(ctx, turn_round, &payment));
    Turning sold = { .entry = sale };
    CHECK_OK(ctx, tenant_transact(ctx, turn_round, &sold));
    CHECK_INT(exposure(ctx, party), 0);
    CHECK_INT(
        fixture_number(ctx, house.tenant->db, "SELECT count(*) FROM open_item WHERE open <> 0"), 0);
    books_verify(ctx);
    house_close(&house);
}

// ---- Vouchers -----------------------------------------------------------------------------------

typedef struct Written {
    const char *debit, *credit;  // 6100 and 1110
    Id id;
    const char *action, *input;
} Written;

static Status write_voucher(Ctx *ctx, void *arg)
{
    Written *w = arg;
    Voucher *voucher = voucher_new(ctx);
    Id expense, cash;
    TRY(account_find(ctx, "account_code", S("6100"), &expense));
    TRY(account_find(ctx, "account_code", S("1110"), &cash));
    voucher->wording = S("Stamps");
    *list_push(ctx->arena, &voucher->lines) =
        (VoucherLine){ .account = expense, .debit = books_money(w->debit) };
    *list_push(ctx->arena, &voucher->lines) =
        (VoucherLine){ .account = cash, .credit = books_money(w->credit) };
    TRY(voucher_save(ctx, voucher));
    w->id = voucher->record.id;
    return OK;
}

static Status act_on_voucher(Ctx *ctx, void *arg)
{
    Written *w = arg;
    const Json *input = NULL;
    Link made;
    if (w->input)
        TRY(json_parse(ctx, str_from(w->input), &input));
    TRY(action_run(ctx, &voucher_entity, w->id, 0, w->action, input, 0, &made));
    return OK;
}

static void test_vouchers_are_posted_and_reversed(void)
{
    Ctx *ctx = test_ctx();
    House house = open_house(ctx);
    Written w = { .debit = "12.00", .credit = "12.00" };
    Written uneven = { .debit = "12.00", .credit = "11.00", .action = "post" };
    Written empty = { .debit = "0.00", .credit = "0.00", .action = "post" };
    books_must(ctx, write_voucher, &w);
    books_must(ctx, write_voucher, &uneven);
    books_must(ctx, write_voucher, &empty);
    CHECK_FAILS(ctx, "ledger.voucher_unbalanced", tenant_transact(ctx, act_on_voucher, &uneven));
    CHECK_FAILS(ctx, "ledger.voucher_empty", tenant_transact(ctx, act_on_voucher, &empty));
    CHECK_FAILS(
        ctx, "ledger.drafts_left",
        tenant_transact(ctx, act_on_months, &(Months){ "2026-03-02", "lock", "2026-03-31" }));
    w.action = "post";
    CHECK_OK(ctx, tenant_transact(ctx, act_on_voucher, &w));
    CHECK_INT(books_balance(ctx, "6100").minor, 1200);
    w.action = "reverse";
    w.input = "{\"on\":\"2026-03-03\"}";
    CHECK_OK(ctx, tenant_transact(ctx, act_on_voucher, &w));
    CHECK_INT(books_balance(ctx, "6100").minor, 0);
    CHECK_FAILS(ctx, "ledger.reversed_already", tenant_transact(ctx, act_on_voucher, &w));
    books_verify(ctx);
    house_close(&house);
}

// ---- Many at once -------------------------------------------------------------------------------

enum { MANY = 90, LINES = 43 };  // statements of 32, 8, 2 and 1 rows

typedef struct Many {
    Id cash, sales;
    size_t broken;  // this entry does not balance; MANY: none
    Id ids[MANY];
} Many;

static EntrySpec many_spec(Ctx *ctx, const Many *many, size_t at)
{
    static const char *const days[] = { "2026-03-02", "2025-03-31", "2026-02-28" };  // two years
    EntrySpec spec = { .on = books_day(days[at % COUNT(days)]),
                       .source = { &account_entity, many->cash },
                       .wording = str_format(ctx->arena, "W-%zu", at),
                       .currency = ctx->tenant->base };
    for (int i = 0; at != 5 && i < (at == 7 ? LINES : 1); i++)
        *list_push(ctx->arena, &spec.postings) =
            (Posting){ .account = many->cash, .amount = { 100 + i } };
    for (int i = 0; at != 5 && i < (at == 7 ? LINES : 1); i++)
        *list_push(ctx->arena, &spec.postings) =
            (Posting){ .account = many->sales, .amount = { -100 - i - (at == many->broken) } };
    return spec;
}

static Status post_many(Ctx *ctx, void *arg)
{
    Many *many = arg;
    EntrySpec specs[MANY];
    for (size_t i = 0; i < MANY; i++)
        specs[i] = many_spec(ctx, many, i);
    return ledger_post_many(ctx, specs, MANY, many->ids);
}

static Status count_numbers(Ctx *ctx, void *arg)
{
    int64_t *ret = arg;
    return db_one(ctx,
                  SQL("SELECT count(*) FROM journal_entry WHERE number IN"
                      " ('JE-24-25-000001', 'JE-24-25-000030', 'JE-25-26-000001',"
                      " 'JE-25-26-000059')"),
                  ret);
}

static void test_many_entries_at_once(void)
{
    Ctx *ctx = test_ctx();
    House house = open_house(ctx);
    Many many = { books_account(ctx, "1110"), books_account(ctx, "4100"), .broken = 70 };
    int64_t known;
    CHECK_FAILS(ctx, "ledger.unbalanced", tenant_transact(ctx, post_many, &many));
    CHECK_INT(books_balance(ctx, "1110").minor, 0);
    many.broken = MANY;
    CHECK_OK(ctx, tenant_transact(ctx, post_many, &many));
    CHECK_INT(books_balance(ctx, "1110").minor, (MANY - 2) * 100 + LINES * 100 + LINES * 21);
    CHECK_INT(many.ids[5], 0);  // it had no lines
    CHECK_OK(ctx, tenant_read(ctx, count_numbers, &known));
    CHECK_INT(known, 4);
    books_verify(ctx);
    house_close(&house);
}

// ---- Verify -------------------------------------------------------------------------------------

static Status fill_days(Ctx *ctx, void *arg)
{
    (void)arg;
    TRY(db_write(ctx, SQL("DELETE FROM account_day")));
    return db_write(ctx, (Query){ ledger_migrations[0].sql, NULL, 0 });
}

static Status tamper_day(Ctx *ctx, void *arg)
{
    (void)arg;
    return db_write(ctx, SQL("UPDATE account_day SET credit = credit + 1 WHERE credit > 0"));
}

static Status tamper_total(Ctx *ctx, void *arg)
{
    (void)arg;
    return db_write(ctx,
                    SQL("UPDATE account_total SET debit_base = debit_base + 1 WHERE debit > 0"));
}

static Status tamper_item(Ctx *ctx, void *arg)
{
    (void)arg;
    return db_write(ctx, SQL("UPDATE open_item SET open = open - 1"));
}

static int64_t findings(Ctx *ctx)
{
    VerifyRun run = { 0 };
    CHECK_OK(ctx, verify_run(ctx, &run));
    return run.findings;
}

static void test_verify_finds_what_was_tampered_with(void)
{
    Ctx *ctx = test_ctx();
    House house = open_house(ctx);
    posted(ctx, books_party(ctx, "Northquay"), "receivable:100.00 sales:-100.00", NULL, 0);
    CHECK_INT(findings(ctx), 0);
    books_must(ctx, tamper_total, NULL);
    CHECK_INT(findings(ctx), 2);  // the total, and the balance sheet that rests on it
    books_must(ctx, tamper_item, NULL);
    CHECK_INT(findings(ctx), 4);  // against the books, and against what was matched
    books_must(ctx, tamper_day, NULL);
    CHECK_INT(findings(ctx), 5);
    books_must(ctx, fill_days, NULL);  // as in a company that was there before days were kept
    CHECK_INT(findings(ctx), 4);
    house_close(&house);
}

const Test ledger_tests[] = {
    { "the rule that says most wins", test_the_rule_that_says_most_wins },
    { "entries are posted or refused", test_entries_are_posted_or_refused },
    { "closed accounts and missing rules", test_closed_accounts_and_missing_rules },
    { "Indian accounts by component", test_indian_accounts_by_component },
    { "months lock", test_months_lock },
    { "closing months take postings of those who close",
      test_closing_months_take_postings_of_those_who_close },
    { "items are matched as far as both are open", test_items_are_matched_as_far_as_both_are_open },
    { "exchange differences are posted", test_exchange_differences_are_posted },
    { "a reversal undoes everything", test_a_reversal_undoes_everything },
    { "vouchers are posted and reversed", test_vouchers_are_posted_and_reversed },
    { "many entries at once", test_many_entries_at_once },
    { "verify finds what was tampered with", test_verify_finds_what_was_tampered_with },
    { 0 },
};
