// suites.h - the algorithms' tables of tests.
SUITE(budget)
SUITE(pack_bins)
SUITE(pack_file)
SUITE(pack_load)
SUITE(route)
SUITE(route_file)
