"""Which code was checked."""

import hashlib
import subprocess
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent


@cache
def revision() -> str:
    """The commit where the package is exactly as committed, else a digest of what it is."""
    return commit() or f"files-{digest()}"


def commit() -> str:
    try:
        changed = _git("status", "--porcelain", "--", str(PACKAGE))
        return "" if changed else _git("rev-parse", "--short=12", "HEAD")
    except (OSError, subprocess.SubprocessError):
        return ""


def digest() -> str:
    total = hashlib.sha256()
    for file in sorted(PACKAGE.rglob("*")):
        if file.is_file() and file.suffix in {".py", ".toml", ".html", ".txt"}:
            total.update(f"{file.relative_to(PACKAGE)}\0".encode() + file.read_bytes())
    return total.hexdigest()[:12]


def _git(*words: str) -> str:
    answer = subprocess.run(
        ["git", "-C", str(PACKAGE), *words], capture_output=True, text=True, check=True, timeout=10
    )  # fmt: skip
    return answer.stdout.strip()
