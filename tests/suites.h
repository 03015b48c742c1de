// suites.h - every table of tests, in the order in which they run: lowest layer first.
SUITE(number)
SUITE(id)
SUITE(random)
SUITE(date)
SUITE(zone)
SUITE(currency)
SUITE(db)
SUITE(lane)
