"""The policy document: what reads well, and what is refused with its line and its mend."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.policy.document import parse, parse_text
from forecourt.policy.policy import Bullets, Class, Paragraph, Run
from forecourt.policy.problems import BrokenPack

FRONT = "---\nversion: 2026-12-15\nposted: 2026-11-20\neffective: 2026-12-15\n---\n"
HERE = Path("policy.md")


def read(body):
    return parse_text(FRONT + body, HERE)


def problems(text):
    with pytest.raises(BrokenPack) as caught:
        parse_text(text, HERE)
    return [(problem.line, problem.says) for problem in caught.value.problems]


def test_a_sentence_goes_from_its_id_to_the_next_or_to_the_end_of_its_paragraph():
    document = read("## Texts\n\nHello. [P-3F-1] We ask\nfirst. [P-3F-5 observed] You\nstop us.\n\nGoodbye.\n")

    assert {id: sentence.text for id, sentence in document.sentences.items()} == {
        "P-3F-1": "We ask first.",
        "P-3F-5": "You stop us.",
    }
    assert document.sections[0].blocks == (
        Paragraph((Run("Hello."), Run("We ask first.", "P-3F-1"), Run("You stop us.", "P-3F-5"))),
        Paragraph((Run("Goodbye."),)),
    )


def test_a_sentence_knows_its_section_its_line_and_how_it_is_kept():
    sentence = read("# Privacy\n\n## Texts\n\nHello.\nThen [P-3F-7 informs] your dealer.\n").sentences["P-3F-7"]

    assert (sentence.section, sentence.line, sentence.kind) == ("Texts", 11, Class.INFORMATIVE)


@pytest.mark.parametrize(
    ("mark", "kind"),
    [
        ("[P-1-2]", Class.ENFORCED),
        ("[P-1-2 enforced]", Class.ENFORCED),
        ("[P-1-2 observed]", Class.OBSERVED),
        ("[P-1-2 attested]", Class.ATTESTED),
        ("[P-1-2 informs]", Class.INFORMATIVE),
    ],
)
def test_the_word_after_an_id_says_how_the_sentence_is_kept(mark, kind):
    assert read(f"## A\n\n{mark} So it is.\n").sentences["P-1-2"].kind is kind


def test_each_item_of_a_list_ends_the_sentence_before_it():
    section = read("## A\n\n- [P-1-2] One\n  more.\n- [P-1-3] Two.\n").sections[0]

    assert section.blocks == (Bullets(((Run("One more.", "P-1-2"),), (Run("Two.", "P-1-3"),))),)


def test_links_are_no_marks():
    assert (
        read("## A\n\n[P-1-2] See [our people](/contact/).\n").sentences["P-1-2"].text == "See [our people](/contact/)."
    )


def test_headings_get_an_address():
    sections = read("# Privacy at Wren\n\n## Who else sees it?\n\nNobody.\n").sections

    assert [(section.level, section.anchor) for section in sections] == [
        (1, "privacy-at-wren"),
        (2, "who-else-sees-it"),
    ]


@pytest.mark.parametrize(
    ("body", "line", "says"),
    [
        ("## A\n\n[P-1-2 enforcd] So.\n", 8, "'enforcd' after P-1-2 is none of enforced, observed, attested, informs"),
        ("## A\n\n[p-1-2] So.\n", 8, "[p-1-2] is no mark; write [P-3F-1]"),
        ("## A\n\n[P-1-2]\n", 8, "[P-1-2] has no sentence; write one after it or remove it"),
        ("## A\n\n[P-1-2] So.\n\n[P-1-2] So again.\n", 10, "[P-1-2] stands already in line 8; say it once"),
        ("## [P-1-2] A\n\nSo.\n", 6, "move the mark to a sentence below it"),
        ("#### A\n\nSo.\n", 6, "headings go three deep"),
        ("## A\n\nSo.\n\n## A\n\nSo.\n", 10, "a second heading 'A'"),
        ("So.\n", 6, "put a heading"),
        ("## A\n\n> So.\n", 8, "write this as one"),
        ("## A\n\n1. So.\n", 8, "write this as one"),
        ("## A\n\n<b>So.</b>\n", 8, "write this as one"),
        ("## A\n\nSo:\n- one\n", 9, "a list needs a blank line above"),
        ("## A\n\n- one\ntwo\n", 9, "indent or split it"),
        ("## A\n\n- one\n  - two\n", 9, "indent or split it"),
        ("", 5, "the policy says nothing"),
    ],
)
def test_a_broken_body_names_the_line_and_the_mend(body, line, says):
    found = problems(FRONT + body)

    assert found[0][0] == line
    assert says in found[0][1]


@pytest.mark.parametrize(
    ("front", "line", "says"),
    [
        ("", 1, "begin the file with ---"),
        ("---\nversion: 1\n", 1, "begin the file with ---"),
        ("---\nversion: 1\nposted: 2026-11-20\n---\n", 1, "effective is missing; add effective: 2026-12-15"),
        ("---\nversion: 1\nposted: 20 Nov\neffective: 2026-12-15\n---\n", 3, "write posted: YYYY-MM-DD"),
        ("---\nversion: 1\nposted: 2026-11-20\neffective: 2026-11-19\n---\n", 4, "lies before posted 2026-11-20"),
        ("---\nversion: 1\nversion: 2\nposted: 2026-11-20\neffective: 2026-11-20\n---\n", 3, "version is given twice"),
        ("---\nauthor: me\nversion: 1\nposted: 2026-11-20\neffective: 2026-11-20\n---\n", 2, "remove it"),
    ],
)
def test_a_broken_front_names_the_line_and_the_mend(front, line, says):
    found = problems(front + "## A\n\nSo.\n")

    assert (line, True) in [(where, says in what) for where, what in found]


def test_all_problems_of_a_file_are_told_at_once():
    text = FRONT.replace("2026-12-15\n---", "2026-01-01\n---") + "## A\n\n[P-1-2 never] So.\n\n[P-1-3]\n"

    assert [line for line, _ in problems(text)] == [4, 8, 10]


def test_a_problem_reads_as_file_line_and_mend():
    with pytest.raises(BrokenPack) as caught:
        parse_text(FRONT + "## A\n\n[P-1-2]\n", Path("policy/2026-12-15/policy.md"))

    assert (
        str(caught.value) == "policy/2026-12-15/policy.md:8: [P-1-2] has no sentence; write one after it or remove it"
    )


def test_a_missing_file_and_one_that_is_not_utf8_are_named(tmp_path):
    (tmp_path / "policy.md").write_bytes(FRONT.encode() + b"## A\n\nSo \xff.\n")

    with pytest.raises(BrokenPack, match=r"gone\.md:1: the file is missing"):
        parse(tmp_path / "gone.md")
    with pytest.raises(BrokenPack, match=r"policy\.md:8: this is not UTF-8"):
        parse(tmp_path / "policy.md")


# Round trip: what is written as a document reads back as it was meant.

words = st.lists(st.text("abcdefghij", min_size=1, max_size=8), min_size=1, max_size=12).map(" ".join)
ids = st.lists(st.from_regex(r"[A-Z]-[0-9]{1,2}[A-Z]?-[0-9]{1,2}", fullmatch=True), unique=True, max_size=8)


def wrapped(text, width):
    lines = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + len(word) > width:
            lines.append("")
        lines[-1] += (" " if lines[-1] else "") + word
    return lines


@given(st.data(), ids, st.integers(12, 60))
def test_what_is_written_reads_back_wherever_its_lines_break(data, ids, width):
    sentences = {id: data.draw(words) for id in ids}
    items = [f"[{id}] {text}" for id, text in sentences.items()]
    half = data.draw(st.integers(0, len(items)))
    prose = data.draw(words)
    paragraph = wrapped(" ".join([prose, *items[:half]]), width)
    bullets = ["- " + "\n  ".join(wrapped(item, width)) for item in items[half:]]

    document = read("## A\n\n" + "\n".join(paragraph) + "\n\n" + "\n".join(bullets) + "\n")

    assert {id: sentence.text for id, sentence in document.sentences.items()} == sentences
    assert next(document.sections[0].runs) == Run(prose)


@given(st.text(max_size=200))
def test_any_text_is_either_read_or_refused_with_lines_that_exist(body):
    text = FRONT + body
    problems = ()
    try:
        parse_text(text, HERE)
    except BrokenPack as error:
        problems = error.problems

    assert all(1 <= problem.line <= len(text.splitlines()) for problem in problems)
