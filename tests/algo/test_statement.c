// test_statement.c - banks' dialects and broken files, a row each.
#include "algo/statement/parts.h"
#include "harness.h"

// The answer in short: format, then of each line "date amount currency name | remittance".
static Str summary(Ctx *ctx, const StatementFile *file)
{
    Buf out = { .arena = ctx->arena };
    buf_printf(&out, STR_FMT ":", STR_ARG(file->format));
    EACH (statement, file->statements)
        EACH (line, statement->lines)
            buf_printf(&out, " [" STR_FMT " " STR_FMT " " STR_FMT " " STR_FMT "|" STR_FMT "]",
                       STR_ARG(line->date), STR_ARG(line->amount), STR_ARG(line->currency),
                       STR_ARG(line->counterparty.name), STR_ARG(line->remittance));
    return buf_str(&out);
}

static void check_reads(const char *name, Str bytes, const char *wanted)
{
    test_row = name;
    Ctx *ctx = test_ctx();
    StatementFile file = { 0 };
    CHECK_OK(ctx, statement_read(ctx, bytes, &file));
    CHECK_STR(summary(ctx, &file), wanted);
    test_row = NULL;
}

// ---- CSV ----------------------------------------------------------------------------------------

static void test_csv(void)
{
    static const struct {
        const char *name, *text, *wanted;
    } rows[] = {
        { "a sign, points, ISO dates",
          "Date,Description,Amount,Currency\n2026-03-01,Rent,-1200.00,EUR\n"
          "2026-03-02,Sale,35.5,EUR\n",
          "csv: [2026-03-01 -1200.00 EUR |Rent] [2026-03-02 35.5 EUR |Sale]" },
        { "German, with a preamble, a footer and the day first",
          "Konto;DE89370400440532013000\nStand;01.03.2026\n\n"
          "Buchungstag;Valuta;Auftraggeber/Empf\303\244nger;Verwendungszweck;Betrag;"
          "W\303\244hrung\n"
          "01.03.2026;02.03.2026;M\303\274ller GmbH;RE 4711;1.234,50;EUR\n"
          "13.03.2026;13.03.2026;Stadtwerke;Strom;-99,00;EUR\nSumme;;;;1.135,50;EUR\n",
          "csv: [2026-03-01 1234.50 EUR M\303\274ller GmbH|RE 4711]"
          " [2026-03-13 -99.00 EUR Stadtwerke|Strom]" },
        { "Dutch: the direction stands beside, the currency in the header",
          "\"Datum\",\"Naam / Omschrijving\",\"Rekening\",\"Tegenrekening\",\"Code\",\"Af Bij\","
          "\"Bedrag (EUR)\",\"MutatieSoort\",\"Mededelingen\"\n"
          "\"20260301\",\"J. Jansen\",\"NL91ABNA0417164300\",\"\",\"GT\",\"Af\","
          "\"12,50\",\"x\",\"fiets\"\n"
          "\"20260302\",\"K. Klaas\",\"NL91ABNA0417164300\",\"\",\"GT\",\"Bij\","
          "\"7,00\",\"x\",\"\"\n",
          "csv: [2026-03-01 -12.50 EUR J. Jansen|fiets] [2026-03-02 7.00 EUR K. Klaas|]" },
        { "Indian: withdrawals and deposits, lakhs, months by name",
          "Date,Narration,Chq./Ref.No.,Value Dt,Withdrawal Amt.,Deposit Amt.,Closing Balance\n"
          "01-Mar-26,NEFT ACME,000012,01-Mar-26,,\"1,23,456.00\",\"2,00,000.00\"\n"
          "02-Mar-26,ATM,,02-Mar-26,500.00,,\"1,99,500.00\"\n",
          "csv: [2026-03-01 123456.00  |NEFT ACME] [2026-03-02 -500.00  |ATM]" },
        { "American: the month first, because a day above 12 says so",
          "Posting Date,Description,Amount\n03/01/2026,a,1.00\n03/13/2026,b,(2.50)\n",
          "csv: [2026-03-01 1.00  |a] [2026-03-13 -2.50  |b]" },
        { "no header: columns by what stands in them",
          "01.03.2026;coffee beans;-12,00;88,00\n15.03.2026;sale of cups;30,00;118,00\n",
          "csv: [2026-03-01 -12.00  |coffee beans] [2026-03-15 30.00  |sale of cups]" },
        { "no header: two columns of amounts that are never both there",
          "2026-03-01,paid,12.00,\n2026-03-02,got,,30.00\n",
          "csv: [2026-03-01 -12.00  |paid] [2026-03-02 30.00  |got]" },
        { "a comma before three digits is a group where others have points",
          "Date,Memo,Amount\n2026-03-01,a,\"1,200\"\n2026-03-02,b,5.25\n",
          "csv: [2026-03-01 1200  |a] [2026-03-02 5.25  |b]" },
        { "Swedish: Valuta is a currency",
          "Bokf\303\266ringsdag;Belopp;Avs\303\244ndare;Rubrik;Saldo;Valuta\n"
          "2026/03/01;-45,00;;Kaffe;955,00;SEK\n",
          "csv: [2026-03-01 -45.00 SEK |Kaffe]" },
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        check_reads(rows[i].name, str_from(rows[i].text), rows[i].wanted);
}

static void test_csv_columns(void)
{
    Ctx *ctx = test_ctx();
    StatementFile file = { 0 };
    CHECK_OK(ctx, statement_read(ctx,
                                 S("Konto;DE89370400440532013000\n\nBuchungstag;Betrag;Info\n"
                                   "01.03.2026;5,00;x\n"),
                                 &file));
    CHECK_INT((int64_t)file.columns.len, 2);
    CHECK_STR(file.columns.items[1].role, "amount");
    CHECK_STR(file.columns.items[1].header, "Betrag");
    CHECK_INT(file.columns.items[1].at, 2);
    CHECK_STR(file.statements.items[0].account.iban, "DE89370400440532013000");
    CHECK_INT(file.statements.items[0].lines.items[0].source_line, 4);
}

// ---- MT -----------------------------------------------------------------------------------------

static Status read_mt_line(Ctx *ctx, const char *fields, StatementLine *ret)
{
    StatementFile file = { 0 };
    Str text = str_format(ctx->arena, ":20:X\n:60F:C260101EUR0,\n%s\n", fields);
    TRY(statement_read(ctx, text, &file));
    CHECK_INT((int64_t)file.statements.items[0].lines.len, 1);
    *ret = file.statements.items[0].lines.items[0];
    return OK;
}

static void test_mt_lines(void)
{
    static const struct {
        const char *fields, *amount, *direction, *date, *customer, *bank, *supplement, *iban;
    } rows[] = {
        { ":61:2601020102C5,NTRFABC//DEF", "5", "credit", "2026-01-02", "ABC", "DEF", "", "" },
        { ":61:260102RD5,10NTRFABC", "5.10", "credit", "2026-01-02", "ABC", "", "", "" },
        { ":61:260102RC5,10NTRFABC", "-5.10", "debit", "2026-01-02", "ABC", "", "", "" },
        { ":61:2512310102D1,NMSCX\nmore", "-1", "debit", "2026-01-02", "X", "", "more", "" },
        { ":61:2601021231D1,NMSCX", "-1", "debit", "2025-12-31", "X", "", "", "" },
        { ":61:260102D0,00NMSCX", "0.00", "debit", "2026-01-02", "X", "", "", "" },
        { ":61:260102C1,NTRFX\n:86:rent DE89 3704 0044 0532 0130 00 March", "1", "credit",
          "2026-01-02", "X", "", "", "DE89370400440532013000" },
        { ":61:260102C1,NTRFX\n:86:/TRTP/SEPA/IBAN/NL91ABNA0417164300/BIC/ABNANL2A/NAME/J\n DOE/R"
          "EMI/inv 7/EREF/E1",
          "1", "credit", "2026-01-02", "X", "", "", "NL91ABNA0417164300" },
    };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].fields;
        StatementLine line = { 0 };
        CHECK_OK(ctx, read_mt_line(ctx, rows[i].fields, &line));
        CHECK_STR(line.amount, rows[i].amount);
        CHECK_STR(line.direction, rows[i].direction);
        CHECK_STR(line.date, rows[i].date);
        CHECK_STR(line.customer_reference, rows[i].customer);
        CHECK_STR(line.bank_reference, rows[i].bank);
        CHECK_STR(line.supplement, rows[i].supplement);
        CHECK_STR(line.counterparty.iban, rows[i].iban);
    }
    test_row = NULL;
}

static void test_mt_wrapped(void)
{
    check_reads("in SWIFT's braces",
                S("{1:F01BANKDEFFXXXX0000000000}{2:O9401200260101BANKDEFFXXXX00000000002601011200N}"
                  "{4:\r\n:20:A\r\n:25:12\r\n:60F:C260101EUR1,\r\n:61:260102C2,NTRFX\r\n:86:166?00"
                  "GUTSCHRIFT?20SVWZ+inv?21oice 7?32ACME?33 LTD\r\n:62F:C260102EUR3,\r\n-}"),
                "mt940: [2026-01-02 2 EUR ACME LTD|invoice 7]");
}

// ---- OFX and CAMT -------------------------------------------------------------------------------

#define OFX_START                                                                                  \
    "OFXHEADER:100\nDATA:OFXSGML\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD"             \
    "<BANKACCTFROM><BANKID>1<ACCTID>2</BANKACCTFROM><BANKTRANLIST>\n"

static void test_ofx(void)
{
    check_reads("without end tags, with entities",
                S(OFX_START
                  "<STMTTRN><TRNTYPE>POS<DTPOSTED>20260102<TRNAMT>-1,50<FITID>9"
                  "<NAME>A &amp; B &#8364;<MEMO>\n<STMTTRN><DTPOSTED>20260103120000[0:GMT]"
                  "<TRNAMT>+2<NAME>C<BANKACCTTO><ACCTID>77</BANKACCTTO><MEMO>hello"
                  "</BANKTRANLIST></STMTRS></OFX>"),
                "ofx-sgml: [2026-01-02 -1.50 USD A & B \342\202\254|] [2026-01-03 2 USD C|hello]");
}

#define CAMT(body)                                                                                 \
    "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:"    \
    "tech:xsd:camt.053.001.08\"><BkToCstmrStmt><GrpHdr><MsgId>1</MsgId></GrpHdr>\n<Stmt><Id>S"     \
    "</Id>" body "</Stmt></BkToCstmrStmt></Document>"

static void test_camt_version_8(void)
{
    check_reads("parties and status in elements of their own; bytes of Latin-1",
                S(CAMT("<Ntry><Amt Ccy=\"EUR\">5.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>PDNG"
                       "</Cd></Sts><BookgDt><DtTm>2026-01-02T10:00:00+01:00</DtTm></BookgDt>"
                       "<NtryDtls><TxDtls><RltdPties><Dbtr><Pty><Nm>M\xFCller</Nm></Pty></Dbtr>"
                       "</RltdPties><RmtInf><Ustrd>inv</Ustrd><Ustrd>7</Ustrd></RmtInf></TxDtls>"
                       "</NtryDtls></Ntry>")),
                "camt.053.001.08: [2026-01-02 5.00 EUR M\303\274ller|inv\n7]");
}

// ---- Character sets -----------------------------------------------------------------------------

static void test_charsets(void)
{
    static const struct {
        const char *name;
        Str bytes;
        const char *charset, *wanted;
    } rows[] = {
        { "ASCII", { "abc", 3 }, "utf-8", "abc" },
        { "a byte order mark", { "\xEF\xBB\xBFü", 5 }, "utf-8", "ü" },
        { "Latin-1", { "\xFC\xE9", 2 }, "windows-1252", "üé" },
        { "the euro of windows-1252", { "\x80", 1 }, "windows-1252", "€" },
        { "UTF-16, little", { "\xFF\xFE\x61\x00\xFC\x00", 6 }, "utf-16", "aü" },
        { "UTF-16, big, beyond the plane", { "\xFE\xFF\xD8\x3D\xDE\x00", 6 }, "utf-16", "😀" },
    };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].name;
        Str name;
        CHECK_STR(charset_to_utf8(ctx->arena, rows[i].bytes, &name), rows[i].wanted);
        CHECK_STR(name, rows[i].charset);
    }
    test_row = NULL;
}

// ---- Refusals -----------------------------------------------------------------------------------

static void test_refusals(void)
{
    static const struct {
        const char *text, *code, *message;
    } rows[] = {
        { " \n", "statement.empty", "the file is empty" },
        { "hello\nworld\n", "statement.format",
          "this is not MT940, CAMT or OFX, and no CSV with a column of dates and one of amounts" },
        { ":20:A\n:60F:X260101EUR1,\n", "statement.syntax",
          "line 2: field 60F has neither C nor D in front: \"X260101EUR1,\"" },
        { ":20:A\n:60F:C261301EUR1,\n", "statement.syntax",
          "line 2: field 60F has no date: \"C261301EUR1,\"" },
        { ":20:A\n\n:62F:C260101EURx\n", "statement.syntax",
          "line 3: field 62F has no amount: \"C260101EURx\"" },
        { ":20:A\n:61:260101X5,NTRF\n", "statement.syntax",
          "line 2: field 61 has no C or D behind the date: \"260101X5,NTRF\"" },
        { ":20:A\n:61:260101C5,,NTRF\n", "statement.syntax",
          "line 2: field 61 has no amount: \"260101C5,,NTRF\"" },
        { "<a>\n<b></a>", "statement.syntax", "line 2: the XML cannot be read: mismatched tag" },
        { "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "statement.syntax",
          "line 1: the XML cannot be read: a document type is not allowed" },
        { "<a>\n<b>1</b></a>", "statement.syntax",
          "line 1: a is no message about an account (camt.052, .053 or .054)" },
        { CAMT("\n<Ntry><Amt>5</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry>"), "statement.syntax",
          "line 4: Ntry has no Amt with a currency" },
        { CAMT("\n<Ntry><Amt Ccy=\"EUR\">5</Amt></Ntry>"), "statement.syntax",
          "line 4: Ntry has no CdtDbtInd of CRDT or DBIT" },
        { CAMT("\n<Ntry><Amt Ccy=\"EUR\">five</Amt><CdtDbtInd>CRDT</CdtDbtInd></Ntry>"),
          "statement.syntax", "line 4: Amt is no amount" },
        { "OFXHEADER:100\n<OFX>\n<STMTRS><STMTTRN><DTPOSTED>x</STMTTRN>", "statement.syntax",
          "line 3: DTPOSTED is no date: \"x\"" },
        { "OFXHEADER:100\n<OFX>\n<STMTRS>\n<STMTTRN><TRNAMT>5</STMTTRN>", "statement.syntax",
          "line 4: this STMTTRN has no DTPOSTED" },
        { "OFXHEADER:100\n<OFX><MESSAGE>wrong password</OFX>", "statement.empty",
          "there is no statement of a bank account or card in the file; the bank says: wrong "
          "password" },
        { "<OFX><STMTRS", "statement.syntax", "line 1: a tag is not closed" },
        { "Date,Memo,Amount\n2026-01-01,a,1.00\n2026-02-31,b,1.00\n", "statement.syntax",
          "line 3: this is no date: \"2026-02-31\"" },
        { "Date,Memo,Amount\n2026-01-01,a,1.00\n2026-01-02,b,one\n", "statement.syntax",
          "line 3: this is no amount: \"one\"" },
        { "Date,Memo,Amount\n2026-01-01,a,1.00\n,b,5.00\n", "statement.syntax",
          "line 3: there is an amount but no date: \"b\"" },
        { "Date,Memo,Amount\n2026-01-01,\"a,1.00\n", "statement.syntax",
          "line 2: a quote is opened and never closed" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].text;
        Ctx *ctx = test_ctx();
        StatementFile file;
        Status status = statement_read(ctx, str_from(rows[i].text), &file);
        CHECK_INT(status, E_INVALID);
        CHECK_STR(str_from(ctx->failure.code), rows[i].code);
        CHECK_STR(ctx->failure.message, rows[i].message);
        ctx_recover(ctx);
    }
    test_row = NULL;
}

// ---- Parts --------------------------------------------------------------------------------------

static void test_amounts(void)
{
    static const struct {
        const char *digits;
        bool is_debit;
        const char *wanted;
    } rows[] = {
        { "000000000147,64", false, "147.64" },
        { "9,", true, "-9" },
        { ",5", false, "0.5" },
        { "0,00", true, "0.00" },
        { "1,2,3", false, NULL },
        { "", false, NULL },
        { ",", false, NULL },
        { "-1", false, NULL },
        { "1e5", false, NULL },
    };
    Ctx *ctx = test_ctx();
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].digits;
        Str got = S("?");
        bool is_read =
            amount_read(ctx->arena, str_from(rows[i].digits), ',', rows[i].is_debit, &got);
        CHECK_INT(is_read, rows[i].wanted != NULL);
        if (rows[i].wanted)
            CHECK_STR(got, rows[i].wanted);
    }
    test_row = NULL;
}

static void test_ibans(void)
{
    CHECK(iban_valid(S("DE89370400440532013000")));
    CHECK(!iban_valid(S("DE88370400440532013000")));
    CHECK(!iban_valid(S("de89370400440532013000")));
    CHECK(!iban_valid(S("DE89")));
    Ctx *ctx = test_ctx();
    CHECK_STR(iban_find(ctx->arena, S("from GB29 NWBK 6016 1331 9268 19, thanks")),
              "GB29NWBK60161331926819");
    CHECK_STR(iban_find(ctx->arena, S("XDE89370400440532013000")), "");
}

const Test statement_tests[] = {
    { "CSV of many banks", test_csv },
    { "CSV: the columns found are told", test_csv_columns },
    { "MT: lines, marks, references, dates around the new year", test_mt_lines },
    { "MT: in the network's envelope", test_mt_wrapped },
    { "OFX without end tags", test_ofx },
    { "CAMT version 8", test_camt_version_8 },
    { "character sets", test_charsets },
    { "broken files are refused by their line", test_refusals },
    { "amounts keep every digit", test_amounts },
    { "account numbers are checked", test_ibans },
    { 0 },
};
