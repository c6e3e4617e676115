"""The arrows of the layout: data flows one way, and the pure packages stay pure."""

import ast
from pathlib import Path

import pytest

import headend

ROOT = Path(headend.__file__).parent
# What each part may import of ours; errors, paths and model are open to all.
ARROWS = {
    "model": set(),
    "redact": set(),
    "parse": set(),
    "diagnosis": {"parse"},
    "policy": set(),
    "change": set(),
    "incident": set(),
    "identity": set(),
    "share": {"redact"},
    "config": set(),
    "device": {"parse", "config"},
    "workflow": {
        "device", "diagnosis", "policy", "change", "incident", "redact", "config", "identity",
        "share",
    },
    "lab": set(),
    "cli": {"workflow", "device", "incident", "lab", "config"},
}  # fmt: skip
OPEN_TO_ALL = {"errors", "paths", "model"}
PURE = ("model", "redact", "parse", "diagnosis", "policy", "change", "share")
# A socket, a clock, a process or a screen has no place in the pure core.
IMPURE = {"nornir", "netmiko", "paramiko", "rich", "typer", "socket", "time", "subprocess"}
LINES = 300


def modules() -> list[Path]:
    return sorted(ROOT.rglob("*.py"))


def imports(module: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: absolute imports only"
            name = node.module or ""
            whole = {f"{name}.{alias.name}" for alias in node.names}
            found |= whole if name == "headend" else {name}
    return found


def part(module: Path) -> str:
    return module.relative_to(ROOT).parts[0].removesuffix(".py")


@pytest.mark.parametrize("module", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_along_the_arrows(module: Path) -> None:
    here = part(module)
    if here not in ARROWS:
        assert here in {"__init__", "errors", "paths"}
        return
    ours = {name.split(".")[1] for name in imports(module) if name.startswith("headend.")}
    assert ours <= ARROWS[here] | OPEN_TO_ALL | {here}


@pytest.mark.parametrize(
    "module",
    [path for path in modules() if part(path) in PURE],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_the_pure_core_knows_no_socket_no_clock_no_screen(module: Path) -> None:
    assert not {name.split(".")[0] for name in imports(module)} & IMPURE
    calls = [
        node.func.id
        for node in ast.walk(ast.parse(module.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    assert not {"print", "input"} & set(calls)


@pytest.mark.parametrize("module", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_one_idea_of_about_three_hundred_lines(module: Path) -> None:
    assert len(module.read_text().splitlines()) <= LINES
    assert not {"utils", "helpers", "manager", "base"} & {module.stem}


def test_no_file_of_the_project_names_a_registry_address() -> None:
    checkout = ROOT.parents[1]
    texts = [
        path
        for path in [*checkout.glob("*"), *checkout.glob(".ci/*"), *checkout.glob("inventory/*")]
        if path.is_file()
    ]
    assert any(path.name == "constraints.txt" for path in texts)
    for path in texts:
        text = path.read_text(errors="replace")
        for word in ("index-" + "url", "find-" + "links", "pypi." + "org"):
            assert word not in text, path
