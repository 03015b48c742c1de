#include "gen/party.gen.h"
#include "modules/oms/oms_module.h"
#include "modules/oms/oms.h"
#include "modules/oms/order.h"
