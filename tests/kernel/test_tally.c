// test_tally.c - counts in memory: what is the same is added up, each company takes its own, once.
#include "harness.h"

#include "kernel/tally.h"
#include "kernel/tenant.h"

static const char seen[] = "seen", bought[] = "bought";

// A company to count for: no more of one than the table looks at.
static Tenant company(Id id)
{
    return (Tenant){ .id = id, .zone = zone_find(S("UTC")) };
}

static void add(Ctx *ctx, Tenant *tenant, Id subject, const char *kind, int times)
{
    ctx->tenant = tenant;
    for (int i = 0; i < times; i++)
        tally_add(ctx, subject, kind);
}

static TallyList take(Ctx *ctx, Tenant *tenant)
{
    TallyList list;
    ctx->tenant = tenant;
    tally_take(ctx, &list);
    return list;
}

static int64_t count_of(const TallyList *list, Id subject, const char *kind, Date day)
{
    int64_t count = 0;
    EACH (one, *list)
        if (one->subject == subject && one->kind == kind && one->day == day)
            count += one->count;
    return count;
}

static void test_same_is_added_up(void)
{
    Ctx *ctx = test_ctx();
    Tenant acme = company(1001);
    ctx->tenant = &acme;
    Date today = tenant_today(ctx);
    add(ctx, &acme, 7, seen, 3);
    add(ctx, &acme, 7, bought, 1);
    add(ctx, &acme, 8, seen, 2);
    ctx->now += DAY;
    add(ctx, &acme, 7, seen, 5);
    TallyList list = take(ctx, &acme);
    CHECK_INT((int64_t)list.len, 4);
    CHECK_INT(count_of(&list, 7, seen, today), 3);
    CHECK_INT(count_of(&list, 7, bought, today), 1);
    CHECK_INT(count_of(&list, 8, seen, today), 2);
    CHECK_INT(count_of(&list, 7, seen, today + 1), 5);
    list = take(ctx, &acme);
    CHECK_INT((int64_t)list.len, 0);  // nothing is ever counted twice
}

static void test_each_takes_its_own(void)
{
    Ctx *ctx = test_ctx();
    Tenant acme = company(1001), other = company(1002);
    for (Id subject = 1; subject <= 300; subject++) {
        add(ctx, &acme, subject, seen, 1);
        add(ctx, &other, subject, seen, 2);
    }
    TallyList mine = take(ctx, &acme), theirs = take(ctx, &other);
    CHECK_INT((int64_t)mine.len, 300);
    CHECK_INT((int64_t)theirs.len, 300);
    for (Id subject = 1; subject <= 300; subject++) {
        CHECK_INT(count_of(&mine, subject, seen, tenant_today(ctx)), 1);
        CHECK_INT(count_of(&theirs, subject, seen, tenant_today(ctx)), 2);
    }
}

static void test_full(void)
{
    Ctx *ctx = test_ctx();
    Tenant acme = company(1001);
    add(ctx, &acme, 1, seen, 1);
    for (Id subject = 2; subject <= TALLIES_MAX + 10; subject++)
        add(ctx, &acme, subject, seen, 1);
    add(ctx, &acme, 1, seen, 1);  // what is there already goes on counting
    TallyList list = take(ctx, &acme);
    CHECK_INT((int64_t)list.len, TALLIES_MAX);
    CHECK_INT(count_of(&list, 1, seen, tenant_today(ctx)), 2);
    CHECK_INT(count_of(&list, TALLIES_MAX + 10, seen, tenant_today(ctx)), 0);
}

const Test tally_tests[] = {
    { "what is the same is added up, by day and kind", test_same_is_added_up },
    { "each company takes its own and leaves the others' be", test_each_takes_its_own },
    { "beyond the limit nothing new is counted", test_full },
    { 0 },
};
