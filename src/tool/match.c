// match.c - entrepot-match: which records are one, and which open items a bank line pays.
#include "tool/match_bank.h"

static MatchOptions opts = { .precision = 0.997, .threads = 2 };

static const ToolOption options[] = {
    { NULL, "COMMAND", TOOL_TEXT, &opts.command, "train, score, link, dedupe, bank or learn" },
    { "--pairs", "FILE", TOOL_TEXT, &opts.pairs, "train, score: pairs, one a line" },
    { "--valid", "FILE", TOOL_TEXT, &opts.valid, "train: more judged pairs" },
    { "--model", "FILE", TOOL_TEXT, &opts.model, "written by train, read by the others" },
    { "--left", "FILE", TOOL_TEXT, &opts.left, "link, dedupe: the records" },
    { "--right", "FILE", TOOL_TEXT, &opts.right, "link: the other records" },
    { "--id", "FIELD", TOOL_TEXT, &opts.id, "what identifies a record; not compared" },
    { "--threshold", "P", TOOL_NUMBER, &opts.threshold, "from which probability on it is a match" },
    { "--one-to-one", NULL, TOOL_SWITCH, &opts.one_to_one, "link: each record once at most" },
    { "--lines", "FILE", TOOL_TEXT, &opts.lines, "bank, learn: lines of bank statements" },
    { "--items", "FILE", TOOL_TEXT, &opts.items, "bank, learn: open items" },
    { "--confirmed", "FILE", TOOL_TEXT, &opts.confirmed, "bank, learn: what people confirmed" },
    { "--rates", "CUR=N,...", TOOL_TEXT, &opts.rates, "bank: what one of a currency costs" },
    { "--precision", "P", TOOL_NUMBER, &opts.precision, "learn: of automatic matches (0.997)" },
    { "--threads", "N", TOOL_INT, &opts.threads, "bank, learn: that share the lines (2)" },
    { "-o", "OUT", TOOL_TEXT, &opts.out, "where the answer goes (default: stdout)" },
    { 0 },
};

static const char formats[] =
    "Every file may be packed with gzip.\n"
    "\n"
    "entrepot-match train --pairs TRAIN.jsonl --valid VALID.jsonl --model MODEL.json\n"
    "  learns from judged pairs, one a line:\n"
    "  {\"l\":{\"name\":\"sony dsc-w120\",\"price\":\"149.0\"},\"r\":{...},\"match\":1}\n"
    "  The threshold is the one that would have been best for F1 in cross validation.\n"
    "\n"
    "entrepot-match score --pairs PAIRS.jsonl --model MODEL.json -o OUT.jsonl\n"
    "  judges pairs of the same shape, in their order; `match` in them is only used to say on\n"
    "  stderr how good the answers were. A line of the answer:\n"
    "  {\"pair\":1,\"probability\":0.973,\"match\":1,\n"
    "   \"reasons\":[{\"reason\":\"all fields: a code anywhere "
    "alike\",\"value\":1,\"weight\":3.2}]}\n"
    "  `weight` is what the reason adds to the log odds.\n"
    "\n"
    "entrepot-match link --left A.csv --right B.csv --id rec_id [--model MODEL.json] -o OUT.jsonl\n"
    "entrepot-match dedupe --left A.csv --id rec_id -o OUT.jsonl\n"
    "  find the records that are one, in two files or within one; CSV with a header, or JSON\n"
    "  lines. Without a model the fields' weights are estimated from the files themselves.\n"
    "  {\"left\":\"261\",\"right\":\"260\",\"probability\":0.999,\"match\":1,\"reasons\":[...]}\n"
    "  dedupe adds \"group\": the id of the first record of all that belong together.\n"
    "\n"
    "entrepot-match bank --lines LINES --items ITEMS.jsonl [--confirmed PAST.jsonl]\n"
    "    [--model MODEL.json] [--rates USD=0.92,EUR=1] -o OUT.jsonl\n"
    "  proposes which open items each bank line pays. LINES is what entrepot-statement writes, or\n"
    "  JSON lines; amounts are decimal text, above zero for money in:\n"
    "  {\"id\":\"1\",\"date\":\"2026-03-02\",\"amount\":\"119.00\",\"currency\":\"EUR\","
    "\"name\":\"ACME LTD\",\n"
    "   \"iban\":\"DE89...\",\"remittance\":\"INV 2026 0047\"}\n"
    "   and \"original_amount\", \"original_currency\" where the payer paid in another\n"
    "  ITEMS: {\"id\":\"i1\",\"number\":\"INV-2026-0047\",\"party\":\"P1\",\"name\":\"Acme "
    "Ltd.\",\"iban\":\"\",\n"
    "   "
    "\"amount\":\"119.00\",\"currency\":\"EUR\",\"date\":\"2026-02-20\",\"due\":\"2026-03-20\",\n"
    "   \"discount\":\"2.38\",\"discount_until\":\"2026-03-01\"}; below zero what we owe, "
    "and credits\n"
    "  PAST: {\"line\":\"1\",\"items\":[\"i1\"],\"party\":\"P1\",\"name\":\"ACME "
    "LTD\",\"iban\":\"DE89...\"};\n"
    "   party, name and iban are remembered as the payer's\n"
    "  The answer, a line for each line:\n"
    "  {\"line\":\"1\",\"automatic\":true,\"proposals\":[{\"items\":[{\"id\":\"i1\","
    "\"amount\":\"119.00\"}],\n"
    "   \"kind\":\"exact\",\"difference\":\"0.00\",\"probability\":0.9993,\"reasons\":[...]}]}\n"
    "  kind: exact, discount, fee, part, over, other_currency. Automatic is only what reaches the\n"
    "  threshold, and no item twice.\n"
    "\n"
    "entrepot-match learn --lines LINES --items ITEMS.jsonl --confirmed PAST.jsonl --model "
    "OUT.json\n"
    "  learns weights, calibration and threshold from lines that are all confirmed; lines that\n"
    "  PAST does not name pay nothing open.\n";

static Status run(Ctx *ctx)
{
    static const struct {
        const char *name;
        Status (*run)(Ctx *ctx, const MatchOptions *options);
    } commands[] = {
        { "train", match_train }, { "score", match_score }, { "link", match_link },
        { "dedupe", match_link }, { "bank", match_bank },   { "learn", match_learn },
    };
    for (size_t i = 0; i < COUNT(commands); i++)
        if (strcmp(opts.command, commands[i].name) == 0)
            return commands[i].run(ctx, &opts);
    return FAIL(ctx, E_INVALID, "tool.option", "there is no command \"%s\"; see --help",
                opts.command);
}

int main(int argc, char **argv)
{
    static const ToolSpec spec = { "entrepot-match",
                                   "tells which records are one, and what bank lines pay", options,
                                   formats, run };
    return tool_main(&spec, argc, argv);
}
