// stand.h - a house for a bench: the fixtures of the tests, opened with CHECK_OK as there, where a
// step that fails ends the program; and such a house behind the real server.
#pragma once

#include "kernel/http/server.h"
#include "modules/shop.h"

typedef struct Served {
    Server *server;
    int port;
    Str token;  // of somebody who may everything
} Served;
void served_open(Ctx *ctx, Served *ret);
void served_close(Served *served);
