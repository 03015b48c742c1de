// value.c - C values into statements, cells of rows into C values. What both engines agree on.
#include "kernel/db/driver.h"

#include <assert.h>

Arg arg_currency(CurrencyCode currency)
{
    Arg arg = { .type = ARG_CODE };
    static_assert(sizeof currency.code <= sizeof arg.number, "a code fits into the number");
    memcpy(&arg.number, currency.code, sizeof currency.code);
    return arg;
}

Str arg_view(const Arg *arg)
{
    if (arg->type == ARG_CODE) {
        const char *code = (const char *)&arg->number;
        return (Str){ code, strnlen(code, sizeof arg->number - 1) };
    }
    return arg->text.len ? arg->text : S("");
}

bool arg_has_zero_byte(const Arg *arg)
{
    return arg->type == ARG_TEXT && str_find_char(arg->text, '\0') >= 0;
}

// ---- Cells into C values ------------------------------------------------------------------------

static bool store_number(int64_t number, const Out *out)
{
    switch (out->type) {
    case OUT_INT64: *(int64_t *)out->at = number; return true;
    case OUT_INT32: *(int32_t *)out->at = (int32_t)number; return number == (int32_t)number;
    case OUT_INT16: *(int16_t *)out->at = (int16_t)number; return number == (int16_t)number;
    case OUT_BOOL: *(bool *)out->at = number != 0; return true;
    case OUT_MAYBE64: *(MaybeInt *)out->at = (MaybeInt){ true, number }; return true;
    default: return false;
    }
}

static bool store_text(Arena *arena, Str text, const Out *out)
{
    switch (out->type) {
    case OUT_TEXT: *(Str *)out->at = str_copy(arena, text); return true;
    case OUT_BYTES: ((Bytes *)out->at)->bytes = str_copy(arena, text); return true;
    case OUT_CURRENCY: {
        CurrencyCode *code = out->at;
        *code = (CurrencyCode){ 0 };
        memcpy(code->code, text.ptr, text.len < sizeof code->code ? text.len : 0);
        return text.len < sizeof code->code;
    }
    default: return false;
    }
}

static void store_null(const Out *out)
{
    switch (out->type) {
    case OUT_TEXT: *(Str *)out->at = S(""); return;
    case OUT_BYTES: ((Bytes *)out->at)->bytes = S(""); return;
    case OUT_CURRENCY: *(CurrencyCode *)out->at = (CurrencyCode){ 0 }; return;
    case OUT_MAYBE64: *(MaybeInt *)out->at = (MaybeInt){ 0 }; return;
    default: store_number(0, out);
    }
}

bool cell_store(Arena *arena, const Cell *cell, const Out *out)
{
    switch (cell->type) {
    case CELL_NULL: store_null(out); return true;
    case CELL_INT: return store_number(cell->number, out);
    case CELL_TEXT:
    case CELL_BYTES: return store_text(arena, cell->text, out);
    case CELL_BAD: return false;
    }
    return false;
}
