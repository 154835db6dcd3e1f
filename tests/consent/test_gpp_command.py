"""`forecourt gpp`, as somebody types it."""

import json
import subprocess
import sys

from click.testing import CliRunner

from forecourt.run.commands.gpp import command

GPP = "DBABLA~CEaRapGVqWVg.QA"


def ask(*arguments, given=None):
    return subprocess.run(
        [sys.executable, "-c", "from forecourt.run.cli import main; main()", "gpp", *arguments],
        input=given,
        capture_output=True,
        text=True,
    )


def test_a_string_is_shown_as_json_and_written_again_from_it():
    shown = ask("decode", f" {GPP}\n")
    section = json.loads(shown.stdout)["sections"][0]

    assert (section["section"], section["id"], section["version"]) == ("usnat", 7, 2)
    assert section["fields"]["SensitiveDataProcessing"] == [1, 2, 2, 2, 2, 1, 0, 1, 2, 1, 1, 1, 2, 2, 2, 1]
    assert ask("encode", given=shown.stdout).stdout == f"{GPP}\n"


def test_a_file_is_written_as_a_string(tmp_path):
    file = tmp_path / "choices.json"
    file.write_text(CliRunner().invoke(command, ["decode", GPP]).output)

    assert CliRunner().invoke(command, ["encode", str(file)]).output == f"{GPP}\n"


def test_what_cannot_be_read_is_told_in_one_sentence():
    told = ask("decode", "DBABLA~CEaRap")

    assert (told.returncode, told.stdout) == (1, "")
    assert told.stderr == "Section usnat ends before SensitiveDataProcessing: bit 38 is needed, 36 are there.\n"


def test_what_cannot_be_written_is_told_by_its_field():
    told = ask("encode", given='{"section": "usca", "fields": {"Sale": 1}}')

    assert told.returncode == 1
    assert told.stderr.startswith("usca version 1 has no field 'Sale'; it has SaleOptOutNotice, ")


def test_what_is_no_json_is_told_without_a_traceback():
    for given in ("", "{", "[" * 100_000):
        told = ask("encode", given=given)

        assert told.returncode == 1
        assert told.stderr.startswith("<stdin> is no JSON: ")
        assert told.stderr.count("\n") == 1
