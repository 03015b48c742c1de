// segment.h - a part of an index that never changes: some documents of one entity, every word that
// leads to them, and what they are counted by.
//
// A document number is a document's place among the segment's ids, which ascend. A key is a word,
// or a value of a facet, and has a posting: the documents, grouped by level (score.h), best first.
// Facet keys begin with FACET_MARK, which no word contains, so that one sorted dictionary serves
// both.
//
// A segment is stored as small parts, each sealed by a check sum and read when it is needed:
//
//     head      counts; the first id of each ids part; the first key of each terms part
//     ids       4,096 ids each, as differences
//     terms     some 8 KB of keys each, every one sharing the start of the one before, but for each
//               16th, which stands whole and begins a stretch; a key with a single document has it
//               here
//     postings  one stream, cut every 32 KB
//
// What is deleted or replaced is not taken out: the index keeps the set of documents that are gone,
// until a merge writes a new segment without them.
#pragma once

#include "base/id.h"
#include "kernel/search/cache.h"
#include "kernel/search/set.h"

enum {
    KEY_BYTES_MAX = 250,
    SEGMENT_DOCS_MAX = 1 << 30,
    IDS_PER_PART = 4096,
    TERMS_PART_BYTES = 8 * 1024,
    STRETCH = 16,  // keys
    POSTINGS_PART_BYTES = 32 * 1024,
};
#define FACET_MARK "\x01"  // before a facet's name; FACET_END between name and value
#define FACET_END  "\x02"

typedef enum PartKind { PART_HEAD, PART_IDS, PART_TERMS, PART_POSTINGS } PartKind;
enum { PART_KINDS = PART_POSTINGS + 1 };

// ---- Reading ------------------------------------------------------------------------------------

// Where parts come from. `*ret` must live as long as ctx's arena. A part that is not there is
// E_INTERNAL "search.corrupt".
typedef struct SegmentSource {
    Status (*read)(Ctx *ctx, void *arg, Id segment, PartKind kind, uint32_t number, Str *ret);
    void *arg;
    Cache *cache;
} SegmentSource;

typedef struct SegmentHead {
    uint32_t docs;
    uint64_t keys, postings_bytes;
    const Id *first_ids;
    uint32_t ids_parts, terms_parts;
    const Str *terms;  // the first key of each terms part
} SegmentHead;

typedef struct Segment {
    Id id;
    const SegmentSource *source;
    const SegmentHead *head;
    const Set *gone;  // documents deleted or replaced since; NULL: none
} Segment;

// What is got from a segment is valid until ctx's arena is cleared or rewound.
MUST_CHECK Status segment_open(Ctx *ctx, const SegmentSource *source, Id id, Segment *ret);

// A key in the dictionary.
typedef struct KeyEntry {
    Str key;
    uint32_t count;       // documents, those that are gone with them
    uint32_t doc, level;  // of the only one, when count is 1
    uint64_t at;          // else where the posting begins, and its bytes
    uint32_t bytes;
} KeyEntry;

// Walks the keys in order of their bytes.
typedef struct Cursor {
    const Segment *segment;
    uint32_t part;  // the part being read
    uint32_t at;    // which of its keys is next
    Str stretches;  // where its stretches begin, two bytes each
    const uint8_t *start;
    PackedReader in;
    uint64_t postings_at;
    KeyEntry entry;  // the current one; its key is `key` below
    bool is_end;
    char key[KEY_BYTES_MAX];
} Cursor;
// To the first key that is not below `from`; cursor->is_end when there is none.
MUST_CHECK Status cursor_seek(Ctx *ctx, const Segment *segment, Str from, Cursor *ret);
MUST_CHECK Status cursor_next(Ctx *ctx, Cursor *cursor);
// The next call of cursor_next() will read another part: what the last one needed may go.
bool cursor_is_part_end(const Cursor *cursor);

// *ret->count is 0 when the key is not there.
MUST_CHECK Status segment_entry(Ctx *ctx, const Segment *segment, Str key, KeyEntry *ret);

typedef struct PostingLevel {
    int level;
    const Set *docs;
} PostingLevel;
typedef struct Posting {
    const PostingLevel *levels;  // best first; no document is in two
    int level_count;
    const Set *all;
} Posting;
MUST_CHECK Status segment_posting(Ctx *ctx, const Segment *segment, const KeyEntry *entry,
                                  const Posting **ret);

// One document of a posting, for merging.
typedef struct Occurrence {
    uint32_t doc, level;
} Occurrence;
typedef LIST(Occurrence) OccurrenceList;
// Adds all of the entry's, best level first, documents ascending within a level.
MUST_CHECK Status segment_occurrences(Ctx *ctx, const Segment *segment, const KeyEntry *entry,
                                      OccurrenceList *ret);

// The values of one facet with their documents, in order of their bytes.
typedef struct FacetPosting {
    Str value;
    const Set *docs;
} FacetPosting;
typedef struct FacetTable {
    const FacetPosting *values;
    size_t count;
} FacetTable;
MUST_CHECK Status segment_facet(Ctx *ctx, const Segment *segment, Str facet,
                                const FacetTable **ret);

MUST_CHECK Status segment_id(Ctx *ctx, const Segment *segment, uint32_t doc, Id *ret);
// The document of an id, gone or not; *ret_found says whether there is one.
MUST_CHECK Status segment_doc(Ctx *ctx, const Segment *segment, Id id, uint32_t *ret,
                              bool *ret_found);

// ---- Writing ------------------------------------------------------------------------------------

// Takes the parts as they are finished, the head last. `bytes` is valid during the call only.
typedef struct SegmentSink {
    Status (*write)(Ctx *ctx, void *arg, PartKind kind, uint32_t number, Str bytes);
    void *arg;
} SegmentSink;

typedef struct SegmentWriter SegmentWriter;
SegmentWriter *writer_new(Ctx *ctx, const SegmentSink *sink);
MUST_CHECK Status writer_ids(SegmentWriter *writer, const Id *ids,
                             size_t count);  // ascending; first
// Keys ascending; the occurrences in any order, each document once. Sorts them.
MUST_CHECK Status writer_key(SegmentWriter *writer, Str key, Occurrence *items, size_t count);
MUST_CHECK Status writer_end(SegmentWriter *writer);
