// theme.h - colours that can be read. Pure; private to the module.
#pragma once

#include "base/str.h"

typedef struct Rgb {
    int r, g, b;  // 0 to 255
} Rgb;

bool rgb_parse(Str text, Rgb *ret);  // "#0b6a5f"
// WCAG 2.2's contrast ratio times ten, rounded down: 210 for black on white.
int contrast_x10(Rgb a, Rgb b);
// The colour nearest to it, on the way `towards`, that reads on the ground: 4.5 to 1 or more.
Rgb readable(Rgb colour, Rgb ground, Rgb towards);
