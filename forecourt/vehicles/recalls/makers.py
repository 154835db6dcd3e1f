"""Whose a VIN seems to be, by the public list of makers that the package `vin` carries. It asks nobody."""

from functools import cache

from forecourt.vehicles.recalls import vin as vins

BY_MAKER = "SELECT manufacturer.name AS name FROM wmi JOIN manufacturer ON manufacturer.id = wmi.manufacturer_id WHERE wmi.code = ?"


def whose(vin: str) -> str:
    """The make, or else the maker, of a VIN that has no problem; empty where the list has neither."""
    # A maker of few cars shares its third character, and has three more of its own further back.
    code = vin[:3] + (vin[11:14] if vin[2] == "9" else "")
    return _whose(code, f"{vin[3:8]}|{vin[9:]}", vins.model_year(vin) or 0)


def _whose(code: str, described: str, year: int) -> str:
    found = _list()
    if make := found.get_make_from_wmi(code):
        return make
    decoded = found.decode_vin(code, described, year) or {}
    if make := decoded.get("make"):
        return make
    makers = found.query(BY_MAKER, (code,))
    return makers[0]["name"] if makers else ""


@cache
def _list():
    """Half a second and 30 MB the first time, so not at the start."""
    from vin.database import vehicle_db

    return vehicle_db
