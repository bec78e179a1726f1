"""Before a logistic regression: its columns are centred and scaled.  Arrays in, arrays out, no checks."""

from rgteach.core.jit import kernel


@kernel
def scale_columns(X, cases, intercept, design, centre, scale):
    """Write the columns of X into the last columns of `design`, centred and divided by their largest size.

    centre, scale : (p,), filled with the weighted means, 0 without an intercept, and the divisors, 1 for a
                    column of zeros.
    returns       : the weights of events and of the others, summed.

    Without an intercept the model passes through zero, and zero must stay where it is.
    """
    n, p = X.shape
    events, others = 0.0, 0.0
    for i in range(n):
        design[i, 0] = 1.0  # overwritten where there is no intercept
        events += cases[i, 1] * cases[i, 0]
        others += cases[i, 1] * (1 - cases[i, 0])
    for j in range(p):
        x, scaled, middle, size = X[:, j], design[:, design.shape[1] - p + j], 0.0, 0.0
        if intercept:
            for i in range(n):
                middle += cases[i, 1] * (x[i] - x[0])  # differences: a shift of 1e8 adds no rounding
            middle = x[0] + middle / (events + others)
        for i in range(n):
            scaled[i] = x[i] - middle
            size = max(size, abs(scaled[i]))
        size = size if size > 0 else 1.0
        times = 1 / size
        for i in range(n):
            scaled[i] *= times
        centre[j], scale[j] = middle, size
    return events, others
