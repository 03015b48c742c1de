// config.c - reading the configuration: defaults, then the file, then the environment.
//
// The keys are one table; a key in the file that is not in it, or a value that does not fit, is an
// error that names the line. Each key is also ENTREPOT_<SECTION>_<KEY>, but for those in no section
// of their own: ENTREPOT_DATA.
#include "kernel/config.h"

#include <ctype.h>
#include <ini.h>
#include <stddef.h>

typedef enum { KEY_TEXT, KEY_INT, KEY_BYTES } KeyType;
typedef struct Key {
    const char *section, *name, *environment;
    KeyType type;
    size_t offset;
    const char *initial;
    int64_t min, max;
} Key;

#define AT(field) offsetof(Config, field)
// clang-format off
static const Key keys[] = {
    { "storage", "data",            "ENTREPOT_DATA",             KEY_TEXT,  AT(data_dir),        "./var",     0, 0 },
    { "storage", "control",         "ENTREPOT_STORAGE_CONTROL",  KEY_TEXT,  AT(control),         "",          0, 0 },
    { "storage", "tenants",         "ENTREPOT_STORAGE_TENANTS",  KEY_TEXT,  AT(tenant_server),   "",          0, 0 },
    { "storage", "tenants_per_database", "ENTREPOT_STORAGE_TENANTS_PER_DATABASE", KEY_INT, AT(tenants_per_database), "200", 1, 5000 },
    { "storage", "master_key",      "ENTREPOT_STORAGE_MASTER_KEY", KEY_TEXT, AT(master_key_file), "",         0, 0 },
    { "storage", "backup_days",     "ENTREPOT_STORAGE_BACKUP_DAYS", KEY_INT, AT(backup_keep_days), "30",      1, 3650 },
    { "http",    "host",            "ENTREPOT_HTTP_HOST",        KEY_TEXT,  AT(http_host),       "127.0.0.1", 0, 0 },
    { "http",    "port",            "ENTREPOT_HTTP_PORT",        KEY_INT,   AT(http_port),       "8080",      0, 65535 },
    { "http",    "loops",           "ENTREPOT_HTTP_LOOPS",       KEY_INT,   AT(http_loops),      "0",         0, 64 },
    { "http",    "workers",         "ENTREPOT_HTTP_WORKERS",     KEY_INT,   AT(http_workers),    "0",         0, 256 },
    { "http",    "body_max",        "ENTREPOT_HTTP_BODY_MAX",    KEY_BYTES, AT(body_max_bytes),  "50M",       1024, INT64_C(1) << 32 },
    { "http",    "request_limit_s", "ENTREPOT_HTTP_REQUEST_LIMIT_S", KEY_INT, AT(request_limit_s), "60",      1, 3600 },
    { "http",    "idle_limit_s",    "ENTREPOT_HTTP_IDLE_LIMIT_S", KEY_INT,  AT(idle_limit_s),    "75",        1, 3600 },
    { "http",    "rate_per_minute", "ENTREPOT_HTTP_RATE_PER_MINUTE", KEY_INT, AT(rate_per_minute), "6000",    0, 1000000 },
    { "http",    "trusted_proxies", "ENTREPOT_HTTP_TRUSTED_PROXIES", KEY_TEXT, AT(trusted_proxies), "",       0, 0 },
    { "http",    "public_url",      "ENTREPOT_HTTP_PUBLIC_URL",  KEY_TEXT,  AT(public_url),      "",          0, 0 },
    { "work",    "lane_workers",    "ENTREPOT_WORK_LANE_WORKERS", KEY_INT,  AT(lane_workers),    "4",         1, 256 },
    { "work",    "job_workers",     "ENTREPOT_WORK_JOB_WORKERS", KEY_INT,   AT(job_workers),     "2",         0, 64 },
    { "work",    "node",            "ENTREPOT_WORK_NODE",        KEY_INT,   AT(node),            "0",         0, 1023 },
    { "mail",    "smtp",            "ENTREPOT_MAIL_SMTP",        KEY_TEXT,  AT(smtp_url),        "",          0, 0 },
    { "mail",    "from",            "ENTREPOT_MAIL_FROM",        KEY_TEXT,  AT(mail_from),       "",          0, 0 },
    { "outside", "private",         "ENTREPOT_OUTSIDE_PRIVATE",  KEY_TEXT,  AT(outside_private), "",          0, 0 },
    { "outside", "ca",              "ENTREPOT_OUTSIDE_CA",       KEY_TEXT,  AT(outside_ca),      "",          0, 0 },
    { "log",     "level",           "ENTREPOT_LOG_LEVEL",        KEY_TEXT,  AT(log_level),       "info",      0, 0 },
};
// clang-format on

static const Config *current;

Str config_site_url(Arena *arena, Str path)
{
    Str site = config()->public_url;
    if (site.len == 0)
        return str_format(arena, "http://localhost:%d" STR_FMT, config()->http_port, STR_ARG(path));
    return str_format(arena, STR_FMT STR_FMT, STR_ARG(site), STR_ARG(path));
}

const Config *config(void)
{
    return current;
}

void config_use(const Config *used)
{
    current = used;
}

// "50M", "64k", "1G": powers of 1024.
static bool parse_bytes(Str text, int64_t *ret)
{
    static const char units[] = "kMG";
    int64_t scale = 1;
    const char *unit = text.len ? strchr(units, text.ptr[text.len - 1]) : NULL;
    if (unit && *unit) {
        scale = INT64_C(1) << (10 * (unit - units + 1));
        text.len--;
    }
    return str_int(text, ret) && !__builtin_mul_overflow(*ret, scale, ret);
}

static Status set(Ctx *ctx, Config *config, const Key *key, Str value, Str where)
{
    void *at = (char *)config + key->offset;
    int64_t number;
    if (key->type == KEY_TEXT) {
        *(Str *)at = str_copy(ctx->arena, value);
        return OK;
    }
    bool ok = key->type == KEY_BYTES ? parse_bytes(value, &number) : str_int(value, &number);
    if (!ok || number < key->min || number > key->max)
        return FAIL(ctx, E_INVALID, "config.value",
                    STR_FMT ": %s in [%s] is a number from %lld to %lld, not '" STR_FMT "'",
                    STR_ARG(where), key->name, key->section, (long long)key->min,
                    (long long)key->max, STR_ARG(value));
    if (key->type == KEY_BYTES)
        *(int64_t *)at = number;
    else
        *(int *)at = (int)number;
    return OK;
}

typedef struct Reading {
    Ctx *ctx;
    Config *config;
    Str file;
    Status status;
} Reading;

static int take_pair(void *arg, const char *section, const char *name, const char *value)
{
    Reading *reading = arg;
    for (size_t i = 0; i < COUNT(keys); i++)
        if (strcmp(keys[i].section, section) == 0 && strcmp(keys[i].name, name) == 0) {
            reading->status =
                set(reading->ctx, reading->config, &keys[i], str_from(value), reading->file);
            return reading->status == OK;
        }
    reading->status =
        FAIL(reading->ctx, E_INVALID, "config.key", STR_FMT ": there is no key '%s' in [%s]",
             STR_ARG(reading->file), name, section);
    return 0;
}

static Status read_file(Ctx *ctx, Str file, Config *config)
{
    Reading reading = { ctx, config, file, OK };
    int line = ini_parse(str_c(ctx->arena, file), take_pair, &reading);
    if (reading.status != OK)
        return reading.status;
    if (line < 0)
        return FAIL(ctx, E_INVALID, "config.file", "the configuration " STR_FMT " cannot be read",
                    STR_ARG(file));
    if (line > 0)
        return FAIL(ctx, E_INVALID, "config.line",
                    STR_FMT ":%d: this is neither [section] nor key = value", STR_ARG(file), line);
    return OK;
}

Status config_read(Ctx *ctx, Str file, Config *ret)
{
    *ret = (Config){ 0 };
    for (size_t i = 0; i < COUNT(keys); i++)
        TRY(set(ctx, ret, &keys[i], str_from(keys[i].initial), S("default")));
    if (file.len)
        TRY(read_file(ctx, file, ret));
    for (size_t i = 0; i < COUNT(keys); i++) {
        const char *value = getenv(keys[i].environment);
        if (value)
            TRY(set(ctx, ret, &keys[i], str_from(value), str_from(keys[i].environment)));
    }
    if (ret->master_key_file.len == 0)
        ret->master_key_file =
            str_format(ctx->arena, STR_FMT "/master.key", STR_ARG(ret->data_dir));
    return OK;
}
