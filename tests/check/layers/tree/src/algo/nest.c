#include "base/list.h"
#include "kernel/tenant.h"
#include <stdint.h>
#include <time.h>
#include <sys/socket.h>
