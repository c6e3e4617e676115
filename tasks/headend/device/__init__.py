"""The Nornir tasks and the session beneath them: the only code with a socket to a headend."""

from headend.device.tasks import arm, capture, disarm, preflight, snapshot

__all__ = ["arm", "capture", "disarm", "preflight", "snapshot"]
