"""Lines of the official recall file, and cars of Wren's, for tests."""

from forecourt.vehicles.recalls import cars, flat

GOOD = {
    "RECORD_ID": "1",
    "CAMPNO": "26V990000",
    "MAKETXT": "WREN",
    "MODELTXT": "AVOCET",
    "YEARTXT": "2026",
    "MFGCAMPNO": "W26-99",
    "COMPNAME": "EXTERIOR LIGHTING",
    "MFGNAME": "WREN MOTOR COMPANY, INC.",
    "RCLTYPECD": "V",
    "POTAFF": "120",
    "RCDATE": "20261102",
    "DATEA": "20261103",
    "DESC_DEFECT": "A lamp may go out.",
    "CONEQUENCE_DEFECT": "Others may not see the car.",
    "CORRECTIVE_ACTION": "A dealer replaces the lamp, free of charge.",
    "DO_NOT_DRIVE": "No",
    "PARK_OUTSIDE": "No",
}


def line(**changes: str) -> bytes:
    row = {**GOOD, **changes}
    return "\t".join(row.get(name, "") for name in flat.FIELDS).encode("cp1252")


def file(folder, *lines: bytes, name: str = "FLAT_RCL.txt"):
    path = folder / name
    path.write_bytes(b"".join(each + b"\r\n" for each in lines))
    return path


def vin(slug: str, year: int, serial: int) -> str:
    ours = cars.ours()
    return ours.vin_of(next(each for each in ours.lines if each.name.lower() == slug), year, serial)
