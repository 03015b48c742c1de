// test_tenant.c - companies: made, opened, given settings, and nothing left when it fails.
#include "kernel/house.h"

static void test_create(void)
{
    Ctx *ctx = test_ctx();
    House house;
    house_open(ctx, &house);
    CHECK_STR(ctx->tenant->name, "Acme Ltd");
    house_close(&house);
}

const Test tenant_tests[] = {
    { "a company is made with all its tables", test_create },
    { 0 },
};
