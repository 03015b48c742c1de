#include "algo/match/bank.h"
static const BankModel model = { .threshold = 1.01 };
const BankModel *bank_default_model(void)
{
    return &model;
}
