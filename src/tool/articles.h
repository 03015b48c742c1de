// articles.h - the files of entrepot-replenish: what is known of each article, and when to order
// it.
#pragma once

#include "algo/replenish.h"
#include "tool/lines.h"

typedef struct Article {
    Str id;
    const double *demands;  // wanted in each period, oldest first
    int demand_count;
    const int *times;  // lead times there were, in whole periods
    int time_count;
    double quantity;  // ordered at a time; above 0
    double forecast,
        deviation;       // of one period, and of the forecast's error; below 0: from demands
    double stock, cost;  // pieces, and money a piece
} Article;
typedef LIST(Article) ArticleList;

// E_INVALID "input.field" names the article and the field.
MUST_CHECK Status articles_read(Ctx *ctx, Str text, ArticleList *ret);

typedef struct Promise {  // exactly one of the two, strictly between 0 and 1; the other is 0
    double service;       // chance that a cycle ends without a shortage
    double fill;          // share of the demand that is served from stock
} Promise;

typedef struct Reorder {
    Stock stock;
    bool is_from_history;  // rare demand: its own history drawn again; fill_rate is then not known
} Reorder;

// Demand with more than 1.32 periods from one to the next is rare (Syntetos, Boylan and Croston,
// 2005): what is normal about it nobody knows, so a service level is read off its history.
Reorder article_reorder(Arena *arena, const Article *article, const Promise *promise,
                        Random *random);

// Of all articles: the class of each by what it sold and how long it has lain.
Mover *articles_movers(Arena *arena, const ArticleList *articles, int dead_after);

void article_write(Buf *out, const Article *article, const Reorder *reorder, const Mover *mover);
