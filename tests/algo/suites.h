// suites.h - the algorithms' tables of tests.
SUITE(budget)
