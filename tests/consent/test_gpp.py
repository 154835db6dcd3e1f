"""GPP strings, read and written as the reference encoder does (@iabgpp/cmpapi 3.2.0)."""

import json
import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from forecourt.consent.gpp import Gpp, GppError, Unread, UsCa, UsNat, decode, encode, header
from forecourt.consent.gpp.bits import ALPHABET, LARGEST, Reader, fibonacci, to_text
from forecourt.consent.gpp.plain import as_plain, from_plain
from forecourt.consent.gpp.sections import WEB_SAFE

VECTORS = Path(__file__).parents[3] / "shared" / "data" / "gpp" / "usnat_usca_vectors.json"
USNAT, USNAT_CORE = "DBABLA~CEaRapGVqWVg.QA", "CEaRapGVqWVg"

# The following strings are the reference encoder's and the specification's own.
TCF_AND_US_PRIVACY = "DBACNYA~CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA~1YNN"
MISNAMED = "DBABLA~BVQVAAAAAAGA.YA"  # fields of version 2 under the number 1, as encoders wrote until 2025


def vectors() -> list[dict]:
    if not VECTORS.exists():
        missing = (
            f"{VECTORS} is missing: 300 strings with their fields, from the project's data folder beside this one."
        )
        pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)
    return json.loads(VECTORS.read_text())


def sections(kind) -> st.SearchStrategy:
    def of(version: int) -> st.SearchStrategy:
        value = st.integers(0, 2)
        fields = {
            field.name: st.tuples(*[value] * field.count) if field.count else value
            for field in kind.layout_of(version)
            if field.name != "Version"
        }
        return st.builds(kind, Version=st.just(version), Gpc=st.sampled_from((None, True, False)), **fields)

    return st.sampled_from(sorted(kind.lists)).flatmap(of)


IDS = st.integers(1, 40) | st.integers(1, LARGEST)
UNREAD = st.builds(Unread, IDS.filter(lambda number: number not in (7, 8)), st.from_regex(WEB_SAFE, fullmatch=True))
GPPS = st.lists(UNREAD | sections(UsNat) | sections(UsCa), unique_by=lambda section: section.id, max_size=12).map(Gpp)


def test_every_vector_of_the_reference_encoder_is_read_and_written_the_same():
    for vector in vectors():
        read = decode(vector["gpp"])

        assert [(each["section"], each["fields"]) for each in as_plain(read)["sections"]] == [
            (vector["section"], vector["fields"])
        ]
        assert encode(read) == vector["gpp"]
        assert encode(from_plain(vector)) == vector["gpp"]


@given(GPPS)
def test_what_is_written_is_read_as_it_was(gpp):
    assert decode(encode(gpp)) == gpp
    assert from_plain(json.loads(json.dumps(as_plain(gpp)))) == gpp


@given(st.text() | st.text(ALPHABET + "~.=") | st.builds("DBAB{}".format, st.text(ALPHABET + "~.=")))
@example("D" * 5000)
@example("DBAB" + "_" * 5000)
def test_any_text_is_read_or_refused_in_a_sentence(text):
    assert is_read_or_refused(text)


@given(GPPS, st.data())
def test_a_string_with_one_character_changed_is_read_or_refused(gpp, data):
    text = encode(gpp)
    at = data.draw(st.integers(0, len(text) - 1))

    assert is_read_or_refused(text[:at] + data.draw(st.characters()) + text[at + 1 :])


def is_read_or_refused(text: str) -> bool:
    try:
        gpp = decode(text)
    except GppError as refused:
        return str(refused).endswith(".")
    return decode(encode(gpp)) == gpp


@given(st.integers(1, LARGEST))
def test_fibonacci_codes_end_at_their_first_two_ones(number):
    code = fibonacci(number)

    assert code.index("11") == len(code) - 2
    assert Reader(to_text(code), "It").fibonacci("a number") == number


@pytest.mark.parametrize(
    ("ids", "text"),
    [((), "DBAA"), ((2,), "DBABMA"), ((2, 6), "DBACNYA"), ((5, 6), "DBABjw"), ((7,), "DBABLA"), ((8,), "DBABBg")],
)
def test_headers_are_those_of_the_specification(ids, text):
    assert header.write(ids) == text
    assert header.read(text, len(ids)) == list(ids)


def test_a_run_of_ids_may_also_come_one_by_one():
    apart = to_text("000011000001000000000010" + "0" + fibonacci(7) + "0" + fibonacci(1))

    assert header.read(apart, 2) == [7, 8]
    assert header.read(header.write([7, 8]), 2) == [7, 8]
    assert len(header.write([7, 8])) <= len(apart)


def test_sections_that_we_do_not_read_are_kept_as_they_came():
    gpp = decode(TCF_AND_US_PRIVACY)

    assert [(section.id, section.text) for section in gpp.sections] == [
        (2, "CPXxRfAPXxRfAAfKABENB-CgAAAAAAAAAAYgAAAAAAAA"),
        (6, "1YNN"),
    ]
    assert encode(gpp) == TCF_AND_US_PRIVACY


def test_both_sections_stand_in_one_string_in_the_order_of_their_ids():
    usnat, usca = decode(USNAT).usnat, decode("DBABBg~BkKAACSg.YA").usca

    gpp = Gpp([Unread(21, "BAAA"), usca, Unread(6, "1YNN"), usnat])

    assert [section.id for section in gpp.sections] == [6, 7, 8, 21]
    assert decode(encode(gpp)) == gpp
    assert (gpp.usnat, gpp.usca) == (usnat, usca)


def test_the_gpc_subsection_is_there_or_not():
    assert decode(USNAT).usnat.Gpc is False
    assert decode(f"DBABLA~{USNAT_CORE}.YA").usnat.Gpc is True
    assert decode(f"DBABLA~{USNAT_CORE}").usnat.Gpc is None
    assert encode(decode(f"DBABLA~{USNAT_CORE}")) == f"DBABLA~{USNAT_CORE}"


@pytest.mark.parametrize(
    "text", ["DBABL~CEaRapGVqWVg.QA", f"DBABLA==~{USNAT_CORE}==.QA==", f"DBABLAAA~{USNAT_CORE}AAAA.Q"]
)
def test_padding_by_signs_or_by_zeros_changes_nothing(text):
    assert encode(decode(text)) == USNAT


def test_version_1_has_fewer_values():
    first = Gpp([UsNat(**vars(decode(MISNAMED).usnat))])

    assert len(first.usnat.SensitiveDataProcessing) == 12
    assert len(first.usnat.KnownChildSensitiveDataConsents) == 2
    assert encode(first) == "DBABLA~BVQVAAAABgA.YA"
    assert decode("DBABLA~BVQVAAAABg.YA") == decode("DBABLA~BVQVAAAABgAA.YA") == first


def test_fields_of_version_2_under_the_number_1_are_read_where_they_stand():
    usnat = decode(MISNAMED).usnat

    assert (usnat.Version, usnat.PersonalDataConsents, usnat.MspaCoveredTransaction) == (1, 1, 2)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "The header is empty"),
        ("~", "The header is empty"),
        ("D", "The header ends before its version: bit 12 is needed, 6 are there"),
        ("DBA", "The header ends before the count of section ids"),
        ("CPXxRfAPXxRfAAfKABENB", "The header has type 2, and a GPP string's is 3"),
        ("DCABLA~B", "The header has version 2, and 1 is known"),
        ("DBABL A~B", "The header has ' ' as its character 6"),
        ("DBABLA", "The header names more sections than follow it, 0 in all"),
        (USNAT + "~BAAA", "The header names section ids 7, 1 in all, and what follows it is 2"),
        ("DBABAAA~B", "The header ends within item 1 of its section ids, which begins at bit 26"),
        ("DBAB" + "A" * 20 + "D~B", "The header has a number over 75024"),
        ("DBABL_~B", "The header goes on after the list of section ids, its last field: bit 31 is not zero"),
        ("DBABLA~", "Section usnat is empty"),
        ("DBABLA~.QA", "Section usnat is empty"),
        ("DBABLA~CEaRap", "Section usnat ends before SensitiveDataProcessing: bit 38 is needed, 36 are there"),
        ("DBABLA~CEaRap!VqWVg.QA", "Section usnat has '!' as its character 7"),
        ("DBABLA~====", "Section usnat has '=' as its character 1"),
        ("DBABLA~DEaRapGVqWVg.QA", "usnat.Version is 3, and 1 and 2 can be read"),
        ("DBABBg~CkKAACSg.YA", "usca.Version is 2, and 1 can be read"),
        ("DBABLA~C_aRapGVqWVg.QA", "usnat.SharingNotice has 3; its values are whole numbers from 0 to 2"),
        (f"DBABLA~{USNAT_CORE}B.QA", "Section usnat goes on after MspaServiceProviderMode, its last field: bit 78"),
        (f"DBABLA~{USNAT_CORE}.", "The GPC subsection of usnat is empty"),
        (f"DBABLA~{USNAT_CORE}.AA", "The GPC subsection of usnat has type 0, and GPC's is 1"),
        (f"DBABLA~{USNAT_CORE}.QB", "The GPC subsection of usnat goes on after Gpc"),
        (f"DBABLA~{USNAT_CORE}.QA.QA", "Section usnat has 2 subsections after its core"),
        ("DBABMA~", "Section 2 is ''"),
        ("DBABMA~a b", "Section 2 is 'a b'"),
    ],
)
def test_what_is_wrong_is_said_and_where(text, said):
    with pytest.raises(GppError) as refused:
        decode(text)

    assert said in str(refused.value)


def test_a_header_that_names_a_million_sections_is_refused_at_once():
    runs = "".join("1" + fibonacci(1) + fibonacci(70_000) for _ in range(14))

    with pytest.raises(GppError, match="more sections than follow"):
        decode(to_text(f"{3:06b}{1:06b}{14:012b}{runs}") + "~A")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"SaleOptOut": 3}, "usca.SaleOptOut has 3"),
        ({"SaleOptOut": True}, "usca.SaleOptOut has True"),
        ({"SaleOptOut": 1.0}, "usca.SaleOptOut has 1.0"),
        ({"SaleOptOut": None}, "usca.SaleOptOut has None"),
        ({"SensitiveDataProcessing": [0] * 16}, "version 1 has 9 values there"),
        ({"SensitiveDataProcessing": 1}, "usca.SensitiveDataProcessing is 1"),
        ({"KnownChildSensitiveDataConsents": [0, "1"]}, "usca.KnownChildSensitiveDataConsents has '1'"),
        ({"Gpc": 1}, "usca.Gpc is 1"),
        ({"Version": 2}, "usca.Version is 2, and 1 can be read"),
        ({"SharingNotice": 1}, "usca version 1 has no field 'SharingNotice'"),
    ],
)
def test_fields_that_cannot_be_written_are_named(change, said):
    fields = as_plain(decode("DBABBg~BkKAACSg.YA"))["sections"][0]["fields"]

    with pytest.raises(GppError) as refused:
        from_plain({"section": "usca", "fields": fields | change})

    assert said in str(refused.value)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([], "What is to be encoded is []"),
        ({"sections": 1}, "sections is 1, and must be a list"),
        ({"sections": [1]}, "Each section is 1"),
        ({"section": "usxx", "fields": {}}, "section is 'usxx'; write usnat or usca"),
        ({"section": "usnat"}, "usnat.fields is None"),
        ({"section": "usnat", "id": 8, "fields": {}}, "usnat.id is 8, and usnat is section 7"),
        ({"section": "usnat", "fields": {}}, "usnat.SharingNotice is missing"),
        (
            {"section": "usnat", "version": 1, "fields": {"Version": 2}},
            "usnat.Version is 2 among the fields, and 1 beside",
        ),
        ({"id": 7, "text": "B"}, "Section id 7 cannot be kept unread"),
        ({"id": 6, "text": "1YNN~"}, "Section 6 is '1YNN~'"),
        ({"sections": [{"id": 6, "text": "1YNN"}] * 2}, "Section 6 is there twice"),
    ],
)
def test_json_that_is_no_gpp_is_refused_in_a_sentence(value, said):
    with pytest.raises(GppError) as refused:
        from_plain(value)

    assert said in str(refused.value)


def test_the_terms_of_the_code_are_fibonacci_numbers():
    from forecourt.consent.gpp.bits import TERMS

    assert TERMS[:6] == [1, 2, 3, 5, 8, 13]
    assert all(next_one < 2 * one + 1 for one, next_one in pairwise(TERMS))
