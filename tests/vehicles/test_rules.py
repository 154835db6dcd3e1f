"""The diagram beside brute force and a SAT solver, on small made-up problems and on a real maker's rules."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from forecourt.environment import ROOT
from forecourt.vehicles.rules import compiler, xcsp
from forecourt.vehicles.rules.diagram import BadDiagram, Diagram, Unknown
from forecourt.vehicles.rules.oracle import Oracle
from forecourt.vehicles.rules.problem import BadProblem, Clause, Literal, Problem, Table, Variable

DATA = ROOT.parent / "shared" / "data" / "configuration"
REAL = DATA / "medium_domainsorted.xml"
absent = pytest.mark.skipif(not REAL.is_file(), reason=f"{REAL} is not here, and may not be kept in here")


@some.composite
def problems(draw):
    sizes = draw(some.lists(some.integers(1, 4), min_size=1, max_size=5))
    variables = tuple(Variable(f"v{at}", tuple("abcd"[:size])) for at, size in enumerate(sizes))
    constraints = draw(some.lists(clauses(variables) | tables(variables), max_size=5))
    return Problem(variables, tuple(constraints))


@some.composite
def clauses(draw, variables):
    picked = draw(some.lists(some.sampled_from(variables), min_size=1, max_size=3))
    literals = [Literal(each.name, draw(some.sampled_from(each.values)), draw(some.booleans())) for each in picked]
    return Clause(tuple(literals), f"rule {draw(some.integers(0, 3))}")


@some.composite
def tables(draw, variables):
    scope = draw(some.lists(some.sampled_from(variables), min_size=1, max_size=3, unique=True))
    row = some.tuples(*(some.sampled_from(each.values) for each in scope))
    rows = draw(some.lists(row, max_size=6, unique=True))
    names = tuple(each.name for each in scope)
    return Table(names, tuple(rows), f"rule {draw(some.integers(4, 7))}", draw(some.booleans()))


@some.composite
def choices(draw, problem):
    chosen = draw(some.lists(some.sampled_from(problem.variables), max_size=3, unique=True))
    return {variable.name: draw(some.sampled_from(variable.values)) for variable in chosen}


questions = problems().flatmap(lambda problem: some.tuples(some.just(problem), choices(problem)))


def agrees(solution, choice):
    return all(solution[name] == value for name, value in choice.items())


@given(questions)
@settings(max_examples=200, deadline=None)
def test_what_can_be_had_is_what_some_solution_has(asked):
    problem, chosen = asked
    diagram = compiler.compile(problem)
    solutions = list(problem.solutions())

    assert diagram.count() == len(solutions)
    expected = {
        name: {
            solution[name]
            for solution in solutions
            if agrees(solution, {other: value for other, value in chosen.items() if other != name})
        }
        for name in problem.values
    }
    assert diagram.possible(chosen) == expected
    with Oracle(problem) as oracle:
        assert oracle.possible(chosen) == expected


@given(questions)
@settings(max_examples=150, deadline=None)
def test_the_smallest_change_is_the_smallest(asked):
    problem, wanted = asked
    diagram = compiler.compile(problem)
    fitting = [solution for solution in problem.solutions() if agrees(solution, wanted)]
    keep = {variable.name: variable.values[0] for variable in problem.variables}

    found = diagram.nearest(wanted, keep)

    if not fitting:
        assert found is None
        assert diagram.complete(wanted) is None
        return
    assert found in fitting
    assert diagram.complete(wanted) in fitting

    def changes(solution):
        return sum(solution[name] != value for name, value in keep.items() if name not in wanted)

    assert changes(found) == min(map(changes, fitting))


@given(problems())
@settings(max_examples=150, deadline=None)
def test_a_diagram_survives_its_bytes_and_judges_each_choice_as_the_rules_do(problem):
    diagram = Diagram.from_bytes(compiler.compile(problem).to_bytes())

    allowed = [choice for choice in every_choice(problem) if diagram.allows(choice)]

    assert allowed == list(problem.solutions())


def every_choice(problem):
    return Problem(problem.variables, ()).solutions()


@given(questions)
@settings(max_examples=150, deadline=None)
def test_a_reason_holds_and_nothing_in_it_can_be_left_out(asked):
    problem, chosen = asked
    with Oracle(problem) as oracle:
        for name, values in problem.values.items():
            for value in values:
                why = oracle.why_not(chosen, {name: value})
                others = {other: its for other, its in chosen.items() if other != name}
                assert (why is None) == oracle.can({**others, name: value})
                if why:
                    forbids(problem, why.rules, {**why.choices, name: value})
                    for rule in why.rules:
                        allows(problem, set(why.rules) - {rule}, {**why.choices, name: value})
                    for left_out in why.choices:
                        rest = {other: its for other, its in why.choices.items() if other != left_out}
                        allows(problem, why.rules, {**rest, name: value})


def some_solution(problem, rules, choice):
    kept = tuple(constraint for constraint in problem.constraints if constraint.because in rules)
    return any(agrees(solution, choice) for solution in Problem(problem.variables, kept).solutions())


def forbids(problem, rules, choice):
    assert not some_solution(problem, rules, choice)


def allows(problem, rules, choice):
    assert some_solution(problem, rules, choice)


@given(problems(), some.data())
@settings(max_examples=200, deadline=None)
def test_changed_bytes_are_refused_or_are_another_whole_diagram(problem, data):
    whole = bytearray(compiler.compile(problem).to_bytes())
    at = data.draw(some.integers(0, len(whole) - 1))
    whole[at] = data.draw(some.integers(0, 255))
    cut = whole[: data.draw(some.integers(0, len(whole)))]

    for damaged in (bytes(whole), bytes(cut)):
        try:
            found = Diagram.from_bytes(damaged)
        except BadDiagram:
            continue
        assert found.count() >= 0
        assert found.possible({})


def test_a_choice_that_the_rules_do_not_know_is_said_to_be_unknown():
    diagram = compiler.compile(Problem((Variable("roof", ("black", "white")),), ()))

    with pytest.raises(Unknown, match="roof is not chosen"):
        diagram.allows({})
    with pytest.raises(Unknown, match="the rules know no pink"):
        diagram.possible({"roof": "pink"})


@pytest.mark.parametrize(
    ("constraint", "says"),
    [
        (Clause((Literal("boot", "red"),), "r1"), "r1 speaks of boot, which is no variable"),
        (Clause((Literal("roof", "red"),), "r1"), "r1 speaks of roof = red, which it cannot be"),
        (Table(("roof",), (("black", "white"),), "r2"), "r2 has a row that is not 1 values long"),
        (Table(("roof", "roof"), (("black", "white"),), "r2"), "r2 names a variable twice"),
    ],
)
def test_a_problem_that_contradicts_its_own_variables_is_refused(constraint, says):
    with pytest.raises(BadProblem, match=says):
        Problem((Variable("roof", ("black", "white")),), (constraint,))


@absent
def test_a_real_makers_rules_have_the_published_number_of_solutions_and_accept_every_sale():
    problem = xcsp.read(REAL)
    diagram = compiler.compile(problem)

    assert diagram.count() == 278_744
    sales = list(xcsp.sales(DATA / "config_medium_filtered.txt", problem))
    assert len(sales) == 8_252
    sold = {tuple(sale.items()) for sale in sales}
    assert all(diagram.complete(dict(sale)) is not None for sale in sold)


@absent
def test_each_step_of_a_walk_through_a_real_makers_rules_is_the_solvers():
    problem = xcsp.read(REAL)
    diagram = compiler.compile(problem)
    dice = random.Random(7)
    chosen = {}
    with Oracle(problem) as oracle:
        while still_open := [
            (name, sorted(values))
            for name, values in diagram.possible(chosen).items()
            if name not in chosen and len(values) > 1
        ]:
            assert diagram.possible(chosen) == oracle.possible(chosen)
            name, values = dice.choice(still_open)
            chosen[name] = dice.choice(values)


INSTANCE = """<instance>
<domains nbDomains="1"><domain name="D" nbValues="3">0 1..2</domain></domains>
<variables nbVariables="2"><variable name="a" domain="D"/><variable name="b" domain="D"/></variables>
<relations nbRelations="1"><relation name="R" arity="2" nbTuples="2" semantics="conflicts">0 0|1 1</relation></relations>
<constraints nbConstraints="1"><constraint name="c" arity="2" scope="a b" reference="R"/></constraints>
</instance>
"""


def test_an_instance_with_conflicts_and_a_range_is_read(tmp_path):
    path = tmp_path / "small.xml"
    path.write_text(INSTANCE)

    assert compiler.compile(xcsp.read(path)).count() == 7


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            'semantics="conflicts"',
            'semantics="soft"',
            ":4: semantics is “soft”: only “supports” and “conflicts” are known",
        ),
        ('nbTuples="2"', 'nbTuples="3"', ":4: nbTuples says 3 and there are 2: the file may be cut off"),
        ('reference="R"', 'reference="S"', ":5: reference “S” is not defined in this file"),
        ("0 0|1 1", "0 9|1 1", "c speaks of b = 9, which it cannot be"),
        ('scope="a b"', 'scope="a"', "c has a row that is not 1 values long"),
        ("</instance>", "", "Give an XCSP 2.1 file"),
        ("0 1..2", "0 1..x", ":2: “1..x” is no range: write two whole numbers"),
        ("0 1..2", "0 9..1", ":2: “9..1” is no range"),
        ("0 1..2", "0 1..999999999", ":2: “1..999999999” is no range"),
        ("0 1..2", "0 1 1 2", "a needs at least one value, and each once"),
        ("0 1..2", "", "a needs at least one value"),
        (INSTANCE, "", "Give an XCSP 2.1 file"),
        (INSTANCE, "<instance/>", "there is no variable"),
        (INSTANCE, "\x00\x01", "Give an XCSP 2.1 file"),
        (INSTANCE, '<!DOCTYPE a [<!ENTITY b "c">]><instance>&b;</instance>', "there is no variable"),
        ('<variable name="a" domain="D"/><variable name="b" domain="D"/>', "", "there is no variable"),
    ],
)
def test_a_broken_instance_is_refused_with_its_line(tmp_path, old, new, says):
    path = tmp_path / "broken.xml"
    path.write_text(INSTANCE.replace(old, new))

    with pytest.raises(xcsp.BadInstance) as refused:
        xcsp.read(path)
    assert says in str(refused.value)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("a c\n0 1\n", ":1: the first line names variables of the instance; c is none"),
        ("", ":1: the first line names variables of the instance; nothing is none"),
        ("a b\n0\n", ":2: 1 values under 2 names"),
        ("a b\n0 1\n\n0 7\n", ":4: b cannot be 7"),
    ],
)
def test_broken_sales_are_refused_with_their_line(tmp_path, lines, says):
    instance, sales = tmp_path / "small.xml", tmp_path / "sales.txt"
    instance.write_text(INSTANCE)
    sales.write_text(lines)

    with pytest.raises(xcsp.BadInstance) as refused:
        list(xcsp.sales(sales, xcsp.read(instance)))
    assert says in str(refused.value)


def test_sales_that_are_no_text_are_refused(tmp_path):
    instance, sales = tmp_path / "small.xml", tmp_path / "sales.txt"
    instance.write_text(INSTANCE)
    sales.write_bytes(b"a b\n\xff\xfe\n")

    with pytest.raises(xcsp.BadInstance, match="this is no text"):
        list(xcsp.sales(sales, xcsp.read(instance)))
