// csv_statement.c - reads statements that are CSV, by finding out which column is what.
//
// First by name: the line whose cells are the most known column names (in the languages below) is
// the header; what stands above it is the bank's preamble. Where no line has a name for a date and
// for an amount, by content: the first column of dates, the column of amounts, the running balance,
// the longest text. What was found is in the answer's `columns`, for a person to check.
//
// Lines that have neither a date nor an amount, and those where words stand in place of the date
// ("Total"), are no payments. A payment with a date or an amount that cannot be read is refused
// with its line: a bank statement is read whole or not at all.
#include "algo/statement/csv_cells.h"
#include "algo/statement/parts.h"

#include "base/csv.h"

#include <ctype.h>

enum { ROWS_MAX = 1000000, HEADER_ROWS = 40, COLUMNS_MAX = 100, CONTENT_ROWS = 200 };

// clang-format off
typedef enum {
    ROLE_NONE, ROLE_DATE, ROLE_VALUE_DATE, ROLE_AMOUNT, ROLE_DEBIT, ROLE_CREDIT, ROLE_SIDE,
    ROLE_CURRENCY, ROLE_VALUTA, ROLE_NAME, ROLE_IBAN, ROLE_OWN, ROLE_BIC, ROLE_TEXT,
    ROLE_REFERENCE, ROLE_TYPE, ROLE_BALANCE, ROLE_END_TO_END, ROLE_MANDATE, ROLE_CREDITOR,
    ROLE_CHEQUE, ROLES,
} Role;

static const char *const role_names[ROLES] = {
    "", "date", "value_date", "amount", "debit", "credit", "direction", "currency", "", "name",
    "iban", "account", "bic", "remittance", "reference", "type", "balance", "end_to_end",
    "mandate", "creditor_id", "cheque",
};

// Names as they are after folded(): small letters, one blank between words, no signs.
static const struct { Role role; const char *names; } role_words[] = {
    { ROLE_DATE, "date|datum|fecha|data|dato|buchungstag|buchungsdatum|buchung|booking date|"
      "posting date|posted date|transaction date|txn date|tran date|transactiedatum|"
      "fecha operacion|fecha operación|fecha de operacion|date operation|date opération|"
      "date de comptabilisation|date comptable|data operacji|data ksiegowania|data księgowania|"
      "data contabile|data operazione|data movimento|data lancamento|bokforingsdag|"
      "bokföringsdag|bokföringsdatum|transaktionsdatum|completed date|post date|trans date|"
      "boekdatum|boekingsdatum|started date|bogforingsdato|bogføringsdato|日期" },
    { ROLE_VALUE_DATE, "value date|value dt|valutadatum|wertstellung|wertstellungstag|"
      "fecha valor|date de valeur|date valeur|data waluty|data valuta|data valor|valuteringsdag|"
      "rentedatum|effective date" },
    { ROLE_AMOUNT, "amount|betrag|bedrag|importe|montant|kwota|importo|valor|belopp|belob|beløb|"
      "belop|beløp|amt|transaction amount|umsatz|transactiebedrag|kwota operacji|monto|"
      "net amount|amount in account currency" },
    { ROLE_DEBIT, "debit|soll|debet|withdrawal|withdrawals|withdrawal amt|withdrawal amount|"
      "cargo|debe|débit|dare|obciazenia|obciążenia|paid out|money out|debit amount|uitgaven|"
      "belastung|lastschrift|dr amount|ut|addebiti|uscite" },
    { ROLE_CREDIT, "credit|haben|kredit|deposit|deposits|deposit amt|deposit amount|abono|haber|"
      "crédit|avere|uznania|paid in|money in|credit amount|inkomsten|gutschrift|cr amount|in|"
      "accrediti|entrate" },
    { ROLE_SIDE, "af bij|dr cr|cr dr|debit credit|credit debit|soll haben|s h|debet credit|"
      "sens|type d c|d c|c d|credit debit indicator|dc" },
    { ROLE_CURRENCY, "currency|wahrung|währung|waehrung|munt|divisa|moneda|devise|valuta code|"
      "divisa importo|ccy|muntsoort|moeda" },
    { ROLE_VALUTA, "valuta" },
    { ROLE_NAME, "name|payee|counterparty|counterparty name|naam|naam tegenpartij|"
      "naam omschrijving|beneficiary|beneficiary name|recipient|sender|merchant|"
      "auftraggeber empfanger|auftraggeber empfänger|beguenstigter zahlungspflichtiger|"
      "begünstigter zahlungspflichtiger|zahlungsempfänger|zahlungsbeteiligter|"
      "name zahlungsbeteiligter|empfanger|empfänger|mottagare|avsändare|odbiorca|"
      "nadawca odbiorca|nazwa kontrahenta|beneficiario|ordenante|tiers|contrepartie|payer|"
      "partner name|party name" },
    { ROLE_IBAN, "iban|counterparty iban|tegenrekening|kontonummer iban|account number|"
      "counterparty account|iban zahlungsbeteiligter|tegenpartij rekening|tegenrekening iban bban|"
      "numer konta|rachunek kontrahenta|compte contrepartie|partner iban|payee account" },
    { ROLE_OWN, "account|konto|auftragskonto|rekening|iban bban|rekeningnummer|own account|"
      "cuenta|compte|iban auftragskonto|kontonummer|rachunek|conto" },
    { ROLE_BIC, "bic|swift|bic swift code|bic swift|bank code|blz" },
    { ROLE_TEXT, "description|verwendungszweck|omschrijving|mededelingen|narration|memo|"
      "concepto|libelle|libellé|descrizione|opis|opis operacji|tytul|tytuł|details|particulars|"
      "transaction remarks|remarks|remittance information|payment reference|rubrik|text|tekst|"
      "descricao|descrição|historico|histórico|observaciones|motif|causale|communication|"
      "transaction description|descripcion|descripción|transaction details|beskrivning|"
      "omschrijving 1|omschrijving 2|omschrijving 3|purpose|message|meddelande" },
    { ROLE_REFERENCE, "reference|ref|ref no|transaction id|transaction reference|chq ref no|"
      "ref no cheque no|kundenreferenz|betalingskenmerk|referencia|reference number|fitid|"
      "référence|referenz|transactiereferentie|utr" },
    { ROLE_TYPE, "type|transaction type|buchungstext|mutatiesoort|code|tipo|rodzaj operacji|"
      "product type|umsatzart|category" },
    { ROLE_BALANCE, "balance|saldo|running bal|running balance|closing balance|solde|"
      "saldo po operacji|balance after|saldo na trn|saldo nach buchung|kontostand" },
    { ROLE_END_TO_END, "kundenreferenz end to end|end to end id|end to end reference|"
      "end to end referenz" },
    { ROLE_MANDATE, "mandatsreferenz|mandate|mandate id|machtigingskenmerk" },
    { ROLE_CREDITOR, "glaeubiger id|gläubiger id|creditor id|incassant id" },
    { ROLE_CHEQUE, "cheque number|check number|check or slip|cheque no|check no|chq no" },
};
// clang-format on

typedef struct {
    int64_t line;
    Str *cells;
    size_t len;
} Row;
typedef LIST(Row) RowList;

typedef struct {
    Ctx *ctx;
    StatementFile *file;
    RowList rows;
    size_t first;  // the first row of payments
    Role roles[COLUMNS_MAX];
    size_t columns;
    DateOrder order, value_order;
    char decimal_sign;
    Str header_currency;
} Csv;

static Str cell_at(const Row *row, size_t column)
{
    return column < row->len ? row->cells[column] : S("");
}

// ---- Rows ---------------------------------------------------------------------------------------

static Status read_rows(Ctx *ctx, Str text, RowList *ret)
{
    CsvReader *reader = csv_reader(ctx->arena, 0);
    csv_feed(reader, text);
    csv_finish(reader);
    for (;;) {
        StrList fields = { 0 };
        const char *why = NULL;
        CsvResult result = csv_next(reader, &fields, &why);
        if (result == CSV_END || result == CSV_MORE)
            return OK;
        if (result == CSV_BAD)
            return FAIL(ctx, E_INVALID, "statement.syntax", "line %lld: %s",
                        (long long)csv_line(reader), why);
        _Static_assert(ROWS_MAX == 1000000, "the message says so");
        if (ret->len == ROWS_MAX)
            return FAIL(ctx, E_INVALID, "statement.size", "the file has more than 1000000 rows");
        Row *row = list_push(ctx->arena, ret);
        row->line = csv_line(reader);
        row->len = fields.len < COLUMNS_MAX ? fields.len : COLUMNS_MAX;
        row->cells = NEW_ARRAY(ctx->arena, Str, row->len);
        for (size_t i = 0; i < row->len; i++)
            row->cells[i] = str_trim(str_copy(ctx->arena, fields.items[i]));
    }
}

// ---- Columns by name ----------------------------------------------------------------------------

// Small letters and one blank for every run of signs; letters beyond ASCII stay.
static Str folded(Arena *arena, Str cell)
{
    Buf out = { .arena = arena };
    for (size_t i = 0; i < cell.len; i++) {
        unsigned char c = (unsigned char)cell.ptr[i];
        if (isalnum(c) || c >= 0x80)
            buf_char(&out, (char)tolower(c));
        else if (out.len && out.ptr[out.len - 1] != ' ')
            buf_char(&out, ' ');
    }
    return str_trim(buf_str(&out));
}

static bool is_among(Str name, const char *names)
{
    Str rest = str_from(names);
    for (Str one; str_next(&rest, '|', &one);)
        if (str_eq(one, name))
            return true;
    return false;
}

static Role role_named(Str name)
{
    for (size_t i = 0; i < COUNT(role_words); i++)
        if (is_among(name, role_words[i].names))
            return role_words[i].role;
    return ROLE_NONE;
}

// "Bedrag (EUR)": the name without the currency behind it, which is told.
static Role role_of_header(Arena *arena, Str cell, Str *ret_currency)
{
    Str name = folded(arena, cell);
    Role role = role_named(name);
    ptrdiff_t blank = str_rfind_char(name, ' ');
    bool may_be_currency = blank > 0 && name.len - (size_t)blank - 1 == 3;
    if (role != ROLE_NONE || !may_be_currency)
        return role;
    role = role_named(str_sub(name, 0, (size_t)blank));
    if (role == ROLE_AMOUNT || role == ROLE_DEBIT || role == ROLE_CREDIT || role == ROLE_BALANCE) {
        if (role != ROLE_BALANCE)
            *ret_currency = str_upper_ascii(arena, str_from_at(name, (size_t)blank + 1));
        return role;
    }
    return ROLE_NONE;
}

// How many known names a row has; 0 when a date or an amount is not among them.
static size_t header_score(Arena *arena, const Row *row)
{
    size_t known = 0;
    bool has_date = false, has_amount = false;
    Str currency;
    for (size_t i = 0; i < row->len; i++) {
        Role role = role_of_header(arena, row->cells[i], &currency);
        known += role != ROLE_NONE;
        has_date |= role == ROLE_DATE || role == ROLE_VALUE_DATE;
        has_amount |= role == ROLE_AMOUNT || role == ROLE_DEBIT || role == ROLE_CREDIT;
    }
    return has_date && has_amount ? known : 0;
}

static bool has_role(const Csv *csv, Role role)
{
    for (size_t i = 0; i < csv->columns; i++)
        if (csv->roles[i] == role)
            return true;
    return false;
}

// "Valuta" is a date in German and a currency in Dutch and Swedish.
static Role valuta_role(const Csv *csv, size_t column)
{
    DateGuess guess = { true, true, true, 0, 0 };
    for (size_t i = csv->first; i < csv->rows.len && i < csv->first + CONTENT_ROWS; i++)
        date_guess_add(&guess, cell_at(&csv->rows.items[i], column));
    return date_guess_order(&guess) != ORDER_NONE ? ROLE_VALUE_DATE : ROLE_CURRENCY;
}

// Several columns may make up the text; of everything else the first counts, as the amount in the
// account's own currency comes before that in the payer's.
static bool take_header(Csv *csv)
{
    size_t best = 0, most = 0;
    for (size_t i = 0; i < csv->rows.len && i < HEADER_ROWS; i++) {
        size_t score = header_score(csv->ctx->arena, &csv->rows.items[i]);
        if (score > most) {
            most = score;
            best = i;
        }
    }
    if (most < 2)
        return false;
    const Row *header = &csv->rows.items[best];
    csv->first = best + 1;
    csv->columns = 0;
    for (size_t i = 0; i < header->len; i++) {
        Role role = role_of_header(csv->ctx->arena, header->cells[i], &csv->header_currency);
        if (role == ROLE_VALUTA)
            role = valuta_role(csv, i);
        bool is_taken = role != ROLE_TEXT && has_role(csv, role);
        csv->roles[csv->columns++] = is_taken ? ROLE_NONE : role;
    }
    return true;
}

// ---- Columns by content -------------------------------------------------------------------------

typedef struct {
    DateGuess dates;
    AmountGuess amounts;
    int64_t ibans, characters;
} Content;

static Content look_at(const Csv *csv, size_t column)
{
    Content content = { .dates = { true, true, true, 0, 0 } };
    for (size_t i = 0; i < csv->rows.len && i < CONTENT_ROWS; i++) {
        Str cell = cell_at(&csv->rows.items[i], column);
        date_guess_add(&content.dates, cell);
        amount_guess_add(&content.amounts, cell);
        content.ibans += iban_valid(cell);
        content.characters += (int64_t)cell.len;
    }
    return content;
}

static Role role_by_content(const Csv *csv, const Content *content)
{
    if (date_guess_order(&content->dates) != ORDER_NONE)
        return !has_role(csv, ROLE_DATE)       ? ROLE_DATE
             : !has_role(csv, ROLE_VALUE_DATE) ? ROLE_VALUE_DATE
                                               : ROLE_NONE;
    bool are_amounts = content->amounts.amounts > 0 &&
                       content->amounts.amounts == content->amounts.cells &&
                       content->amounts.points + content->amounts.commas > 0;
    if (are_amounts)
        return !has_role(csv, ROLE_AMOUNT)  ? ROLE_AMOUNT
             : !has_role(csv, ROLE_BALANCE) ? ROLE_BALANCE
                                            : ROLE_NONE;
    return content->ibans > 0 && !has_role(csv, ROLE_IBAN) ? ROLE_IBAN : ROLE_NONE;
}

// Of two columns of amounts where a row has only ever one, the first is what went out.
static void tell_debit_from_balance(Csv *csv)
{
    size_t amount = 0, balance = 0;
    for (size_t i = 0; i < csv->columns; i++) {
        amount = csv->roles[i] == ROLE_AMOUNT ? i : amount;
        balance = csv->roles[i] == ROLE_BALANCE ? i : balance;
    }
    if (!has_role(csv, ROLE_BALANCE))
        return;
    for (size_t i = 0; i < csv->rows.len && i < CONTENT_ROWS; i++)
        if (cell_at(&csv->rows.items[i], amount).len && cell_at(&csv->rows.items[i], balance).len)
            return;
    csv->roles[amount] = ROLE_DEBIT;
    csv->roles[balance] = ROLE_CREDIT;
}

static bool take_contents(Csv *csv)
{
    size_t widest = 0, longest = 0;
    int64_t most = 0;
    for (size_t i = 0; i < csv->rows.len && i < CONTENT_ROWS; i++)
        widest = csv->rows.items[i].len > widest ? csv->rows.items[i].len : widest;
    csv->first = 0;
    csv->columns = 0;
    for (size_t i = 0; i < widest; i++) {
        Content content = look_at(csv, i);
        Role role = role_by_content(csv, &content);
        csv->roles[csv->columns++] = role;
        if (role == ROLE_NONE && content.characters > most) {
            most = content.characters;
            longest = i;
        }
    }
    if (most)
        csv->roles[longest] = ROLE_TEXT;
    tell_debit_from_balance(csv);
    return has_role(csv, ROLE_DATE) && (has_role(csv, ROLE_AMOUNT) || has_role(csv, ROLE_DEBIT));
}

// ---- Payments -----------------------------------------------------------------------------------

static Status bad(const Csv *csv, const Row *row, const char *what, Str cell)
{
    return FAIL(csv->ctx, E_INVALID, "statement.syntax", "line %lld: %s: \"" STR_FMT "\"",
                (long long)row->line, what, STR_ARG(str_sub(cell, 0, 60)));
}

static Str role_cell(const Csv *csv, const Row *row, Role role)
{
    for (size_t i = 0; i < csv->columns; i++)
        if (csv->roles[i] == role && cell_at(row, i).len)
            return cell_at(row, i);
    return S("");
}

static Str all_texts(const Csv *csv, const Row *row)
{
    Buf out = { .arena = csv->ctx->arena };
    for (size_t i = 0; i < csv->columns; i++)
        if (csv->roles[i] == ROLE_TEXT && cell_at(row, i).len) {
            if (out.len)
                buf_char(&out, '\n');
            buf_put(&out, cell_at(row, i));
        }
    return buf_str(&out);
}

static bool side_is_debit(Arena *arena, Str side)
{
    return is_among(folded(arena, side), "debit|dr|d|af|s|soll|debet|out|cargo|débit|dare|-|db");
}

static Str negated(Arena *arena, Str amount)
{
    return amount_is_negative(amount) ? str_from_at(amount, 1) : str_join(arena, S("-"), amount);
}

static bool is_zero(Str amount)
{
    for (size_t i = 0; i < amount.len; i++)
        if (amount.ptr[i] >= '1' && amount.ptr[i] <= '9')
            return false;
    return true;
}

// One column with a sign, or with the direction beside it, or two columns.
static Status read_amount(const Csv *csv, const Row *row, Str *ret)
{
    Arena *arena = csv->ctx->arena;
    Str cell = role_cell(csv, row, ROLE_AMOUNT), side = role_cell(csv, row, ROLE_SIDE);
    *ret = S("");
    if (cell.len) {
        if (!amount_cell(arena, cell, csv->decimal_sign, ret))
            return bad(csv, row, "this is no amount", cell);
        if (side_is_debit(arena, side) && !amount_is_negative(*ret) && !is_zero(*ret))
            *ret = negated(arena, *ret);
        return OK;
    }
    Str debit = role_cell(csv, row, ROLE_DEBIT), credit = role_cell(csv, row, ROLE_CREDIT);
    Str out = S(""), in = S("");
    if (debit.len && !amount_cell(arena, debit, csv->decimal_sign, &out))
        return bad(csv, row, "this is no amount", debit);
    if (credit.len && !amount_cell(arena, credit, csv->decimal_sign, &in))
        return bad(csv, row, "this is no amount", credit);
    if (in.len && !is_zero(in))
        *ret = in;
    else if (out.len && !is_zero(out))
        *ret = amount_is_negative(out) ? out : negated(arena, out);
    else
        *ret = in.len ? in : out;
    return OK;
}

static bool has_digit(Str s)
{
    for (size_t i = 0; i < s.len; i++)
        if (isdigit((unsigned char)s.ptr[i]))
            return true;
    return false;
}

static Status read_dates(const Csv *csv, const Row *row, StatementLine *line)
{
    Arena *arena = csv->ctx->arena;
    Str date = role_cell(csv, row, ROLE_DATE), value = role_cell(csv, row, ROLE_VALUE_DATE);
    line->date = date_cell(arena, date, csv->order);
    line->value_date = date_cell(arena, value, csv->value_order);
    if (line->date.len == 0 && date.len)
        return bad(csv, row, "this is no date", date);
    if (line->value_date.len == 0)
        line->value_date = line->date;
    if (line->date.len == 0)
        line->date = line->value_date;
    if (line->date.len == 0)
        return bad(csv, row, "there is an amount but no date", all_texts(csv, row));
    return OK;
}

static void read_words(const Csv *csv, const Row *row, StatementLine *line)
{
    StatementParty *party = &line->counterparty;
    Str account = role_cell(csv, row, ROLE_IBAN);
    Str iban = iban_find(csv->ctx->arena, account);
    *(iban.len ? &party->iban : &party->account) = iban.len ? iban : account;
    party->name = role_cell(csv, row, ROLE_NAME);
    party->bic = role_cell(csv, row, ROLE_BIC);
    line->remittance = line->text = all_texts(csv, row);
    line->customer_reference = line->reference = role_cell(csv, row, ROLE_REFERENCE);
    line->type = role_cell(csv, row, ROLE_TYPE);
    line->end_to_end = role_cell(csv, row, ROLE_END_TO_END);
    line->mandate = role_cell(csv, row, ROLE_MANDATE);
    line->creditor_id = role_cell(csv, row, ROLE_CREDITOR);
    line->cheque = role_cell(csv, row, ROLE_CHEQUE);
    Str currency = role_cell(csv, row, ROLE_CURRENCY);
    line->currency = currency.len ? currency : csv->header_currency;
    Str balance = role_cell(csv, row, ROLE_BALANCE);
    if (!amount_cell(csv->ctx->arena, balance, csv->decimal_sign, &line->balance))
        line->balance = S("");
}

// The statement of the account that the row names; one for all when none does.
static Statement *statement_of(Csv *csv, const Row *row)
{
    Str account = role_cell(csv, row, ROLE_OWN);
    EACH (statement, csv->file->statements)
        if (str_eq(statement->account_id, account))
            return statement;
    Statement *statement = list_push(csv->ctx->arena, &csv->file->statements);
    statement->type = S("csv");
    statement->account_id = account;
    *(iban_valid(account) ? &statement->account.iban : &statement->account.account) = account;
    return statement;
}

static Status read_row(Csv *csv, const Row *row)
{
    StatementLine line = { .source_line = row->line, .status = S("booked") };
    Str date = role_cell(csv, row, ROLE_DATE);
    if (date.len && !has_digit(date))
        return OK;  // "Total"
    TRY(read_amount(csv, row, &line.amount));
    if (line.amount.len == 0)
        return OK;  // a heading, a note, or an opening balance
    TRY(read_dates(csv, row, &line));
    read_words(csv, row, &line);
    line.direction = amount_is_negative(line.amount) ? S("debit") : S("credit");
    Statement *statement = statement_of(csv, row);
    if (statement->currency.len == 0)
        statement->currency = line.currency;
    *list_push(csv->ctx->arena, &statement->lines) = line;
    return OK;
}

// ---- All of it ----------------------------------------------------------------------------------

static bool is_money(Role role)
{
    return role == ROLE_AMOUNT || role == ROLE_DEBIT || role == ROLE_CREDIT || role == ROLE_BALANCE;
}

static void learn_forms(Csv *csv)
{
    DateGuess dates = { true, true, true, 0, 0 }, values = dates;
    AmountGuess amounts = { 0 };
    for (size_t i = csv->first; i < csv->rows.len; i++)
        for (size_t column = 0; column < csv->columns; column++) {
            Str cell = cell_at(&csv->rows.items[i], column);
            if (csv->roles[column] == ROLE_DATE)
                date_guess_add(&dates, cell);
            if (csv->roles[column] == ROLE_VALUE_DATE)
                date_guess_add(&values, cell);
            if (is_money(csv->roles[column]))
                amount_guess_add(&amounts, cell);
        }
    csv->order = date_guess_order(&dates);
    csv->value_order = date_guess_order(&values);
    csv->decimal_sign = amount_guess_sign(&amounts);
}

static void tell_columns(Csv *csv)
{
    for (size_t i = 0; i < csv->columns; i++) {
        if (csv->roles[i] == ROLE_NONE)
            continue;
        StatementColumn *column = list_push(csv->ctx->arena, &csv->file->columns);
        column->role = str_from(role_names[csv->roles[i]]);
        column->header = csv->first ? cell_at(&csv->rows.items[csv->first - 1], i) : S("");
        column->at = (int64_t)i + 1;
    }
}

// The account is often named above the header.
static void look_above(Csv *csv)
{
    Statement *statement = csv->file->statements.items;
    if (csv->file->statements.len != 1 || statement->account_id.len)
        return;
    for (size_t i = 0; i + 1 < csv->first && statement->account_id.len == 0; i++)
        for (size_t column = 0; column < csv->rows.items[i].len; column++) {
            Str iban = iban_find(csv->ctx->arena, csv->rows.items[i].cells[column]);
            if (iban.len)
                statement->account_id = statement->account.iban = iban;
        }
}

Status statement_csv_read(Ctx *ctx, Str text, StatementFile *file)
{
    Csv csv = { .ctx = ctx, .file = file };
    TRY(read_rows(ctx, text, &csv.rows));
    if (!take_header(&csv) && !take_contents(&csv))
        return FAIL(ctx, E_INVALID, "statement.format",
                    "this is not MT940, CAMT or OFX, and no CSV with a column of dates and one of "
                    "amounts");
    file->format = S("csv");
    learn_forms(&csv);
    tell_columns(&csv);
    for (size_t i = csv.first; i < csv.rows.len; i++)
        TRY(read_row(&csv, &csv.rows.items[i]));
    look_above(&csv);
    return OK;
}
