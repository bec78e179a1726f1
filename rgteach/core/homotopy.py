"""The lasso's path, exactly: between two features that come or go, everything moves along straight lines.

With H = X'X/n and c = X'(y - Xb)/n, b solves the lasso at a bound λ if c_j = λ sign(b_j) for the features
inside the model (b_j not 0) and |c_j| <= λ for those outside.  While the same features are inside, b of them
and c of the others are straight lines in λ.  So walk down until the first b_j reaches zero (j leaves) or the
first |c_j| reaches λ (j enters), turn there, and walk on (Osborne, Presnell and Turlach 2000,
doi:10.1093/imanum/20.3.389; Efron et al. 2004, doi:10.1214/009053604000000067).

The slopes of these lines stand in one table, H swept by the features inside (Goodnight 1979,
doi:10.1080/00031305.1979.10482685).  In blocks, A inside and I outside:

    A, A: -inv(H_AA)        A, I: inv(H_AA) H_AI        I, I: H_II - H_IA inv(H_AA) H_AI

To let a feature in or out is one turn of this table (`pivot`), which also turns the slopes.
"""

import numpy as np

from rgteach.core.jit import kernel

VALUE, RATE, FLOOR, COLUMN = 0, 1, 2, 3  # rows of `state`
SAME = 1e-12  # with a smaller share of its square left a feature counts as a combination of those inside
WORN = 1e-7  # leaving costs the digits of FLOOR / WORN
SLOW = 1e-12  # and with a smaller share of the bound's speed it closes in by rounding alone


@kernel
def pivot(table, j, column):
    """Sweep the table by feature j: in if it was outside, out if it was inside.

    table  : (m, m) float64, symmetric; only the lower triangle is read and written.
    column : (m,) float64, receives column j as it was before.
    """
    m = len(table)
    for i in range(m):
        column[i] = table[max(i, j), min(i, j)]
    turn = column[j]
    for i in range(m):
        share, row = column[i] / turn, table[i]
        if share != 0.0:
            for k in range(i + 1):
                row[k] -= share * column[k]
    for i in range(m):
        table[max(i, j), min(i, j)] = column[i] / abs(turn)
    table[j, j] = -1.0 / turn


@kernel
def next_event(table, state, side, bound, speed):
    """Which feature is the first to reach zero (inside) or the bound (outside), and how far that is.

    returns : its place, or -1 if none ever does, and the distance.

    A feature that those inside make up but for rounding keeps at the bound once it is there: it counts only
    if it closes in by more than rounding does.
    """
    first, nearest = -1, np.inf
    for j in range(len(side)):
        value, rate, far = state[VALUE, j], state[RATE, j], np.inf
        if side[j] != 0:
            if rate * side[j] < 0.0:
                far = -value / rate
        else:
            least = -SLOW * speed if table[j, j] <= state[FLOOR, j] else 0.0
            if rate - speed > least:
                far = (bound - value) / (rate - speed)
            if -rate - speed > least:
                far = min(far, (bound + value) / (-rate - speed))
        if far < nearest:
            first, nearest = j, max(far, 0.0)
    return first, nearest


@kernel
def walk(table, state, side, bound, speed, length):
    """Walk a length along the path while the bound moves with a speed; turn wherever a feature comes or goes.

    state : (4, m) float64; row VALUE holds b_j inside and c_j outside, row RATE how fast it moves, and
            row FLOOR the least that is left of x_j.x_j / n beside those inside.  To raise it to that is a
            ridge of 1e-12 on this feature; it keeps near twins from dividing by rounding.  Row COLUMN is
            room for `pivot`.
    side  : (m,) int64, the sign of b_j inside, 0 outside;  table : as at the head of this file.
    All three are changed.  returns : the length that is left: 0 at the end; more where the table has to be
    made anew from `side` before the rest is walked, because a turn out of near twins would cost its digits.
    """
    value, rate, column = state[VALUE], state[RATE], state[COLUMN]
    for _ in range(20 * len(side) + 100):  # more turns there are only where it goes round in circles
        j, far = next_event(table, state, side, bound, speed)
        step = min(far, length)
        for i in range(len(side)):
            value[i] += step * rate[i]
        bound += step * speed
        if far >= length:
            return 0.0
        length -= step
        enters, sign = side[j] == 0, side[j]
        if enters:
            table[j, j] = max(table[j, j], state[FLOOR, j])
            sign = 1 if value[j] > 0.0 else -1
        else:
            value[j], side[j] = bound * sign, 0
            if -table[j, j] * state[FLOOR, j] > WORN:
                break
        pivot(table, j, column)
        change = (rate[j] - speed * sign) / column[j] if enters else -rate[j] / abs(column[j])
        for i in range(len(side)):
            rate[i] -= change * column[i]
        if enters:
            value[j], rate[j], side[j] = 0.0, change, sign
        else:
            rate[j] = speed * sign - change
    return length
