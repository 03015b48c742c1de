// forms.c - which form a refused request came from.
#include "web/forms.h"

#include "kernel/http/request.h"
#include "web/account.h"
#include "web/invitation.h"
#include "web/record.h"
#include "web/settings.h"

// Draws the form again; the answer is complete when it returns OK.
typedef Status (*AgainFn)(Ctx *ctx, int status);

static const struct {
    Status (*handle)(Ctx *ctx);
    AgainFn again;
} forms[] = {
    { sign_in_post, sign_in_again },       { password_post, account_again },
    { record_create_post, record_again },  { record_update_post, record_again },
    { record_action_post, action_again },  { settings_post, settings_again },
    { invitation_post, invitation_again },
};

static AgainFn again_of(const Route *route)
{
    for (size_t i = 0; route && i < COUNT(forms); i++)
        if (forms[i].handle == route->handle)
            return forms[i].again;
    return NULL;
}

// What was typed is worth keeping for refusals that a person can do something about.
static bool is_for_people(Status status)
{
    return status == E_INVALID || status == E_CONFLICT || status == E_DENIED || status == E_LIMIT;
}

bool form_again(Ctx *ctx, int status)
{
    AgainFn again = again_of(ctx->request->route);
    Failure failure = ctx->failure;
    bool is_lost = failure.code && strcmp(failure.code, "csrf") == 0;
    if (!again || is_lost || !is_for_people(failure.status))
        return false;
    if (again(ctx, status) == OK)
        return true;
    ctx->failure = failure;  // why it could not be drawn matters less than why it was refused
    return false;
}
