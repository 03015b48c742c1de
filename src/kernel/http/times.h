// times.h - how long pages of each kind take, for /metrics: the server's time from a request's head
// to its answer, as a histogram a kind (http_page_time{page="list"}). The kinds are those that have
// a budget of their own. A handler says what it answers; who says nothing is counted in http_time
// only.
#pragma once

#include "base/date.h"

typedef enum Timed {
    TIMED_NOT,
    TIMED_LIST,
    TIMED_RECORD,
    TIMED_FORM,
    TIMED_BOARD,
    TIMED_CALENDAR,
    TIMED_SHEET,
    TIMED_REPORT,
    TIMED_DASHBOARD,
    TIMED_SETTINGS,
    TIMED_SCANNER,
    TIMED_PALETTE,
    TIMED_PART,  // what script asks for, of any page
    TIMED_SHOP_HOME,
    TIMED_SHELF,
    TIMED_PRODUCT,
    TIMED_SEARCH,
    TIMED_CART,
    TIMED_CHECKOUT,
    TIMED_ACCOUNT,
    TIMED_COUNT,
} Timed;

void times_register(void);  // once, at start-up
void times_add(Timed timed, Time took);
