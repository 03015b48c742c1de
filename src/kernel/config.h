// config.h - the program's configuration: one INI file, every key also an environment variable
// (ENTREPOT_HTTP_PORT for port in [http]). A wrong key or value is an error that names it.
#pragma once

#include "kernel/db/lane.h"

typedef struct Config {
    Str data_dir;       // ENTREPOT_DATA: databases, files, keys
    Str control;        // conninfo of the control database; "": SQLite in data_dir
    Str tenant_server;  // conninfo for new tenants; "": SQLite in data_dir
    int tenants_per_database;
    Str http_host;
    int http_port;
    int http_loops, http_workers;  // 0: by the number of cores
    int64_t body_max_bytes;
    int request_limit_s, idle_limit_s;
    int rate_per_minute;  // requests of one session, key or address; 0: 6000
    Str trusted_proxies;  // addresses whose X-Forwarded-* is believed
    Str public_url;       // how people reach us: "https://erp.example.com"
    int lane_workers, job_workers;
    Str master_key_file;
    Str smtp_url, mail_from;
    Str log_level;
    int backup_keep_days;
    int node;             // 0..1023: differs on each node of a cluster
    Str outside_private;  // addresses and networks of our own that webhooks may reach, also without
                          // https
    Str outside_ca;       // file of certificate authorities believed instead of the system's
} Config;

// file "": only defaults and the environment.
MUST_CHECK Status config_read(Ctx *ctx, Str file, Config *ret);
const Config *config(void);
// An address of ours for people's mails: http.public_url, or where that is not set, localhost.
Str config_site_url(Arena *arena, Str path);
void config_use(const Config *config);  // once, at start-up; a test may use its own
