// suites.h - the algorithms' tables of tests.
SUITE(budget)
SUITE(customers)
SUITE(forecast)
SUITE(forecast_more)
SUITE(forecast_pool)
SUITE(replenish)
