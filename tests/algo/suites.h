// suites.h - the algorithms' tables of tests.
SUITE(budget)
SUITE(nest)
SUITE(nest_check)
SUITE(nest_lay)
SUITE(nest_hide)
