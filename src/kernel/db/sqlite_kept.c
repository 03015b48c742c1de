// sqlite_kept.c - rows that a reading connection keeps: the same question (Query.is_kept) gets the
// same answer, without asking, as long as nobody has committed anything to the file since.
//
// SQLite says so itself: `PRAGMA data_version` changes whenever another connection commits, of this
// process or of any other, and a connection that only reads has no commits of its own. Inside a
// snapshot it stands still, so it is asked once a snapshot; the question also begins the snapshot.
// (What a lane, which writes, remembers is in kept.h.)
// What was answered in the snapshot under way stays where it is, since somebody may still read it.
#include "kernel/db/sqlite.h"

enum { KEPT_BYTES_MAX = 64 * 1024, KEY_MAX = 2000 };

struct KeptRows {
    size_t key_len, count, bytes;
    int width;
    uint64_t snapshot;  // in which it was last used
    Cell *cells;        // behind it, then the key, then the texts
    char *key;
};

// ---- Keys ---------------------------------------------------------------------------------------

typedef struct Key {
    char bytes[KEY_MAX];
    size_t len;
    bool is_too_long;
} Key;

static void put(Key *key, const void *bytes, size_t len)
{
    key->is_too_long |= len > sizeof key->bytes - key->len;
    if (key->is_too_long)
        return;
    memcpy(key->bytes + key->len, bytes, len);
    key->len += len;
}

static void key_of(Query query, Key *ret)
{
    ret->len = 0;
    ret->is_too_long = false;
    put(ret, query.text, strlen(query.text) + 1);
    for (const Arg *arg = query.args; arg < query.args + query.count; arg++) {
        Str view = arg->type == ARG_INT || arg->type == ARG_NULL ? S("") : arg_view(arg);
        int64_t number = arg->type == ARG_INT ? arg->number : (int64_t)view.len;
        put(ret, &arg->type, sizeof arg->type);
        put(ret, &number, sizeof number);
        put(ret, view.ptr, view.len);
    }
}

static KeptRows **slot_of(SqliteConn *conn, const Key *key)
{
    return &conn->kept[str_hash((Str){ key->bytes, key->len }) % KEPT_SLOTS];
}

// ---- What is kept -------------------------------------------------------------------------------

static void drop(SqliteConn *conn, KeptRows **slot)
{
    if (*slot)
        conn->kept_bytes -= (*slot)->bytes;
    free(*slot);
    *slot = NULL;
}

void sqlite_kept_clear(SqliteConn *conn)
{
    for (KeptRows **slot = conn->kept; slot < conn->kept + KEPT_SLOTS; slot++)
        drop(conn, slot);
}

// False: it is not known whether anything was committed.
static bool look_at_version(SqliteConn *conn)
{
    if (conn->kept_snapshot == conn->snapshot)
        return true;
    int64_t version = conn->conn.driver->version(&conn->conn);
    if (!version || version != conn->kept_version)
        sqlite_kept_clear(conn);
    conn->kept_version = version;
    if (version)
        conn->kept_snapshot = conn->snapshot;
    return version != 0;
}

// A snapshot, and it is known that nothing was committed since what is kept was read.
static bool holds(SqliteConn *conn)
{
    return conn->in_transaction && !conn->conn.is_writing && look_at_version(conn);
}

const KeptRows *sqlite_kept_find(SqliteConn *conn, Query query)
{
    Key key;
    key_of(query, &key);
    if (key.is_too_long || !holds(conn))
        return NULL;
    KeptRows *kept = *slot_of(conn, &key);
    if (!kept || kept->key_len != key.len || memcmp(kept->key, key.bytes, key.len) != 0)
        return NULL;
    kept->snapshot = conn->snapshot;
    return kept;
}

Cell *sqlite_kept_cells(const KeptRows *kept, size_t *ret_count, int *ret_width)
{
    *ret_count = kept->count;
    *ret_width = kept->width;
    return kept->cells;
}

// ---- Keeping ------------------------------------------------------------------------------------

static size_t text_bytes(const Cell *cells, size_t count)
{
    size_t bytes = 0;
    for (const Cell *cell = cells; cell < cells + count; cell++)
        bytes += cell->type == CELL_TEXT || cell->type == CELL_BYTES ? cell->text.len : 0;
    return bytes;
}

static KeptRows *copy_of(const Key *key, const Cell *cells, size_t count, size_t bytes)
{
    KeptRows *kept = malloc(bytes);
    if (!kept)
        return NULL;
    *kept = (KeptRows){ .key_len = key->len, .count = count, .bytes = bytes };
    kept->cells = (Cell *)(kept + 1);
    kept->key = (char *)(kept->cells + count);
    memcpy(kept->key, key->bytes, key->len);
    char *text = kept->key + key->len;
    for (size_t i = 0; i < count; i++) {
        kept->cells[i] = cells[i];
        if (cells[i].type != CELL_TEXT && cells[i].type != CELL_BYTES)
            continue;
        memcpy(text, cells[i].text.ptr, cells[i].text.len);
        kept->cells[i].text.ptr = text;
        text += cells[i].text.len;
    }
    return kept;
}

void sqlite_keep(SqliteConn *conn, Query query, const Cell *cells, size_t count, int width)
{
    Key key;
    key_of(query, &key);
    if (key.is_too_long || !holds(conn))
        return;
    KeptRows **slot = slot_of(conn, &key);
    size_t bytes = sizeof **slot + count * sizeof *cells + key.len + text_bytes(cells, count);
    bool is_in_use = *slot && (*slot)->snapshot == conn->snapshot;
    if (is_in_use || conn->kept_bytes + bytes > KEPT_BYTES_MAX)
        return;
    KeptRows *kept = copy_of(&key, cells, count, bytes);
    if (!kept)
        return;
    drop(conn, slot);
    kept->width = width;
    kept->snapshot = conn->snapshot;
    conn->kept_bytes += bytes;
    *slot = kept;
}
