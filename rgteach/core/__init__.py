"""Loops on arrays: arrays in, arrays out, no checks.  One algorithm a file."""
