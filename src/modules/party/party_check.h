// party_check.h - the party's own rules, run before it is saved. Private to the module.
#pragma once

#include "modules/party/party.h"

MUST_CHECK Status party_check(Ctx *ctx, void *record, const void *before);
