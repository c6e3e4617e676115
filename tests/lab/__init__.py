"""Tests of the simulated headends, with a plain SSH client."""
