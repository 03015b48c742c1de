// import.c - a file becomes records, in batches that each commit with how far they came.
//
// Where it stands is the import_run row: rows_read counts what is behind the last commit, and
// changes in the same transaction as the records. So an import that was cut off - by a crash, a
// restart, a lost lease - reads the file again from the start, passes over so many records, and
// goes on. A record that is refused leaves a row that says why, and the others stand: records are
// saved a stretch at a time under one savepoint, and a stretch in which one was refused is undone
// and gone through again with each record on its own.
//
// The job runs as the program itself: what the asking person may do is checked when it is asked
// for. Every row leaves a trace in import_row: what it became, or what was wrong with it. The file
// of refused rows is made from that at the end.
#include "kernel/transfer/import.h"

#include "gen/kernel.gen.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/record.h"
#include "kernel/files.h"
#include "kernel/job/queue.h"
#include "kernel/transfer.h"
#include "kernel/transfer/assemble.h"
#include "kernel/transfer/refused.h"

enum {
    BATCH_MS = 60,  // well below what a member of a lane may take
    PROBLEM_BYTES_MAX = 1500,
    STRETCH_MAX = 64,  // records under one savepoint
};

typedef struct Import {
    const JobRun *job;
    ImportRun *run;
    const EntityDef *entity;
    const char *path;
    Mapping mapping;
    Assembler assembler;
    size_t stretch;  // records of the next one: fewer after a refusal, more after none
} Import;

// ---- One record ---------------------------------------------------------------------------------

typedef struct Attempt {
    Import *import;
    const Draft *draft;
    Id id;
    bool is_created;
} Attempt;

// Children that the record has already keep their ids: found by the first field of their `import:`.
static const FieldDef *child_key(const EntityDef *child)
{
    Str rest = str_from(child->import), name;
    const FieldDef *f = str_next_word(&rest, &name) ? entity_field(child, name) : NULL;
    return f && f->flags & UNIQUE && (f->type == FIELD_CODE || f->type == FIELD_TEXT) ? f : NULL;
}

// A node and, one level down, its members: what is changed of a draft is changed in a copy, since
// the draft may be tried again.
static Json *copy_node(Arena *arena, const Json *node)
{
    Json *copy = NEW(arena, Json), **at = &copy->first;
    *copy = *node;
    JSON_EACH (member, node) {
        *at = NEW(arena, Json);
        **at = *member;
        at = &(*at)->next;
    }
    return copy;
}

static void match_child(Ctx *ctx, const FieldDef *key, const EntityDef *child,
                        const AnyList *present, Json *row)
{
    Str wanted = str_trim(json_str(row, key->name));
    for (size_t i = 0; wanted.len && i < present->len; i++) {
        const char *item = (const char *)present->items + i * child->size;
        if (!str_eq(FIELD_GET(item, key, Str), wanted))
            continue;
        Json *member = NEW(ctx->arena, Json);
        *member = (Json){ .type = JSON_STRING,
                          .key = S("id"),
                          .text = id_text(ctx->arena, *(const Id *)item),
                          .next = row->first };
        row->first = member;
        row->count++;
        return;
    }
}

static void match_rows(Ctx *ctx, const FieldDef *list, const void *present, Json *rows)
{
    const FieldDef *key = child_key(list->of);
    const AnyList *children = &FIELD_GET(present, list, AnyList);
    if (!key || rows->type != JSON_ARRAY)
        return;
    *rows = *copy_node(ctx->arena, rows);
    for (Json *row = rows->first; row; row = row->next)
        if (!json_get(row, "id"))
            match_child(ctx, key, list->of, children, row);
}

static Status find_present(Ctx *ctx, const Import *import, const Json *input, void **ret)
{
    const EntityDef *e = import->entity;
    const FieldDef *key = import->mapping.key;
    Str value = key ? str_trim(json_str(input, key->name)) : S("");
    Id id = 0;
    *ret = NULL;
    if (value.len)
        TRY(record_find(ctx, e, key->name, value, &id));
    if (!id)
        return OK;
    *ret = arena_alloc(ctx->arena, e->size);
    return record_load(ctx, e, id, *ret);
}

static Status match_children(Ctx *ctx, const Import *import, const Json *input, const Json **ret)
{
    void *present;
    *ret = input;
    if (!import->mapping.has_children)
        return OK;
    TRY(find_present(ctx, import, input, &present));
    if (!present)
        return OK;
    Json *matched = copy_node(ctx->arena, input);
    for (Json *member = matched->first; member; member = member->next) {
        const FieldDef *f = entity_field(import->entity, member->key);
        if (f && f->type == FIELD_LIST)
            match_rows(ctx, f, present, member);
    }
    *ret = matched;
    return OK;
}

static Status save_record(Ctx *ctx, void *arg)
{
    Attempt *attempt = arg;
    const Import *import = attempt->import;
    const Json *input;
    TRY(match_children(ctx, import, attempt->draft->input, &input));
    return access_upsert(ctx, import->entity, input, INPUT_IMPORT, &attempt->id,
                         &attempt->is_created);
}

// A dry run does all of it and then asks to be undone.
static Status try_record(Ctx *ctx, void *arg)
{
    const Attempt *attempt = arg;
    TRY(save_record(ctx, arg));
    TRY(db_flush(ctx));
    return attempt->import->run->is_dry ? FAIL(ctx, E_CONFLICT, "import.dry", "nothing is written")
                                        : OK;
}

// ---- What was wrong with it ---------------------------------------------------------------------

// "lines[2].quantity" -> 2; -1 when it is about the record itself.
static int64_t child_of(Str path)
{
    ptrdiff_t open = str_find_char(path, '['), close = str_find_char(path, ']');
    int64_t n;
    bool has = open > 0 && close > open &&
               str_int(str_sub(path, (size_t)open + 1, (size_t)(close - open - 1)), &n);
    return has ? n : -1;
}

static int64_t line_of(const Draft *draft, Str path)
{
    int64_t child = child_of(path);
    bool is_known = child >= 0 && (size_t)child < draft->children.len;
    return is_known ? draft->children.items[child] : draft->lines.items[0];
}

static void put_problem(Buf *out, Str path, Str message)
{
    if (out->len)
        buf_c(out, "; ");
    if (path.len) {
        buf_put(out, path);
        buf_c(out, ": ");
    }
    buf_put(out, message);
}

static Str problem_of(Ctx *ctx, const Draft *draft, int64_t line, const Failure *failure)
{
    Buf out = { .arena = ctx->arena, .max = PROBLEM_BYTES_MAX };
    if (draft->bad)
        buf_c(&out, line == draft->lines.items[0] ? ctx_text(ctx, draft->bad) : "");
    else if (failure->problems.len == 0 && line == draft->lines.items[0])
        put_problem(&out, S(""), failure->message);
    EACH (p, failure->problems)
        if (!draft->bad && line_of(draft, p->path) == line)
            put_problem(&out, p->path, p->message);
    if (out.len == 0)
        buf_printf(&out, "refused together with row %lld", (long long)draft->lines.items[0]);
    return buf_str(&out);
}

static Status refuse(Ctx *ctx, const Import *import, const Draft *draft, const Failure *failure)
{
    EACH (line, draft->lines)
        TRY(db_write(ctx,
                     SQL("INSERT INTO import_row (import, line, is_new, problem)"
                         " VALUES ($1, $2, 0, $3)",
                         import->run->record.id, *line, problem_of(ctx, draft, *line, failure))));
    return OK;
}

static Status note(Ctx *ctx, const Import *import, const Attempt *attempt)
{
    if (import->run->is_dry)
        return OK;
    return db_write(ctx, SQL("INSERT INTO import_row (import, line, target_kind, target_id, is_new)"
                             " VALUES ($1, $2, $3, $4, $5)",
                             import->run->record.id, attempt->draft->lines.items[0],
                             import->entity->name, attempt->id, attempt->is_created));
}

// ---- A batch ------------------------------------------------------------------------------------

typedef struct Counts {
    int64_t read, done, created, bad;
} Counts;

typedef struct Batch {
    Import *import;
    LIST(Draft) drafts;
    size_t from;  // of the drafts: those before are committed
    size_t next;
    Counts counts;  // of this transaction
    bool is_stopped;
    int limit_ms;  // halved when what follows a transaction's records took it beyond what a lane
                   // allows
} Batch;

// Refused, or not now: what has to do with the machine and not with the record ends the batch.
static bool is_refusal(Status status)
{
    return status == E_INVALID || status == E_CONFLICT || status == E_DENIED ||
           status == E_NOT_FOUND;
}

static Status run_record(Ctx *ctx, Batch *batch, const Draft *draft)
{
    Attempt attempt = { batch->import, draft, 0, false };
    Status status = E_INVALID;
    if (!draft->bad)
        status = db_try(ctx, try_record, &attempt);
    bool is_dry = status == E_CONFLICT && strcmp(ctx->failure.code, "import.dry") == 0;
    batch->counts.read++;
    if (status == OK || is_dry) {
        ctx_recover(ctx);
        batch->counts.done++;
        batch->counts.created += attempt.is_created;
        return note(ctx, batch->import, &attempt);
    }
    if (!is_refusal(status))
        return status;
    Failure failure = draft->bad ? (Failure){ 0 } : ctx->failure;
    ctx_recover(ctx);
    batch->counts.bad++;
    batch->is_stopped = batch->import->run->stop_at_error;
    return refuse(ctx, batch->import, draft, &failure);
}

// ---- A stretch ----------------------------------------------------------------------------------

typedef struct Stretch {
    Batch *batch;
    Attempt attempts[STRETCH_MAX];
    size_t len, done;
    Time until;
} Stretch;

// A draft that cannot be read has nothing to be undone: it ends the stretch before it.
static void begin_stretch(Batch *batch, Time until, Stretch *ret)
{
    Import *import = batch->import;
    *ret = (Stretch){ .batch = batch, .until = until };
    for (size_t i = batch->next; i < batch->drafts.len && ret->len < import->stretch; i++) {
        const Draft *draft = &batch->drafts.items[i];
        if (draft->bad)
            break;
        ret->attempts[ret->len++] = (Attempt){ .import = import, .draft = draft };
    }
}

static Status try_stretch(Ctx *ctx, void *arg)
{
    Stretch *stretch = arg;
    for (stretch->done = 0; stretch->done < stretch->len; stretch->done++) {
        if (stretch->done > 0 && clock_now() >= stretch->until)
            break;
        TRY(db_part(ctx, save_record, &stretch->attempts[stretch->done]));
    }
    return db_flush(ctx);
}

static Status keep_stretch(Ctx *ctx, const Stretch *stretch)
{
    Batch *batch = stretch->batch;
    for (size_t i = 0; i < stretch->done; i++) {
        const Attempt *attempt = &stretch->attempts[i];
        TRY(note(ctx, batch->import, attempt));
        batch->counts.created += attempt->is_created;
    }
    batch->counts.read += (int64_t)stretch->done;
    batch->counts.done += (int64_t)stretch->done;
    batch->next += stretch->done;
    return OK;
}

// *ret_alone: so many records from here are to be tried on their own. A dry run undoes each anyway,
// so that none is taken to be there already when the next is tried.
static Status run_stretch(Ctx *ctx, Batch *batch, Time until, size_t *ret_alone)
{
    Import *import = batch->import;
    Stretch stretch;
    begin_stretch(batch, until, &stretch);
    *ret_alone = stretch.len ? 0 : 1;
    if (stretch.len == 0)
        return OK;
    Status status = db_try(ctx, try_stretch, &stretch);
    if (status == OK) {
        import->stretch = import->stretch < STRETCH_MAX ? import->stretch * 2 : STRETCH_MAX;
        return keep_stretch(ctx, &stretch);
    }
    if (!is_refusal(status))
        return status;
    ctx_recover(ctx);
    *ret_alone = stretch.len;
    import->stretch = import->stretch > 4 ? import->stretch / 4 : 1;
    return OK;
}

static Status write_progress(Ctx *ctx, const Import *import, const Counts *counts)
{
    return db_write(ctx, SQL("UPDATE import_run SET state = $2, rows_read = rows_read + $3,"
                             " rows_done = rows_done + $4, rows_created = rows_created + $5,"
                             " rows_bad = rows_bad + $6 WHERE id = $1",
                             import->run->record.id, import->run->is_dry ? "checking" : "importing",
                             counts->read, counts->done, counts->created, counts->bad));
}

// Runs again from the start when the lane says so: it counts anew.
static Status run_batch(Ctx *ctx, void *arg)
{
    Batch *batch = arg;
    Time until = clock_now() + batch->limit_ms * (SECOND / 1000);
    size_t alone = 0;  // records that are tried on their own now
    batch->counts = (Counts){ 0 };
    batch->is_stopped = false;
    batch->next = batch->from;
    while (batch->next < batch->drafts.len && !batch->is_stopped &&
           (batch->next == batch->from || clock_now() < until)) {
        if (alone == 0 && !batch->import->run->is_dry) {
            TRY(run_stretch(ctx, batch, until, &alone));
            continue;
        }
        TRY(run_record(ctx, batch, &batch->drafts.items[batch->next]));
        batch->next++;
        alone -= alone > 0;
    }
    return write_progress(ctx, batch->import, &batch->counts);
}

// ---- The whole ----------------------------------------------------------------------------------

static Status read_batch(Ctx *ctx, Import *import, Batch *batch)
{
    bool found = true;
    while (batch->drafts.len < IMPORT_BATCH) {
        Draft draft;
        TRY(assemble_next(ctx, &import->assembler, &draft, &found));
        if (!found)
            return OK;
        *list_push(ctx->arena, &batch->drafts) = draft;
    }
    return OK;
}

static void add_counts(ImportRun *run, const Counts *counts)
{
    run->rows_read += counts->read;
    run->rows_done += counts->done;
    run->rows_created += counts->created;
    run->rows_bad += counts->bad;
}

static Status tell(Ctx *ctx, const Import *import)
{
    if (!import->job)
        return OK;
    return job_progress(ctx, import->job, import->run->rows_read, 0,
                        str_format(ctx->arena, "%lld rows read, %lld refused",
                                   (long long)import->run->rows_read,
                                   (long long)import->run->rows_bad));
}

// A slow moment of the machine must not end an import: fewer records at once, down to a single one.
static Status commit_some(Ctx *ctx, Batch *batch)
{
    for (;;) {
        Status status = tenant_transact(ctx, run_batch, batch);
        bool is_slow = status != OK && strcmp(ctx->failure.code, "lane.too_slow") == 0;
        if (!is_slow || batch->limit_ms == 0)
            return status;
        ctx_recover(ctx);
        batch->limit_ms /= 2;
    }
}

// One batch of drafts, in as many transactions as it needs.
static Status do_batch(Ctx *ctx, Import *import, bool *ret_more)
{
    Batch batch = { .import = import, .limit_ms = BATCH_MS };
    TRY(read_batch(ctx, import, &batch));
    while (batch.from < batch.drafts.len) {
        TRY(commit_some(ctx, &batch));
        batch.from = batch.next;
        add_counts(import->run, &batch.counts);
        if (batch.is_stopped) {
            *ret_more = false;
            import->run->state = IMPORT_STATE_STOPPED;
            return OK;
        }
    }
    *ret_more = batch.drafts.len == IMPORT_BATCH;
    if (import->run->rows_read > IMPORT_ROWS_MAX)
        return FAIL(ctx, E_LIMIT, "import.rows", "a file may have %d rows", IMPORT_ROWS_MAX);
    return tell(ctx, import);
}

// Those that an earlier run committed.
static Status pass_over(Ctx *ctx, Import *import, int64_t records)
{
    for (int64_t i = 0; i < records; i++) {
        ArenaMark mark = arena_mark(ctx->arena);
        Draft draft;
        bool found;
        TRY(assemble_next(ctx, &import->assembler, &draft, &found));
        arena_rewind(ctx->arena, mark);
        if (!found)
            return OK;
    }
    return OK;
}

static void close_ahead(void *arg)
{
    arena_release(arg);
}

static Status open_import(Ctx *ctx, Import *import)
{
    RowReader *reader;
    import->assembler = (Assembler){ 0 };
    arena_defer(ctx->arena, close_ahead, &import->assembler.ahead_arena);
    TRY(rows_open(ctx, import->path, &reader));
    import->assembler.reader = reader;
    if (reader->headings.len == 0)
        return OK;
    TRY(mapping_make(ctx, import->entity, &reader->headings, import->run->mapping,
                     &import->mapping));
    import->assembler.mapping = &import->mapping;
    return OK;
}

static Status read_run(Ctx *ctx, void *arg)
{
    Import *import = arg;
    StoredFile file;
    TRY(import_run_load(ctx, import->run->record.id, import->run));
    import->entity = entity_named(import->run->entity);
    if (!import->entity)
        return FAIL(ctx, E_INVALID, "import.entity", "there is no kind of record '" STR_FMT "'",
                    STR_ARG(import->run->entity));
    TRY(file_find(ctx, import->run->file, &file));
    import->path = file_path(ctx, file.digest).ptr;
    return OK;
}

static Status write_end(Ctx *ctx, void *arg)
{
    const ImportRun *run = arg;
    static const char *const words[] = { [IMPORT_STATE_CHECKED] = "checked",
                                         [IMPORT_STATE_DONE] = "done",
                                         [IMPORT_STATE_STOPPED] = "stopped" };
    return db_write(ctx, SQL("UPDATE import_run SET state = $2, errors_id = $3 WHERE id = $1",
                             run->record.id, words[run->state], OPT(run->errors)));
}

static Status finish(Ctx *ctx, Import *import)
{
    ImportRun *run = import->run;
    if (run->state != IMPORT_STATE_STOPPED)
        run->state = run->is_dry ? IMPORT_STATE_CHECKED : IMPORT_STATE_DONE;
    if (run->rows_bad)
        TRY(refused_file(ctx, run->record.id, import->path, run->file_name, &run->errors));
    return tenant_transact(ctx, write_end, run);
}

static bool is_over(const ImportRun *run)
{
    return run->state == IMPORT_STATE_DONE || run->state == IMPORT_STATE_CHECKED ||
           run->state == IMPORT_STATE_STOPPED;
}

Status import_run_all(Ctx *ctx, Id id, const JobRun *job, ImportRun *ret)
{
    Import *import = NEW(ctx->arena, Import);
    bool more = true;
    *import = (Import){ .job = job, .run = ret, .stretch = STRETCH_MAX };
    ret->record.id = id;
    TRY(tenant_read(ctx, read_run, import));
    if (is_over(ret))
        return OK;
    TRY(open_import(ctx, import));
    TRY(pass_over(ctx, import, ret->rows_read));
    while (more) {
        ArenaMark mark = arena_mark(ctx->arena);
        TRY(do_batch(ctx, import, &more));
        arena_rewind(ctx->arena, mark);
    }
    return finish(ctx, import);
}

// ---- As a job -----------------------------------------------------------------------------------

Status import_job(Ctx *ctx, const JobRun *job)
{
    ImportRun run;
    TRY(import_run_all(ctx, job->subject.id, job, &run));
    return job_result(ctx, job,
                      str_format(ctx->arena,
                                 "{\"read\":%lld,\"done\":%lld,\"created\":%lld,\"refused\":%lld}",
                                 (long long)run.rows_read, (long long)run.rows_done,
                                 (long long)run.rows_created, (long long)run.rows_bad));
}

Status import_check(Ctx *ctx, void *record, const void *before)
{
    const ImportRun *run = record;
    const EntityDef *e = entity_named(run->entity);
    if (before)
        return OK;
    if (!e || !entity_is_root(e) || (e->api && strcmp(e->api, "none") == 0))
        return FAIL(ctx, E_INVALID, "import.entity", "'" STR_FMT "' cannot be imported",
                    STR_ARG(run->entity));
    if (ctx->actor->limits.len)
        return FAIL(ctx, E_DENIED, "import.limited",
                    "who may see some rows only cannot import: it could write beyond them");
    return actor_require(ctx, entity_permission(e, true));
}

Status import_begin(Ctx *ctx, const void *record, const void *before)
{
    const ImportRun *run = record;
    Id job;
    if (before)
        return OK;
    return job_add(
        ctx,
        &(JobSpec){ .name = "kernel.import", .subject = { &import_run_entity, run->record.id } },
        &job);
}

Status import_start(Ctx *ctx, const ImportSpec *spec, Id *ret_run)
{
    StoredFile file;
    TRY(file_find(ctx, spec->file, &file));
    ImportRun *run = import_run_new(ctx);
    run->entity = str_from(spec->entity->name);
    run->file = spec->file;
    run->file_name = file.name;
    run->mapping = spec->mapping;
    run->is_dry = spec->dry_run;
    run->stop_at_error = spec->stop_at_error;
    TRY(import_run_save(ctx, run));
    *ret_run = run->record.id;
    return OK;
}
