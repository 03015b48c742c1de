// sample.h - what the sources of this test have together.
#define SAMPLE_FMT "%.*s"
#define REFUSE(ctx, code, ...) FAIL(ctx, E_CONFLICT, code, __VA_ARGS__)
#define FAIL(ctx, status, code, ...) ctx_fail(ctx, status, code, __FILE__, __LINE__, __VA_ARGS__)

typedef struct Permission {
    const char *name;  // "sample.view"
    const char *label;
} Permission;

struct Action {
    const char *name, *label;
    const char *from[2];
    Status (*run)(Ctx *ctx, const char *label);
    struct { const char *name, *label; } inner;
    const char *effect;
    const Permission *permission;
};
typedef struct Report {
    const char *name, *title;
    Permission needs[2];
} Report;

void hands_on(Ctx *ctx, int number, const char *format, ...);
