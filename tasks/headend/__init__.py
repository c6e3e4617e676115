"""Find out why a remote-access VPN user cannot log in, prove it, and fix it."""
