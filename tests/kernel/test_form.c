// test_form.c - bodies: forms as trees, forms of several parts, and which type is read how.
#include "harness.h"
#include "kernel/http/head.h"
#include "kernel/http/multipart.h"

static Ctx *ctx;

static Str tree_text(const Json *tree)
{
    Buf out = { .arena = ctx->arena };
    JsonOut json = { .out = &out };
    json_put_tree(&json, tree);
    return buf_str(&out);
}

// ---- Forms as trees -----------------------------------------------------------------------------

static void test_form_trees(void)
{
    static const struct {
        const char *form, *tree;  // NULL: refused
    } rows[] = {
        { "", "{}" },
        { "a=1", "{\"a\":\"1\"}" },
        { "a=1&b=2", "{\"a\":\"1\",\"b\":\"2\"}" },
        { "b=2&a=1", "{\"b\":\"2\",\"a\":\"1\"}" },
        { "a=1&a=2", "{\"a\":[\"1\",\"2\"]}" },
        { "a[]=1", "{\"a\":[\"1\"]}" },
        { "a[]=1&a[]=2", "{\"a\":[\"1\",\"2\"]}" },
        { "a[]=1&a=2", "{\"a\":[\"1\",\"2\"]}" },
        { "a.b=1&a.c=2", "{\"a\":{\"b\":\"1\",\"c\":\"2\"}}" },
        { "lines[0].quantity=5&lines[0].variant=x&lines[1].quantity=6",
          "{\"lines\":[{\"quantity\":\"5\",\"variant\":\"x\"},{\"quantity\":\"6\"}]}" },
        { "lines[1].q=1&lines[0].q=0", "{\"lines\":[{\"q\":\"0\"},{\"q\":\"1\"}]}" },
        { "lines[7].q=7&lines[12].q=12&lines[9].q=9",
          "{\"lines\":[{\"q\":\"7\"},{\"q\":\"9\"},{\"q\":\"12\"}]}" },
        { "a[0]=x&a[1]=y", "{\"a\":[\"x\",\"y\"]}" },
        { "a[0][1]=x", "{\"a\":[[\"x\"]]}" },
        { "a[0][]=x", "{\"a\":[[\"x\"]]}" },
        { "a.b.c.d.e.f.g.h=1",
          "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":{\"g\":{\"h\":\"1\"}}}}}}}}" },
        { "a b=1&%C3%A9=2", "{\"a b\":\"1\",\"\xc3\xa9\":\"2\"}" },
        { "a[9999]=1", "{\"a\":[\"1\"]}" },
        { "a=", "{\"a\":\"\"}" },
        { "a", "{\"a\":\"\"}" },
        { "a.b.c.d.e.f.g.h.i=1", NULL },
        { "a=1&a.b=2", NULL },
        { "a.b=2&a=1", NULL },
        { "a[0]=1&a.b=2", NULL },
        { "a[0]=1&a[]=2", NULL },
        { "a=1&a[0]=2", NULL },
        { "=1", NULL },
        { ".a=1", NULL },
        { "a.=1", NULL },
        { "a..b=1", NULL },
        { "a[=1", NULL },
        { "a]=1", NULL },
        { "a[x]=1", NULL },
        { "a[-1]=1", NULL },
        { "a[+1]=1", NULL },
        { "a[01]=1", NULL },
        { "a[10000]=1", NULL },
        { "a[99999999999999999999]=1", NULL },
        { "a[0]b=1", NULL },
        { "a[].b=1", NULL },
        { "a[][0]=1", NULL },
        { "[0]=1", NULL },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].form;
        ctx = test_ctx();
        FormFieldList fields = { 0 };
        const Json *tree = NULL;
        CHECK(fields_parse(ctx->arena, str_from(rows[i].form), 100, &fields));
        Status status = form_to_json(ctx, &fields, &tree);
        CHECK_INT(status == OK, rows[i].tree != NULL);
        if (status == OK && rows[i].tree)
            CHECK_STR(tree_text(tree), rows[i].tree);
        else
            CHECK(status == OK || strcmp(ctx->failure.code, "form.shape") == 0);
        ctx_recover(ctx);
    }
}

static void test_form_limits(void)
{
    ctx = test_ctx();
    FormFieldList fields = { 0 };
    const Json *tree;
    for (int i = 0; i < FORM_FIELDS_MAX; i++)
        *list_push(ctx->arena, &fields) =
            (FormField){ str_format(ctx->arena, "lines[%d].f%d", i / 20, i % 20), S("x") };
    CHECK_OK(ctx, form_to_json(ctx, &fields, &tree));
    CHECK_INT(json_get(tree, "lines")->count, FORM_FIELDS_MAX / 20);
    *list_push(ctx->arena, &fields) = (FormField){ S("one"), S("more") };
    CHECK_FAILS(ctx, "form.limit", form_to_json(ctx, &fields, &tree));
}

// ---- Several parts ------------------------------------------------------------------------------

static void test_boundaries(void)
{
    static const char *const rows[][2] = {
        { "multipart/form-data; boundary=abc", "abc" },
        { "multipart/form-data;boundary=\"a b\"", "a b" },
        { "multipart/form-data; charset=utf-8; Boundary=abc", "abc" },
        { "multipart/form-data; x=\"boundary=no\"; boundary=yes", "yes" },
        { "multipart/form-data; boundary=abc; x=y", "abc" },
        { "multipart/form-data", NULL },
        { "multipart/form-data; boundary=", NULL },
        { "multipart/form-data; boundary=\"abc", NULL },
        { "multipart/form-data; boundary=\"abc \"", NULL },
        { "multipart/form-data; xboundary=abc", NULL },
        { "multipart/form-data; boundary=0123456789012345678901234567890123456789"
          "0123456789012345678901234567890",
          NULL },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i][0];
        Str boundary = S("");
        CHECK_INT(multipart_boundary(str_from(rows[i][0]), &boundary), rows[i][1] != NULL);
        CHECK_STR(boundary, rows[i][1] ? rows[i][1] : "");
    }
}

#define PART(headers, content) "--B\r\n" headers "\r\n" content "\r\n"
#define FIELD(name, value)     PART("Content-Disposition: form-data; name=\"" name "\"\r\n", value)

// Fields as name=value, files as name:file(type)=content, one a line.
static Str multipart_text(const Multipart *form)
{
    Buf out = { .arena = ctx->arena };
    buf_c(&out, "");
    EACH (field, form->fields)
        buf_printf(&out, STR_FMT "=" STR_FMT "\n", STR_ARG(field->name), STR_ARG(field->value));
    EACH (file, form->files)
        buf_printf(&out, STR_FMT ":" STR_FMT "(" STR_FMT ")=" STR_FMT "\n", STR_ARG(file->field),
                   STR_ARG(file->name), STR_ARG(file->type), STR_ARG(file->bytes));
    return buf_str(&out);
}

static void test_multipart(void)
{
    static const struct {
        const char *name;
        Str body;
        const char *wanted;  // NULL: refused
    } rows[] = {
#define BODY(name, bytes, wanted) { name, { "" bytes, sizeof(bytes) - 1 }, wanted }
        BODY("two fields", FIELD("a", "1") FIELD("b", "2") "--B--\r\n", "a=1\nb=2\n"),
        BODY("no line end behind", FIELD("a", "1") "--B--", "a=1\n"),
        BODY("something behind", FIELD("a", "1") "--B--\r\nepilogue", "a=1\n"),
        BODY("no part", "--B--\r\n", ""),
        BODY("empty value", FIELD("a", "") "--B--", "a=\n"),
        BODY("lines in a value", FIELD("a", "1\r\n2\n3") "--B--", "a=1\r\n2\n3\n"),
        BODY("nearly a boundary", FIELD("a", "x--B\r\n-B\n--B") "--B--", "a=x--B\r\n-B\n--B\n"),
        BODY("empty name", FIELD("", "1") "--B--", "=1\n"),
        BODY("quotes in a name", FIELD("a%22b%0D%0Ac%41", "1") "--B--", "a\"b\r\nc%41=1\n"),
        BODY("without quotes", PART("content-disposition:form-data;name=a\r\n", "1") "--B--",
             "a=1\n"),
        BODY("other headers",
             PART("X: y\r\nContent-Disposition: form-data; name=\"a\"\r\nZ: \r\n", "1") "--B--",
             "a=1\n"),
        BODY("a file",
             PART("Content-Disposition: form-data; name=\"f\"; filename=\"x.txt\"\r\n"
                  "Content-Type: text/plain\r\n",
                  "hello") "--B--",
             "f:x.txt(text/plain)=hello\n"),
        BODY("bytes in a file",
             PART("Content-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n",
                  "\x01\xff\r\n") "--B--",
             "f:x()=\x01\xff\r\n\n"),
        BODY("a file named before",
             PART("Content-Disposition: form-data; filename=\"x\"; name=\"f\"\r\n", "1") "--B--",
             "f:x()=1\n"),
        BODY("a name inside a file's name",
             PART("Content-Disposition: form-data; "
                  "filename=\"; name=evil\"; name=\"f\"\r\n",
                  "1") "--B--",
             "f:; name=evil()=1\n"),
        BODY("a path",
             PART("Content-Disposition: form-data; name=\"f\"; "
                  "filename=\"C:\\dir\\x.txt\"\r\n",
                  "1") "--B--",
             "f:x.txt()=1\n"),
        BODY("dots and slashes",
             PART("Content-Disposition: form-data; name=\"f\"; "
                  "filename=\"../../etc/passwd\"\r\n",
                  "1") "--B--",
             "f:passwd()=1\n"),
        BODY("nothing chosen",
             PART("Content-Disposition: form-data; name=\"f\"; filename=\"\"\r\n"
                  "Content-Type: application/octet-stream\r\n",
                  "") "--B--",
             ""),
        BODY("an empty file",
             PART("Content-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n", "") "--B--",
             "f:x()=\n"),
        BODY("nothing at all", "", NULL),
        BODY("no boundary", "abc", NULL),
        BODY("a preamble", "preamble\r\n" FIELD("a", "1") "--B--", NULL),
        BODY("no end", FIELD("a", "1"), NULL),
        BODY("cut in the value", "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1",
             NULL),
        BODY("cut in the head", "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n--B--", NULL),
        BODY("nothing between", "--B\r\n--B--", NULL),
        BODY("words behind a boundary", "--B x\r\n--B--", NULL),
        BODY("no disposition", PART("X: y\r\n", "1") "--B--", NULL),
        BODY("no name", PART("Content-Disposition: form-data\r\n", "1") "--B--", NULL),
        BODY("another disposition",
             PART("Content-Disposition: attachment; name=\"a\"\r\n", "1") "--B--", NULL),
        BODY("two dispositions",
             PART("Content-Disposition: form-data; name=\"a\"\r\n"
                  "Content-Disposition: form-data; name=\"b\"\r\n",
                  "1") "--B--",
             NULL),
        BODY("no colon", PART("Content-Disposition\r\n", "1") "--B--", NULL),
        BODY("quotes not closed", PART("Content-Disposition: form-data; name=\"a\r\n", "1") "--B--",
             NULL),
        BODY("encoded",
             PART("Content-Disposition: form-data; name=\"a\"\r\n"
                  "Content-Transfer-Encoding: base64\r\n",
                  "MQ==") "--B--",
             NULL),
        BODY("not encoded",
             PART("Content-Disposition: form-data; name=\"a\"\r\n"
                  "Content-Transfer-Encoding: BINARY\r\n",
                  "1") "--B--",
             "a=1\n"),
        BODY("a name that is no UTF-8", FIELD("\xff", "1") "--B--", NULL),
        BODY("a value that is no UTF-8", FIELD("a", "\xff") "--B--", NULL),
        BODY("a NUL in a value", FIELD("a", "1\0002") "--B--", NULL),
        BODY("bare LF", "--B\nContent-Disposition: form-data; name=\"a\"\n\n1\n--B--", NULL),
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].name;
        ctx = test_ctx();
        Multipart form;
        Status status = multipart_parse(ctx, rows[i].body, S("B"), &form);
        CHECK_INT(status == OK, rows[i].wanted != NULL);
        if (status == OK && rows[i].wanted)
            CHECK_STR(multipart_text(&form), rows[i].wanted);
        else
            CHECK(status == OK || strcmp(ctx->failure.code, "body.broken") == 0);
        ctx_recover(ctx);
    }
}

static Str many_parts(int parts, const char *more, int header_bytes)
{
    Buf out = { .arena = ctx->arena };
    for (int i = 0; i < parts; i++) {
        buf_printf(&out, "--B\r\nContent-Disposition: form-data; name=\"a\"%s\r\nX: ", more);
        for (int n = 0; n < header_bytes; n++)
            buf_char(&out, 'x');
        buf_c(&out, "\r\n\r\n1\r\n");
    }
    buf_c(&out, "--B--");
    return buf_str(&out);
}

static void test_multipart_limits(void)
{
    ctx = test_ctx();
    Multipart form;
    Str files = S("; filename=\"x\"");
    CHECK_OK(ctx,
             multipart_parse(ctx, many_parts(MULTIPART_FILES_MAX, files.ptr, 1), S("B"), &form));
    CHECK_FAILS(
        ctx, "form.limit",
        multipart_parse(ctx, many_parts(MULTIPART_FILES_MAX + 1, files.ptr, 1), S("B"), &form));
    CHECK_OK(ctx, multipart_parse(ctx, many_parts(FORM_FIELDS_MAX, "", 1), S("B"), &form));
    CHECK_FAILS(ctx, "form.limit",
                multipart_parse(ctx, many_parts(FORM_FIELDS_MAX + 1, "", 1), S("B"), &form));
    CHECK_OK(ctx, multipart_parse(ctx, many_parts(1, "", 8000), S("B"), &form));
    CHECK_FAILS(ctx, "body.broken", multipart_parse(ctx, many_parts(1, "", 9000), S("B"), &form));
}

// ---- Which body is read how ---------------------------------------------------------------------

static Request *request_of(const char *type, Str body)
{
    static Request request;
    request = (Request){ .method = HTTP_POST, .body = body };
    ctx = test_ctx();
    ctx->request = &request;
    if (type)
        *list_push(ctx->arena, &request.headers) =
            (HttpHeader){ S("content-type"), str_from(type) };
    return &request;
}

static void test_types(void)
{
    static const struct {
        const char *type, *body, *wanted;  // a tree, or a code
    } rows[] = {
        { NULL, "", "{}" },
        { "text/csv", "", "{}" },
        { "application/json", "[1]", "[1]" },
        { "Application/JSON; charset=UTF-8", "{\"a\":1.10}", "{\"a\":1.10}" },
        { "application/json;charset=\"utf-8\"", "1", "1" },
        { "application/merge-patch+json", "{}", "{}" },
        { "application/json; charset=latin1", "{}", "body.type" },
        { "application/json", "{", "json.syntax" },
        { "application/x-www-form-urlencoded", "a[0].b=1", "{\"a\":[{\"b\":\"1\"}]}" },
        { "application/x-www-form-urlencoded", "a=%f", "body.broken" },
        { "application/x-www-form-urlencoded", "a=1&a.b=2", "form.shape" },
        { "multipart/form-data; boundary=B", FIELD("a", "1") "--B--", "{\"a\":\"1\"}" },
        { "multipart/form-data", FIELD("a", "1") "--B--", "body.broken" },
        { "multipart/form-data; boundary=C", FIELD("a", "1") "--B--", "body.broken" },
        { NULL, "a=1", "body.type" },
        { "", "a=1", "body.type" },
        { "text/plain", "a=1", "body.type" },
        { "application/jsonp", "1", "body.type" },
        { "multipart/mixed; boundary=B", "--B--", "body.type" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        test_row = rows[i].type;
        request_of(rows[i].type, str_from(rows[i].body));
        const Json *tree = NULL;
        Status status = request_json(ctx, &tree);
        CHECK_STR(status == OK ? tree_text(tree) : str_from(ctx->failure.code), rows[i].wanted);
        ctx_recover(ctx);
    }
}

static void test_compressed_body(void)
{
    Request *request = request_of("application/json", S("{}"));
    const Json *tree;
    HttpHeader *header = list_push(ctx->arena, &request->headers);
    *header = (HttpHeader){ S("content-encoding"), S("gzip") };
    CHECK_FAILS(ctx, "body.type", request_json(ctx, &tree));
    header->value = S("identity");
    CHECK_OK(ctx, request_json(ctx, &tree));
}

static void test_read_once(void)
{
    static const char body[] = FIELD("a", "1")
        PART("Content-Disposition: form-data; name=\"f\"; filename=\"x\"\r\n", "2") "--B--";
    request_of("multipart/form-data; boundary=B", str_from(body));
    const Json *tree, *again;
    const FormFieldList *fields;
    UploadedFile *files, *files_again;
    size_t count;
    CHECK_OK(ctx, request_json(ctx, &tree));
    CHECK_OK(ctx, request_json(ctx, &again));
    CHECK(tree == again);
    CHECK_OK(ctx, request_form(ctx, &fields));
    CHECK_INT(fields->len, 1);
    CHECK_OK(ctx, request_files(ctx, &files, &count));
    CHECK_OK(ctx, request_files(ctx, &files_again, &count));
    CHECK_INT(count, 1);
    CHECK(files == files_again);
    CHECK_STR(files[0].bytes, "2");
    CHECK(files[0].bytes.ptr > body && files[0].bytes.ptr < body + sizeof body);  // a view

    request_of("application/json", S("{}"));
    CHECK_FAILS(ctx, "body.type", request_form(ctx, &fields));
    CHECK_OK(ctx, request_files(ctx, &files, &count));
    CHECK_INT(count, 0);
}

const Test form_tests[] = {
    { "a form is the tree that its names draw", test_form_trees },
    { "forms are limited", test_form_limits },
    { "the boundary is found among the parameters", test_boundaries },
    { "parts are read as browsers write them", test_multipart },
    { "parts are limited", test_multipart_limits },
    { "the type decides how a body is read", test_types },
    { "a compressed body is refused", test_compressed_body },
    { "a body is read once", test_read_once },
    { 0 },
};
