#pragma once
int bad_count(Str text);
