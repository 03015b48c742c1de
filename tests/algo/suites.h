// suites.h - the algorithms' tables of tests.
SUITE(budget)
SUITE(statement)
SUITE(statement_samples)
