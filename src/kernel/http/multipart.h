// multipart.h - bodies of several parts (multipart/form-data, RFC 7578). Private to kernel/http.
#pragma once

#include "kernel/http/request.h"

typedef LIST(UploadedFile) UploadedFileList;

typedef struct Multipart {
    FormFieldList fields;
    UploadedFileList
        files;  // also empty ones: a file field in which nothing was chosen is left out
} Multipart;

// The boundary of a Content-Type value; false when there is none that RFC 2046 allows.
bool multipart_boundary(Str content_type, Str *ret);

// Reads a whole body. Views point into it. E_INVALID "body.broken" (400), "form.limit".
MUST_CHECK Status multipart_parse(Ctx *ctx, Str body, Str boundary, Multipart *ret);
