"""Configuration text to policy: who would meet what at login, and which line decides it."""
