"""Beside the rank sum: how far apart two groups are, in pairs won and in the unit of the data."""

from rgteach.core.jit import kernel

HALVINGS = 60  # leave an interval of 1e-18 of a share between 0 and 1


@kernel
def nth_difference(x, y, k):
    """The k-th smallest of all differences x_i − y_j, without writing them down.

    x, y : float64, ascending;  k : 0 is the smallest, n_x·n_y − 1 the largest.

    The answer lies between the smallest and the largest difference.  Halve that interval again and again and
    count in one walk how many differences stand at or below its middle: as x_i grows, the y_j that are far
    enough below it only move upwards.  Each time the ends snap to differences that exist: the last is exact.
    """
    n_x, n_y = len(x), len(y)
    low, high = x[0] - y[n_y - 1], x[n_x - 1] - y[0]
    while low < high:
        middle = low / 2 + high / 2
        if not low <= middle < high:  # no number is left between them
            middle = low
        n_below, below, above = 0, low, high
        j = 0
        for i in range(n_x):
            while j < n_y and x[i] - y[j] > middle:
                j += 1
            n_below += n_y - j
            if j < n_y:
                below = max(below, x[i] - y[j])
            if j > 0:
                above = min(above, x[i] - y[j - 1])
        if n_below > k:
            high = below
        else:
            low = above
    return low


def auc_bound(auc, n_x, n_y, z, end):
    """Where the interval around an area under the curve ends: at the last share that would not be rejected.

    auc : what was seen;  z : normal quantile of the level;  end : 0.0 for the lower end, 1.0 for the upper.

    Newcombe's method 5 (2006, doi:10.1002/sim.2324): a share θ belongs to the interval while |auc − θ| is at
    most z standard errors, where the error is the one that θ itself would have (Hanley and McNeil 1982,
    doi:10.1148/radiology.143.1.7063747), both groups counted as (n_x + n_y)/2 − 1.
    """
    more, reach = (n_x + n_y) / 2 - 1, z * z / (n_x * n_y)
    inside, outside = auc, end
    for _ in range(HALVINGS):
        theta = (inside + outside) / 2
        spread = 1 + more * ((1 - theta) / (2 - theta) + theta / (1 + theta))
        if (auc - theta) ** 2 <= reach * theta * (1 - theta) * spread:
            inside = theta
        else:
            outside = theta
    return outside if outside == end else inside
