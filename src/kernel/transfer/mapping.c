// mapping.c - reads a mapping, or guesses one from the headings.
//
// A guess compares each heading with every name a field goes by - its name, its label, both with
// the child's in front - after making both alike: folded, only letters and digits, common short
// forms spelled out. The likest pair is taken first, and no field twice; what is not like anything
// is left out rather than put somewhere.
#include "kernel/transfer/mapping.h"

#include "base/buf.h"
#include "base/json.h"
#include "base/utf8.h"
#include "kernel/i18n.h"

#include <stdlib.h>

enum { ALIKE = 1000, LIKE_ENOUGH = 720, LONG_NAME = 4, NAME_BYTES_MAX = 120, HEADINGS_MAX = 300 };

// ---- Which fields a file may write --------------------------------------------------------------

static bool is_writable(const FieldDef *f)
{
    switch ((FieldType)f->type) {
    case FIELD_LIST:
    case FIELD_SHAPE:
    case FIELD_SHAPES:
    case FIELD_BYTES:
    case FIELD_POINTS:
    case FIELD_GEO:
    case FIELD_LINK:
    case FIELD_STATE: return false;
    default: return !(f->flags & READONLY) && !(f->more && f->more->as);
    }
}

typedef LIST(Target) TargetList;

static void add_inner(Arena *arena, const FieldDef *field, const FieldDef *inner, int count,
                      TargetList *ret)
{
    for (const FieldDef *f = inner; f < inner + count; f++)
        if (is_writable(f))
            *list_push(arena, ret) = (Target){ .field = field, .inner = f };
}

static void list_targets(Arena *arena, const EntityDef *e, TargetList *ret)
{
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++) {
        const EntityDef *child = f->of;
        const ShapeDef *shape = f->of;
        if (f->type == FIELD_LIST && !entity_is_entry(child))
            add_inner(arena, f, child->fields, child->count, ret);
        else if (f->type == FIELD_SHAPE && !shape->one_of && !(f->flags & READONLY))
            add_inner(arena, f, shape->fields, shape->count, ret);
        else if (is_writable(f))
            *list_push(arena, ret) = (Target){ .field = f };
    }
}

Str mapping_path(Arena *arena, const Target *target)
{
    if (target->is_id)
        return S("id");
    if (!target->field)
        return S("");
    if (!target->inner)
        return str_from(target->field->name);
    return str_format(arena, "%s.%s", target->field->name, target->inner->name);
}

// ---- Likeness -----------------------------------------------------------------------------------

static Str spelled_out(Str word)
{
    static const char *const shorts[][2] = {
        { "qty", "quantity" },     { "pcs", "quantity" }, { "no", "number" },
        { "nr", "number" },        { "tel", "phone" },    { "telephone", "phone" },
        { "mail", "email" },       { "zip", "postcode" }, { "postal", "postcode" },
        { "desc", "description" }, { "amt", "amount" },   { "uom", "unit" },
        { "cust", "customer" },    { "addr", "address" }, { "ref", "reference" },
        { "cat", "category" },
    };
    for (size_t i = 0; i < COUNT(shorts); i++)
        if (str_is(word, shorts[i][0]))
            return str_from(shorts[i][1]);
    return word;
}

// "Qty. (pcs)" -> "quantityquantity"; "E-Mail" -> "email".
static Str alike(Ctx *ctx, Str text)
{
    Buf out = { .arena = ctx->arena, .max = NAME_BYTES_MAX };
    Str folded = fold_text(ctx, text);
    size_t from = 0;
    for (size_t i = 0; i <= folded.len; i++) {
        unsigned char c = i < folded.len ? (unsigned char)folded.ptr[i] : ' ';
        bool is_part = c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (is_part)
            continue;
        buf_put(&out, spelled_out(str_sub(folded, from, i - from)));
        from = i + 1;
    }
    return buf_str(&out);
}

// How many changes lead from one to the other (Levenshtein).
static int distance(Str a, Str b)
{
    int row[NAME_BYTES_MAX + 1];
    for (size_t j = 0; j <= b.len; j++)
        row[j] = (int)j;
    for (size_t i = 1; i <= a.len; i++) {
        int corner = row[0];
        row[0] = (int)i;
        for (size_t j = 1; j <= b.len; j++) {
            int best = corner + (a.ptr[i - 1] != b.ptr[j - 1]);
            corner = row[j];
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            row[j] = best;
        }
    }
    return row[b.len];
}

// Of a heading and a name. A heading that says the name and a word more is like it too.
static int likeness(Str a, Str b)
{
    size_t longest = a.len > b.len ? a.len : b.len;
    if (a.len == 0 || b.len == 0)
        return 0;
    bool is_more = a.len > b.len && b.len >= LONG_NAME;
    if (is_more && str_ends(a, b))  // "unit price" is a price
        return LIKE_ENOUGH + 100;
    if (is_more && str_starts(a, b))  // "ISBN no." is an ISBN
        return LIKE_ENOUGH + 50;
    return ALIKE - distance(a, b) * ALIKE / (int)longest;
}

static int most(int a, int b)
{
    return a > b ? a : b;
}

// A child's field also goes by its bare name, a little less surely than the record's own.
static int likeness_of(Ctx *ctx, const Target *target, Str heading)
{
    const FieldDef *f = target->field, *inner = target->inner;
    if (!inner)
        return most(likeness(heading, alike(ctx, str_from(f->name))),
                    likeness(heading, alike(ctx, str_from(f->label))));
    int bare = most(likeness(heading, alike(ctx, str_from(inner->name))),
                    likeness(heading, alike(ctx, str_from(inner->label))));
    Str name = str_format(ctx->arena, "%s %s", f->name, inner->name);
    Str label = str_format(ctx->arena, "%s %s", f->label, inner->label);
    int whole = most(likeness(heading, alike(ctx, name)), likeness(heading, alike(ctx, label)));
    return most(whole, bare - ALIKE / 20);
}

typedef struct Guess {
    int likeness, heading, target;
} Guess;

static int likest_first(const void *a, const void *b)
{
    const Guess *x = a, *y = b;
    if (x->likeness != y->likeness)
        return y->likeness - x->likeness;
    return x->heading != y->heading ? x->heading - y->heading : x->target - y->target;
}

static void guess(Ctx *ctx, Mapping *mapping)
{
    TargetList targets = { 0 };
    LIST(Guess) guesses = { 0 };
    list_targets(ctx->arena, mapping->entity, &targets);
    bool *is_taken = NEW_ARRAY(ctx->arena, bool, targets.len + 1);
    for (size_t h = 0; h < mapping->headings.len; h++) {
        Str heading = alike(ctx, mapping->headings.items[h]);
        mapping->targets[h].is_id = str_is(heading, "id");
        for (size_t t = 0; t < targets.len && !mapping->targets[h].is_id; t++) {
            int found = likeness_of(ctx, &targets.items[t], heading);
            if (found >= LIKE_ENOUGH)
                *list_push(ctx->arena, &guesses) = (Guess){ found, (int)h, (int)t };
        }
    }
    if (guesses.len)
        qsort(guesses.items, guesses.len, sizeof *guesses.items, likest_first);
    EACH (g, guesses)
        if (!is_taken[g->target] && !mapping->targets[g->heading].field) {
            mapping->targets[g->heading] = targets.items[g->target];
            is_taken[g->target] = true;
        }
}

// ---- As somebody said ---------------------------------------------------------------------------

static bool find_path(Arena *arena, const EntityDef *e, Str path, Target *ret)
{
    TargetList targets = { 0 };
    *ret = (Target){ .is_id = str_is(path, "id") };
    if (ret->is_id)
        return true;
    list_targets(arena, e, &targets);
    EACH (target, targets)
        if (str_eq(mapping_path(arena, target), path)) {
            *ret = *target;
            return true;
        }
    return false;
}

static Status take_paths(Ctx *ctx, const Json *paths, Mapping *mapping)
{
    JSON_EACH (path, paths) {
        bool is_known = false;
        for (size_t h = 0; h < mapping->headings.len; h++) {
            if (!str_eq(mapping->headings.items[h], path->key))
                continue;
            is_known = true;
            if (path->text.len &&
                !find_path(ctx->arena, mapping->entity, path->text, &mapping->targets[h]))
                return FAIL(ctx, E_INVALID, "import.mapping",
                            "'" STR_FMT "' is no field that a file can fill", STR_ARG(path->text));
        }
        if (!is_known)
            return FAIL(ctx, E_INVALID, "import.mapping", "the file has no column '" STR_FMT "'",
                        STR_ARG(path->key));
    }
    return OK;
}

// ---- Together -----------------------------------------------------------------------------------

static const FieldDef *key_of(const EntityDef *e)
{
    Str rest = str_from(e->import), name;
    const FieldDef *f = str_next_word(&rest, &name) ? entity_field(e, name) : NULL;
    return f && f->flags & UNIQUE ? f : NULL;
}

static bool is_same(const Target *a, const Target *b)
{
    return a->is_id == b->is_id && a->field == b->field && a->inner == b->inner;
}

static Status check_targets(Ctx *ctx, Mapping *mapping)
{
    int used = 0;
    mapping->key_column = -1;
    for (size_t i = 0; i < mapping->headings.len; i++) {
        const Target *target = &mapping->targets[i];
        if (!target->field && !target->is_id)
            continue;
        used++;
        for (size_t j = 0; j < i; j++)
            if (is_same(target, &mapping->targets[j]))
                return FAIL(ctx, E_INVALID, "import.mapping",
                            "the columns '" STR_FMT "' and '" STR_FMT "' both go to '" STR_FMT "'",
                            STR_ARG(mapping->headings.items[j]),
                            STR_ARG(mapping->headings.items[i]),
                            STR_ARG(mapping_path(ctx->arena, target)));
        bool is_child = target->field && target->field->type == FIELD_LIST;
        mapping->has_children = mapping->has_children || is_child;
        if (target->is_id || (target->field == mapping->key && !target->inner))
            mapping->key_column = (int)i;
    }
    return used ? OK
                : FAIL(ctx, E_INVALID, "import.mapping",
                       "none of the headings is like a field of %s: say which column is which",
                       ctx_text(ctx, mapping->entity->label));
}

Status mapping_make(Ctx *ctx, const EntityDef *e, const StrList *headings, Str paths, Mapping *ret)
{
    const Json *json;
    *ret = (Mapping){ .entity = e, .headings = *headings, .key = key_of(e) };
    if (headings->len > HEADINGS_MAX)
        return FAIL(ctx, E_INVALID, "import.mapping", "at most %d columns, this file has %zu",
                    HEADINGS_MAX, headings->len);
    ret->targets = NEW_ARRAY(ctx->arena, Target, headings->len + 1);
    if (str_trim(paths).len == 0) {
        guess(ctx, ret);
        return check_targets(ctx, ret);
    }
    TRY(json_parse(ctx, paths, &json));
    TRY(take_paths(ctx, json, ret));
    return check_targets(ctx, ret);
}
