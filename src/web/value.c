// value.c - values as people read them, by type. Nothing here asks the database anything.
#include "web/value.h"

#include "base/json.h"
#include "base/utf8.h"
#include "kernel/entity/info.h"
#include "kernel/i18n.h"
#include "web/web.h"

enum { TEXT_SHOWN_MAX = 120 };

// ---- Words --------------------------------------------------------------------------------------

// The shape of a state's glyph follows from its tone; a first state is one that has not begun.
const char *glyph_of(const EnumDef *words, int value)
{
    static const struct {
        const char *tone, *glyph;
    } glyphs[] = { { "mute", "pend" }, { "info", "paid" }, { "make", "half" },
                   { "warn", "hold" }, { "ok", "done" },   { "bad", "bad" } };
    const char *tone = words->values[value].tone;
    if (value == 1)
        return "draft";
    for (size_t i = 0; tone && i < COUNT(glyphs); i++)
        if (strcmp(glyphs[i].tone, tone) == 0)
            return glyphs[i].glyph;
    return "pend";
}

Shown value_of_enum(Ctx *ctx, const FieldDef *field, Str word)
{
    const EnumDef *words = field->of;
    int value = enum_value(words, word);
    if (value == 0)
        return (Shown){ .kind = word.len ? SHOWN_TEXT : SHOWN_EMPTY, .text = word };
    const char *tone = words->values[value].tone;
    Shown shown = { .text = tr(ctx, words->values[value].label),
                    .tone = tone ? tone : "mute",
                    .glyph = glyph_of(words, value) };
    bool is_headline = strcmp(field->name, "headline") == 0;
    shown.kind = field->type == FIELD_STATE || is_headline ? SHOWN_STATE
               : tone                                      ? SHOWN_PILL
                                                           : SHOWN_TEXT;
    return shown;
}

static void put_words(Ctx *ctx, const Json *value, Buf *out)
{
    if (value->type == JSON_STRING && value->text.len) {
        buf_c(out, out->len ? ", " : "");
        buf_put(out, value->text);
    } else if (value->type == JSON_OBJECT || value->type == JSON_ARRAY) {
        for (const Json *one = value->first; one; one = one->next)
            put_words(ctx, one, out);
    }
}

Str value_of_shape(Ctx *ctx, Str json)
{
    Buf out = { .arena = ctx->arena };
    const Json *tree;
    if (json.len == 0)
        return S("");
    if (json_parse(ctx, json, &tree) != OK) {
        ctx_recover(ctx);
        return S("");
    }
    put_words(ctx, tree, &out);
    return buf_str(&out);
}

// ---- By type ------------------------------------------------------------------------------------

static Shown text(Str words)
{
    return (Shown){ .kind = words.len ? SHOWN_TEXT : SHOWN_EMPTY, .text = words };
}

static Shown number(Str words)
{
    return (Shown){ .kind = SHOWN_NUMBER, .text = words };
}

static Shown amount(Ctx *ctx, const Cell *cell, bool is_price)
{
    Shown shown = number(is_price ? show_price(ctx, (Price){ cell->number }, cell->currency)
                                  : show_money(ctx, (Money){ cell->number }, cell->currency));
    shown.before = str_copy(ctx->arena, currency_text(&cell->currency));
    return shown;
}

// None is needed where a document is in the company's own currency.
static Shown rate_of_exchange(Ctx *ctx, int64_t nano)
{
    return nano ? number(decimal_short(ctx->arena, nano, 9)) : (Shown){ .kind = SHOWN_EMPTY };
}

static Shown day(Ctx *ctx, Date date)
{
    return (Shown){ .kind = date ? SHOWN_TIME : SHOWN_EMPTY,
                    .text = show_date(ctx, date),
                    .machine = date_text(ctx->arena, date) };
}

static Shown instant(Ctx *ctx, Time at)
{
    return (Shown){ .kind = at ? SHOWN_TIME : SHOWN_EMPTY,
                    .text = show_time(ctx, at),
                    .machine = time_text(ctx->arena, at) };
}

static Shown yes_or_no(Ctx *ctx, bool yes)
{
    return yes ? (Shown){ .kind = SHOWN_YES, .text = tr(ctx, "Yes") }
               : (Shown){ .kind = SHOWN_EMPTY, .text = S("") };
}

static bool is_number_title(const EntityDef *e)
{
    const FieldDef *const *title = (const FieldDef *const *)e->info->title;
    return title && title[0] && title[0]->type == FIELD_CODE && !title[1];
}

static CellLook look_at(Ctx *ctx, const EntityDef *target)
{
    if (!target || !entity_is_open(ctx, target))
        return (CellLook){ 0 };
    return (CellLook){ .target = target,
                       .records = records_url(ctx->arena, target),
                       .is_mono = is_number_title(target) };
}

static Shown link(Ctx *ctx, const CellLook *look, const Cell *cell)
{
    Str id = id_text(ctx->arena, cell->number), words = cell->text.len ? cell->text : id;
    if (!look->target)
        return text(words);
    return (Shown){ .kind = SHOWN_LINK,
                    .text = words,
                    .url = { str_join(ctx->arena, look->records.text, id) },
                    .is_mono = look->is_mono };
}

// Each may be of another kind.
static Shown any_link(Ctx *ctx, const Cell *cell)
{
    CellLook look = look_at(ctx, cell->link);
    return link(ctx, &look, cell);
}

static Shown builtin(Ctx *ctx, const Cell *cell)
{
    switch (cell->path->kind) {
    case PATH_CREATED:
    case PATH_UPDATED:
    case PATH_AT: return instant(ctx, cell->number);
    case PATH_FROM:
    case PATH_UNTIL: return day(ctx, (Date)cell->number);
    case PATH_ARCHIVED: return yes_or_no(ctx, cell->number);
    case PATH_VERSION:
    case PATH_POSITION: return number(show_number(ctx, cell->number, 0));
    case PATH_ASSIGNED:
    case PATH_CUSTOM:
    case PATH_PATH: return text(cell->text);
    default: return text(id_text(ctx->arena, cell->number));
    }
}

static Shown words_of(Ctx *ctx, const FieldDef *f, Str words)
{
    bool is_cut = utf8_len(words) > TEXT_SHOWN_MAX;
    Str shown = is_cut ? str_join(ctx->arena, utf8_cut(words, TEXT_SHOWN_MAX), S("…")) : words;
    Shown value = text(shown);
    if (value.kind == SHOWN_TEXT && f->type == FIELD_CODE)
        value.kind = SHOWN_CODE;
    return value;
}

static Shown shown_of(Ctx *ctx, const CellLook *look, const Cell *cell)
{
    const FieldDef *f = cell->path->field;
    if (!f)
        return builtin(ctx, cell);
    switch ((FieldType)f->type) {
    case FIELD_TEXT:
    case FIELD_CODE:
    case FIELD_RICH:
    case FIELD_JSON:
    case FIELD_FORMULA: return words_of(ctx, f, cell->text);
    case FIELD_BOOL: return yes_or_no(ctx, cell->number);
    case FIELD_INT: return number(show_number(ctx, cell->number, 0));
    case FIELD_MONEY: return amount(ctx, cell, false);
    case FIELD_PRICE: return amount(ctx, cell, true);
    case FIELD_QTY: return number(show_qty(ctx, (Qty){ cell->number }, 0));
    case FIELD_RATE: return number(show_percent(ctx, (Rate){ (int32_t)cell->number }));
    case FIELD_FX: return rate_of_exchange(ctx, cell->number);
    case FIELD_DATE: return day(ctx, (Date)cell->number);
    case FIELD_TIME: return instant(ctx, cell->number);
    case FIELD_CLOCK: return text(clock_text(ctx->arena, (Clock)cell->number));
    case FIELD_ENUM:
    case FIELD_STATE: return value_of_enum(ctx, f, cell->text);
    case FIELD_REF: return link(ctx, look, cell);
    case FIELD_LINK: return any_link(ctx, cell);
    case FIELD_SHAPE:
    case FIELD_SHAPES: return text(value_of_shape(ctx, cell->text));
    case FIELD_SECRET: return text(tr(ctx, "set"));
    default: return text(cell->text);
    }
}

// ---- Columns ------------------------------------------------------------------------------------

CellLook value_look(Ctx *ctx, const FieldPath *path)
{
    const FieldDef *f = path->field;
    CellLook look = f && f->type == FIELD_REF ? look_at(ctx, f->of) : (CellLook){ 0 };
    look.is_repeated = f && (f->type == FIELD_DATE || f->type == FIELD_ENUM ||
                             f->type == FIELD_STATE || f->type == FIELD_REF);
    return look;
}

static bool is_same(const Cell *a, const Cell *b)
{
    return a->known && a->number == b->number && str_eq(a->text, b->text);
}

Shown value_shown(Ctx *ctx, CellLook *look, const Cell *cell)
{
    if (!cell->path || !cell->known)
        return (Shown){ .kind = SHOWN_EMPTY };
    if (!look->is_repeated)
        return shown_of(ctx, look, cell);
    if (!is_same(&look->last, cell)) {
        look->last = *cell;
        look->last_shown = shown_of(ctx, look, cell);
    }
    return look->last_shown;
}

Shown value_of_cell(Ctx *ctx, const Cell *cell)
{
    CellLook look = cell->path ? value_look(ctx, cell->path) : (CellLook){ 0 };
    return value_shown(ctx, &look, cell);
}

bool value_is_number(const FieldPath *path)
{
    const FieldDef *f = path->field;
    if (!f)
        return path->kind == PATH_VERSION || path->kind == PATH_POSITION;
    return f->type == FIELD_INT || f->type == FIELD_MONEY || f->type == FIELD_PRICE ||
           f->type == FIELD_QTY || f->type == FIELD_RATE || f->type == FIELD_FX;
}
