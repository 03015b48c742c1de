// intern.c - one stable copy of each statement that the program's own tables shape, for its life.
//
// Entries are only ever added, so what was handed out stays good without a lock.
#include "kernel/db/db.h"

#include "base/map.h"

#include <pthread.h>

static struct {
    pthread_mutex_t lock;
    Arena arena;
    Map texts;  // text -> the same text
} interned = { .lock = PTHREAD_MUTEX_INITIALIZER, .texts = { .arena = &interned.arena } };

const char *sql_intern(Str text)
{
    pthread_mutex_lock(&interned.lock);
    char *found = map_get(&interned.texts, text);
    if (!found) {
        Str copy = str_copy(&interned.arena, text);
        found = (char *)copy.ptr;
        map_put(&interned.texts, copy, found);
    }
    pthread_mutex_unlock(&interned.lock);
    return found;
}

size_t sql_interned(void)
{
    pthread_mutex_lock(&interned.lock);
    size_t count = interned.texts.len;
    pthread_mutex_unlock(&interned.lock);
    return count;
}
