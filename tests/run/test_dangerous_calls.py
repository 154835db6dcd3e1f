"""What no line of ours may do: run text as code, start a shell, wake objects out of bytes, let XML reach for files."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from forecourt.environment import ROOT

CODE = [file for file in (ROOT / "forecourt").rglob("*.py") if "migrations" not in file.parts]
LIBRARIES = {"leaflet.js", "htmx.js", "htmx.min.js"}
MINIFIED = {"topojson-client.js"}
OURS = [script for script in (ROOT / "forecourt").rglob("static/**/*.js") if script.name not in LIBRARIES]
RUNS_TEXT = {"eval", "exec", "compile"}
WAKES_OBJECTS = {"pickle", "marshal", "shelve", "dill", "yaml"}
# Of tables, columns and settings, which parameters cannot carry.
OUR_NAMES = {"APPLICATION", "CHANNEL", "FROM_LEDGER", "columns", "partition", "pragma", "setting", "table"}
# Numbers of these can be foretold: good for trials of our own, never for what nobody may guess.
FORETOLD = {"random"}
TRIALS = ("proof/probes/", "run/commands/")


def calls(file: Path) -> Iterator[ast.Call]:
    return (node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call))


def words(call: ast.Call) -> dict[str | None, str]:
    return {word.arg: ast.unparse(word.value) for word in call.keywords}


def imports(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").partition(".")[0])
    return found


def test_no_text_is_run_as_code():
    assert [
        f"{file}:{call.lineno}"
        for file in CODE
        for call in calls(file)
        if isinstance(call.func, ast.Name) and call.func.id in RUNS_TEXT
    ] == []


def test_no_program_is_started_through_a_shell():
    assert [
        f"{file}:{call.lineno}"
        for file in CODE
        for call in calls(file)
        if any(word.arg == "shell" for word in call.keywords) or ast.unparse(call.func) in ("os.system", "os.popen")
    ] == []


def test_no_question_to_the_database_is_put_together_from_values():
    asked = [
        (file, call.args[0])
        for file in CODE
        for call in calls(file)
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("execute", "executemany", "raw") and call.args
    ]

    assert len(asked) > 50
    assert [f"{file}: {ast.unparse(words)}" for file, words in asked if holds_values(words)] == []


def holds_values(words: ast.expr) -> bool:
    if isinstance(words, ast.JoinedStr):
        parts = [part.value for part in words.values if isinstance(part, ast.FormattedValue)]
        return not {ast.unparse(part) for part in parts} <= OUR_NAMES
    if isinstance(words, ast.BinOp):
        return isinstance(words.op, ast.Mod)
    said = ast.unparse(words)
    return ".format(" in said and not said.startswith("sql.SQL(")


def test_no_object_is_made_out_of_bytes_that_may_be_anybodys():
    assert {str(file): imports(file) & WAKES_OBJECTS for file in CODE if imports(file) & WAKES_OBJECTS} == {}


def test_what_nobody_may_guess_never_comes_from_numbers_that_can_be_foretold():
    assert [
        str(file) for file in CODE if imports(file) & FORETOLD and not any(trial in str(file) for trial in TRIALS)
    ] == []


def test_every_parser_of_xml_that_we_set_up_reaches_for_nothing():
    parsers = [call for file in CODE for call in calls(file) if ast.unparse(call.func) == "etree.XMLParser"]

    assert parsers
    assert all({"resolve_entities": "False", "no_network": "True"}.items() <= words(call).items() for call in parsers)


def test_no_template_is_made_of_text_that_came_from_outside():
    assert [
        f"{file}:{call.lineno}"
        for file in CODE
        for call in calls(file)
        if ast.unparse(call.func).rpartition(".")[2] in ("Template", "from_string", "render_from_string")
        and not ast.unparse(call).startswith("Template(path.read_text(")  # a drawing of the brand pack
    ] == []


def test_whoever_answers_us_sends_us_nowhere_else():
    clients = [
        call
        for file in CODE
        for call in calls(file)
        if ast.unparse(call.func).startswith(("httpx.Client", "httpx.get"))
    ]

    assert clients
    assert all({"follow_redirects": "False"}.items() <= words(call).items() for call in clients)


def test_every_token_is_drawn_from_96_bits_or_more():
    """96 for a message's link, which has to fit into a text; what proofs and the demo's network call their rows is no secret."""
    secret = [file for file in CODE if not {"proof", "murmur"} & set(file.parts)]
    drawn = [call for file in secret for call in calls(file) if ast.unparse(call.func).startswith("secrets.token_")]

    assert drawn
    assert [
        ast.unparse(call)
        for call in drawn
        if call.args and isinstance(call.args[0], ast.Constant) and call.args[0].value < 12
    ] == []


def test_html_gets_into_a_page_by_script_from_our_own_server_alone():
    lines = [line for script in OURS for line in script.read_text().splitlines()]
    made = [line for line in lines if any(way in line for way in ("innerHTML", "outerHTML", "insertAdjacentHTML"))]

    assert made
    assert [line for line in made if not line.rstrip().endswith("innerHTML = await answer.text();")] == []


def test_no_script_of_ours_runs_text_or_keeps_anything_in_the_browser():
    forbidden = (
        "eval(",
        "new Function",
        "document.write",
        "localStorage",
        "sessionStorage",
        "indexedDB",
        "document.cookie",
    )

    assert OURS
    assert [(script.name, word) for script in OURS for word in forbidden if word in script.read_text()] == []


WRITES = re.compile(
    r"([\w.]+(?:\[[\w.]+\])*)\[(?![\"'\d])((?:[^\[\]]|\[[^\]]*\])+)\]\s*(?:=(?![=>])|\+=|-=|\?\?=|\|\|=)"
)
# Where a name or a place is put in by a variable: places in lists of numbers, words that stand in the script, and names of the
# brand pack's options, which are small letters, digits and hyphens.
LOOKED_AT = {
    "gpp.js": {"status[name]"},
    "passkeys.js": {"found.response[name]"},
    "rules.js": {
        "this.chosen[at][level]",
        "this.answers[part]",
        "alive[end]",
        "alive[node]",
        "best[end]",
        "answer[base + value[edge]]",
        "reached[child[edge]]",
        "found[this.names[place]]",
    },
}


def test_no_name_that_came_from_elsewhere_reaches_into_every_object():
    """What is found by a name lies in a Map or a list; nothing is copied into an object by names that were sent."""
    for script in OURS:
        text = script.read_text()
        if script.name in MINIFIED:
            continue
        written = {f"{place}[{name}]" for place, name in WRITES.findall(text)}
        assert written <= LOOKED_AT.get(script.name, set()), script.name
        assert not re.search(r"__proto__|\bfor \((const|let|var) \w+ in |\bsetPrototypeOf\b|\.prototype\[", text), (
            script.name
        )
        assert all("document.createElement" in line for line in text.splitlines() if "Object.assign" in line), (
            script.name
        )
