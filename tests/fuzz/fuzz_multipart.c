// fuzz_multipart.c - a first line as a content type and any bytes behind it as a body of several
// parts. Laws: what is found lies inside the body; written anew and read again, it is the same.
#include "fuzz.h"

#include "base/utf8.h"
#include "kernel/http/multipart.h"

static void check_inside(Str part, Str body)
{
    LAW(part.len == 0 || (part.ptr >= body.ptr && part.ptr + part.len <= body.ptr + body.len));
}

static void check_parts(const Multipart *form, Str body)
{
    size_t bytes = 0;
    EACH (field, form->fields) {
        check_inside(field->value, body);
        LAW(utf8_valid(field->name) && utf8_valid(field->value));
        LAW(str_find_char(field->value, '\0') < 0);
        bytes += field->value.len;
    }
    EACH (file, form->files) {
        check_inside(file->bytes, body);
        LAW(utf8_valid(file->field) && utf8_valid(file->name));
        LAW(str_find_char(file->name, '/') < 0 && str_find_char(file->name, '\\') < 0);
        bytes += file->bytes.len;
    }
    LAW(bytes <= body.len);
    LAW(form->fields.len <= FORM_FIELDS_MAX && form->files.len <= MULTIPART_FILES_MAX);
}

static void put_name(Buf *out, const char *param, Str name)
{
    buf_printf(out, "; %s=\"", param);
    for (size_t i = 0; i < name.len; i++) {
        const char *code = name.ptr[i] == '"'  ? "%22"
                         : name.ptr[i] == '\r' ? "%0D"
                         : name.ptr[i] == '\n' ? "%0A"
                                               : NULL;
        if (code)
            buf_c(out, code);
        else
            buf_char(out, name.ptr[i]);
    }
    buf_char(out, '"');
}

static void put_part(Buf *out, Str boundary, const UploadedFile *part, bool is_file)
{
    buf_printf(out, "--" STR_FMT "\r\nContent-Disposition: form-data", STR_ARG(boundary));
    put_name(out, "name", part->field);
    if (is_file)
        put_name(out, "filename", part->name);
    if (part->type.len) {
        buf_c(out, "\r\nContent-Type: ");
        buf_put(out, part->type);
    }
    buf_c(out, "\r\n\r\n");
    buf_put(out, part->bytes);
    buf_c(out, "\r\n");
}

static Str write_anew(Arena *arena, const Multipart *form, Str boundary)
{
    Buf out = { .arena = arena };
    EACH (field, form->fields)
        put_part(&out, boundary, &(UploadedFile){ .field = field->name, .bytes = field->value },
                 false);
    EACH (file, form->files)
        put_part(&out, boundary, file, true);
    buf_printf(&out, "--" STR_FMT "--\r\n", STR_ARG(boundary));
    return buf_str(&out);
}

static void check_again(Ctx *ctx, const Multipart *form, Str body)
{
    Str boundary = S("a boundary that is nowhere in the input");
    Multipart again;
    if (str_find(body, boundary) >= 0)
        return;
    LAW(multipart_parse(ctx, write_anew(ctx->arena, form, boundary), boundary, &again) == OK);
    LAW(again.fields.len == form->fields.len && again.files.len == form->files.len);
    for (size_t i = 0; i < form->fields.len; i++) {
        LAW(str_eq(again.fields.items[i].name, form->fields.items[i].name));
        LAW(str_eq(again.fields.items[i].value, form->fields.items[i].value));
    }
    for (size_t i = 0; i < form->files.len; i++) {
        LAW(str_eq(again.files.items[i].field, form->files.items[i].field));
        LAW(str_eq(again.files.items[i].name, form->files.items[i].name));
        LAW(str_eq(again.files.items[i].type, form->files.items[i].type));
        LAW(str_eq(again.files.items[i].bytes, form->files.items[i].bytes));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Arena arena = { .limit = FUZZ_ARENA_LIMIT };
    Ctx ctx = { .arena = &arena };
    Str body = { (const char *)data, size }, type, boundary;
    Multipart form;
    if (str_next(&body, '\n', &type) && multipart_boundary(type, &boundary)) {
        Status status = multipart_parse(&ctx, body, boundary, &form);
        LAW(status == OK || (status == E_INVALID && ctx.failure.code));
        if (status == OK) {
            check_parts(&form, body);
            check_again(&ctx, &form, body);
        }
    }
    arena_release(&arena);
    return 0;
}
