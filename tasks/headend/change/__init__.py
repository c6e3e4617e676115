"""A diagnosis or a request becomes a plan to review: lines, inverse, checks; touches no headend."""
