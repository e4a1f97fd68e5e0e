"""What is committed is the project's own: a clone must set itself up from nothing."""

import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _tracked(*options: str) -> list[str]:
    listed = subprocess.run(["git", "ls-files", *options], check=False, cwd=ROOT, capture_output=True, text=True)
    if listed.returncode:
        pytest.skip(f"not a git checkout: {listed.stderr.strip()}")
    return listed.stdout.splitlines()


def test_no_link_is_tracked() -> None:
    links = [line for line in _tracked("--stage") if line.startswith("120000")]
    assert not links, "a link of this machine keeps a clone from setting itself up"


def test_nothing_that_is_ignored_is_tracked() -> None:
    assert not _tracked("--cached", "--ignored", "--exclude-standard")


@pytest.mark.parametrize("name", [".venv", "local/node_modules", ".local/state"])
def test_what_the_set_up_makes_is_ignored(name: str, tmp_path: Path) -> None:
    """Also where it is a link and not a folder, as in a worktree that borrows another one's."""
    (tmp_path / ".gitignore").write_text((ROOT / ".gitignore").read_text())
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    place = tmp_path / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to("/nowhere")
    ignored = subprocess.run(["git", "check-ignore", "-q", name], check=False, cwd=tmp_path)
    assert ignored.returncode == 0, name
