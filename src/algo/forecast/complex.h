// complex.h - complex exponential smoothing: a level and what is known beyond it as one complex
// number, so that one model slides between a level and a trend. Svetunkov, Kourentzes and Ord,
// "Complex exponential smoothing", Naval Research Logistics 69, 2022.
#pragma once

// `x` is without season, n at least 5.
void complex_ahead(const double *x, int n, double *ret, int h);
