// books_bench.c - the books at size: 100,000 two-line entries out of a text file, beside the tool
// `ledger` (Debian package ledger) reading the same file; then balances over a million journal
// lines, beside a C loop over the same amounts in memory.
//
//     books-bench [entries [lines]]
//
// Ours is durable, checked and numbered: every entry goes through ledger_post(), PIECE of them a
// transaction. `ledger` reads the file and forgets it.
#include "frame.h"
#include "stand.h"

#include "gen/finance.gen.h"
#include "kernel/report.h"
#include "modules/books.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ENTRIES = 100000, LINES = 1000000, PIECE = 200, WIDE = 10, ACCOUNTS = 6, REPEATS = 20 };

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

typedef struct Piece {
    Books *books;
    Str text;  // rest of the file; entries from the front are taken
    int entries, width;
    int64_t first;  // number of the first entry, where there is no text
} Piece;

static Status post(Ctx *ctx, Books *books, Date on, const PostingList *postings, Str words)
{
    Id entry;
    return ledger_post(ctx,
                       &(EntrySpec){ .on = on,
                                     .source = { &party_entity, books->party },
                                     .wording = words,
                                     .currency = ctx->tenant->base,
                                     .number = words,
                                     .postings = *postings },
                       &entry);
}

// "    1100      12.34": the account and its amount.
static Status read_line(Ctx *ctx, const Books *books, Str line, PostingList *postings)
{
    Str code = S(""), amount = S("");
    Money money;
    if (!str_next_word(&line, &code) || !str_next_word(&line, &amount) ||
        !decimal_parse(amount, 2, &money.minor))
        return FAIL(ctx, E_INVALID, "books.line", "no account and amount");
    for (size_t i = 0; i < ACCOUNTS; i++)
        if (str_is(code, codes[i]))
            *list_push(ctx->arena, postings) =
                (Posting){ .account = books->accounts[i], .amount = money };
    return OK;
}

// "2026-04-01 Sale 17", two lines, an empty one.
static Status post_text(Ctx *ctx, void *arg)
{
    Piece *piece = arg;
    Str text = piece->text, line = S("");
    for (int i = 0; i < piece->entries; i++) {
        PostingList postings = { 0 };
        Date on;
        Str words = S("");
        if (!str_next(&text, '\n', &words) || !date_parse(str_sub(words, 0, 10), &on))
            return FAIL(ctx, E_INVALID, "books.day", "no day");
        while (str_next(&text, '\n', &line) && line.len)
            TRY(read_line(ctx, piece->books, line, &postings));
        TRY(post(ctx, piece->books, on, &postings, str_from_at(words, 11)));
    }
    piece->text = text;  // again from the old place, should the member run twice
    return OK;
}

static int64_t amount_of(int64_t number)
{
    return 1000 + number * 7919 % 90000;
}

static Status post_wide(Ctx *ctx, void *arg)
{
    const Piece *piece = arg;
    Books *books = piece->books;
    for (int i = 0; i < piece->entries; i++) {
        int64_t number = piece->first + i;
        PostingList postings = { 0 };
        for (int line = 0; line < piece->width; line++) {
            int64_t amount = amount_of(number + line / 2);
            *list_push(ctx->arena, &postings) =
                (Posting){ .account = books->accounts[(number + line) % ACCOUNTS],
                           .amount = { line % 2 ? -amount : amount } };
        }
        TRY(post(ctx, books, books->first + (Date)(number % 365), &postings, S("Day's sales")));
    }
    return OK;
}

// ---- The text file ------------------------------------------------------------------------------

static Str write_text(Ctx *ctx, const Books *books, int entries)
{
    Buf out = { .arena = ctx->arena };
    for (int i = 0; i < entries; i++) {
        Str amount = decimal_text(ctx->arena, amount_of(i), 2);
        buf_printf(&out, STR_FMT " Sale %d\n    %s  " STR_FMT "\n    %s  -" STR_FMT "\n\n",
                   STR_ARG(date_text(ctx->arena, books->first + i % 365)), i, codes[i % ACCOUNTS],
                   STR_ARG(amount), codes[(i + 1) % ACCOUNTS], STR_ARG(amount));
    }
    return buf_str(&out);
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

static Ran beside_ledger(Str text)
{
    char path[] = "/tmp/books-bench-XXXXXX";
    int fd = mkstemp(path);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    if (!file || fwrite(text.ptr, 1, text.len, file) != text.len || fclose(file) != 0)
        test_fail(__FILE__, __LINE__, "%s cannot be written", path);
    Ran ran = run_ledger(path);
    unlink(path);
    return ran;
}

static double peak_mib(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return (double)used.ru_maxrss / 1024;
}

static void trial_balance(void *arg);

static void import_text(Books *books, int entries)
{
    Ctx *ctx = books->ctx;
    ArenaMark mark = arena_mark(ctx->arena);
    Str text = write_text(ctx, books, entries);
    Ran tool = beside_ledger(text);
    Piece piece = { .books = books, .text = text };
    Spent start = spent_now();
    for (int done = 0; done < entries; done += PIECE) {
        ArenaMark here = arena_mark(ctx->arena);
        piece.entries = entries - done < PIECE ? entries - done : PIECE;
        CHECK_OK(ctx, tenant_transact(ctx, post_text, &piece));
        arena_rewind(ctx->arena, here);
    }
    trial_balance(books);
    Spent spent = spent_since(start);
    frame_row(&(Figure){ "text ledger in, trial balance out, s CPU", "0.9 s", tool.cpu_us / 1e6,
                         spent.cpu_us / 1e6 });
    frame_row(&(Figure){ "  the same, s on the clock", NULL, 0, spent.wall_us / 1e6 });
    frame_row(&(Figure){ "  an entry, us CPU", NULL, 0, spent.cpu_us / entries });
    frame_row(&(Figure){ "  memory at most, MiB", "100 MiB", tool.mib, peak_mib() });
    if (tool.cpu_us <= 0)
        printf("`ledger` is not installed (apt-get install ledger): no floor\n");
    arena_rewind(ctx->arena, mark);
}

// ---- A million lines ----------------------------------------------------------------------------

static void post_million(Books *books, int64_t lines)
{
    Ctx *ctx = books->ctx;
    int64_t entries = lines / WIDE;
    Spent start = spent_now();
    for (int64_t done = 0; done < entries; done += PIECE) {
        ArenaMark here = arena_mark(ctx->arena);
        Piece piece = { .books = books, .entries = PIECE, .width = WIDE, .first = done };
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
