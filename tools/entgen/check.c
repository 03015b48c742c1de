// check.c - what the language promises is checked here and in check_*.c, all of it before anything
// is written. This file has the order, and the one check that looks into SQL.
#include "entgen.h"

#define SMALL   "abcdefghijklmnopqrstuvwxyz"
#define DIGITS  "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZ_" SMALL DIGITS

static const char *after_quoted(const char *quote)
{
    const char *end = strchr(quote + 1, '\'');
    return end ? end + 1 : quote + strlen(quote);
}

// The next word outside quotation marks that has small letters: keywords and functions are in
// capitals in our SQL, so that must be a column.
static bool take_column(const char **sql, Str *ret)
{
    for (const char *c = *sql; *c;) {
        size_t word = strspn(c, LETTERS);
        if (strcspn(c, SMALL) < word && !strchr(DIGITS, *c)) {
            *ret = (Str){ c, word };
            *sql = c + word;
            return true;
        }
        c = *c == '\'' ? after_quoted(c) : c + (word ? word : 1);
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
