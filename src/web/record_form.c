// record_form.c - making and changing a record by its form.
//
// Saving is one act of access.h inside the lane; a refused form is drawn again outside it, with
// what was typed. Two who change one record: the second is shown, field by field, what the first
// made of it, and saves again knowingly or goes back.
#include "web/record_form.h"
#include "gen/pages/web_form.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/info.h"
#include "kernel/entity/record.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"

enum { BLANK_ROWS_NEW = 3, BLANK_ROWS_EDIT = 1, BLANK_ROWS_MORE = 5 };

// ---- Drawing ------------------------------------------------------------------------------------

static Status draw(Ctx *ctx, Form *form, int status)
{
    Buf *out = &ctx->request->out;
    const EntityDef *e = form->entity;
    form->is_counted = form_is_counted(e, form->record);
    if (!form->is_new)
        form_sums(ctx, e, form->record, form);
    buf_clear(out);
    size_t body = html_begin(out);
    web_form(out, ctx, form);
    return page_answer(ctx,
                       &(Page){ .title = form->title,
                                .group = nav_group_of(e),
                                .list = tr(ctx, e->plural),
                                .list_url = entity_url(ctx->arena, e),
                                .script = "form.js" },
                       body, status);
}

static Status require_write(Ctx *ctx, const EntityDef *e)
{
    if (!entity_is_root(e) || (e->api && strcmp(e->api, "read") == 0))
        return FAIL(ctx, E_DENIED, "denied.read_only", "these are written by the program only");
    return actor_require(ctx, e->info->write_permission);
}

// What a document is in, unless it takes that from what it refers to: the company's currency.
static void propose_currency(Ctx *ctx, const EntityDef *e, void *record)
{
    const FieldDef *own = e->info->currency;
    bool is_copied = own && own->more && own->more->copy;
    if (own && !is_copied && own->flags & REQUIRED && field_is_empty(own, record))
        *FIELD_AT(record, own, CurrencyCode) = ctx->tenant->base;
}

static Status new_form(Ctx *ctx, const EntityDef *e, Form *ret)
{
    TRY(require_write(ctx, e));
    void *record = record_new(ctx, e);
    TRY(record_fill(ctx, e, record));
    propose_currency(ctx, e, record);
    *ret = (Form){ .entity = e,
                   .record = record,
                   .is_new = true,
                   .title =
                       tr_format(ctx, "New %s", str_lower_ascii(ctx->arena, tr(ctx, e->label)).ptr),
                   .back = entity_url(ctx->arena, e) };
    return OK;
}

static Status edit_form(Ctx *ctx, const EntityDef *e, Form *ret)
{
    Id id;
    void *record = arena_alloc(ctx->arena, e->size);
    TRY(require_write(ctx, e));
    TRY(record_key(ctx, e, &id));
    TRY(access_get(ctx, e, id, record));
    *ret = (Form){ .entity = e,
                   .record = record,
                   .version = ((const Record *)record)->version,
                   .back = record_url(ctx->arena, e, id) };
    if (!record_is_editable(e, record))
        return FAIL(ctx, E_CONFLICT, "document.released",
                    "this was released and can no longer be edited; its actions change it");
    return record_title(ctx, e, id, &ret->title);
}

Status record_new_page(Ctx *ctx)
{
    ctx->request->timed = TIMED_FORM;
    const EntityDef *e;
    Form form;
    TRY(page_entity(ctx, &e));
    TRY(new_form(ctx, e, &form));
    TRY(form_fill(ctx, &form, NULL, BLANK_ROWS_NEW));
    return draw(ctx, &form, 200);
}

Status record_edit_page(Ctx *ctx)
{
    ctx->request->timed = TIMED_FORM;
    const EntityDef *e;
    Form form;
    TRY(page_entity(ctx, &e));
    TRY(edit_form(ctx, e, &form));
    TRY(form_fill(ctx, &form, NULL, BLANK_ROWS_EDIT));
    return draw(ctx, &form, 200);
}

static bool is_new_record(const Ctx *ctx)
{
    return str_is(ctx->request->params[2], "new") || ctx->request->params[2].len == 0;
}

Status record_open_form(Ctx *ctx, Form *ret)
{
    const EntityDef *e;
    TRY(page_entity(ctx, &e));
    return is_new_record(ctx) ? new_form(ctx, e, ret) : edit_form(ctx, e, ret);
}

// One more row: the form as typed, longer. Nothing is saved.
Status record_rows_post(Ctx *ctx)
{
    const Json *sent;
    Form form;
    int64_t version;
    TRY(request_json(ctx, &sent));
    TRY(record_open_form(ctx, &form));
    if (str_int(json_str(sent, "_version"), &version))
        form.version = version;
    TRY(form_fill(ctx, &form, sent, BLANK_ROWS_MORE));
    return draw(ctx, &form, 200);
}

// ---- Refused ------------------------------------------------------------------------------------

static bool has_own_value(const FieldDef *f)
{
    return f->type != FIELD_LIST && f->type != FIELD_SHAPE && f->type != FIELD_SHAPES &&
           f->type != FIELD_REFS && f->type != FIELD_CHOICES && f->type != FIELD_SECRET;
}

static Str in_words(Ctx *ctx, const FieldDef *f, Str text, Str title)
{
    if (f->type == FIELD_REF)
        return title;
    if (f->type == FIELD_ENUM)
        return value_of_enum(ctx, f, text).text;
    if (f->type == FIELD_BOOL)
        return text.len ? tr(ctx, "yes") : tr(ctx, "no");
    return text;
}

// What stands there now beside what was typed, where the two differ.
static void add_conflict(Ctx *ctx, Form *form, const FieldDef *f, const Json *sent)
{
    const Json *typed = json_get(sent, f->name);
    CurrencyCode none = { "" };
    if (!typed || typed->type != JSON_STRING || !has_own_value(f))
        return;
    Str now = form_text(ctx, form->entity, form->record, f, none);
    Str yours = str_is(typed->text, "on") ? S("true") : str_trim(typed->text);
    if (str_eq(now, yours))
        return;
    Str title = json_str(sent, str_format(ctx->arena, "_t_%s", f->name).ptr);
    *list_push(ctx->arena, &form->conflicts) =
        (Conflict){ .name = str_from(f->name),
                    .label = tr(ctx, f->label),
                    .theirs = in_words(ctx, f, now, tr(ctx, "another record")),
                    .yours = in_words(ctx, f, yours, title) };
}

typedef struct Again {
    Form form;
    int status;
} Again;

static Status fill_again(Ctx *ctx, void *arg)
{
    Again *again = arg;
    const Json *sent;
    Failure failure = ctx->failure;
    bool is_clash = failure.code && strcmp(failure.code, "record.changed") == 0;
    ctx_recover(ctx);
    TRY(request_json(ctx, &sent));
    TRY(record_open_form(ctx, &again->form));
    Form *form = &again->form;
    for (const FieldDef *f = form->entity->fields;
         is_clash && f < form->entity->fields + form->entity->count; f++)
        add_conflict(ctx, form, f, sent);
    TRY(form_fill(ctx, form, sent, BLANK_ROWS_EDIT));
    ctx->failure = failure;
    return draw(ctx, form, again->status);
}

Status record_again(Ctx *ctx, int status)
{
    Again again = { .status = status };
    return tenant_read(ctx, fill_again, &again);
}

// ---- Saving -------------------------------------------------------------------------------------

// Of two who changed one field, what the second chose to leave as the first made it.
static const Json *without_theirs(Ctx *ctx, const Json *sent)
{
    const Json *keep = json_get(sent, "_keep");
    Json *rest = NEW(ctx->arena, Json), **end = &rest->first;
    *rest = (Json){ .type = JSON_OBJECT };
    JSON_EACH (member, sent) {
        if (keep && str_is(json_str(keep, str_c(ctx->arena, member->key)), "theirs"))
            continue;
        *end = NEW(ctx->arena, Json);
        **end = *member;
        (*end)->next = NULL;
        end = &(*end)->next;
        rest->count++;
    }
    return rest;
}

static Status read_sent(Ctx *ctx, const EntityDef *e, const Json **ret, int64_t *ret_version)
{
    const Json *sent;
    TRY(request_json(ctx, &sent));
    *ret_version = 0;
    str_int(json_str(sent, "_version"), ret_version);
    return form_read(ctx, e, without_theirs(ctx, sent), ret);
}

Status record_create_post(Ctx *ctx)
{
    const EntityDef *e;
    const Json *input;
    int64_t version;
    Id id;
    TRY(page_entity(ctx, &e));
    TRY(require_write(ctx, e));
    TRY(read_sent(ctx, e, &input, &version));
    TRY(access_create(ctx, e, input, INPUT_FORM, &id));
    flash_put(ctx, "ok", tr(ctx, "Saved."));
    return respond_redirect(ctx, record_url(ctx->arena, e, id).text);
}

Status record_update_post(Ctx *ctx)
{
    const EntityDef *e;
    const Json *input;
    int64_t version;
    Id id;
    TRY(page_entity(ctx, &e));
    TRY(record_key(ctx, e, &id));
    TRY(read_sent(ctx, e, &input, &version));
    TRY(access_update(ctx, e, id, version, input, INPUT_FORM));
    flash_put(ctx, "ok", tr(ctx, "Saved."));
    return respond_redirect(ctx, record_url(ctx->arena, e, id).text);
}
