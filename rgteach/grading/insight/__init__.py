"""What a class understood and what it did not: one HTML page made from `scores.json`."""
