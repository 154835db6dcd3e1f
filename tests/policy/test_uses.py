"""uses.toml: what reads well, and what is refused with its line and its mend."""

from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from forecourt.policy.policy import Action, Hours, Need, Never
from forecourt.policy.problems import BrokenPack
from forecourt.policy.reasons import Reason
from forecourt.policy.uses import parse_text

HERE = Path("uses.toml")

USE = """\
[reminder]
purpose  = "remind you"
action   = "text"
needs    = "consent to this interaction"
hours    = "quiet"
data     = ["user.contact.phone_number"]
rests_on = ["P-3F-1"]
closes   = true
keep     = "18 months"
"""

DEALER = """
[recipients.dealer]
kind = "dealer"
purpose = "prepares your drive"
chosen = true

[contracts.dealer-2026]
terms = ["confidentiality"]
"""


def problems(text):
    with pytest.raises(BrokenPack) as caught:
        parse_text(text, HERE)
    return [(problem.line, problem.says) for problem in caught.value.problems]


def test_a_use_is_read_with_the_line_where_it_stands():
    use = parse_text("# Texts\n\n" + USE, HERE).uses["reminder"]

    assert (use.action, use.needs, use.hours, use.closes, use.line) == (Action.TEXT, Need.CONSENT, Hours.QUIET, True, 3)
    assert use.data == ("user.contact.phone_number",)


def test_the_other_tables_are_read():
    read = parse_text(
        USE
        + DEALER
        + """
[recipients.mail]
kind = "service provider"
purpose = "carries email"
contract = "dealer-2026"
terms = ["confidentiality"]
starts = 2026-01-01
ends = 2027-01-01

[cookies.staff]
setter = "Wren"
purpose = "keeps staff signed in"
lifetime = 7
category = "user.device.cookie_id"
reason = "keeps somebody signed in"
path = "/"
rests_on = ["S-06"]

[[never]]
promise = "P-M-2"
action = "share"
source = "list"

[[never]]
promise = "P-3F-7"
data = ["user.privacy_preferences"]

[cites]
never-asked = ["P-3F-1"]

[brand]
stop_scope = "all"
quiet_before = 09:00:00
""",
        HERE,
    )

    assert read.recipients["mail"].ends == datetime(2027, 1, 1, tzinfo=UTC)
    assert read.contracts == {"dealer-2026": frozenset({"confidentiality"})}
    assert read.cookies["staff"].lifetime == 7
    assert read.never[0] == Never("P-M-2", action="share", source="list", line=36)
    assert [row.line for row in read.never] == [36, 41]
    assert read.cites == {Reason.NEVER_ASKED: ("P-3F-1",)}
    assert (read.brand.stop_scope, read.brand.quiet_before) == ("all", time(9))


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('"text"', '"sms"', 3, "[reminder] action = 'sms' is none of: email, text"),
        ('"consent to this interaction"', '"consent"', 4, "needs = 'consent' is none of: nothing, consent to this"),
        ('needs    = "consent to this interaction"\n', "", 1, "needs is missing; add needs ="),
        ('"quiet"', '"loud"', 5, "hours = 'loud' is none of: any, quiet"),
        ('"user.contact.phone_number"', '"user.phone"', 6, "'user.phone' is no known category of data"),
        ('["P-3F-1"]', "[]", 7, "rests_on is missing; add rests_on ="),
        ('["P-3F-1"]', '["P-3F-1", "P-3F-1"]', 7, "names something twice"),
        ('["P-3F-1"]', "[1]", 7, "rests_on is a list of texts"),
        ("true", '"yes"', 8, "closes is true or false"),
        ('keep     = "18 months"', 'keep = ""', 9, "keep is missing; add keep ="),
        ("closes ", "close ", 8, "close is unknown here; it takes about, action, closes"),
        ("[reminder]", "[Reminder]", 1, "'Reminder' is no use id"),
        ("[reminder]", "[reminder", 1, "this is not TOML"),
        ('"remind you"', '"remind you', 2, "this is not TOML"),
    ],
)
def test_a_broken_use_names_the_line_and_the_mend(old, new, line, says):
    assert old in USE

    found = problems(USE.replace(old, new, 1))
    assert found[0][0] == line
    assert says in found[0][1]


@pytest.mark.parametrize(
    ("rows", "line", "says"),
    [
        ('[[never]]\npromise = "P-1-2"\n', 1, "this forbids everything"),
        ('[never]\npromise = "P-1-2"\n', 1, "with two brackets"),
        ('[recipients.mail]\nkind = "service provider"\npurpose = "carries"\n', 1, "add contract =, terms =, starts ="),
        ('[recipients.mail]\nkind = "broker"\npurpose = "sells"\n', 2, "none of: service provider, dealer"),
        ('[recipients.d]\nkind = "dealer"\npurpose = "x"\ncontract = "d-1"\n', 1, "add [contracts.d-1]"),
        ('[cookies.a]\nsetter = "Wren"\nlifetime = "long"\n', 3, 'lifetime is "session" or a number of days'),
        ('[cookies.a]\nreason = "why not"\n', 2, "reason = 'why not' is none of: saves re-typing"),
        ('[recipients.n]\nkind = "ad network"\npurpose = "x"\n', 1, "n (ad network) has its contract here"),
        ('[recipients.c]\nkind = "matching co-op"\n', 1, "a co-op has a page where people choose"),
        ('[recipients.n]\nkind = "ad network"\nchosen = true\n', 3, "a visitor chooses a dealer alone"),
        ('[recipients.n]\nkind = "ad network"\nendpoint = "http://a.example/"\n', 3, "begins with https://"),
        ('[recipients.n]\nkind = "ad network"\nendpoint = "https://a.example/"\n', 3, "hosts = does not name"),
        ('[tag]\naction = "tag"\n', 1, "a tag says whose it is"),
        ('[tag]\nneeds = "a yes to its switches"\n', 2, "add switches = with some of: sale, ads"),
        ('[tag]\nswitches = ["sail"]\n', 2, "'sail' is none of: sale, ads, sensitive, analytics, personal"),
        ('[cites]\nnever = ["P-1-2"]\n', 2, "never is unknown here; it takes closed, contract-expired"),
        ('[brand]\nstop_scope = "most"\n', 2, 'stop_scope is "law" or "all"'),
        ('[brand]\nquiet_before = "09:00"\n', 2, "quiet_before is a time"),
        ('reminder = "text"\n', 1, "write [reminder] above its keys"),
    ],
)
def test_a_broken_row_names_the_line_and_the_mend(rows, line, says):
    assert any(where == line and says in what for where, what in problems(rows))


def test_a_share_says_to_whom_and_under_which_contract():
    share = USE.replace('"text"', '"share"')

    assert "add to = and contract =" in problems(share)[0][1]
    told = " ".join(says for _, says in problems(share + 'to = "dealer"\ncontract = "dealer-2026"\n'))
    assert "add [recipients.dealer]" in told
    assert "add [contracts.dealer-2026]" in told
    assert (
        parse_text(share + 'to = "dealer"\ncontract = "dealer-2026"\n' + DEALER, HERE).uses["reminder"].to == "dealer"
    )


def test_a_carrier_is_a_service_provider():
    assert "is no service provider" in problems(USE + 'through = "dealer"\n' + DEALER)[0][1]


def test_all_problems_of_a_file_are_told_at_once():
    broken = USE.replace('"text"', '"sms"').replace('"quiet"', '"loud"').replace("true", "1")

    assert [line for line, _ in problems(broken)] == [3, 5, 8]
