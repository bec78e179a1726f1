"""A wall around code that nobody has read: a warm process behind it, and a child of that for each job."""
