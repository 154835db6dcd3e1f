"""A page read as machines can: by axe at two sizes, by day and by night; its HTML; what sticks out at its side."""

from axe_playwright_python.sync_playwright import Axe
from justhtml import JustHTML
from playwright.sync_api import Page

from tests.browser.visitor import DESK, PHONE

# What axe counts as WCAG 2.2 A and AA, and its advice about landmarks and headings.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
COLORS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}


def faults(page: Page) -> list[str]:
    """What axe finds, at both sizes; by night once more, where only colors differ."""
    found = []
    page.evaluate(Axe().axe_script)
    for size in (PHONE, DESK):
        page.set_viewport_size(size)
        for scheme, rules in (("light", RULES), ("dark", COLORS)):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for violation in page.evaluate("options => axe.run(options)", rules)["violations"]:
                nodes = "; ".join(node["html"][:140] for node in violation["nodes"][:3])
                found.append(f"{size['width']} {scheme} {violation['id']}: {violation['help']}: {nodes}")
    page.set_viewport_size(PHONE)
    return found


def mistakes(source: str) -> list[str]:
    """Where the HTML is not what it should be, by the standard's own parser rules and a few of ours."""
    document = JustHTML(source, collect_errors=True, sanitize=False)
    found = [f"line {error.line}: {error.code}" for error in document.errors]
    ids = [element.attrs["id"] for element in document.query("[id]")]
    found += [f"id {name} twice" for name in sorted({name for name in ids if ids.count(name) > 1})]
    if len(document.query("h1")) != 1:
        found.append(f"{len(document.query('h1'))} headings of the first level")
    if not document.query("html[lang]"):
        found.append("no language")
    if len(document.query("main")) != 1:
        found.append("no main part, or several")
    if document.query("[style], style, script:not([src]):not([type='application/ld+json'])"):
        found.append("style or script inside the page")
    known = set(ids)
    for name in ("for", "aria-describedby", "aria-labelledby"):
        for element in document.query(f"[{name}]"):
            found += [
                f"{name} names {one}, which is not there" for one in element.attrs[name].split() if one not in known
            ]
    return found


def sticking_out(page: Page) -> list[str]:
    return page.evaluate(
        "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
        ".map(e => e.tagName + '.' + e.className).slice(0, 8)"
    )
