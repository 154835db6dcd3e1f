"""The engine in the page, beside the server's: the same bytes, the same answers."""

import base64
import random

import pytest

from forecourt.environment import ROOT
from forecourt.vehicles.rules import compiler
from forecourt.vehicles.rules.problem import Clause, Literal, Problem, Variable

pytestmark = pytest.mark.browser

ENGINE = (ROOT / "forecourt" / "web" / "static" / "web" / "rules.js").read_bytes()
ASK = """async ([source, data, choices]) => {
    const { Rules } = await import(source);
    const rules = new Rules(Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0)).buffer);
    return choices.map(([chosen, wanted]) => {
        for (const name of rules.names) rules.choose(name, chosen[name] ?? null);
        return [rules.possible(), rules.nearest(wanted, chosen)];
    });
}"""


def made_up(dice):
    variables = tuple(Variable(f"v{at}", tuple("abcde"[: dice.randint(1, 5)])) for at in range(9))

    def literal():
        variable = dice.choice(variables)
        return Literal(variable.name, dice.choice(variable.values), dice.random() < 0.5)

    return Problem(variables, tuple(Clause((literal(), literal(), literal()), f"r{at}") for at in range(10)))


def chosen_in(problem, dice):
    return {v.name: dice.choice(v.values) for v in dice.sample(problem.variables, dice.randint(0, 5))}


def test_the_page_answers_as_the_server_does(chromium):
    blank = chromium.new_page()  # our own pages would not let such a script in
    dice = random.Random(41)
    for _ in range(12):
        problem = made_up(dice)
        diagram = compiler.compile(problem)
        asked = [(chosen_in(problem, dice), chosen_in(problem, dice)) for _ in range(20)]
        data = base64.b64encode(diagram.to_bytes()).decode()
        source = "data:text/javascript;base64," + base64.b64encode(ENGINE).decode()
        found = blank.evaluate(ASK, [source, data, asked])

        for (chosen, wanted), (possible, nearest) in zip(asked, found, strict=True):
            assert {name: frozenset(values) for name, values in possible.items()} == diagram.possible(chosen)
            assert nearest == diagram.nearest(wanted, chosen)
