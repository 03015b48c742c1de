#include "gen/party.gen.h"
#include "modules/oms/oms.h"
