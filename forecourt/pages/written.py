"""A file of the brand pack as a page: a few lines between two rules, then Markdown.

A quotation becomes a quote (its last line, after a dash, says whose), a list of nothing but links becomes links, and the rest
stays text.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from forecourt.pages import addresses
from forecourt.policy import problems
from forecourt.web.menu import PLACES

KNOWN = {"title", "lead", "place", "menu", "group"}
LINKS_ONLY = re.compile(r"(- \[[^\]]+\]\([^)\s]+\)\n?)+")
LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
MARKDOWN = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(["replacements", "smartquotes"])


@dataclass(frozen=True, slots=True)
class Written:
    """`menu`: other pages lead on to it. `group`: where it stands in the menu and the footer. `blocks` are (kind, value) as the page's body takes them."""

    slug: str
    title: str
    lead: str
    place: int
    menu: bool
    group: str
    blocks: tuple[tuple[str, Any], ...]


def read(path: Path) -> Written:
    """The page, or BrokenPack with what to mend."""
    source = problems.read(path)
    match source.split("---\n", 2):
        case ["", head, body]:
            pass
        case _:
            raise problems.broken(path, 1, "begin with a line ---, then title: and lead:, then a line --- again")
    said = {}
    for number, line in enumerate(head.splitlines(), 2):
        if not line.strip():
            continue
        name, colon, value = line.partition(":")
        if not colon or name.strip() not in KNOWN:
            says = f"{line!r} is none of {', '.join(sorted(KNOWN))}: write it as name: words"
            raise problems.broken(path, number, says)
        said[name.strip()] = value.strip()
    if not said.get("title"):
        raise problems.broken(path, 1, "the page has no title: write title: and a few words")
    if not said.get("place", "0").isdigit():
        says = f"place is {said['place']!r}: write a whole number, as pages stand in that order"
        raise problems.broken(path, 1, says)
    if said.get("group", "") not in ("", *PLACES):
        raise problems.broken(path, 1, f"group is {said['group']!r}: write one of {', '.join(PLACES)}, or take it out")
    refuse_unfit_links(source, path)
    return Written(
        slug=path.stem,
        title=said["title"],
        lead=said.get("lead", ""),
        place=int(said.get("place", "0")),
        menu=said.get("menu") == "yes",
        group=said.get("group", ""),
        blocks=tuple(blocks(body)),
    )


def refuse_unfit_links(source: str, path: Path) -> None:
    for link in LINK.finditer(source):
        words, address = link.groups()
        if says := addresses.objection(address):
            line = source[: link.start()].count("\n") + 1
            raise problems.broken(path, line, f"“{words}” leads to {address}: {says}")


def blocks(body: str) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    lines = body.splitlines(keepends=True)
    text = ""
    for token in MARKDOWN.parse(body):
        if token.level != 0 or token.map is None:
            continue
        source = "".join(lines[slice(*token.map)])
        made = special(token, source)
        if made is None:
            text += source + "\n"
            continue
        if text:
            found.append(("text", MARKDOWN.render(text)))
            text = ""
        found.append(made)
    return [*found, ("text", MARKDOWN.render(text))] if text else found


def special(token: Token, source: str) -> tuple[str, Any] | None:
    if token.type == "blockquote_open":
        words = " ".join(line.lstrip("> ").strip() for line in source.splitlines()).strip()
        said, _, who = words.partition("— ")
        return "quote", {"words": said.strip(), "who": who.strip()}
    if token.type == "bullet_list_open" and LINKS_ONLY.fullmatch(source.strip() + "\n"):
        return "links", [{"words": words, "address": address} for words, address in LINK.findall(source)]
    return None
