"""Labelled captures, and how often the diagnosis agrees with them."""
