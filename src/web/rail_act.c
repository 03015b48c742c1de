// rail_act.c - putting files and tags on a record, and taking them off again.
//
// Bytes are written before the lane is entered, so that a slow upload holds nobody up; whether the
// record may be added to is asked first, on a snapshot, so that nobody fills the disk through a
// record that is not hers.
#include "web/rail.h"

#include "gen/kernel.gen.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/info.h"
#include "kernel/entity/record.h"
#include "kernel/files.h"
#include "kernel/i18n.h"
#include "kernel/tenant.h"

typedef struct Hold {  // a record that may be added to
    const EntityDef *entity;
    Id id;
    FilePart *parts;
    size_t count;
} Hold;

static Status open_hold(Ctx *ctx, void *arg)
{
    Hold *hold = arg;
    TRY(page_entity(ctx, &hold->entity));
    TRY(record_key(ctx, hold->entity, &hold->id));
    return actor_require(ctx, hold->entity->info->write_permission);
}

static Status back(Ctx *ctx, const Hold *hold)
{
    return respond_redirect(ctx, record_url(ctx->arena, hold->entity, hold->id).text);
}

// ---- Files --------------------------------------------------------------------------------------

static Status attach_all(Ctx *ctx, void *arg)
{
    Hold *hold = arg;
    TRY(open_hold(ctx, hold));  // it may have gone while the bytes came in
    for (size_t i = 0; i < hold->count; i++) {
        Attachment entry = { .subject = { hold->entity, hold->id },
                             .name = hold->parts[i].name,
                             .member = ctx->actor->member };
        TRY(file_add(ctx, &hold->parts[i], &entry.file));
        TRY(attachment_append(ctx, &entry));
    }
    return OK;
}

Status rail_file_post(Ctx *ctx)
{
    UploadedFile *files;
    Hold hold = { 0 };
    TRY(tenant_read(ctx, open_hold, &hold));
    TRY(request_files(ctx, &files, &hold.count));
    if (hold.count > RAIL_UPLOAD_MAX)
        return FAIL(ctx, E_INVALID, "file.many", "at most %d files at once", RAIL_UPLOAD_MAX);
    hold.parts = NEW_ARRAY(ctx->arena, FilePart, hold.count + 1);
    size_t kept = 0;
    for (size_t i = 0; i < hold.count; i++)
        if (files[i].bytes.len)
            TRY(file_write(ctx, files[i].name, files[i].bytes, false, &hold.parts[kept++]));
    hold.count = kept;
    if (kept == 0)
        return FAIL(ctx, E_INVALID, "file.none", "there is no file in what was sent");
    TRY(tenant_transact(ctx, attach_all, &hold));
    flash_put(ctx, "ok", tr_plural(ctx, "%lld file added.", "%lld files added.", (int64_t)kept));
    return back(ctx, &hold);
}

Status rail_unfile_post(Ctx *ctx)
{
    Hold hold = { 0 };
    Attachment entry;
    Id id = 0;
    TRY(open_hold(ctx, &hold));
    id_parse(ctx->request->params[3], &id);
    TRY(attachment_load(ctx, id, &entry));
    if (entry.subject.entity != hold.entity || entry.subject.id != hold.id)
        return FAIL(ctx, E_NOT_FOUND, "file.not_found", "there is no such file");
    entry.is_gone = true;
    TRY(attachment_update(ctx, &entry));
    flash_put(ctx, "ok", tr_format(ctx, "\"%.*s\" is taken off.", STR_ARG(entry.name)));
    return back(ctx, &hold);
}

// ---- Tags ---------------------------------------------------------------------------------------

static Status find_tag(Ctx *ctx, Str label, Id *ret)
{
    bool found;
    *ret = 0;
    return db_maybe(ctx,
                    SQL("SELECT id FROM choice WHERE list_name = 'tag' AND label = $1"
                        " AND archived = 0 ORDER BY id LIMIT 1",
                        label),
                    &found, ret);
}

// "Spring 27" is "spring-27" to programs.
static Str code_of(Ctx *ctx, Str label)
{
    Buf out = { .arena = ctx->arena };
    Str folded = fold_text(ctx, label);
    for (size_t i = 0; i < folded.len && out.len < 40; i++) {
        char c = folded.ptr[i];
        bool is_plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (is_plain || (out.len && out.ptr[out.len - 1] != '-'))
            buf_char(&out, is_plain ? c : '-');
    }
    return out.len ? buf_str(&out) : id_text(ctx->arena, id_next(ctx->now));
}

static Status make_tag(Ctx *ctx, Str label, Id *ret)
{
    Choice *choice = choice_new(ctx);
    TRY(actor_require(ctx, "platform.settings"));
    choice->list_name = S("tag");
    choice->value_code = code_of(ctx, label);
    choice->label = label;
    TRY(choice_save(ctx, choice));
    *ret = choice->record.id;
    return OK;
}

static Status add_tag(Ctx *ctx, const Hold *hold, Str label)
{
    Id tag;
    int64_t count;
    TRY(find_tag(ctx, label, &tag));
    if (!tag)
        TRY(make_tag(ctx, label, &tag));
    TRY(db_one(ctx,
               SQL("SELECT count(*) FROM tagging WHERE subject_kind = $1 AND subject_id = $2",
                   hold->entity->name, hold->id),
               &count));
    if (count >= RAIL_TAGS_MAX)
        return FAIL(ctx, E_LIMIT, "tag.many", "at most %d tags on one record", RAIL_TAGS_MAX);
    return db_write(ctx, SQL("INSERT INTO tagging (subject_kind, subject_id, tag_id)"
                             " VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                             hold->entity->name, hold->id, tag));
}

static Status remove_tag(Ctx *ctx, const Hold *hold, Id tag)
{
    Str label;
    bool found;
    TRY(db_maybe(ctx, SQL("SELECT label FROM choice WHERE id = $1", tag), &found, &label));
    if (found)
        flash_put_undo(ctx, tr_format(ctx, "The tag %.*s is taken off.", STR_ARG(label)),
                       record_page_url(ctx->arena, hold->entity, hold->id, "tags"), "tag", label);
    return db_write(ctx, SQL("DELETE FROM tagging WHERE subject_kind = $1 AND subject_id = $2"
                             " AND tag_id = $3",
                             hold->entity->name, hold->id, tag));
}

Status rail_tag_post(Ctx *ctx)
{
    Hold hold = { 0 };
    const Json *sent;
    Id gone;
    TRY(open_hold(ctx, &hold));
    TRY(request_json(ctx, &sent));
    Str label = str_trim(json_str(sent, "tag"));
    if (id_parse(json_str(sent, "remove"), &gone))
        TRY(remove_tag(ctx, &hold, gone));
    else if (label.len)
        TRY(add_tag(ctx, &hold, label));
    return back(ctx, &hold);
}
