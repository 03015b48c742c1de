// mt_details.c - what field 86 of an MT message says about a line.
//
// SWIFT leaves its content to the banks, and three forms are common. German, Austrian, Polish and
// some Dutch banks number their parts: "171?00SEPA LASTSCHRIFT?10281?20EREF+...", a code of three
// digits and a separator in front of two digits each (DFUe agreement, annex 3, chapter 8). Dutch
// banks name them: "/TRTP/IDEAL/IBAN/NL..../NAME/JOHN DOE/REMI/invoice 7/EREF/...". Others write
// prose; there an account number that checks is taken for the payer's, and "NAAM:" for his name.
#include "algo/statement/parts.h"

#include <ctype.h>

static Str without_line_ends(Arena *arena, Str text)
{
    Buf out = { .arena = arena };
    for (Str line; str_next(&text, '\n', &line);)
        buf_put(&out, line);
    return buf_str(&out);
}

static void append(Arena *arena, Str *to, Str more)
{
    *to = to->len ? str_join(arena, *to, more) : more;
}

// ---- Named parts --------------------------------------------------------------------------------

typedef struct {
    const char *name;
    size_t at;  // in StatementLine
} Part;

#define PART(name, field)                                                                          \
    {                                                                                              \
        name, offsetof(StatementLine, field)                                                       \
    }

// clang-format off
// Inside the purpose of the numbered form, as "EREF+".
static const Part plus_parts[] = {
    PART("EREF+", end_to_end), PART("KREF+", customer_reference), PART("MREF+", mandate),
    PART("CRED+", creditor_id), PART("DEBT+", counterparty.id), PART("SVWZ+", remittance),
    PART("PURP+", purpose_code), PART("IBAN+", counterparty.iban), PART("BIC+", counterparty.bic),
    PART("OAMT+", original_amount), PART("ABWA+", counterparty.name), { "ABWE+", SIZE_MAX },
    { "COAM+", SIZE_MAX }, { "SQTP+", SIZE_MAX }, { "ORCR+", SIZE_MAX }, { "ORMR+", SIZE_MAX },
    { "DDAT+", SIZE_MAX }, { "MDAT+", SIZE_MAX }, { 0 },
};
static const Part slash_parts[] = {
    PART("/EREF/", end_to_end), PART("/REMI/", remittance), PART("/NAME/", counterparty.name),
    PART("/IBAN/", counterparty.iban), PART("/BIC/", counterparty.bic),
    PART("/CSID/", creditor_id), PART("/MARF/", mandate), PART("/TRTP/", posting_text),
    PART("/ACCW/", counterparty.account), PART("/ADDR/", counterparty.address),
    PART("/PURP/", purpose_code), PART("/RTRN/", return_code), PART("/PREF/", batch_id),
    PART("/KREF/", customer_reference), { "/BENM/", SIZE_MAX }, { "/ORDP/", SIZE_MAX },
    { "/ISDT/", SIZE_MAX }, { "/CNTP/", SIZE_MAX }, { "/SVCL/", SIZE_MAX },
    { "/ULTD/", SIZE_MAX }, { "/ULTB/", SIZE_MAX }, { "/ORDR/", SIZE_MAX }, { 0 },
};
// clang-format on

static const Part *part_at(const Part *parts, Str text)
{
    for (const Part *part = parts; part->name; part++)
        if (str_starts(text, str_from(part->name)))
            return part;
    return NULL;
}

static Str *place_of(StatementLine *line, const Part *part)
{
    return part->at == SIZE_MAX ? NULL : (Str *)((char *)line + part->at);
}

// Puts each named part in its place. What stands before the first name is returned.
static Str take_parts(StatementLine *line, const Part *parts, Str text)
{
    Str front = text;
    const Part *open = NULL;
    size_t from = 0;
    for (size_t at = 0; at <= text.len; at++) {
        const Part *part = at < text.len ? part_at(parts, str_from_at(text, at)) : NULL;
        if (!part && at < text.len)
            continue;
        if (!open)
            front = str_sub(text, 0, at);
        Str *place = open ? place_of(line, open) : NULL;
        if (place)
            *place = str_trim(str_sub(text, from, at - from));
        if (!part)
            break;
        open = part;
        at += strlen(part->name) - 1;
        from = at + 1;
    }
    return str_trim(front);
}

// ---- The numbered form --------------------------------------------------------------------------

// Three digits, a separator, two digits: "171?00". The separator is the bank's choice.
static bool is_numbered(Str text)
{
    return text.len >= 6 && digits_only(str_sub(text, 0, 3)) &&
           ispunct((unsigned char)text.ptr[3]) && digits_only(str_sub(text, 4, 2));
}

static void take_number(Arena *arena, StatementLine *line, int number, Str value, Str *purpose)
{
    StatementParty *party = &line->counterparty;
    if (number == 0)
        append(arena, &line->posting_text, value);
    else if (number == 10)
        append(arena, &line->prima_nota, value);
    else if ((number >= 20 && number <= 29) || (number >= 60 && number <= 63))
        append(arena, purpose, value);
    else if (number == 30)
        append(arena, &party->bic, value);
    else if (number == 31)
        append(arena, &party->account, value);
    else if (number == 32 || number == 33)
        append(arena, &party->name, value);
    else if (number == 34)
        append(arena, &line->return_code, value);
    else if (number == 38)
        append(arena, &party->iban, value);
}

static void read_numbered(Arena *arena, StatementLine *line)
{
    Str text = without_line_ends(arena, line->text), purpose = { 0 };
    char separator = text.ptr[3];
    line->transaction_code = str_sub(text, 0, 3);
    size_t from = 4;
    for (size_t at = from; at <= text.len; at++) {
        bool is_next =
            at == text.len || (text.ptr[at] == separator && digits_only(str_sub(text, at + 1, 2)) &&
                               str_sub(text, at + 1, 2).len == 2);
        if (!is_next)
            continue;
        int number = (text.ptr[from] - '0') * 10 + text.ptr[from + 1] - '0';
        take_number(arena, line, number, str_sub(text, from + 2, at - from - 2), &purpose);
        from = at + 1;
    }
    Str rest = take_parts(line, plus_parts, purpose);
    if (line->remittance.len == 0)
        line->remittance = rest;
    StatementParty *party = &line->counterparty;
    if (party->iban.len == 0 && iban_valid(party->account))
        party->iban = party->account;
}

// ---- The named form and prose -------------------------------------------------------------------

static bool is_named(Str text)
{
    return text.len && text.ptr[0] == '/' && part_at(slash_parts, text);
}

static void read_named(Arena *arena, StatementLine *line)
{
    take_parts(line, slash_parts, without_line_ends(arena, line->text));
}

// What follows "NAAM:" up to the end of its line.
static Str name_in_prose(Str text)
{
    ptrdiff_t at = str_find(text, S("NAAM:"));
    Str name = { 0 }, rest = at < 0 ? name : str_from_at(text, (size_t)at + 5);
    return str_next(&rest, '\n', &name) ? str_trim(name) : S("");
}

static void read_prose(Arena *arena, StatementLine *line)
{
    line->remittance = line->text;
    line->counterparty.iban = iban_find(arena, line->text);
    line->counterparty.name = name_in_prose(line->text);
}

void mt_details(Arena *arena, StatementLine *line)
{
    if (is_numbered(line->text))
        read_numbered(arena, line);
    else if (is_named(line->text))
        read_named(arena, line);
    else
        read_prose(arena, line);
}
