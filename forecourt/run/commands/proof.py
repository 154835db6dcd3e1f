"""Check what the policy promises, and whether the checks would notice a failure."""

import json
import logging
import multiprocessing
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from multiprocessing.connection import wait
from pathlib import Path
from typing import Any

import click
from psycopg import sql

from forecourt import environment
from forecourt.run import beside, database, scratch, secrets
from forecourt.run.ready import leave, ready

COLORS = {"green": "green", "red": "red", "grey": "yellow", "caught": "green", "survived": "red", "not tried": "red"}
AT_ONCE = 2
PATIENCE = 120


@click.group(name="proof")
def command() -> None:
    """Check what the policy promises, and whether the checks would notice a failure."""


@command.command()
@click.argument("promises", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="The same for machines.")
@click.option("--scratch", "in_a_copy", is_flag=True, help="In a copy of everything that is gone afterwards.")
@click.pass_context
def run(context: click.Context, promises: tuple[str, ...], as_json: bool, in_a_copy: bool) -> None:
    """Run the checks of these promises, or all. Exits 1 where one found a failure, 2 where one could not run."""
    with a_copy_of_everything() if in_a_copy else as_it_runs():
        from forecourt.proof import runner

        refuse_unknown(promises)
        results = runner.run(promises, tell=lambda checked: None if as_json else tell(checked))
        if as_json:
            click.echo(json.dumps([as_row(checked) for checked in results], indent=2))
        outcomes = [str(checked.outcome) for checked in results]
        if not as_json:
            count = {name: outcomes.count(name) for name in ("green", "red", "grey")}
            click.echo(
                f"\n{len(outcomes)} checks: {count['green']} found no failure, {count['red']} found one, {count['grey']} could not run."
            )
    context.exit(1 if "red" in outcomes else 2 if "grey" in outcomes else 0)


@command.command(name="list")
def list_command() -> None:
    """Every promise with its checks and in how many ways they are put to the test."""
    with ready():
        from forecourt.proof import registry

        for probe in registry.probes():
            ways = len(registry.mutants([probe.promise]))
            click.echo(f"{probe.promise:<8}{probe.name:<44}{ways} mutants")


@command.command()
@click.argument("promises", nargs=-1)
@click.option("--json", "as_json", is_flag=True, help="The same for machines.")
@click.pass_context
def mutants(context: click.Context, promises: tuple[str, ...], as_json: bool) -> None:
    """Run the checks, then break each named place in a copy and see whether its check notices. Exits 1 when any check fails or cannot
    run, or any mutant survives."""
    with a_copy_of_everything() as base:
        from forecourt.adapters import clock
        from forecourt.consent import policies
        from forecourt.proof import mutants as broken
        from forecourt.proof import registry

        refuse_unknown(promises)
        hush()
        before = broken.untouched(
            promises or policies.in_force(clock.now()).sentences, lambda checked: None if as_json else tell(checked)
        )
        # A database can be copied only while nobody is connected, and a process with threads should not fork.
        leave()
        trials = []
        for trial in each_in_its_own_process(base, registry.mutants(promises), before):
            trials.append(trial)
            if not as_json:
                tell_trial(trial)
    failed = [checked for checked in before.values() if checked.outcome != "green"]
    missed = [trial for trial in trials if trial.fate != "caught"]
    if as_json:
        click.echo(json.dumps([asdict(trial) for trial in trials], indent=2))
    else:
        click.echo()
        for checked in failed:
            tell(checked)
        for trial in missed:
            tell_trial(trial)
        click.echo(
            f"{len(before)} checks: {len(before) - len(failed)} found no failure, {len(failed)} did or could not run. "
            f"{len(trials)} mutants: {len(trials) - len(missed)} caught, {len(missed)} not."
        )
    context.exit(1 if failed or missed else 0)


@command.command()
@click.option("--all", "everything", is_flag=True, help="From the beginning, not from the last audit on.")
@click.pass_context
def audit(context: click.Context, everything: bool) -> None:
    """Judge every permit again from the ledger itself, in SQL. Exits 1 where the two disagree."""
    with ready():
        from forecourt.proof import audits

        report = audits.audit() if everything else audits.audit_new()
        for finding in report.findings:
            click.echo(f"{click.style(finding.what, fg='red'):<28} {finding.row}  {finding.use}  {finding.says}")
        click.echo(
            f"{report.permits:,} permits, {report.messages:,} messages and {report.leads:,} leads judged again in "
            f"{report.took:.1f} s: {len(report.findings)} findings."
        )
        findings = report.findings
    context.exit(1 if findings else 0)


def refuse_unknown(promises: tuple[str, ...]) -> None:
    from forecourt.proof import registry

    if unknown := sorted(set(promises) - {probe.promise for probe in registry.probes()}):
        raise click.UsageError(f"no check of {', '.join(unknown)}; `forecourt proof list` names them all")


def hush() -> None:
    """Mutants break things on purpose: what that writes into the log is nobody's news. Checks that read the log hear it still."""
    for handler in logging.getLogger().handlers:
        handler.setLevel(logging.CRITICAL)


def tell(checked) -> None:
    from forecourt.consent import policies

    sentence = policies.in_force(checked.at).sentences.get(checked.probe.promise)
    outcome = click.style(f"{checked.outcome!s:<6}", fg=COLORS[str(checked.outcome)])
    name = checked.probe.name.replace("_", " ")
    click.echo(
        f"{checked.probe.promise:<8}{sentence.kind if sentence else '':<10}{outcome}{checked.looked_at:>5}  "
        f"{checked.took:>5.2f} s  {name}{': ' + checked.finding if checked.finding else ''}"
    )


def tell_trial(trial) -> None:
    fate = click.style(f"{trial.fate!s:<10}", fg=COLORS[str(trial.fate)])
    click.echo(f"{fate}{trial.took:>5.1f} s  {trial.mutant:<52} {trial.says}")


def as_row(checked) -> dict:
    return {
        "promise": checked.probe.promise,
        "check": checked.probe.name,
        "outcome": str(checked.outcome),
        "looked_at": checked.looked_at,
        "finding": checked.finding,
        "took": round(checked.took, 3),
        "at": checked.at.isoformat(),
    }


def each_in_its_own_process(base: str, mutants: list, before: dict) -> Iterator:
    """Two at a time, each forked from here, with a copy of the base of its own. One that dies is told as not tried."""
    from forecourt.proof.mutants import Fate, Trial

    fork = multiprocessing.get_context("fork")
    waiting = list(enumerate(mutants))
    running: dict[Any, tuple] = {}
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            number, mutant = waiting.pop(0)
            receiving, tells = fork.Pipe(duplex=False)
            child = fork.Process(target=one_mutant, args=(base, number, mutant, before, tells))
            child.start()
            tells.close()
            running[receiving] = (child, mutant, time.monotonic() + PATIENCE)
        for hears in list(wait(list(running), timeout=1)):
            child, mutant, _ = running.pop(hears)
            try:
                trial = hears.recv()  # type: ignore[union-attr, call-arg]
            except EOFError:
                trial = Trial(mutant.id, mutant.seam, Fate.NOT_TRIED, "its process ended without a word", 0.0)
            child.join()
            yield trial
        for hears, (child, mutant, until) in list(running.items()):
            if time.monotonic() > until:
                running.pop(hears)
                child.kill()
                child.join()
                yield Trial(mutant.id, mutant.seam, Fate.NOT_TRIED, f"no answer within {PATIENCE} s", PATIENCE)


def one_mutant(base: str, number: int, mutant, before: dict, tells) -> None:
    from forecourt.proof import mutants

    with copy_of(base, number) as copy:
        use(copy)
        trial = mutants.try_out(mutant, before)
        leave()
    tells.send(trial)


@contextmanager
def copy_of(base: str, number: int) -> Iterator[str]:
    name = f"scratch_{os.getpid()}_{number}"
    with database.connect("owner", "postgres") as owner:
        owner.execute("SELECT pg_advisory_lock(%s)", [scratch.LOCK])
        owner.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(base)))
    try:
        yield name
    finally:
        scratch.drop(name)


def use(name: str) -> None:
    from django.db import connections

    leave()
    os.environ["FORECOURT_DATABASE"] = name
    connections["default"].settings_dict["NAME"] = name


def load_brand() -> None:
    from forecourt.adapters import clock
    from forecourt.run import load_brand

    load_brand.load(clock.now(), say=lambda line: None)


@contextmanager
def a_copy_of_everything() -> Iterator[str]:
    """A database with the brand in it and keys of its own, all gone afterwards."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "forecourt.settings")
    secrets.make_all()
    from django.conf import settings

    # Pages are looked at before anything was collected for serving them.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
    logging.disable(logging.WARNING)
    with ready(scratch=True) as name, own_secrets():
        load_brand()
        yield name


@contextmanager
def own_secrets() -> Iterator[None]:
    """Keys that are made in a scratch copy go with it, and no real signature stands under what it found."""
    from django.conf import settings

    before = settings.SECRETS, settings.VAR
    folder = Path(tempfile.mkdtemp(prefix="forecourt-proof-"))
    shutil.copytree(before[0], folder / "secrets", ignore=shutil.ignore_patterns("*.sqlite*"))
    settings.SECRETS, settings.VAR = folder / "secrets", folder
    try:
        yield
    finally:
        settings.SECRETS, settings.VAR = before
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def as_it_runs() -> Iterator[None]:
    beside.join()
    with ready():
        if environment.DEMO:
            from forecourt.run.tour import breaks

            breaks.install()  # what the tour broke is broken for everybody
        yield
