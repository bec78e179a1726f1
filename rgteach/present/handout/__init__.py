"""A lesson as one file to hand out: no script, no request, readable on a screen, a phone and paper."""
