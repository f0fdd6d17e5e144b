"""Forms in which the record can be taken away."""
