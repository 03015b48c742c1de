// logistics_module.c - carriers and parcels: what the module offers.
#include "modules/logistics/logistics_module.h"

#include "modules/logistics/shipment.h"

#include "kernel/pdf.h"
#include "kernel/report.h"

static const Permission permissions[] = {
    { "logistics.view", "See shipments and carriers" },
    { "logistics.edit", "Book and follow shipments, set up carriers" },
    { 0 },
};

// clang-format off
static const Action shipment_actions[] = {
    { "collect", "Collected", "booked", "collected", "logistics.edit", shipment_collect_run,
      .flags = ACTION_PRIMARY | ACTION_BULK },
    { "depart", "On the way", "booked|collected", "in_transit", "logistics.edit", shipment_depart_run,
      .flags = ACTION_BULK },
    { "deliver", "Delivered", "booked|collected|in_transit", "delivered", "logistics.edit",
      shipment_deliver_run, .flags = ACTION_BULK, .effect = "The delivery and its order are delivered too" },
    { "return", "Back to us", "collected|in_transit", "returned", "logistics.edit", shipment_return_run,
      .flags = ACTION_BAD | ACTION_CONFIRM, .effect = "Open a return for what is in it" },
    { "track", "Add tracking", "booked|collected|in_transit", NULL, "logistics.edit", shipment_track_run,
      &track_input_shape },
    { "cancel", "Cancel", "booked", "cancelled", "logistics.edit", .flags = ACTION_BAD | ACTION_CONFIRM },
    { 0 },
};
// clang-format on
static const Machine machines[] = {
    { &shipment_entity, "state", shipment_actions },
    { 0 },
};

static const Hook hooks[] = {
    { &rate_zone_entity, .before_save = zone_before_save },
    { &shipment_entity, .before_save = shipment_before_save, .after_save = shipment_after_save },
    { 0 },
};

static const EventDef events[] = {
    { "logistics.shipment.deliver", "A shipment was delivered", &shipment_entity },
    { 0 },
};

static const NavItem nav[] = {
    { .group = "Sell", .entity = &shipment_entity },
    { .group = "Settings", .entity = &carrier_entity },
    { .group = "Settings", .entity = &rate_zone_entity },
    { .group = "Settings", .entity = &rate_card_entity },
    { 0 },
};

static const PrintForm prints[] = {
    { &shipment_entity, "label", "Shipping label", "logistics.view", shipment_label },
    { 0 },
};

static const ReportColumn late_columns[] = {
    { "number", "Shipment", REPORT_TEXT },   { "tracking", "Tracking number", REPORT_TEXT },
    { "state", "State", REPORT_TEXT },       { "booked", "Booked", REPORT_DATE },
    { "expected", "Expected", REPORT_DATE }, { 0 },
};
static const Report reports[] = {
    { .name = "logistics.under_way",
      .title = "Shipments under way",
      .group = "Sell",
      .permission = "logistics.view",
      .sql = "SELECT number, tracking, state, booked_on, expected_on FROM seen_shipment"
             " WHERE state IN ('booked', 'collected', 'in_transit') ORDER BY expected_on, number",
      .columns = late_columns,
      .description = "Every parcel that is not there yet, the one expected first on top" },
    { 0 },
};

static const VerifyCheck checks[] = {
    { "logistics.shipments", "shipments say what their events say", shipment_check },
    { 0 },
};

static const RoleTemplate roles[] = {
    { "dispatcher", "Dispatcher", "logistics.* oms.view inventory.view" },
    { 0 },
};

const Module logistics_part = {
    .name = "logistics",
    .label = "Shipping",
    .entities = &logistics_module,
    .permissions = permissions,
    .machines = machines,
    .hooks = hooks,
    .events = events,
    .nav = nav,
    .reports = reports,
    .prints = prints,
    .checks = checks,
    .roles = roles,
};
