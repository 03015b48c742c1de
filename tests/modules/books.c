// books.c - small words for talking about the books.
#include "modules/books.h"

#include "base/buf.h"
#include "kernel/verify.h"

Date books_day(const char *text)
{
    Date day = 0;
    if (!date_parse(str_from(text), &day))
        test_fail(__FILE__, __LINE__, "'%s' is no day", text);
    return day;
}

Money books_money(const char *text)
{
    Money money = { 0 };
    if (!decimal_parse(str_from(text), 2, &money.minor))
        test_fail(__FILE__, __LINE__, "'%s' is no amount", text);
    return money;
}

void books_must(Ctx *ctx, TxFn fn, void *arg)
{
    if (tenant_transact(ctx, fn, arg) == OK)
        return;
    fprintf(stderr, "books: %s: " STR_FMT "\n", ctx->failure.code, STR_ARG(ctx->failure.message));
    EACH (p, ctx->failure.problems)
        fprintf(stderr, "  " STR_FMT ": " STR_FMT "\n", STR_ARG(p->path), STR_ARG(p->message));
    exit(2);
}

// ---- Preparing ----------------------------------------------------------------------------------

typedef struct Wanted {
    const char *name;
    Id ret;
} Wanted;

static Status make_party(Ctx *ctx, void *arg)
{
    Wanted *wanted = arg;
    Party *party = party_new(ctx);
    party->name = str_from(wanted->name);
    party->is_customer = true;
    TRY(party_save(ctx, party));
    wanted->ret = party->record.id;
    return OK;
}

Id books_party(Ctx *ctx, const char *name)
{
    Wanted wanted = { .name = name };
    books_must(ctx, make_party, &wanted);
    return wanted.ret;
}

static Status make_seat(Ctx *ctx, void *arg)
{
    const Postal *seat = arg;
    Place *place = place_new(ctx);
    place->place_code = S("SEAT");
    place->name = S("Seat");
    place->kind = PLACE_KIND_COMPANY;
    place->postal = *seat;
    return place_save(ctx, place);
}

void books_seat(Ctx *ctx, const char *country, const char *region)
{
    books_must(ctx, make_seat,
               &(Postal){ .country = str_from(country), .region = str_from(region) });
}

static Status find_account(Ctx *ctx, void *arg)
{
    Wanted *wanted = arg;
    return account_find(ctx, "account_code", str_from(wanted->name), &wanted->ret);
}

Id books_account(Ctx *ctx, const char *code)
{
    Wanted wanted = { .name = code };
    CHECK_OK(ctx, tenant_read(ctx, find_account, &wanted));
    CHECK(wanted.ret != 0);
    return wanted.ret;
}

static void tell(const char *check, Str sentence, void *arg)
{
    (void)arg;
    test_fail(__FILE__, __LINE__, "verify %s: " STR_FMT, check, STR_ARG(sentence));
}

void books_verify(Ctx *ctx)
{
    VerifyRun run = { .report = tell };
    CHECK_OK(ctx, verify_run(ctx, &run));
}

// ---- Entries ------------------------------------------------------------------------------------

// "output_tax/cgst:-20.00=-16.00"
static Posting posting_of(const BooksEntry *entry, Str word)
{
    Str purpose = S(""), kind, amount = S(""), base = S("");
    str_next(&word, ':', &kind);
    str_next(&word, '=', &amount);
    str_next(&word, '=', &base);
    str_next(&kind, '/', &purpose);
    Posting posting = { .purpose = (Purpose)enum_value(&purpose_enum, purpose),
                        .kind_code = kind,
                        .channel = entry->channel,
                        .place = entry->place };
    CHECK(posting.purpose != PURPOSE_NONE);
    CHECK(decimal_parse(amount, 2, &posting.amount.minor));
    CHECK(base.len == 0 || decimal_parse(base, 2, &posting.base.minor));
    if (posting.purpose == PURPOSE_RECEIVABLE || posting.purpose == PURPOSE_PAYABLE)
        posting.party = entry->party;
    return posting;
}

Status books_post(Ctx *ctx, void *arg)
{
    BooksEntry *entry = arg;
    EntrySpec spec = { .on = books_day(entry->on),
                       .source =
                           entry->source.id ? entry->source : (Link){ &party_entity, entry->party },
                       .currency = ctx->tenant->base,
                       .fx = entry->fx,
                       .number = str_from(entry->number ? entry->number : "D-1") };
    Str rest = str_from(entry->lines), word;
    if (entry->currency)
        CHECK(currency_parse(str_from(entry->currency), &spec.currency));
    while (str_next_word(&rest, &word))
        *list_push(ctx->arena, &spec.postings) = posting_of(entry, word);
    return ledger_post(ctx, &spec, &entry->ret);
}

// ---- Reading back -------------------------------------------------------------------------------

typedef struct Reading {
    Id entry;
    Id account;
    Str text;
    Money amount;
} Reading;

static Status read_lines(Ctx *ctx, void *arg)
{
    Reading *reading = arg;
    Buf out = { .arena = ctx->arena };
    Str code;
    Money base;
    CurrencyCode currency = ctx->tenant->base;
    Rows *rows =
        db_query(ctx, SQL("SELECT a.account_code, l.base FROM journal_line l"
                          " JOIN account a ON a.id = l.account_id WHERE l.journal_entry_id = $1"
                          " ORDER BY a.account_code, l.id",
                          reading->entry));
    while (rows_next(rows, &code, &base)) {
        Str amount = money_text(ctx->arena, base, currency);
        buf_printf(&out, "%s" STR_FMT ":" STR_FMT, out.len ? " " : "", STR_ARG(code),
                   STR_ARG(amount));
    }
    reading->text = buf_str(&out);
    return rows_end(rows);
}

Str books_lines(Ctx *ctx, Id entry)
{
    Reading reading = { .entry = entry };
    CHECK_OK(ctx, tenant_read(ctx, read_lines, &reading));
    return reading.text;
}

static Status read_balance(Ctx *ctx, void *arg)
{
    Reading *reading = arg;
    return db_one(ctx,
                  SQL("SELECT CAST(COALESCE(sum(debit_base - credit_base), 0) AS BIGINT)"
                      " FROM account_total WHERE account_id = $1",
                      reading->account),
                  &reading->amount);
}

Money books_balance(Ctx *ctx, const char *code)
{
    Reading reading = { .account = books_account(ctx, code) };
    CHECK_OK(ctx, tenant_read(ctx, read_balance, &reading));
    return reading.amount;
}
