// form_own.c - the tenant's own fields in a form: controls from their kind, values from the
// record's `extra`, and back from what a browser sent.
#include "web/form_inside.h"

#include "gen/kernel.gen.h"
#include "kernel/entity/custom.h"
#include "kernel/entity/record.h"
#include "kernel/i18n.h"

enum { AREA_FROM = 255 };

static const Json *extra_of(Ctx *ctx, const void *record)
{
    static const Json none = { .type = JSON_OBJECT };
    const Json *tree = &none;
    Str extra = ((const Record *)record)->extra;
    if (extra.len && json_parse(ctx, extra, &tree) != OK)
        ctx_recover(ctx);
    return tree;
}

static Widget widget_of(const OwnField *own)
{
    switch ((CustomType)own->kind) {
    case CUSTOM_TYPE_NUMBER:
    case CUSTOM_TYPE_MONEY: return WIDGET_NUMBER;
    case CUSTOM_TYPE_DATE: return WIDGET_DATE;
    case CUSTOM_TYPE_YES_NO: return WIDGET_CHECK;
    case CUSTOM_TYPE_PICK: return WIDGET_SELECT;
    case CUSTOM_TYPE_REFERENCE: return own->target ? WIDGET_PICK : WIDGET_TEXT;
    default: return own->longest > AREA_FROM ? WIDGET_AREA : WIDGET_TEXT;
    }
}

static const OptionList *options_of_own(Ctx *ctx, const OwnField *own)
{
    OptionList *list = NEW(ctx->arena, OptionList);
    EACH (option, own->options)
        *(Option *)list_push_(ctx->arena, (AnyList *)list, sizeof(Option)) =
            (Option){ .value = option->code, .label = option->label };
    return list;
}

// A number is shown with the reader's decimal mark, as he will type it.
static Str as_typed(Ctx *ctx, const OwnField *own, const Json *value)
{
    bool is_number = own->kind == CUSTOM_TYPE_NUMBER || own->kind == CUSTOM_TYPE_MONEY;
    if (!value || value->type == JSON_NULL)
        return S("");
    if (value->type == JSON_BOOL)
        return value->boolean ? S("true") : S("");
    if (is_number && ctx->locale && ctx->locale->decimal.len == 1)
        return str_replace_char(ctx->arena, value->text, '.', ctx->locale->decimal.ptr[0]);
    return value->text;
}

static Status fill_pick(Ctx *ctx, const OwnField *own, const Json *typed, Input *input)
{
    Str name = str_join(ctx->arena, S("x_"), own->name);
    Id id;
    input->target = own->target->name;
    input->path_words = str_join(ctx->arena, S("_t_"), name);
    input->path_before = str_join(ctx->arena, S("_o_"), name);
    if (id_parse(input->value, &id))
        TRY(record_title(ctx, own->target, id, &input->words));
    input->before = input->words;
    if (typed && json_get(typed, input->path_words.ptr))
        input->words = json_str(typed, input->path_words.ptr);
    return OK;
}

static Status add_own(Ctx *ctx, const OwnField *own, const Json *extra, const Json *typed,
                      InputList *list)
{
    Str path = str_join(ctx->arena, S("x_"), own->name);
    const Json *said = typed ? json_get(typed, path.ptr) : NULL;
    Str value = said ? said->text : as_typed(ctx, own, json_get(extra, own->name.ptr));
    Input input = { .widget = widget_of(own),
                    .path = path,
                    .path_check = str_join(ctx->arena, S("_b_"), path),
                    .label = own->label,
                    .value = value,
                    .kind = S("text"),
                    .max = own->longest,
                    .is_required = own->is_required,
                    .is_on = value.len > 0 && (!typed || said),
                    .options = options_of_own(ctx, own) };
    input.is_wide = input.widget == WIDGET_AREA;
    if (input.widget == WIDGET_PICK)
        TRY(fill_pick(ctx, own, typed, &input));
    *list_push(ctx->arena, list) = input;
    return OK;
}

Status form_own_fields(Ctx *ctx, Form *form, const Json *typed)
{
    const OwnFieldList *fields = custom_fields(ctx, form->entity);
    if (fields->len == 0 || !entity_is_root(form->entity))
        return OK;
    const Json *extra = extra_of(ctx, form->record);
    InputGroup group = { .title = tr(ctx, "Own fields"), .key = S("own") };
    EACH (own, *fields)
        TRY(add_own(ctx, own, extra, typed, &group.inputs));
    *list_push(ctx->arena, &form->groups) = group;
    return OK;
}

// ---- And back -----------------------------------------------------------------------------------

static Status picked(Ctx *ctx, const OwnField *own, const Json *object, Str *ret)
{
    OptionList found;
    Str words =
        str_trim(json_str(object, str_format(ctx->arena, "_t_x_" STR_FMT, STR_ARG(own->name)).ptr));
    Str before = json_str(object, str_format(ctx->arena, "_o_x_" STR_FMT, STR_ARG(own->name)).ptr);
    if (words.len == 0 || (str_eq(words, str_trim(before)) && ret->len)) {
        *ret = words.len ? *ret : S("");
        return OK;
    }
    TRY(options_search(ctx, own->target, words, 2, &found));
    *ret = found.len == 1 ? found.items[0].value : words;
    return OK;
}

static const OwnField *own_named(Ctx *ctx, const EntityDef *e, Str name)
{
    EACH (own, *custom_fields(ctx, e))
        if (str_eq(own->name, str_from_at(name, 2)))
            return own;
    return NULL;
}

// A ticked box and a local number become what programs send.
Status form_read_own(Ctx *ctx, const EntityDef *e, const Json *object, const Json *member,
                     Json *ret)
{
    const OwnField *own = own_named(ctx, e, member->key);
    int64_t number;
    *ret = *member;
    if (!own || member->type != JSON_STRING)
        return OK;
    ret->text = str_trim(member->text);
    bool is_number = own->kind == CUSTOM_TYPE_NUMBER || own->kind == CUSTOM_TYPE_MONEY;
    if (own->kind == CUSTOM_TYPE_YES_NO)
        *ret = (Json){ .type = JSON_BOOL,
                       .boolean = !str_is(ret->text, "false") && ret->text.len > 0 };
    else if (is_number && read_number(ctx, ret->text, 6, &number))
        ret->text = decimal_short(ctx->arena, number, 6);
    else if (own->kind == CUSTOM_TYPE_REFERENCE && own->target)
        TRY(picked(ctx, own, object, &ret->text));
    return OK;
}
