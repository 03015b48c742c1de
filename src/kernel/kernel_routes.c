// kernel_routes.c - the kernel's own routes: signing in over the API, health, figures, settings,
// secrets, files.
#include "gen/kernel.gen.h"
#include "kernel/audit/routes.h"
#include "kernel/auth/routes.h"
#include "kernel/files/routes.h"
#include "kernel/http/system.h"
#include "kernel/inbox/routes.h"
#include "kernel/kernel_module.h"
#include "kernel/outside/webhook.h"
#include "kernel/tenant/routes.h"

enum {
    FREE_FOR_ALL = ROUTE_PUBLIC | ROUTE_CONTROL | ROUTE_NO_CSRF,
    SIGN_IN = ROUTE_PUBLIC | ROUTE_SLOW | ROUTE_NO_CSRF,
};

// clang-format off
const Route kernel_routes[] = {
    { "GET", "/health/live", NULL, ROUTE_FREE, system_live, FREE_FOR_ALL | ROUTE_QUICK, "Is the process alive?" },
    { "GET", "/health/ready", NULL, ROUTE_FREE, system_ready, FREE_FOR_ALL, "May it be sent requests?" },
    { "GET", "/metrics", NULL, ROUTE_FREE, system_metrics, FREE_FOR_ALL, "Figures for Prometheus" },
    { "POST", "/api/v1/auth/login", NULL, ROUTE_FREE, auth_login, SIGN_IN, "Sign in with a password", &credentials_shape, &tokens_shape },
    { "POST", "/api/v1/auth/refresh", NULL, ROUTE_FREE, auth_refresh, SIGN_IN, "New tokens for a refresh token", &refresh_input_shape, &tokens_shape },
    { "POST", "/api/v1/auth/logout", "", ROUTE_FREE, auth_logout, ROUTE_PORTAL, "End the session" },
    { "GET", "/api/v1/auth/me", "", ROUTE_READ, auth_me, ROUTE_PORTAL, "Who am I, and what may I do?" },
    { "GET", "/api/v1/platform/settings", "platform.view", ROUTE_READ, settings_list, 0, "Settings, with what they do" },
    { "PATCH", "/api/v1/platform/settings", "platform.settings", ROUTE_WRITE, settings_change, 0, "Change settings" },
    { "GET", "/api/v1/platform/modules", "platform.view", ROUTE_READ, modules_list, 0, "Modules, used and unused" },
    { "POST", "/api/v1/platform/modules/{name}/subscribe", "platform.settings", ROUTE_FREE, modules_subscribe, ROUTE_SLOW, "Use a module" },
    { "POST", "/api/v1/platform/modules/{name}/unsubscribe", "platform.settings", ROUTE_FREE, modules_unsubscribe, ROUTE_SLOW, "Stop using a module" },
    { "GET", "/api/v1/platform/audit/_check", "platform.audit", ROUTE_READ, audit_check_route, 0, "Is the audit trail whole?" },
    { "GET", "/api/v1/platform/webhooks/{id}/secret", "platform.keys", ROUTE_READ, webhook_show_secret,
      .summary = "What a receiver checks signatures with" },
    { "GET", "/api/v1/platform/inbox", "", ROUTE_READ, inbox_list_route, 0, "What waits for me" },
    { "POST", "/api/v1/platform/inbox/{id}/done", "", ROUTE_WRITE, inbox_done_route, 0, "An entry of mine is dealt with" },
    { "POST", "/api/v1/platform/inbox/{id}/reopen", "", ROUTE_WRITE, inbox_reopen_route, 0, "It is not, after all" },
    { "POST", "/api/v1/platform/inbox/{id}/snooze", "", ROUTE_WRITE, inbox_snooze_route, 0, "Put an entry off until a day", &snooze_input_shape },
    { "POST", "/api/v1/platform/assignments", "", ROUTE_WRITE, assign_route, 0, "Assign a record to somebody", &assign_input_shape },
    { "POST", "/api/v1/platform/approvals/{id}/approve", "", ROUTE_WRITE, approval_approve_route, 0, "Approve what was asked for: it is done at once" },
    { "POST", "/api/v1/platform/approvals/{id}/refuse", "", ROUTE_WRITE, approval_refuse_route, 0, "Refuse it, with a reason", &answer_input_shape },
    { "POST", "/api/v1/platform/approvals/{id}/withdraw", "", ROUTE_WRITE, approval_withdraw_route, 0, "Take back what I asked for" },
    { "GET", "/files/{id}/{name}", NULL, ROUTE_FREE, file_show, ROUTE_PUBLIC | ROUTE_SLOW, "A stored file, by a signed link" },
    { "POST", "/api/v1/platform/files", "", ROUTE_FREE, file_upload, ROUTE_SLOW, "Store files, to be put into records" },
    { 0 },
};
// clang-format on
