// record_form.h - the form of a record, opened. Private to web.
#pragma once

#include "web/form.h"

// The form that the address means: of a new record, or of one that may be edited.
MUST_CHECK Status record_open_form(Ctx *ctx, Form *ret);
