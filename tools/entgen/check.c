// check.c - what the language promises is checked here and in check_*.c, all of it before anything
// is written. This file has the order, and the one check that looks into SQL.
#include "entgen.h"

#include <ctype.h>

// Keywords and functions are in capitals in our SQL, so what has small letters must be a column.
static bool take_column(const char **sql, Str *ret)
{
    for (const char *c = *sql; *c; c++) {
        if (*c == '\'') {
            c = strchr(c + 1, '\'');
            if (!c)
                return false;
            continue;
        }
        if (!isalpha((unsigned char)*c))
            continue;
        size_t len = 1;
        bool is_column = false;
        for (const char *w = c; isalnum((unsigned char)*w) || *w == '_'; len = (size_t)(++w - c))
            is_column |= islower((unsigned char)*w) != 0;
        *sql = c + len;
        *ret = (Str){ c, len };
        if (is_column)
            return true;
        c += len - 1;
    }
    return false;
}

// For "customer" the column is "customer_id", which is further off than a slip of the finger.
static const char *nearest_column(Arena *arena, const char *word, const Names *columns)
{
    EACH (column, *columns)
        if (starts_with(*column, word) && (*column)[strlen(word)] == '_')
            return text(arena, ", did you mean '%s'?", *column);
    return nearest_name(arena, word, columns);
}

void check_sql(Model *model, const Def *d, int line, const char *what, const char *sql)
{
    Names columns = columns_of_all(model->arena, d);
    Str word;
    while (take_column(&sql, &word)) {
        const char *name = str_c(model->arena, word);
        if (!names_have(&columns, name))
            complain(model, d->module, line, "%s: %s has no column '%s'%s", what, d->name, name,
                     nearest_column(model->arena, name, &columns));
    }
}

void check(Model *model)
{
    check_names(model);
    EACH (d, model->defs) {
        EACH (f, (*d)->fields)
            if (f->type)
                check_field(model, *d, f);
        if ((*d)->kind == ENTITY) {
            check_entity(model, *d);
            check_notes(model, *d);
        }
    }
    check_uses(model);
}
