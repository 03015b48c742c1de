// mask.c - masking.
#include "kernel/entity/mask.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "kernel/auth/actor.h"

bool field_is_masked(const Ctx *ctx, const FieldDef *field, bool in_list)
{
    if (!(field->flags & (PERSONAL | SEALED)) || !ctx->actor || ctx->actor->kind == ACTOR_SYSTEM)
        return false;
    if (ctx->actor->kind == ACTOR_PORTAL)
        return (field->flags & SEALED) != 0;  // one's own data
    if (field->flags & SEALED)
        return true;
    bool is_contact = field->more && field->more->is;
    bool is_street = strncmp(field->name, "street", 6) == 0;
    return in_list && (is_contact || is_street) && !actor_may(ctx->actor, "platform.personal");
}

Str mask_text(Arena *arena, const FieldDef *field, Str text)
{
    Buf out = { .arena = arena };
    ptrdiff_t at = str_rfind_char(text, '@');
    if (text.len == 0)
        return text;
    if (at > 0) {
        buf_put(&out, utf8_cut(text, 1));
        buf_put(&out, S("•••"));
        buf_put(&out, str_from_at(text, (size_t)at));
        return buf_str(&out);
    }
    bool is_phone = field->more && field->more->is && strcmp(field->more->is, "phone") == 0;
    buf_put(&out, S("•••"));
    if (is_phone && text.len > 6)
        buf_put(&out, str_from_at(text, text.len - 4));
    return buf_str(&out);
}
