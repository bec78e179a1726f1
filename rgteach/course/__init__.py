"""Pages, notebooks, checks: the machinery of a course, which knows no science."""
