// kernel_routes.c - the kernel's own routes: signing in over the API, health, figures, webhooks' secrets.
#include "kernel/auth/routes.h"
#include "kernel/http/system.h"
#include "kernel/kernel_module.h"
#include "kernel/outside/webhook.h"

enum {
    FREE_FOR_ALL = ROUTE_PUBLIC | ROUTE_CONTROL | ROUTE_NO_CSRF,
    SIGN_IN = ROUTE_PUBLIC | ROUTE_SLOW | ROUTE_NO_CSRF,
};

// clang-format off
const Route kernel_routes[] = {
    { "GET", "/health/live", NULL, ROUTE_FREE, system_live, FREE_FOR_ALL | ROUTE_QUICK, "Is the process alive?" },
    { "GET", "/health/ready", NULL, ROUTE_FREE, system_ready, FREE_FOR_ALL, "May it be sent requests?" },
    { "GET", "/metrics", NULL, ROUTE_FREE, system_metrics, FREE_FOR_ALL, "Figures for Prometheus" },
    { "POST", "/api/v1/auth/login", NULL, ROUTE_FREE, auth_login, SIGN_IN, "Sign in with a password" },
    { "POST", "/api/v1/auth/refresh", NULL, ROUTE_FREE, auth_refresh, SIGN_IN, "New tokens for a refresh token" },
    { "POST", "/api/v1/auth/logout", "", ROUTE_FREE, auth_logout, ROUTE_PORTAL, "End the session" },
    { "GET", "/api/v1/auth/me", "", ROUTE_READ, auth_me, ROUTE_PORTAL, "Who am I, and what may I do?" },
    { "GET", "/api/v1/platform/webhooks/{id}/secret", "platform.keys", ROUTE_READ, webhook_show_secret,
      .summary = "What a receiver checks signatures with" },
    { 0 },
};
// clang-format on
