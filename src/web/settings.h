// settings.h - the settings of all modules on pages. Private to web.
#pragma once

#include "kernel/module.h"
#include "web/options.h"

MUST_CHECK Status settings_page(Ctx *ctx);  // GET  /admin/settings
MUST_CHECK Status settings_post(Ctx *ctx);  // POST /admin/settings/{module}
MUST_CHECK Status settings_again(Ctx *ctx, int status);

typedef struct SettingView {
    const Setting *setting;
    Str value;
    const OptionList *options;  // of an enum or a reference; NULL: none
} SettingView;
typedef struct SettingGroup {
    const Module *module;
    LIST(SettingView) settings;
} SettingGroup;
typedef LIST(SettingGroup) SettingGroupList;
