// check_field.c - one field by itself: which words may stand beside its type, and whether what its
// settings say is of that type.
#include "entgen.h"

#include <ctype.h>

#define COMPLAIN(...) complain(model, d->module, f->line, __VA_ARGS__)

static void check_words(Model *model, const Def *d, const Field *f)
{
    for (int i = 0; i < FLAG_COUNT; i++)
        if (has_flag(f, i) && flags[i].needs && !has_trait(f, flags[i].needs))
            COMPLAIN("%s is for %s, not for %s", flags[i].word, flags[i].good_for, f->type->word);
    for (int i = 0; i < SETTING_COUNT; i++)
        if (f->settings[i] && settings[i].needs && !has_trait(f, settings[i].needs))
            COMPLAIN("%s= is for %s, not for %s", settings[i].word, settings[i].good_for,
                     f->type->word);
    if (has_flag(f, FLAG_BASE) && f->settings[SET_IN])
        COMPLAIN("base and in= name two currencies for '%s'", f->name);
}

// ---- Literals -----------------------------------------------------------------------------------

static bool is_decimal(const char *s, bool with_point)
{
    s += *s == '-';
    size_t whole = strspn(s, "0123456789");
    s += whole;
    if (*s == '.' && with_point && isdigit((unsigned char)s[1]))
        s += 1 + strspn(s + 1, "0123456789");
    return whole > 0 && *s == '\0';
}

static bool is_day(const char *s)
{
    static const char form[] = "dddd-dd-dd";
    if (strlen(s) != strlen(form))
        return false;
    for (size_t i = 0; s[i]; i++)
        if (form[i] == 'd' ? !isdigit((unsigned char)s[i]) : s[i] != form[i])
            return false;
    return true;
}

static bool is_currency(const char *s)
{
    return strlen(s) == 3 && isupper((unsigned char)s[0]) && isupper((unsigned char)s[1]) &&
           isupper((unsigned char)s[2]);
}

// What a default of the type may be, in words; NULL when `s` is one.
static const char *wanted_instead(const Field *f, const char *s)
{
    switch ((TypeId)(f->type - types)) {
    case TYPE_BOOL: return is(s, "0") || is(s, "1") ? NULL : "0 or 1";
    case TYPE_INT: return is_decimal(s, false) ? NULL : "a whole number";
    case TYPE_MONEY:
    case TYPE_PRICE:
    case TYPE_QTY:
    case TYPE_RATE:
    case TYPE_FX: return is_decimal(s, true) ? NULL : "a decimal number";
    case TYPE_DATE: return is(s, "today") || is_day(s) ? NULL : "today or a day as in 2026-11-21";
    case TYPE_TIME: return is(s, "now") ? NULL : "now";
    case TYPE_CURRENCY: return is(s, "base") || is_currency(s) ? NULL : "base or a code as in EUR";
    case TYPE_REF: return is(s, "user") ? NULL : "user";
    default: return NULL;
    }
}

static void check_default(Model *model, const Def *d, const Field *f)
{
    const char *initial = f->settings[SET_DEFAULT];
    if (!initial || !has_trait(f, IS_STARTED))
        return;
    const char *wanted = wanted_instead(f, initial);
    if (wanted)
        COMPLAIN("'%s' cannot start as '%s', only as %s", f->name, initial, wanted);
    bool has_values = f->target && (is_type(f, TYPE_ENUM) || is_type(f, TYPE_CHOICE));
    if (!has_values)
        return;
    Names names = { 0 };
    EACH (value, f->target->values)
        *list_push(model->arena, &names) = value->name;
    if (!names_have(&names, initial))
        COMPLAIN("'%s' is no value of %s%s", initial, f->target->name,
                 nearest_name(model->arena, initial, &names));
}

static void check_range(Model *model, const Def *d, const Field *f)
{
    static const SettingId ends[] = { SET_MIN, SET_MAX };
    for (size_t i = 0; i < COUNT(ends); i++) {
        const char *end = f->settings[ends[i]];
        if (end && has_trait(f, IS_NUMBER) && !is_decimal(end, !is_type(f, TYPE_INT)))
            COMPLAIN("%s=%s is not a number that %s can be", settings[ends[i]].word, end,
                     f->type->word);
    }
}

// ---- Series, formats, permissions ---------------------------------------------------------------

// {0000} is the counter, the others are parts of the date.
static bool is_series_part(Str part, int *counters)
{
    static const char *const dated[] = { "fy", "yyyy", "yy", "mm" };
    for (size_t i = 0; i < COUNT(dated); i++)
        if (str_is(part, dated[i]))
            return true;
    for (size_t i = 0; i < part.len; i++)
        if (part.ptr[i] != '0')
            return false;
    ++*counters;
    return part.len > 0;
}

static void check_series(Model *model, const Def *d, const Field *f)
{
    const char *c = f->settings[SET_SERIES];
    if (!c && has_flag(f, FLAG_GAPLESS) && has_trait(f, IS_TEXT))
        COMPLAIN("gapless is about numbers that are drawn: say series= too");
    int counters = 0;
    for (; c && (c = strchr(c, '{')); c++) {
        Str part = { c + 1, strcspn(c + 1, "}") };
        if (!is_series_part(part, &counters))
            COMPLAIN("'{" STR_FMT "}' is no part of a series: {fy} {yyyy} {yy} {mm} or {00000}",
                     STR_ARG(part));
    }
    if (f->settings[SET_SERIES] && counters != 1)
        COMPLAIN("a series needs one counter, as in {00000}");
}

static void check_format(Model *model, const Def *d, const Field *f)
{
    const char *format = f->settings[SET_IS];
    if (format && WORD_AT(format, formats) < 0)
        COMPLAIN("unknown format 'is=%s'%s", format, NEAREST(model->arena, format, formats));
}

void check_permission(Model *model, const Def *d, int line, const char *permission)
{
    Names parts = split(model->arena, permission, '.');
    bool is_well = parts.len >= 2;
    EACH (part, parts)
        is_well &= is_name(*part);
    if (!is_well)
        complain(model, d->module, line, "'%s' is not a permission, as '%s.view' is", permission,
                 d->module->public_name);
}

// Files, choices and translations are rows of a tenant's database.
static void check_control(Model *model, const Def *d, const Field *f)
{
    bool needs_tenant = is_type(f, TYPE_FILE) || has_flag(f, FLAG_TRANSLATED) ||
                        (f->target && f->target->kind == CHOICES);
    if (needs_tenant && is(d->module->name, "control"))
        COMPLAIN("control has no %s: those are rows of a tenant",
                 has_flag(f, FLAG_TRANSLATED) ? "translations"
                 : is_type(f, TYPE_FILE)      ? "files"
                                              : "choices");
}

void check_field(Model *model, const Def *d, Field *f)
{
    check_words(model, d, f);
    check_default(model, d, f);
    check_range(model, d, f);
    check_series(model, d, f);
    check_format(model, d, f);
    check_control(model, d, f);
    if (f->settings[SET_READ])
        check_permission(model, d, f->line, f->settings[SET_READ]);
}
