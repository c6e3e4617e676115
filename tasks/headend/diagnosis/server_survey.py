"""The survey of a headend's AAA servers, from its replies."""

from __future__ import annotations

from headend.diagnosis.server_groups import Replies, missing, server_groups, standby
from headend.diagnosis.server_remarks import remarks
from headend.model.servers import Survey


def survey(replies: Replies) -> Survey:
    """Return the server groups and what stands out; what was refused is named, not guessed."""
    groups = server_groups(replies)
    found = remarks(groups, missing(groups, replies))
    return Survey(groups, tuple(found), tuple(sorted(replies.refused)), standby(replies))
