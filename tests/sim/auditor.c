#include "sim/sim.h"
Status audit_stock(Sim *sim, Ctx *ctx)
{
    (void)sim;
    (void)ctx;
    return OK;
}
Status audit_value(Sim *sim, Ctx *ctx)
{
    (void)sim;
    (void)ctx;
    return OK;
}
Status audit_books(Sim *sim, Ctx *ctx)
{
    (void)sim;
    (void)ctx;
    return OK;
}
Status audit_owed(Sim *sim, Ctx *ctx)
{
    (void)sim;
    (void)ctx;
    return OK;
}
