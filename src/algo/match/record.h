// record.h - records of any shape, made ready to be compared: products, parties, addresses.
//
// A record is a row of texts under field names. What a field is, is told from its values: prose, a
// name, a number with decimals (a price), digits that name something (a telephone, a postcode), a
// date. Words are weighed by how rare they are among all records (inverse document frequency).
#pragma once

#include "algo/match/similarity.h"
#include "base/map.h"

enum { RECORD_FIELDS_MAX = 24, RECORD_CODES_MAX = 24, RECORD_TEXT_MAX = 4000 };

typedef enum { FIELD_NAME, FIELD_TEXT, FIELD_NUMBER, FIELD_DIGITS, FIELD_DATE } FieldKind;

typedef struct Field {
    Str name;
    FieldKind kind;
} Field;

// How often each word is met. Words of the records at hand, and those that a model has learned.
typedef struct Words {
    Arena *arena;
    Map ids;           // word to WordUse
    uint32_t count;    // ids given
    double documents;  // records counted
} Words;

typedef struct {
    uint32_t id;
    double records;  // how many have it
} WordUse;

// One field of one record, ready.
typedef struct Value {
    Str text;       // folded; "" when missing
    Str digits;     // of FIELD_DIGITS and FIELD_DATE
    double number;  // of FIELD_NUMBER; NAN when missing
    Bag words, grams;
} Value;

// A word with digits in it that may name the thing: a model, a part number.
typedef struct {
    Str text;
    double rarity;  // 0 to 1
} Code;

typedef struct Record {
    Str id;  // "" when it has none
    Value *values;
    Bag words, grams;  // of all fields
    Bag numbers;       // words of the first field that have a digit
    Code *codes;       // of the first field
    size_t code_count;
    Code *all_codes;  // of all fields
    size_t all_code_count;
    Str squashed;  // all letters and digits of the record, without blanks
} Record;

typedef struct Records {
    Field fields[RECORD_FIELDS_MAX];
    size_t field_count;
    Words words;
} Records;

// Which kind of values these are. `texts` may have empty ones.
FieldKind field_kind(const Str *texts, size_t count);

// First every record is counted, then each is made ready; `texts` are in the order of the fields.
void record_count(Records *records, const Str *texts);
void record_prepare(Arena *arena, Records *records, Str id, const Str *texts, Record *ret);

// "$1,299.00" as a number; NAN when it is none.
double number_in_text(Str text);
