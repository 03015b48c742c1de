// personal.c - words for a slate, a colour of ribbon: what a customer says about her piece.
#include "modules/storefront/personal.h"

#include "base/utf8.h"
#include "kernel/i18n.h"

enum { CHOICES_MAX = 40 };

static Str typed_in(const FormFieldList *form, Str name)
{
    EACH (field, *form)
        if (str_eq(field->name, name))
            return str_trim(field->value);
    return S("");
}

static bool is_offered(const Ctx *ctx, const Shop *shop, const ProductWish *wish)
{
    return wish->price_add.micro == 0 || currency_eq(shop->channel.currency, ctx->tenant->base);
}

void personal_fields(Ctx *ctx, const Shop *shop, const Product *product, const FormFieldList *form,
                     PersonalFieldList *ret)
{
    *ret = (PersonalFieldList){ 0 };
    EACH (wish, product->wishes) {
        Str rest = wish->choices, one;
        if (!is_offered(ctx, shop, wish))
            continue;
        PersonalField *field = list_push(ctx->arena, ret);
        *field = (PersonalField){ .wish = wish };
        field->field = str_format(ctx->arena, "t%zu", ret->len - 1);
        field->value = typed_in(form, field->field);
        while (str_next(&rest, '\n', &one) && field->choices.len < CHOICES_MAX)
            if (str_trim(one).len)
                *list_push(ctx->arena, &field->choices) = str_trim(one);
    }
}

static bool is_choice(const PersonalField *field)
{
    EACH (choice, field->choices)
        if (str_eq(*choice, field->value))
            return true;
    return false;
}

static void check(Ctx *ctx, const PersonalField *field)
{
    const ProductWish *wish = field->wish;
    bool is_pick = wish->kind == WISH_KIND_PICK;
    if (field->value.len == 0 && wish->is_needed)
        ctx_problem(ctx, field->field, "shop.wish_needed",
                    is_pick ? "choose one" : "say what shall be put on it");
    if (field->value.len && is_pick && !is_choice(field))
        ctx_problem(ctx, field->field, "shop.wish_choice", "choose one of the list");
    if (!is_pick && utf8_len(field->value) > (size_t)wish->letters_max)
        ctx_problem(ctx, field->field, "field.long", "at most %d characters",
                    (int)wish->letters_max);
}

Status personal_read(Ctx *ctx, const PersonalFieldList *fields, ConfigPickList *ret)
{
    *ret = (ConfigPickList){ 0 };
    EACH (field, *fields) {
        bool is_pick = field->wish->kind == WISH_KIND_PICK;
        check(ctx, field);
        if (field->value.len)
            *list_push(ctx->arena, ret) = (ConfigPick){ .group = field->wish->label,
                                                        .name = is_pick ? field->value : S("text"),
                                                        .words = is_pick ? S("") : field->value,
                                                        .price_add = field->wish->price_add };
    }
    return ctx_problems(ctx);
}
