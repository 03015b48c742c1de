// match_files.h - the files of entrepot-match: records, pairs, models.
#pragma once

#include "algo/match/link.h"
#include "tool/tool.h"

enum { MATCH_RECORDS_MAX = 2000000 };

// Records as they stand in a file, in the order of the fields' names.
typedef struct RawRecord {
    Str id;
    const Str *texts;
} RawRecord;
typedef LIST(RawRecord) RawList;

typedef struct Table {
    Str fields[RECORD_FIELDS_MAX];
    size_t field_count;
    RawList records;
} Table;

// CSV with a header, or JSON lines with one object each. `id` names the column that identifies a
// record and is not compared; when it is NULL or absent, records are numbered from 1.
MUST_CHECK Status table_read(Ctx *ctx, Str text, const char *id, Table *ret);

typedef struct RawPair {
    Str left[RECORD_FIELDS_MAX], right[RECORD_FIELDS_MAX];
    double label;  // 0, 1; NAN when it is not said
} RawPair;
typedef LIST(RawPair) RawPairList;

typedef struct Pairs {
    Str fields[RECORD_FIELDS_MAX];
    size_t field_count;
    RawPairList pairs;
} Pairs;

// JSON lines {"l":{...},"r":{...},"match":0|1}; adds to those that are there. The fields are those
// of the first line, and more as they come.
MUST_CHECK Status pairs_read(Ctx *ctx, Str text, Pairs *pairs);

// What a matcher has learned, as JSON.
void model_write(JsonOut *json, const Matcher *matcher);
MUST_CHECK Status model_read(Ctx *ctx, Str text, Matcher *ret);
