"""How fast lines are read, beside the stock engine and the bare loop; ``make bench`` runs it."""
