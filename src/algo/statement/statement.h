// statement.h - what banks send about an account, whatever the format, as one shape.
//
// statement_read() takes the bytes of a file: MT940 and MT942 (SWIFT, with the dialects of German,
// Dutch, Polish and Swiss banks), CAMT.052, .053 and .054 in versions 1 to 8 (ISO 20022), OFX (1.x
// SGML and 2.x XML) and CSV with columns found by their names and contents. It finds out which it
// is.
//
// Everything is text. An amount is exact: sign, digits, perhaps a point and digits, as many as the
// bank wrote; it is below zero when money left the account. A date is "2026-11-21", a time is as
// the bank wrote it, with its offset. What the bank did not say is "". Text is UTF-8. Nothing is
// owned: all of it lives in the arena, some of it in the input.
#pragma once

#include "base/ctx.h"
#include "base/json.h"

enum { STATEMENT_BYTES_MAX = 256 << 20 };

// Who a payment came from or went to; the bank it is with.
typedef struct StatementParty {
    Str name, iban, account;  // account: when it is not an IBAN
    Str bic, bank;
    Str street, building, post_code, town, country;
    Str address;  // free lines, each on its own
    Str residence, id, id_issuer, bei, ibei, ean;
} StatementParty;

typedef struct StatementBalance {
    Str type;  // opening, closing, interim_opening, closing_available ... (docs/statements.md)
    Str amount, currency, date, date_time;
} StatementBalance;
typedef LIST(StatementBalance) StatementBalanceList;

typedef struct StatementCharge {
    Str amount, currency, code;
    Str included;  // "true" or "false"
} StatementCharge;
typedef LIST(StatementCharge) StatementChargeList;

// A reference the payer was told to give, as "SCOR" with its number.
typedef struct StatementReference {
    Str type, reference, additional;
} StatementReference;
typedef LIST(StatementReference) StatementReferenceList;

typedef LIST(Str) StatementTextList;

// What a bank calls a kind of payment: ISO domain, family and subfamily, or its own code.
typedef struct StatementCode {
    Str domain, family, subfamily, code, issuer;
} StatementCode;

// One payment inside a line. Most lines have none or one; a batch has many.
typedef struct StatementDetail {
    Str amount, currency;
    Str marked;  // "credit" or "debit" where the detail contradicts its line
    Str transaction_amount, transaction_currency, instructed_amount, instructed_currency;
    Str exchange_rate;
    StatementCode code;
    Str message_id, bank_reference, payment_id, instruction_id, end_to_end, mandate;
    Str transaction_id, cheque, clearing_reference, uetr, purpose_code, return_reason, info;
    StatementReferenceList proprietary;
    StatementParty debtor, creditor, ultimate_debtor, ultimate_creditor;
    StatementParty debtor_agent, creditor_agent;
    StatementTextList unstructured;
    StatementReferenceList structured;
    Str charges_total, charges_currency;
    StatementChargeList charges;
} StatementDetail;
typedef LIST(StatementDetail) StatementDetailList;

typedef struct StatementLine {
    int64_t source_line;  // where it begins in the file, from 1
    Str date, date_time;  // booked
    Str value_date, value_time;
    Str entry_date;  // MT: the date of entry, where the bank gives one
    Str amount, currency;
    Str direction;               // credit, debit
    Str status;                  // booked, pending, information
    Str reversal;                // "true" when it takes back an earlier line
    Str mark, funds_code, type;  // MT: D, C, RD, RC; the letter behind; NTRF. OFX: type is TRNTYPE
    Str reference;               // both references as they stand in the file
    Str customer_reference, bank_reference, batch_id, supplement;
    Str transaction_code, posting_text, prima_nota, return_code;
    Str text;        // all the bank wrote about it
    Str remittance;  // what the payer wrote
    Str end_to_end, mandate, creditor_id, purpose_code, cheque;
    Str original_amount, original_currency, exchange_rate, balance;
    StatementParty counterparty;
    StatementCode code;
    StatementDetailList details;
} StatementLine;
typedef LIST(StatementLine) StatementLineList;

typedef struct Statement {
    Str type;  // mt940, mt942, camt.053 ...
    Str id, related_reference, number, sequence, legal_number, page;
    Str created, from, to, copy, information;
    StatementParty account;  // name is the owner's
    Str account_id;          // as written
    Str currency;
    StatementBalanceList balances;
    Str debit_floor, credit_floor, floor_currency;
    Str debit_count, debit_sum, credit_count, credit_sum;
    StatementLineList lines;
} Statement;
typedef LIST(Statement) StatementList;

// CSV: which column is what, for a person to check.
typedef struct StatementColumn {
    Str role, header;
    int64_t at;  // from 1
} StatementColumn;
typedef LIST(StatementColumn) StatementColumnList;

typedef struct StatementFile {
    Str format;   // mt940, mt942, camt.053.001.02, ofx-sgml, ofx-xml, csv
    Str charset;  // what the bytes were: utf-8, utf-16, windows-1252
    Str message_id, created, information, page;
    StatementParty recipient;
    Str query_id, query_name, query_created;  // CAMT: the question this answers
    StatementList statements;
    StatementColumnList columns;
} StatementFile;

// E_INVALID "statement.format" when the bytes are none of the formats, "statement.syntax" with the
// line when they break its rules, "statement.empty" when there is no statement in them.
MUST_CHECK Status statement_read(Ctx *ctx, Str bytes, StatementFile *ret);

// Writes it as one JSON value (docs/statements.md); what is not known is left out, apart from the
// keys every reader wants.
void statement_json(JsonOut *json, const StatementFile *file);
