// modules.c - what the program is made of, needs before needers. A new module is one line here.
#include "app/app.h"

#include "kernel/http/assets.h"
#include "kernel/http/openapi.h"
#include "kernel/kernel_module.h"
#include "modules/billing/billing_module.h"
#include "modules/catalog/catalog_module.h"
#include "modules/cms/cms_module.h"
#include "modules/company/company_module.h"
#include "modules/finance/finance_module.h"
#include "modules/inventory/inventory_module.h"
#include "modules/ledger/ledger_module.h"
#include "modules/logistics/logistics_module.h"
#include "modules/oms/oms_module.h"
#include "modules/party/party_module.h"
#include "modules/payments/payments_module.h"
#include "modules/storefront/storefront_module.h"
#include "modules/tax/tax_module.h"
#include "web/web.h"

const Module *const app_modules[] = {
    &control_part,    &kernel_part, &web_part,       &company_part, &party_part,
    &tax_part,        &ledger_part, &catalog_part,   &billing_part, &payments_part,
    &inventory_part,  &oms_part,    &logistics_part, &finance_part, &cms_part,
    &storefront_part, NULL,
};

const Route *const app_routes[] = {
    asset_routes,
    openapi_routes,
    web_routes,
    NULL,
};
