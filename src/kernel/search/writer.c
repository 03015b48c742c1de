// writer.c - writes a segment as a stream of parts: memory is one part of each kind and the head.
#include "kernel/search/segment.h"

#include <assert.h>

struct SegmentWriter {
    Ctx *ctx;
    SegmentSink sink;
    Buf head_ids;    // the head's list of first ids
    Buf head_terms;  // and of terms parts
    uint32_t docs, terms_parts, postings_parts;
    uint64_t keys;
    Buf terms;      // the part being filled
    Buf stretches;  // where its stretches begin
    uint32_t keys_in_part;
    Buf postings;          // what does not fill a part yet
    uint64_t postings_at;  // all bytes of postings so far
    char last[KEY_BYTES_MAX];
    size_t last_len;
    uint32_t *docs_of_level;  // room for one posting
    size_t docs_room;
};

SegmentWriter *writer_new(Ctx *ctx, const SegmentSink *sink)
{
    SegmentWriter *writer = NEW(ctx->arena, SegmentWriter);
    *writer = (SegmentWriter){ .ctx = ctx, .sink = *sink };
    writer->head_ids.arena = writer->head_terms.arena = ctx->arena;
    writer->terms.arena = writer->stretches.arena = writer->postings.arena = ctx->arena;
    return writer;
}

static Status flush(SegmentWriter *writer, PartKind kind, uint32_t number, Buf *part)
{
    packed_seal(part);
    Status status = writer->sink.write(writer->ctx, writer->sink.arg, kind, number, buf_str(part));
    buf_clear(part);
    return status;
}

// ---- Ids ----------------------------------------------------------------------------------------

Status writer_ids(SegmentWriter *writer, const Id *ids, size_t count)
{
    assert(writer->docs == 0 && count <= SEGMENT_DOCS_MAX);
    Buf part = { .arena = writer->ctx->arena };
    for (size_t from = 0; from < count; from += IDS_PER_PART) {
        Id before = 0;
        packed_put(&writer->head_ids, (uint64_t)ids[from]);
        for (size_t i = from; i < count && i < from + IDS_PER_PART; i++) {
            assert(ids[i] > before);
            packed_put(&part, (uint64_t)(ids[i] - before));
            before = ids[i];
        }
        TRY(flush(writer, PART_IDS, (uint32_t)(from / IDS_PER_PART), &part));
    }
    writer->docs = (uint32_t)count;
    return OK;
}

// ---- Postings -----------------------------------------------------------------------------------

static int by_doc(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static void sort_docs(uint32_t *docs, size_t count)
{
    for (size_t i = 1; i < count; i++)
        if (docs[i] < docs[i - 1]) {  // usually not: segments follow one another in time
            qsort(docs, count, sizeof *docs, by_doc);
            return;
        }
}

static void put_posting(SegmentWriter *writer, const Occurrence *items, size_t count)
{
    if (count > writer->docs_room) {
        writer->docs_room = count * 2;
        writer->docs_of_level = NEW_ARRAY(writer->ctx->arena, uint32_t, writer->docs_room);
    }
    size_t ends[UINT8_MAX + 1] = { 0 };  // where each level's documents end, best level first
    for (size_t i = 0; i < count; i++)
        ends[items[i].level]++;
    for (int level = UINT8_MAX - 1; level >= 0; level--)
        ends[level] += ends[level + 1];
    for (size_t i = count; i-- > 0;)
        writer->docs_of_level[--ends[items[i].level]] = items[i].doc;  // now where they begin

    for (int level = UINT8_MAX; level > 0; level--) {
        size_t from = ends[level], found = ends[level - 1] - from;
        if (found == 0)
            continue;
        sort_docs(writer->docs_of_level + from, found);
        packed_put(&writer->postings, (uint64_t)level);
        set_put(&writer->postings, writer->docs_of_level + from, found);
    }
}

// Cuts full parts off the stream; at the end also the rest.
static Status flush_postings(SegmentWriter *writer, bool is_end)
{
    size_t done = 0;
    Str all = buf_str(&writer->postings);
    Buf part = { .arena = writer->ctx->arena };
    while (all.len - done >= POSTINGS_PART_BYTES || (is_end && done < all.len)) {
        Str piece = str_sub(all, done, POSTINGS_PART_BYTES);
        buf_put(&part, piece);
        TRY(flush(writer, PART_POSTINGS, writer->postings_parts++, &part));
        done += piece.len;
    }
    if (done == 0)
        return OK;
    memmove(writer->postings.ptr, all.ptr + done, all.len - done);
    buf_cut(&writer->postings, all.len - done);
    return OK;
}

// ---- Keys ---------------------------------------------------------------------------------------

static void put_short(Buf *out, size_t number)
{
    assert(number <= UINT16_MAX);
    buf_char(out, (char)number);
    buf_char(out, (char)(number >> 8));
}

static Status flush_terms(SegmentWriter *writer)
{
    if (writer->keys_in_part == 0)
        return OK;
    buf_put(&writer->terms, buf_str(&writer->stretches));
    put_short(&writer->terms, writer->stretches.len / 2);
    buf_clear(&writer->stretches);
    writer->keys_in_part = 0;
    return flush(writer, PART_TERMS, writer->terms_parts++, &writer->terms);
}

static void put_first_key(SegmentWriter *writer, Str key)
{
    if (writer->keys_in_part == 0) {
        packed_put(&writer->head_terms, key.len);
        buf_put(&writer->head_terms, key);
    }
    put_short(&writer->stretches, writer->terms.len);
    packed_put(&writer->terms, key.len);
    buf_put(&writer->terms, key);
    packed_put(&writer->terms, writer->postings_at);
}

static void put_key(SegmentWriter *writer, Str key)
{
    if (writer->keys_in_part % STRETCH == 0) {
        put_first_key(writer, key);
    } else {
        size_t shared = 0;
        while (shared < key.len && shared < writer->last_len &&
               key.ptr[shared] == writer->last[shared])
            shared++;
        packed_put(&writer->terms, shared);
        packed_put(&writer->terms, key.len - shared);
        buf_put(&writer->terms, str_from_at(key, shared));
    }
    memcpy(writer->last, key.ptr, key.len);
    writer->last_len = key.len;
    writer->keys_in_part++;
}

Status writer_key(SegmentWriter *writer, Str key, Occurrence *items, size_t count)
{
    assert(count > 0 && key.len > 0 && key.len <= KEY_BYTES_MAX);
    put_key(writer, key);
    packed_put(&writer->terms, count);
    if (count == 1) {
        packed_put(&writer->terms, items[0].level);
        packed_put(&writer->terms, items[0].doc);
    } else {
        size_t before = writer->postings.len;
        put_posting(writer, items, count);
        packed_put(&writer->terms, writer->postings.len - before);
        writer->postings_at += writer->postings.len - before;
    }
    writer->keys++;
    if (writer->postings.len >= POSTINGS_PART_BYTES)
        TRY(flush_postings(writer, false));
    return writer->terms.len >= TERMS_PART_BYTES ? flush_terms(writer) : OK;
}

Status writer_end(SegmentWriter *writer)
{
    TRY(flush_terms(writer));
    TRY(flush_postings(writer, true));
    Buf head = { .arena = writer->ctx->arena };
    buf_put(&head, S("entrepot index 1\n"));
    packed_put(&head, writer->docs);
    packed_put(&head, writer->keys);
    packed_put(&head, writer->postings_at);
    buf_put(&head, buf_str(&writer->head_ids));
    packed_put(&head, writer->terms_parts);
    buf_put(&head, buf_str(&writer->head_terms));
    return flush(writer, PART_HEAD, 0, &head);
}
