// gate.c - futex(2), the shared counter that the kernel can wait on.
#include "kernel/db/gate.h"

#include <limits.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

void gate_wait(Gate *gate, unsigned seen)
{
    syscall(SYS_futex, &gate->openings, FUTEX_WAIT_PRIVATE, seen, NULL, NULL, 0);
}

void gate_open(Gate *gate)
{
    atomic_fetch_add(&gate->openings, 1);
    syscall(SYS_futex, &gate->openings, FUTEX_WAKE_PRIVATE, INT_MAX, NULL, NULL, 0);
}
