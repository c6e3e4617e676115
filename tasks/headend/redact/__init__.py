"""Secrets are replaced where bytes enter: by structure, and by every value we know."""

from headend.redact.placeholders import Placeholders
from headend.redact.stream import Redactor, redact_bytes

__all__ = ["Placeholders", "Redactor", "redact_bytes"]
