// routes.c - every page's address. Lists and records of all entities are four lines of it.
#include "web/account.h"
#include "web/error.h"
#include "web/form.h"
#include "web/home.h"
#include "web/import_page.h"
#include "web/inbox.h"
#include "web/invitation.h"
#include "web/job_page.h"
#include "web/list.h"
#include "web/palette.h"
#include "web/rail.h"
#include "web/record.h"
#include "web/report_page.h"
#include "web/scan.h"
#include "web/settings.h"
#include "web/sheet.h"
#include "web/web.h"

enum {
    DOOR = ROUTE_PUBLIC | ROUTE_CONTROL | ROUTE_HIDDEN,  // nobody is known yet, nor which company
    HALL = ROUTE_CONTROL | ROUTE_HIDDEN,                 // signed in, but in no company yet
    ROOM = ROUTE_HIDDEN,
};

static Status front_door(Ctx *ctx)
{
    return respond_redirect(ctx, S("/admin"));
}

// clang-format off
const Route web_routes[] = {
    { "GET",  "/", NULL, ROUTE_FREE, front_door, DOOR },
    { "GET",  "/admin/sign-in", NULL, ROUTE_READ, sign_in_page, DOOR },
    { "POST", "/admin/sign-in", NULL, ROUTE_FREE, sign_in_post, DOOR | ROUTE_SLOW | ROUTE_NO_CSRF },
    { "GET",  "/admin/invitation/{token}", NULL, ROUTE_FREE, invitation_page, DOOR },
    { "POST", "/admin/invitation/{token}", NULL, ROUTE_FREE, invitation_post, DOOR | ROUTE_SLOW | ROUTE_NO_CSRF },
    { "GET",  "/admin/offline", NULL, ROUTE_READ, offline_page, DOOR },
    { "POST", "/admin/sign-out", "", ROUTE_FREE, sign_out_post, HALL },
    { "GET",  "/admin/companies", "", ROUTE_READ, companies_page, HALL },
    { "POST", "/admin/companies", "", ROUTE_FREE, company_post, HALL },

    { "GET",  "/admin/account", "", ROUTE_FREE, account_page, ROOM },
    { "POST", "/admin/account/password", "", ROUTE_FREE, password_post, ROOM | ROUTE_SLOW },
    { "POST", "/admin/account/theme", "", ROUTE_FREE, theme_post, ROOM },
    { "POST", "/admin/account/keys", "", ROUTE_FREE, keys_post, ROOM },
    { "POST", "/admin/account/mails", "", ROUTE_WRITE, mails_post, ROOM },
    { "POST", "/admin/account/language", "", ROUTE_FREE, language_post, ROOM },
    { "POST", "/admin/account/sessions/{id}/end", "", ROUTE_FREE, session_end_post, ROOM },

    { "GET",  "/admin", "", ROUTE_READ, home_page, ROOM },
    { "GET",  "/admin/", "", ROUTE_READ, home_page, ROOM },
    { "GET",  "/admin/inbox", "", ROUTE_READ, inbox_page, ROOM },
    { "POST", "/admin/inbox/{id}", "", ROUTE_WRITE, inbox_post, ROOM },
    { "POST", "/admin/approvals/{id}", "", ROUTE_WRITE, approval_post, ROOM },
    { "GET",  "/admin/menu", "", ROUTE_READ, menu_page, ROOM },
    { "GET",  "/admin/search", "", ROUTE_READ, search_page, ROOM },
    { "GET",  "/admin/keys", "", ROUTE_READ, keys_page, ROOM },
    { "GET",  "/admin/scan", "", ROUTE_READ, scan_home_page, ROOM },
    { "GET",  "/admin/reports", "", ROUTE_READ, reports_page, ROOM },
    { "GET",  "/admin/reports/{name}", "", ROUTE_READ, report_page, ROOM },
    { "POST", "/admin/modules/{name}", "platform.settings", ROUTE_FREE, module_add_post, ROOM | ROUTE_SLOW },
    { "GET",  "/admin/settings", "platform.settings", ROUTE_READ, settings_page, ROOM },
    { "POST", "/admin/settings/{module}", "", ROUTE_WRITE, settings_post, ROOM },

    { "GET",  "/admin/jobs/{id}", "", ROUTE_READ, job_page, ROOM },
    { "GET",  "/admin/jobs/{id}/events", "", ROUTE_FREE, job_events, ROOM },
    { "POST", "/admin/jobs/{id}/cancel", "platform.jobs", ROUTE_WRITE, job_cancel_post, ROOM },
    { "POST", "/admin/jobs/{id}/retry", "platform.jobs", ROUTE_WRITE, job_retry_post, ROOM },

    { "GET",  "/admin/import", "platform.import", ROUTE_READ, import_page, ROOM },
    { "POST", "/admin/import", "platform.import", ROUTE_FREE, import_upload_post, ROOM | ROUTE_SLOW },
    { "GET",  "/admin/import/match", "platform.import", ROUTE_READ, import_match_page, ROOM },
    { "POST", "/admin/import/match", "platform.import", ROUTE_WRITE, import_check_post, ROOM },
    { "GET",  "/admin/import/{id}", "platform.import", ROUTE_READ, import_run_page, ROOM },
    { "POST", "/admin/import/{id}/fix", "platform.import", ROUTE_FREE, import_fix_post, ROOM | ROUTE_SLOW },
    { "POST", "/admin/import/{id}/start", "platform.import", ROUTE_WRITE, import_go_post, ROOM },
    { "POST", "/admin/import/{id}/undo", "platform.import", ROUTE_FREE, import_undo_post, ROOM | ROUTE_SLOW },

    { "GET",  "/admin/_pick/{entity}", "", ROUTE_READ, pick_page, ROOM },
    { "GET",  "/admin/{module}/{collection}", "", ROUTE_READ, list_page, ROOM },
    { "GET",  "/admin/{module}/{collection}/new", "", ROUTE_READ, record_new_page, ROOM },
    { "POST", "/admin/{module}/{collection}/new/save", "", ROUTE_WRITE, record_create_post, ROOM },
    { "POST", "/admin/{module}/{collection}/new/rows", "", ROUTE_READ, record_rows_post, ROOM },
    { "POST", "/admin/{module}/{collection}/new/count", "", ROUTE_READ, record_count_post, ROOM },
    { "GET",  "/admin/{module}/{collection}/{key}", "", ROUTE_READ, record_page, ROOM },
    { "GET",  "/admin/{module}/{collection}/{key}/edit", "", ROUTE_READ, record_edit_page, ROOM },
    { "POST", "/admin/{module}/{collection}/{key}/save", "", ROUTE_WRITE, record_update_post, ROOM },
    { "POST", "/admin/{module}/{collection}/{key}/rows", "", ROUTE_READ, record_rows_post, ROOM },
    { "POST", "/admin/{module}/{collection}/{key}/count", "", ROUTE_READ, record_count_post, ROOM },
    { "POST", "/admin/{module}/{collection}/{key}/comment", "", ROUTE_WRITE, record_comment_post, ROOM },
    { "POST", "/admin/{module}/{collection}/{key}/files", "", ROUTE_FREE, rail_file_post, ROOM | ROUTE_SLOW },
    { "POST", "/admin/{module}/{collection}/{key}/files/{id}/remove", "", ROUTE_WRITE, rail_unfile_post, ROOM },
    { "POST", "/admin/{module}/{collection}/{key}/tags", "", ROUTE_WRITE, rail_tag_post, ROOM },
    { "POST", "/admin/{module}/{collection}/{key}/assign", "", ROUTE_WRITE, rail_assign_post, ROOM },
    { "POST", "/admin/{module}/{collection}/{key}/archive", "", ROUTE_WRITE, record_archive_post, ROOM },
    { "POST", "/admin/{module}/{collection}/{key}/delete", "", ROUTE_WRITE, record_delete_post, ROOM },
    { "GET",  "/admin/{module}/{collection}/{key}/print/{form}", "", ROUTE_READ, record_print_page, ROOM },
    { "GET",  "/admin/{module}/{collection}/{key}/scan", "", ROUTE_READ, scan_page, ROOM },
    { "POST", "/admin/{module}/{collection}/{key}/scan", "", ROUTE_WRITE, scan_post, ROOM },
    { "GET",  "/admin/{module}/{collection}/{key}/do/{action}", "", ROUTE_READ, action_page, ROOM },
    { "POST", "/admin/{module}/{collection}/{key}/do/{action}", "", ROUTE_WRITE, record_action_post, ROOM },
    { "POST", "/admin/{module}/{collection}/_bulk", "", ROUTE_WRITE, list_bulk_post, ROOM },
    { "POST", "/admin/{module}/{collection}/_sheet", "", ROUTE_WRITE, sheet_save_post, ROOM },
    { "POST", "/admin/{module}/{collection}/_views", "", ROUTE_WRITE, view_save_post, ROOM },
    { 0 },
};
// clang-format on
