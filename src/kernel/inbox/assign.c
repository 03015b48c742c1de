// assign.c - whose a record is to deal with, and whom a note names.
#include "kernel/inbox.h"

#include "base/json.h"
#include "base/utf8.h"
#include "kernel/audit.h"
#include "kernel/auth/actor.h"
#include "kernel/i18n.h"

#include <ctype.h>

// ---- Assigning ----------------------------------------------------------------------------------

Status inbox_assigned(Ctx *ctx, Link subject, Id *ret)
{
    bool found;
    *ret = 0;
    return db_maybe(ctx,
                    SQL("SELECT member_id FROM inbox_item WHERE subject_id = $1"
                        " AND kind = 'assignment' AND state = 'open'",
                        subject.id),
                    &found, ret);
}

// {"assigned": [whose it was, whose it is]}: the trail keeps ids, so that a name that changes, or
// is erased, changes there, too.
static Str facts_of(Ctx *ctx, Id before, Id after)
{
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    json_open(&json, '{');
    json_key(&json, "assigned");
    json_open(&json, '[');
    json_put_str(&json, before ? id_text(ctx->arena, before) : S(""));
    json_put_str(&json, after ? id_text(ctx->arena, after) : S(""));
    json_close(&json, ']');
    json_close(&json, '}');
    return buf_str(&out);
}

Status inbox_assign(Ctx *ctx, Link subject, Id member)
{
    Id before;
    if (member && house_person_name(ctx, member).len == 0)
        return FAIL(ctx, E_INVALID, "inbox.member", "there is no such person here");
    TRY(inbox_assigned(ctx, subject, &before));
    if (before == member)
        return OK;
    TRY(db_write(ctx, SQL("UPDATE inbox_item SET state = 'done', done_at = $1"
                          " WHERE subject_id = $2 AND kind = 'assignment' AND state = 'open'",
                          ctx->now, subject.id)));
    TRY(inbox_put(
        ctx, &(InboxNews){ .member = member, .kind = INBOX_KIND_ASSIGNMENT, .subject = subject }));
    return audit_note(ctx, "assign", subject, facts_of(ctx, before, member));
}

// ---- Naming -------------------------------------------------------------------------------------

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || (unsigned char)c >= 0x80 || c == '_';
}

static bool starts_with_name(Str text, Str name)
{
    return name.len && str_starts(text, name) &&
           (text.len == name.len || !is_word(text.ptr[name.len]));
}

static Str first_word(Str name)
{
    ptrdiff_t blank = str_find_char(name, ' ');
    return blank > 0 ? str_sub(name, 0, (size_t)blank) : name;
}

// The one whose whole name stands there, else the only one with that first name; NULL: nobody.
static const HousePerson *named_at(const HousePersonList *people, Str text)
{
    const HousePerson *found = NULL;
    int count = 0;
    EACH (person, *people)
        if (starts_with_name(text, person->name))
            return person;
    EACH (person, *people)
        if (starts_with_name(text, first_word(person->name))) {
            found = person;
            count++;
        }
    return count == 1 ? found : NULL;
}

static bool is_listed(const IdList *ids, Id id)
{
    EACH (one, *ids)
        if (*one == id)
            return true;
    return false;
}

Status inbox_mention(Ctx *ctx, Link subject, Str words)
{
    HousePersonList people = house_people(ctx);
    IdList told = { 0 };
    Str text = fold_text(ctx, words);
    EACH (person, people)
        person->name = fold_text(ctx, person->name);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '@' || (i && is_word(text.ptr[i - 1])))
            continue;
        const HousePerson *person = named_at(&people, str_from_at(text, i + 1));
        if (!person || is_listed(&told, person->member))
            continue;
        *(Id *)list_push(ctx->arena, &told) = person->member;
        TRY(inbox_put(ctx, &(InboxNews){ .member = person->member,
                                         .kind = INBOX_KIND_MENTION,
                                         .subject = subject,
                                         .words = words }));
    }
    return OK;
}
