"""The record of an incident on disk: what was seen, what was done, and when."""

from headend.incident.capture import CaptureLog
from headend.incident.incident import Incident
from headend.incident.lease import (
    Lease,
    damaged_leases,
    owner_alive,
    process_started,
    read_leases,
    remove_lease,
    write_lease,
)
from headend.incident.record import MILESTONES
from headend.incident.store import IncidentStore
from headend.incident.summary import IncidentSummary

__all__ = [
    "MILESTONES",
    "CaptureLog",
    "Incident",
    "IncidentStore",
    "IncidentSummary",
    "Lease",
    "damaged_leases",
    "owner_alive",
    "process_started",
    "read_leases",
    "remove_lease",
    "write_lease",
]
