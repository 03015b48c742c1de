// valuation.c - reading the valuation cases and walks.
#include "modules/valuation.h"

#include "base/json.h"

#include <stdlib.h>

// ---- Numbers ------------------------------------------------------------------------------------

// Cases write numbers with and without quotes, and finer than we keep: rounded half up.
static int64_t number(const Json *value, int digits)
{
    Str text = value->text;
    ptrdiff_t dot = str_find_char(text, '.');
    int64_t ret = 0;
    size_t fits = dot < 0 ? text.len : (size_t)dot + 1 + (size_t)digits;
    bool ok = decimal_parse(str_sub(text, 0, fits < text.len ? fits : text.len), digits, &ret);
    CHECK(ok);
    if (fits < text.len && text.ptr[fits] >= '5')
        ret += text.ptr[0] == '-' ? -1 : 1;
    return ret;
}

static Qty qty_at(const Json *object, const char *key)
{
    const Json *value = json_get(object, key);
    return value ? (Qty){ number(value, 6) } : (Qty){ 0 };
}

static MaybePrice price_at(const Json *object, const char *key)
{
    const Json *value = json_get(object, key);
    return value ? (MaybePrice){ true, { number(value, 6) } } : (MaybePrice){ 0 };
}

static MaybeMoney money_at(const Json *object, const char *key, int digits)
{
    const Json *value = json_get(object, key);
    return value ? (MaybeMoney){ true, { number(value, digits) } } : (MaybeMoney){ 0 };
}

static CostMethod method_of(Str name)
{
    for (int i = 1; i < cost_method_enum.count; i++)
        if (str_is(name, cost_method_enum.values[i].name))
            return (CostMethod)i;
    test_fail(__FILE__, __LINE__, "no method '" STR_FMT "'", STR_ARG(name));
    return COST_METHOD_AVERAGE;
}

CurrencyCode case_currency(int digits)
{
    return digits == 0 ? (CurrencyCode){ "JPY" } : (CurrencyCode){ "EUR" };
}

// ---- Cases --------------------------------------------------------------------------------------

static CaseOp op_of(Str name)
{
    static const char *const names[] = {
        [CASE_IN] = "in",
        [CASE_OUT] = "out",
        [CASE_SET_COST] = "set_cost",
        [CASE_EDIT] = "edit_qty",
        [CASE_RETURN_IN] = "return_in",
        [CASE_RETURN_OUT] = "return_out",
        [CASE_SET_METHOD] = "set_method",
        [CASE_OPEN] = "open",
        [CASE_DROPSHIP] = "dropship",
    };
    for (size_t i = 0; i < COUNT(names); i++)
        if (str_is(name, names[i]))
            return (CaseOp)i;
    test_fail(__FILE__, __LINE__, "no step '" STR_FMT "'", STR_ARG(name));
    return CASE_IN;
}

static void read_step(const Json *json, CaseStep *ret)
{
    *ret = (CaseStep){ .op = op_of(json_str(json, "op")),
                       .quantity = qty_at(json, "qty"),
                       .cost = price_at(json, "unit_cost"),
                       .at_rate = price_at(json, "at_rate"),
                       .ref = json_str(json, "ref"),
                       .of = json_str(json, "of") };
    if (ret->op == CASE_SET_METHOD)
        ret->method = method_of(json_str(json, "method"));
    if (ret->op == CASE_OPEN) {  // one layer, [quantity, rate]
        const Json *layer = json_get(json, "layers")->first;
        ret->quantity = (Qty){ -number(layer->first, 6) };
        ret->cost = (MaybePrice){ true, { number(layer->first->next, 6) } };
    }
}

static void read_layers(Ctx *ctx, const Json *json, ValuationCase *ret)
{
    const Json *layers = json_get(json, "layers"), *consumed = json_get(json, "consumed");
    if (layers)
        JSON_EACH (item, layers)
            *list_push(ctx->arena, &ret->layers) =
                (CaseLayer){ { number(item->first, 6) }, { number(item->first->next, 6) } };
    if (consumed)
        JSON_EACH (item, consumed)
            *list_push(ctx->arena, &ret->consumed) =
                (CaseLayer){ { number(item->first, 6) }, { number(item->first->next, 6) } };
}

static void read_case(Ctx *ctx, const Json *json, ValuationCase *ret)
{
    const Json *want = json_get(json, "expect"), *digits = json_get(want, "currency_exponent");
    *ret = (ValuationCase){ .id = str_c(ctx->arena, json_str(json, "id")),
                            .method = method_of(json_str(json, "method")),
                            .digits = digits ? (int)number(digits, 0) : 2 };
    JSON_EACH (step, json_get(json, "moves"))
        read_step(step, list_push(ctx->arena, &ret->steps));
    ret->quantity = (MaybeQty){ json_get(want, "qty") != NULL, qty_at(want, "qty") };
    ret->value = money_at(want, "value", ret->digits);
    ret->revaluation = money_at(want, "revaluation", ret->digits);
    ret->unit_cost = price_at(want, "unit_cost");
    const Json *values = json_get(want, "move_values");
    if (values)
        JSON_EACH (value, values)
            *list_push(ctx->arena, &ret->move_values) = (Money){ number(value, ret->digits) };
    read_layers(ctx, want, ret);
}

static bool shared_file(Ctx *ctx, const char *name, Str *ret)
{
    const char *shared = test_shared();
    if (!shared) {
        test_skip("the shared data is not here (ENTREPOT_SHARED)");
        return false;
    }
    Str path = str_format(ctx->arena, "%s/data/valuation/%s", shared, name);
    char *full = realpath(path.ptr, NULL);
    *ret = test_read_file(ctx->arena, full ? str_copy(ctx->arena, str_from(full)).ptr : path.ptr);
    free(full);
    return true;
}

bool valuation_cases(Ctx *ctx, ValuationCaseList *ret)
{
    Str text;
    const Json *json = NULL;
    *ret = (ValuationCaseList){ 0 };
    if (!shared_file(ctx, "cases.json", &text))
        return false;
    CHECK_OK(ctx, json_parse(ctx, text, &json));
    JSON_EACH (item, json_get(json, "cases"))
        read_case(ctx, item, list_push(ctx->arena, ret));
    CHECK(ret->len >= 28);
    return true;
}

// ---- Walks --------------------------------------------------------------------------------------

static void read_walk(Ctx *ctx, const Json *json, Walk *ret)
{
    *ret = (Walk){ .id = str_c(ctx->arena, json_str(json, "id")),
                   .method = method_of(json_str(json, "method")) };
    JSON_EACH (step, json_get(json, "moves")) {
        const Json *quantity = step->first->next;
        bool is_in = str_is(step->first->text, "in");
        *list_push(ctx->arena, &ret->steps) =
            (WalkStep){ is_in, { number(quantity, 6) }, { number(quantity->next, 6) } };
    }
    JSON_EACH (check, json_get(json, "check")) {
        const Json *quantity = check->first->next;
        *list_push(ctx->arena, &ret->checks) = (WalkCheck){ number(check->first, 0),
                                                            { number(quantity, 6) },
                                                            number(quantity->next, 6) };
    }
}

bool valuation_walks(Ctx *ctx, WalkList *ret)
{
    Str text, line;
    *ret = (WalkList){ 0 };
    if (!shared_file(ctx, "walks.jsonl", &text))
        return false;
    while (str_next(&text, '\n', &line)) {
        const Json *json = NULL;
        CHECK_OK(ctx, json_parse(ctx, line, &json));
        read_walk(ctx, json, list_push(ctx->arena, ret));
    }
    CHECK_INT((int64_t)ret->len, 4);
    return true;
}

void check_walk_value(const Walk *walk, const WalkCheck *check, Qty quantity, Worth worth,
                      int64_t issues)
{
    int64_t exact =
        worth.amount.minor * 10000 + (int64_t)wide_div(worth.rest, MICRO, ROUND_HALF_UP);
    int64_t off = exact - check->value_micro;
    int64_t room = 10000 * issues;
    CHECK_INT(quantity.micro, check->quantity.micro);
    if (quantity.micro == 0)
        CHECK(worth.amount.minor == 0 && worth.rest == 0);
    else if (off > room || off < -room)
        test_fail(__FILE__, __LINE__, "%s after %lld moves is off by %lld millionths, %lld may be",
                  walk->id, (long long)check->after, (long long)off, (long long)room);
}
