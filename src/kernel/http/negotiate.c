// negotiate.c - reading the comma-separated headers in which a client says what it can take.
#include "kernel/http/head.h"

#include "base/number.h"

// A member of a comma-separated header: its name, and the parameters behind the first ';'.
static bool next_member(Str *rest, Str *ret_name, Str *ret_params)
{
    Str member;
    if (!str_next(rest, ',', &member))
        return false;
    ptrdiff_t end = str_find_char(member, ';');
    *ret_name = str_trim(end < 0 ? member : str_sub(member, 0, (size_t)end));
    *ret_params = end < 0 ? S("") : str_from_at(member, (size_t)end + 1);
    return true;
}

bool header_has_token(Str header, Str token)
{
    for (Str name, params; next_member(&header, &name, &params);)
        if (str_eq_ascii_nocase(name, token))
            return true;
    return false;
}

// The weight of "a=1;q=0.5", in thousandths; a malformed one counts as 1.
static int weight(Str params)
{
    for (Str param; str_next(&params, ';', &param);) {
        param = str_trim(param);
        int64_t thousandths;
        if ((str_starts(param, S("q=")) || str_starts(param, S("Q="))) &&
            decimal_parse(str_from_at(param, 2), 3, &thousandths) && thousandths >= 0 &&
            thousandths <= 1000)
            return (int)thousandths;
    }
    return 1000;
}

// How exactly a range names the token: 3 by its name, 2 as "type/*", 1 as "*" or "*/*", 0 not.
static int exactness(Str range, Str token)
{
    if (str_eq_ascii_nocase(range, token))
        return 3;
    if (str_is(range, "*") || str_is(range, "*/*"))
        return 1;
    ptrdiff_t slash = str_find_char(token, '/');
    bool is_type =
        slash > 0 && str_ends(range, S("/*")) &&
        str_eq_ascii_nocase(str_sub(range, 0, range.len - 1), str_sub(token, 0, (size_t)slash + 1));
    return is_type ? 2 : 0;
}

int accept_quality(Str header, Str token)
{
    int best = 0, quality = 0;
    for (Str range, params; next_member(&header, &range, &params);) {
        int exact = exactness(range, token);
        if (exact > best) {
            best = exact;
            quality = weight(params);
        }
    }
    return quality;
}
