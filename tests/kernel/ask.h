// ask.h - requests without a socket: through the router, identity, permissions, transaction and
// handler as in the program, answered before the call returns.
#pragma once

#include "kernel/house.h"
#include "kernel/http/request.h"

typedef struct Answered {
    int status;
    Str body, type, location;
    Str cookie;  // the first that was set: "name=value"
} Answered;

typedef struct Asking {
    const char *method;
    Str target;         // "/api/v1/platform/roles?limit=2"
    Str token, tenant;  // Bearer; X-Tenant. "" none
    Str body;           // JSON; "" none
    Str key;            // Idempotency-Key
    Str type;           // Content-Type of the body; "": JSON
    Str cookie, host;   // "name=value"; "": none, localhost
    Str address;        // the client's; "": this machine's
    Str from, agent;    // Referer, User-Agent
    bool wants_page;    // as a browser asks; else as a program does
} Asking;

// Memory from ctx; its actor and tenant stay as they are. From any thread with a ctx of its own.
Answered ask(Ctx *ctx, const Asking *asking);

// A staff user with this role (made here), signed in: a token for the house's company.
Str ask_token(Ctx *ctx, const char *login, const char *role);
