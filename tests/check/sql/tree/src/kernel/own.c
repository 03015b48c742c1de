static const char good[] = "SELECT 1 FROM member m JOIN member_roles r ON r.member_id = m.id";
static const char made[] = "CREATE TABLE search_part (id INTEGER)";
static const char also[] = "DELETE FROM search_part";
static const char bad[] = "UPDATE sales_order SET x = 1";
static const char text[] = "taken FROM nobody";
