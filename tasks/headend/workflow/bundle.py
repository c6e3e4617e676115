"""A shared bundle as a zip archive: the same bytes for the same files, read member by member."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

from headend.errors import InputError

if TYPE_CHECKING:
    from io import BufferedReader

SCHEMA = "headend.bundle/1"
MANIFEST = "bundle.json"
# A zip archive has no time zone and no year before 1980; the bundle tells no time of its own.
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LARGEST = 1 << 20


def packed(files: Mapping[str, bytes], facts: Mapping[str, object]) -> bytes:
    """Return the archive of ``files``; captures and show output are named to be diagnosed."""
    manifest = {
        "schema": SCHEMA,
        **facts,
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in {MANIFEST: _json(manifest), **files}.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o600 << 16
            archive.writestr(info, data)
    return out.getvalue()


def members(name: str) -> list[str]:
    """Return what a named file is to be read as: the texts of a bundle, or the file itself.

    Raises ``InputError`` for a zip archive that is no bundle.
    """
    if not Path(name).is_file() or not zipfile.is_zipfile(name):
        return [name]
    try:
        with zipfile.ZipFile(name) as archive:
            wanted = _texts(archive)
    except (KeyError, TypeError, ValueError, zipfile.BadZipFile, OSError, RecursionError) as error:
        raise InputError(
            f"{name} is a zip archive, and not a bundle that headend incident share wrote",
            remedy="Unpack it and name the text files in it",
        ) from error
    return [f"{name}/{one}" for one in wanted]


def _texts(archive: zipfile.ZipFile) -> list[str]:
    with archive.open(MANIFEST) as file:
        manifest = json.loads(file.read(_LARGEST))
    wanted = [str(one) for one in manifest["texts"]]
    if manifest["schema"] != SCHEMA or not wanted or not set(wanted) <= set(archive.namelist()):
        raise KeyError(MANIFEST)
    return wanted


def opened(name: str) -> BufferedReader:
    """Open a file, or ``ARCHIVE.zip/MEMBER``, for bytes; raise OSError where it cannot be."""
    path = Path(name)
    for parent in path.parents:
        if parent.is_file() and zipfile.is_zipfile(parent):
            member = zipfile.Path(parent, path.relative_to(parent).as_posix())
            return cast("BufferedReader", member.open("rb"))
    return path.open("rb")


def _json(document: Mapping[str, object]) -> bytes:
    return json.dumps(document, indent=2, ensure_ascii=True).encode() + b"\n"
