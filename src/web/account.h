// account.h - signing in and out, companies, one's own account. Private to web.
#pragma once

#include "kernel/http/request.h"

MUST_CHECK Status sign_in_page(Ctx *ctx);  // GET  /admin/sign-in
MUST_CHECK Status sign_in_post(Ctx *ctx);  // POST
MUST_CHECK Status sign_in_again(Ctx *ctx, int status);
MUST_CHECK Status sign_out_post(Ctx *ctx);   // POST /admin/sign-out
MUST_CHECK Status companies_page(Ctx *ctx);  // GET  /admin/companies
MUST_CHECK Status company_post(Ctx *ctx);    // POST
MUST_CHECK Status account_page(Ctx *ctx);    // GET  /admin/account
MUST_CHECK Status account_again(Ctx *ctx, int status);
MUST_CHECK Status password_post(Ctx *ctx);     // POST /admin/account/password
MUST_CHECK Status session_end_post(Ctx *ctx);  // POST /admin/account/sessions/{id}/end
MUST_CHECK Status theme_post(Ctx *ctx);        // POST /admin/account/theme
MUST_CHECK Status keys_post(Ctx *ctx);         // POST /admin/account/keys
MUST_CHECK Status mails_post(Ctx *ctx);        // POST /admin/account/mails
MUST_CHECK Status language_post(Ctx *ctx);     // POST /admin/account/language

typedef struct Company {
    Str code, name, country;
} Company;
typedef LIST(Company) CompanyList;

typedef struct OpenSession {
    Id id;
    Time at;
    Str address, agent;
    bool is_this;
} OpenSession;
typedef LIST(OpenSession) OpenSessionList;

typedef struct Account {
    OpenSessionList sessions;
    bool has_mails;  // about the inbox
} Account;
