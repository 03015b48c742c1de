// audit.c - the trail: one row an action and document, each sealed to the one before it.
//
// mac(n) = HMAC-SHA256(tenant's audit key, mac(n-1) | fields of row n). The key is not in the
// tenant's database, so whoever can change the tables cannot make a chain that fits; and since
// (sequence, mac) is anchored in the control database every minute, cutting off the end is found
// too. The lane runs one member after another, so the last row is always known and no two rows get
// one number.
#include "kernel/audit.h"

#include "base/json.h"
#include "base/utf8.h"
#include "gen/control.gen.h"
#include "gen/kernel.gen.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/codec.h"
#include "kernel/entity/info.h"
#include "kernel/entity/mask.h"
#include "kernel/entity/work.h"
#include "kernel/secrets.h"

#include <assert.h>

// ---- The chain ----------------------------------------------------------------------------------

typedef struct Head {  // where the chain stands, within this member
    int64_t seq;
    uint8_t mac[32], key[32];
} Head;

static Status read_head(Ctx *ctx, Head *head)
{
    bool found;
    Bytes mac;
    TRY(db_maybe(ctx, SQL("SELECT seq, mac FROM audit_row ORDER BY seq DESC LIMIT 1"), &found,
                 &head->seq, &mac));
    if (found && mac.bytes.len == sizeof head->mac)
        memcpy(head->mac, mac.bytes.ptr, sizeof head->mac);
    return secret_tenant_key(ctx, "audit", head->key);
}

static Status head_of(Ctx *ctx, Head **ret)
{
    void **slot = member_slot(ctx, MEMBER_AUDIT);
    if (!*slot) {
        Head *head = NEW(ctx->arena, Head);
        TRY(read_head(ctx, head));
        *slot = head;
    }
    *ret = *slot;
    return OK;
}

static void put_part(Buf *out, Str part)
{
    buf_printf(out, "%zu:", part.len);  // lengths, so that no two rows read the same
    buf_put(out, part);
}

// What the MAC covers: every column as it is stored.
static Str material(Ctx *ctx, const uint8_t previous[32], const AuditRow *row)
{
    Buf out = { .arena = ctx->arena };
    buf_put(&out, (Str){ (const char *)previous, 32 });
    buf_printf(&out, "%lld|%lld|%lld|%lld|%lld|", (long long)row->seq, (long long)row->record.id,
               (long long)row->record.at, (long long)row->member, (long long)row->subject.id);
    put_part(&out, str_from(row->subject.entity ? row->subject.entity->name : ""));
    put_part(&out, row->actor);
    put_part(&out, row->address);
    put_part(&out, row->act);
    put_part(&out, row->title);
    put_part(&out, row->changes);
    put_part(&out, row->reason);
    return buf_str(&out);
}

static void chain_mac(Ctx *ctx, const uint8_t key[32], const uint8_t previous[32],
                      const AuditRow *row, uint8_t ret[32])
{
    Str covered = material(ctx, previous, row);
    hmac_sha256((Str){ (const char *)key, 32 }, covered, ret);
}

static Status append(Ctx *ctx, AuditRow *row)
{
    Head *head;
    const Actor *actor = ctx->actor;
    uint8_t mac[32];
    TRY(head_of(ctx, &head));
    row->seq = head->seq + 1;
    row->record = (Entry){ .id = id_next(ctx->now), .at = ctx->now };
    row->member = actor ? actor->member : 0;
    row->actor = actor && !actor->member ? actor->name : S("");  // a program; people are members
    row->address = actor ? actor->address : S("");
    chain_mac(ctx, head->key, head->mac, row, mac);
    row->mac = (Bytes){ str_copy(ctx->arena, (Str){ (const char *)mac, sizeof mac }) };
    TRY(audit_row_append(ctx, row));
    head->seq = row->seq;
    memcpy(head->mac, mac, sizeof mac);
    return OK;
}

// ---- What changed -------------------------------------------------------------------------------

static bool is_worth_noting(const FieldDef *f)
{
    return f->type != FIELD_LIST && f->type != FIELD_BYTES && f->type != FIELD_SECRET;
}

// A personal value goes in masked: the trail says that it changed, not what it was, so that erasing
// a person leaves nothing behind.
static void put_noted(Ctx *ctx, const EntityDef *e, const void *record, const FieldDef *f,
                      CurrencyCode outer, JsonOut *json)
{
    bool is_text = f->type == FIELD_TEXT || f->type == FIELD_CODE || f->type == FIELD_RICH;
    if (f->flags & (PERSONAL | SEALED) && is_text)
        json_put_str(json, mask_text(ctx->arena, f, FIELD_GET(record, f, Str)));
    else if (f->flags & (PERSONAL | SEALED))
        json_put_null(json);
    else
        field_to_json(ctx, e, record, f, outer, json);
}

static CurrencyCode currency_in(const EntityDef *e, const void *record, CurrencyCode outer)
{
    const FieldDef *own = e->info->currency;
    return own ? FIELD_GET(record, own, CurrencyCode) : outer;
}

static void diff_fields(Ctx *ctx, const EntityDef *e, const void *before, const void *after,
                        CurrencyCode outer, JsonOut *json)
{
    CurrencyCode old = currency_in(e, before, outer), now = currency_in(e, after, outer);
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++) {
        if (!is_worth_noting(f) || field_equal(f, before, after))
            continue;
        json_key(json, f->name);
        json_open(json, '[');
        put_noted(ctx, e, before, f, old, json);
        put_noted(ctx, e, after, f, now, json);
        json_close(json, ']');
    }
}

static const void *child_with(const AnyList *list, size_t size, Id id)
{
    for (size_t i = 0; i < list->len; i++)
        if (*(const Id *)((const char *)list->items + i * size) == id)
            return (const char *)list->items + i * size;
    return NULL;
}

static void put_row(Ctx *ctx, const char *how, const EntityDef *child, const void *row,
                    CurrencyCode currency, JsonOut *json)
{
    json_open(json, '{');
    json_key(json, how);
    json_put_str(json, id_text(ctx->arena, *(const Id *)row));
    for (const FieldDef *f = child->fields; f < child->fields + child->count; f++)
        if (is_worth_noting(f) && !field_is_empty(f, row)) {
            json_key(json, f->name);
            put_noted(ctx, child, row, f, currency, json);
        }
    json_close(json, '}');
}

static void diff_children(Ctx *ctx, const FieldDef *f, const void *before, const void *after,
                          CurrencyCode currency, JsonOut *json)
{
    const EntityDef *child = f->of;
    const AnyList *old = &FIELD_GET(before, f, AnyList), *now = &FIELD_GET(after, f, AnyList);
    json_key(json, f->name);
    json_open(json, '[');
    for (size_t i = 0; i < now->len; i++) {
        const void *row = (const char *)now->items + i * child->size;
        const void *was = child_with(old, child->size, *(const Id *)row);
        if (!was) {
            put_row(ctx, "added", child, row, currency, json);
            continue;
        }
        size_t start = json->out->len;
        JsonOut undo = *json;
        json_open(json, '{');
        json_key(json, "id");
        json_put_str(json, id_text(ctx->arena, *(const Id *)row));
        size_t head = json->out->len;
        diff_fields(ctx, child, was, row, currency, json);
        bool same = json->out->len == head;
        json_close(json, '}');
        if (same) {
            buf_cut(json->out, start);
            *json = undo;
        }
    }
    for (size_t i = 0; i < old->len; i++) {
        const void *row = (const char *)old->items + i * child->size;
        if (!child_with(now, child->size, *(const Id *)row))
            put_row(ctx, "removed", child, row, currency, json);
    }
    json_close(json, ']');
}

static Str changes_of(Ctx *ctx, const EntityDef *e, const void *before, const void *after)
{
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    json_open(&json, '{');
    diff_fields(ctx, e, before, after, (CurrencyCode){ "" }, &json);
    for (const FieldDef *f = e->fields; f < e->fields + e->count; f++)
        if (f->type == FIELD_LIST && !children_equal(f, before, after))
            diff_children(ctx, f, before, after, currency_in(e, after, (CurrencyCode){ "" }),
                          &json);
    json_close(&json, '}');
    return buf_str(&out);
}

// A new record holds its values itself; a deleted one leaves its image here.
static Str image_of(Ctx *ctx, const WorkItem *item)
{
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    if (item->kind == WORK_DELETED)
        put_row(ctx, "deleted", item->entity, item->after, (CurrencyCode){ "" }, &json);
    return buf_str(&out);
}

static const char *act_of(const WorkItem *item)
{
    static const char *const acts[] = { "create", "change", "delete", "archive", "restore" };
    return item->act ? item->act : acts[item->kind];
}

Status audit_work(Ctx *ctx, const WorkItem *item, Str reason)
{
    if (!ctx->tenant)
        return OK;
    AuditRow *row = NEW(ctx->arena, AuditRow);
    TRY(record_title_of(ctx, item->entity, item->after, &row->title));
    row->title = utf8_cut(row->title, 200);
    row->act = str_format(ctx->arena, "%s.%s", item->entity->name, act_of(item));
    row->subject = (Link){ item->entity, item->id };
    row->reason = reason;
    row->changes = item->kind == WORK_CHANGED && item->before
                     ? changes_of(ctx, item->entity, item->before, item->after)
                     : image_of(ctx, item);
    return append(ctx, row);
}

static Status note(Ctx *ctx, const char *act, Link subject, Str facts, Str why)
{
    AuditRow *row = NEW(ctx->arena, AuditRow);
    row->act = str_from(act);
    row->subject = subject;
    row->changes = facts;
    row->reason = utf8_cut(why, 500);
    if (subject.entity)
        TRY(record_title(ctx, subject.entity, subject.id, &row->title));
    return append(ctx, row);
}

Status audit_note(Ctx *ctx, const char *act, Link subject, Str facts)
{
    return note(ctx, act, subject, facts, S(""));
}

Status audit_note_why(Ctx *ctx, const char *act, Link subject, Str why)
{
    return note(ctx, act, subject, S(""), why);
}

void audit_reason(Ctx *ctx, Str code, Str words)
{
    work_of(ctx)->reason =
        words.len ? str_format(ctx->arena, STR_FMT ": " STR_FMT, STR_ARG(code), STR_ARG(words))
                  : code;
}

// ---- Checking -----------------------------------------------------------------------------------

typedef struct Anchors {
    Id tenant;
    LIST(struct {
        int64_t seq;
        Str mac;
    })
    items;
} Anchors;

static Status read_anchors(Ctx *ctx, void *arg)
{
    Anchors *anchors = arg;
    int64_t seq;
    Bytes mac;
    Rows *rows =
        db_query(ctx, SQL("SELECT seq, mac FROM audit_anchor WHERE tenant_id = $1 ORDER BY seq",
                          anchors->tenant));
    while (rows_next(rows, &seq, &mac))
        *list_push(ctx->arena, &anchors->items) = (typeof(*anchors->items.items)){ seq, mac.bytes };
    return rows_end(rows);
}

static void broken(AuditCheck *check, int64_t seq, Str what)
{
    if (!check->is_whole)
        return;
    check->is_whole = false;
    check->broken_seq = seq;
    check->what = what;
}

static bool anchor_fits(const Anchors *anchors, size_t *at, const AuditRow *row)
{
    while (*at < anchors->items.len && anchors->items.items[*at].seq < row->seq)
        ++*at;
    if (*at == anchors->items.len || anchors->items.items[*at].seq != row->seq)
        return true;
    return str_eq(anchors->items.items[*at].mac, row->mac.bytes);
}

static Status check_row(Ctx *ctx, const AuditRow *row, int64_t expected, uint8_t previous[32],
                        AuditCheck *ret)
{
    uint8_t key[32], mac[32];
    TRY(secret_tenant_key(ctx, "audit", key));
    chain_mac(ctx, key, previous, row, mac);
    if (row->seq != expected)
        broken(ret, expected, str_format(ctx->arena, "row %lld is missing", (long long)expected));
    else if (!bytes_equal((Str){ (const char *)mac, 32 }, row->mac.bytes))
        broken(ret, row->seq,
               str_format(ctx->arena, "row %lld was changed, or the row before it was",
                          (long long)row->seq));
    memcpy(previous, mac, 32);
    return OK;
}

enum { CHECK_PAGE = 500 };

static Status check_page(Ctx *ctx, const Anchors *anchors, int64_t *seq, uint8_t previous[32],
                         size_t *anchor, bool *ret_more, AuditCheck *ret)
{
    LIST(Id) ids = { 0 };
    Id id;
    Rows *rows =
        db_query(ctx, SQL("SELECT id FROM audit_row WHERE seq > $1 ORDER BY seq LIMIT 500", *seq));
    while (rows_next(rows, &id))
        *list_push(ctx->arena, &ids) = id;
    TRY(rows_end(rows));
    EACH (one, ids) {
        AuditRow row;
        TRY(record_load(ctx, &audit_row_entity, *one, &row));
        TRY(check_row(ctx, &row, *seq + 1, previous, ret));
        if (!anchor_fits(anchors, anchor, &row))
            broken(ret, row.seq,
                   str_format(ctx->arena, "row %lld is not the one that was anchored",
                              (long long)row.seq));
        *seq = row.seq;
        ret->rows++;
    }
    *ret_more = ids.len == CHECK_PAGE && ret->is_whole;
    return OK;
}

Status audit_check(Ctx *ctx, AuditCheck *ret)
{
    Anchors anchors = { .tenant = ctx->tenant->id };
    uint8_t previous[32] = { 0 };
    int64_t seq = 0;
    size_t anchor = 0;
    bool more = true;
    *ret = (AuditCheck){ .is_whole = true };
    TRY(db_read(ctx, control_db(), read_anchors, &anchors));
    while (more) {
        ArenaMark mark = arena_mark(ctx->arena);
        TRY(check_page(ctx, &anchors, &seq, previous, &anchor, &more, ret));
        if (ret->is_whole)
            arena_rewind(ctx->arena, mark);
    }
    if (anchors.items.len && list_end(anchors.items)[-1].seq > seq)
        broken(ret, seq + 1,
               str_format(ctx->arena, "%lld rows at the end are gone",
                          (long long)(list_end(anchors.items)[-1].seq - seq)));
    return OK;
}

// ---- Anchors ------------------------------------------------------------------------------------

static Status write_anchor(Ctx *ctx, void *arg)
{
    AuditAnchor *anchor = arg;
    bool found;
    int64_t seq = 0;
    TRY(db_maybe(ctx,
                 SQL("SELECT seq FROM audit_anchor WHERE tenant_id = $1 ORDER BY seq DESC LIMIT 1",
                     anchor->tenant),
                 &found, &seq));
    anchor->record = (Entry){ 0 };
    return seq < anchor->seq ? audit_anchor_append(ctx, anchor) : OK;
}

static Status current_head(Ctx *ctx, void *arg)
{
    return read_head(ctx, arg);
}

Status audit_anchor(Ctx *ctx)
{
    Head head = { 0 };
    TRY(tenant_read(ctx, current_head, &head));
    if (head.seq == 0)
        return OK;
    AuditAnchor anchor = { .tenant = ctx->tenant->id,
                           .seq = head.seq,
                           .mac = { { (const char *)head.mac, sizeof head.mac } } };
    return db_transact(ctx, control_db(), write_anchor, &anchor);
}
