// commands.h - what `entrepot COMMAND` runs; commands.c lists them.
#pragma once

#include "app/app.h"

MUST_CHECK Status command_serve(Ctx *ctx, const Args *args);
MUST_CHECK Status command_tenant(Ctx *ctx, const Args *args);
MUST_CHECK Status command_user(Ctx *ctx, const Args *args);
MUST_CHECK Status command_apikey(Ctx *ctx, const Args *args);
MUST_CHECK Status command_migrate(Ctx *ctx, const Args *args);
MUST_CHECK Status command_verify(Ctx *ctx, const Args *args);
MUST_CHECK Status command_job(Ctx *ctx, const Args *args);
MUST_CHECK Status command_doctor(Ctx *ctx, const Args *args);
MUST_CHECK Status command_replay(Ctx *ctx, const Args *args);
MUST_CHECK Status command_import(Ctx *ctx, const Args *args);
MUST_CHECK Status command_export(Ctx *ctx, const Args *args);
MUST_CHECK Status command_backup(Ctx *ctx, const Args *args);
MUST_CHECK Status command_restore(Ctx *ctx, const Args *args);
MUST_CHECK Status command_demo(Ctx *ctx, const Args *args);
