// bank_guess.h - what a bank line may pay, and what speaks for it. Only bank.c includes it.
#pragma once

#include "algo/match/bank_index.h"

typedef enum {
    F_NUMBER,         // share of the items whose number stands in the text
    F_TAIL,           // ... whose number's last digits do
    F_SLIP,           // ... whose number does but for one character
    F_OTHER_NUMBERS,  // other items' numbers stand there
    F_IBAN,           // 1 the party's account, 0 another party's
    F_NAME,           // likeness of the payer's name and the party's
    F_NAME_IN_TEXT,   // share of the words of the party's name in the text
    F_EXACT,          // the amount is the items'
    F_DISCOUNT,       // it is, less the discount they allow
    F_SHORT,          // share of the items' amount that is missing
    F_SHORT_BY,       // decimal logarithm of how much
    F_OVER,           // share that is too much
    F_BLIND_SHORT,    // F_SHORT where no number speaks for it
    F_SAME_AMOUNT,    // log of how many items have this amount; 0 when the number stands there
    F_SAME_OF_PARTY,  // how many of the party's others have it; as above
    F_OLDER,          // an older one of those is open; as above
    F_DAYS,           // months from when it is due
    F_ONLY_AMOUNT,    // 1 when neither number nor payer speaks for it
    F_COUNT,          // log of how many items
    F_AMBIGUOUS,      // log of how many other choices of items add up
    F_RATE,           // other currency: how far off the rate; NAN: same currency
    F_STRONGER,       // how probable a stronger claim of another line is
    F_CLAIMS,         // other lines that claim one
    F_OTHER_PAYER,    // the payer is known as another party
    F_STRANGER,       // 1 when the amount is not exact and nothing tells the payer
    F_COMPLETES,      // together with those the item is paid to the cent
} BankFeature;

typedef struct Guess {
    uint32_t items[BANK_ITEMS_MAX];
    uint32_t count;
    PaymentKind kind;
    int64_t difference;
    float features[BANK_FEATURES];
    double odds;
    double taken;  // how probable it is that another line pays it
} Guess;

// Writes at most BANK_HYPOTHESES_MAX guesses, without the features about other lines, which are 0.
uint32_t bank_guess(Arena *scratch, const BankIndex *index, const BankLine *line, Guess *ret);
