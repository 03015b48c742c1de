#include "base/str.h"
#include "kernel/db/db.h"
