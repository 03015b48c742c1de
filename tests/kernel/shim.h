// shim.h - a SQLite file system whose write-ahead logs fail on command.
#pragma once

typedef enum ShimFault { SHIM_NONE, SHIM_WRITE_FULL, SHIM_SYNC_FAILS } ShimFault;

void shim_install(void);  // for files opened from here on
void shim_remove(void);
// The next `count` calls fail so.
void shim_fail(ShimFault fault, int count);
