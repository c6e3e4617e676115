"""The JSON document of a report written while it grows, so that no length needs more memory."""

from __future__ import annotations

import dataclasses
import json
from textwrap import indent
from typing import TextIO

from headend.model.diagnosis import Diagnosis, Report
from headend.model.document import SCHEMA, attempt_document, report_document

_INDENT = 2


class StreamedDocument:
    """``add`` writes one attempt, ``finish`` what a report says besides its attempts."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        # Nothing is written before there is something to say: an error leaves no half document.
        self._before = f'{{\n  "schema": "{SCHEMA}",\n  "attempts": [\n'

    def add(self, diagnosis: Diagnosis) -> None:
        """Write one attempt."""
        text = json.dumps(attempt_document(diagnosis), indent=_INDENT)
        self._stream.write(self._before + indent(text, " " * 2 * _INDENT))
        self._before = ",\n"

    def finish(self, report: Report) -> None:
        """Write the rest of ``report`` and close the document."""
        rest = report_document(dataclasses.replace(report, attempts=()))
        del rest["schema"], rest["attempts"]
        text = json.dumps(rest, indent=_INDENT)
        # Without its own first brace: the document's is written already.
        opening = self._before if self._before != ",\n" else ""
        self._stream.write(opening + "\n  ]," + text[1:] + "\n")
