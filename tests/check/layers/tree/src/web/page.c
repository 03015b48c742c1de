#include "kernel/tenant.h"
#include "gen/kernel.gen.h"
#include "gen/party.gen.h"
#include "modules/party/party.h"
