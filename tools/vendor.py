"""Makes again what we serve of other people's work: version, hash, licence, and the steps between.

`make vendor` runs it. It fetches the named packages from npm, refuses those whose hash differs, writes the subset font and
its licence into the brand pack, and the map's script and shapes, each with its licence, under dealers/static. Needs
node's npm, and the two tools of tools/vendor.lock, which it puts into a throwaway environment.
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

MAP = ROOT / "forecourt" / "dealers" / "static" / "dealers" / "map"

# What npm serves under each name, as base64 of its sha512.
SHA512 = {
    "@fontsource-variable/besley@5.3.0": "RTtCh7VsXhW+9PAX7EsEhXMYhLFZhFl2EkrVwgUYbgV27Doe7b3glhUCeNVP2XPUkaKre6LfTwLIXTzVbsfKnA==",
    "leaflet@1.9.4": "nxS1ynzJOmOlHp+iL3FyWqK89GtNL8U8rvlMOsQdTTssxZwCXh8N2NB3GDQOL+YR3XnWyZAxwQixURb+FA74PA==",
    "us-atlas@3.0.1": "wEIZCq0ImPvGblTd8gZMqNNCPkQshugMUG/8nkSWXb02+XqNFREg9atHOKP9w6prLZTpqcLhSvdBW81MkV3/0Q==",
    "topojson-client@3.1.0": "605uxS6bcYxGXw9qi62XyrV6Q3xwbndjachmNxu8HWTtVPxZfEJN9fd/SZS1Q54Sn2y0TMyMxFj/cJINqGHrKw==",
}
BESLEY = "@fontsource-variable/besley@5.3.0"
# Taken as they are: package, what of it, and under which name.
AS_THEY_ARE = (
    ("leaflet@1.9.4", "package/dist/leaflet.js", "leaflet.js"),
    ("leaflet@1.9.4", "package/dist/leaflet.css", "leaflet.css"),
    ("leaflet@1.9.4", "package/dist/images/layers.png", "images/layers.png"),
    ("leaflet@1.9.4", "package/dist/images/layers-2x.png", "images/layers-2x.png"),
    ("leaflet@1.9.4", "package/dist/images/marker-icon.png", "images/marker-icon.png"),
    ("leaflet@1.9.4", "package/LICENSE", "leaflet.LICENSE.txt"),
    ("us-atlas@3.0.1", "package/states-10m.json", "states.json"),
    ("us-atlas@3.0.1", "package/counties-10m.json", "counties.json"),
    ("us-atlas@3.0.1", "package/LICENSE", "us-atlas.LICENSE.txt"),
    ("topojson-client@3.1.0", "package/dist/topojson-client.min.js", "topojson-client.js"),
    ("topojson-client@3.1.0", "package/LICENSE", "topojson-client.LICENSE.txt"),
)
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
        packages = {package: unpacked(package, work) for package in SHA512}
        for package, source, name in AS_THEY_ARE:
            (MAP / name).parent.mkdir(parents=True, exist_ok=True)
            # The browser would ask for the map that this line names, and there is none.
            taken = (packages[package] / source).read_bytes().replace(b"//# sourceMappingURL=leaflet.js.map", b"")
            (MAP / name).write_bytes(taken)
        font = subset(packages[BESLEY] / SOURCE, work)
        if len(font) > MOST_BYTES:
            sys.exit(
                f"The font is {len(font):,} bytes, more than {MOST_BYTES:,}. Name fewer letters in tools/vendor.py."
            )
        (THEME / "besley.woff2").write_bytes(font)
        (THEME / "besley.LICENSE.txt").write_bytes((packages[BESLEY] / LICENCE).read_bytes())
    print(f"besley.woff2: {len(font):,} bytes, sha256 {hashlib.sha256(font).hexdigest()}")


def unpacked(package: str, work: Path) -> Path:
    """A folder of its own with what npm serves under that name, if it is what we pinned."""
    own = work / package.replace("/", "-")
    own.mkdir()
    subprocess.run(["npm", "pack", "--silent", package], cwd=own, check=True, stdout=subprocess.DEVNULL)
    (archive,) = own.glob("*.tgz")
    found = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if found != SHA512[package]:
        sys.exit(
            f"{package} is not the file that we vendored: its sha512 is {found}. Read what changed before you pin it."
        )
    with tarfile.open(archive) as tar:
        tar.extractall(own, filter="data")
    return own


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
