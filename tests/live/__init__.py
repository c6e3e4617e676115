"""Tests that drive the real command line against the real lab."""
