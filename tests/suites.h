// suites.h - every table of tests, in the order in which they run: lowest layer first.
SUITE(number)
SUITE(entgen)
