// check_entity.c - an entity as a whole: what its kind allows, whose personal data it holds, and
// what its fields find elsewhere (currency, unit, what they copy).
#include "entgen.h"

#define COMPLAIN(line, ...) complain(model, d->module, (line), __VA_ARGS__)

// ---- Kinds --------------------------------------------------------------------------------------

static void check_head(Model *model, const Def *d)
{
    bool is_dated = note_of(d, NOTE_DATED) != NULL;
    if (d->fields.len == 0)
        COMPLAIN(d->line, "%s has no fields", d->name);
    if (d->parent_name && d->extends_name)
        COMPLAIN(d->line, "%s cannot be of %s and extend %s", d->name, d->parent_name,
                 d->extends_name);
    if (d->extends && d->extends->extends_name)
        COMPLAIN(d->line, "%s extends %s itself; extend that", d->extends->name,
                 d->extends->extends_name);
    if (d->extends && !d->extends->extends_name && !is_root(d->extends))
        COMPLAIN(d->line, "only what stands for itself can be extended, and %s does not",
                 d->extends->name);
    if (is_keyed(d) &&
        (d->parent_name || d->extends_name || d->is_tree || d->is_ordered || is_dated))
        COMPLAIN(d->line, "%s has a key: of its fields and nothing else", d->name);
    if (is_entry(d) && (d->is_tree || d->is_ordered || is_dated || d->extends_name))
        COMPLAIN(d->line, "rows of a %s have their time and nothing else to stand by",
                 record_words[d->record]);
    if (is_child(d) && d->is_ordered && !d->is_tree)
        COMPLAIN(d->line, "children are ordered without saying so");
}

static void check_parent(Model *model, const Def *d)
{
    const Def *parent = d->parent;
    if (!parent)
        return;
    int lists = 0;
    EACH (f, parent->fields)
        lists += is_type(f, TYPE_LIST) && f->target == d;
    if (lists == 0)
        COMPLAIN(d->line, "%s needs a field 'list %s' to hold these", parent->name, d->name);
    if (lists > 1)
        COMPLAIN(d->line, "%s holds %s in %d lists; one of them must be another entity",
                 parent->name, d->name, lists);
    if (is_entry(parent) && !is_entry(d))
        COMPLAIN(d->line, "%s is a %s, so these must be a %s too", parent->name,
                 record_words[parent->record], record_words[parent->record]);
}

static bool may_be_open(const Def *d)
{
    return d->record == DOCUMENT || (d->parent && may_be_open(d->parent));
}

static void check_changes(Model *model, const Def *d)
{
    EACH (leaf, d->leaves) {
        if (is_type(leaf->field, TYPE_STATE) && d->record == LEDGER)
            COMPLAIN(leaf_line(leaf), "a ledger never changes, so it cannot have a state");
        if (has_flag(leaf->field, FLAG_OPEN) && !leaf->use && !may_be_open(d))
            COMPLAIN(leaf_line(leaf), "open is for documents; %s can be edited any time", d->name);
    }
}

static void check_lists(Model *model, const Def *d)
{
    EACH (f, d->fields) {
        if (is_keyed(d) && (has_trait(f, IS_MANY) || has_flag(f, FLAG_TRANSLATED)))
            COMPLAIN(f->line, "%s has a key and no id, which %s needs", d->name,
                     has_trait(f, IS_MANY) ? f->type->word : "translated");
        const char *of = f->target ? f->target->parent_name : NULL;
        if (is_type(f, TYPE_LIST) && f->target && !(of && is(of, d->name)))
            COMPLAIN(f->line, "'%s' is not declared 'of %s'", f->arg, d->name);
        bool is_reference = is_type(f, TYPE_REF) || is_type(f, TYPE_REFS);
        if (is_reference && f->target && f->target->kind == ENTITY && is_keyed(f->target))
            COMPLAIN(f->line, "%s has a key and no id to refer to", f->target->name);
    }
}

static void check_title(Model *model, const Def *d)
{
    const char *api = api_of(d);
    if (is_root(d) && !d->extends_name && api && !is(api, "none") && !note_of(d, NOTE_TITLE))
        COMPLAIN(d->line, "%s has pages but no title: say 'title: FIELD', or 'api: none'", d->name);
}

// ---- Privacy ------------------------------------------------------------------------------------

// Whether there is personal data in the fields or in the shapes that they hold; `depth` ends
// circles of shapes.
static bool is_personal(const Field *f, bool unless_sealed, int depth)
{
    if (has_flag(f, FLAG_PERSONAL) && !(unless_sealed && has_flag(f, FLAG_SEALED)))
        return true;
    if (!f->target || f->target->kind != SHAPE || depth == 0)
        return false;
    EACH (part, f->target->parts)
        EACH (leaf, (*part)->leaves)
            if (is_personal(leaf->field, unless_sealed, depth - 1))
                return true;
    EACH (leaf, f->target->leaves)
        if (is_personal(leaf->field, unless_sealed, depth - 1))
            return true;
    return false;
}

// Privacy is only as good as the list of what is private: whose it is, and that it can be erased.
static void check_privacy(Model *model, const Def *d)
{
    bool has_personal = false, is_told = false;
    EACH (leaf, d->leaves) {
        has_personal |= is_personal(leaf->field, false, 4);
        if (d->record == LEDGER && is_personal(leaf->field, true, 4))
            COMPLAIN(leaf_line(leaf),
                     "'%s' is personal in a ledger, where it can never be erased: say sealed too, "
                     "so that losing the key erases it",
                     leaf->field->name);
    }
    for (const Def *up = d; up; up = above(up))
        is_told |= note_of(up, NOTE_WHOSE) != NULL;
    if (has_personal && !is_told)
        COMPLAIN(d->line, "%s has personal fields: say whose, 'whose: FIELD', or 'whose: none'",
                 d->name);
}

// ---- What fields find elsewhere -----------------------------------------------------------------

// The end of `in=`: the currency or unit itself, or a record that has one.
static const char *found_in(Model *model, const Def *d, const Leaf *leaf)
{
    const char *said = leaf->field->settings[SET_IN];
    bool is_money = has_trait(leaf->field, IS_MONEY);
    Path path;
    if (!follow(model, d, leaf_line(leaf), said, &path))
        return said;  // told
    const Field *f = path.field;
    if (!f || (is_money && is_type(f, TYPE_CURRENCY)))
        return f ? said : NULL;
    if (!is_type(f, TYPE_REF) || !f->target)
        return NULL;
    if (!is_money && is(f->arg, "unit"))
        return said;
    const char *rest = (is_money ? currency_path : unit_path)(model->arena, f->target);
    return rest ? text(model->arena, "%s.%s", said, rest) : NULL;
}

static void check_amount(Model *model, const Def *d, Leaf *leaf)
{
    const Field *f = leaf->field;
    bool is_money = has_trait(f, IS_MONEY);
    if (!has_trait(f, IS_AMOUNT) || (is_money && has_flag(f, FLAG_BASE)))
        return;
    if (!is_money && f->settings[SET_IN] && is(f->settings[SET_IN], "none"))
        return;
    leaf->in = f->settings[SET_IN] ? found_in(model, d, leaf)
             : is_money            ? currency_path(model->arena, d)
                                   : unit_path(model->arena, d);
    if (leaf->in)
        return;
    if (is_money)
        COMPLAIN(leaf_line(leaf),
                 "'%s' has no currency: add a field 'currency currency', or say base or in=FIELD",
                 f->name);
    else
        COMPLAIN(leaf_line(leaf),
                 "'%s' has no unit: add a field 'unit ref unit' or 'variant', or say in=FIELD or "
                 "in=none",
                 f->name);
}

static bool is_same_type(const Field *to, const Field *from)
{
    return to->type == from->type && to->target == from->target && is_link(to) == is_link(from) &&
           has_flag(to, FLAG_MAYBE) == has_flag(from, FLAG_MAYBE);
}

static const char *type_in_words(Arena *arena, const Field *f)
{
    return text(arena, "%s%s%s%s", f->type->word, f->arg[0] ? " " : "", f->arg,
                has_flag(f, FLAG_MAYBE) ? " maybe" : "");
}

static int64_t length_of(const Field *f)
{
    int64_t length = 0;
    if (f->type->takes == TAKES_LENGTH)
        str_int(str_from(f->arg), &length);
    return length;
}

// Snapshots are taken in one go, so none may wait for another: the source must not be a copy
// itself.
static void check_chain(Model *model, const Def *d, const Leaf *leaf, const char *from)
{
    Names parts = split(model->arena, from, '.');
    const Field *first = parts.len ? field_named(d, parts.items[0]) : NULL;
    if (!first || !first->settings[SET_COPY])
        return;
    const char *rest = strchr(from, '.');
    COMPLAIN(leaf_line(leaf), "'%s' copies from '%s', which is a copy itself: say copy=%s%s",
             leaf->field->name, first->name, first->settings[SET_COPY], rest ? rest : "");
}

static void check_copy(Model *model, const Def *d, const Leaf *leaf)
{
    const Field *f = leaf->field;
    const char *from = f->settings[SET_COPY];
    Path path;
    if (!from || !follow(model, d, leaf_line(leaf), from, &path))
        return;
    check_chain(model, d, leaf, from);
    if (path.is_listed || has_trait(f, IS_MANY))
        COMPLAIN(leaf_line(leaf), "copy= takes one value, not a list");
    else if (!path.field)
        COMPLAIN(leaf_line(leaf), "copy= takes a declared field, and '%s' is none", from);
    else if (!is_same_type(f, path.field))
        COMPLAIN(leaf_line(leaf), "'%s' is %s but '%s' is %s", f->name,
                 type_in_words(model->arena, f), from, type_in_words(model->arena, path.field));
    else if (length_of(f) < length_of(path.field))
        COMPLAIN(leaf_line(leaf), "'%s' has room for %s characters, but '%s' for %s", f->name,
                 f->arg, from, path.field->arg);
}

void check_entity(Model *model, Def *d)
{
    check_head(model, d);
    check_parent(model, d);
    check_changes(model, d);
    check_lists(model, d);
    check_title(model, d);
    check_privacy(model, d);
    EACH (leaf, d->leaves) {
        if (!leaf->field->type)
            continue;
        check_amount(model, d, leaf);
        check_copy(model, d, leaf);
        if (leaf->field->settings[SET_AS])
            check_sql(model, d, leaf_line(leaf), "as=", leaf->field->settings[SET_AS]);
    }
}
