// warehouse.c - shelves (a tree) hold crates (documents with lines and labels); crates move (a
// ledger), which sums up to levels (keyed); rent is dated.
#include "kernel/warehouse.h"

static EntityDef shelf, label, crate, crate_line, crate_move, crate_level, rent, pallet;

static const EnumValue crate_state_values[] = { { "" }, { "open" }, { "sealed" } };
static const EnumDef crate_state = { "crate_state", "State", crate_state_values, 3 };
static const EnumValue material_values[] = { { "" }, { "wood" }, { "card" } };
static const EnumDef material = { "material", "Material", material_values, 3 };

// clang-format off
static const FieldDef shelf_fields[] = {
    { .name = "code",    .type = FIELD_CODE, .flags = REQUIRED | UNIQUE },
    { .name = "name",    .type = FIELD_TEXT, .flags = SORTED },
    { .name = "barcode", .type = FIELD_CODE, .flags = UNIQUE },
    { .name = "best",    .type = FIELD_REF,  .of = &crate },  // a cycle: crates refer to shelves
};
static const FieldDef label_fields[] = {
    { .name = "name",    .type = FIELD_TEXT },
};
static const FieldMore half_open = { .initial = "wood" }, sum = { .as = "total - paid" },
                       other_sum = { .as = "total - paid - 1" }, ten = { .initial = "10" };
static const FieldDef crate_fields[] = {
    { .name = "number",  .type = FIELD_CODE,  .flags = REQUIRED | UNIQUE },
    { .name = "state",   .type = FIELD_STATE, .of = &crate_state },
    { .name = "shelf",   .type = FIELD_REF,   .of = &shelf, .flags = REQUIRED | INDEX },
    { .name = "source",  .type = FIELD_LINK,  .flags = INDEX },
    { .name = "made_of", .type = FIELD_ENUM,  .of = &material, .more = &half_open },
    { .name = "sealed_on", .type = FIELD_DATE },
    { .name = "weight_g", .type = FIELD_INT,  .flags = MAYBE },
    { .name = "total",   .type = FIELD_MONEY },
    { .name = "paid",    .type = FIELD_MONEY },
    { .name = "due",     .type = FIELD_MONEY, .more = &sum },
    { .name = "place",   .type = FIELD_GEO },
    { .name = "image",   .type = FIELD_BYTES },
    { .name = "is_cold", .type = FIELD_BOOL },
    { .name = "labels",  .type = FIELD_REFS,  .of = &label },
    { .name = "lines",   .type = FIELD_LIST,  .of = &crate_line },
    // from version 2 on
    { .name = "spare",   .type = FIELD_REF,   .of = &shelf, .flags = INDEX },
    { .name = "fee",     .type = FIELD_INT,   .more = &ten },
    { .name = "currency", .type = FIELD_CURRENCY },
};
enum { CRATE_FIELDS_1 = 15, CRATE_FIELDS_2 = COUNT(crate_fields) };
static const FieldDef keeper = { .name = "keeper", .type = FIELD_REF, .of = &shelf, .flags = REQUIRED };
static const IndexDef crate_indexes[] = {
    { .name = "crate_open", .fields = "-sealed_on number", .where = "state IN ('open', 'it''s')" },
    // from version 2 on
    { .name = "crate_paid", .fields = "paid" },
};
static const IndexDef unique_indexes[] = {
    { .name = "crate_open", .fields = "-sealed_on number", .where = "state IN ('open', 'it''s')" },
    { .unique = true, .name = "crate_shelf_sealed_on", .fields = "shelf sealed_on" },
};
static const CheckDef crate_checks[] = {
    { "paid", "paid >= 0 AND made_of IN ('wood', 'card')", "paid less than nothing" },
    // with WAREHOUSE_CHECKED
    { "sane", "paid <= total", "paid more than it costs" },
};
static const FieldDef line_fields[] = {
    { .name = "item",    .type = FIELD_TEXT,  .flags = REQUIRED },
    { .name = "count",   .type = FIELD_RATE },
    { .name = "best_by", .type = FIELD_DATE },
};
static const IndexDef line_indexes[] = {
    { .unique = true, .name = "crate_line_parent_item_best_by", .fields = "parent item best_by" },
};
static const FieldDef move_fields[] = {
    { .name = "shelf",   .type = FIELD_REF,   .of = &shelf, .flags = REQUIRED },
    { .name = "amount",  .type = FIELD_QTY },
};
static const FieldDef level_fields[] = {
    { .name = "shelf",   .type = FIELD_REF,   .of = &shelf },
    { .name = "made_of", .type = FIELD_ENUM,  .of = &material },
    { .name = "amount",  .type = FIELD_QTY },
};
static const CheckDef level_checks[] = { { "short", "amount >= 0", "not enough there" } };
static const FieldDef rent_fields[] = {
    { .name = "shelf",   .type = FIELD_REF,   .of = &shelf },
    { .name = "amount",  .type = FIELD_MONEY },
};
static const FieldDef pallet_fields[] = {
    { .name = "crate",   .type = FIELD_REF,   .of = &crate, .flags = INDEX },
};
// clang-format on

#define FIELDS(array) .fields = array, .count = COUNT(array)

static void declare(void)
{
    shelf = (EntityDef){ .name = "shelf", .tree = true, FIELDS(shelf_fields) };
    label = (EntityDef){ .name = "label", .ordered = true, FIELDS(label_fields) };
    crate = (EntityDef){ .name = "crate",
                         .kind = DOCUMENT,
                         .fields = crate_fields,
                         .count = CRATE_FIELDS_1,
                         .indexes = crate_indexes,
                         .index_count = 1,
                         .checks = crate_checks,
                         .check_count = 1 };
    crate_line = (EntityDef){ .name = "crate_line",
                              .parent = &crate,
                              .indexes = line_indexes,
                              .index_count = 1,
                              FIELDS(line_fields) };
    crate_move =
        (EntityDef){ .name = "crate_move", .kind = LEDGER, .parent = &crate, FIELDS(move_fields) };
    crate_level = (EntityDef){ .name = "crate_level",
                               .key = "shelf made_of",
                               .checks = level_checks,
                               .check_count = 1,
                               FIELDS(level_fields) };
    rent = (EntityDef){ .name = "rent", .dated = "shelf", FIELDS(rent_fields) };
    pallet = (EntityDef){ .name = "pallet", FIELDS(pallet_fields) };
}

// A copy of the crate's first fields that may be changed.
static FieldDef *own_fields(void)
{
    static FieldDef fields[CRATE_FIELDS_1 + 1];
    memcpy(fields, crate_fields, CRATE_FIELDS_1 * sizeof *fields);
    crate.fields = fields;
    return fields;
}

static FieldDef *own_field(const char *name)
{
    FieldDef *field = own_fields();
    while (strcmp(field->name, name) != 0)
        field++;
    return field;
}

static void change_crate(void)
{
    static FieldDef lines[COUNT(line_fields)];
    FieldDef *due = own_field("due");
    due->more = &other_sum;
    FieldDef *fields = due - 9;
    fields[4].more = NULL;   // made_of: no first value, and may be absent
    fields[3] = fields[12];  // source is gone, is_cold stands in its place
    fields[12] = (FieldDef){ .name = "note", .type = FIELD_TEXT };
    crate.check_count = 0;
    crate.index_count = 0;
    memcpy(lines, line_fields, sizeof lines);
    lines[1].type = FIELD_INT;
    crate_line.fields = lines;
}

const EntityModule *const *warehouse_modules(WarehouseVersion version)
{
    static const EntityDef *entities[] = { &shelf,       &label, &crate, &crate_line, &crate_move,
                                           &crate_level, &rent,  NULL,   NULL };
    static const EntityModule module = { .name = "warehouse", .entities = entities };
    static const EntityModule *const modules[] = { &module, NULL };
    declare();
    entities[7] = version == WAREHOUSE_2 ? &pallet : NULL;
    switch (version) {
    case WAREHOUSE_1: break;
    case WAREHOUSE_2:
        crate.count = CRATE_FIELDS_2;
        crate.index_count = 2;
        break;
    case WAREHOUSE_CHECKED: crate.check_count = 2; break;
    case WAREHOUSE_REQUIRED:
        own_fields()[CRATE_FIELDS_1] = keeper;
        crate.count = CRATE_FIELDS_1 + 1;
        break;
    case WAREHOUSE_UNIQUE:
        crate.indexes = unique_indexes;
        crate.index_count = 2;
        break;
    case WAREHOUSE_CHANGED: change_crate(); break;
    case WAREHOUSE_RETYPED: own_field("weight_g")->type = FIELD_TEXT; break;
    case WAREHOUSE_REKEYED: crate_level.key = "shelf"; break;
    }
    return modules;
}
