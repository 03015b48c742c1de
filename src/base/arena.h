// arena.h - memory that goes away all at once.
//
// One request, job step or command owns one arena. Whatever it allocates or opens hangs from it,
// and nothing is freed by hand: that is why TRY may return early anywhere without leaking.
//
// An arena has a hard cap. Reaching it (or the system running out of memory) never returns to the
// caller: it unwinds to the boundary that ctx_guard() set up. An arena belongs to one thread at a
// time; it may be handed over, never shared.
#pragma once

#include <stddef.h>

typedef struct ArenaBlock ArenaBlock;
typedef struct ArenaDefer ArenaDefer;

typedef struct Arena {
    ArenaBlock *block;         // newest block first
    ArenaDefer *defers;        // newest first, the order in which they run
    size_t used;               // bytes handed out since the last clear
    size_t limit;              // the hard cap; 0 means none (tools and start-up only)
    long fail_after;           // tests: the n-th allocation from now fails; 0 = never
    void (*on_limit)(void *);  // must not return; NULL: print and abort
    void *on_limit_arg;
} Arena;

// A point to come back to: everything allocated and deferred after it goes, nothing before it.
typedef struct {
    ArenaBlock *block;
    ArenaDefer *defers;
    size_t block_used, used;
} ArenaMark;

// Zeroed, aligned to 16 bytes, never NULL.
void *arena_alloc(Arena *arena, size_t size);

// Makes `old` bytes at `p` into `size` bytes, in place where possible; what is new is zeroed.
// `p` may be NULL when `old` is 0. The old place must not be used again.
void *arena_grow(Arena *arena, void *p, size_t old, size_t size);
// The same without zeroing: for text, which is written before it is read.
void *arena_grow_text(Arena *arena, void *p, size_t old, size_t size);

// Runs fn(arg) when the arena is cleared or released, newest first. Register *before* acquiring
// what fn closes, because registering may itself not return.
void arena_defer(Arena *arena, void (*fn)(void *), void *arg);

ArenaMark arena_mark(Arena *arena);
void arena_rewind(Arena *arena, ArenaMark mark);

void arena_clear(Arena *arena);    // runs defers, keeps one block for reuse
void arena_release(Arena *arena);  // runs defers, gives all memory back

#define NEW(arena, type)          ((type *)arena_alloc((arena), sizeof(type)))
#define NEW_ARRAY(arena, type, n) ((type *)arena_alloc_array((arena), sizeof(type), (n)))

// size * count bytes; a product that overflows counts as reaching the cap.
void *arena_alloc_array(Arena *arena, size_t size, size_t count);
