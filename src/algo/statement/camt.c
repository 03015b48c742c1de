// camt.c - reads ISO 20022 account reports (camt.052), statements (camt.053) and notifications
// (camt.054), versions 1 to 8.
//
// The versions differ in small things, which are all tried: the status of an entry became a code
// inside an element, the BIC was renamed, parties moved into an element of their own, the account's
// proprietary number got another name. The message is not checked against the schema; what must be
// there is: a statement, and in every entry an amount, its currency and its direction.
//
// A payment inside an entry has the direction of its entry, as banks and other readers have it, and
// `marked` says so where its own indicator contradicts.
#include "algo/statement/parts.h"
#include "algo/statement/xml.h"

#define EACH_XML(item, parent, path)                                                               \
    for (const Xml *item = xml_find((parent), (path)); item; item = xml_next(item))

static Status bad(Ctx *ctx, const Xml *element, const char *what)
{
    return FAIL(ctx, E_INVALID, "statement.syntax", "line %lld: " STR_FMT " %s",
                (long long)element->line, STR_ARG(element->name), what);
}

// The first of several paths that leads to a text.
static Str either(const Xml *from, const char *a, const char *b, const char *c)
{
    Str found = xml_text(from, a);
    if (found.len == 0)
        found = xml_text(from, b);
    return found.len || !c ? found : xml_text(from, c);
}

static bool is_debit(const Xml *element)
{
    return str_is(xml_text(element, "CdtDbtInd"), "DBIT");
}

// Leaves both empty when there is no such element.
static Status read_amount(Ctx *ctx, const Xml *amount, bool debit, Str *ret, Str *ret_currency)
{
    if (!amount)
        return OK;
    Str digits = amount->text;
    bool is_negative = digits.len && digits.ptr[0] == '-';
    if (is_negative || (digits.len && digits.ptr[0] == '+'))
        digits = str_from_at(digits, 1);
    if (!amount_read(ctx->arena, digits, '.', debit != is_negative, ret))
        return bad(ctx, amount, "is no amount");
    *ret_currency = amount->currency;
    return OK;
}

static void read_date(const Xml *element, Str *ret_date, Str *ret_time)
{
    Str time = xml_text(element, "DtTm");
    *ret_time = time;
    *ret_date = time.len ? str_sub(time, 0, 10) : str_sub(xml_text(element, "Dt"), 0, 10);
}

// ---- Parties ------------------------------------------------------------------------------------

static void read_address(Arena *arena, const Xml *address, StatementParty *party)
{
    party->street = xml_text(address, "StrtNm");
    party->building = xml_text(address, "BldgNb");
    party->post_code = xml_text(address, "PstCd");
    party->town = xml_text(address, "TwnNm");
    party->country = xml_text(address, "Ctry");
    EACH_XML(line, address, "AdrLine")
    party->address = party->address.len ? str_format(arena, STR_FMT "\n" STR_FMT,
                                                     STR_ARG(party->address), STR_ARG(line->text))
                                        : line->text;
}

static void read_party(Arena *arena, const Xml *element, StatementParty *party)
{
    const Xml *inner = xml_find(element, "Pty");  // from version 8 on
    const Xml *from = inner ? inner : element;
    if (!from)
        return;
    party->name = xml_text(from, "Nm");
    read_address(arena, xml_find(from, "PstlAdr"), party);
    party->residence = xml_text(from, "CtryOfRes");
    const Xml *organisation = xml_find(from, "Id/OrgId");
    party->bic = either(organisation, "AnyBIC", "BICOrBEI", "BIC");
    party->bei = either(organisation, "BEI", "BICOrBEI", NULL);
    party->ibei = xml_text(organisation, "IBEI");
    party->ean = xml_text(organisation, "EANGLN");
    party->id = either(from, "Id/OrgId/Othr/Id", "Id/OrgId/PrtryId/Id", "Id/PrvtId/Othr/Id");
    party->id_issuer =
        either(from, "Id/OrgId/Othr/Issr", "Id/OrgId/PrtryId/Issr", "Id/PrvtId/Othr/Issr");
}

static Str read_account(const Xml *account, StatementParty *party)
{
    party->iban = xml_text(account, "Id/IBAN");
    party->account = either(account, "Id/Othr/Id", "Id/PrtryAcct/Id", "Id/BBAN");
    if (party->account.len == 0)
        party->account = xml_text(account, "Id/UPIC");
    return party->iban.len ? party->iban : party->account;
}

static void read_agent(Arena *arena, const Xml *agent, StatementParty *party)
{
    const Xml *bank = xml_find(agent, "FinInstnId");
    if (!bank)
        return;
    party->bic = either(bank, "BICFI", "BIC", "CmbndId/BIC");
    party->bank = either(bank, "Nm", "NmAndAdr/Nm", "CmbndId/Nm");
    party->id = xml_text(bank, "ClrSysMmbId/MmbId");
}

static void read_code(const Xml *code, StatementCode *ret)
{
    ret->domain = xml_text(code, "Domn/Cd");
    ret->family = xml_text(code, "Domn/Fmly/Cd");
    ret->subfamily = xml_text(code, "Domn/Fmly/SubFmlyCd");
    ret->code = xml_text(code, "Prtry/Cd");
    ret->issuer = xml_text(code, "Prtry/Issr");
}

// ---- Payments inside an entry -------------------------------------------------------------------

static void read_references(Arena *arena, const Xml *refs, StatementDetail *detail)
{
    detail->message_id = xml_text(refs, "MsgId");
    detail->bank_reference = xml_text(refs, "AcctSvcrRef");
    detail->payment_id = xml_text(refs, "PmtInfId");
    detail->instruction_id = xml_text(refs, "InstrId");
    detail->end_to_end = xml_text(refs, "EndToEndId");
    detail->uetr = xml_text(refs, "UETR");
    detail->transaction_id = xml_text(refs, "TxId");
    detail->mandate = xml_text(refs, "MndtId");
    detail->cheque = xml_text(refs, "ChqNb");
    detail->clearing_reference = xml_text(refs, "ClrSysRef");
    EACH_XML(other, refs, "Prtry")
    {
        StatementReference *reference = list_push(arena, &detail->proprietary);
        reference->type = xml_text(other, "Tp");
        reference->reference = xml_text(other, "Ref");
    }
}

static void read_remittance(Arena *arena, const Xml *remittance, StatementDetail *detail)
{
    EACH_XML(text, remittance, "Ustrd")
    *list_push(arena, &detail->unstructured) = text->text;
    EACH_XML(block, remittance, "Strd")
    {
        StatementReference *reference = list_push(arena, &detail->structured);
        reference->type = either(block, "CdtrRefInf/Tp/CdOrPrtry/Cd",
                                 "CdtrRefInf/Tp/CdOrPrtry/Prtry", "CdtrRefInf/CdtrRefTp/Cd");
        reference->reference =
            either(block, "CdtrRefInf/Ref", "CdtrRefInf/CdtrRef", "RfrdDocInf/Nb");
        reference->additional = xml_text(block, "AddtlRmtInf");
    }
}

static Status read_charge(Ctx *ctx, const Xml *record, StatementDetail *detail)
{
    StatementCharge charge = { 0 };
    const Xml *amount = xml_find(record, "Amt");
    TRY(read_amount(ctx, amount, is_debit(record), &charge.amount, &charge.currency));
    if (!amount)
        return OK;
    charge.code = either(record, "Tp/Prtry/Id", "Tp/Cd", NULL);
    charge.included = xml_text(record, "ChrgInclInd");
    *list_push(ctx->arena, &detail->charges) = charge;
    return OK;
}

// Before version 4 each "Chrgs" was one charge; since then it holds records and their total.
static Status read_charges(Ctx *ctx, const Xml *parent, StatementDetail *detail)
{
    EACH_XML(charges, parent, "Chrgs")
    {
        TRY(read_amount(ctx, xml_find(charges, "TtlChrgsAndTaxAmt"), false, &detail->charges_total,
                        &detail->charges_currency));
        TRY(read_charge(ctx, charges, detail));
        EACH_XML(record, charges, "Rcrd")
        TRY(read_charge(ctx, record, detail));
    }
    return OK;
}

static Status read_amounts(Ctx *ctx, const Xml *from, bool debit, StatementDetail *detail)
{
    TRY(read_amount(ctx, xml_find(from, "Amt"), debit, &detail->amount, &detail->currency));
    const Xml *amounts = xml_find(from, "AmtDtls");
    TRY(read_amount(ctx, xml_find(amounts, "TxAmt/Amt"), debit, &detail->transaction_amount,
                    &detail->transaction_currency));
    TRY(read_amount(ctx, xml_find(amounts, "InstdAmt/Amt"), debit, &detail->instructed_amount,
                    &detail->instructed_currency));
    detail->exchange_rate = either(amounts, "CntrValAmt/CcyXchg/XchgRate", "TxAmt/CcyXchg/XchgRate",
                                   "InstdAmt/CcyXchg/XchgRate");
    return OK;
}

static void read_parties(Arena *arena, const Xml *from, StatementDetail *detail)
{
    const Xml *parties = xml_find(from, "RltdPties");
    read_party(arena, xml_find(parties, "Dbtr"), &detail->debtor);
    read_account(xml_find(parties, "DbtrAcct"), &detail->debtor);
    read_party(arena, xml_find(parties, "Cdtr"), &detail->creditor);
    read_account(xml_find(parties, "CdtrAcct"), &detail->creditor);
    read_party(arena, xml_find(parties, "UltmtDbtr"), &detail->ultimate_debtor);
    read_party(arena, xml_find(parties, "UltmtCdtr"), &detail->ultimate_creditor);
    read_agent(arena, xml_find(from, "RltdAgts/DbtrAgt"), &detail->debtor_agent);
    read_agent(arena, xml_find(from, "RltdAgts/CdtrAgt"), &detail->creditor_agent);
}

static Status read_detail(Ctx *ctx, const Xml *from, bool debit, StatementDetail *detail)
{
    TRY(read_amounts(ctx, from, debit, detail));
    Str own = xml_text(from, "CdtDbtInd");
    if (own.len && str_is(own, "DBIT") != debit)
        detail->marked = debit ? S("credit") : S("debit");
    read_code(xml_find(from, "BkTxCd"), &detail->code);
    read_references(ctx->arena, xml_find(from, "Refs"), detail);
    read_parties(ctx->arena, from, detail);
    read_remittance(ctx->arena, xml_find(from, "RmtInf"), detail);
    detail->purpose_code = either(from, "Purp/Cd", "Purp/Prtry", NULL);
    detail->return_reason = either(from, "RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry", "RtrInf/RtrRsn/Cd");
    detail->info = xml_text(from, "AddtlTxInf");
    return read_charges(ctx, from, detail);
}

// ---- Entries ------------------------------------------------------------------------------------

static Str join_texts(Arena *arena, StatementTextList texts)
{
    Buf out = { .arena = arena };
    EACH (text, texts) {
        if (out.len)
            buf_char(&out, '\n');
        buf_put(&out, *text);
    }
    return buf_str(&out);
}

// What the only payment of an entry says is said of the entry.
static void lift(Arena *arena, const StatementDetail *detail, StatementLine *line)
{
    bool is_in = str_is(line->direction, "credit");
    line->counterparty = is_in ? detail->debtor : detail->creditor;
    const StatementParty *agent = is_in ? &detail->debtor_agent : &detail->creditor_agent;
    if (line->counterparty.bic.len == 0)
        line->counterparty.bic = agent->bic;
    line->counterparty.bank = agent->bank;
    line->remittance = join_texts(arena, detail->unstructured);
    line->end_to_end = detail->end_to_end;
    line->mandate = detail->mandate;
    line->purpose_code = detail->purpose_code;
    line->cheque = detail->cheque;
    line->return_code = detail->return_reason;
    line->original_amount = detail->instructed_amount;
    line->original_currency = detail->instructed_currency;
    line->exchange_rate = detail->exchange_rate;
    if (detail->structured.len)
        line->customer_reference = detail->structured.items[0].reference;
    if (line->remittance.len == 0)
        line->remittance = line->customer_reference;
}

static Str status_of(const Xml *entry)
{
    Str status = either(entry, "Sts/Cd", "Sts", NULL);
    return str_is(status, "PDNG") ? S("pending")
         : str_is(status, "INFO") ? S("information")
                                  : S("booked");
}

static Status read_details(Ctx *ctx, const Xml *entry, StatementLine *line)
{
    bool debit = str_is(line->direction, "debit");
    EACH_XML(group, entry, "NtryDtls")
    EACH_XML(from, group, "TxDtls")
    {
        StatementDetail detail = { 0 };
        TRY(read_detail(ctx, from, debit, &detail));
        *list_push(ctx->arena, &line->details) = detail;
    }
    EACH_XML(from, entry, "TxDtls")
    {  // version 1
        StatementDetail detail = { 0 };
        TRY(read_detail(ctx, from, debit, &detail));
        *list_push(ctx->arena, &line->details) = detail;
    }
    if (line->details.len == 1)
        lift(ctx->arena, line->details.items, line);
    return OK;
}

static Status read_entry(Ctx *ctx, const Xml *entry, Statement *statement)
{
    StatementLine line = { .source_line = entry->line };
    Str side = xml_text(entry, "CdtDbtInd");
    if (!str_is(side, "DBIT") && !str_is(side, "CRDT"))
        return bad(ctx, entry, "has no CdtDbtInd of CRDT or DBIT");
    line.direction = str_is(side, "DBIT") ? S("debit") : S("credit");
    const Xml *amount = xml_find(entry, "Amt");
    if (!amount || amount->currency.len == 0)
        return bad(ctx, entry, "has no Amt with a currency");
    TRY(read_amount(ctx, amount, is_debit(entry), &line.amount, &line.currency));
    line.reversal = str_is(xml_text(entry, "RvslInd"), "true") ? S("true") : S("");
    line.status = status_of(entry);
    read_date(xml_find(entry, "BookgDt"), &line.date, &line.date_time);
    read_date(xml_find(entry, "ValDt"), &line.value_date, &line.value_time);
    line.reference = xml_text(entry, "NtryRef");
    line.bank_reference = xml_text(entry, "AcctSvcrRef");
    line.batch_id = either(entry, "NtryDtls/Btch/PmtInfId", "Btch/PmtInfId", NULL);
    line.text = xml_text(entry, "AddtlNtryInf");
    read_code(xml_find(entry, "BkTxCd"), &line.code);
    TRY(read_details(ctx, entry, &line));
    *list_push(ctx->arena, &statement->lines) = line;
    return OK;
}

// ---- Statements ---------------------------------------------------------------------------------

// clang-format off
static const struct {
    const char *code, *type;
} balance_types[] = {
    { "OPBD", "opening" }, { "PRCD", "opening" }, { "CLBD", "closing" }, { "ITBD", "interim" },
    { "OPAV", "opening_available" }, { "CLAV", "closing_available" },
    { "ITAV", "interim_available" }, { "FWAV", "forward_available" },
    { "XPCD", "expected_credit" }, { "INFO", "information" },
};
// clang-format on

static Status read_balance(Ctx *ctx, const Xml *from, Statement *statement)
{
    StatementBalance balance = { 0 };
    Str code = either(from, "Tp/CdOrPrtry/Cd", "Tp/Cd", "Tp/CdOrPrtry/Prtry");
    balance.type = code;
    for (size_t i = 0; i < COUNT(balance_types); i++)
        if (str_is(code, balance_types[i].code))
            balance.type = str_from(balance_types[i].type);
    const Xml *amount = xml_find(from, "Amt");
    if (!amount)
        return bad(ctx, from, "has no Amt");
    TRY(read_amount(ctx, amount, is_debit(from), &balance.amount, &balance.currency));
    read_date(xml_find(from, "Dt"), &balance.date, &balance.date_time);
    *list_push(ctx->arena, &statement->balances) = balance;
    return OK;
}

static void read_head(Ctx *ctx, const Xml *from, Statement *statement)
{
    statement->id = xml_text(from, "Id");
    statement->number = xml_text(from, "ElctrncSeqNb");
    statement->legal_number = xml_text(from, "LglSeqNb");
    statement->page = either(from, "StmtPgntn/PgNb", "RptPgntn/PgNb", "NtfctnPgntn/PgNb");
    statement->created = xml_text(from, "CreDtTm");
    statement->from = xml_text(from, "FrToDt/FrDtTm");
    statement->to = xml_text(from, "FrToDt/ToDtTm");
    statement->copy = xml_text(from, "CpyDplctInd");
    statement->information = either(from, "AddtlStmtInf", "AddtlRptInf", "AddtlNtfctnInf");
    const Xml *account = xml_find(from, "Acct");
    statement->account_id = read_account(account, &statement->account);
    statement->account.name = either(account, "Ownr/Nm", "Ownr/Pty/Nm", "Nm");
    read_agent(ctx->arena, xml_find(account, "Svcr"), &statement->account);
    statement->account.id = S("");  // the bank's own number is no number of the account
    statement->currency = xml_text(account, "Ccy");
}

static Status read_statement(Ctx *ctx, const Xml *from, Str type, StatementFile *file)
{
    Statement statement = { .type = type };
    read_head(ctx, from, &statement);
    EACH_XML(balance, from, "Bal")
    TRY(read_balance(ctx, balance, &statement));
    EACH_XML(entry, from, "Ntry")
    TRY(read_entry(ctx, entry, &statement));
    if (statement.currency.len == 0 && statement.balances.len)
        statement.currency = statement.balances.items[0].currency;
    if (statement.currency.len == 0 && statement.lines.len)
        statement.currency = statement.lines.items[0].currency;
    *list_push(ctx->arena, &file->statements) = statement;
    return OK;
}

static void read_header(Ctx *ctx, const Xml *header, StatementFile *file)
{
    file->message_id = xml_text(header, "MsgId");
    file->created = xml_text(header, "CreDtTm");
    file->information = xml_text(header, "AddtlInf");
    file->page = xml_text(header, "MsgPgntn/PgNb");
    read_party(ctx->arena, xml_find(header, "MsgRcpt"), &file->recipient);
    file->query_id = xml_text(header, "OrgnlBizQry/MsgId");
    file->query_name = xml_text(header, "OrgnlBizQry/MsgNmId");
    file->query_created = xml_text(header, "OrgnlBizQry/CreDtTm");
}

// The message's element is the root's first child, or the root itself where a bank left "Document"
// out; it is known by its header.
static const Xml *message_of(const Xml *root)
{
    const Xml *message = str_is(root->name, "Document") ? root->first : root;
    return xml_find(message, "GrpHdr") ? message : NULL;
}

Status camt_read(Ctx *ctx, Str text, StatementFile *file)
{
    const Xml *root;
    TRY(xml_read(ctx, text, &root));
    ptrdiff_t at = str_find(root->space, S(":camt."));
    const Xml *message = message_of(root);
    Str name = message ? message->name : S("");
    bool is_account_message = str_starts(name, S("BkToCstmr"));
    if (!is_account_message)
        return bad(ctx, root, "is no message about an account (camt.052, .053 or .054)");
    Str kind = str_starts(name, S("BkToCstmrAcctRpt")) ? S("camt.052")
             : str_starts(name, S("BkToCstmrStmt"))    ? S("camt.053")
                                                       : S("camt.054");
    file->format = at < 0 ? kind : str_from_at(root->space, (size_t)at + 1);
    read_header(ctx, xml_find(message, "GrpHdr"), file);
    for (const Xml *part = message->first; part; part = part->next)
        if (str_is(part->name, "Rpt") || str_is(part->name, "Stmt") || str_is(part->name, "Ntfctn"))
            TRY(read_statement(ctx, part, kind, file));
    if (file->statements.len == 0)
        return bad(ctx, message, "holds no Rpt, Stmt or Ntfctn");
    return OK;
}
