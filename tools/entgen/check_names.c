// check_names.c - every name becomes something elsewhere: a C type, an enumerator, a struct member,
// a column, a table. Two of one name, or a name that is taken there, are found here and not by the
// compiler or the database.
#include "entgen.h"

typedef struct Taken {  // who has which name so far
    Map c_types, enumerators, tables;
} Taken;

// ---- C ------------------------------------------------------------------------------------------

static void claim_type(Model *model, Taken *taken, const Def *d, const char *ending)
{
    const char *c_type = text(model->arena, "%s%s", pascal(model->arena, d->name), ending);
    const Def *first = known(&taken->c_types, c_type);
    if (is_kernel_type(c_type))
        complain(model, d->module, d->line,
                 "'%s' would be the C type %s, which the kernel has; choose another name", d->name,
                 c_type);
    else if (first && !is(first->name, d->name))
        complain(model, d->module, d->line, "'%s' would be the C type %s, as '%s' is at %s:%d",
                 d->name, c_type, first->name, first->module->file, first->line);
    remember(&taken->c_types, c_type, d);
}

static void check_c_types(Model *model, Taken *taken, const Def *d)
{
    if (d->kind == CHOICES)
        return;
    claim_type(model, taken, d, "");
    if (d->kind == ENUM)
        return;
    claim_type(model, taken, d, "List");
    if (d->part_names.len)
        claim_type(model, taken, d, "Kind");
    if (is_c_word(d->name))
        complain(model, d->module, d->line,
                 "'%s' is a word of C or of the kernel; choose another name", d->name);
}

static void check_values(Model *model, Taken *taken, const Def *d)
{
    if (d->kind == ENUM && d->values.len == 0)
        complain(model, d->module, d->line, "%s has no values", d->name);
    EACH (value, d->values) {
        for (const Value *other = d->values.items; other < value; other++)
            if (is(other->name, value->name))
                complain(model, d->module, value->line, "'%s' is already a value of %s",
                         value->name, d->name);
        if (d->kind == CHOICES)
            continue;
        if (is(value->name, "none"))
            complain(model, d->module, value->line,
                     "every enum has NONE for what is not said; choose another name");
        const char *c = text(model->arena, "%s_%s", upper(model->arena, d->name),
                             upper(model->arena, value->name));
        const Def *first = known(&taken->enumerators, c);
        if (first && first != d)
            complain(model, d->module, value->line, "'%s' would be %s, as in '%s' at %s:%d",
                     value->name, c, first->name, first->module->file, first->line);
        remember(&taken->enumerators, c, d);
    }
}

static void check_members(Model *model, const Def *d)
{
    EACH (f, d->fields) {
        if (!f->is_use && is_c_word(f->name))
            complain(model, d->module, f->line,
                     "'%s' is a word of C or of the kernel; choose another name", f->name);
        for (const Field *other = d->fields.items; other < f; other++)
            if (is(other->name, f->name))
                complain(model, d->module, f->line, "'%s' is already a field of %s", f->name,
                         d->name);
    }
    EACH (leaf, d->leaves)
        for (const Leaf *other = d->leaves.items; other < leaf; other++)
            if (is(other->field->name, leaf->field->name) && leaf->use != other->use)
                complain(model, d->module, leaf_line(leaf),
                         "'%s' is already a field of %s, once here and once by use",
                         leaf->field->name, d->name);
}

// ---- The database -------------------------------------------------------------------------------

static void check_length(Model *model, const Def *d, int line, const char *name)
{
    if (strlen(name) > SQL_NAME_MAX)
        complain(model, d->module, line,
                 "'%s' is longer than %d letters, the most that a database keeps", name,
                 SQL_NAME_MAX);
}

// `refs` has a table of its own, named after both.
static void check_refs_table(Model *model, Taken *taken, const Def *d, const Leaf *leaf)
{
    const char *name = text(model->arena, "%s_%s", d->name, leaf->field->name);
    check_length(model, d, leaf_line(leaf), name);
    const Def *first = known(&taken->tables, name);
    if (first)
        complain(model, d->module, leaf_line(leaf),
                 "'%s' needs the table %s, which is that of %s at %s:%d", leaf->field->name, name,
                 first->name, first->module->file, first->line);
    remember(&taken->tables, name, d);
}

typedef struct Column {
    const char *name;
    const Leaf *leaf;
} Column;
typedef LIST(Column) ColumnList;

static bool is_kernel_name(const Def *d, const Names *builtin, const char *name)
{
    return is_kernel_column(name) || names_have(builtin, name) || (d->is_tree && is(name, "above"));
}

static void check_column(Model *model, const Def *d, const Column *column, const Names *builtin)
{
    const char *name = column->leaf->field->name;
    int line = leaf_line(column->leaf);
    check_length(model, d, line, column->name);
    if (is_sql_word(column->name))
        complain(model, d->module, line,
                 "'%s' is a word of SQL or of the kernel; choose another name", name);
    else if (!is_kernel_name(d, builtin, name) && names_have(builtin, column->name))
        complain(model, d->module, line, "'%s' would be the column %s, which every %s has already",
                 name, column->name, d->name);
}

static void check_same_column(Model *model, const Def *d, const Column *a, const Column *b)
{
    const char *first = a->leaf->field->name, *second = b->leaf->field->name;
    if (is(a->name, b->name) && !is(first, second))
        complain(model, d->module, leaf_line(b->leaf), "'%s' and '%s' would be one column, %s",
                 first, second, a->name);
}

static void check_columns(Model *model, const Def *d)
{
    Names builtin = builtin_columns(model->arena, d);
    ColumnList columns = { 0 };
    EACH (leaf, d->leaves) {
        const char *own = leaf->field->name;
        if (is_kernel_name(d, &builtin, own))
            complain(model, d->module, leaf_line(leaf),
                     "'%s' is a word of SQL or of the kernel; choose another name", own);
        Names names = columns_of(model->arena, leaf->field);
        EACH (name, names)
            *list_push(model->arena, &columns) = (Column){ *name, leaf };
    }
    EACH (column, columns) {
        check_column(model, d, column, &builtin);
        for (const Column *other = columns.items; other < column; other++)
            check_same_column(model, d, other, column);
    }
}

static void check_tables(Model *model, Taken *taken, const Def *d)
{
    if (is_sql_word(d->name))
        complain(model, d->module, d->line, "'%s' is a word of SQL; choose another name", d->name);
    check_length(model, d, d->line, d->name);
    check_columns(model, d);
    EACH (leaf, d->leaves)
        if (is_type(leaf->field, TYPE_REFS))
            check_refs_table(model, taken, d, leaf);
}

void check_names(Model *model)
{
    Taken taken = { { .arena = model->arena },
                    { .arena = model->arena },
                    { .arena = model->arena } };
    EACH (d, model->defs)
        if ((*d)->kind == ENTITY)
            remember(&taken.tables, (*d)->name, *d);
    EACH (d, model->defs) {
        check_c_types(model, &taken, *d);
        check_values(model, &taken, *d);
        check_members(model, *d);
        if ((*d)->kind == ENTITY)
            check_tables(model, &taken, *d);
    }
}
