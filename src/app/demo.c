// demo.c - `entrepot demo`: a company that has traded for half a year, made of an excerpt of real
// sales (presets/README.md) by the same code that replays the whole of them. Made once; said each
// time.
//
// The days are moved by whole weeks so that the story ends this week: weekdays stay weekdays. The
// last orders are left unfinished, so that there is something to do.
#include "app/commands.h"

#include "app/demo_shop.h"
#include "app/replay/replay.h"
#include "kernel/auth/actor.h"
#include "kernel/config.h"
#include "kernel/db/db.h"

enum { THREADS = 8, UNFINISHED = 14 };

static const char demo_file[] = "presets/wholesaler/sales.csv.gz";
static const char demo_password[] = "look-around-in-entrepot";

static const struct DemoUser {
    const char *login, *name, *role;
} demo_users[] = {
    { "olivia@demo.example", "Olivia Owner", "Owner" },
    { "sam@demo.example", "Sam Sales", "Sales" },
    { "alex@demo.example", "Alex Accountant", "Accountant" },
};

// ---- Whether it is there ------------------------------------------------------------------------

static Status read_mark(Ctx *ctx, void *arg)
{
    int64_t status;
    return db_maybe(ctx,
                    SQL("SELECT status FROM idempotency WHERE actor = 0 AND route = 'replay'"
                        " AND request = 'ready'"),
                    arg, &status);
}

static Status set_mark(Ctx *ctx, void *arg)
{
    (void)ctx;
    (void)arg;
    return OK;
}

// ---- The story ----------------------------------------------------------------------------------

static void move_days(Retail *retail, Date today)
{
    enum { WEEK = 7 };
    const RetailInvoice *last = retail->invoices.items[retail->invoices.len - 1];
    Date days = (today - last->on - 1) / WEEK * WEEK;
    EACH (at, retail->invoices) {
        (*at)->on += days;
        (*at)->at += days * DAY;
    }
}

static bool is_whole(const RetailInvoice *invoice)
{
    EACH (line, invoice->lines)
        if (line->class == LINE_GOODS && line->left != line->quantity)
            return false;
    return invoice->sold_lines > 0 && !invoice->is_cancellation;
}

// Written, placed, paid or shipped, and no further.
static void leave_open(Retail *retail)
{
    static const int steps[] = { 2, 3, 3, 4, 5, 2, 3 };
    int left = UNFINISHED;
    for (size_t i = retail->invoices.len; i > 0 && left > 0; i--) {
        RetailInvoice *invoice = retail->invoices.items[i - 1];
        if (!is_whole(invoice))
            continue;
        invoice->steps = steps[(size_t)left % COUNT(steps)];
        left--;
    }
}

static Status add_user(Ctx *ctx, const struct DemoUser *user)
{
    Id id, member;
    Status status = user_create(ctx,
                                &(UserSpec){ .login = str_from(user->login),
                                             .name = str_from(user->name),
                                             .password = str_from(demo_password) },
                                &id);
    if (status == E_CONFLICT) {  // an earlier demo, or one that broke off
        ctx_recover(ctx);
        return OK;
    }
    TRY(status);
    return member_add(ctx, id, str_from(user->role), &member);
}

static Status make(Ctx *ctx, const Args *args, Str code)
{
    Replay replay = { .tenant = code, .threads = THREADS };
    Str file = arg_option(args, "file");
    Str refused = str_join(ctx->arena, config()->data_dir, S("/demo-refused.csv"));
    TRY(replay_enter(ctx, code, S("Gifts & Co. (demo)")));
    TRY(retail_read(ctx, file.len ? str_c(ctx->arena, file) : demo_file, str_c(ctx->arena, refused),
                    &replay.retail));
    if (replay.retail.invoices.len == 0)
        return FAIL(ctx, E_INVALID, "replay.empty", "there are no invoices in the file");
    move_days(&replay.retail, tenant_today(ctx));
    retail_match(&replay.retail);
    leave_open(&replay.retail);
    TRY(replay_run(ctx, &replay));
    for (size_t i = 0; i < COUNT(demo_users); i++)
        TRY(add_user(ctx, &demo_users[i]));
    return once(ctx, S("ready"), set_mark, NULL);
}

static void say(Str code)
{
    printf("\nThe demo company '" STR_FMT "' is at http://localhost:%d/admin\n", STR_ARG(code),
           config()->http_port);
    printf("Its online shop is at http://localhost:%d/shop/gifts\n", config()->http_port);
    for (size_t i = 0; i < COUNT(demo_users); i++)
        printf("  %-24s %-12s password: %s\n", demo_users[i].login, demo_users[i].role,
               demo_password);
    printf("\n");
}

Status command_demo(Ctx *ctx, const Args *args)
{
    Str code = arg_option(args, "tenant");
    Tenant *tenant;
    bool is_ready = false;
    code = code.len ? code : S("demo");
    ctx->actor = &actor_system;
    if (tenant_open(ctx, code, &tenant) == OK) {
        tenant_enter(ctx, tenant);
        TRY(tenant_read(ctx, read_mark, &is_ready));
    } else {
        ctx_recover(ctx);
    }
    if (!is_ready)
        TRY(make(ctx, args, code));
    TRY(replay_enter(ctx, code, S("")));  // a demo of an earlier release gets its shop, too
    TRY(demo_shop(ctx));
    say(code);
    return OK;
}
