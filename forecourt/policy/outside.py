"""What the address of a link to another site may carry: the page that it leads to, and nothing about who follows it."""

import re
from urllib.parse import parse_qsl, unquote, urlsplit

# Parameters that name a person, a browser, a visit or a campaign, by whatever company.
PERSONAL = frozenset(
    """
    account address auth birthday booking browser cid client clientid code contact cookie customer device email fbclid
    first firstname gclid geo gbraid hash id key last lastname lat lead lng location login lon mail member mobile msclkid
    name password phone postal postcode ref reference referrer secret session sessionid sid sig signature src sub subject
    surname tel telephone text ticket token ttclid twclid uid user userid username uuid vin visit visitor wbraid zip zipcode
    """.split()
)
MACHINES_OWN = ("localhost", "127.0.0.1")
UUID = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
PHONE = re.compile(r"\+\d{7}|(?:\d[-. ()/]?){9}\d")
LENGTH = 300


def has_host(address: str) -> bool:
    """As a browser reads it, to which a backslash is a slash. A path of ours, an email address or a phone number has none."""
    try:
        return bool(urlsplit(address.strip().replace("\\", "/")).netloc)
    except ValueError:
        return True


def is_whole(address: str) -> bool:
    if re.search(r"[\s\\\x00-\x1f]", address):
        return False
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in MACHINES_OWN))


def objection(address: str) -> str:
    """What is wrong with linking to this address, and what to write instead; empty where nothing is."""
    if not is_whole(address) or len(address) > LENGTH:
        return f"write a whole address that starts with https://, without spaces, in at most {LENGTH} characters"
    parts = urlsplit(address)
    plain = unquote(unquote(address))
    if "@" in plain:
        return "take out what stands before the @: an address of a link names no person"
    if re.search(r"[{}<>]", plain):
        return "write the address as it is, without a place to fill something in"
    for name, _ in parameters(parts.query, parts.fragment):
        bare = re.sub(r"[^a-z]", "", name.lower())
        if bare in PERSONAL or name.lower().startswith("utm_"):
            return f"take out {name}=: it would tell the other site who follows the link, or from where"
    words = [*parts.path.split("/"), parts.fragment, *(value for _, value in parameters(parts.query, parts.fragment))]
    if any(tells(unquote(word)) for word in words):
        return "take out the number or code: it could stand for a person"
    return ""


def read(address: str) -> str:
    """The address, or ValueError with what to write instead."""
    if says := objection(address):
        raise ValueError(says)
    return address


def parameters(query: str, fragment: str) -> list[tuple[str, str]]:
    """Some sites read what follows the # as they read what follows the ?."""
    found = parse_qsl(query, keep_blank_values=True)
    return found + (parse_qsl(fragment.lstrip("!/?"), keep_blank_values=True) if "=" in fragment else [])


def tells(word: str) -> bool:
    """Whether it may be a phone number, a browser's number or a code."""
    return bool(PHONE.search(word) or UUID.search(word)) or any(is_code(piece) for piece in re.split(r"[-_.~+ ]", word))


def is_code(piece: str) -> bool:
    """Long and mixed, as no word is: letters with figures in them, in small letters and capitals."""
    has_figures = bool(re.search(r"\d", piece)) and bool(re.search(r"[A-Za-z]", piece))
    is_mixed = bool(re.search(r"[a-z]", piece)) and bool(re.search(r"[A-Z]", piece))
    return (has_figures and len(piece) >= 16) or (has_figures and is_mixed and len(piece) >= 12) or len(piece) > 40
