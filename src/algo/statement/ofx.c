// ofx.c - reads OFX: 1.x, which is SGML without most end tags, and 2.x, which is XML.
//
// One reader serves both: an element with text behind its tag is a value, and the few elements that
// hold others are known by name, so a missing end tag does no harm. Entities are those of SGML that
// banks use. Statements of bank accounts and of credit cards are read; investments are not.
//
// Source: Open Financial Exchange specifications 1.6 and 2.2, chapter 11.
#include "algo/statement/parts.h"

#include "base/utf8.h"

#include <ctype.h>

typedef struct {
    Ctx *ctx;
    StatementFile *file;
    Statement *statement;  // NULL outside of one
    StatementLine line;
    StatementBalance balance;
    bool in_line, in_balance, in_other_account, in_original_currency;
    Str organisation, status_message;
    int64_t source_line;
} Ofx;

static Status bad(Ofx *ofx, Str name, Str value, const char *what)
{
    return FAIL(ofx->ctx, E_INVALID, "statement.syntax",
                "line %lld: " STR_FMT " is no %s: \"" STR_FMT "\"", (long long)ofx->source_line,
                STR_ARG(name), what, STR_ARG(str_sub(value, 0, 60)));
}

// ---- Values -------------------------------------------------------------------------------------

static const struct {
    const char *name;
    int32_t character;
} entities[] = {
    { "amp", '&' },  { "lt", '<' },    { "gt", '>' },
    { "quot", '"' }, { "apos", '\'' }, { "nbsp", ' ' },
};

static int32_t entity_character(Str name)
{
    int64_t number;
    if (name.len > 1 && name.ptr[0] == '#' && str_int(str_from_at(name, 1), &number))
        return number >= ' ' && number < 0xD800 ? (int32_t)number : 0;
    for (size_t i = 0; i < COUNT(entities); i++)
        if (str_is(name, entities[i].name))
            return entities[i].character;
    return 0;
}

static Str without_entities(Arena *arena, Str text)
{
    if (str_find_char(text, '&') < 0)
        return text;
    Buf out = { .arena = arena };
    for (size_t i = 0; i < text.len; i++) {
        ptrdiff_t end = text.ptr[i] == '&' ? str_find_char(str_sub(text, i, 12), ';') : -1;
        int32_t c = end > 1 ? entity_character(str_sub(text, i + 1, (size_t)end - 1)) : 0;
        if (c) {
            char bytes[4];
            size_t len;
            utf8_put(bytes, c, &len);
            buf_put(&out, (Str){ bytes, len });
            i += (size_t)end;
        } else {
            buf_char(&out, text.ptr[i]);
        }
    }
    return buf_str(&out);
}

// Amounts may have a sign, and a comma for a point.
static bool read_amount(Arena *arena, Str value, Str *ret)
{
    bool is_debit = value.len && value.ptr[0] == '-';
    if (value.len && (value.ptr[0] == '-' || value.ptr[0] == '+'))
        value = str_from_at(value, 1);
    char sign = str_find_char(value, ',') >= 0 ? ',' : '.';
    return amount_read(arena, value, sign, is_debit, ret);
}

// "20240323101500.000[-3:GMT]": the day, and the time as it would be written elsewhere.
static bool read_date(Arena *arena, Str value, Str *ret_date, Str *ret_time)
{
    *ret_date = date_from_digits(arena, str_sub(value, 0, 8));
    Str time = str_sub(value, 8, 6);
    *ret_time = S("");
    if (time.len == 6 && digits_only(time) && !str_is(time, "000000"))
        *ret_time = str_format(arena, STR_FMT "T" STR_FMT ":" STR_FMT ":" STR_FMT,
                               STR_ARG(*ret_date), STR_ARG(str_sub(time, 0, 2)),
                               STR_ARG(str_sub(time, 2, 2)), STR_ARG(str_sub(time, 4, 2)));
    return ret_date->len > 0;
}

// ---- What a value is put into -------------------------------------------------------------------

static Status line_value(Ofx *ofx, Str name, Str value)
{
    StatementLine *line = &ofx->line;
    StatementParty *party = &line->counterparty;
    Arena *arena = ofx->ctx->arena;
    Str none;
    if (str_is(name, "TRNTYPE"))
        line->type = value;
    else if (str_is(name, "DTPOSTED") && !read_date(arena, value, &line->date, &line->date_time))
        return bad(ofx, name, value, "date");
    else if (str_is(name, "DTAVAIL") && !read_date(arena, value, &line->value_date, &none))
        return bad(ofx, name, value, "date");
    else if (str_is(name, "TRNAMT") && !read_amount(arena, value, &line->amount))
        return bad(ofx, name, value, "amount");
    else if (str_is(name, "FITID"))
        line->bank_reference = value;
    else if (str_is(name, "REFNUM"))
        line->customer_reference = value;
    else if (str_is(name, "CHECKNUM"))
        line->cheque = value;
    else if (str_is(name, "NAME"))
        party->name = value;
    else if (str_is(name, "EXTDNAME") && party->name.len == 0)
        party->name = value;
    else if (str_is(name, "MEMO"))
        line->remittance = line->text = value;
    else if (str_is(name, "ACCTID") && ofx->in_other_account)
        *(iban_valid(value) ? &party->iban : &party->account) = value;
    else if (str_is(name, "BANKID") && ofx->in_other_account)
        party->bic = value;
    else if (str_is(name, "CURSYM"))
        *(ofx->in_original_currency ? &line->original_currency : &line->currency) = value;
    else if (str_is(name, "CURRATE"))
        line->exchange_rate = value;
    return OK;
}

static Status statement_value(Ofx *ofx, Str name, Str value)
{
    Statement *statement = ofx->statement;
    Arena *arena = ofx->ctx->arena;
    Str none;
    if (str_is(name, "CURDEF"))
        statement->currency = value;
    else if (str_is(name, "ACCTID")) {
        statement->account_id = value;
        *(iban_valid(value) ? &statement->account.iban : &statement->account.account) = value;
    } else if (str_is(name, "BANKID"))
        statement->account.id = value;
    else if (str_is(name, "DTSTART"))
        read_date(arena, value, &statement->from, &none);
    else if (str_is(name, "DTEND"))
        read_date(arena, value, &statement->to, &none);
    else if (str_is(name, "MKTGINFO"))
        statement->information = value;
    return OK;
}

static Status balance_value(Ofx *ofx, Str name, Str value)
{
    StatementBalance *balance = &ofx->balance;
    Arena *arena = ofx->ctx->arena;
    if (str_is(name, "BALAMT") && !read_amount(arena, value, &balance->amount))
        return bad(ofx, name, value, "amount");
    if (str_is(name, "DTASOF") && !read_date(arena, value, &balance->date, &balance->date_time))
        return bad(ofx, name, value, "date");
    return OK;
}

static Status on_value(Ofx *ofx, Str name, Str raw)
{
    Str value = without_entities(ofx->ctx->arena, raw);
    if (ofx->in_line)
        return line_value(ofx, name, value);
    if (ofx->in_balance)
        return balance_value(ofx, name, value);
    if (ofx->statement)
        return statement_value(ofx, name, value);
    if (str_is(name, "ORG"))
        ofx->organisation = value;
    if (str_is(name, "MESSAGE"))
        ofx->status_message = value;
    if (str_is(name, "DTSERVER"))
        ofx->file->created = date_from_digits(ofx->ctx->arena, str_sub(value, 0, 8));
    return OK;
}

// ---- Elements that hold others ------------------------------------------------------------------

static Status end_line(Ofx *ofx)
{
    if (!ofx->in_line)
        return OK;
    StatementLine *line = &ofx->line;
    ofx->in_line = ofx->in_other_account = ofx->in_original_currency = false;
    if (line->date.len == 0)
        return FAIL(ofx->ctx, E_INVALID, "statement.syntax",
                    "line %lld: this STMTTRN has no DTPOSTED", (long long)line->source_line);
    if (line->amount.len == 0)
        return FAIL(ofx->ctx, E_INVALID, "statement.syntax",
                    "line %lld: this STMTTRN has no TRNAMT", (long long)line->source_line);
    line->direction = amount_is_negative(line->amount) ? S("debit") : S("credit");
    line->status = S("booked");
    line->reference = line->customer_reference;
    if (line->value_date.len == 0)
        line->value_date = line->date;
    *list_push(ofx->ctx->arena, &ofx->statement->lines) = *line;
    return OK;
}

static void end_balance(Ofx *ofx)
{
    if (ofx->in_balance && ofx->balance.amount.len)
        *list_push(ofx->ctx->arena, &ofx->statement->balances) = ofx->balance;
    ofx->in_balance = false;
}

static Status end_statement(Ofx *ofx)
{
    if (!ofx->statement)
        return OK;
    end_balance(ofx);
    TRY(end_line(ofx));
    EACH (line, ofx->statement->lines)
        if (line->currency.len == 0)
            line->currency = ofx->statement->currency;
    EACH (balance, ofx->statement->balances)
        balance->currency = ofx->statement->currency;
    ofx->statement = NULL;
    return OK;
}

static Status on_open(Ofx *ofx, Str name)
{
    Arena *arena = ofx->ctx->arena;
    if (str_is(name, "STMTRS") || str_is(name, "CCSTMTRS")) {
        TRY(end_statement(ofx));
        ofx->statement = list_push(arena, &ofx->file->statements);
        ofx->statement->type = str_is(name, "STMTRS") ? S("bank") : S("card");
        ofx->statement->account.bank = ofx->organisation;
    } else if (!ofx->statement) {
        return OK;
    } else if (str_is(name, "STMTTRN")) {
        TRY(end_line(ofx));
        ofx->in_line = true;
        ofx->line = (StatementLine){ .source_line = ofx->source_line };
    } else if (str_is(name, "LEDGERBAL") || str_is(name, "AVAILBAL")) {
        TRY(end_line(ofx));
        end_balance(ofx);
        ofx->in_balance = true;
        bool is_ledger = str_is(name, "LEDGERBAL");
        ofx->balance =
            (StatementBalance){ .type = is_ledger ? S("closing") : S("closing_available") };
    } else if (str_is(name, "BANKACCTTO") || str_is(name, "CCACCTTO")) {
        ofx->in_other_account = true;
    } else if (str_is(name, "ORIGCURRENCY")) {
        ofx->in_original_currency = true;
    }
    return OK;
}

static Status on_close(Ofx *ofx, Str name)
{
    if (str_is(name, "STMTTRN"))
        return end_line(ofx);
    if (str_is(name, "STMTRS") || str_is(name, "CCSTMTRS"))
        return end_statement(ofx);
    if (str_is(name, "LEDGERBAL") || str_is(name, "AVAILBAL"))
        end_balance(ofx);
    if (str_is(name, "BANKACCTTO") || str_is(name, "CCACCTTO"))
        ofx->in_other_account = false;
    if (str_is(name, "ORIGCURRENCY"))
        ofx->in_original_currency = false;
    return OK;
}

// ---- Tags ---------------------------------------------------------------------------------------

// Counts line ends between two places, so that a long file is not counted from its start each time.
static void advance_line(Ofx *ofx, Str passed)
{
    ofx->source_line += line_at(passed, passed.len) - 1;
}

static Status take_tag(Ofx *ofx, Str *rest)
{
    ptrdiff_t end = str_find_char(*rest, '>');
    if (end < 0)
        return FAIL(ofx->ctx, E_INVALID, "statement.syntax", "line %lld: a tag is not closed",
                    (long long)ofx->source_line);
    Str name = str_trim(str_sub(*rest, 1, (size_t)end - 1));
    Str behind = str_from_at(*rest, (size_t)end + 1);
    ptrdiff_t next = str_find_char(behind, '<');
    Str value = next < 0 ? behind : str_sub(behind, 0, (size_t)next);
    Str text = str_trim(value);
    if (name.len && name.ptr[0] == '/')
        TRY(on_close(ofx, str_from_at(name, 1)));
    else if (name.len == 0 || name.ptr[0] == '!' || name.ptr[0] == '?')
        ;  // comments and instructions say nothing of the account
    else if (text.len)
        TRY(on_value(ofx, name, text));
    else
        TRY(on_open(ofx, name));
    size_t taken = (size_t)end + 1 + value.len;
    advance_line(ofx, str_sub(*rest, 0, taken));
    *rest = str_from_at(*rest, taken);
    return OK;
}

Status ofx_read(Ctx *ctx, Str text, StatementFile *file)
{
    ptrdiff_t root = str_find(text, S("<OFX"));
    if (root < 0)
        return FAIL(ctx, E_INVALID, "statement.syntax", "there is no OFX element in the file");
    bool is_xml = str_find(str_sub(text, 0, (size_t)root), S("<?")) >= 0;
    file->format = is_xml ? S("ofx-xml") : S("ofx-sgml");
    Ofx ofx = { .ctx = ctx, .file = file, .source_line = line_at(text, (size_t)root) };
    Str rest = str_from_at(text, (size_t)root);
    while (rest.len)
        TRY(take_tag(&ofx, &rest));
    TRY(end_statement(&ofx));
    if (file->statements.len == 0)
        return FAIL(ctx, E_INVALID, "statement.empty",
                    "there is no statement of a bank account or card in the file%s" STR_FMT,
                    ofx.status_message.len ? "; the bank says: " : "", STR_ARG(ofx.status_message));
    return OK;
}
