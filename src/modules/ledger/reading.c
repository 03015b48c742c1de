// reading.c - what the books say: balances on a day, the lines of an account or a customer, what is
// overdue. Balances take whole months, and the days of a month that has begun, from the totals that
// posting keeps (total.c), so that they cost the same however many entries there are.
#include "modules/ledger/inside.h"

// ---- Balances -----------------------------------------------------------------------------------

Status account_sums(Ctx *ctx, const SumQuestion *question, AccountSumList *ret)
{
    AccountSum sum = { 0 };
    Str kind, special;
    Date month = date_month_start(question->before);
    Rows *rows = db_query(
        ctx,
        SQL("WITH heap AS (SELECT account_id, channel_id, cost_centre_id, debit_base, credit_base"
            " FROM account_total WHERE month < $1"
            " UNION ALL SELECT account_id, channel_id, cost_centre_id, debit, credit"
            " FROM account_day WHERE day >= $2 AND day < $3)"
            " SELECT a.id, a.account_code, a.name, a.kind, a.special,"
            " CAST(COALESCE(sum(h.debit_base), 0) AS BIGINT),"
            " CAST(COALESCE(sum(h.credit_base), 0) AS BIGINT)"
            " FROM account a LEFT JOIN heap h ON h.account_id = a.id"
            " AND ($4 = 0 OR h.channel_id = $4) AND ($5 = 0 OR h.cost_centre_id = $5)"
            " GROUP BY a.id, a.account_code, a.name, a.kind, a.special ORDER BY a.account_code",
            total_month(month), month, question->before, question->channel, question->cost_centre));
    *ret = (AccountSumList){ 0 };
    while (rows_next(rows, &sum.account, &sum.code, &sum.name, &kind, &special, &sum.debit,
                     &sum.credit)) {
        sum.kind = (AccountKind)enum_value(&account_kind_enum, kind);
        sum.is_profit = str_is(special, "profit");
        *list_push(ctx->arena, ret) = sum;
    }
    return rows_end(rows);
}

// ---- Lines --------------------------------------------------------------------------------------

#define LINE_COLUMNS                                                                               \
    "SELECT e.entry_date, COALESCE(l.due_on, 0), e.number, COALESCE((SELECT i.number"              \
    " FROM open_item i WHERE i.entry_id = e.id ORDER BY i.id LIMIT 1), e.number),"                 \
    " CASE WHEN l.wording = '' THEN e.wording ELSE l.wording END, COALESCE(l.party_id, 0),"        \
    " e.source_kind, e.source_id, l.base"                                                          \
    " FROM journal_line l JOIN journal_entry e ON e.id = l.journal_entry_id"

// Names are asked for once a run of lines of one party.
static Status name_party(Ctx *ctx, Id party, Id *named, Str *name)
{
    if (party == *named)
        return OK;
    *named = party;
    return record_title(ctx, &party_entity, party, name);
}

static Status take_lines(Ctx *ctx, Rows *rows, BookLineList *ret)
{
    BookLine line = { 0 };
    Str kind;
    Id party;
    LIST(Id) parties = { 0 };
    *ret = (BookLineList){ 0 };
    while (rows_next(rows, &line.on, &line.due_on, &line.number, &line.document, &line.wording,
                     &party, &kind, &line.source.id, &line.base)) {
        line.source.entity = entity_named(kind);
        *list_push(ctx->arena, ret) = line;
        *list_push(ctx->arena, &parties) = party;
    }
    TRY(rows_end(rows));
    Id named = 0;
    Str name = S("");
    for (size_t i = 0; i < ret->len; i++) {
        TRY(name_party(ctx, parties.items[i], &named, &name));
        ret->items[i].party = name;
    }
    return OK;
}

Status account_lines(Ctx *ctx, Id account, Date from, Date to, BookLineList *ret)
{
    Query query = SQL(LINE_COLUMNS " WHERE l.account_id = $1 AND e.entry_date BETWEEN $2 AND $3"
                                   " ORDER BY e.entry_date, l.id LIMIT 50000",
                      account, from, to);
    return take_lines(ctx, db_query(ctx, query), ret);
}

Status receivable_lines(Ctx *ctx, Id party, Date from, Date to, BookLineList *ret)
{
    Query query = SQL(LINE_COLUMNS " JOIN account a ON a.id = l.account_id"
                                   " WHERE l.party_id = $1 AND a.special = 'receivable'"
                                   " AND e.entry_date BETWEEN $2 AND $3"
                                   " ORDER BY e.entry_date, l.id LIMIT 50000",
                      party, from, to);
    return take_lines(ctx, db_query(ctx, query), ret);
}

Status receivable_before(Ctx *ctx, Id party, Date before, Money *ret)
{
    return db_one(ctx,
                  SQL("SELECT CAST(COALESCE(sum(l.base), 0) AS BIGINT) FROM journal_line l"
                      " JOIN journal_entry e ON e.id = l.journal_entry_id"
                      " JOIN account a ON a.id = l.account_id"
                      " WHERE l.party_id = $1 AND a.special = 'receivable' AND e.entry_date < $2",
                      party, before),
                  ret);
}

// ---- What is overdue ----------------------------------------------------------------------------

// Matched later does not count yet: what was open on a day never changes afterwards.
static Status read_ages(Ctx *ctx, Date on, PartyAgeList *ret)
{
    PartyAge row = { 0 };
    Rows *rows = db_query(
        ctx,
        SQL("WITH item AS (SELECT i.party_id, $1 - i.due_on AS late, i.base"
            " - CAST(COALESCE((SELECT sum(d.base) FROM allocation d WHERE d.debit_item_id = i.id"
            " AND d.allocated_on <= $1), 0) AS BIGINT)"
            " + CAST(COALESCE((SELECT sum(c.base - c.fx_base) FROM allocation c"
            " WHERE c.credit_item_id = i.id AND c.allocated_on <= $1), 0) AS BIGINT) AS rest"
            " FROM open_item i JOIN account a ON a.id = i.account_id"
            " WHERE a.special = 'receivable' AND i.item_date <= $1)"
            " SELECT party_id,"
            " CAST(sum(CASE WHEN late <= 0 THEN rest ELSE 0 END) AS BIGINT),"
            " CAST(sum(CASE WHEN late BETWEEN 1 AND 30 THEN rest ELSE 0 END) AS BIGINT),"
            " CAST(sum(CASE WHEN late BETWEEN 31 AND 60 THEN rest ELSE 0 END) AS BIGINT),"
            " CAST(sum(CASE WHEN late BETWEEN 61 AND 90 THEN rest ELSE 0 END) AS BIGINT),"
            " CAST(sum(CASE WHEN late > 90 THEN rest ELSE 0 END) AS BIGINT)"
            " FROM item WHERE rest <> 0 GROUP BY party_id ORDER BY party_id LIMIT 50000",
            on));
    *ret = (PartyAgeList){ 0 };
    while (rows_next(rows, &row.party, &row.age[0], &row.age[1], &row.age[2], &row.age[3],
                     &row.age[4]))
        *list_push(ctx->arena, ret) = row;
    return rows_end(rows);
}

Status receivable_ages(Ctx *ctx, Date on, PartyAgeList *ret)
{
    TRY(read_ages(ctx, on, ret));
    EACH (row, *ret) {
        PartyFacts facts;
        TRY(party_facts(ctx, row->party, &facts));
        row->number = facts.number;
        row->name = facts.name;
    }
    return OK;
}
