"""The gradebook: who handed in what and when, what each grading gave, what people changed, what counts."""
