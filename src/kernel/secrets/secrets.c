// secrets.c - the master key, the tenants' data keys, and what they seal.
//
// master key -> wraps each tenant's data key (row "data" of vault_key) -> from which a key per
// purpose is derived by HMAC (RFC 5869's expand step with one block). Data keys are opened once per
// process and kept in memory.
#include "kernel/secrets.h"

#include "gen/kernel.gen.h"
#include "kernel/entity/record.h"
#include "kernel/i18n.h"
#include "kernel/secrets/crypt.h"

#include <assert.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY = 32 };

typedef struct TenantKey {
    struct TenantKey *next;
    Id tenant;
    const char *purpose;  // derived for it; "": the data key itself
    uint8_t key[KEY];
} TenantKey;

static struct {
    uint8_t master[KEY];
    bool has_master;
    pthread_mutex_t lock;
    TenantKey *keys;
} vault = { .lock = PTHREAD_MUTEX_INITIALIZER };

// ---- The master key -----------------------------------------------------------------------------

static bool parse_key(Arena *arena, Str text, uint8_t ret[KEY])
{
    Str bytes;
    size_t n = 0;
    text = str_trim(text);
    if (text.len == KEY * 2 && sodium_hex2bin(ret, KEY, text.ptr, text.len, NULL, &n, NULL) == 0 &&
        n == KEY)
        return true;
    if (!base64_parse(arena, text, &bytes) || bytes.len != KEY)
        return false;
    memcpy(ret, bytes.ptr, KEY);
    return true;
}

static Status create_file(Ctx *ctx, Str file)
{
    uint8_t key[KEY];
    secret_random(key, sizeof key);
    Str text = str_join(ctx->arena, hex_text(ctx->arena, key, sizeof key), S("\n"));
    int fd = open(file.ptr, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool ok = fd >= 0 && write(fd, text.ptr, text.len) == (ssize_t)text.len && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    if (!ok)
        return FAIL(ctx, E_INTERNAL, "secrets.file", "the master key cannot be written to " STR_FMT,
                    STR_ARG(file));
    memcpy(vault.master, key, KEY);
    vault.has_master = true;
    return OK;
}

static Status read_file(Ctx *ctx, Str file)
{
    char text[256] = "";
    int fd = open(file.ptr, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return create_file(ctx, file);
    ssize_t n = read(fd, text, sizeof text - 1);
    close(fd);
    vault.has_master = n > 0 && parse_key(ctx->arena, (Str){ text, (size_t)n }, vault.master);
    if (!vault.has_master)
        return FAIL(ctx, E_INVALID, "secrets.key",
                    STR_FMT " does not hold a key of 32 bytes in hex or base64", STR_ARG(file));
    return OK;
}

Status secrets_start(Ctx *ctx, Str file)
{
    const char *from_environment = getenv("ENTREPOT_MASTER_KEY");
    if (sodium_init() < 0)
        return FAIL(ctx, E_INTERNAL, "secrets.sodium", "libsodium cannot be initialised");
    if (!from_environment)
        return read_file(ctx, (Str){ str_c(ctx->arena, file), file.len });
    vault.has_master = parse_key(ctx->arena, str_from(from_environment), vault.master);
    if (!vault.has_master)
        return FAIL(ctx, E_INVALID, "secrets.key",
                    "ENTREPOT_MASTER_KEY is not a key of 32 bytes in hex or base64");
    return OK;
}

void secret_house_key(const char *purpose, uint8_t ret[32])
{
    assert(vault.has_master);
    hmac_sha256((Str){ (const char *)vault.master, KEY }, str_from(purpose), ret);
}

// ---- A tenant's data key ------------------------------------------------------------------------

static Str wrap_about(Ctx *ctx)
{
    return S("tenant-data-key");
}

static bool find_kept(Id tenant, const char *purpose, uint8_t ret[KEY])
{
    bool found = false;
    pthread_mutex_lock(&vault.lock);
    for (TenantKey *k = vault.keys; k && !found; k = k->next)
        if (k->tenant == tenant && strcmp(k->purpose, purpose) == 0) {
            memcpy(ret, k->key, KEY);
            found = true;
        }
    pthread_mutex_unlock(&vault.lock);
    return found;
}

// `purpose` is a literal.
static void keep(Id tenant, const char *purpose, const uint8_t kept[KEY])
{
    TenantKey *key = malloc(sizeof *key);
    if (!key)
        abort();
    key->tenant = tenant;
    key->purpose = purpose;
    memcpy(key->key, kept, KEY);
    pthread_mutex_lock(&vault.lock);
    key->next = vault.keys;
    vault.keys = key;
    pthread_mutex_unlock(&vault.lock);
}

void secrets_forget(Id tenant)
{
    pthread_mutex_lock(&vault.lock);
    for (TenantKey **at = &vault.keys; *at;) {
        TenantKey *key = *at;
        if (tenant && key->tenant != tenant) {
            at = &key->next;
            continue;
        }
        *at = key->next;
        sodium_memzero(key, sizeof *key);
        free(key);
    }
    pthread_mutex_unlock(&vault.lock);
}

static Status read_wrapped(Ctx *ctx, void *arg)
{
    Bytes *wrapped = arg;
    bool found;
    return db_maybe(ctx, SQL("SELECT wrapped FROM vault_key WHERE name = 'data'"), &found, wrapped);
}

static Status data_key(Ctx *ctx, uint8_t ret[KEY])
{
    Bytes wrapped = { 0 };
    Str plain;
    assert(ctx->tenant);
    if (find_kept(ctx->tenant->id, "", ret))
        return OK;
    // Inside a transaction of this tenant the row is read there: it may have been written by it.
    TRY(ctx->conn && db_is_writing(ctx) ? read_wrapped(ctx, &wrapped)
                                        : tenant_read(ctx, read_wrapped, &wrapped));
    if (!crypt_open(ctx->arena, vault.master, wrap_about(ctx), wrapped.bytes, &plain) ||
        plain.len != KEY)
        return FAIL(ctx, E_INTERNAL, "secrets.wrong_master",
                    "the master key does not open this company's data key");
    memcpy(ret, plain.ptr, KEY);
    keep(ctx->tenant->id, "", ret);
    return OK;
}

static Status start(Ctx *ctx, void *arg)
{
    bool found;
    Bytes wrapped;
    uint8_t key[KEY];
    TRY(db_maybe(ctx, SQL("SELECT wrapped FROM vault_key WHERE name = 'data'"), &found, &wrapped));
    if (found)
        return OK;
    secret_random(key, sizeof key);
    wrapped.bytes =
        crypt_seal(ctx->arena, vault.master, wrap_about(ctx), (Str){ (char *)key, KEY });
    return db_write(ctx, SQL("INSERT INTO vault_key (name, wrapped) VALUES ('data', $1)", wrapped));
}

Status secret_tenant_start(Ctx *ctx)
{
    return tenant_transact(ctx, start, NULL);
}

Status secret_tenant_key(Ctx *ctx, const char *purpose, uint8_t ret[32])
{
    uint8_t key[KEY];
    assert(ctx->tenant);
    if (find_kept(ctx->tenant->id, purpose, ret))
        return OK;
    TRY(data_key(ctx, key));
    Str info = str_format(ctx->arena, "entrepot.%s\1", purpose);
    hmac_sha256((Str){ (char *)key, KEY }, info, ret);
    sodium_memzero(key, sizeof key);
    keep(ctx->tenant->id, purpose, ret);
    return OK;
}

// ---- Sealing ------------------------------------------------------------------------------------

static Status seal_with(Ctx *ctx, const uint8_t key[KEY], Str about, Str plain, Str *ret)
{
    Str sealed = crypt_seal(ctx->arena, key, about, plain);
    *ret = base64_text(ctx->arena, (const uint8_t *)sealed.ptr, sealed.len);
    return OK;
}

static Status open_with(Ctx *ctx, const uint8_t key[KEY], Str about, Str sealed, Str *ret)
{
    Str bytes;
    if (!base64_parse(ctx->arena, sealed, &bytes) ||
        !crypt_open(ctx->arena, key, about, bytes, ret))
        return FAIL(ctx, E_INTERNAL, "secrets.broken", "a sealed value cannot be opened");
    return OK;
}

Status secret_seal(Ctx *ctx, Str about, Str plain, Str *ret_sealed)
{
    uint8_t key[KEY];
    TRY(secret_tenant_key(ctx, "fields", key));
    return seal_with(ctx, key, about, plain, ret_sealed);
}

Status secret_open(Ctx *ctx, Str about, Str sealed, Str *ret_plain)
{
    uint8_t key[KEY];
    TRY(secret_tenant_key(ctx, "fields", key));
    return open_with(ctx, key, about, sealed, ret_plain);
}

Str secret_lookup(Ctx *ctx, Str plain)
{
    uint8_t key[KEY], mac[32];
    if (secret_tenant_key(ctx, "lookup", key) != OK)
        return S("");
    hmac_sha256((Str){ (char *)key, KEY }, fold_text(ctx, plain), mac);
    return hex_text(ctx->arena, mac, 16);
}

// ---- One person's key ---------------------------------------------------------------------------

static Status person_key(Ctx *ctx, Id person, bool create, uint8_t ret[KEY])
{
    uint8_t tenant[KEY];
    bool found;
    Bytes wrapped;
    Str plain;
    TRY(secret_tenant_key(ctx, "persons", tenant));
    TRY(db_maybe(ctx, SQL("SELECT wrapped FROM personal_key WHERE person_id = $1", person), &found,
                 &wrapped));
    if (found && crypt_open(ctx->arena, tenant, S("person"), wrapped.bytes, &plain) &&
        plain.len == KEY) {
        memcpy(ret, plain.ptr, KEY);
        return OK;
    }
    if (found || !create)
        return FAIL(ctx, E_NOT_FOUND, "secrets.erased", "this person's data was erased");
    secret_random(ret, KEY);
    wrapped.bytes = crypt_seal(ctx->arena, tenant, S("person"), (Str){ (char *)ret, KEY });
    return db_write(
        ctx, SQL("INSERT INTO personal_key (person_kind, person_id, wrapped) VALUES ('', $1, $2)",
                 person, wrapped));
}

Status personal_seal(Ctx *ctx, Id person, Str about, Str plain, Str *ret_sealed)
{
    uint8_t key[KEY];
    TRY(person_key(ctx, person, true, key));
    return seal_with(ctx, key, about, plain, ret_sealed);
}

Status personal_open(Ctx *ctx, Id person, Str about, Str sealed, Str *ret_plain)
{
    uint8_t key[KEY];
    TRY(person_key(ctx, person, false, key));
    return open_with(ctx, key, about, sealed, ret_plain);
}

Status personal_erase(Ctx *ctx, Id person)
{
    return db_write(ctx, SQL("DELETE FROM personal_key WHERE person_id = $1", person));
}

// ---- Signed links -------------------------------------------------------------------------------

static Str link_mac(Ctx *ctx, Str path, Str expires)
{
    uint8_t key[KEY], mac[32];
    if (secret_tenant_key(ctx, "links", key) != OK)
        return S("");
    Str text = str_format(ctx->arena, STR_FMT "\n" STR_FMT, STR_ARG(path), STR_ARG(expires));
    hmac_sha256((Str){ (char *)key, KEY }, text, mac);
    return base64url_text(ctx->arena, mac, 18);
}

Str link_sign(Ctx *ctx, Str path, Time until)
{
    Str expires = str_format(ctx->arena, "%lld", (long long)(until / SECOND));
    return str_format(ctx->arena, STR_FMT "?expires=" STR_FMT "&sig=" STR_FMT, STR_ARG(path),
                      STR_ARG(expires), STR_ARG(link_mac(ctx, path, expires)));
}

bool link_ok(Ctx *ctx, Str path, Str expires, Str signature)
{
    int64_t until;
    Str mac = link_mac(ctx, path, expires);
    return str_int(expires, &until) && until >= ctx->now / SECOND && mac.len > 0 &&
           bytes_equal(mac, signature);
}
