// action.h - the page that asks what an action needs. Private to web.
#pragma once

#include "web/form.h"

typedef struct ActionForm {
    const EntityDef *entity;
    const Action *action;
    Id id;
    int64_t version;
    Str title, reason_code, reason_words;
    InputList inputs;
    const Failure *failure;  // why it was refused; NULL: not yet tried
} ActionForm;
