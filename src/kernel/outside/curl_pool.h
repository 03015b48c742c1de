// curl_pool.h - libcurl's handles: one for each call, taken from a small pool and given back, so
// that connections stay open between calls to the same host. Private to kernel/outside and
// kernel/mail.
#pragma once

#include "base/str.h"

#include <curl/curl.h>

// An own handle with nothing set, best one that was last used for `host`; NULL when memory is out.
// Thread-safe, as is giving it back.
CURL *curl_take(Str host);
void curl_give(CURL *curl, Str host);

// What every transfer of ours has in common: no signals, no proxy from the environment,
// certificates checked, sockets that no child process inherits. CURLE_OK, or what could not be set.
CURLcode curl_prepare(CURL *curl);

// Sets one option unless an earlier one failed. A macro because the value's type differs by option,
// and libcurl checks it where it is called.
#define CURL_SET(code, curl, option, value)                                                        \
    ((code) = (code) ? (code) : curl_easy_setopt((curl), (option), (value)))

void curl_pool_close(void);  // the idle ones, at the program's end
