"""The official flat file of recalls, FLAT_RCL: 29 fields between tabs, no first line of names, one line a campaign, model, model
year and component. Written in cp1252 with a few lines in UTF-8; days are YYYYMMDD, flags Yes or No, texts may hold HTML.
"""

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

FIELDS = (
    "RECORD_ID CAMPNO MAKETXT MODELTXT YEARTXT MFGCAMPNO COMPNAME MFGNAME BGMAN ENDMAN RCLTYPECD POTAFF ODATE INFLUENCED_BY "
    "MFGTXT RCDATE DATEA RPNO FMVSS DESC_DEFECT CONEQUENCE_DEFECT CORRECTIVE_ACTION NOTES RCL_CMPT_ID MFR_COMP_NAME "
    "MFR_COMP_DESC MFR_COMP_PTNO DO_NOT_DRIVE PARK_OUTSIDE"
).split()
VEHICLE = "V"
ANY_YEAR = 9999
NUMBER = re.compile(r"[0-9A-Z-]{4,12}")
LONGEST_LINE = 100_000
TAG = re.compile(r"<[^<>]{0,1000}>")
FLAGS = {"YES": True, "Y": True, "TRUE": True, "NO": False, "N": False, "FALSE": False, "": False}


class BadLine(ValueError):
    """What is wrong with one line, as its end: "line 12: ..."."""


@dataclass(frozen=True, slots=True)
class Record:
    """One line about a vehicle. `year` is None where the campaign is about every year of the model."""

    number: str
    make: str
    model: str
    year: int | None
    makers_number: str
    component: str
    units: int | None
    reported: date | None
    latest: date | None
    defect: str
    risk: str
    remedy: str
    notes: str
    do_not_drive: bool
    park_outside: bool


def read(line: bytes, make: str, today: date) -> Record | date | None:
    """The line where it is about a vehicle of that make, else the newest day in it. BadLine where it cannot be read."""
    if len(line) > LONGEST_LINE:
        raise BadLine(f"it has more than {LONGEST_LINE:,} characters")
    cells = decoded(line).rstrip("\r\n").split("\t")
    if len(cells) != len(FIELDS):
        raise BadLine(f"it has {len(cells)} fields, not {len(FIELDS)}")
    row = dict(zip(FIELDS, (cell.strip() for cell in cells), strict=True))
    number = row["CAMPNO"].upper()
    if not NUMBER.fullmatch(number):
        raise BadLine(f"CAMPNO is {short(row['CAMPNO'])}, which is no campaign's number")
    reported, added = day(row, "RCDATE", today), day(row, "DATEA", today)
    latest = max(filter(None, (reported, added)), default=None)
    if row["MAKETXT"].upper() != make or row["RCLTYPECD"].upper() != VEHICLE:
        return latest
    return record(row, number, reported, latest)


def record(row: dict[str, str], number: str, reported: date | None, latest: date | None) -> Record:
    texts = [text(row[name]) for name in ("DESC_DEFECT", "CONEQUENCE_DEFECT", "CORRECTIVE_ACTION", "NOTES")]
    if not row["MODELTXT"]:
        raise BadLine("MODELTXT is empty, so nobody knows which cars are meant")
    if not any(texts[:3]):
        raise BadLine("it says neither what is wrong nor what to do")
    return Record(
        number=number,
        make=row["MAKETXT"].upper(),
        model=" ".join(row["MODELTXT"].upper().split()),
        year=year(row["YEARTXT"]),
        makers_number=row["MFGCAMPNO"],
        component=row["COMPNAME"],
        units=int(row["POTAFF"])
        if row["POTAFF"].isascii() and row["POTAFF"].isdigit() and len(row["POTAFF"]) < 10
        else None,
        reported=reported,
        latest=latest,
        defect=texts[0],
        risk=texts[1],
        remedy=texts[2],
        notes=texts[3],
        do_not_drive=flag(row, "DO_NOT_DRIVE"),
        park_outside=flag(row, "PARK_OUTSIDE"),
    )


def decoded(line: bytes) -> str:
    if b"\0" in line:
        raise BadLine("it holds a zero byte, which no text does")
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            continue
    return line.decode("latin-1")


def year(cell: str) -> int | None:
    if not re.fullmatch(r"[0-9]{4}", cell) or not (1900 <= int(cell) <= 2100 or int(cell) == ANY_YEAR):
        raise BadLine(f"YEARTXT is {short(cell)}, which is no model year")
    return None if int(cell) == ANY_YEAR else int(cell)


def day(row: dict[str, str], name: str, today: date) -> date | None:
    if not (cell := row[name]):
        return None
    try:
        found = datetime.strptime(cell, "%Y%m%d").date() if re.fullmatch(r"[0-9]{8}", cell) else None  # noqa: DTZ007 (a day)
    except ValueError:
        found = None
    if found is None:
        raise BadLine(f"{name} is {short(cell)}, which is no day: YYYYMMDD")
    if found > today:
        raise BadLine(f"{name} is {found}, which has not come yet")
    return found


def flag(row: dict[str, str], name: str) -> bool:
    try:
        return FLAGS[row[name].upper()]
    except KeyError:
        raise BadLine(f"{name} is {short(row[name])}: Yes or No") from None


def text(cell: str) -> str:
    """Without the HTML that some texts hold."""
    return " ".join(html.unescape(TAG.sub(" ", cell)).split())


def short(cell: str) -> str:
    return repr(cell if len(cell) <= 30 else f"{cell[:30]}…")


def is_named(model: str, name: str) -> bool:
    """PIPIT, and PIPIT DESCANT too: a VIN does not tell them apart, and to be warned once too often is the better mistake."""
    return model == name or model.startswith(f"{name} ")


def lines(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines of a stream of blocks. One without an end is cut, so that a file that is no text cannot fill the memory."""
    rest = b""
    for block in blocks:
        *whole, rest = (rest + block).split(b"\n")
        yield from whole
        if len(rest) > 2 * LONGEST_LINE:
            yield rest
            rest = b""
    if rest:
        yield rest
