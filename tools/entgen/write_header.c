// write_header.c - NAME.gen.h: what a person, an editor and a debugger see of a module's records.
// Enums, plain structs, the tables' names, and loading and saving with the right types.
#include "entgen.h"

static const char *c_type_of(Arena *arena, const Field *f)
{
    if (is_link(f))
        return "Link";
    if (has_flag(f, FLAG_MAYBE))
        return f->type->c_maybe;
    if (f->type->c_type)
        return f->type->c_type;
    bool is_list = is_type(f, TYPE_LIST) || is_type(f, TYPE_SHAPES);
    return text(arena, "%s%s", pascal(arena, f->target->name), is_list ? "List" : "");
}

// What a number alone does not tell: whose id it is. "" for other fields.
static const char *meaning_of(Arena *arena, const Field *f)
{
    if (!is_link(f))
        return has_trait(f, IS_REFERENCE) || is_type(f, TYPE_REFS) ? f->target->name : "";
    if (f->targets.len == 0)
        return "any record";
    Buf out = { .arena = arena };
    EACH (target, f->targets)
        buf_printf(&out, "%s%s", target == f->targets.items ? "" : " or ", (*target)->name);
    return buf_str(&out).ptr;
}

// ---- Structs ------------------------------------------------------------------------------------

typedef struct Member {
    const char *declaration, *comment;
} Member;
typedef LIST(Member) MemberList;

static void add_member(Arena *arena, MemberList *list, const char *declaration, const char *comment)
{
    *list_push(arena, list) = (Member){ declaration, comment };
}

// The header that every record of its kind begins with, and what the entity's own head adds.
static void add_head(Arena *arena, MemberList *list, const Def *d)
{
    if (d->kind != ENTITY || is_keyed(d))
        return;
    add_member(arena, list,
               is_entry(d)   ? "Entry record"
               : is_child(d) ? "Child record"
                             : "Record record",
               "");
    if (d->is_tree) {
        add_member(arena, list, "Id above", d->name);
        add_member(arena, list, "Str path", "");
    }
    if ((d->is_tree || d->is_ordered) && !is_child(d))
        add_member(arena, list, "int32_t position", "");
    if (note_of(d, NOTE_DATED))
        add_member(arena, list, "Date valid_from, valid_to", "");
}

// Comments of neighbouring lines stand under each other.
static void write_members(const MemberList *list, Buf *out)
{
    size_t widest = 0;
    EACH (member, *list) {
        if (!member->comment[0]) {
            buf_printf(out, "    %s;\n", member->declaration);
            widest = 0;
            continue;
        }
        for (const Member *m = member; m < list_end(*list) && m->comment[0]; m++)
            if (strlen(m->declaration) > widest)
                widest = strlen(m->declaration);
        buf_printf(out, "    %s;%*s  // %s\n", member->declaration,
                   (int)(widest - strlen(member->declaration)), "", member->comment);
    }
}

static void write_fields(Arena *arena, const Def *d, Buf *out)
{
    MemberList list = { 0 };
    add_head(arena, &list, d);
    EACH (f, d->fields) {
        const char *c_type = f->is_use ? pascal(arena, f->target->name) : c_type_of(arena, f);
        add_member(arena, &list, text(arena, "%s %s", c_type, f->name),
                   f->is_use ? "" : meaning_of(arena, f));
    }
    write_members(&list, out);
}

static void write_union(Arena *arena, const Def *d, Buf *out)
{
    buf_printf(out, "    %sKind kind;\n    union {\n", pascal(arena, d->name));
    EACH (part, d->parts)
        buf_printf(out, "        %s %s;\n", pascal(arena, (*part)->name), (*part)->name);
    buf_c(out, "    };\n");
}

static void write_struct(Model *model, const Def *d, Buf *out)
{
    buf_printf(out, "\n// %s\nstruct %s {\n", d->label, pascal(model->arena, d->name));
    if (d->parts.len)
        write_union(model->arena, d, out);
    else
        write_fields(model->arena, d, out);
    buf_c(out, "};\n");
}

// ---- Enums --------------------------------------------------------------------------------------

static void write_enum(Arena *arena, const char *name, const char *ending, const Names *values,
                       Buf *out)
{
    const char *c_type = text(arena, "%s%s", pascal(arena, name), ending);
    buf_printf(out, "\ntypedef enum %s {\n    %s_NONE,\n", c_type, upper(arena, name));
    EACH (value, *values)
        buf_printf(out, "    %s_%s,\n", upper(arena, name), upper(arena, *value));
    buf_printf(out, "} %s;\n", c_type);
}

// Those of the file, and which shape a union holds.
static void write_enums(Model *model, const Def *d, Buf *out)
{
    Names values = d->part_names;
    EACH (value, d->values)
        *list_push(model->arena, &values) = value->name;
    if (d->kind == ENUM || (d->kind == SHAPE && d->parts.len))
        write_enum(model->arena, d->name, d->kind == ENUM ? "" : "Kind", &values, out);
}

// ---- Loading and saving -------------------------------------------------------------------------

static bool is_row(const Def *d)
{
    return is_entry(d) && !is_keyed(d);
}
static bool is_log(const Def *d)
{
    return d->record == LOG && !is_keyed(d);
}
static bool has_id(const Def *d)
{
    return !is_keyed(d);
}

// $T is the C type, $n the name.
// clang-format off
static const struct {
    bool (*is_for)(const Def *d);
    const char *text;
} wrappers[] = {
    { is_root,
      "static inline $T *$n_new(Ctx *ctx)\n"
      "{\n    return record_new(ctx, &$n_entity);\n}\n" },
    { has_id,
      "MUST_CHECK\nstatic inline Status $n_load(Ctx *ctx, Id id, $T *ret)\n"
      "{\n    return record_load(ctx, &$n_entity, id, ret);\n}\n" },
    { is_root,
      "MUST_CHECK\nstatic inline Status $n_load_maybe(Ctx *ctx, Id id, $T *ret,\n"
      "        bool *ret_found)\n"
      "{\n    return record_load_maybe(ctx, &$n_entity, id, ret, ret_found);\n}\n" },
    { is_root,
      "MUST_CHECK\nstatic inline Status $n_find(Ctx *ctx, const char *field, Str value, Id *ret)\n"
      "{\n    return record_find(ctx, &$n_entity, field, value, ret);\n}\n" },
    { is_root,
      "MUST_CHECK\nstatic inline Status $n_save(Ctx *ctx, $T *record)\n"
      "{\n    return record_save(ctx, &$n_entity, record);\n}\n" },
    { is_row,
      "MUST_CHECK\nstatic inline Status $n_append(Ctx *ctx, $T *entry)\n"
      "{\n    return record_append(ctx, &$n_entity, entry);\n}\n" },
    { is_log,
      "MUST_CHECK\nstatic inline Status $n_update(Ctx *ctx, $T *entry)\n"
      "{\n    return record_update_log(ctx, &$n_entity, entry);\n}\n" },
};
// clang-format on

static void write_wrapper(Model *model, const Def *d, const char *form, Buf *out)
{
    for (const char *c = form; *c; c++) {
        if (*c != '$')
            buf_char(out, *c);
        else
            buf_c(out, *++c == 'T' ? pascal(model->arena, d->name) : d->name);
    }
}

static void write_wrappers(Model *model, const Def *d, Buf *out)
{
    if (d->kind != ENTITY || is_keyed(d))
        return;
    buf_char(out, '\n');
    for (size_t i = 0; i < COUNT(wrappers); i++)
        if (wrappers[i].is_for(d))
            write_wrapper(model, d, wrappers[i].text, out);
}

// ---- The file -----------------------------------------------------------------------------------

static void write_forward(Model *model, const Def *d, Buf *out)
{
    const char *c_type = pascal(model->arena, d->name);
    if (d->kind == SHAPE || d->kind == ENTITY)
        buf_printf(out, "typedef struct %s %s;\ntypedef LIST(%s) %sList;\n", c_type, c_type, c_type,
                   c_type);
}

static void write_shape(Model *model, const Def *d, Buf *out)
{
    if (d->kind == SHAPE)
        write_struct(model, d, out);
}

static void write_entity(Model *model, const Def *d, Buf *out)
{
    if (d->kind == ENTITY)
        write_struct(model, d, out);
}

static void write_extern(Model *model, const Def *d, Buf *out)
{
    buf_printf(out, "extern const %s %s_%s;\n", def_words[d->kind].table, d->name,
               def_words[d->kind].word);
}

typedef void (*WriteDef)(Model *model, const Def *d, Buf *out);

// A part of the file, under its heading where there is anything in it.
static void write_part(Model *model, const Module *m, const char *heading, const DefList *defs,
                       WriteDef write, Buf *out)
{
    static const char ruler[] =
        "----------------------------------------------------------------------------------------";
    Buf part = { .arena = model->arena };
    EACH (d, *defs)
        if ((*d)->module == m)
            write(model, *d, &part);
    if (part.len)
        buf_printf(out, "\n// ---- %s %.*s\n%s%s", heading,
                   (int)(sizeof ruler - 1 - strlen(heading)), ruler,
                   part.ptr[0] == '\n' ? "" : "\n", part.ptr);
}

void write_header(Model *model, const Module *m, Buf *out)
{
    buf_printf(out,
               "// Generated by entgen from %s.ent: change that file, not this one.\n"
               "#pragma once\n\n#include \"kernel/entity/record.h\"\n",
               m->name);
    EACH (required, m->requires)
        buf_printf(out, "#include \"gen/%s.gen.h\"\n", (*required)->name);
    write_part(model, m, "Types", &model->defs, write_forward, out);
    write_part(model, m, "Enums", &model->defs, write_enums, out);
    write_part(model, m, "Shapes", &model->shapes, write_shape, out);
    write_part(model, m, "Records", &model->defs, write_entity, out);
    write_part(model, m, "Tables", &model->defs, write_extern, out);
    buf_printf(out, "extern const EntityModule %s_module;\n", m->name);
    write_part(model, m, "Loading and saving", &model->defs, write_wrappers, out);
}
