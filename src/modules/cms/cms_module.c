// cms_module.c - pages, menus and redirects: what the module offers.
#include "modules/cms/cms_module.h"

#include "modules/cms/editor.h"

static const Permission permissions[] = {
    { "cms.view", "See pages as they are written" },
    { "cms.edit", "Write pages and menus" },
    { "cms.publish", "Publish pages and take them off" },
    { 0 },
};

// clang-format off
static const Action page_actions[] = {
    { "publish", "Publish", .permission = "cms.publish", .run = page_publish_run,
      .input = &publish_input_shape, .flags = ACTION_PRIMARY,
      .effect = "Visitors see the page as it is written now, from the time that you name" },
    { "bring_back", "Bring back a version", .permission = "cms.edit", .run = page_restore_run,
      .input = &restore_input_shape, .effect = "The draft is written over; visitors see nothing of it" },
    { "withdraw", "Take off", .permission = "cms.publish", .run = page_withdraw_run,
      .flags = ACTION_BAD | ACTION_CONFIRM, .effect = "Visitors are told that the page is gone" },
    { 0 },
};
// clang-format on
static const Machine machines[] = {
    { &site_page_entity, NULL, page_actions },
    { 0 },
};

static const Hook hooks[] = {
    { &site_page_entity, .before_save = page_before_save, .after_save = page_after_save },
    { 0 },
};

// clang-format off
static const Route routes[] = {
    { "GET", "/admin/cms/editor", "cms.view", ROUTE_READ, editor_list_get, ROUTE_HIDDEN },
    { "GET", "/admin/cms/editor/{id}", "cms.edit", ROUTE_READ, editor_get, ROUTE_HIDDEN },
    { "POST", "/admin/cms/editor/{id}", "cms.edit", ROUTE_WRITE, editor_post, ROUTE_HIDDEN },
    { 0 },
};
// clang-format on

static const NavItem nav[] = {
    { "Content", "Pages", "edit", "/admin/cms/editor", "cms.view" },
    { .group = "Content", .entity = &page_version_entity },
    { .group = "Content", .entity = &site_menu_entity },
    { .group = "Content", .entity = &site_redirect_entity },
    { 0 },
};

static const RoleTemplate roles[] = {
    { "editor", "Editor", "cms.* catalog.view" },
    { 0 },
};

const Module cms_part = {
    .name = "cms",
    .label = "Content",
    .entities = &cms_module,
    .permissions = permissions,
    .machines = machines,
    .hooks = hooks,
    .routes = routes,
    .nav = nav,
    .roles = roles,
};
