// pool.h - two threads for what takes long (passwords, large files, calls to the outside), so that
// pages never wait behind it.
#pragma once

#include <stdbool.h>

void slow_pool_start(int threads);
void slow_pool_stop(void);  // finishes what is queued
// False when the queue is full or the pool is not running: the caller runs it itself.
bool slow_pool_run(void (*fn)(void *arg), void *arg);
