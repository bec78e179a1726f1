"""One question, one test, one result object: association, multiplicity, and the scan of a whole cohort."""
