"""The command line: `forecourt` finds its commands in `commands/`, and turns foreseen trouble into a sentence."""

import ast
import sys
from importlib import import_module
from pathlib import Path

import click

from forecourt.trouble import Trouble

COMMANDS = Path(__file__).parent / "commands"


class Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(file.stem.replace("_", "-") for file in COMMANDS.glob("[!_]*.py"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        return in_full(import_module(f"forecourt.run.commands.{cmd_name.replace('-', '_')}").command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, first_line(name)) for name in self.list_commands(ctx)])


def in_full(command: click.Command) -> click.Command:
    """A group lists each of its commands with a whole first sentence, which click would cut off."""
    for one in command.commands.values() if isinstance(command, click.Group) else ():
        one.short_help = " ".join((one.help or "").split()).partition(". ")[0].removesuffix(".") + "."
    return command


def first_line(name: str) -> str:
    source = (COMMANDS / f"{name.replace('-', '_')}.py").read_text()
    return (ast.get_docstring(ast.parse(source)) or "").partition("\n")[0]


@click.group(cls=Commands)
def forecourt() -> None:
    """The customer site of a vehicle brand, with its privacy policy built in and checked."""


def main() -> None:
    try:
        forecourt.main(prog_name="forecourt")
    except Trouble as problem:
        sys.exit(str(problem))
