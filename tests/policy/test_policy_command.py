"""forecourt policy, as one types it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from forecourt.run.commands.policy import command

WREN = Path(__file__).parents[2] / "brands" / "wren" / "policy"


def run(*words, folder=WREN):
    return CliRunner().invoke(command, ["--folder", str(folder), "--on", "2026-11-22", *words])


@pytest.fixture
def broken(tmp_path):
    place = tmp_path / "2026-10-15"
    place.mkdir()
    document = (WREN / "2026-10-15" / "policy.md").read_text()
    (place / "policy.md").write_text(document.replace("[P-3F-5]", "[P-3F-5 alwyas]"))
    (place / "uses.toml").write_text((WREN / "2026-10-15" / "uses.toml").read_text())
    return tmp_path


def test_check_is_content_with_wrens_policy():
    result = run("check", "--document-only")

    assert result.exit_code == 0
    assert "No disagreement found" in result.output


def test_check_names_the_file_the_line_and_the_mend_of_a_broken_policy(broken):
    result = run("check", "--document-only", folder=broken)

    assert result.exit_code == 1
    assert f"{broken}/2026-10-15/policy.md:" in result.output
    assert "'alwyas' after P-3F-5 is none of enforced, observed, attested, informs; use one" in result.output


def test_check_fails_on_a_disagreement_and_says_how_to_mend_it(tmp_path):
    place = tmp_path / "2026-10-15"
    place.mkdir()
    for name in ("policy.md", "uses.toml"):
        (place / name).write_text(
            (WREN / "2026-10-15" / name).read_text().replace('"stop of this contact"', '"nothing"')
        )

    result = run("check", "--document-only", folder=tmp_path)
    assert result.exit_code == 1
    assert "error unasked: stop-confirmation-text reaches somebody and needs nothing" in result.output
    assert "mend: give it a needs =" in result.output


def test_show_prints_sentences_uses_and_what_is_to_come():
    output = run("show").output

    assert "Version 2026-10-15" in output
    assert "2026-12-15 comes on 2026-12-15" in output
    assert "P-3F-5" in output
    assert "from 2027-01-31 the law says: all" in output


def test_show_takes_a_version_and_refuses_an_unknown_one():
    assert "Version 2026-12-15" in run("show", "2026-12-15").output

    result = run("show", "2026-13-01")
    assert result.exit_code == 1
    assert "there are 2026-10-15, 2026-12-15" in result.output


def test_diff_weaves_the_words_of_both_versions():
    output = run("diff", "2026-10-15", "2026-12-15").output

    assert "[-eight-] {+nine+} in the morning" in output
    assert "use test-drive-thanks-email added" in output
    assert run("diff", "2026-10-15", "2026-10-15").output == "2026-10-15 and 2026-10-15 say the same.\n"


def test_a_day_that_is_none_is_refused():
    assert "write YYYY-MM-DD" in CliRunner().invoke(command, ["--on", "soon", "show"]).output
