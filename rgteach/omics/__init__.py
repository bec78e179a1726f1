"""From what an assay counts to columns that a model can use.  Arrays in, arrays out."""
