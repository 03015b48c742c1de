// args.c - the command line's words.
#include "app/app.h"

static bool is_option(const char *word)
{
    return strncmp(word, "--", 2) == 0 && word[2];
}

Str arg_option(const Args *args, const char *name)
{
    size_t n = strlen(name);
    for (int i = 0; i < args->count; i++) {
        const char *word = args->words[i];
        if (!is_option(word) || strncmp(word + 2, name, n) != 0)
            continue;
        if (word[2 + n] == '=')
            return str_from(word + 3 + n);
        if (word[2 + n] == '\0')
            return i + 1 < args->count && !is_option(args->words[i + 1])
                     ? str_from(args->words[i + 1])
                     : S("1");
    }
    return S("");
}

bool arg_flag(const Args *args, const char *name)
{
    return arg_option(args, name).len > 0;
}

// A word right behind an option without "=" is its value.
Str arg_word(const Args *args, int n)
{
    for (int i = 0; i < args->count; i++) {
        bool is_value = i > 0 && is_option(args->words[i - 1]) && !strchr(args->words[i - 1], '=');
        if (is_option(args->words[i]) || is_value)
            continue;
        if (n-- == 0)
            return str_from(args->words[i]);
    }
    return S("");
}

static bool is_known(Str option, const char *known)
{
    Str rest = str_from(known), one;
    while (str_next_word(&rest, &one))
        if (str_eq(one, option))
            return true;
    return false;
}

Status args_check(Ctx *ctx, const Args *args, const char *known)
{
    for (int i = 0; i < args->count; i++) {
        if (!is_option(args->words[i]))
            continue;
        Str option = str_from(args->words[i] + 2);
        ptrdiff_t equals = str_find_char(option, '=');
        if (equals >= 0)
            option = str_sub(option, 0, (size_t)equals);
        if (!is_known(option, known) && !is_known(option, "config help"))
            return FAIL(ctx, E_INVALID, "cli.option",
                        "there is no option --" STR_FMT "; --help lists them", STR_ARG(option));
    }
    return OK;
}
