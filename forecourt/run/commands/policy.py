"""Read, compare and check the brand's policy."""

import os
from collections.abc import Iterable
from datetime import UTC, date, datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import click

from forecourt.policy import book as books
from forecourt.policy import law, limits
from forecourt.policy.book import Change, PolicyBook, RowDifference, Words
from forecourt.policy.check import Inventory, Level, check
from forecourt.policy.policy import Policy
from forecourt.policy.problems import BrokenPack


class Day(click.ParamType):
    name = "day"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            day = date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value} is not a day; write YYYY-MM-DD", param, ctx)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)


@click.group(name="policy", help="Read, compare and check the brand's policy.")
@click.option("--folder", type=click.Path(path_type=Path), help="Where the versions lie; the brand's by default.")
@click.option("--on", type=Day(), help="Look at it as on this day.")
@click.pass_context
def command(context: click.Context, folder: Path | None, on: datetime | None) -> None:
    context.obj = folder, on


@command.command(name="check", help="Compare the policy with the code, both ways. Exits 1 where they disagree.")
@click.option("--document-only", is_flag=True, help="Do not look at the code.")
@click.pass_context
def check_command(context: click.Context, document_only: bool) -> None:
    book, now = _open(context)
    report = check(book, Inventory() if document_only else _inventory(), now)
    for finding in report.findings:
        color = "red" if finding.level is Level.ERROR else "yellow"
        click.echo(f"{finding.where}: {click.style(f'{finding.level} {finding.code}', fg=color)}: {finding.what}")
        click.echo(f"    mend: {finding.mend}")
    if report.skipped and not document_only:
        click.echo(f"not looked at, since nothing collects it: {', '.join(report.skipped)}", err=True)
    live = book.live(now)
    counts = f"{len(live[0].sentences)} sentences, {len(live[0].uses)} uses, {len(live)} versions in force or to come"
    if report.errors:
        many = "disagreement" if len(report.errors) == 1 else "disagreements"
        click.secho(f"{len(report.errors)} {many} between policy and code ({counts})", fg="red", err=True)
        context.exit(1)
    notes = f", {len(report.findings)} notes" if report.findings else ""
    click.echo(f"No disagreement found: {counts}{notes}.")


@command.command(name="access", help="Write docs/access-matrix.md: who gets to which address of the site.")
def write_access() -> None:
    _settle()
    from forecourt.environment import ROOT
    from forecourt.proof import access

    file = ROOT / "docs" / "access-matrix.md"
    file.write_text(access.matrix(), "utf-8")
    click.echo(f"{_short(file)}: {len(access.access().lists)} entries.")


@command.command(
    name="forms", help="Write docs/forms.md: what each field of each form takes, and what has to go together."
)
def write_forms() -> None:
    _settle()
    from forecourt.environment import ROOT
    from forecourt.proof import fields

    file = ROOT / "docs" / "forms.md"
    file.write_text(fields.document(), "utf-8")
    click.echo(f"{_short(file)}: {len(fields.all_forms())} forms.")


@command.command(name="show", help="The version in force (or VERSION), its sentences and its uses.")
@click.argument("version", required=False)
@click.pass_context
def show(context: click.Context, version: str | None) -> None:
    book, now = _open(context)
    policy = _version(book, version) if version else _in_force(book, now)
    click.secho(f"Version {policy.version}", bold=True)
    click.echo(f"posted {policy.posted:%Y-%m-%d}, in effect from {policy.effective:%Y-%m-%d}")
    if (coming := book.coming(now)) and not version:
        click.echo(f"{coming.version} comes on {coming.effective:%Y-%m-%d}")
    for section in policy.sections:
        sentences = [policy.sentences[run.sentence] for run in section.runs if run.sentence]
        if sentences:
            click.secho(f"\n{section.title}", bold=True)
        for sentence in sentences:
            click.echo(f"  {sentence.id:<8}{sentence.kind:<13}{sentence.text}")
    click.secho("\nUses", bold=True)
    for use in policy.uses.values():
        click.echo(f"  {use.id:<32}{use.action:<9}{use.needs:<29}{', '.join(use.rests_on)}")
    _show_limits(policy, now)


@command.command(name="diff", help="What changed from version A to version B.")
@click.argument("a")
@click.argument("b")
@click.pass_context
def diff(context: click.Context, a: str, b: str) -> None:
    book, _ = _open(context)
    changes = books.difference(_version(book, a), _version(book, b))
    for sentence in changes.sentences:
        click.secho(f"{sentence.id} {sentence.change} ({sentence.section})", bold=True)
        if sentence.was and sentence.kind and sentence.was is not sentence.kind:
            click.echo(f"  was {sentence.was}, is {sentence.kind}")
        click.echo(f"  {_woven(sentence.words)}")
    for prose in changes.prose:
        click.secho(f"{prose.section} (unmarked)", bold=True)
        click.echo(f"  {_woven(prose.words)}")
    for kind, rows in (("use", changes.uses), ("recipient", changes.recipients), ("cookie", changes.cookies)):
        _show_rows(kind, rows)
    if not any((changes.sentences, changes.prose, changes.uses, changes.recipients, changes.cookies)):
        click.echo(f"{a} and {b} say the same.")


def _show_rows(kind: str, rows: Iterable[RowDifference]) -> None:
    for row in rows:
        click.secho(f"{kind} {row.id} {row.change}", bold=True)
        click.echo(f"  {row.purpose}")
        for name, before, after in row.fields:
            click.echo(f"  {name}: {before or 'nothing'} -> {after or 'nothing'}")


def _show_limits(policy: Policy, now: datetime) -> None:
    window = limits.text_hours(policy, now)
    click.secho("\nLimits", bold=True)
    click.echo(
        f"  texts from {window.opens:%H:%M} to {window.closes:%H:%M}; STOP ends: {limits.stop_scope(policy, now)}"
    )
    for change in law.changes("stop_scope", now):
        click.echo(f"  from {change.start:%Y-%m-%d} the law says: {change.value}")


def _woven(words: Iterable[Words]) -> str:
    marks = {None: "{}", Change.ADDED: "{{+{}+}}", Change.REMOVED: "[-{}-]"}
    return " ".join(marks[stretch.change].format(stretch.text) for stretch in words)


def _open(context: click.Context) -> tuple[PolicyBook, datetime]:
    folder, on = context.obj
    if folder is None:
        from forecourt.environment import BRAND

        folder = BRAND / "policy"
    try:
        return books.load(_short(folder)), on or _now()
    except BrokenPack as error:
        for problem in error.problems:
            click.secho(str(problem), fg="red", err=True)
        raise click.exceptions.Exit(1) from None


def _in_force(book: PolicyBook, now: datetime) -> Policy:
    try:
        return book.in_force(now)
    except LookupError as error:
        raise click.ClickException(str(error)) from None


def _version(book: PolicyBook, name: str) -> Policy:
    try:
        return book.version(name)
    except LookupError as error:
        raise click.ClickException(str(error)) from None


def _short(folder: Path) -> Path:
    """Paths in messages are short enough to click on."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder


def _now() -> datetime:
    _settle()
    from forecourt.adapters import clock

    return clock.now()


def _inventory() -> Inventory:
    """What the code does, where its collectors are installed."""
    if find_spec("forecourt.proof.inventory") is None:
        return Inventory()
    _settle()
    collected: Inventory = import_module("forecourt.proof.inventory").collect()
    return collected


def _settle() -> None:
    """Django, which the rules do without: the demo's clock and the collectors need it."""
    import django
    from django.apps import apps

    from forecourt.run import secrets

    secrets.make_all()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forecourt.settings")
    if not apps.ready:
        django.setup()
