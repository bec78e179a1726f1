"""Arrays and results in, axes out."""
