// record.c - records made ready to be compared.
#include "algo/match/record.h"

#include "base/buf.h"
#include "base/date.h"

#include <ctype.h>
#include <math.h>

enum { GRAM = 3, NAME_WORDS_MAX = 4, CODE_MIN = 4, KIND_SAMPLE = 2000 };

// ---- Kinds --------------------------------------------------------------------------------------

double number_in_text(Str text)
{
    char digits[40];
    size_t len = 0;
    bool has_digit = false;
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool is_sign = c == '$' || c == ' ' || c == ',' || c >= 0x80;
        has_digit |= isdigit(c) != 0;
        if (is_sign)
            continue;
        if ((!isdigit(c) && c != '.' && c != '-') || len + 1 == sizeof digits)
            return NAN;
        digits[len++] = (char)c;
    }
    digits[len] = '\0';
    char *end;
    double value = strtod(digits, &end);
    return has_digit && *end == '\0' ? value : NAN;
}

static Str digits_of(Arena *arena, Str text)
{
    Buf out = { .arena = arena };
    for (size_t i = 0; i < text.len; i++)
        if (isdigit((unsigned char)text.ptr[i]))
            buf_char(&out, text.ptr[i]);
    return buf_str(&out);
}

static bool is_date(Str text)
{
    int64_t n;
    Date date;
    if (date_parse(text, &date))
        return true;
    return text.len == 8 && str_int(text, &n) && n > 10000000 &&
           date_from_ymd((int)(n / 10000), (int)(n / 100 % 100), (int)(n % 100));
}

static size_t count_words(Str text)
{
    size_t words = 0;
    for (Str word; str_next_word(&text, &word);)
        words++;
    return words;
}

// A telephone number is digits with signs; it must not be more letters than digits.
static bool is_digits(Str text)
{
    size_t digits = 0, letters = 0;
    for (size_t i = 0; i < text.len; i++) {
        digits += isdigit((unsigned char)text.ptr[i]) != 0;
        letters += isalpha((unsigned char)text.ptr[i]) != 0;
    }
    return digits > 0 && letters == 0;
}

FieldKind field_kind(const Str *texts, size_t count)
{
    size_t filled = 0, dates = 0, digits = 0, numbers = 0, decimals = 0, words = 0;
    for (size_t i = 0; i < count && filled < KIND_SAMPLE; i++) {
        if (texts[i].len == 0)
            continue;
        filled++;
        dates += is_date(texts[i]);
        digits += is_digits(texts[i]);
        numbers += !isnan(number_in_text(texts[i]));
        decimals += str_find_char(texts[i], '.') >= 0 || str_find_char(texts[i], '$') >= 0;
        words += count_words(texts[i]);
    }
    if (filled == 0)
        return FIELD_NAME;
    if (dates * 10 >= filled * 8)
        return FIELD_DATE;
    if (numbers * 10 >= filled * 9 && decimals * 2 >= filled)
        return FIELD_NUMBER;
    if (digits * 10 >= filled * 8)
        return FIELD_DIGITS;
    return words > filled * NAME_WORDS_MAX ? FIELD_TEXT : FIELD_NAME;
}

// ---- Words --------------------------------------------------------------------------------------

static WordUse *word_use(Words *words, Str word)
{
    WordUse *use = map_get(&words->ids, word);
    if (!use) {
        words->ids.arena = words->arena;
        use = NEW(words->arena, WordUse);
        use->id = words->count++;
        map_put(&words->ids, str_copy(words->arena, word), use);
    }
    return use;
}

// A word that was never counted is as rare as one counted once: where a model was learned, each
// word of the examples had been counted at least once, and elsewhere it must weigh the same.
static double rarity(const Words *words, double records)
{
    return log((words->documents + 1) / (fmax(records, 1) + 0.5));
}

void record_count(Records *records, const Str *texts)
{
    Arena scratch = { 0 };
    Map seen = { .arena = &scratch };
    for (size_t f = 0; f < records->field_count; f++) {
        Str rest = text_fold(&scratch, str_sub(texts[f], 0, RECORD_TEXT_MAX));
        for (Str word; str_next_word(&rest, &word);)
            if (map_put(&seen, word, records))
                word_use(&records->words, word)->records++;
    }
    records->words.documents++;
    arena_release(&scratch);
}

// ---- Bags ---------------------------------------------------------------------------------------

typedef struct {
    uint32_t id;
    float weight;
} Item;
typedef LIST(Item) ItemList;

static int by_id(const void *a, const void *b)
{
    const Item *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

// Each id once.
static Bag bag_of(Arena *arena, ItemList items)
{
    Bag bag = { NEW_ARRAY(arena, uint32_t, items.len), NEW_ARRAY(arena, float, items.len), 0, 0,
                0 };
    if (items.len)
        qsort(items.items, items.len, sizeof *items.items, by_id);
    double squares = 0;
    EACH (item, items) {
        if (bag.len && bag.ids[bag.len - 1] == item->id)
            continue;
        bag.ids[bag.len] = item->id;
        bag.weights[bag.len++] = item->weight;
        bag.weight += item->weight;
        squares += (double)item->weight * item->weight;
    }
    bag.norm = sqrt(squares);
    return bag;
}

static void add_words(Arena *arena, Words *words, Str folded, ItemList *to)
{
    for (Str word; str_next_word(&folded, &word);) {
        WordUse *use = word_use(words, word);
        *list_push(arena, to) = (Item){ use->id, (float)fmax(rarity(words, use->records), 0.05) };
    }
}

static void add_numbers(Arena *arena, Words *words, Str folded, ItemList *to)
{
    for (Str word; str_next_word(&folded, &word);) {
        WordUse *use = word_use(words, word);
        for (size_t i = 0; i < word.len; i++)
            if (isdigit((unsigned char)word.ptr[i])) {
                *list_push(arena, to) = (Item){ use->id, 1 };
                break;
            }
    }
}

// Three neighbouring bytes, blanks at the ends of words among them; the id is the bytes.
static void add_grams(Arena *arena, Str folded, ItemList *to)
{
    uint32_t gram = ' ';
    for (size_t i = 0; i <= folded.len; i++) {
        unsigned char c = i < folded.len ? (unsigned char)folded.ptr[i] : ' ';
        gram = (gram << 8 | c) & 0xFFFFFF;
        if (i >= GRAM - 2 && folded.len)
            *list_push(arena, to) = (Item){ gram, 1 };
    }
}

// ---- Codes --------------------------------------------------------------------------------------

// A word between blanks as it was written, without its signs: "DSC-W120/P" is one.
static Str squash(Arena *arena, Str word)
{
    Buf out = { .arena = arena };
    for (size_t i = 0; i < word.len; i++)
        if (isalnum((unsigned char)word.ptr[i]))
            buf_char(&out, (char)tolower((unsigned char)word.ptr[i]));
    return buf_str(&out);
}

static bool is_code(Str s)
{
    size_t digits = 0;
    for (size_t i = 0; i < s.len; i++)
        digits += isdigit((unsigned char)s.ptr[i]) != 0;
    return digits > 0 && s.len >= CODE_MIN && (digits < s.len || s.len > CODE_MIN);
}

// Of all there can be.
static double code_rarity(const Words *words, Str code)
{
    const WordUse *use = map_get(&words->ids, code);
    double most = rarity(words, 1);
    return use && most > 0 ? fmax(rarity(words, use->records) / most, 0) : 1;
}

static size_t add_codes(Arena *arena, const Words *words, Str text, Code *codes, size_t count)
{
    for (Str word; count < RECORD_CODES_MAX && str_next_word(&text, &word);) {
        Str code = squash(arena, word);
        if (is_code(code))
            codes[count++] = (Code){ code, code_rarity(words, code) };
    }
    return count;
}

// ---- Records ------------------------------------------------------------------------------------

static void prepare_value(Arena *arena, Words *words, FieldKind kind, Str text, Value *ret)
{
    ItemList items = { 0 }, grams = { 0 };
    ret->text = text_fold(arena, text);
    ret->number = kind == FIELD_NUMBER ? number_in_text(text) : NAN;
    ret->digits = kind == FIELD_DIGITS || kind == FIELD_DATE ? digits_of(arena, text) : S("");
    add_words(arena, words, ret->text, &items);
    add_grams(arena, ret->text, &grams);
    ret->words = bag_of(arena, items);
    ret->grams = bag_of(arena, grams);
}

// Numbers say nothing about words: prices are left out of the bags of the whole.
static void prepare_whole(Arena *arena, Records *records, const Str *texts, Record *record)
{
    ItemList items = { 0 }, grams = { 0 }, numbers = { 0 };
    Buf squashed = { .arena = arena };
    for (size_t f = 0; f < records->field_count; f++) {
        if (records->fields[f].kind == FIELD_NUMBER)
            continue;
        Str text = record->values[f].text;
        add_words(arena, &records->words, text, &items);
        add_grams(arena, text, &grams);
        buf_put(&squashed, squash(arena, text));
        buf_char(&squashed, ' ');
        Str written = str_sub(texts[f], 0, RECORD_TEXT_MAX);
        record->all_code_count =
            add_codes(arena, &records->words, written, record->all_codes, record->all_code_count);
        if (f > 0)
            continue;
        record->code_count =
            add_codes(arena, &records->words, written, record->codes, record->code_count);
        add_numbers(arena, &records->words, text, &numbers);
    }
    record->numbers = bag_of(arena, numbers);
    record->words = bag_of(arena, items);
    record->grams = bag_of(arena, grams);
    record->squashed = buf_str(&squashed);
}

void record_prepare(Arena *arena, Records *records, Str id, const Str *texts, Record *ret)
{
    *ret = (Record){ .id = id, .values = NEW_ARRAY(arena, Value, records->field_count) };
    ret->codes = NEW_ARRAY(arena, Code, RECORD_CODES_MAX);
    ret->all_codes = NEW_ARRAY(arena, Code, RECORD_CODES_MAX);
    for (size_t f = 0; f < records->field_count; f++)
        prepare_value(arena, &records->words, records->fields[f].kind,
                      str_sub(texts[f], 0, RECORD_TEXT_MAX), &ret->values[f]);
    prepare_whole(arena, records, texts, ret);
}
