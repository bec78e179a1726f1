"""Open answers, which a person marks: a queue, a page or a notebook to mark in, marks that stay."""
