// json_bench.c - what JSON costs: CPU microseconds to parse and to write a document of about 2 KB,
// an order of ten lines as the API answers it.
//
//     build/release/bench/json-bench
#include "frame.h"

#include "base/json.h"

enum { ORDER_LINES = 10, TURNS = 201, REPEATS = 250, ARENA_LIMIT = 8 << 20 };

static void put_line(JsonOut *json, Arena *arena, int number)
{
    json_open(json, '{');
    json_key(json, "id");
    json_put_str(json, str_format(arena, "01JBX4N0Q%02dAC", number));
    json_key(json, "variant");
    json_put_str(json,
                 str_format(arena, "Ladies' sandal “Padma”, brown, EU size %d", 36 + number % 7));
    json_key(json, "quantity");
    json_put_str(json, str_format(arena, "%d", number * 3 + 1));
    json_key(json, "price");
    json_put_str(json, str_format(arena, "%d.%02d", 1290 + number * 55, number * 7));
    json_key(json, "net");
    json_put_str(json, str_format(arena, "%d.50", (1290 + number * 55) * (number * 3 + 1)));
    json_key(json, "position");
    json_put_int(json, number + 1);
    json_key(json, "is_gift");
    json_put_bool(json, number % 4 == 0);
    json_key(json, "note");
    json_put_null(json);
    json_close(json, '}');
}

static Str order_document(Arena *arena)
{
    Buf out = { .arena = arena };
    JsonOut json = { .out = &out };
    json_open(&json, '{');
    json_key(&json, "number");
    json_put_str(&json, S("SO-2026-00417"));
    json_key(&json, "customer");
    json_put_str(&json, S("রহিম ট্রেডার্স, Chattogram"));
    json_key(&json, "address");
    json_put_str(&json, S("12/B Agrabad C/A\nChattogram 4100\n\"blue gate\""));
    json_key(&json, "state");
    json_put_str(&json, S("confirmed"));
    json_key(&json, "warehouse");
    json_put_str(&json, S("Chattogram central"));
    json_key(&json, "order_date");
    json_put_str(&json, S("2026-03-02"));
    json_key(&json, "currency");
    json_put_str(&json, S("BDT"));
    json_key(&json, "lines");
    json_open(&json, '[');
    for (int i = 0; i < ORDER_LINES; i++)
        put_line(&json, arena, i);
    json_close(&json, ']');
    json_key(&json, "total");
    json_put_str(&json, S("228947.50"));
    json_close(&json, '}');
    return buf_str(&out);
}

typedef struct Bench {
    Ctx ctx;
    Str document;
    const Json *tree;  // of the document, for writing only
    bool parses, writes;
} Bench;

// One request's worth of work, its memory given back at the end.
static void work(void *arg)
{
    Bench *bench = arg;
    Arena *arena = bench->ctx.arena;
    ArenaMark mark = arena_mark(arena);
    const Json *tree = bench->tree;
    if (bench->parses && json_parse(&bench->ctx, bench->document, &tree) != OK)
        abort();
    if (bench->writes) {
        Buf out = { .arena = arena };
        json_put_tree(&(JsonOut){ .out = &out }, tree);
        if (out.len != bench->document.len)
            abort();
    }
    arena_rewind(arena, mark);
}

static void measure(Bench *bench, const char *what, const char *goal)
{
    frame_measure(&(Work){ .what = what,
                           .goal = goal,
                           .ours = work,
                           .arg = bench,
                           .repeats = REPEATS,
                           .turns = TURNS });
}

int main(void)
{
    Arena arena = { .limit = ARENA_LIMIT };
    Bench bench = { .ctx = { .arena = &arena } };
    bench.document = order_document(&arena);
    if (json_parse(&bench.ctx, bench.document, &bench.tree) != OK)
        return 1;

    printf("an order of %d lines, %zu bytes\n", ORDER_LINES, bench.document.len);
    frame_head("JSON, us CPU a document");
    bench.parses = true;
    measure(&bench, "parse", NULL);
    bench.writes = true;
    measure(&bench, "parse and write", "10");
    bench.parses = false;
    measure(&bench, "write", NULL);
    arena_release(&arena);
    return 0;
}
