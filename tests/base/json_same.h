// json_same.h - compares JSON trees, for the law that what is written reads back as it was.
#pragma once

#include "base/json.h"

// Same kinds, texts, names and order. Numbers count as written: 1 and 1.0 differ.
bool json_same(const Json *a, const Json *b);
