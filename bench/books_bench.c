// books_bench.c - the books at size: 100,000 two-line entries out of a text file, beside the tool
// `ledger` (Debian package ledger) reading the same file; then balances over a million journal
// lines, beside a C loop over the same amounts in memory.
//
//     books-bench [entries [lines]]
//
// Ours is durable, checked and numbered: the file is read entry by entry, PIECE of them go through
// ledger_post_many() in one transaction. `ledger` reads the file and forgets it. The entries of the
// million lines are posted one by one, as documents do.
#include "frame.h"
#include "stand.h"

#include "gen/finance.gen.h"
#include "kernel/report.h"
#include "modules/books.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    ENTRIES = 100000,
    LINES = 1000000,
    PIECE = 2000,  // entries from text a transaction
    WIDE = 10,
    WIDE_PIECE = 200,
    ACCOUNTS = 6,
    REPEATS = 20
};

// Sales of the year's days, in one account or another.
static const char *const codes[ACCOUNTS] = { "1100", "1110", "2200", "3200", "4100", "6100" };

typedef struct Books {
    Ctx *ctx;
    Id accounts[ACCOUNTS], party;
    Date first;        // of the year
    int64_t *amounts;  // of every line posted, with
    uint8_t *numbers;  // its account, for the loop in C
    size_t len;
} Books;

// ---- Posting ------------------------------------------------------------------------------------

typedef struct Text {  // a file being read
    FILE *file;
    char line[200];
} Text;

static Str next_line(Text *text)
{
    return fgets(text->line, sizeof text->line, text->file) ? str_trim(str_from(text->line))
                                                            : S("");
}

// "1100  12.34": the account and its amount.
static void read_posting(Ctx *ctx, const Books *books, Str line, PostingList *postings)
{
    Str code = S(""), amount = S("");
    Posting posting = { 0 };
    CHECK(str_next_word(&line, &code) && str_next_word(&line, &amount));
    CHECK(decimal_parse(str_trim(amount), 2, &posting.amount.minor));
    for (size_t i = 0; i < ACCOUNTS; i++)
        if (str_is(code, codes[i]))
            posting.account = books->accounts[i];
    *list_push(ctx->arena, postings) = posting;
}

// "2026-04-01 Sale 17", its lines, an empty one. False at the end of the file.
static bool read_entry(Ctx *ctx, const Books *books, Text *text, EntrySpec *ret)
{
    Str line = next_line(text);
    *ret = (EntrySpec){ .source = { &party_entity, books->party }, .currency = ctx->tenant->base };
    if (line.len == 0)
        return false;
    CHECK(date_parse(str_sub(line, 0, 10), &ret->on));
    ret->wording = ret->number = str_copy(ctx->arena, str_from_at(line, 11));
    while ((line = next_line(text)).len)
        read_posting(ctx, books, line, &ret->postings);
    return true;
}

typedef LIST(EntrySpec) SpecList;

static void read_piece(Ctx *ctx, const Books *books, Text *text, SpecList *ret)
{
    EntrySpec spec;
    *ret = (SpecList){ 0 };
    while (ret->len < PIECE && read_entry(ctx, books, text, &spec))
        *list_push(ctx->arena, ret) = spec;
}

static Status post_piece(Ctx *ctx, void *arg)
{
    const SpecList *specs = arg;
    return ledger_post_many(ctx, specs->items, specs->len, NEW_ARRAY(ctx->arena, Id, specs->len));
}

typedef struct WidePiece {
    const Books *books;
    int64_t first;  // number of the first entry
} WidePiece;

static int64_t amount_of(int64_t number)
{
    return 1000 + number * 7919 % 90000;
}

static Status post_one(Ctx *ctx, const Books *books, int64_t number)
{
    Id entry;
    EntrySpec spec = { .on = books->first + (Date)(number % 365),
                       .source = { &party_entity, books->party },
                       .wording = S("Day's sales"),
                       .currency = ctx->tenant->base };
    for (int line = 0; line < WIDE; line++) {
        int64_t amount = amount_of(number + line / 2);
        *list_push(ctx->arena, &spec.postings) =
            (Posting){ .account = books->accounts[(number + line) % ACCOUNTS],
                       .amount = { line % 2 ? -amount : amount } };
    }
    return ledger_post(ctx, &spec, &entry);
}

static Status post_wide(Ctx *ctx, void *arg)
{
    const WidePiece *piece = arg;
    for (int64_t i = 0; i < WIDE_PIECE; i++)
        TRY(post_one(ctx, piece->books, piece->first + i));
    return OK;
}

// ---- The text file ------------------------------------------------------------------------------

static void write_text(Ctx *ctx, const Books *books, int entries, FILE *file)
{
    for (int i = 0; i < entries; i++) {
        ArenaMark mark = arena_mark(ctx->arena);
        Str amount = decimal_text(ctx->arena, amount_of(i), 2);
        fprintf(file, STR_FMT " Sale %d\n    %s  " STR_FMT "\n    %s  -" STR_FMT "\n\n",
                STR_ARG(date_text(ctx->arena, books->first + i % 365)), i, codes[i % ACCOUNTS],
                STR_ARG(amount), codes[(i + 1) % ACCOUNTS], STR_ARG(amount));
        arena_rewind(ctx->arena, mark);
    }
}

typedef struct Ran {
    double cpu_us, mib;
} Ran;

// `ledger` on the file; {0} when it is not installed.
static Ran run_ledger(const char *path)
{
    struct rusage used = { 0 };
    int state = 0;
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        if (!freopen("/dev/null", "w", stdout) || !freopen("/dev/null", "w", stderr))
            _exit(127);
        execlp("ledger", "ledger", "--input-date-format", "%Y-%m-%d", "-f", path, "balance",
               (char *)NULL);
        _exit(127);
    }
    if (wait4(child, &state, 0, &used) < 0 || !WIFEXITED(state) || WEXITSTATUS(state) != 0)
        return (Ran){ 0 };
    return (Ran){ (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1e6 +
                      (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec),
                  (double)used.ru_maxrss / 1024 };
}

static double peak_mib(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)used.ru_maxrss / 1024;
}

static void trial_balance(void *arg);

static void import_file(Books *books, FILE *file)
{
    Ctx *ctx = books->ctx;
    Text text = { .file = file };
    SpecList specs;
    do {
        ArenaMark mark = arena_mark(ctx->arena);
        read_piece(ctx, books, &text, &specs);
        if (specs.len)
            CHECK_OK(ctx, tenant_transact(ctx, post_piece, &specs));
        arena_rewind(ctx->arena, mark);
    } while (specs.len);
}

static void import_text(Books *books, int entries)
{
    char path[] = "/tmp/books-bench-XXXXXX";
    int fd = mkstemp(path);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w+");
    if (!file)
        test_fail(__FILE__, __LINE__, "%s cannot be written", path);
    write_text(books->ctx, books, entries, file);
    rewind(file);
    Ran tool = run_ledger(path);
    Spent start = spent_now();
    import_file(books, file);
    trial_balance(books);
    Spent spent = spent_since(start);
    frame_row(&(Figure){ "text ledger in, trial balance out, s CPU", "0.9 s", tool.cpu_us / 1e6,
                         spent.cpu_us / 1e6 });
    frame_row(&(Figure){ "  the same, s on the clock", NULL, 0, spent.wall_us / 1e6 });
    frame_row(&(Figure){ "  an entry, us CPU", NULL, 0, spent.cpu_us / entries });
    frame_row(&(Figure){ "  memory at most, MiB", "100 MiB", tool.mib, peak_mib() });
    if (tool.cpu_us <= 0)
        printf("`ledger` is not installed (apt-get install ledger): no floor\n");
    fclose(file);
    unlink(path);
}

// ---- A million lines ----------------------------------------------------------------------------

static void post_million(Books *books, int64_t lines)
{
    Ctx *ctx = books->ctx;
    int64_t entries = lines / WIDE;
    Spent start = spent_now();
    for (int64_t done = 0; done < entries; done += WIDE_PIECE) {
        ArenaMark here = arena_mark(ctx->arena);
        WidePiece piece = { .books = books, .first = done };
        CHECK_OK(ctx, tenant_transact(ctx, post_wide, &piece));
        arena_rewind(ctx->arena, here);
    }
    frame_row(&(Figure){ "posting an entry of ten lines, us CPU", NULL, 0,
                         spent_since(start).cpu_us / (double)entries });
}

typedef struct Asked {
    const char *report;
    PeriodParams period;
} Asked;

static Status run_report(Ctx *ctx, void *arg)
{
    const Asked *asked = arg;
    ReportRows rows;
    TRY(report_run(ctx, report_named(str_from(asked->report)), &asked->period, &rows));
    return rows.rows.len ? OK : FAIL(ctx, E_INTERNAL, "books.empty", "nothing was reported");
}

static void ask(Books *books, const char *report, Date to)
{
    ArenaMark mark = arena_mark(books->ctx->arena);
    Asked asked = { report, { .from_on = books->first, .to_on = to } };
    CHECK_OK(books->ctx, tenant_read(books->ctx, run_report, &asked));
    arena_rewind(books->ctx->arena, mark);
}

enum { FULL_YEAR = 364, MID_MONTH = 350 };  // days after the first

static void trial_balance(void *arg)
{
    Books *books = arg;
    ask(books, "finance.trial_balance", books->first + FULL_YEAR);
}

static void trial_mid_month(void *arg)
{
    Books *books = arg;
    ask(books, "finance.trial_balance", books->first + MID_MONTH);
}

static void profit(void *arg)
{
    Books *books = arg;
    ask(books, "finance.profit_and_loss", books->first + FULL_YEAR);
}

static void scan(void *arg)
{
    const Books *books = arg;
    volatile int64_t sums[ACCOUNTS] = { 0 };
    for (size_t i = 0; i < books->len; i++)
        sums[books->numbers[i]] += books->amounts[i];
}

static void fill_scan(Books *books, int64_t lines)
{
    books->len = (size_t)lines;
    books->amounts = calloc(books->len, sizeof *books->amounts);
    books->numbers = calloc(books->len, sizeof *books->numbers);
    for (size_t i = 0; books->amounts && books->numbers && i < books->len; i++) {
        books->amounts[i] = amount_of((int64_t)i);
        books->numbers[i] = (uint8_t)(i % ACCOUNTS);
    }
}

static void measure_reports(Books *books)
{
    const Work works[] = {
        { "trial balance of a year, us CPU", "5 ms", scan, trial_balance, books, 1, REPEATS, 0 },
        { "trial balance to the middle of a month, us CPU", "5 ms", scan, trial_mid_month, books, 1,
          REPEATS, 0 },
        { "profit and loss of a year, us CPU", "5 ms", scan, profit, books, 1, REPEATS, 0 },
    };
    for (size_t i = 0; i < COUNT(works); i++)
        frame_measure(&works[i]);
}

int main(int argc, char **argv)
{
    int64_t entries = ENTRIES, lines = LINES;
    if ((argc > 1 && !str_int(str_from(argv[1]), &entries)) ||
        (argc > 2 && !str_int(str_from(argv[2]), &lines))) {
        fprintf(stderr, "usage: books-bench [entries [lines]]\n");
        return 2;
    }
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    Books books = { .ctx = ctx, .party = books_party(ctx, "Northquay") };
    books.first = tenant_fiscal_start(ctx, tenant_today(ctx));
    for (size_t i = 0; i < ACCOUNTS; i++)
        books.accounts[i] = books_account(ctx, codes[i]);
    frame_head(fixture_is_postgres() ? "the books, PostgreSQL" : "the books, SQLite");
    import_text(&books, (int)entries);
    fill_scan(&books, lines);
    post_million(&books, lines - 2 * entries > 0 ? lines - 2 * entries : 0);
    measure_reports(&books);
    house_close(&house);
    free(books.amounts);
    free(books.numbers);
    return 0;
}
