"""Makes again what we serve of other people's work: version, hash, licence, and the steps between.

`make vendor` runs it. It fetches the named package from npm, refuses it when the hash differs, and writes the subset
font and its licence into the brand pack. Needs node's npm, and the two tools of tools/vendor.lock, which it puts into
a throwaway environment.
"""

import base64
import hashlib
import os
import subprocess
import sys
import tarfile
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
THEME = ROOT / "brands" / "wren" / "theme"

PACKAGE = "@fontsource-variable/besley@5.3.0"
SHA512 = "RTtCh7VsXhW+9PAX7EsEhXMYhLFZhFl2EkrVwgUYbgV27Doe7b3glhUCeNVP2XPUkaKre6LfTwLIXTzVbsfKnA=="
SOURCE = "package/files/besley-latin-wght-normal.woff2"
LICENCE = "package/LICENSE"
WEIGHTS = "wght=400:800"
# English, the accents of names that live in the United States, and the punctuation of well-set text.
LETTERS = (
    "U+0020-005F U+0061-007A U+00A0 U+00A9 U+00AE U+00B7 U+00BD U+00C9 U+00E0 U+00E1 U+00E7-00EA U+00ED U+00F1 U+00F3 "
    "U+00F6 U+00FA U+00FC U+2013 U+2014 U+2018 U+2019 U+201C U+201D U+2026 U+2192 U+2212"
)
MOST_BYTES = 25_000


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        unpack(fetch(work), work)
        font = subset(work / SOURCE, work)
        if len(font) > MOST_BYTES:
            sys.exit(
                f"The font is {len(font):,} bytes, more than {MOST_BYTES:,}. Name fewer letters in tools/vendor.py."
            )
        (THEME / "besley.woff2").write_bytes(font)
        (THEME / "besley.LICENSE.txt").write_bytes((work / LICENCE).read_bytes())
    print(f"besley.woff2: {len(font):,} bytes, sha256 {hashlib.sha256(font).hexdigest()}")


def fetch(work: Path) -> Path:
    subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=work, check=True, stdout=subprocess.DEVNULL)
    (archive,) = work.glob("*.tgz")
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != SHA512:
        sys.exit(
            f"{PACKAGE} is not the file that we vendored: its sha512 is {found}. Read what changed before you pin it."
        )
    return archive


def unpack(archive: Path, work: Path) -> None:
    with tarfile.open(archive) as tar:
        tar.extractall(work, members=[tar.getmember(SOURCE), tar.getmember(LICENCE)], filter="data")


def subset(font: Path, work: Path) -> bytes:
    tools = work / "tools"
    venv.create(tools, with_pip=True)
    python = tools / "bin" / "python"
    lock = ROOT / "tools" / "vendor.lock"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", lock], check=True)
    narrowed, small = work / "narrowed.woff2", work / "small.woff2"
    instancer = [python, "-m", "fontTools.varLib.instancer", font, WEIGHTS, "--quiet", "-o", narrowed]
    subsetter = [
        python,
        "-m",
        "fontTools.subset",
        narrowed,
        f"--unicodes={LETTERS.replace(' ', ',')}",
        "--flavor=woff2",
    ]
    subsetter += ["--layout-features=kern", "--no-hinting", "--drop-tables+=DSIG,STAT", f"--output-file={small}"]
    # The same bytes on every run: no time of day in the file, no order by hash.
    steady = {**os.environ, "SOURCE_DATE_EPOCH": "0", "PYTHONHASHSEED": "0"}
    subprocess.run(instancer, check=True, env=steady)
    subprocess.run(subsetter, check=True, env=steady)
    return small.read_bytes()


if __name__ == "__main__":
    main()
