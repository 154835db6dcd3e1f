"""The versions of a policy: which is in force, what comes, and what changed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecourt.policy.book import Change, compare_words, load
from forecourt.policy.policy import Class
from forecourt.policy.problems import BrokenPack

USE = '[{id}]\npurpose = "tell you"\naction = "email"\nneeds = "request of this interaction"\nrests_on = ["P-1-2"]\nkeep = "{keep}"\n'


def write(folder, version, posted, effective, body, uses=""):
    place = folder / version
    place.mkdir(parents=True)
    front = f"---\nversion: {version}\nposted: {posted}\neffective: {effective}\n---\n"
    (place / "policy.md").write_text(front + body)
    (place / "uses.toml").write_text(uses)


@pytest.fixture
def folder(tmp_path):
    spring = USE.format(id="news", keep="a year") + USE.format(id="gossip", keep="a day")
    autumn = USE.format(id="news", keep="a month") + USE.format(id="thanks", keep="a day")
    write(
        tmp_path, "spring", "2026-03-01", "2026-04-01", "## A\n\nHi.\n\n[P-1-2] We tell you all. [P-1-3] Yes.\n", spring
    )
    write(
        tmp_path,
        "autumn",
        "2026-09-01",
        "2026-10-01",
        "## A\n\nHello.\n\n[P-1-2] We tell you nearly all. [P-1-4] New.\n",
        autumn,
    )
    return tmp_path


def day(month, date):
    return datetime(2026, month, date, tzinfo=UTC)


def test_a_version_is_in_force_from_its_day_until_the_next_ones(folder):
    book = load(folder)

    assert book.in_force(day(4, 1)).version == "spring"
    assert book.in_force(day(10, 1) - timedelta(microseconds=1)).version == "spring"
    assert book.in_force(day(10, 1)).version == "autumn"


def test_before_the_first_version_nothing_is_in_force(folder):
    with pytest.raises(LookupError, match=r"no version .* is in force at 2026-03-31; the first is spring"):
        load(folder).in_force(day(3, 31))


def test_a_version_is_coming_once_it_is_posted(folder):
    book = load(folder)

    assert book.coming(day(8, 31)) is None
    assert book.coming(day(9, 1)).version == "autumn"
    assert book.coming(day(10, 1)) is None


def test_the_version_in_force_knows_what_a_coming_one_adds(folder):
    book = load(folder)

    assert book.in_force(day(9, 1)).awaited == {"thanks": day(10, 1)}
    assert book.in_force(day(10, 1)).awaited == {}


def test_every_version_stays_readable_by_name(folder):
    book = load(folder)

    assert [policy.version for policy in book.versions] == ["spring", "autumn"]
    assert book.version("spring").sentences["P-1-3"].text == "Yes."
    with pytest.raises(LookupError, match="no version 'winter'; there are spring, autumn"):
        book.version("winter")


def test_the_difference_is_told_sentence_by_sentence_and_word_by_word(folder):
    found = {one.id: one for one in load(folder).diff("spring", "autumn").sentences}

    assert {id: one.change for id, one in found.items()} == {
        "P-1-2": Change.CHANGED,
        "P-1-3": Change.REMOVED,
        "P-1-4": Change.ADDED,
    }
    assert [(words.text, words.change) for words in found["P-1-2"].words] == [
        ("We tell you", None),
        ("nearly", Change.ADDED),
        ("all.", None),
    ]


def test_the_difference_tells_uses_and_unmarked_prose_too(folder):
    found = load(folder).diff("spring", "autumn")

    assert {use.id: use.change for use in found.uses} == {
        "news": Change.CHANGED,
        "thanks": Change.ADDED,
        "gossip": Change.REMOVED,
    }
    assert found.uses[0].fields == (("keep", "a year", "a month"),)
    assert [(prose.section, prose.words[0].text) for prose in found.prose] == [("A", "Hi.")]


def test_a_sentence_that_is_no_longer_enforced_is_a_difference(tmp_path):
    write(tmp_path, "a", "2026-01-01", "2026-01-01", "## A\n\n[P-1-2] So.\n")
    write(tmp_path, "b", "2026-01-01", "2026-02-01", "## A\n\n[P-1-2 informs] So.\n")

    (found,) = load(tmp_path).diff("a", "b").sentences
    assert (found.change, found.was, found.kind) == (Change.CHANGED, Class.ENFORCED, Class.INFORMATIVE)


def test_a_version_compared_with_itself_says_the_same(folder):
    found = load(folder).diff("spring", "spring")

    assert [found.sentences, found.prose, found.uses, found.recipients, found.cookies] == [()] * 5


@given(st.lists(st.sampled_from("abcde")), st.lists(st.sampled_from("abcde")))
def test_the_words_kept_and_added_make_the_new_text_and_kept_and_removed_the_old(old, new):
    woven = compare_words(" ".join(old), " ".join(new))

    assert " ".join(words.text for words in woven if words.change is not Change.REMOVED) == " ".join(new)
    assert " ".join(words.text for words in woven if words.change is not Change.ADDED) == " ".join(old)


def broken(folder):
    with pytest.raises(BrokenPack) as caught:
        load(folder)
    return str(caught.value)


def test_a_use_resting_on_an_unwritten_sentence_is_refused(tmp_path):
    write(tmp_path, "a", "2026-01-01", "2026-01-01", "## A\n\n[P-9-9] So.\n", USE.format(id="news", keep="a day"))

    assert f"{tmp_path}/a/uses.toml:5: [news] rests_on names P-1-2, which the document lacks; write [P-1-2]" in broken(
        tmp_path
    )


@pytest.mark.parametrize(
    "rows",
    [
        '[[never]]\npromise = "P-1-3"\naction = "share"\n',
        '[cites]\nfrozen = ["P-1-3"]\n',
        '[cookies.c]\nsetter = "w"\npurpose = "p"\nlifetime = 1\ncategory = "user.device.cookie"\nreason = "keeps what you chose"\npath = "/"\nrests_on = ["P-1-3"]\n',
    ],
)
def test_so_is_any_other_row_that_names_one(tmp_path, rows):
    write(tmp_path, "a", "2026-01-01", "2026-01-01", "## A\n\n[P-1-2] So.\n", rows)

    assert "names P-1-3, which the document lacks" in broken(tmp_path)


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ('action = "email"', 'action = "shout"', "action"),
        ('keep = "a day"', "kept = 1", "kept"),
        ('rests_on = ["P-1-2"]', 'rests_on = ["P-1-2", "S-99", 3]', "rests_on is a list of texts"),
    ],
)
def test_a_use_resting_on_an_unwritten_sentence_is_told_beside_whatever_else_is_wrong(tmp_path, right, wrong, says):
    use = USE.format(id="news", keep="a day")
    assert right in use
    write(tmp_path, "a", "2026-01-01", "2026-01-01", "## A\n\n[P-9-9] So.\n", use.replace(right, wrong))

    told = broken(tmp_path)
    assert "[news] rests_on names P-1-2, which the document lacks" in told
    assert says in told
    assert len(told.splitlines()) >= 2


def test_both_files_of_a_version_and_all_versions_are_judged_at_once(tmp_path):
    write(tmp_path, "a", "2026-01-01", "2025-01-01", "## A\n\n[P-1-2] So.\n", "[news]\n")
    write(tmp_path, "b", "2026-01-01", "2026-01-02", "## A\n\n[P-1-2]\n")

    text = broken(tmp_path)
    assert all(part in text for part in ("a/policy.md:4", "a/uses.toml:1", "b/policy.md:8"))


def test_a_version_bears_the_name_of_its_folder(tmp_path):
    write(tmp_path, "a", "2026-01-01", "2026-01-01", "## A\n\n[P-1-2] So.\n")
    (tmp_path / "a").rename(tmp_path / "z")

    assert "version a lies in the folder z; give both the same name" in broken(tmp_path)


def test_two_versions_cannot_begin_on_the_same_day(tmp_path):
    write(tmp_path, "a", "2026-01-01", "2026-01-01", "## A\n\n[P-1-2] So.\n")
    write(tmp_path, "b", "2026-01-01", "2026-01-01", "## A\n\n[P-1-2] So.\n")

    assert "a takes effect on the same day" in broken(tmp_path)


def test_an_empty_or_missing_folder_is_refused(tmp_path):
    assert "no version here; add one" in broken(tmp_path)
    assert "the folder is missing" in broken(tmp_path / "gone")


def test_a_version_without_uses_toml_is_refused(tmp_path):
    write(tmp_path, "a", "2026-01-01", "2026-01-01", "## A\n\n[P-1-2] So.\n")
    (tmp_path / "a" / "uses.toml").unlink()

    assert "uses.toml:1: the file is missing; add it" in broken(tmp_path)
