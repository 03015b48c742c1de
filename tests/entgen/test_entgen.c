// test_entgen.c - what entgen wrote for shelf.ent and loan.ent: that it compiles is the first test,
// that the tables say what the files say the second. What entgen refuses is tested by run.sh.
#include "gen/loan.gen.h"

#include "harness.h"

static const FieldDef *field(const EntityDef *e, const char *name)
{
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++)
        if (strcmp(f->name, name) == 0)
            return f;
    test_fail(__FILE__, __LINE__, "%s has no field %s", e->name, name);
    return e->fields;
}

#define CHECK_C(actual, wanted) CHECK_STR(str_from(actual), (wanted))

// ---- Structs ------------------------------------------------------------------------------------

static void test_structs_follow_the_file(void)
{
    Loan loan = { .record.id = 7, .state = LOAN_STATE_LENT, .fee.charged = { 500 } };
    CHECK(loan.about.id == 0 && loan.either.entity == NULL && loan.rule.source.len == 0);
    CHECK_INT(LOAN_STATE_NONE, 0);
    CHECK_INT(LOAN_STATE_ASKED, 1);

    const FieldDef *charged = field(&loan_entity, "charged");
    CHECK_INT(charged->offset, offsetof(Loan, fee.charged));
    CHECK_INT(FIELD_GET(&loan, charged, Money).minor, 500);
    CHECK_INT(FIELD_GET(&loan, field(&loan_entity, "state"), LoanState), LOAN_STATE_LENT);
    CHECK_INT(loan_entity.size, sizeof(Loan));
    CHECK(sizeof((LoanLine *)0)->days == sizeof(MaybeInt));
    CHECK(sizeof((ShelfBook *)0)->value == sizeof(MaybeMoney));
}

static void test_lists_grow_and_are_walked(void)
{
    Loan loan = { 0 };
    Arena *arena = test_ctx()->arena;
    for (int i = 1; i <= 9; i++)
        list_push(arena, &loan.lines)->record.position = i;
    const Loan *same = &loan;
    int sum = 0;
    EACH (line, same->lines)
        sum += line->record.position;
    CHECK_INT(sum, 45);
    list_push(arena, &loan.parts)->kind = LOAN_PART_LOAN_WORDS;
    CHECK_INT(loan.parts.len, 1);
}

// What the head adds has no field, but a place.
static void test_heads_have_places(void)
{
    CHECK_INT(shelf_place_entity.above_at, offsetof(ShelfPlace, above));
    CHECK_INT(shelf_place_entity.path_at, offsetof(ShelfPlace, path));
    CHECK_INT(shelf_place_entity.position_at, offsetof(ShelfPlace, position));
    CHECK_INT(loan_kind_entity.position_at, offsetof(LoanKind, position));
    CHECK_INT(loan_line_entity.position_at, offsetof(LoanLine, record.position));
    CHECK_INT(loan_rate_entity.valid_from_at, offsetof(LoanRate, valid_from));
    CHECK_INT(loan_rate_entity.valid_to_at, offsetof(LoanRate, valid_to));
    CHECK_INT(loan_entity.position_at, 0);
    CHECK(shelf_place_entity.tree && shelf_place_entity.ordered);
    CHECK(!loan_kind_entity.tree && loan_kind_entity.ordered);
    CHECK_INT(offsetof(LoanTotal, book), 0);  // a keyed record begins with its key
}

#define HAS_TYPE(function, type) CHECK(__builtin_types_compatible_p(typeof(&function), type))

static void test_wrappers_have_the_records_type(void)
{
    HAS_TYPE(loan_new, Loan * (*)(Ctx *));
    HAS_TYPE(loan_load, Status(*)(Ctx *, Id, Loan *));
    HAS_TYPE(loan_load_maybe, Status(*)(Ctx *, Id, Loan *, bool *));
    HAS_TYPE(loan_find, Status(*)(Ctx *, const char *, Str, Id *));
    HAS_TYPE(loan_save, Status(*)(Ctx *, Loan *));
    HAS_TYPE(loan_book_save, Status(*)(Ctx *, LoanBook *));
    HAS_TYPE(loan_line_load, Status(*)(Ctx *, Id, LoanLine *));
    HAS_TYPE(loan_entry_append, Status(*)(Ctx *, LoanEntry *));
    HAS_TYPE(loan_entry_load, Status(*)(Ctx *, Id, LoanEntry *));
    HAS_TYPE(loan_event_append, Status(*)(Ctx *, LoanEvent *));
    HAS_TYPE(loan_event_update, Status(*)(Ctx *, LoanEvent *));
}

// ---- Tables -------------------------------------------------------------------------------------

static void test_fields_carry_their_words(void)
{
    const FieldDef *isbn = field(&shelf_book_entity, "isbn");
    CHECK_INT(isbn->type, FIELD_CODE);
    CHECK_INT(isbn->flags, REQUIRED | UNIQUE);
    CHECK_INT(isbn->max, 20);
    CHECK_C(isbn->more->is, "gtin");
    CHECK_INT(field(&shelf_book_entity, "cover")->flags, IMAGE);
    CHECK_INT(field(&shelf_book_entity, "value")->flags, BASE | MAYBE);

    const FieldDef *number = field(&loan_entity, "number");
    CHECK_INT(number->flags, GAPLESS);
    CHECK_C(number->more->series, "L-{yy}-{0000}");
    CHECK(number->more->initial == NULL);
    CHECK(field(&loan_entity, "note")->more == NULL);
    CHECK_C(field(&loan_entity, "about")->label, "Because of");
    CHECK_C(field(&shelf_place_entity, "kind")->more->initial, "locked");
    CHECK_INT(field(&loan_line_entity, "digest")->type, FIELD_BYTES);
    CHECK_INT(field(&loan_line_entity, "secret_1")->type, FIELD_SECRET);
}

static void test_fields_point_at_what_they_name(void)
{
    CHECK(field(&loan_entity, "book")->of == &shelf_book_entity);
    CHECK(field(&loan_entity, "state")->of == &loan_state_enum);
    CHECK(field(&loan_entity, "lines")->of == &loan_line_entity);
    CHECK(field(&loan_entity, "parts")->of == &loan_part_shape);
    CHECK(field(&shelf_book_entity, "genre")->of == &genre_choices);
    CHECK_INT(field(&shelf_place_entity, "genres")->type, FIELD_CHOICES);
    CHECK(field(&shelf_place_entity, "genres")->of == &genre_choices);
    CHECK_INT(field(&loan_entity, "about")->type, FIELD_LINK);
    CHECK(field(&loan_entity, "about")->of == NULL);
    CHECK_C(field(&loan_entity, "either")->of, "shelf_book|shelf_place");
    CHECK_C(field(&loan_entity, "rule")->of, "loan");
}

// Where a record finds its currency or unit is worked out; a shape takes its own from its holder.
static void test_amounts_know_their_currency_and_unit(void)
{
    CHECK_C(field(&loan_entity, "charged")->more->in, "currency");
    CHECK_C(field(&loan_line_entity, "price")->more->in, "parent.currency");
    CHECK_C(field(&loan_line_entity, "quantity")->more->in, "book.unit");
    CHECK_C(field(&loan_book_entity, "deposit")->more->in, "currency");
    CHECK(fee_shape.fields[1].more == NULL);
}

static void test_sections_reach_used_fields(void)
{
    CHECK(field(&loan_entity, "book")->section == NULL);
    CHECK_C(field(&loan_entity, "charged")->section, "Money");
    CHECK_INT(field(&loan_entity, "charged")->flags, READONLY | FOLDED);
    CHECK(field(&loan_entity, "parts")->section == NULL);
    CHECK_INT(field(&loan_entity, "parts")->flags, 0);
}

static void test_entities_carry_their_notes(void)
{
    const EntityDef *book = &shelf_book_entity;
    CHECK_C(book->label, "Book");
    CHECK_C(book->plural, "Books");
    CHECK_C(book->module, "library");
    CHECK_C(book->rows, "1M");
    CHECK_C(book->sort, "-isbn");
    CHECK_C(book->path, "all-books");
    CHECK_C(book->icon, "book");
    CHECK_C(book->read, "shelf.read");
    CHECK_C(book->write, "library.edit");
    CHECK_C(book->api, "full");
    CHECK_INT(book->check_count, 1);
    CHECK_C(book->checks[0].condition, "name <> '' AND isbn <> 'c:\\\\'");
    CHECK(book->info != NULL && book->info != loan_entity.info);

    CHECK_INT(loan_entity.kind, DOCUMENT);
    CHECK_C(loan_entity.path, "loans");
    CHECK_C(loan_entity.portal, "reader=book");
    CHECK_C(loan_entity.keep, "10y");
    CHECK_C(loan_total_entity.key, "book");
    CHECK(loan_total_entity.path == NULL);
    CHECK_C(loan_rate_entity.dated, "place");
    CHECK_C(loan_event_entity.api, "read");
    CHECK_INT(loan_event_entity.kind, LOG);
    CHECK(loan_book_entity.extends == book);
    CHECK_C(loan_entry_entity.whose, "none");
}

static void test_children_go_with_their_parent(void)
{
    CHECK(loan_line_entity.parent == &loan_entity);
    CHECK(loan_line_entity.path == NULL);
    CHECK_C(loan_line_entity.api, "full");
    CHECK_C(loan_line_entity.write, "loan.edit");
    CHECK(entity_is_child(&loan_line_entity) && !entity_is_child(&loan_entry_part_entity));
    CHECK(entity_is_root(&loan_entity) && !entity_is_root(&loan_line_entity));
}

static void test_indexes_have_short_names(void)
{
    const IndexDef *indexes = loan_entity.indexes;
    CHECK_INT(loan_entity.index_count, 3);
    CHECK_C(indexes[0].name, "loan_book_either_about");
    CHECK_C(indexes[0].fields, "book either about");
    CHECK(indexes[0].where == NULL && !indexes[0].unique);
    CHECK_INT(strlen(indexes[1].name), 63);
    CHECK_C(indexes[1].where, "charged > 0");
    CHECK(indexes[2].unique);
    CHECK_C(indexes[2].name, "loan_book_state_some");
}

static void test_unions_name_their_shapes(void)
{
    CHECK_INT(loan_part_shape.size, sizeof(LoanPart));
    CHECK_INT(loan_part_shape.union_offset, offsetof(LoanPart, loan_words));
    CHECK(loan_part_shape.one_of[0] == &fee_shape);
    CHECK(loan_part_shape.one_of[1] == &loan_words_shape);
    CHECK(loan_part_shape.one_of[2] == &loan_more_shape && loan_part_shape.one_of[3] == NULL);
    CHECK_INT(LOAN_PART_FEE, 1);
    CHECK_INT(LOAN_PART_LOAN_MORE, 3);
}

static void test_enums_begin_with_nothing(void)
{
    CHECK_INT(shelf_kind_enum.count, 3);
    CHECK_C(shelf_kind_enum.values[0].name, "");
    CHECK_C(shelf_kind_enum.values[SHELF_KIND_OPEN_SHELF].label, "Open");
    CHECK_C(shelf_kind_enum.values[SHELF_KIND_LOCKED].tone, "bad");
    CHECK_C(genre_choices.values[2].label, "Poems");
    CHECK(genre_choices.values[2].tone == NULL);
}

static size_t length(const void *const *list)
{
    size_t n = 0;
    while (list[n])
        n++;
    return n;
}

static void test_modules_list_everything(void)
{
    CHECK_C(shelf_module.name, "library");
    CHECK_C(shelf_module.label, "The old library");
    CHECK(shelf_module.requires[0] == NULL);
    CHECK_C(loan_module.label, "Loan");
    CHECK_C(loan_module.requires[0], "library");
    CHECK(loan_module.requires[1] == NULL);
    CHECK_INT(length((const void *const *)shelf_module.entities), 3);
    CHECK_INT(length((const void *const *)shelf_module.choices), 1);
    CHECK_INT(length((const void *const *)shelf_module.shapes), 2);
    CHECK_INT(length((const void *const *)loan_module.entities), 9);
    CHECK_INT(length((const void *const *)loan_module.enums), 1);
    CHECK(loan_module.entities[0] == &loan_entity);
}

const Test entgen_tests[] = {
    { "structs follow the file", test_structs_follow_the_file },
    { "lists grow and are walked", test_lists_grow_and_are_walked },
    { "heads have places", test_heads_have_places },
    { "wrappers have the record's type", test_wrappers_have_the_records_type },
    { "fields carry their words", test_fields_carry_their_words },
    { "fields point at what they name", test_fields_point_at_what_they_name },
    { "amounts know their currency and unit", test_amounts_know_their_currency_and_unit },
    { "sections reach used fields", test_sections_reach_used_fields },
    { "entities carry their notes", test_entities_carry_their_notes },
    { "children go with their parent", test_children_go_with_their_parent },
    { "indexes have short names", test_indexes_have_short_names },
    { "unions name their shapes", test_unions_name_their_shapes },
    { "enums begin with nothing", test_enums_begin_with_nothing },
    { "modules list everything", test_modules_list_everything },
    { 0 },
};
