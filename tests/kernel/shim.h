// shim.h - a SQLite file system whose write-ahead logs fail on command.
#pragma once

#include <stdbool.h>

typedef enum ShimFault {
    SHIM_NONE,
    SHIM_WRITE_FULL,   // no room is left
    SHIM_WRITE_FAILS,  // the disk does not take it
    SHIM_SYNC_FAILS
} ShimFault;

void shim_install(void);  // for files opened from here on
void shim_remove(void);
// The next `count` calls fail so.
void shim_fail(ShimFault fault, int count);
// The same, behind so many that succeed; has it come to that?
void shim_fail_behind(ShimFault fault, int before, int count);
bool shim_has_failed(void);
