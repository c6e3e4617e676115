"""Hostile input for every reader: the same targets under hypothesis and under atheris."""
