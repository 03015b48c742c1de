// suites.h - the simulation is a program of its own: it runs as long as it is told to.
SUITE(sim)
SUITE(forged)
