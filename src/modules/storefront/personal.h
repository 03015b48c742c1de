// personal.h - what a product lets its customer say about her piece of it. Private to the module.
//
// The product declares its wishes; a form answers them as "t0", "t1" ...; the bag and the order
// keep what was answered as it was then.
#pragma once

#include "modules/catalog/catalog.h"
#include "modules/oms/oms.h"
#include "modules/storefront/shop.h"

typedef struct PersonalField {
    const ProductWish *wish;
    Str field;  // "t0"
    Str value;  // as it was typed
    LIST(Str) choices;
} PersonalField;
typedef LIST(PersonalField) PersonalFieldList;

// The wishes that this shop can take, with the form's answers. A surcharge is in the house's
// currency: a shop that sells in another one does not offer what costs more.
void personal_fields(Ctx *ctx, const Shop *shop, const Product *product, const FormFieldList *form,
                     PersonalFieldList *ret);
// What was answered, as an order's line keeps it. Problems by field: what is needed and missing,
// too long, not among the choices.
MUST_CHECK Status personal_read(Ctx *ctx, const PersonalFieldList *fields, ConfigPickList *ret);
