"""Sessions to simulated headends: ours beside other SSH clients, over the same wire in one run."""
