// statement_json.c - statements as JSON. Which key shows which field is data: a table a record.
#include "algo/statement/statement.h"

// `always`: null when unknown; the others are left out then.
typedef struct {
    const char *key;
    size_t at;
    bool always;
} Field;

#define TEXT(record, field)                                                                        \
    {                                                                                              \
#field, offsetof(record, field), false                                                     \
    }
#define CORE(record, field)                                                                        \
    {                                                                                              \
#field, offsetof(record, field), true                                                      \
    }

static void put_fields(JsonOut *json, const void *record, const Field *fields)
{
    for (const Field *f = fields; f->key; f++) {
        const Str *value = (const Str *)((const char *)record + f->at);
        if (value->len == 0 && !f->always)
            continue;
        json_key(json, f->key);
        if (value->len)
            json_put_str(json, *value);
        else
            json_put_null(json);
    }
}

static bool has_fields(const void *record, const Field *fields)
{
    for (const Field *f = fields; f->key; f++)
        if (((const Str *)((const char *)record + f->at))->len)
            return true;
    return false;
}

static void put_record(JsonOut *json, const char *key, const void *record, const Field *fields)
{
    if (!has_fields(record, fields))
        return;
    json_key(json, key);
    json_open(json, '{');
    put_fields(json, record, fields);
    json_close(json, '}');
}

static void put_list(JsonOut *json, const char *key, const void *items, size_t len, size_t size,
                     const Field *fields)
{
    if (len == 0)
        return;
    json_key(json, key);
    json_open(json, '[');
    for (size_t i = 0; i < len; i++) {
        json_open(json, '{');
        put_fields(json, (const char *)items + i * size, fields);
        json_close(json, '}');
    }
    json_close(json, ']');
}

#define PUT_LIST(json, key, list, fields)                                                          \
    put_list((json), (key), (list).items, (list).len, sizeof *(list).items, (fields))

// ---- The records --------------------------------------------------------------------------------
// clang-format off

static const Field party_fields[] = {
    TEXT(StatementParty, name), TEXT(StatementParty, iban), TEXT(StatementParty, account),
    TEXT(StatementParty, bic), TEXT(StatementParty, bank), TEXT(StatementParty, street),
    TEXT(StatementParty, building), TEXT(StatementParty, post_code), TEXT(StatementParty, town),
    TEXT(StatementParty, country), TEXT(StatementParty, address), TEXT(StatementParty, residence),
    TEXT(StatementParty, id), TEXT(StatementParty, id_issuer), TEXT(StatementParty, bei),
    TEXT(StatementParty, ibei), TEXT(StatementParty, ean), { 0 },
};
static const Field balance_fields[] = {
    CORE(StatementBalance, type), CORE(StatementBalance, amount), CORE(StatementBalance, currency),
    CORE(StatementBalance, date), TEXT(StatementBalance, date_time), { 0 },
};
static const Field charge_fields[] = {
    CORE(StatementCharge, amount), CORE(StatementCharge, currency), TEXT(StatementCharge, code),
    TEXT(StatementCharge, included), { 0 },
};
static const Field reference_fields[] = {
    TEXT(StatementReference, type), TEXT(StatementReference, reference),
    TEXT(StatementReference, additional), { 0 },
};
static const Field code_fields[] = {
    TEXT(StatementCode, domain), TEXT(StatementCode, family), TEXT(StatementCode, subfamily),
    TEXT(StatementCode, code), TEXT(StatementCode, issuer), { 0 },
};
static const Field detail_fields[] = {
    TEXT(StatementDetail, amount), TEXT(StatementDetail, currency), TEXT(StatementDetail, marked),
    TEXT(StatementDetail, transaction_amount), TEXT(StatementDetail, transaction_currency),
    TEXT(StatementDetail, instructed_amount), TEXT(StatementDetail, instructed_currency),
    TEXT(StatementDetail, exchange_rate), TEXT(StatementDetail, message_id),
    TEXT(StatementDetail, bank_reference), TEXT(StatementDetail, payment_id),
    TEXT(StatementDetail, instruction_id), TEXT(StatementDetail, end_to_end),
    TEXT(StatementDetail, mandate), TEXT(StatementDetail, transaction_id),
    TEXT(StatementDetail, cheque), TEXT(StatementDetail, clearing_reference),
    TEXT(StatementDetail, uetr), TEXT(StatementDetail, purpose_code),
    TEXT(StatementDetail, return_reason), TEXT(StatementDetail, info),
    TEXT(StatementDetail, charges_total), TEXT(StatementDetail, charges_currency), { 0 },
};
static const Field line_fields[] = {
    CORE(StatementLine, date), TEXT(StatementLine, date_time), CORE(StatementLine, value_date),
    TEXT(StatementLine, value_time), TEXT(StatementLine, entry_date), CORE(StatementLine, amount),
    CORE(StatementLine, currency), CORE(StatementLine, direction), CORE(StatementLine, status),
    TEXT(StatementLine, reversal), TEXT(StatementLine, mark), TEXT(StatementLine, funds_code),
    TEXT(StatementLine, type), TEXT(StatementLine, reference),
    CORE(StatementLine, customer_reference), CORE(StatementLine, bank_reference),
    TEXT(StatementLine, batch_id), TEXT(StatementLine, supplement),
    TEXT(StatementLine, transaction_code), TEXT(StatementLine, posting_text),
    TEXT(StatementLine, prima_nota), TEXT(StatementLine, return_code),
    CORE(StatementLine, remittance), TEXT(StatementLine, text), TEXT(StatementLine, end_to_end),
    TEXT(StatementLine, mandate), TEXT(StatementLine, creditor_id),
    TEXT(StatementLine, purpose_code), TEXT(StatementLine, cheque),
    TEXT(StatementLine, original_amount), TEXT(StatementLine, original_currency),
    TEXT(StatementLine, exchange_rate), TEXT(StatementLine, balance), { 0 },
};
static const Field statement_fields[] = {
    CORE(Statement, type), CORE(Statement, id), TEXT(Statement, related_reference),
    CORE(Statement, number), CORE(Statement, sequence), TEXT(Statement, legal_number),
    TEXT(Statement, page), TEXT(Statement, created), TEXT(Statement, from), TEXT(Statement, to),
    TEXT(Statement, copy), TEXT(Statement, information), CORE(Statement, account_id),
    CORE(Statement, currency), TEXT(Statement, debit_floor), TEXT(Statement, credit_floor),
    TEXT(Statement, floor_currency), TEXT(Statement, debit_count), TEXT(Statement, debit_sum),
    TEXT(Statement, credit_count), TEXT(Statement, credit_sum), { 0 },
};
static const Field file_fields[] = {
    CORE(StatementFile, format), CORE(StatementFile, charset), TEXT(StatementFile, message_id),
    TEXT(StatementFile, created), TEXT(StatementFile, information), TEXT(StatementFile, page),
    TEXT(StatementFile, query_id), TEXT(StatementFile, query_name),
    TEXT(StatementFile, query_created), { 0 },
};

// clang-format on

// ---- Putting it together ------------------------------------------------------------------------

static void put_texts(JsonOut *json, const char *key, StatementTextList texts)
{
    if (texts.len == 0)
        return;
    json_key(json, key);
    json_open(json, '[');
    EACH (text, texts)
        json_put_str(json, *text);
    json_close(json, ']');
}

static void put_detail(JsonOut *json, const StatementDetail *detail)
{
    json_open(json, '{');
    put_fields(json, detail, detail_fields);
    put_record(json, "code", &detail->code, code_fields);
    put_record(json, "debtor", &detail->debtor, party_fields);
    put_record(json, "creditor", &detail->creditor, party_fields);
    put_record(json, "ultimate_debtor", &detail->ultimate_debtor, party_fields);
    put_record(json, "ultimate_creditor", &detail->ultimate_creditor, party_fields);
    put_record(json, "debtor_agent", &detail->debtor_agent, party_fields);
    put_record(json, "creditor_agent", &detail->creditor_agent, party_fields);
    PUT_LIST(json, "proprietary", detail->proprietary, reference_fields);
    put_texts(json, "unstructured", detail->unstructured);
    PUT_LIST(json, "structured", detail->structured, reference_fields);
    PUT_LIST(json, "charges", detail->charges, charge_fields);
    json_close(json, '}');
}

static void put_line(JsonOut *json, const StatementLine *line)
{
    json_open(json, '{');
    put_fields(json, line, line_fields);
    put_record(json, "counterparty", &line->counterparty, party_fields);
    put_record(json, "code", &line->code, code_fields);
    if (line->details.len) {
        json_key(json, "details");
        json_open(json, '[');
        EACH (detail, line->details)
            put_detail(json, detail);
        json_close(json, ']');
    }
    json_key(json, "line");
    json_put_int(json, line->source_line);
    json_close(json, '}');
}

// The balance a reader of a whole statement starts and ends with.
static void put_bound(JsonOut *json, const char *key, const Statement *statement, const char *type)
{
    const StatementBalance *found = NULL;
    EACH (balance, statement->balances)
        if (!found && str_is(balance->type, type))
            found = balance;
    json_key(json, key);
    if (found)
        json_put_str(json, found->amount);
    else
        json_put_null(json);
}

static void put_statement(JsonOut *json, const Statement *statement)
{
    json_open(json, '{');
    put_fields(json, statement, statement_fields);
    put_record(json, "account", &statement->account, party_fields);
    put_bound(json, "opening_balance", statement, "opening");
    put_bound(json, "closing_balance", statement, "closing");
    PUT_LIST(json, "balances", statement->balances, balance_fields);
    json_key(json, "lines");
    json_open(json, '[');
    EACH (line, statement->lines)
        put_line(json, line);
    json_close(json, ']');
    json_close(json, '}');
}

static void put_columns(JsonOut *json, StatementColumnList columns)
{
    if (columns.len == 0)
        return;
    json_key(json, "columns");
    json_open(json, '[');
    EACH (column, columns) {
        json_open(json, '{');
        json_key(json, "role");
        json_put_str(json, column->role);
        json_key(json, "header");
        json_put_str(json, column->header);
        json_key(json, "at");
        json_put_int(json, column->at);
        json_close(json, '}');
    }
    json_close(json, ']');
}

void statement_json(JsonOut *json, const StatementFile *file)
{
    json_open(json, '{');
    put_fields(json, file, file_fields);
    put_record(json, "recipient", &file->recipient, party_fields);
    put_columns(json, file->columns);
    json_key(json, "statements");
    json_open(json, '[');
    EACH (statement, file->statements)
        put_statement(json, statement);
    json_close(json, ']');
    json_close(json, '}');
}
