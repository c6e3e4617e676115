"""Text from a headend to events and rows: pure, streaming, and never raising on what it reads."""
