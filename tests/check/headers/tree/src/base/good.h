#pragma once
#include "base/str.h"
int good_count(Str text);
