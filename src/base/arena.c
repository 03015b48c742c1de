// arena.c - blocks in a chain, the newest in front; a small allocation is a bump of a pointer.
//
// Blocks double up to BLOCK_MAX so that a small request touches one page and a large one does not
// call malloc a thousand times. A request larger than a block gets a block of its own.
#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Under the address sanitizer every allocation is followed by a few poisoned bytes and given-back
// memory is poisoned, so that a stray read inside an arena is found as it would be with malloc.
#if defined __has_feature  // clang
#if __has_feature(address_sanitizer)
#define __SANITIZE_ADDRESS__
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#include <sanitizer/asan_interface.h>
enum { REDZONE = 16 };
#else
enum { REDZONE = 0 };
#define ASAN_POISON_MEMORY_REGION(at, size)   ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#endif

enum { ALIGN = 16, BLOCK_FIRST = 8 * 1024, BLOCK_MAX = 512 * 1024 };

struct ArenaBlock {
    ArenaBlock *next;
    size_t used, size;
    _Alignas(ALIGN) char bytes[];
};

struct ArenaDefer {
    ArenaDefer *next;
    void (*fn)(void *);
    void *arg;
};

_Noreturn static void arena_full(Arena *arena)
{
    if (arena->on_limit)
        arena->on_limit(arena->on_limit_arg);
    fprintf(stderr, "arena: limit of %zu bytes reached\n", arena->limit);
    abort();
}

static size_t round_up(size_t size)
{
    return (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

static ArenaBlock *block_push(Arena *arena, size_t size)
{
    size_t room = arena->block ? arena->block->size * 2 : BLOCK_FIRST;
    if (room > BLOCK_MAX)
        room = BLOCK_MAX;
    if (room < size)
        room = size;
    ArenaBlock *block = malloc(sizeof *block + room);
    if (!block)
        arena_full(arena);
    block->next = arena->block;
    block->used = 0;
    block->size = room;
    ASAN_POISON_MEMORY_REGION(block->bytes, room);
    arena->block = block;
    return block;
}

static void block_cut(ArenaBlock *block, size_t used)
{
    ASAN_POISON_MEMORY_REGION(block->bytes + used, block->size - used);
    block->used = used;
}

// Not zeroed; `size` is a multiple of ALIGN.
static void *take(Arena *arena, size_t size)
{
    if (arena->fail_after && --arena->fail_after == 0)
        arena_full(arena);
    if (arena->limit && arena->used + size > arena->limit)
        arena_full(arena);

    ArenaBlock *block = arena->block;
    if (!block || block->size - block->used < size + REDZONE)
        block = block_push(arena, size + REDZONE);
    void *p = block->bytes + block->used;
    block->used += size + REDZONE;
    arena->used += size;
    ASAN_UNPOISON_MEMORY_REGION(p, size);
    return p;
}

static size_t checked(Arena *arena, size_t size)
{
    if (size > SIZE_MAX / 4)
        arena_full(arena);
    return round_up(size);
}

void *arena_alloc(Arena *arena, size_t size)
{
    size = checked(arena, size);
    return memset(take(arena, size), 0, size);
}

void *arena_alloc_array(Arena *arena, size_t size, size_t count)
{
    size_t bytes;
    if (__builtin_mul_overflow(size, count, &bytes))
        arena_full(arena);
    return arena_alloc(arena, bytes);
}

void *arena_grow_text(Arena *arena, void *p, size_t old, size_t size)
{
    size_t had = round_up(old), want = checked(arena, size);
    ArenaBlock *block = arena->block;
    bool is_last = p && block && (char *)p + had == block->bytes + block->used;
    size_t more = want - had;
    bool fits = !arena->fail_after && !REDZONE && want >= had && block &&
                block->size - block->used >= more &&
                (!arena->limit || arena->used + more <= arena->limit);
    if (is_last && fits) {
        block->used += more;
        arena->used += more;
        return p;
    }
    void *grown = take(arena, want);
    if (old)
        memcpy(grown, p, old < size ? old : size);
    return grown;
}

void *arena_grow(Arena *arena, void *p, size_t old, size_t size)
{
    char *grown = arena_grow_text(arena, p, old, size);
    size_t kept = old < size ? old : size;
    memset(grown + kept, 0, round_up(size) - kept);
    return grown;
}

void arena_defer(Arena *arena, void (*fn)(void *), void *arg)
{
    ArenaDefer *defer = NEW(arena, ArenaDefer);
    *defer = (ArenaDefer){ arena->defers, fn, arg };
    arena->defers = defer;
}

static void run_defers(Arena *arena, const ArenaDefer *until)
{
    while (arena->defers != until) {
        ArenaDefer *defer = arena->defers;
        arena->defers = defer->next;  // first, so that one that fails is not run again
        defer->fn(defer->arg);
    }
}

ArenaMark arena_mark(Arena *arena)
{
    return (ArenaMark){ arena->block, arena->defers, arena->block ? arena->block->used : 0,
                        arena->used };
}

void arena_rewind(Arena *arena, ArenaMark mark)
{
    run_defers(arena, mark.defers);
    while (arena->block != mark.block) {
        ArenaBlock *block = arena->block;
        arena->block = block->next;
        free(block);
    }
    if (arena->block)
        block_cut(arena->block, mark.block_used);
    arena->used = mark.used;
}

void arena_clear(Arena *arena)
{
    run_defers(arena, NULL);
    ArenaBlock *first = arena->block;
    while (first && first->next) {
        ArenaBlock *next = first->next;
        free(first);
        first = next;
    }
    if (first)
        block_cut(first, 0);
    arena->block = first;
    arena->used = 0;
}

void arena_release(Arena *arena)
{
    run_defers(arena, NULL);
    while (arena->block) {
        ArenaBlock *next = arena->block->next;
        free(arena->block);
        arena->block = next;
    }
    arena->used = 0;
}
