// image_worker.c - the process that decodes pictures.
//
// Before the first byte of a picture is read the process has given up everything but its memory and
// one socket: no file can be opened, no program started, nobody called; its memory and time are
// limited, and its parent ends it when it takes too long. libvips and its 66 libraries are opened
// here and nowhere else, by name, so that the program itself is not linked to them.
//
// Of libvips only the five loaders are let through whose kinds sniff.c knows; a picture that is
// also something else is read as what it begins with or not at all.
#include "kernel/files.h"
#include "kernel/files/image.h"

#include <dlfcn.h>
#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum {
    SOCKET = STDIN_FILENO,
    MEMORY_MAX_MB = 2048,
    TIME_MAX_S = 10,
    SIZE_DOWN = 2,  // VIPS_SIZE_DOWN
    WEBP_QUALITY = 80,
    JPEG_QUALITY = 85,
};

// ---- libvips, by name ---------------------------------------------------------------------------

typedef struct VipsImage VipsImage;
static struct {
    int (*init)(const char *name);
    void (*concurrency_set)(int threads);
    void (*vector_set_enabled)(int is_enabled);
    void (*block_set)(const char *operation, int is_blocked);
    int (*thumbnail_buffer)(void *bytes, size_t len, VipsImage **ret, int width, ...);
    int (*flatten)(VipsImage *image, VipsImage **ret, ...);
    int (*webpsave_buffer)(VipsImage *image, void **ret, size_t *ret_len, ...);
    int (*jpegsave_buffer)(VipsImage *image, void **ret, size_t *ret_len, ...);
} vips;

static const struct {
    const char *name;
    void *at;
} symbols[] = {
    { "vips_init", &vips.init },
    { "vips_concurrency_set", &vips.concurrency_set },
    { "vips_vector_set_enabled", &vips.vector_set_enabled },
    { "vips_operation_block_set", &vips.block_set },
    { "vips_thumbnail_buffer", &vips.thumbnail_buffer },
    { "vips_flatten", &vips.flatten },
    { "vips_webpsave_buffer", &vips.webpsave_buffer },
    { "vips_jpegsave_buffer", &vips.jpegsave_buffer },
};

static bool find_symbols(void *library)
{
    for (size_t i = 0; i < COUNT(symbols); i++) {
        void *symbol = dlsym(library, symbols[i].name);
        if (!symbol)
            return false;
        memcpy(symbols[i].at, &symbol, sizeof symbol);
    }
    return true;
}

static bool open_vips(void)
{
    static const char *const loaders[] = { "VipsForeignLoadJpeg", "VipsForeignLoadPng",
                                           "VipsForeignLoadWebp", "VipsForeignLoadHeif",
                                           "VipsForeignLoadNsgif" };
    void *library = dlopen("libvips.so.42", RTLD_NOW | RTLD_LOCAL);
    if (!library || !find_symbols(library) || vips.init(IMAGE_WORKER_NAME) != 0)
        return false;
    vips.concurrency_set(1);
    vips.vector_set_enabled(0);  // it would write machine code into memory and run it
    vips.block_set("VipsForeignLoad", 1);
    for (size_t i = 0; i < COUNT(loaders); i++)
        vips.block_set(loaders[i], 0);
    return true;
}

// ---- Giving everything up -----------------------------------------------------------------------

static void limit(__rlimit_resource_t what, rlim_t most)
{
    setrlimit(what, &(struct rlimit){ most, most });
}

static void set_limits(void)
{
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 0);
    limit(RLIMIT_CPU, TIME_MAX_S);
#ifndef __SANITIZE_ADDRESS__  // which reserves terabytes that it never touches
    limit(RLIMIT_AS, (rlim_t)MEMORY_MAX_MB << 20);
#endif
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

// What computing needs: memory, threads, clocks, and the one socket.
static const int allowed[] = {
    SCMP_SYS(brk),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(close),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(fstat),
    SCMP_SYS(futex),
    SCMP_SYS(getpid),
    SCMP_SYS(getrandom),
    SCMP_SYS(gettid),
    SCMP_SYS(madvise),
    SCMP_SYS(mremap),
    SCMP_SYS(munmap),
    SCMP_SYS(poll),
    SCMP_SYS(read),
    SCMP_SYS(rseq),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(restart_syscall),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(sched_yield),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(sysinfo),
    SCMP_SYS(write),
};
// What libraries try and can do without.
static const int refused[] = {
    SCMP_SYS(access),
    SCMP_SYS(faccessat2),
    SCMP_SYS(fcntl),
    SCMP_SYS(getcwd),
    SCMP_SYS(ioctl),
    SCMP_SYS(lseek),
    SCMP_SYS(mlock),
    SCMP_SYS(newfstatat),
    SCMP_SYS(open),
    SCMP_SYS(openat),
    SCMP_SYS(prctl),
    SCMP_SYS(prlimit64),
    SCMP_SYS(readlink),
    SCMP_SYS(sched_setaffinity),
    SCMP_SYS(sched_getparam),
    SCMP_SYS(sched_getscheduler),
    SCMP_SYS(sched_setscheduler),
    SCMP_SYS(setpriority),
    SCMP_SYS(stat),
    SCMP_SYS(statx),
    SCMP_SYS(uname),
    SCMP_SYS(unlink),
};

static bool add_rules(scmp_filter_ctx filter)
{
    int error = 0;
    for (size_t i = 0; i < COUNT(allowed); i++)
        error |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
    for (size_t i = 0; i < COUNT(refused); i++)
        error |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), refused[i], 0);
    // A thread, but no process; clone3 hides its flags in memory, and the C library can do without
    // it.
    error |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1,
                              SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
    error |= seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    // Memory, but none that can be run.
    error |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1,
                              SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    error |= seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1,
                              SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
    return error == 0;
}

// Anything else ends the process.
static bool give_up_everything(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    bool ok = filter && add_rules(filter) && seccomp_load(filter) == 0;
    if (filter)
        seccomp_release(filter);
    return ok;
}

// ---- The one question ---------------------------------------------------------------------------

static bool read_all(void *to, size_t len)
{
    for (size_t done = 0; done < len;) {
        ssize_t n = read(SOCKET, (char *)to + done, len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        done += (size_t)n;
    }
    return true;
}

static void write_all(const void *from, size_t len)
{
    for (size_t done = 0; done < len;) {
        ssize_t n = write(SOCKET, (const char *)from + done, len - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        done += (size_t)n;
    }
}

static void reply(ImageEnd end, const void *bytes, size_t len)
{
    ImageReply head = { .end = end, .len = (uint32_t)len };
    write_all(&head, sizeof head);
    write_all(bytes, len);
}

// What was transparent becomes white in a JPEG.
static bool save(VipsImage *image, int format, void **ret, size_t *ret_len)
{
    VipsImage *flat;
    if (format == IMAGE_WEBP)
        return vips.webpsave_buffer(image, ret, ret_len, "Q", WEBP_QUALITY, "strip", 1, NULL) == 0;
    if (vips.flatten(image, &flat, NULL) != 0)
        return false;
    return vips.jpegsave_buffer(flat, ret, ret_len, "Q", JPEG_QUALITY, "strip", 1, NULL) == 0;
}

static void answer(void)
{
    ImageQuestion question;
    VipsImage *image;
    void *made;
    size_t len;
    if (!read_all(&question, sizeof question) || question.len > FILE_MAX)
        return;
    char *bytes = malloc(question.len);
    if (!bytes || !read_all(bytes, question.len))
        return;
    bool is_made = vips.thumbnail_buffer(bytes, question.len, &image, question.width, "height",
                                         question.width * 2, "size", SIZE_DOWN, NULL) == 0 &&
                   save(image, question.format, &made, &len) && len <= IMAGE_REPLY_MAX;
    if (is_made)
        reply(IMAGE_MADE, made, len);
    else
        reply(IMAGE_DAMAGED, "", 0);
}

int image_worker_main(void)
{
    set_limits();
    if (open_vips() && give_up_everything())
        answer();
    else
        reply(IMAGE_UNAVAILABLE, "", 0);
    _exit(0);  // nothing of libvips is put away: the process goes as a whole
}
