"""``python -m report.screenshot docs/report.png``: the demo's report, as the README shows it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from headend.incident import IncidentStore
from report.browser import address, chromium

SIZE = (860, 1290)


def main(target: str) -> None:
    """Play the demo, and take a picture of the page of its first incident."""
    with TemporaryDirectory() as folder, chromium() as browser:
        command = [str(Path(sys.executable).with_name("headend")), "demo", "--incidents", folder]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        *_, first = IncidentStore(Path(folder)).all()
        width, height = SIZE
        page = browser.new_page(viewport={"width": width, "height": height}, color_scheme="light")
        page.goto(address(first.path / "report.html"))
        page.screenshot(path=target)


if __name__ == "__main__":
    main(sys.argv[1])
