"""Tests of the workflow package."""
