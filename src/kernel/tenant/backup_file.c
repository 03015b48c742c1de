// backup_file.c - writing and reading the parts of a backup.
//
//     ENTREPOT BACKUP 2 FINGERPRINT \n | sealed( zstd( part part part ... ) )
//     part = kind, length (LEB128), payload
//
// Sealed is kernel/secrets/sealed.h under a key derived from the master key: without it nobody
// reads a backup or changes it unnoticed. Buffers of libzstd and the file hang from the arena as
// what closes them.
#include "kernel/tenant/backup_file.h"

#include "kernel/secrets.h"
#include "kernel/secrets/sealed.h"
#include "kernel/tenant/backup.h"

#include <errno.h>
#include <unistd.h>
#include <zstd.h>

enum { ROOM = 256 * 1024, LEVEL = 3, VARINT_MAX = 10 };

// ---- Values -------------------------------------------------------------------------------------

static size_t put_varint(char *to, uint64_t n)
{
    size_t len = 0;
    for (; n >= 0x80; n >>= 7)
        to[len++] = (char)(n | 0x80);
    to[len++] = (char)n;
    return len;
}

static bool take_varint(Str *from, uint64_t *ret)
{
    *ret = 0;
    for (size_t i = 0; i < from->len && i < VARINT_MAX; i++) {
        uint8_t byte = (uint8_t)from->ptr[i];
        *ret |= (uint64_t)(byte & 0x7f) << (7 * i);
        if (byte < 0x80) {
            *from = str_from_at(*from, i + 1);
            return true;
        }
    }
    return false;
}

static void pack_number(Buf *out, uint64_t n)
{
    char bytes[VARINT_MAX];
    buf_put(out, (Str){ bytes, put_varint(bytes, n) });
}

void row_pack(Buf *out, const Arg *values, size_t count)
{
    for (const Arg *v = values; v < values + count; v++) {
        buf_char(out, "nitb"[v->type]);
        if (v->type == ARG_INT)
            pack_number(out, ((uint64_t)v->number << 1) ^ (uint64_t)(v->number >> 63));
        if (v->type == ARG_TEXT || v->type == ARG_BYTES) {
            pack_number(out, v->text.len);
            buf_put(out, v->text);
        }
    }
}

static bool unpack_one(Str *from, Arg *ret)
{
    char kind = from->len ? from->ptr[0] : 0;
    uint64_t n = 0;
    *from = str_from_at(*from, 1);
    *ret = (Arg){ .type = ARG_NULL };
    if (kind == 'n')
        return true;
    if (!take_varint(from, &n))
        return false;
    if (kind == 'i') {
        *ret = arg_int((int64_t)(n >> 1) ^ -(int64_t)(n & 1));
        return true;
    }
    if ((kind != 't' && kind != 'b') || n > from->len)
        return false;
    *ret = (Arg){ .type = kind == 't' ? ARG_TEXT : ARG_BYTES, .text = str_sub(*from, 0, n) };
    *from = str_from_at(*from, n);
    return true;
}

bool row_unpack(Str packed, Arg *values, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!unpack_one(&packed, &values[i]))
            return false;
    return packed.len == 0;
}

// Says which key it was, without telling anything of it.
static Str fingerprint(Arena *arena, const uint8_t key[32])
{
    uint8_t mac[32];
    hmac_sha256((Str){ (const char *)key, 32 }, S("fingerprint"), mac);
    return hex_text(arena, mac, 8);
}

// ---- Writing ------------------------------------------------------------------------------------

struct BackupWriter {
    FILE *file;
    ZSTD_CCtx *zstd;
    SealedOut sealed;
    char out[ROOM];
};

static void close_writer(void *arg)
{
    BackupWriter *w = arg;
    ZSTD_freeCCtx(w->zstd);
    if (w->file)
        fclose(w->file);
    w->file = NULL;
    w->zstd = NULL;
}

static Status not_written(Ctx *ctx)
{
    return FAIL(ctx, E_INTERNAL, "backup.write", "the backup cannot be written: %s",
                strerror(errno));
}

Status backup_writer(Ctx *ctx, const char *path, const uint8_t key[32], BackupWriter **ret)
{
    BackupWriter *w = NEW(ctx->arena, BackupWriter);
    arena_defer(ctx->arena, close_writer, w);
    w->file = fopen(path, "wex");
    if (!w->file)
        return not_written(ctx);
    w->zstd = ZSTD_createCCtx();
    if (!w->zstd)
        return not_written(ctx);
    ZSTD_CCtx_setParameter(w->zstd, ZSTD_c_compressionLevel, LEVEL);
    fprintf(w->file, BACKUP_MAGIC "%d " STR_FMT "\n", BACKUP_FORMAT,
            STR_ARG(fingerprint(ctx->arena, key)));
    *ret = w;
    return sealed_begin(&w->sealed, w->file, key) ? OK : not_written(ctx);
}

static Status compress(Ctx *ctx, BackupWriter *w, Str bytes, ZSTD_EndDirective how)
{
    ZSTD_inBuffer in = { bytes.ptr, bytes.len, 0 };
    size_t left;
    do {
        ZSTD_outBuffer out = { w->out, sizeof w->out, 0 };
        left = ZSTD_compressStream2(w->zstd, &out, &in, how);
        if (ZSTD_isError(left) || !sealed_put(&w->sealed, (Str){ w->out, out.pos }))
            return not_written(ctx);
    } while (in.pos < in.size || (how == ZSTD_e_end && left > 0));
    return OK;
}

Status backup_part(Ctx *ctx, BackupWriter *w, char kind, Str payload)
{
    char head[1 + VARINT_MAX] = { kind };
    Str start = { head, 1 + put_varint(head + 1, payload.len) };
    TRY(compress(ctx, w, start, ZSTD_e_continue));
    return compress(ctx, w, payload, ZSTD_e_continue);
}

Status backup_writer_end(Ctx *ctx, BackupWriter *w)
{
    TRY(compress(ctx, w, S(""), ZSTD_e_end));
    bool ok = sealed_end(&w->sealed) && fflush(w->file) == 0 && fsync(fileno(w->file)) == 0;
    ok = fclose(w->file) == 0 && ok;
    w->file = NULL;
    return ok ? OK : not_written(ctx);
}

// ---- Reading ------------------------------------------------------------------------------------

struct BackupReader {
    FILE *file;
    ZSTD_DCtx *zstd;
    SealedIn sealed;
    Arena arena;
    Buf payload;
    char out[ROOM];
    ZSTD_inBuffer input;
    size_t out_at, out_len;
    bool is_over;      // of the sealed file
    bool is_complete;  // libzstd has seen its end
};

static void close_reader(void *arg)
{
    BackupReader *r = arg;
    ZSTD_freeDCtx(r->zstd);
    if (r->file)
        fclose(r->file);
    arena_release(&r->arena);
}

static Status damaged(Ctx *ctx)
{
    return FAIL(ctx, E_INVALID, "backup.damaged", "the backup is cut off or was changed");
}

static Status read_magic(Ctx *ctx, BackupReader *r, const uint8_t key[32])
{
    char line[64] = "";
    int64_t version;
    Str magic = S(BACKUP_MAGIC), number;
    Str text = fgets(line, sizeof line, r->file) ? str_trim(str_from(line)) : S("");
    bool is_backup = str_starts(text, magic);
    text = str_from_at(text, magic.len);
    if (!is_backup || !str_next(&text, ' ', &number) || !str_int(number, &version))
        return FAIL(ctx, E_INVALID, "backup.format", "this is no backup");
    if (version != BACKUP_FORMAT)
        return FAIL(ctx, E_INVALID, "backup.version",
                    "the backup has form %lld and this program reads form %d", (long long)version,
                    BACKUP_FORMAT);
    if (!str_eq(text, fingerprint(ctx->arena, key)))
        return FAIL(ctx, E_INVALID, "backup.key", "the backup was made with another master key");
    return OK;
}

Status backup_reader(Ctx *ctx, const char *path, const uint8_t key[32], BackupReader **ret)
{
    BackupReader *r = NEW(ctx->arena, BackupReader);
    arena_defer(ctx->arena, close_reader, r);
    r->file = fopen(path, "re");
    if (!r->file)
        return FAIL(ctx, E_NOT_FOUND, "backup.read", "the backup cannot be read: %s",
                    strerror(errno));
    TRY(read_magic(ctx, r, key));
    r->zstd = ZSTD_createDCtx();
    if (!r->zstd || !sealed_open(&r->sealed, r->file, key))
        return damaged(ctx);
    r->payload = (Buf){ .arena = &r->arena, .max = PART_BYTES_MAX };
    *ret = r;
    return OK;
}

// More of the stream in `out`; false at its end, or where it is broken.
static bool refill(BackupReader *r)
{
    ZSTD_outBuffer out = { r->out, sizeof r->out, 0 };
    while (out.pos == 0) {
        if (r->input.pos == r->input.size) {
            Str bytes;
            SealedRead got = sealed_get(&r->sealed, &bytes);
            r->is_over = got == SEALED_OVER;
            if (got != SEALED_BYTES)
                return false;
            r->input = (ZSTD_inBuffer){ bytes.ptr, bytes.len, 0 };
        }
        size_t left = ZSTD_decompressStream(r->zstd, &out, &r->input);
        r->is_complete = left == 0;
        if (ZSTD_isError(left))
            return false;
    }
    r->out_at = 0;
    r->out_len = out.pos;
    return true;
}

static bool take(BackupReader *r, char *to, size_t len)
{
    while (len > 0) {
        if (r->out_at == r->out_len && !refill(r))
            return false;
        size_t n = r->out_len - r->out_at < len ? r->out_len - r->out_at : len;
        memcpy(to, r->out + r->out_at, n);
        r->out_at += n;
        to += n;
        len -= n;
    }
    return true;
}

static bool take_head(BackupReader *r, char *ret_kind, uint64_t *ret_len)
{
    char bytes[VARINT_MAX];
    size_t n = 0;
    if (!take(r, ret_kind, 1))
        return false;
    do {
        if (n == sizeof bytes || !take(r, bytes + n, 1))
            return false;
    } while ((uint8_t)bytes[n++] >= 0x80);
    Str text = { bytes, n };
    return take_varint(&text, ret_len) && *ret_len <= PART_BYTES_MAX;
}

Status backup_next(Ctx *ctx, BackupReader *r, char *ret_kind, Str *ret_payload)
{
    char kind;
    uint64_t len;
    *ret_kind = 0;
    if (r->out_at == r->out_len && !refill(r))
        return r->is_over && r->is_complete ? OK : damaged(ctx);
    if (!take_head(r, &kind, &len))
        return damaged(ctx);
    r->arena.on_limit = ctx->arena->on_limit;
    r->arena.on_limit_arg = ctx->arena->on_limit_arg;
    buf_clear(&r->payload);
    char *room = len ? buf_room(&r->payload, len) : NULL;
    if (len && (!room || !take(r, room, len)))
        return damaged(ctx);
    *ret_kind = kind;
    *ret_payload = buf_str(&r->payload);
    return OK;
}
