"""What may go wrong between us and a headend, at each step of a capture, and what must hold."""
