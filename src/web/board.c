// board.c - a list as a board: a column a state, a card a record, moved by the actions of its
// machine.
//
// The board offers what the machine and the person's permissions give; whether a move is really
// possible is answered by the action itself when it is made, as everywhere. What needs more than
// the move (a reason, a quantity, a second look) leads to the page that asks.
#include "web/list_look.h"

#include "gen/pages/web_board.h"
#include "kernel/auth/actor.h"
#include "kernel/entity/access.h"
#include "kernel/entity/info.h"
#include "kernel/i18n.h"

// ---- Moves --------------------------------------------------------------------------------------

bool board_move_starts(const BoardMove *move, const char *state)
{
    Str rest = str_from(move->action->from), one;
    if (!move->action->from)
        return true;
    while (str_next(&rest, '|', &one))
        if (str_is(one, state))
            return true;
    return false;
}

static void add_moves(Ctx *ctx, Board *board)
{
    const EntityDef *e = board->list->entity;
    for (const Action *a = machine_of(e)->actions; a && a->name; a++) {
        bool is_move = a->to && !(a->flags & (ACTION_INTERNAL | ACTION_NO_RECORD));
        if (is_move && actor_may_act(ctx->actor, e, a))
            *list_push(ctx->arena, &board->moves) =
                (BoardMove){ a, a->input || a->flags & (ACTION_CONFIRM | ACTION_REASON) };
    }
}

// ---- Columns ------------------------------------------------------------------------------------

static const char *grand_total(const EntityQuery *query, size_t *ret)
{
    for (size_t i = query->columns.len; i-- > 0;) {
        const FieldDef *f = query->columns.items[i].field;
        if (f && !query->columns.items[i].via && f->type == FIELD_MONEY) {
            *ret = i;
            return f->name;
        }
    }
    return NULL;
}

static Status read_sums(Ctx *ctx, EntityQuery query, BoardColumn *column)
{
    EntityRows rows;
    size_t at;
    if (column->count == 0 || column->count > LIST_COUNT_MAX || !grand_total(&query, &at))
        return OK;
    query.want_count = false;
    query.want_sums = true;
    TRY(entity_totals(ctx, &query, &rows));
    if (!rows.sums[at].known)
        return OK;
    Shown sum = value_of_cell(ctx, &rows.sums[at]);
    column->sums =
        str_format(ctx->arena, STR_FMT " " STR_FMT, STR_ARG(sum.before), STR_ARG(sum.text));
    return OK;
}

static Status add_column(Ctx *ctx, Board *board, const FieldDef *state, int value)
{
    const EnumValue *word = &((const EnumDef *)state->of)->values[value];
    BoardColumn *column = list_push(ctx->arena, &board->columns);
    EntityQuery query = board->list->query;
    EntityRows rows;
    Str wanted = request_query(ctx->request, "_more");
    *column = (BoardColumn){ .state = word,
                             .label = tr(ctx, word->label),
                             .glyph = glyph_of(state->of, value),
                             .tone = word->tone ? word->tone : "mute",
                             .all = url_query(ctx, "after before view _more", state->name,
                                              str_from(word->name)) };
    query.filters = (FilterList){ 0 };
    EACH (filter, board->list->query.filters)
        *list_push(ctx->arena, &query.filters) = *filter;
    *list_push(ctx->arena, &query.filters) =
        (Filter){ .path = { .entity = query.entity, .field = state },
                  .op = FILTER_IS,
                  .text = str_from(word->name) };
    query.limit = str_is(wanted, word->name) ? BOARD_CARDS_MORE : BOARD_CARDS;
    query.want_count = query.is_kept = true;
    TRY(entity_query(ctx, &query, &rows));
    column->count = rows.count;
    EACH (row, rows.rows)
        *list_push(ctx->arena, &column->cards) = brief_of(ctx, &query, row);
    return read_sums(ctx, query, column);
}

Status board_page(Ctx *ctx, ListPage *page)
{
    ctx->request->timed = TIMED_BOARD;
    Board board = { .list = page };
    const FieldDef *state = entity_state_field(page->entity);
    const EnumDef *words = state->of;
    Buf *out = &ctx->request->out;
    brief_columns(ctx, &page->query);
    add_moves(ctx, &board);
    for (int i = 1; i < words->count; i++)
        TRY(add_column(ctx, &board, state, i));
    if (page_wants_part(ctx, "board")) {
        web_board_columns(out, ctx, &board);
        return page_answer_part(ctx);
    }
    size_t body = html_begin(out);
    web_board(out, ctx, &board);
    return page_answer(ctx,
                       &(Page){ .title = tr(ctx, page->entity->plural),
                                .group = nav_group_of(page->entity),
                                .script = "board.js" },
                       body, 200);
}
