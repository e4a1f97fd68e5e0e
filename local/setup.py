"""Sets the project up: a Python 3.13 environment under .venv and Azurite under local/node_modules.

Runs on any Python 3.8+ with the standard library only, so that `make` needs nothing installed.
A stamp of the pinned files makes a second run return at once.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Iterator, Optional, Tuple, Union

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "set-up"
PINNED = ["requirements.txt", "local/requirements.txt", "local/package-lock.json", "local/setup.py"]
REQUIREMENTS = ["--requirement", "requirements.txt", "--requirement", "local/requirements.txt"]
WANTED = (3, 13)
UV = "uv==0.13.9"


def main() -> None:
    wanted = fingerprint()
    if STAMP.exists() and STAMP.read_text() == wanted and PYTHON.exists():
        return
    print("set-up: Python 3.13, packages and Azurite (once)", flush=True)
    make_venv()
    run(PYTHON, "-m", "pip", "install", "--quiet", UV)
    # Compiled once: where PYTHONDONTWRITEBYTECODE is set, each of the many processes would compile all of it anew.
    run(PYTHON, "-m", "uv", "pip", "install", "--quiet", "--compile-bytecode", "--python", PYTHON, *REQUIREMENTS)
    install_azurite()
    STAMP.write_text(wanted)


def fingerprint() -> str:
    digest = hashlib.sha256()
    for name in PINNED:
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def make_venv() -> None:
    if PYTHON.exists() and version_of(PYTHON) == WANTED:
        return
    shutil.rmtree(str(VENV), ignore_errors=True)
    found = next((python for python in candidates() if version_of(python) == WANTED), None)
    if found:
        run(found, "-m", "venv", str(VENV))
    else:
        make_venv_with_uv()


def candidates() -> Iterator[str]:
    """Every Python that may be a 3.13, the running one first."""
    yield sys.executable
    for name in ("python3.13", "python3", "python"):
        path = shutil.which(name)
        if path:
            yield path
    pyenv = Path(os.environ.get("PYENV_ROOT", str(Path.home() / ".pyenv"))) / "versions"
    for found in sorted(pyenv.glob("3.13*/bin/python"), reverse=True):
        yield str(found)


def version_of(python: Union[str, Path]) -> Optional[Tuple[int, ...]]:
    """The (major, minor) of an interpreter; None where it does not run."""
    code = "import sys; print(sys.version_info[0], sys.version_info[1])"
    try:
        answer = subprocess.run([str(python), "-c", code], check=False, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    parts = answer.stdout.split()
    return (int(parts[0]), int(parts[1])) if answer.returncode == 0 and len(parts) == 2 else None


def make_venv_with_uv() -> None:
    """No 3.13 on this machine: uv from PyPI brings one where the internet is open."""
    tools = ROOT / ".local" / "uv"
    run(sys.executable, "-m", "venv", str(tools))
    run(tools / "bin" / "python", "-m", "pip", "install", "--quiet", UV)
    try:
        run(tools / "bin" / "uv", "venv", "--seed", "--python", "3.13", str(VENV))
    except subprocess.CalledProcessError:
        sys.exit(
            "set-up: Python 3.13 was not found on PATH or under ~/.pyenv, and uv could not bring it. "
            "Install Python 3.13, then run this again."
        )


def install_azurite() -> None:
    npm = shutil.which("npm")
    command = [npm] if npm and node_is_new_enough() else [PYTHON, "-m", "local.npm"]
    run(*command, "ci", "--prefix", "local", "--ignore-scripts", "--no-audit", "--no-fund", "--silent")


def node_is_new_enough() -> bool:
    node = shutil.which("node")
    answer = subprocess.run([node, "--version"], check=False, capture_output=True, text=True) if node else None
    return bool(answer and answer.returncode == 0 and int(answer.stdout.lstrip("v").split(".")[0]) >= 20)


def run(*command: Union[str, Path]) -> None:
    subprocess.run([str(part) for part in command], cwd=str(ROOT), check=True)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit("set-up failed at: " + " ".join(str(part) for part in error.cmd))
