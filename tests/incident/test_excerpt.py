"""Evidence in context: the lines around it, by the numbers that the readers give."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from headend.incident import excerpt
from headend.incident.excerpt import excerpts, lines_of
from headend.model.diagnosis import Evidence

RECORD: dict[str, dict[str, object]] = {"headends": {"vpn-1": {}}}


@given(
    st.lists(st.binary(max_size=12), min_size=1, max_size=30),
    st.lists(st.integers(1, 40), min_size=1, max_size=5, unique=True),
    st.sampled_from((1, 7, 64, 1 << 20)),
)
def test_the_lines_around_a_proof_are_those_that_a_reader_numbers(
    parts: list[bytes], proofs: list[int], block: int
) -> None:
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        patch.setattr(excerpt, "_BLOCK", block)
        path = Path(name) / "vpn-1" / "capture.log"
        path.parent.mkdir()
        path.write_bytes(b"\n".join(parts))
        texts = dict(enumerate(lines_of(path), 1))
        evidence = [Evidence("vpn-1/capture.log", number, "gone") for number in proofs]
        (found,) = excerpts(Path(name), RECORD, [evidence])
    told = {line.number: line for one in found for line in one.lines}
    near = {at for number in proofs for at in range(number - 3, number + 4)}
    assert {at: line.text for at, line in told.items()} == {
        at: texts.get(at, "gone") for at in near if at in texts or at in proofs
    }
    assert {at for at, line in told.items() if line.proof} == set(proofs)
