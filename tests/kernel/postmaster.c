// postmaster.c - as much SMTP (RFC 5321) as a client needs to be wrong about.
#include "kernel/postmaster.h"

#include "kernel/secrets.h"

#include <assert.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE_MS = 5000, SLOWLY_MS = 150 };

typedef struct Talk {
    Postmaster *post;
    Wire *wire;
    PostAct act;
    Posted mail;
} Talk;

static bool say(Talk *talk, const char *line)
{
    return wire_send(talk->wire, str_format(talk->wire->arena, "%s\r\n", line));
}

// Waits for a command, but not longer than the house stands. "" at the end.
static Str hear(Talk *talk)
{
    Wire *wire = talk->wire;
    struct pollfd wait[] = { { .fd = talk->post->stop[0], .events = POLLIN },
                             { .fd = wire->fd, .events = POLLIN } };
    if (wire->at == wire->in.len && (poll(wait, 2, -1) < 0 || wait[0].revents))
        return S("");
    return str_trim(wire_read_until(wire, "\r\n", PATIENCE_MS));
}

static void stay_silent(Talk *talk)
{
    struct pollfd wait[] = { { .fd = talk->post->stop[0], .events = POLLIN },
                             { .fd = talk->wire->fd, .events = POLLIN | POLLRDHUP } };
    poll(wait, 2, PATIENCE_MS);
}

static PostAct next_act(Postmaster *post)
{
    pthread_mutex_lock(&post->lock);
    PostAct act = post->acted < post->act_count ? post->acts[post->acted++] : POST_TAKE;
    post->seen++;
    pthread_mutex_unlock(&post->lock);
    return act;
}

static Str inside_angles(Str line)
{
    ptrdiff_t from = str_find_char(line, '<'), to = str_find_char(line, '>');
    return from < 0 || to < from ? S("") : str_sub(line, (size_t)from + 1, (size_t)(to - from - 1));
}

// A line that begins with a dot has one more on the wire (RFC 5321, 4.5.2).
static Str without_dots(Arena *arena, Str data)
{
    Buf out = { .arena = arena };
    Str line;
    while (str_next(&data, '\n', &line)) {
        buf_put(&out, str_starts(line, S(".")) ? str_from_at(line, 1) : line);
        buf_char(&out, '\n');
    }
    return buf_str(&out);
}

static void keep(Talk *talk, Str data)
{
    Postmaster *post = talk->post;
    pthread_mutex_lock(&post->lock);
    *list_push(&post->arena, &post->posted) =
        (Posted){ str_copy(&post->arena, talk->mail.from), str_copy(&post->arena, talk->mail.to),
                  without_dots(&post->arena, data) };
    pthread_mutex_unlock(&post->lock);
}

static bool take_data(Talk *talk)
{
    say(talk, "354 go on");
    Str data = wire_read_until(talk->wire, "\r\n.\r\n", PATIENCE_MS);
    data = str_sub(data, 0, data.len - 3);
    if (talk->act == POST_HANG_UP_AT_END)
        return false;
    if (talk->act == POST_REFUSE_CONTENT)
        return say(talk, "554 5.7.1 we do not like this");
    if (talk->act == POST_TAKE_SLOWLY)
        sleep_ms(SLOWLY_MS);
    keep(talk, data);
    return say(talk, "250 2.0.0 taken");
}

static bool check_password(Talk *talk, Str line)
{
    Str given, wanted = talk->post->password;
    Buf plain = { .arena = talk->wire->arena };
    ptrdiff_t colon = str_find_char(wanted, ':');
    buf_char(&plain, '\0');
    buf_put(&plain, str_sub(wanted, 0, (size_t)colon));
    buf_char(&plain, '\0');
    buf_put(&plain, str_from_at(wanted, (size_t)colon + 1));
    bool is_right = base64_parse(talk->wire->arena, line, &given) && str_eq(given, buf_str(&plain));
    return say(talk, is_right ? "235 welcome" : "535 5.7.8 this is not your password");
}

static bool answer_mail(Talk *talk, Str line)
{
    talk->act = next_act(talk->post);
    talk->mail = (Posted){ .from = inside_angles(line) };
    if (talk->act == POST_SAY_NOTHING)
        stay_silent(talk);
    if (talk->act == POST_HANG_UP || talk->act == POST_SAY_NOTHING)
        return false;
    return say(talk, "250 fine");
}

static bool answer_recipient(Talk *talk, Str line)
{
    talk->mail.to = inside_angles(line);
    if (talk->act == POST_NO_SUCH_PERSON)
        return say(talk, "550 5.1.1 there is no such person");
    if (talk->act == POST_COME_AGAIN)
        return say(talk, "451 4.7.1 come again later");
    return say(talk, "250 fine");
}

// False: the talk is over.
static bool answer(Talk *talk, Str line)
{
    if (line.len == 0 || str_starts(line, S("QUIT")))
        return false;
    if (str_starts(line, S("EHLO")))
        return say(talk, "250-tests") &&
               say(talk, talk->post->password.len ? "250 AUTH PLAIN" : "250 8BITMIME");
    if (str_is(line, "AUTH PLAIN"))
        return say(talk, "334 ") && check_password(talk, hear(talk));
    if (str_starts(line, S("MAIL FROM:")))
        return answer_mail(talk, line);
    if (str_starts(line, S("RCPT TO:")))
        return answer_recipient(talk, line);
    if (str_is(line, "DATA"))
        return take_data(talk);
    return say(talk, str_is(line, "RSET") ? "250 forgotten" : "502 what?");
}

static void serve(Postmaster *post, int fd)
{
    Arena arena = { 0 };
    Wire wire = { .fd = fd, .arena = &arena, .in = { .arena = &arena } };
    Talk talk = { .post = post, .wire = &wire };
    bool goes_on = say(&talk, "220 tests");
    while (goes_on)
        goes_on = answer(&talk, hear(&talk));
    wire_close(&wire);
    arena_release(&arena);
}

static void *run(void *arg)
{
    Postmaster *post = arg;
    for (;;) {
        struct pollfd wait[] = { { .fd = post->stop[0], .events = POLLIN },
                                 { .fd = post->listen_fd, .events = POLLIN } };
        if (poll(wait, 2, -1) < 0 || wait[0].revents)
            return NULL;
        int fd = accept4(post->listen_fd, NULL, NULL, SOCK_CLOEXEC);
        if (fd >= 0)
            serve(post, fd);
    }
}

void postmaster_open(Postmaster *post)
{
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof at;
    *post = (Postmaster){ .lock = PTHREAD_MUTEX_INITIALIZER };
    post->listen_fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_open = bind(post->listen_fd, (struct sockaddr *)&at, sizeof at) == 0 &&
                   listen(post->listen_fd, 16) == 0 && pipe(post->stop) == 0 &&
                   getsockname(post->listen_fd, (struct sockaddr *)&at, &size) == 0;
    assert(is_open);
    post->port = ntohs(at.sin_port);
    int error = pthread_create(&post->thread, NULL, run, post);
    assert(error == 0);
}

void postmaster_close(Postmaster *post)
{
    close(post->stop[1]);
    pthread_join(post->thread, NULL);
    close(post->stop[0]);
    close(post->listen_fd);
    arena_release(&post->arena);
}

void postmaster_will(Postmaster *post, PostAct act)
{
    pthread_mutex_lock(&post->lock);
    assert(post->act_count < POST_ACTS_MAX);
    post->acts[post->act_count++] = act;
    pthread_mutex_unlock(&post->lock);
}

size_t postmaster_count(Postmaster *post)
{
    pthread_mutex_lock(&post->lock);
    size_t count = post->posted.len;
    pthread_mutex_unlock(&post->lock);
    return count;
}

int postmaster_seen(Postmaster *post)
{
    pthread_mutex_lock(&post->lock);
    int seen = post->seen;
    pthread_mutex_unlock(&post->lock);
    return seen;
}

Posted postmaster_posted(Postmaster *post, size_t n)
{
    pthread_mutex_lock(&post->lock);
    Posted posted = n < post->posted.len ? post->posted.items[n] : (Posted){ 0 };
    pthread_mutex_unlock(&post->lock);
    return posted;
}
