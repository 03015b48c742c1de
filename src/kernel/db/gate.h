// gate.h - waiting for an answer that comes to many at once: one system call wakes all of them,
// where a condition variable each would take one a thread. Private to kernel/db.
//
//     for (unsigned seen = gate_look(&gate); !atomic_load(&is_done); seen = gate_look(&gate))
//         gate_wait(&gate, seen);
#pragma once

#include <stdatomic.h>

typedef struct Gate {
    atomic_uint openings;
} Gate;

static inline unsigned gate_look(Gate *gate)
{
    return atomic_load(&gate->openings);
}
void gate_wait(Gate *gate, unsigned seen);  // until it is opened, if it was not since gate_look()
void gate_open(Gate *gate);                 // after what the others wait for has been stored
