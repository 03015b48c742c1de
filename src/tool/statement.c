// statement.c - entrepot-statement: any bank's file as JSON.
#include "algo/statement/statement.h"
#include "tool/tool.h"

static struct {
    const char *in, *out;
} opts;

static const ToolOption options[] = {
    { NULL, "FILE", TOOL_TEXT, &opts.in, "the bank's file; its format is found out" },
    { "-o", "OUT.json", TOOL_TEXT, &opts.out, "where the answer goes (default: stdout)" },
    { 0 },
};

static const char formats[] =
    "Reads MT940 and MT942, CAMT.052, .053 and .054 (versions 1 to 8), OFX (SGML and XML) and\n"
    "CSV whose columns are found by name or content. Writes one shape for all:\n"
    "\n"
    "{\"format\":\"mt940\",\"charset\":\"utf-8\",\"statements\":[{\n"
    "  \"type\":\"mt940\",\"id\":\"1308728725026\",\"number\":\"1\",\"sequence\":null,\n"
    "  \"account_id\":\"NL71RABO0123456789\",\"currency\":\"EUR\",\n"
    "  \"account\":{\"iban\":\"NL71RABO0123456789\"},\n"
    "  \"opening_balance\":\"965.00\",\"closing_balance\":\"930.00\",\n"
    "  \"balances\":[{\"type\":\"opening\",\"amount\":\"965.00\",\"currency\":\"EUR\",\n"
    "                \"date\":\"2013-01-08\"}, ...],\n"
    "  \"lines\":[{\"date\":\"2013-01-08\",\"value_date\":\"2013-01-08\",\"amount\":\"-25.00\",\n"
    "    \"currency\":\"EUR\",\"direction\":\"debit\",\"status\":\"booked\",\"type\":\"N102\",\n"
    "    \"customer_reference\":\"EREF\",\"bank_reference\":null,\n"
    "    \"counterparty\":{\"name\":\"JOHN DOE\",\"iban\":\"NL70ABNA0987654321\"},\n"
    "    \"remittance\":\"Reference 201301234\",\"end_to_end\":\"...\",\n"
    "    \"text\":\"all that the bank wrote\",\"details\":[...],\"line\":6}]}]}\n"
    "\n"
    "Amounts are exact decimal text, below zero when money left the account, with as many\n"
    "decimals as the bank wrote. Dates are YYYY-MM-DD. `line` is where the entry begins in the\n"
    "file. `details` are the payments inside one entry (CAMT). Keys without a value are left out,\n"
    "apart from those above, which are null. docs/statements.md lists every key.\n"
    "A broken file is refused with the line that is wrong, and exit code 1.\n";

static Status run(Ctx *ctx)
{
    Str bytes;
    StatementFile file;
    TRY(tool_read(ctx, opts.in, &bytes));
    TRY(statement_read(ctx, bytes, &file));
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    statement_json(&json, &file);
    buf_char(&out, '\n');
    return tool_write(ctx, opts.out, buf_str(&out));
}

int main(int argc, char **argv)
{
    static const ToolSpec spec = { "entrepot-statement", "reads a bank's statement", options,
                                   formats, run };
    return tool_main(&spec, argc, argv);
}
