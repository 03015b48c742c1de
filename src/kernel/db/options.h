// options.h - how many connections, and how many nodes. Private to kernel/db; the program's
// start-up and tests set it before the first db_open().
#pragma once

#include <stdbool.h>

typedef struct DbOptions {
    int handles_max;      // connections of all pools together; idle ones beyond are closed
    int pool_max;         // of one PostgreSQL database; beyond, borrowers wait
    int pool_wait_ms;     // so long, then E_BUSY
    int member_limit_ms;  // longest a member may run in a lane; more where nobody else waits for it
    int tenants_max;      // tenants that one PostgreSQL connection serves before it is replaced
    bool has_many_nodes;  // other nodes write too: a lane takes the tenant's advisory lock
    int checkpoint_pages;      // SQLite: a write-ahead log this long is copied into the database
    int checkpoint_pages_max;  // this long, writers wait for it
} DbOptions;

const DbOptions *db_options(void);
void db_use_options(const DbOptions *options);

// Tests: the n-th statement from now is refused as if the engine could not run it, "db.trouble"; 0:
// none is. Of all connections; what opens and closes transactions is not counted.
void db_fail_after(long n);
long db_fails_after(void);  // how many are left until it strikes; 0: it has, or was never set
