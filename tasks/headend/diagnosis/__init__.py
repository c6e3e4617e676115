"""Events to attempts to diagnoses: pure, streaming, and honest about what was not seen."""

from headend.diagnosis.diagnoser import Diagnoser, diagnose, report

__all__ = ["Diagnoser", "diagnose", "report"]
