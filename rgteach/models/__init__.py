"""Models that explain or predict one outcome: linear, logistic, ordinal, penalised."""
