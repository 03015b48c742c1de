// refused.h - the file of rows that an import refused. Private to kernel/transfer.
#pragma once

#include "kernel/tenant.h"

enum { REFUSED_BYTES_MAX = 20 << 20 };

// Reads `path` again beside what import_row says and stores the refused rows as CSV: their cells as
// they came, the row they stood in, and the reason. What goes beyond the limit is counted at the
// end.
MUST_CHECK Status refused_file(Ctx *ctx, Id import, const char *path, Str name, Id *ret_file);
