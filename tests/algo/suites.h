// suites.h - the algorithms' tables of tests.
SUITE(budget)
SUITE(schedule)
SUITE(schedule_calendar)
SUITE(schedule_files)
SUITE(schedule_project)
