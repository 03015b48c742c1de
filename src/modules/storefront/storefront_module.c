// storefront_module.c - shops on the web: what the module offers.
#include "modules/storefront/storefront_module.h"

#include "modules/storefront/account.h"
#include "modules/storefront/mail.h"
#include "modules/storefront/shop.h"
#include "modules/storefront/visit.h"

static const Permission permissions[] = {
    { "storefront.view", "See the settings of the online shops" },
    { "storefront.edit", "Set up online shops" },
    { 0 },
};

enum { ANYBODY = ROUTE_PUBLIC | ROUTE_HIDDEN };

// clang-format off
static const Route routes[] = {
    { "GET", "/shop/{store}", NULL, ROUTE_READ, home_page_get, ANYBODY },
    { "GET", "/shop/{store}/page/{slug}", NULL, ROUTE_READ, text_page_get, ANYBODY },
    { "GET", "/shop/{store}/preview/{page}", NULL, ROUTE_READ, preview_page_get, ANYBODY },
    { "GET", "/shop/{store}/c", NULL, ROUTE_READ, shelf_page_get, ANYBODY },
    { "GET", "/shop/{store}/c/{slug}", NULL, ROUTE_READ, category_page_get, ANYBODY },
    { "GET", "/shop/{store}/p/{slug}", NULL, ROUTE_READ, product_page_get, ANYBODY },
    { "GET", "/shop/{store}/search", NULL, ROUTE_READ, search_page_get, ANYBODY },
    { "GET", "/shop/{store}/search/suggest", NULL, ROUTE_READ, suggest_get, ANYBODY },
    { "GET", "/shop/{store}/theme.css", NULL, ROUTE_READ, theme_get, ANYBODY },
    { "GET", "/shop/{store}/sitemap.xml", NULL, ROUTE_READ, sitemap_get, ANYBODY },
    { "GET", "/shop/{store}/robots.txt", NULL, ROUTE_READ, robots_get, ANYBODY },
    { "GET", "/admin/storefront/preview/{id}", "cms.view", ROUTE_READ, preview_link_get, ROUTE_HIDDEN },
    { "GET", "/admin/storefront/mails", "storefront.view", ROUTE_READ, letters_page_get,
      ROUTE_HIDDEN },
    { "GET", "/admin/storefront/mails/{store}/{kind}/{language}", "storefront.view", ROUTE_READ,
      letter_page_get, ROUTE_HIDDEN },
    { "GET", "/shop/{store}/cart", NULL, ROUTE_READ, cart_page_get, ANYBODY },
    { "POST", "/shop/{store}/cart", NULL, ROUTE_WRITE, cart_post, ANYBODY },
    { "POST", "/shop/{store}/cart/add", NULL, ROUTE_WRITE, cart_add_post, ANYBODY },
    { "GET", "/shop/{store}/checkout", NULL, ROUTE_READ, checkout_page_get, ANYBODY },
    { "POST", "/shop/{store}/checkout", NULL, ROUTE_WRITE, checkout_post, ANYBODY },
    { "GET", "/shop/{store}/pay/{number}", NULL, ROUTE_FREE, pay_page_get, ANYBODY | ROUTE_SLOW },
    { "GET", "/shop/{store}/order/{number}", NULL, ROUTE_READ, order_page_get, ANYBODY },
    { "GET", "/shop/{store}/track", NULL, ROUTE_READ, track_page_get, ANYBODY },
    { "POST", "/shop/{store}/track", NULL, ROUTE_READ, track_post, ANYBODY },
    { "GET", "/shop/{store}/account", NULL, ROUTE_READ, account_get, ANYBODY },
    { "POST", "/shop/{store}/account/sign-in", NULL, ROUTE_FREE, account_sign_in_post,
      ANYBODY | ROUTE_SLOW | ROUTE_NO_CSRF },
    { "POST", "/shop/{store}/account/sign-out", NULL, ROUTE_FREE, account_sign_out_post, ANYBODY },
    { "POST", "/shop/{store}/account/link", NULL, ROUTE_WRITE, account_link_post, ANYBODY },
    { "GET", "/shop/{store}/account/key/{email}/{print}", NULL, ROUTE_READ, account_key_get, ANYBODY },
    { "POST", "/shop/{store}/account/key/{email}/{print}", NULL, ROUTE_FREE, account_key_post,
      ANYBODY | ROUTE_SLOW | ROUTE_NO_CSRF },
    { "POST", "/shop/{store}/account/address", NULL, ROUTE_WRITE, account_address_post, ANYBODY },
    { "GET", "/shop/{store}/account/orders/{number}", NULL, ROUTE_READ, account_order_get, ANYBODY },
    { "GET", "/shop/{store}/account/orders/{number}/invoice/{invoice}", NULL, ROUTE_READ,
      account_invoice_get, ANYBODY },
    { "GET", "/shop/{store}/account/orders/{number}/confirmation", NULL, ROUTE_READ,
      account_confirmation_get, ANYBODY },
    { "GET", "/shop/{store}/account/orders/{number}/slip/{return}", NULL, ROUTE_READ,
      account_slip_get, ANYBODY },
    { "POST", "/shop/{store}/account/orders/{number}/return", NULL, ROUTE_WRITE, account_return_post,
      ANYBODY },
    { "POST", "/shop/{store}/favourites", NULL, ROUTE_WRITE, favourite_post, ANYBODY },
    { "GET", "/shop/{store}/{nowhere}", NULL, ROUTE_READ, nowhere_get, ANYBODY },
    { "GET", "/shop/{store}/{nowhere}/{here}", NULL, ROUTE_READ, nowhere_get, ANYBODY },
    { 0 },
};
// clang-format on

static const JobDef jobs[] = {
    { "storefront.visits", "Write down how many pages were shown", visits_write_job,
      .in_lane = true, .every_s = 120 },
    { "storefront.mail_received", "Write that an order has come", mail_received_job,
      .in_lane = true, .queue = "mail" },
    { "storefront.mail_paid", "Write that money has come or goes back", mail_money_job,
      .in_lane = true, .queue = "mail" },
    { "storefront.mail_shipped", "Write that a parcel has left", mail_shipped_job, .in_lane = true,
      .queue = "mail" },
    { "storefront.mail_delivered", "Write that a parcel has arrived", mail_delivered_job,
      .in_lane = true, .queue = "mail" },
    { "storefront.mail_cancelled", "Write that an order is cancelled", mail_cancelled_job,
      .in_lane = true, .queue = "mail" },
    { 0 },
};
static const Subscription subscriptions[] = {
    { "oms.sales_order.place", "storefront.mail_received" },
    { "payments.payment.applied", "storefront.mail_paid" },
    { "oms.delivery.ship", "storefront.mail_shipped" },
    { "oms.delivery.deliver", "storefront.mail_delivered" },
    { "oms.sales_order.cancel", "storefront.mail_cancelled" },
    { 0 },
};

static const NavItem nav[] = {
    { .group = "Settings", .entity = &store_entity },
    { "Settings", "Mails to customers", "say", "/admin/storefront/mails", "storefront.view" },
    { 0 },
};

static const RoleTemplate roles[] = {
    { "shopkeeper", "Shopkeeper",
      "storefront.* cms.* catalog.* oms.view inventory.view logistics.view payments.view" },
    { 0 },
};

const Module storefront_part = {
    .name = "storefront",
    .label = "Online shop",
    .entities = &storefront_module,
    .permissions = permissions,
    .routes = routes,
    .jobs = jobs,
    .subscriptions = subscriptions,
    .nav = nav,
    .reports = storefront_reports,
    .roles = roles,
};
