// page.h - the floor of the order list page: an evhttp loop that asks SQLite for fifty orders with
// a prepared statement and writes them as a table by hand, then as many more bytes as our page has
// around it. No session, no permission, no language, no filter.
#pragma once

#include "base/str.h"

typedef struct PageFloor PageFloor;
PageFloor *page_floor_start(const char *file, size_t bytes);  // on a thread of its own
int page_floor_port(const PageFloor *floor);
void page_floor_stop(PageFloor *floor);
