// multipart.c - taking a multipart body apart. Everything stays where it is; the parts are views.
//
// Read as browsers write it (WHATWG HTML, "multipart/form-data encoding algorithm"): a part has a
// Content-Disposition with a name and perhaps a filename, both in quotes, in which `"`, CR and LF
// are percent-encoded and nothing else is. What no browser sends (a preamble, nested parts,
// transfer encodings) is refused rather than guessed at.
#include "kernel/http/multipart.h"

#include "base/utf8.h"
#include "kernel/http/head.h"

enum {
    BOUNDARY_MAX = 70,     // RFC 2046 section 5.1.1
    PART_HEAD_MAX = 8192,  // bytes of one part's headers
    PART_HEADERS_MAX = 16,
    NAME_MAX_BYTES = 1024,  // of a field or a file
};

static Status fail_broken(Ctx *ctx, const char *why)
{
    return FAIL(ctx, E_INVALID, "body.broken", "the form's parts cannot be read: %s", why);
}

// The value of a parameter, in quotes or not: boundary=x, name="a b". Parameters are taken one by
// one so that `filename="name=x"` is no name.
static bool param_value(Str params, const char *name, Str *ret)
{
    while (params.len) {
        ptrdiff_t eq = str_find_char(params, '=');
        if (eq < 0)
            return false;
        Str key = str_trim(str_sub(params, 0, (size_t)eq)), value;
        params = str_from_at(params, (size_t)eq + 1);
        if (str_starts(params, S("\""))) {
            ptrdiff_t quote = str_find_char(str_from_at(params, 1), '"');
            if (quote < 0)
                return false;
            value = str_sub(params, 1, (size_t)quote);
            params = str_from_at(params, (size_t)quote + 2);
        } else {
            ptrdiff_t end = str_find_char(params, ';');
            value = str_trim(end < 0 ? params : str_sub(params, 0, (size_t)end));
            params = str_from_at(params, value.len);
        }
        ptrdiff_t next = str_find_char(params, ';');
        params = next < 0 ? S("") : str_from_at(params, (size_t)next + 1);
        if (str_eq_ascii_nocase(key, str_from(name))) {
            *ret = value;
            return true;
        }
    }
    return false;
}

bool multipart_boundary(Str content_type, Str *ret)
{
    Str boundary;
    ptrdiff_t params = str_find_char(content_type, ';');
    if (params < 0 ||
        !param_value(str_from_at(content_type, (size_t)params + 1), "boundary", &boundary))
        return false;
    if (boundary.len == 0 || boundary.len > BOUNDARY_MAX || boundary.ptr[boundary.len - 1] == ' ')
        return false;
    *ret = boundary;
    return true;
}

// %22, %0D and %0A stand for what would end the quotes or the line; all else is as written.
static Str name_decode(Arena *arena, Str name)
{
    static const struct {
        Str code;
        char meaning;
    } codes[] = { { { "%22", 3 }, '"' }, { { "%0D", 3 }, '\r' }, { { "%0A", 3 }, '\n' } };
    if (str_find_char(name, '%') < 0)
        return name;
    char *to = arena_alloc(arena, name.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < name.len; i++) {
        to[len] = name.ptr[i];
        for (size_t c = 0; c < COUNT(codes); c++)
            if (str_starts(str_from_at(name, i), codes[c].code)) {
                to[len] = codes[c].meaning;
                i += codes[c].code.len - 1;
                break;
            }
        len++;
    }
    return (Str){ to, len };
}

// Some clients send the file's whole path; only its last part is anybody's business.
static Str file_name(Str path)
{
    for (const char *at = path.ptr + path.len; at > path.ptr; at--)
        if (at[-1] == '/' || at[-1] == '\\')
            return str_from_at(path, (size_t)(at - path.ptr));
    return path;
}

typedef struct Part {
    Str name, file, type, bytes;
    bool is_file, has_name;
} Part;

static Status read_disposition(Ctx *ctx, Str value, Part *part)
{
    ptrdiff_t params = str_find_char(value, ';');
    Str kind = str_trim(params < 0 ? value : str_sub(value, 0, (size_t)params)), name, file;
    if (!str_eq_ascii_nocase(kind, S("form-data")) || params < 0 || part->has_name)
        return fail_broken(ctx, "a part is no form-data");
    Str rest = str_from_at(value, (size_t)params + 1);
    if (!param_value(rest, "name", &name))
        return fail_broken(ctx, "a part has no name");
    part->has_name = true;
    part->name = name_decode(ctx->arena, name);
    part->is_file = param_value(rest, "filename", &file);
    if (part->is_file)
        part->file = file_name(name_decode(ctx->arena, file));
    if (part->name.len > NAME_MAX_BYTES || part->file.len > NAME_MAX_BYTES ||
        !utf8_valid(part->name) || !utf8_valid(part->file))
        return fail_broken(ctx, "a name is too long or not UTF-8");
    return OK;
}

static Status read_header(Ctx *ctx, Str line, Part *part)
{
    ptrdiff_t colon = str_find_char(line, ':');
    if (colon <= 0)
        return fail_broken(ctx, "a part's header has no name");
    Str name = str_sub(line, 0, (size_t)colon);
    Str value = str_trim(str_from_at(line, (size_t)colon + 1));
    if (str_eq_ascii_nocase(name, S("content-disposition")))
        return read_disposition(ctx, value, part);
    if (str_eq_ascii_nocase(name, S("content-type")))
        part->type = value;
    if (str_eq_ascii_nocase(name, S("content-transfer-encoding")) &&
        !str_eq_ascii_nocase(value, S("binary")) && !str_eq_ascii_nocase(value, S("8bit")) &&
        !str_eq_ascii_nocase(value, S("7bit")))
        return fail_broken(ctx, "a part is encoded");
    return OK;
}

// The headers of a part up to their empty line; the rest is its content.
static Status read_part(Ctx *ctx, Str part_text, Part *ret)
{
    Part part = { 0 };
    Str rest = part_text;
    for (int headers = 0;; headers++) {
        ptrdiff_t end = str_find(str_sub(rest, 0, PART_HEAD_MAX), S("\r\n"));
        if (end < 0 || headers > PART_HEADERS_MAX)
            return fail_broken(ctx, "a part's headers do not end");
        Str line = str_sub(rest, 0, (size_t)end);
        rest = str_from_at(rest, (size_t)end + 2);
        if (line.len == 0)
            break;
        TRY(read_header(ctx, line, &part));
    }
    if (!part.has_name)
        return fail_broken(ctx, "a part has no name");
    part.bytes = rest;
    *ret = part;
    return OK;
}

static Status add_part(Ctx *ctx, const Part *part, Multipart *form)
{
    if (!part->is_file) {
        if (form->fields.len == FORM_FIELDS_MAX)
            return FAIL(ctx, E_INVALID, "form.limit", "a form may have at most %d fields",
                        FORM_FIELDS_MAX);
        if (!utf8_valid(part->bytes) || str_find_char(part->bytes, '\0') >= 0)
            return fail_broken(ctx, "a field's value is not UTF-8");
        *list_push(ctx->arena, &form->fields) = (FormField){ part->name, part->bytes };
        return OK;
    }
    if (part->file.len == 0 && part->bytes.len == 0)
        return OK;
    if (form->files.len == MULTIPART_FILES_MAX)
        return FAIL(ctx, E_INVALID, "form.limit", "a form may have at most %d files",
                    MULTIPART_FILES_MAX);
    *list_push(ctx->arena, &form->files) =
        (UploadedFile){ part->name, part->file, part->type, part->bytes };
    return OK;
}

// A body is "--B CRLF part CRLF --B CRLF part CRLF --B--", perhaps with a CRLF behind.
Status multipart_parse(Ctx *ctx, Str body, Str boundary, Multipart *ret)
{
    Multipart form = { 0 };
    Str line = str_format(ctx->arena, "\r\n--" STR_FMT, STR_ARG(boundary));
    Str first = str_from_at(line, 2);  // the body's first delimiter has no CRLF before it
    if (!str_starts(body, first))
        return fail_broken(ctx, "they do not begin with the boundary");
    Str rest = str_from_at(body, first.len);
    while (!str_starts(rest, S("--"))) {
        if (!str_starts(rest, S("\r\n")))
            return fail_broken(ctx, "something follows a boundary");
        ptrdiff_t end = str_find(rest, line);
        if (end < 0)
            return fail_broken(ctx, "the last boundary is missing");
        // A part without headers and content lies between two delimiters that share a CRLF.
        Part part = { 0 };
        TRY(read_part(ctx, str_sub(rest, 2, end < 2 ? 0 : (size_t)end - 2), &part));
        TRY(add_part(ctx, &part, &form));
        rest = str_from_at(rest, (size_t)end + line.len);
    }
    *ret = form;
    return OK;
}
