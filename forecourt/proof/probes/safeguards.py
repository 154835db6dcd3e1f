"""The sentence about the safeguards: each with who answers for it, when it was tested and what shows it."""

from datetime import timedelta

from django.urls import reverse

from forecourt.proof import safeguards
from forecourt.proof.registry import CouldNotRun, mutant, probe
from forecourt.proof.safeguards import Kind, Safeguard

# P-3D-1


@probe("P-3D-1")
def each_safeguard_was_tested_in_time(world):
    """Reads the list of safeguards: there have to be physical, electronic and procedural ones, each with who answers for it, the day of
    its last test and what shows it, and none may be overdue. Then holds a made-up one, whose test ran out yesterday, against the
    day: it has to count as overdue."""
    register = safeguards.register()
    if not register:
        raise CouldNotRun("the brand has no list of safeguards")
    page = world.get(reverse("proof:safeguards"))
    if not page.is_fine:
        yield "the list of safeguards does not open"
    shown = " ".join(page.text.split()).lower()
    for line in safeguards.lines(world.now):
        one = line.safeguard
        world.look()
        if one.owner.lower() not in shown or one.says.lower().replace("'", "’") not in shown.replace("'", "’"):
            yield "a safeguard is not shown with who answers for it"
        if line.overdue:
            yield f"a safeguard is overdue ({one.slug})"
    if {one.kind for one in register} != set(Kind):
        yield "a kind of safeguard is missing"
    today = world.now.date()
    late = Safeguard(
        "made-up",
        Kind.PHYSICAL,
        "A made-up one",
        "nobody",
        tested=today - timedelta(days=9),
        until=today - timedelta(days=1),
    )
    if not safeguards.judge(late, {}, world.now).is_red:
        yield "a test that ran out counts as good"


@mutant("P-3D-1", seam="forecourt.proof.safeguards.days_overdue", finding="a test that ran out counts as good")
def tests_never_run_out(days_overdue):
    return lambda due, now: 0


@mutant("P-3D-1", seam="forecourt.proof.views.render", finding="not shown with who answers for it")
def nobody_answers(render):
    def render_without(request, template, *args, **kwargs):
        response = render(request, template, *args, **kwargs)
        if template == "proof/safeguards.html":
            for one in safeguards.register():
                owner = f"{one.owner[0].upper()}{one.owner[1:]}"
                response.content = response.content.decode().replace(owner, "").replace(one.owner, "").encode()
        return response

    return render_without
