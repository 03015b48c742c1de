// suites.h - the algorithms' tables of tests.
SUITE(budget)
SUITE(mrp)
SUITE(mrp_answers)
SUITE(mrp_laws)
SUITE(sop)
