// segment.c - reads segments, part by part. Bytes come from a database that may be damaged: every
// number is checked before it is used, and what does not fit is E_INTERNAL "search.corrupt".
#include "kernel/search/segment.h"

#include <assert.h>

enum { KIND_POSTING = PART_KINDS, KIND_FACET };  // decoded things in the cache, beside the parts

#define HEAD_MAGIC S("entrepot index 1\n")

// ---- Parts --------------------------------------------------------------------------------------

// What a load function is told.
typedef struct Load {
    const Segment *segment;
    PartKind kind;
    uint32_t number;
    const KeyEntry *entry;
    Str facet;
} Load;

static Status read_part(Ctx *ctx, const Load *load, Str *ret)
{
    const SegmentSource *source = load->segment->source;
    Str sealed;
    TRY(source->read(ctx, source->arg, load->segment->id, load->kind, load->number, &sealed));
    return packed_open(sealed, ret) ? OK : packed_corrupt(ctx, "check sum");
}

static Status use(Ctx *ctx, const Load *load, uint32_t kind, uint64_t at, CacheLoad how,
                  const void **ret)
{
    CacheKey key = { load->segment->id, kind, at };
    return cache_use(ctx, load->segment->source->cache, key, how, load, ret);
}

static Status load_bytes(Ctx *ctx, Arena *into, const void *arg, const void **ret, size_t *ret_more)
{
    Str bytes;
    TRY(read_part(ctx, arg, &bytes));
    Str *kept = NEW(into, Str);
    *kept = str_copy(into, bytes);
    *ret = kept;
    return OK;
}

static Status part_bytes(Ctx *ctx, const Segment *segment, PartKind kind, uint32_t number, Str *ret)
{
    Load load = { .segment = segment, .kind = kind, .number = number };
    const void *bytes;
    TRY(use(ctx, &load, kind, number, load_bytes, &bytes));
    *ret = *(const Str *)bytes;
    return OK;
}

// ---- Head ---------------------------------------------------------------------------------------

static void read_first_ids(PackedReader *in, Arena *into, SegmentHead *head)
{
    head->ids_parts = (head->docs + IDS_PER_PART - 1) / IDS_PER_PART;
    if (head->ids_parts > (size_t)(in->end - in->at)) {
        in->is_bad = true;
        return;
    }
    Id *first = NEW_ARRAY(into, Id, head->ids_parts);
    for (uint32_t i = 0; i < head->ids_parts; i++)
        first[i] = (Id)packed_get_max(in, INT64_MAX);
    head->first_ids = first;
}

static void read_first_keys(PackedReader *in, Arena *into, SegmentHead *head)
{
    head->terms_parts = (uint32_t)packed_get_max(in, (uint64_t)(in->end - in->at));
    Str *keys = NEW_ARRAY(into, Str, head->terms_parts);
    for (uint32_t i = 0; i < head->terms_parts; i++)
        keys[i] = str_copy(into, packed_get_bytes(in, packed_get_max(in, KEY_BYTES_MAX)));
    head->terms = keys;
}

static Status load_head(Ctx *ctx, Arena *into, const void *arg, const void **ret, size_t *ret_more)
{
    Str bytes;
    TRY(read_part(ctx, arg, &bytes));
    PackedReader in = packed_reader(bytes);
    SegmentHead *head = NEW(into, SegmentHead);
    if (!str_eq(packed_get_bytes(&in, HEAD_MAGIC.len), HEAD_MAGIC))
        return packed_corrupt(ctx, "head");
    head->docs = (uint32_t)packed_get_max(&in, SEGMENT_DOCS_MAX);
    head->keys = packed_get(&in);
    head->postings_bytes = packed_get(&in);
    read_first_ids(&in, into, head);
    read_first_keys(&in, into, head);
    *ret = head;
    return in.is_bad || in.at != in.end ? packed_corrupt(ctx, "head") : OK;
}

Status segment_open(Ctx *ctx, const SegmentSource *source, Id id, Segment *ret)
{
    *ret = (Segment){ .id = id, .source = source };
    Load load = { .segment = ret, .kind = PART_HEAD };
    const void *head;
    TRY(use(ctx, &load, PART_HEAD, 0, load_head, &head));
    ret->head = head;
    return OK;
}

// ---- Ids ----------------------------------------------------------------------------------------

static uint32_t ids_in_part(const SegmentHead *head, uint32_t number)
{
    uint32_t left = head->docs - number * IDS_PER_PART;
    return left < IDS_PER_PART ? left : IDS_PER_PART;
}

static Status load_ids(Ctx *ctx, Arena *into, const void *arg, const void **ret, size_t *ret_more)
{
    const Load *load = arg;
    Str bytes;
    TRY(read_part(ctx, load, &bytes));
    PackedReader in = packed_reader(bytes);
    uint32_t count = ids_in_part(load->segment->head, load->number);
    Id *ids = NEW_ARRAY(into, Id, count), id = 0;
    for (uint32_t i = 0; i < count; i++) {
        id += (Id)packed_get_max(&in, (uint64_t)(INT64_MAX - id));
        ids[i] = id;
        in.is_bad = in.is_bad || id <= (i > 0 ? ids[i - 1] : 0);
    }
    *ret = ids;
    return in.is_bad || in.at != in.end ? packed_corrupt(ctx, "ids") : OK;
}

static Status ids_part(Ctx *ctx, const Segment *segment, uint32_t number, const Id **ret)
{
    Load load = { .segment = segment, .kind = PART_IDS, .number = number };
    const void *ids;
    TRY(use(ctx, &load, PART_IDS, number, load_ids, &ids));
    *ret = ids;
    return OK;
}

Status segment_id(Ctx *ctx, const Segment *segment, uint32_t doc, Id *ret)
{
    const Id *ids;
    assert(doc < segment->head->docs);
    TRY(ids_part(ctx, segment, doc / IDS_PER_PART, &ids));
    *ret = ids[doc % IDS_PER_PART];
    return OK;
}

// The last of `count` ascending ids that is not above `id`; -1: all are above.
static int64_t last_not_above(const Id *ids, uint32_t count, Id id)
{
    uint32_t from = 0, to = count;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (ids[middle] <= id)
            from = middle + 1;
        else
            to = middle;
    }
    return (int64_t)from - 1;
}

Status segment_doc(Ctx *ctx, const Segment *segment, Id id, uint32_t *ret, bool *ret_found)
{
    const SegmentHead *head = segment->head;
    int64_t number = last_not_above(head->first_ids, head->ids_parts, id);
    *ret_found = false;
    if (number < 0)
        return OK;
    const Id *ids;
    TRY(ids_part(ctx, segment, (uint32_t)number, &ids));
    int64_t at = last_not_above(ids, ids_in_part(head, (uint32_t)number), id);
    if (at < 0 || ids[at] != id)
        return OK;
    *ret = (uint32_t)(number * IDS_PER_PART + at);
    *ret_found = true;
    return OK;
}

// ---- Keys ---------------------------------------------------------------------------------------

// At the end of a terms part stand the places of its stretches and, in two bytes, their number.
static bool read_stretches(Cursor *cursor, Str bytes)
{
    if (bytes.len < 2)
        return false;
    const uint8_t *end = (const uint8_t *)bytes.ptr + bytes.len;
    size_t table = (size_t)(end[-2] | end[-1] << 8) * 2 + 2;
    if (table == 2 || table >= bytes.len)
        return false;
    cursor->stretches = str_sub(bytes, bytes.len - table, table - 2);
    cursor->in = packed_reader(str_sub(bytes, 0, bytes.len - table));
    cursor->start = cursor->in.at;
    return true;
}

static Status enter_part(Ctx *ctx, Cursor *cursor, uint32_t number)
{
    const SegmentHead *head = cursor->segment->head;
    cursor->part = number;
    cursor->at = 0;
    cursor->is_end = number >= head->terms_parts;
    if (cursor->is_end)
        return OK;
    Str bytes = { 0 };
    TRY(part_bytes(ctx, cursor->segment, PART_TERMS, number, &bytes));
    return read_stretches(cursor, bytes) ? OK : packed_corrupt(ctx, "terms");
}

// Keys must ascend: whoever walks or leaps forward would not come to an end otherwise.
static void read_key(Cursor *cursor)
{
    PackedReader *in = &cursor->in;
    Str before = cursor->entry.key;
    bool is_first = cursor->at % STRETCH == 0;
    size_t shared = is_first ? 0 : packed_get_max(in, before.len);
    Str rest = packed_get_bytes(in, packed_get_max(in, KEY_BYTES_MAX - shared));
    in->is_bad = in->is_bad || str_compare(rest, str_from_at(before, shared)) <= 0;
    if (rest.len)
        memcpy(cursor->key + shared, rest.ptr, rest.len);
    cursor->entry.key = (Str){ cursor->key, shared + rest.len };
    if (is_first)
        cursor->postings_at = packed_get_max(in, cursor->segment->head->postings_bytes);
    cursor->at++;
}

static Status read_entry(Ctx *ctx, Cursor *cursor)
{
    const SegmentHead *head = cursor->segment->head;
    PackedReader *in = &cursor->in;
    KeyEntry *entry = &cursor->entry;
    read_key(cursor);
    entry->count = (uint32_t)packed_get_max(in, head->docs);
    entry->at = cursor->postings_at;
    if (entry->count == 1) {
        entry->level = (uint32_t)packed_get_max(in, UINT8_MAX);
        entry->doc = (uint32_t)packed_get_max(in, head->docs - 1);
        entry->bytes = 0;
    } else {
        entry->bytes = (uint32_t)packed_get_max(in, head->postings_bytes - entry->at);
    }
    cursor->postings_at += entry->bytes;
    // A document takes a bit at least, so a count beyond that is no count.
    bool is_sane = entry->count == 1 || (entry->count && entry->count <= entry->bytes * 8ull);
    return in->is_bad || !is_sane ? packed_corrupt(ctx, "terms") : OK;
}

bool cursor_is_part_end(const Cursor *cursor)
{
    return cursor->in.at == cursor->in.end;
}

Status cursor_next(Ctx *ctx, Cursor *cursor)
{
    if (cursor_is_part_end(cursor))
        TRY(enter_part(ctx, cursor, cursor->part + 1));
    return cursor->is_end ? OK : read_entry(ctx, cursor);
}

// The part that holds `key` if any does: the last one that does not begin behind it.
static uint32_t part_of_key(const SegmentHead *head, Str key)
{
    uint32_t from = 0, to = head->terms_parts;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (str_compare(head->terms[middle], key) <= 0)
            from = middle + 1;
        else
            to = middle;
    }
    return from ? from - 1 : 0;
}

static PackedReader stretch_at(const Cursor *cursor, uint32_t stretch)
{
    const uint8_t *place = (const uint8_t *)cursor->stretches.ptr + stretch * 2;
    size_t at = (size_t)(place[0] | place[1] << 8), len = (size_t)(cursor->in.end - cursor->start);
    return (PackedReader){ cursor->start + (at < len ? at : len), cursor->in.end, at >= len };
}

static Str first_key(const Cursor *cursor, uint32_t stretch)
{
    PackedReader in = stretch_at(cursor, stretch);
    return packed_get_bytes(&in, packed_get_max(&in, KEY_BYTES_MAX));
}

// To the last stretch of the part that does not begin behind `key`.
static void enter_stretch(Cursor *cursor, Str key)
{
    uint32_t from = 0, to = (uint32_t)cursor->stretches.len / 2;
    while (from < to) {
        uint32_t middle = from + (to - from) / 2;
        if (str_compare(first_key(cursor, middle), key) <= 0)
            from = middle + 1;
        else
            to = middle;
    }
    uint32_t stretch = from ? from - 1 : 0;
    cursor->at = stretch * STRETCH;
    cursor->in = stretch_at(cursor, stretch);
}

Status cursor_seek(Ctx *ctx, const Segment *segment, Str from, Cursor *ret)
{
    ret->segment = segment;
    ret->entry = (KeyEntry){ 0 };
    TRY(enter_part(ctx, ret, part_of_key(segment->head, from)));
    if (!ret->is_end)
        enter_stretch(ret, from);
    do {
        if (!ret->is_end)
            TRY(cursor_next(ctx, ret));
    } while (!ret->is_end && str_compare(ret->entry.key, from) < 0);
    return OK;
}

Status segment_entry(Ctx *ctx, const Segment *segment, Str key, KeyEntry *ret)
{
    Cursor cursor;
    *ret = (KeyEntry){ 0 };
    TRY(cursor_seek(ctx, segment, key, &cursor));
    if (cursor.is_end || !str_eq(cursor.entry.key, key))
        return OK;
    *ret = cursor.entry;
    ret->key = key;
    return OK;
}

// ---- Postings -----------------------------------------------------------------------------------

// The bytes from `at` on, put together from the parts they lie in.
static Status posting_bytes(Ctx *ctx, const Segment *segment, uint64_t at, uint32_t len, Str *ret)
{
    Buf whole = { .arena = ctx->arena };
    for (uint64_t end = at + len; at < end;) {
        Str part;
        TRY(part_bytes(ctx, segment, PART_POSTINGS, (uint32_t)(at / POSTINGS_PART_BYTES), &part));
        Str piece = str_sub(part, at % POSTINGS_PART_BYTES, end - at);
        if (piece.len == 0)
            return packed_corrupt(ctx, "postings");
        if (piece.len == len) {  // the usual case: all in one part
            *ret = piece;
            return OK;
        }
        buf_put(&whole, piece);
        at += piece.len;
    }
    *ret = buf_str(&whole);
    return OK;
}

// Reads a posting level by level.
typedef struct LevelReader {
    const Segment *segment;
    PackedReader in;
    size_t left;     // documents of the levels still to come
    int level;       // the current one; levels must fall
    uint32_t *docs;  // its documents, ascending
    size_t count;
} LevelReader;

static Status levels_begin(Ctx *ctx, const Segment *segment, const KeyEntry *entry,
                           LevelReader *ret)
{
    *ret = (LevelReader){ .segment = segment, .level = UINT8_MAX + 1, .left = entry->count };
    ret->docs = NEW_ARRAY(ctx->arena, uint32_t, entry->count);
    if (entry->count == 1) {
        ret->docs[0] = entry->doc;
        ret->level = (int)entry->level;
        return OK;
    }
    Str bytes = { 0 };
    TRY(posting_bytes(ctx, segment, entry->at, entry->bytes, &bytes));
    ret->in = packed_reader(bytes);
    return OK;
}

static Status levels_next(Ctx *ctx, LevelReader *reader, bool *ret_more)
{
    PackedReader *in = &reader->in;
    *ret_more = reader->left > 0;
    if (!*ret_more)
        return in->at == in->end ? OK : packed_corrupt(ctx, "postings");
    reader->count = 1;
    if (in->end) {  // not the only document, which stands in the entry
        int before = reader->level;
        reader->level = (int)packed_get_max(in, UINT8_MAX);
        reader->count = set_get(in, reader->segment->head->docs, reader->docs, reader->left);
        if (in->is_bad || reader->count == 0 || reader->level == 0 || reader->level >= before)
            return packed_corrupt(ctx, "postings");
    }
    reader->left -= reader->count;
    return OK;
}

Status segment_occurrences(Ctx *ctx, const Segment *segment, const KeyEntry *entry,
                           OccurrenceList *ret)
{
    LevelReader reader;
    TRY(levels_begin(ctx, segment, entry, &reader));
    list_reserve(ctx->arena, ret, ret->len + entry->count);
    for (bool more;;) {
        TRY(levels_next(ctx, &reader, &more));
        if (!more)
            return OK;
        for (size_t i = 0; i < reader.count; i++)
            ret->items[ret->len++] = (Occurrence){ reader.docs[i], (uint32_t)reader.level };
    }
}

static size_t posting_sets_bytes(const Posting *posting)
{
    size_t bytes = posting->level_count > 1 ? set_bytes(posting->all) : 0;
    for (int i = 0; i < posting->level_count; i++)
        bytes += set_bytes(posting->levels[i].docs);
    return bytes;
}

static const Set *levels_union(Arena *into, const PostingLevel *levels, size_t count)
{
    if (count == 1)
        return levels[0].docs;
    const Set **sets = NEW_ARRAY(into, const Set *, count);
    for (size_t i = 0; i < count; i++)
        sets[i] = levels[i].docs;
    return set_union(into, sets, count);
}

static Status posting_read(Ctx *ctx, Arena *into, const Segment *segment, const KeyEntry *entry,
                           const Posting **ret)
{
    LIST(PostingLevel) levels = { 0 };
    LevelReader reader;
    TRY(levels_begin(ctx, segment, entry, &reader));
    for (bool more;;) {
        TRY(levels_next(ctx, &reader, &more));
        if (!more)
            break;
        *list_push(into, &levels) =
            (PostingLevel){ reader.level, set_of(into, reader.docs, reader.count) };
    }
    Posting *posting = NEW(into, Posting);
    posting->levels = levels.items;
    posting->level_count = (int)levels.len;
    posting->all = levels_union(into, levels.items, levels.len);
    *ret = posting;
    bool is_in_two = set_len(posting->all) != entry->count;
    return is_in_two ? packed_corrupt(ctx, "postings") : OK;
}

static Status load_posting(Ctx *ctx, Arena *into, const void *arg, const void **ret,
                           size_t *ret_more)
{
    const Load *load = arg;
    const Posting *posting;
    TRY(posting_read(ctx, into, load->segment, load->entry, &posting));
    *ret_more = posting_sets_bytes(posting);
    *ret = posting;
    return OK;
}

Status segment_posting(Ctx *ctx, const Segment *segment, const KeyEntry *entry, const Posting **ret)
{
    if (entry->count == 1)
        return posting_read(ctx, ctx->arena, segment, entry, ret);
    Load load = { .segment = segment, .entry = entry };
    const void *posting;
    TRY(use(ctx, &load, KIND_POSTING, entry->at, load_posting, &posting));
    *ret = posting;
    return OK;
}

// ---- Facets -------------------------------------------------------------------------------------

// A value has one level: every document counts alike.
static Status facet_value(Ctx *ctx, Arena *into, const Load *load, const KeyEntry *entry,
                          FacetPosting *ret)
{
    LevelReader reader;
    bool more;
    TRY(levels_begin(ctx, load->segment, entry, &reader));
    TRY(levels_next(ctx, &reader, &more));
    ret->value = str_copy(into, str_from_at(entry->key, load->facet.len));
    ret->docs = set_of(into, reader.docs, reader.count);
    return reader.left ? packed_corrupt(ctx, "facet") : OK;
}

static Status load_facet(Ctx *ctx, Arena *into, const void *arg, const void **ret, size_t *ret_more)
{
    const Load *load = arg;
    LIST(FacetPosting) values = { 0 };
    Cursor cursor;
    TRY(cursor_seek(ctx, load->segment, load->facet, &cursor));
    while (!cursor.is_end && str_starts(cursor.entry.key, load->facet)) {
        FacetPosting *value = list_push(into, &values);
        TRY(facet_value(ctx, into, load, &cursor.entry, value));
        *ret_more += set_bytes(value->docs);
        TRY(cursor_next(ctx, &cursor));
    }
    FacetTable *table = NEW(into, FacetTable);
    *table = (FacetTable){ values.items, values.len };
    *ret = table;
    return OK;
}

// Two facets whose names hash alike would share a place in the cache: FNV over 64 bits, and the
// names are a tenant's few dozen.
static uint64_t name_hash(Str name)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < name.len; i++)
        h = (h ^ (unsigned char)name.ptr[i]) * UINT64_C(0x100000001b3);
    return h;
}

Status segment_facet(Ctx *ctx, const Segment *segment, Str facet, const FacetTable **ret)
{
    Str start = str_format(ctx->arena, FACET_MARK STR_FMT FACET_END, STR_ARG(facet));
    Load load = { .segment = segment, .facet = start };
    const void *table;
    TRY(use(ctx, &load, KIND_FACET, name_hash(facet), load_facet, &table));
    *ret = table;
    return OK;
}
