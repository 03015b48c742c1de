// bank_index.h - finds open items by what a bank line says. Only bank.c includes it.
#pragma once

#include "algo/match/bank.h"
#include "algo/match/similarity.h"

enum { FOUND_MAX = 64, PARTIES_MAX = 8, PARTY_NAMES_MAX = 6, PARTY_ITEMS_LOOKED = 40 };

// Hash of a text to places, several for one text.
typedef struct Places {
    uint64_t *keys;
    uint32_t *first;  // entry + 1
    uint32_t *uses;   // of each slot
    size_t mask;
    struct {
        uint32_t place, next;
    } * entries;
    size_t count, cap;
} Places;

typedef struct Party {
    Str key;
    Str names[PARTY_NAMES_MAX];  // folded
    uint32_t name_count;
    uint32_t from, to;  // its items in BankIndex.by_party
} Party;

typedef struct BankIndex {
    const BankBooks *books;
    Party *parties;
    uint32_t party_count;
    uint32_t *party_of;  // of each item
    uint32_t *by_party;  // items, grouped by party, oldest first
    Str *numbers;        // of each item: capital letters and digits only
    Places number, number_digits, number_tail, iban, name, name_word, amount;
} BankIndex;

typedef enum { BY_TAIL = 1, BY_DIGITS = 2, BY_NUMBER = 4, BY_NEAR = 8 } NumberEvidence;

typedef struct Found {
    uint32_t item;
    uint8_t number;  // NumberEvidence
} Found;

// What a line points at.
typedef struct Pointers {
    Found items[FOUND_MAX];
    uint32_t item_count;
    uint32_t parties[PARTIES_MAX];
    bool by_iban[PARTIES_MAX];
    uint32_t party_count;
    bool iban_is_known;  // of some party
    Str name, text;      // folded
} Pointers;

void bank_index(Arena *arena, const BankBooks *books, BankIndex *ret);
void bank_point(Arena *arena, const BankIndex *index, const BankLine *line, Pointers *ret);

// How many open items have just this amount and currency.
uint32_t bank_same_amount(const BankIndex *index, int64_t amount, Str currency);
