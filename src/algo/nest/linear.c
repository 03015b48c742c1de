// linear.c - small linear programmes by Mehrotra's predictor-corrector method (S. Mehrotra, "On the
// implementation of a primal-dual interior point method", 1992).
//
// Each round solves a system whose matrix has an entry where two variables share a row. It is kept
// and factored as a skyline: of each line what lies between its first entry and the diagonal.
#include "algo/nest/linear.h"

#include <math.h>

enum { ROUNDS_MOST = 60 };

static const double ENOUGH = 1e-10, STEP_SHARE = 0.995, HAIR = 1e-11;

typedef struct {
    const LinearProgram *program;
    int *first;                                      // of each line: its first column
    double **line;                                   // line[i][j] for first[i] <= j <= i
    double *values;                                  // of variables
    double *slack, *price;                           // of rows
    double *gap, *slack_step, *price_step, *second;  // of rows
    double *step;                                    // of variables
} Solver;

static double *doubles(Arena *arena, int count)
{
    return NEW_ARRAY(arena, double, (size_t)count + 1);
}

static void make_skyline(Arena *arena, Solver *solver)
{
    const LinearProgram *program = solver->program;
    int n = program->variable_count;
    solver->first = NEW_ARRAY(arena, int, (size_t)n + 1);
    solver->line = NEW_ARRAY(arena, double *, (size_t)n + 1);
    for (int i = 0; i < n; i++)
        solver->first[i] = i;
    for (int r = 0; r < program->row_count; r++) {
        const LinearRow *row = &program->rows[r];
        int least = n;
        for (int k = 0; k < row->count; k++)
            least = row->terms[k].variable < least ? row->terms[k].variable : least;
        for (int k = 0; k < row->count; k++) {
            int *first = &solver->first[row->terms[k].variable];
            *first = least < *first ? least : *first;
        }
    }
    for (int i = 0; i < n; i++)
        solver->line[i] = doubles(arena, i - solver->first[i] + 1) - solver->first[i];
}

static double row_value(const LinearRow *row, const double *values)
{
    double sum = 0;
    for (int k = 0; k < row->count; k++)
        sum += row->terms[k].factor * values[row->terms[k].variable];
    return sum;
}

// ---- The system ---------------------------------------------------------------------------------

static void assemble(Solver *solver)
{
    const LinearProgram *program = solver->program;
    for (int i = 0; i < program->variable_count; i++) {
        for (int j = solver->first[i]; j < i; j++)
            solver->line[i][j] = 0;
        solver->line[i][i] = HAIR;
    }
    for (int r = 0; r < program->row_count; r++) {
        const LinearRow *row = &program->rows[r];
        double weight = solver->price[r] / solver->slack[r];
        for (int k = 0; k < row->count; k++)
            for (int l = 0; l < row->count; l++) {
                int i = row->terms[k].variable, j = row->terms[l].variable;
                if (j <= i)
                    solver->line[i][j] += weight * row->terms[k].factor * row->terms[l].factor;
            }
    }
}

static double product(const double *a, const double *b, int from, int to)
{
    double sums[4] = { 0 };
    int k = from;
    for (; k + 4 <= to; k += 4)
        for (int l = 0; l < 4; l++)
            sums[l] += a[k + l] * b[k + l];
    for (; k < to; k++)
        sums[0] += a[k] * b[k];
    return sums[0] + sums[1] + (sums[2] + sums[3]);
}

static int later(int a, int b)
{
    return a > b ? a : b;
}

// Cholesky. A pivot that rounding has eaten belongs to a direction that no row holds: it is made so
// large that nothing moves there.
static void factor(Solver *solver)
{
    for (int i = 0; i < solver->program->variable_count; i++) {
        double *line = solver->line[i], whole = line[i];
        for (int j = solver->first[i]; j < i; j++) {
            const double *other = solver->line[j];
            int from = later(solver->first[i], solver->first[j]);
            line[j] = (line[j] - product(line, other, from, j)) / other[j];
        }
        double rest = whole - product(line, line, solver->first[i], i);
        line[i] = rest > 1e-14 * whole ? sqrt(rest) : 1e64;
    }
}

static void solve_factored(const Solver *solver, double *x)
{
    int n = solver->program->variable_count;
    for (int i = 0; i < n; i++)
        x[i] = (x[i] - product(solver->line[i], x, solver->first[i], i)) / solver->line[i][i];
    for (int i = n - 1; i >= 0; i--) {
        x[i] /= solver->line[i][i];
        for (int j = solver->first[i]; j < i; j++)
            x[j] -= solver->line[i][j] * x[i];
    }
}

// ---- Steps --------------------------------------------------------------------------------------

// The step towards complementary products of `aim`, with the second order term where there is one.
static void find_step(Solver *solver, double aim, bool has_second)
{
    const LinearProgram *program = solver->program;
    for (int i = 0; i < program->variable_count; i++)
        solver->step[i] = -program->cost[i];
    for (int r = 0; r < program->row_count; r++) {
        const LinearRow *row = &program->rows[r];
        double wanted = aim - (has_second ? solver->second[r] : 0);
        double pull = (wanted - solver->price[r] * solver->gap[r]) / solver->slack[r];
        for (int k = 0; k < row->count; k++)
            solver->step[row->terms[k].variable] += pull * row->terms[k].factor;
    }
    solve_factored(solver, solver->step);
    for (int r = 0; r < program->row_count; r++) {
        double ds = row_value(&program->rows[r], solver->step) + solver->gap[r];
        double wanted = aim - (has_second ? solver->second[r] : 0);
        solver->slack_step[r] = ds;
        solver->price_step[r] =
            (wanted - solver->price[r] * ds) / solver->slack[r] - solver->price[r];
    }
}

// The longest step, at most 1, that keeps all of them above zero.
static double room_for(const double *at, const double *step, int count)
{
    double room = 1 / STEP_SHARE;
    for (int i = 0; i < count; i++)
        if (step[i] < 0 && -at[i] > room * step[i])
            room = -at[i] / step[i];
    return room * STEP_SHARE;
}

static double mean_product(const Solver *solver, double primal, double dual)
{
    double sum = 0;
    for (int r = 0; r < solver->program->row_count; r++)
        sum += (solver->slack[r] + primal * solver->slack_step[r]) *
               (solver->price[r] + dual * solver->price_step[r]);
    return sum / solver->program->row_count;
}

static double aim_of(Solver *solver, double mean)
{
    int rows = solver->program->row_count;
    find_step(solver, 0, false);
    double primal = room_for(solver->slack, solver->slack_step, rows);
    double dual = room_for(solver->price, solver->price_step, rows);
    double share = mean_product(solver, primal, dual) / mean;
    for (int r = 0; r < rows; r++)
        solver->second[r] = solver->slack_step[r] * solver->price_step[r];
    return share * share * share * mean;
}

static void go(Solver *solver)
{
    const LinearProgram *program = solver->program;
    int rows = program->row_count;
    double primal = room_for(solver->slack, solver->slack_step, rows);
    double dual = room_for(solver->price, solver->price_step, rows);
    for (int i = 0; i < program->variable_count; i++)
        solver->values[i] += primal * solver->step[i];
    for (int r = 0; r < rows; r++) {
        solver->slack[r] += primal * solver->slack_step[r];
        solver->price[r] += dual * solver->price_step[r];
    }
}

// How far the rows' values are from their slacks; the worst of them.
static double measure_gaps(Solver *solver)
{
    double worst = 0;
    for (int r = 0; r < solver->program->row_count; r++) {
        const LinearRow *row = &solver->program->rows[r];
        solver->gap[r] = row_value(row, solver->values) - row->least - solver->slack[r];
        worst = fmax(worst, fabs(solver->gap[r]));
    }
    return worst;
}

static void start(Solver *solver)
{
    for (int r = 0; r < solver->program->row_count; r++) {
        const LinearRow *row = &solver->program->rows[r];
        solver->slack[r] = fmax(row_value(row, solver->values) - row->least, 0.05);
        solver->price[r] = 0.1;
    }
}

bool linear_solve(Arena *arena, const LinearProgram *program, double *values)
{
    int n = program->variable_count, rows = program->row_count;
    Solver solver = { .program = program,
                      .values = values,
                      .slack = doubles(arena, rows),
                      .price = doubles(arena, rows),
                      .gap = doubles(arena, rows),
                      .slack_step = doubles(arena, rows),
                      .price_step = doubles(arena, rows),
                      .second = doubles(arena, rows),
                      .step = doubles(arena, n) };
    make_skyline(arena, &solver);
    start(&solver);
    for (int round = 0; round < ROUNDS_MOST; round++) {
        double worst = measure_gaps(&solver), mean = mean_product(&solver, 0, 0);
        if (!isfinite(worst) || !isfinite(mean))
            return false;
        if (worst < ENOUGH && mean * rows < ENOUGH * 10)
            return true;
        assemble(&solver);
        factor(&solver);
        double aim = aim_of(&solver, mean);
        find_step(&solver, aim, true);
        go(&solver);
    }
    return false;
}
