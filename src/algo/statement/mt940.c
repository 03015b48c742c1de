// mt940.c - reads SWIFT MT940 statements and MT942 interim reports.
//
// A file is a row of fields, `:61:...`, each going on over the lines that begin with no tag. A
// message begins with field 20, may stand in SWIFT's braces or between a bank's own header lines,
// and ends with a line of "-". Banks differ, so the reader takes what it can understand: fragments
// without field 20, two-digit tags, amounts padded with zeros, several fields 86 in a row. What it
// refuses, with the line, is a field it would have to guess: a balance or a line whose date or
// amount cannot be read.
//
// Field 61 (SWIFT Standards, category 9): value date YYMMDD, entry date MMDD, mark C, D, RC or RD,
// a letter of the funds code, amount, type (one letter and three characters), the customer's
// reference of up to 16 characters, "//" and the bank's, and on a line of its own the supplement.
#include "algo/statement/parts.h"

#include "base/date.h"

#include <ctype.h>

enum { REFERENCE_MAX = 16 };

typedef struct {
    Str tag;    // "60F"
    Str value;  // lines with LF between them, blanks at their ends gone
    int64_t line;
} MtField;

typedef struct {
    Ctx *ctx;
    StatementFile *file;
    Statement *statement;  // being read; NULL before the first field
    bool takes_details;    // the last field was a line, or its details
    bool is_interim;       // the header says 942
} Mt;

static Statement *current(Mt *mt)
{
    if (!mt->statement) {
        mt->statement = list_push(mt->ctx->arena, &mt->file->statements);
        mt->statement->type = mt->is_interim ? S("mt942") : S("mt940");
    }
    return mt->statement;
}

static Status bad(Mt *mt, const MtField *field, const char *what)
{
    return FAIL(mt->ctx, E_INVALID, "statement.syntax",
                "line %lld: field " STR_FMT " has %s: \"" STR_FMT "\"", (long long)field->line,
                STR_ARG(field->tag), what, STR_ARG(str_sub(field->value, 0, 60)));
}

static Str take(Str *rest, size_t len)
{
    Str taken = str_sub(*rest, 0, len);
    *rest = str_from_at(*rest, len);
    return taken;
}

static Str take_amount(Str *rest)
{
    size_t len = 0;
    while (len < rest->len && (isdigit((unsigned char)rest->ptr[len]) || rest->ptr[len] == ','))
        len++;
    return take(rest, len);
}

// ---- Balances and sums --------------------------------------------------------------------------

// "C140829EUR000000000147,64"
static Status read_balance(Mt *mt, const MtField *field, const char *type)
{
    Str rest = str_trim(field->value), mark = take(&rest, 1);
    StatementBalance balance = { .type = str_from(type) };
    bool is_debit = str_is(mark, "D");
    if (!is_debit && !str_is(mark, "C"))
        return bad(mt, field, "neither C nor D in front");
    balance.date = date_from_digits(mt->ctx->arena, take(&rest, 6));
    if (balance.date.len == 0)
        return bad(mt, field, "no date");
    balance.currency = take(&rest, 3);
    if (!amount_read(mt->ctx->arena, rest, ',', is_debit, &balance.amount))
        return bad(mt, field, "no amount");
    Statement *statement = current(mt);
    *list_push(mt->ctx->arena, &statement->balances) = balance;
    if (statement->currency.len == 0)
        statement->currency = balance.currency;
    return OK;
}

// ":34F:EURD100,": below which lines are not reported; one without a mark is for both directions.
static Status read_floor(Mt *mt, const MtField *field)
{
    Str rest = str_trim(field->value), amount;
    Statement *statement = current(mt);
    statement->type = S("mt942");
    statement->floor_currency = take(&rest, 3);
    Str mark = rest.len && isupper((unsigned char)rest.ptr[0]) ? take(&rest, 1) : S("");
    if (!amount_read(mt->ctx->arena, rest, ',', false, &amount))
        return bad(mt, field, "no amount");
    if (!str_is(mark, "C"))
        statement->debit_floor = amount;
    if (!str_is(mark, "D"))
        statement->credit_floor = amount;
    if (statement->currency.len == 0)
        statement->currency = statement->floor_currency;
    return OK;
}

// ":90C:3PLN0,03"
static Status read_sum(Mt *mt, const MtField *field, Str *ret_count, Str *ret_sum)
{
    Str rest = str_trim(field->value);
    current(mt)->type = S("mt942");
    *ret_count = take_amount(&rest);
    take(&rest, 3);
    if (!amount_read(mt->ctx->arena, rest, ',', false, ret_sum))
        return bad(mt, field, "no amount");
    return OK;
}

// ":13D:1701191815+0100"
static Status read_created(Mt *mt, const MtField *field)
{
    Str value = str_trim(field->value), rest = value;
    Str date = date_from_digits(mt->ctx->arena, take(&rest, 6));
    Str hour = take(&rest, 2), minute = take(&rest, 2);
    if (date.len == 0 || !digits_only(hour) || !digits_only(minute))
        return bad(mt, field, "no time");
    Statement *statement = current(mt);
    statement->type = S("mt942");
    statement->created = str_format(mt->ctx->arena, STR_FMT "T" STR_FMT ":" STR_FMT ":00",
                                    STR_ARG(date), STR_ARG(hour), STR_ARG(minute));
    if (rest.len == 5)
        statement->created =
            str_format(mt->ctx->arena, STR_FMT STR_FMT ":" STR_FMT, STR_ARG(statement->created),
                       STR_ARG(str_sub(rest, 0, 3)), STR_ARG(str_from_at(rest, 3)));
    return OK;
}

// ---- Lines --------------------------------------------------------------------------------------

// The entry date has no year: the one that brings it nearest to the value date.
static Str entry_date(Arena *arena, Str value_date, Str digits)
{
    Date value;
    int64_t number;
    if (!date_parse(value_date, &value) || !str_int(digits, &number))
        return S("");
    Date best = 0;
    for (int year = date_ymd(value).year - 1; year <= date_ymd(value).year + 1; year++) {
        Date candidate = date_from_ymd(year, (int)number / 100, (int)number % 100);
        if (candidate && (!best || labs(candidate - value) < labs(best - value)))
            best = candidate;
    }
    return date_text(arena, best);
}

// "C", "D", "RC", "RD", and "EC", "ED" for what is only expected; then perhaps the funds code.
static bool read_mark(StatementLine *line, Str *rest)
{
    bool is_prefixed = rest->len && (rest->ptr[0] == 'R' || rest->ptr[0] == 'E');
    Str mark = take(rest, is_prefixed ? 2 : 1);
    char side = mark.len ? mark.ptr[mark.len - 1] : 0;
    if (side != 'C' && side != 'D')
        return false;
    bool is_reversal = mark.ptr[0] == 'R';
    line->mark = mark;
    line->reversal = is_reversal ? S("true") : S("");
    line->direction = (side == 'C') != is_reversal ? S("credit") : S("debit");
    line->status = mark.ptr[0] == 'E' ? S("pending") : S("booked");
    if (rest->len && isalpha((unsigned char)rest->ptr[0]))
        line->funds_code = take(rest, 1);
    return true;
}

// Both references, and what some banks put behind them on the same line.
static void read_references(StatementLine *line, Str rest)
{
    ptrdiff_t slashes = str_find(str_sub(rest, 0, REFERENCE_MAX + 2), S("//"));
    line->reference = str_trim(rest);
    if (slashes >= 0) {
        line->customer_reference = str_trim(str_sub(rest, 0, (size_t)slashes));
        line->bank_reference = str_trim(str_from_at(rest, (size_t)slashes + 2));
        return;
    }
    line->customer_reference = str_trim(str_sub(rest, 0, REFERENCE_MAX));
    line->supplement = str_trim(str_from_at(rest, REFERENCE_MAX));
    if (line->supplement.len)
        line->reference = line->customer_reference;
}

static Status read_line(Mt *mt, const MtField *field)
{
    Arena *arena = mt->ctx->arena;
    Statement *statement = current(mt);
    StatementLine line = { .source_line = field->line, .currency = statement->currency };
    Str below = field->value, rest;
    if (!str_next(&below, '\n', &rest))
        return bad(mt, field, "nothing in it");
    line.value_date = date_from_digits(arena, take(&rest, 6));
    if (line.value_date.len == 0)
        return bad(mt, field, "no date");
    if (digits_only(str_sub(rest, 0, 4)) && rest.len > 4)
        line.entry_date = entry_date(arena, line.value_date, take(&rest, 4));
    if (!read_mark(&line, &rest))
        return bad(mt, field, "no C or D behind the date");
    Str amount = take_amount(&rest);
    bool is_debit = str_is(line.direction, "debit");
    if (!amount_read(arena, amount, ',', is_debit, &line.amount))
        return bad(mt, field, "no amount");
    line.type = str_trim(take(&rest, 4));
    read_references(&line, rest);
    if (below.len)
        line.supplement = str_trim(below);
    line.date = line.entry_date.len ? line.entry_date : line.value_date;
    *list_push(arena, &statement->lines) = line;
    return OK;
}

static Str join_lines(Arena *arena, Str a, Str b)
{
    return a.len && b.len ? str_format(arena, STR_FMT "\n" STR_FMT, STR_ARG(a), STR_ARG(b))
         : a.len          ? a
                          : b;
}

// Field 86 explains the line in front of it; at the end of the message, the message.
static void read_details(Mt *mt, const MtField *field)
{
    Statement *statement = current(mt);
    if (!mt->takes_details || statement->lines.len == 0) {
        statement->information =
            join_lines(mt->ctx->arena, statement->information, str_trim(field->value));
        return;
    }
    StatementLine *line = &statement->lines.items[statement->lines.len - 1];
    line->text = join_lines(mt->ctx->arena, line->text, str_trim(field->value));
}

// ---- Fields -------------------------------------------------------------------------------------

// "00084/001"
static void read_number(Statement *statement, Str value)
{
    Str rest = str_trim(value);
    ptrdiff_t slash = str_find_char(rest, '/');
    statement->number = slash < 0 ? rest : str_sub(rest, 0, (size_t)slash);
    statement->sequence = slash < 0 ? S("") : str_from_at(rest, (size_t)slash + 1);
}

static void read_account(Arena *arena, Statement *statement, Str value)
{
    statement->account_id = str_trim(value);
    statement->account.iban = iban_find(arena, statement->account_id);
    if (statement->account.iban.len == 0)
        statement->account.account = statement->account_id;
}

static const struct {
    const char *tag, *type;
} balances[] = {
    { "60F", "opening" },         { "60M", "interim_opening" },  { "62F", "closing" },
    { "62M", "interim_closing" }, { "64", "closing_available" }, { "65", "forward_available" },
};

static Status read_field(Mt *mt, const MtField *field)
{
    Str tag = field->tag;
    if (str_is(tag, "86")) {
        read_details(mt, field);
        return OK;
    }
    mt->takes_details = str_is(tag, "61");
    if (str_is(tag, "20"))
        mt->statement = NULL;
    for (size_t i = 0; i < COUNT(balances); i++)
        if (str_is(tag, balances[i].tag))
            return read_balance(mt, field, balances[i].type);
    Statement *statement = current(mt);
    if (str_is(tag, "20"))
        statement->id = str_trim(field->value);
    else if (str_is(tag, "21"))
        statement->related_reference = str_trim(field->value);
    else if (str_starts(tag, S("25")))
        read_account(mt->ctx->arena, statement, field->value);
    else if (str_starts(tag, S("28")))
        read_number(statement, field->value);
    else if (str_starts(tag, S("13")))
        return read_created(mt, field);
    else if (str_is(tag, "34F"))
        return read_floor(mt, field);
    else if (str_is(tag, "61"))
        return read_line(mt, field);
    else if (str_is(tag, "90D"))
        return read_sum(mt, field, &statement->debit_count, &statement->debit_sum);
    else if (str_is(tag, "90C"))
        return read_sum(mt, field, &statement->credit_count, &statement->credit_sum);
    return OK;
}

// ---- Lines of the file --------------------------------------------------------------------------

// ":60F:" in front of the line; "" when there is none.
static Str tag_of(Str line)
{
    size_t at = 1;
    while (at < line.len && at <= 3 && isalnum((unsigned char)line.ptr[at]))
        at++;
    bool is_tag = line.len > 3 && line.ptr[0] == ':' && isdigit((unsigned char)line.ptr[1]) &&
                  isdigit((unsigned char)line.ptr[2]) && at < line.len && line.ptr[at] == ':';
    return is_tag ? str_sub(line, 1, at - 1) : S("");
}

// "-" alone, or with what banks put behind it ("-}", "-XXX", a control character).
static bool ends_message(Str line)
{
    return line.len && line.ptr[0] == '-' &&
           (line.len == 1 || line.ptr[1] == '}' || iscntrl((unsigned char)line.ptr[1]) ||
            str_is(str_trim(line), "-XXX"));
}

static Str without_end_blanks(Str line)
{
    while (line.len && isspace((unsigned char)line.ptr[line.len - 1]))
        line.len--;
    return line;
}

// Field 61 keeps the blanks at its ends, which pad its references; other fields lose them.
static Status end_field(Mt *mt, MtField *field, Buf *value)
{
    if (field->tag.len == 0)
        return OK;
    field->value = str_copy(mt->ctx->arena, buf_str(value));
    Status status = read_field(mt, field);
    *field = (MtField){ 0 };
    buf_clear(value);
    return status;
}

static Status take_file_line(Mt *mt, MtField *field, Buf *value, Str line, int64_t number)
{
    ptrdiff_t block = str_find(line, S("{4:"));
    if (block >= 0) {
        TRY(end_field(mt, field, value));
        mt->is_interim = str_find(line, S("{2:O942")) >= 0 || str_find(line, S("{2:I942")) >= 0;
        line = str_from_at(line, (size_t)block + 3);
    }
    Str tag = tag_of(line);
    if (tag.len || ends_message(line)) {
        TRY(end_field(mt, field, value));
        field->tag = tag;
        field->line = number;
        buf_put(value, without_end_blanks(str_from_at(line, tag.len ? tag.len + 2 : line.len)));
        return OK;
    }
    line = without_end_blanks(line);
    if (field->tag.len == 0 || line.len == 0)
        return OK;  // a bank's own header, or an empty line
    buf_char(value, '\n');
    buf_put(value, line);
    return OK;
}

Status mt_read(Ctx *ctx, Str text, StatementFile *file)
{
    Mt mt = { .ctx = ctx, .file = file };
    MtField field = { 0 };
    Buf value = { .arena = ctx->arena };
    int64_t number = 0;
    for (Str line; str_next(&text, '\n', &line);)
        TRY(take_file_line(&mt, &field, &value, line, ++number));
    TRY(end_field(&mt, &field, &value));
    bool are_interim = file->statements.len > 0;
    EACH (statement, file->statements) {
        are_interim &= str_is(statement->type, "mt942");
        EACH (line, statement->lines) {
            if (line->currency.len == 0)
                line->currency = statement->currency;
            mt_details(ctx->arena, line);
        }
    }
    file->format = are_interim ? S("mt942") : S("mt940");
    return OK;
}
