// suites.h - the algorithms' tables of tests.
SUITE(budget)
SUITE(match)
SUITE(match_bank)
SUITE(statement)
SUITE(statement_samples)
