// dump.c - a whole database as text that two engines, and two runs, write alike.
//
// Ids come from the clock and a counter, so each is replaced by its table and its number in the
// order of making ("sales_order#12"), also inside texts. What is chance or key by nature (tokens,
// sealed values, MACs) is left out, and so is what is not business: caches, queues, search.
#include "sim/sim.h"

#include "base/map.h"
#include "kernel/db/copy.h"

static bool is_left_out(Str table)
{
    static const char *const tables[] = { "webhook_inbox", "job",     "idempotency", "session",
                                          "search",        "api_key", "wake" };
    for (size_t i = 0; i < COUNT(tables); i++)
        if (str_starts(table, str_from(tables[i])))
            return true;
    return false;
}

static bool is_by_nature_different(const Column *column)
{
    static const char *const names[] = { "mac",           "return_token", "guest_token",   "token",
                                         "client_secret", "secret_key",   "webhook_secret" };
    for (size_t i = 0; i < COUNT(names); i++)
        if (str_is(column->name, names[i]))
            return true;
    return false;
}

// ---- Ids ----------------------------------------------------------------------------------------

// Open addressing over all ids of all tables: a map of texts would need ten times the room.
typedef struct Known {
    int64_t id;
    uint32_t table, number;
} Known;
typedef struct Dump {
    Ctx *ctx;
    FILE *to;
    const Table *table;
    TableList tables;
    Known *known;
    size_t room, count;
    int64_t number;  // of the row
    uint64_t print;
} Dump;

static Known *slot_of(const Dump *dump, int64_t id)
{
    size_t at = (uint64_t)id * UINT64_C(0x9e3779b97f4a7c15) >> 20 & (dump->room - 1);
    while (dump->known[at].id && dump->known[at].id != id)
        at = (at + 1) & (dump->room - 1);
    return &dump->known[at];
}

static Status learn_row(Ctx *ctx, const Arg *values, void *arg)
{
    Dump *dump = arg;
    (void)ctx;
    if (values[0].type != ARG_INT || values[0].number <= 0)
        return OK;
    *slot_of(dump, values[0].number) =
        (Known){ values[0].number, (uint32_t)(dump->table - dump->tables.items),
                 (uint32_t)++dump->number };
    return OK;
}

static Status learn_ids(Ctx *ctx, Dump *dump)
{
    int64_t rows, all = 0;
    EACH (table, dump->tables) {
        TRY(table_count(ctx, table, &rows));
        all += rows;
    }
    for (dump->room = 1024; dump->room < (size_t)all * 2;)
        dump->room *= 2;
    dump->known = NEW_ARRAY(ctx->arena, Known, dump->room);
    EACH (table, dump->tables) {
        ColumnList id = { 0 };
        if (!str_is(table->key, "id"))
            continue;
        *list_push(ctx->arena, &id) = (Column){ .name = S("id"), .type = COLUMN_BIGINT };
        dump->table = table;
        dump->number = 0;
        TRY(table_each(ctx, table, &id, learn_row, dump));
    }
    return OK;
}

// ---- Rows ---------------------------------------------------------------------------------------

static bool put_id(const Dump *dump, int64_t id)
{
    const Known *known = id ? slot_of(dump, id) : NULL;
    if (!known || !known->id)
        return false;
    fprintf(dump->to, STR_FMT "#%u", STR_ARG(dump->tables.items[known->table].name), known->number);
    return true;
}

static bool is_id_char(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void put_word(const Dump *dump, Str word)
{
    Id id;
    bool may_be = word.len == ID_TEXT_LEN && id_parse(word, &id);
    if (!may_be || !put_id(dump, id))
        fwrite(word.ptr, 1, word.len, dump->to);
}

// Ids stand in texts too: in the changes that the audit keeps, in names of facts.
static void put_text(const Dump *dump, Str text)
{
    size_t at = 0;
    while (at < text.len) {
        size_t end = at;
        while (end < text.len && is_id_char(text.ptr[end]))
            end++;
        put_word(dump, str_sub(text, at, end - at));
        if (end < text.len)
            fputc(text.ptr[end] == '\n' ? ' ' : text.ptr[end], dump->to);
        at = end + 1;
    }
}

static void put_value(const Dump *dump, const Arg *value)
{
    if (value->type == ARG_NULL)
        fputs("-", dump->to);
    else if (value->type == ARG_TEXT)
        put_text(dump, value->text);
    else if (value->type == ARG_BYTES)
        fprintf(dump->to, "(%zu bytes)", value->text.len);
    else if (!put_id(dump, value->number))
        fprintf(dump->to, "%lld", (long long)value->number);
}

static Status put_row(Ctx *ctx, const Arg *values, void *arg)
{
    const Dump *dump = arg;
    (void)ctx;
    fprintf(dump->to, STR_FMT, STR_ARG(dump->table->name));
    for (size_t i = 0; i < dump->table->columns.len; i++) {
        const Column *column = &dump->table->columns.items[i];
        if (is_by_nature_different(column))
            continue;
        fprintf(dump->to, "|" STR_FMT "=", STR_ARG(column->name));
        put_value(dump, &values[i]);
    }
    fputc('\n', dump->to);
    return OK;
}

Status sim_dump(Ctx *ctx, FILE *to)
{
    Dump dump = { .ctx = ctx, .to = to };
    TRY(schema_read(ctx, &dump.tables));
    TRY(learn_ids(ctx, &dump));
    EACH (table, dump.tables) {
        dump.table = table;
        if (!is_left_out(table->name))
            TRY(table_each(ctx, table, &table->columns, put_row, &dump));
    }
    return OK;
}

// ---- Fingerprints -------------------------------------------------------------------------------

static void stir(uint64_t *print, uint64_t more)
{
    *print = (*print ^ more) * UINT64_C(0x100000001b3);
    *print ^= *print >> 29;
}

static Status stir_row(Ctx *ctx, const Arg *values, void *arg)
{
    Dump *dump = arg;
    (void)ctx;
    for (size_t i = 0; i < dump->table->columns.len; i++) {
        bool is_number = values[i].type == ARG_INT;
        stir(&dump->print, (uint64_t)values[i].type);
        stir(&dump->print, is_number                    ? (uint64_t)values[i].number
                           : values[i].type == ARG_NULL ? 0
                                                        : str_hash(values[i].text));
    }
    return OK;
}

Status sim_fingerprint(Ctx *ctx, uint64_t *ret)
{
    Dump dump = { .ctx = ctx, .print = 14695981039346656037u };
    TRY(schema_read(ctx, &dump.tables));
    EACH (table, dump.tables) {
        dump.table = table;
        TRY(table_each(ctx, table, &table->columns, stir_row, &dump));
    }
    *ret = dump.print;
    return OK;
}

// One figure a statement: the ends of what only grows, the sums of what is small.
Status sim_figures(Ctx *ctx, uint64_t *ret)
{
    const Query figures[] = {
        SQL("SELECT coalesce(max(seq), 0) FROM audit_row"),
        SQL("SELECT coalesce(max(id), 0) FROM stock_move"),
        SQL("SELECT coalesce(max(id), 0) FROM journal_line"),
        SQL("SELECT coalesce(max(id), 0) FROM event"),
        SQL("SELECT coalesce(max(id), 0) FROM payment_fact"),
        SQL("SELECT coalesce(max(id), 0) FROM sales_line"),
        SQL("SELECT CAST(coalesce(sum(on_hand), 0) AS BIGINT) FROM stock_level"),
        SQL("SELECT CAST(coalesce(sum(free * 3 + reserved * 7), 0) AS BIGINT)"
            " FROM stock_available"),
        SQL("SELECT CAST(coalesce(sum(amount * 5 + rest % 1000003), 0) AS BIGINT)"
            " FROM stock_cost"),
        SQL("SELECT CAST(coalesce(sum(last), 0) AS BIGINT) FROM number_counter"),
    };
    uint64_t print = 14695981039346656037u;
    for (size_t i = 0; i < COUNT(figures); i++) {
        int64_t figure;
        TRY(db_one(ctx, figures[i], &figure));
        stir(&print, (uint64_t)figure);
    }
    *ret = print;
    return OK;
}
