"""Grades: answers taken out of what students hand in, run behind a wall, compared outside, written down."""
