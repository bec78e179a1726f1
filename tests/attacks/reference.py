"""The right answer of the first exercise, for a naive grader that imports it late."""


def spread(values):
    return values.max() - values.min()
