// bank_index.c - finds open items by what a bank line says.
//
// Payers write an item's number as they please: "INV-2026/0047" as "inv 2026 0047", "20260047",
// "47". So a number has three keys: all its letters and digits, its digits, and its last digits;
// and a text is looked up word by word and with up to three words joined, which also heals the
// breaks that banks make every 27 or 35 characters.
#include "algo/match/bank_index.h"

#include <ctype.h>

enum {
    KEY_MIN = 3,
    KEY_MAX = 32,
    DIGITS_MIN = 5,
    TAIL_MIN = 2,
    WORDS_MAX = 60,
    JOINED_MAX = 3,
    USES_MAX = 24,
    NAME_USES_MAX = 12,
    SAME_AMOUNT_MAX = 100,
    NAME_WORD_MIN = 4,
};

// ---- Places -------------------------------------------------------------------------------------

static void places_init(Arena *arena, Places *places, size_t room)
{
    size_t slots = 16;
    while (slots < room * 2)
        slots *= 2;
    places->keys = NEW_ARRAY(arena, uint64_t, slots);
    places->first = NEW_ARRAY(arena, uint32_t, slots);
    places->uses = NEW_ARRAY(arena, uint32_t, slots);
    places->mask = slots - 1;
    places->entries = arena_alloc_array(arena, sizeof *places->entries, room + 1);
    places->cap = room;
}

static size_t slot_of(const Places *places, uint64_t key)
{
    size_t at = key & places->mask;
    while (places->first[at] && places->keys[at] != key)
        at = (at + 1) & places->mask;
    return at;
}

// The same place twice in a row is one.
static void places_put(Places *places, uint64_t key, uint32_t place)
{
    size_t slot = slot_of(places, key);
    uint32_t first = places->first[slot];
    if (places->count == places->cap || (first && places->entries[first - 1].place == place))
        return;
    places->entries[places->count].place = place;
    places->entries[places->count].next = first;
    places->keys[slot] = key;
    places->first[slot] = (uint32_t)++places->count;
    places->uses[slot]++;
}

#define EACH_PLACE(entry, places, key)                                                             \
    for (uint32_t entry = (places)->first[slot_of((places), (key))]; entry;                        \
         entry = (places)->entries[entry - 1].next)

static uint64_t amount_key(int64_t amount, Str currency)
{
    return str_hash(currency) ^ ((uint64_t)amount * 0x9E3779B97F4A7C15u);
}

uint32_t bank_same_amount(const BankIndex *index, int64_t amount, Str currency)
{
    uint32_t uses = index->amount.uses[slot_of(&index->amount, amount_key(amount, currency))];
    return uses < SAME_AMOUNT_MAX ? uses : SAME_AMOUNT_MAX;
}

// ---- Numbers ------------------------------------------------------------------------------------

// Capital letters and digits of a text, nothing else.
static Str squeeze(Str text, char *room, size_t size)
{
    size_t len = 0;
    for (size_t i = 0; i < text.len && len < size; i++)
        if (isalnum((unsigned char)text.ptr[i]))
            room[len++] = (char)toupper((unsigned char)text.ptr[i]);
    return (Str){ room, len };
}

static Str only_digits(Str text, char *room, size_t size)
{
    size_t len = 0;
    for (size_t i = 0; i < text.len && len < size; i++)
        if (isdigit((unsigned char)text.ptr[i]))
            room[len++] = text.ptr[i];
    return (Str){ room, len };
}

// The last run of digits without the zeros in front.
static Str tail_of(Str number)
{
    size_t to = number.len;
    while (to > 0 && !isdigit((unsigned char)number.ptr[to - 1]))
        to--;
    size_t from = to;
    while (from > 0 && isdigit((unsigned char)number.ptr[from - 1]))
        from--;
    while (from < to && number.ptr[from] == '0')
        from++;
    return str_sub(number, from, to - from);
}

// ---- Building -----------------------------------------------------------------------------------

static void name_party(BankIndex *index, uint32_t party, Str folded)
{
    Party *of = &index->parties[party];
    if (folded.len == 0)
        return;
    for (uint32_t i = 0; i < of->name_count; i++)
        if (str_eq(of->names[i], folded))
            return;
    if (of->name_count == PARTY_NAMES_MAX)
        return;
    of->names[of->name_count++] = folded;
    places_put(&index->name, str_hash(folded), party);
    for (Str word, rest = folded; str_next_word(&rest, &word);)
        if (word.len >= NAME_WORD_MIN)
            places_put(&index->name_word, str_hash(word), party);
}

static Str iban_squeezed(Str iban, char *room)
{
    return squeeze(iban, room, KEY_MAX + 2);
}

static void put_iban(BankIndex *index, Str iban, uint32_t party)
{
    char room[KEY_MAX + 2];
    Str key = iban_squeezed(iban, room);
    if (key.len)
        places_put(&index->iban, str_hash(key), party);
}

typedef struct {
    uint32_t party, item;
    Date date;
} Sorted;

static int by_party_and_date(const void *a, const void *b)
{
    const Sorted *x = a, *y = b;
    if (x->party != y->party)
        return x->party < y->party ? -1 : 1;
    if (x->date != y->date)
        return x->date < y->date ? -1 : 1;
    return (x->item > y->item) - (x->item < y->item);
}

static void group_items(Arena *arena, BankIndex *index)
{
    size_t count = index->books->item_count;
    Sorted *sorted = NEW_ARRAY(arena, Sorted, count + 1);
    for (size_t i = 0; i < count; i++)
        sorted[i] = (Sorted){ index->party_of[i], (uint32_t)i, index->books->items[i].date };
    qsort(sorted, count, sizeof *sorted, by_party_and_date);
    index->by_party = NEW_ARRAY(arena, uint32_t, count + 1);
    for (size_t i = 0; i < count; i++) {
        Party *party = &index->parties[sorted[i].party];
        index->by_party[i] = sorted[i].item;
        if (i == 0 || sorted[i - 1].party != sorted[i].party)
            party->from = (uint32_t)i;
        party->to = (uint32_t)i + 1;
    }
}

static void index_item(Arena *arena, BankIndex *index, uint32_t i)
{
    const OpenItem *item = &index->books->items[i];
    char room[KEY_MAX], digits_room[KEY_MAX];
    Str number = str_copy(arena, squeeze(item->number, room, sizeof room));
    Str digits = only_digits(number, digits_room, sizeof digits_room);
    Str tail = tail_of(item->number);  // as written: "RE-2026-00047" ends in 47
    index->numbers[i] = number;
    if (number.len >= KEY_MIN)
        places_put(&index->number, str_hash(number), i);
    if (digits.len >= DIGITS_MIN)
        places_put(&index->number_digits, str_hash(digits), i);
    if (tail.len >= TAIL_MIN)
        places_put(&index->number_tail, str_hash(tail), i);
    places_put(&index->amount, amount_key(item->amount, item->currency), i);
}

// Who a party is, is told by its key; an item without one is its own.
static void find_parties(Arena *arena, BankIndex *index)
{
    const BankBooks *books = index->books;
    Places keys = { 0 };
    places_init(arena, &keys, books->item_count);
    for (size_t i = 0; i < books->item_count; i++) {
        const OpenItem *item = &books->items[i];
        Str key = item->party.len ? item->party : item->name;
        uint32_t party = index->party_count;
        if (key.len)
            EACH_PLACE(entry, &keys, str_hash(key))
        party = keys.entries[entry - 1].place;
        if (party == index->party_count) {
            index->parties[index->party_count++].key = key;
            places_put(&keys, str_hash(key), party);
        }
        index->party_of[i] = party;
        name_party(index, party, text_fold(arena, item->name));
        put_iban(index, item->iban, party);
    }
    for (size_t i = 0; i < books->alias_count; i++) {
        const Alias *alias = &books->aliases[i];
        EACH_PLACE(entry, &keys, str_hash(alias->party))
        {
            uint32_t party = keys.entries[entry - 1].place;
            name_party(index, party, text_fold(arena, alias->name));
            put_iban(index, alias->iban, party);
        }
    }
}

void bank_index(Arena *arena, const BankBooks *books, BankIndex *ret)
{
    size_t items = books->item_count, names = items + books->alias_count;
    *ret = (BankIndex){ .books = books };
    ret->parties = NEW_ARRAY(arena, Party, items + 1);
    ret->party_of = NEW_ARRAY(arena, uint32_t, items + 1);
    ret->numbers = NEW_ARRAY(arena, Str, items + 1);
    Places *of_items[] = { &ret->number, &ret->number_digits, &ret->number_tail, &ret->amount };
    for (size_t i = 0; i < COUNT(of_items); i++)
        places_init(arena, of_items[i], items);
    places_init(arena, &ret->iban, names);
    places_init(arena, &ret->name, names);
    places_init(arena, &ret->name_word, names * 6);
    find_parties(arena, ret);
    for (size_t i = 0; i < items; i++)
        index_item(arena, ret, (uint32_t)i);
    group_items(arena, ret);
}

// ---- Pointing -----------------------------------------------------------------------------------

static Found *found_item(Pointers *pointers, uint32_t item)
{
    for (uint32_t i = 0; i < pointers->item_count; i++)
        if (pointers->items[i].item == item)
            return &pointers->items[i];
    if (pointers->item_count == FOUND_MAX)
        return NULL;
    Found *found = &pointers->items[pointers->item_count++];
    *found = (Found){ item, 0 };
    return found;
}

static void found_party(Pointers *pointers, uint32_t party, bool by_iban)
{
    for (uint32_t i = 0; i < pointers->party_count; i++)
        if (pointers->parties[i] == party) {
            pointers->by_iban[i] |= by_iban;
            return;
        }
    if (pointers->party_count == PARTIES_MAX)
        return;
    pointers->by_iban[pointers->party_count] = by_iban;
    pointers->parties[pointers->party_count++] = party;
}

// Keys that very many items share point nowhere.
static void look_up(const BankIndex *index, const Places *places, Str key, NumberEvidence evidence,
                    Pointers *pointers)
{
    size_t slot = slot_of(places, str_hash(key));
    if (places->uses[slot] > USES_MAX)
        return;
    for (uint32_t entry = places->first[slot]; entry; entry = places->entries[entry - 1].next) {
        Found *found = found_item(pointers, places->entries[entry - 1].place);
        if (found)
            found->number |= (uint8_t)evidence;
    }
}

static size_t count_digits(Str s)
{
    size_t digits = 0;
    for (size_t i = 0; i < s.len; i++)
        digits += isdigit((unsigned char)s.ptr[i]) != 0;
    return digits;
}

static void look_up_joined(const BankIndex *index, Str joined, bool is_one_word, Pointers *pointers)
{
    char room[KEY_MAX], digits_room[KEY_MAX];
    Str key = squeeze(joined, room, sizeof room);
    Str digits = only_digits(key, digits_room, sizeof digits_room);
    if (key.len < KEY_MIN || digits.len < 2)
        return;
    look_up(index, &index->number, key, BY_NUMBER, pointers);
    if (digits.len >= DIGITS_MIN)
        look_up(index, &index->number_digits, digits, BY_DIGITS, pointers);
    Str tail = tail_of(key);
    if (is_one_word && tail.len >= TAIL_MIN)
        look_up(index, &index->number_tail, tail, BY_TAIL, pointers);
}

static void point_by_number(const BankIndex *index, Str text, Pointers *pointers)
{
    Str words[WORDS_MAX], word;
    size_t count = 0;
    while (count < WORDS_MAX && str_next_word(&text, &word))
        words[count++] = word;
    for (size_t i = 0; i < count; i++)
        for (size_t n = 1; n <= JOINED_MAX && i + n <= count; n++) {
            const Str *last = &words[i + n - 1];
            Str joined = { words[i].ptr, (size_t)(last->ptr + last->len - words[i].ptr) };
            if (count_digits(*last) || n == 1)
                look_up_joined(index, joined, n == 1, pointers);
        }
}

static void point_by_name(const BankIndex *index, Pointers *pointers)
{
    EACH_PLACE(entry, &index->name, str_hash(pointers->name))
    found_party(pointers, index->name.entries[entry - 1].place, false);
    for (Str word, rest = pointers->name; str_next_word(&rest, &word);) {
        const Places *places = &index->name_word;
        size_t slot = slot_of(places, str_hash(word));
        if (word.len < NAME_WORD_MIN || places->uses[slot] > NAME_USES_MAX)
            continue;
        for (uint32_t entry = places->first[slot]; entry; entry = places->entries[entry - 1].next)
            found_party(pointers, places->entries[entry - 1].place, false);
    }
}

static void point_by_sum(const BankIndex *index, int64_t amount, Str currency, Pointers *pointers)
{
    const Places *places = &index->amount;
    size_t slot = slot_of(places, amount_key(amount, currency));
    if (places->uses[slot] > USES_MAX)
        return;
    for (uint32_t entry = places->first[slot]; entry; entry = places->entries[entry - 1].next)
        found_item(pointers, places->entries[entry - 1].place);
}

static void point_by_amount(const BankIndex *index, const BankLine *line, Pointers *pointers)
{
    point_by_sum(index, line->amount, line->currency, pointers);
    if (line->original_amount)
        point_by_sum(index, line->original_amount, line->original_currency, pointers);
}

// Of a party with very many items those with the amount are found by it; here come the oldest.
static void point_by_party(const BankIndex *index, Pointers *pointers)
{
    for (uint32_t p = 0; p < pointers->party_count; p++) {
        const Party *party = &index->parties[pointers->parties[p]];
        uint32_t to = party->to - party->from > PARTY_ITEMS_LOOKED
                        ? party->from + PARTY_ITEMS_LOOKED
                        : party->to;
        for (uint32_t i = party->from; i < to; i++)
            found_item(pointers, index->by_party[i]);
    }
}

// One character changed, left out, added, or two neighbours swapped; in one pass.
static bool is_slip(Str a, Str b)
{
    if (a.len > b.len)
        return is_slip(b, a);
    size_t front = common_start(a, b), back = 0;
    while (back < a.len - front && a.ptr[a.len - 1 - back] == b.ptr[b.len - 1 - back])
        back++;
    if (b.len == a.len + 1)
        return front + back == a.len;
    bool is_swap = front + back + 2 == a.len && a.ptr[front] == b.ptr[front + 1] &&
                   a.ptr[front + 1] == b.ptr[front];
    return a.len == b.len && (front + back + 1 == a.len || is_swap);
}

// A word of the text that is the number but for one slip of the finger.
static void point_by_slip(const BankIndex *index, Str text, Pointers *pointers)
{
    for (Str word; str_next_word(&text, &word);) {
        char room[KEY_MAX];
        Str key = squeeze(word, room, sizeof room);
        if (key.len == 0 || key.len < DIGITS_MIN || count_digits(key) < 3)
            continue;
        for (uint32_t i = 0; i < pointers->item_count; i++) {
            Found *found = &pointers->items[i];
            Str number = index->numbers[found->item];
            if (!found->number && is_slip(key, number))
                found->number |= BY_NEAR;
        }
    }
}

void bank_point(Arena *arena, const BankIndex *index, const BankLine *line, Pointers *ret)
{
    char room[KEY_MAX + 2];
    ret->item_count = ret->party_count = 0;
    ret->name = text_fold(arena, line->name);
    ret->text = text_fold(arena, line->text);
    point_by_number(index, line->text, ret);
    Str iban = iban_squeezed(line->iban, room);
    if (iban.len)
        EACH_PLACE(entry, &index->iban, str_hash(iban))
    found_party(ret, index->iban.entries[entry - 1].place, true);
    ret->iban_is_known = ret->party_count > 0;
    point_by_name(index, ret);
    for (uint32_t i = 0; i < ret->item_count; i++)
        if (ret->items[i].number & (BY_NUMBER | BY_DIGITS))
            found_party(ret, index->party_of[ret->items[i].item], false);
    point_by_amount(index, line, ret);
    point_by_party(index, ret);
    point_by_slip(index, line->text, ret);
}
