// "SELECT id FROM party" in a comment is no statement.
Query good = SQL("WITH RECURSIVE up (id) AS (SELECT id FROM sales_order o, sales_line AS l UNION"
                 " SELECT id FROM up), heap AS (SELECT 1) SELECT " COLUMNS " FROM heap h JOIN up u"
                 " ON u.id IS DISTINCT FROM h.id WHERE 'FROM party' <> trim($1)", x);
Query upsert = SQL("INSERT INTO sales_line (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET id = 1");
Query staff = SQL("SELECT id FROM member");
Query joined = SQL("SELECT " COLUMNS
                   " FROM sales_order o LEFT JOIN party p ON p.id = o.party_id");
Query listed = SQL("SELECT 1 FROM sales_order o, lead");
Query wrote = SQL("INSERT INTO party (id) VALUES ($1)", id);
Query changed = SQL("UPDATE role SET name = $1", name);
Query gone = SQL("DELETE FROM sales_oder WHERE id = $1", id);
static const Report reports[] = {
    { "oms.good", .sql = "SELECT 1 FROM seen_sales_order o JOIN seen_party p ON p.id = o.party_id" },
    { "oms.bare", .sql = "SELECT 1 FROM sales_order" },
    { "oms.stranger", .sql = "SELECT 1 FROM seen_lead JOIN seen_nothing" },
};
