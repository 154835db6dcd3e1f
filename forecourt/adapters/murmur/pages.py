"""The demo network's two faces: what it knows, for whoever plays with the demo, and a site that shows its ads."""

import sqlite3
from collections.abc import Sequence
from html import escape

STYLE = """
:root { color-scheme: light dark; --ink: #1c1b22; --paper: #fff; --quiet: #5d5b6b; --rule: #d8d6e2; --sign: #5a32c8; }
@media (prefers-color-scheme: dark) { :root { --ink: #eceaf4; --paper: #15141a; --quiet: #a5a2b5; --rule: #34323f; --sign: #b7a2ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: break-word; }
main { max-width: 62rem; margin: 0 auto; padding: 2rem 1rem 4rem; }
h1 { font-size: 1.9rem; line-height: 1.15; margin: 0 0 .5rem; } h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; }
p { max-width: 44rem; } .quiet { color: var(--quiet); } a { color: var(--sign); }
.scroll { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .4rem 1rem .4rem 0; border-bottom: 1px solid var(--rule); white-space: nowrap; }
code { font: .9em ui-monospace, monospace; } button { font: inherit; min-height: 44px; padding: 0 1rem; }
iframe { border: 1px solid var(--rule); width: 100%; max-width: 40rem; height: 9rem; }
.ad { margin: 0; padding: 1.25rem; height: 9rem; display: grid; align-content: center; gap: .25rem; }
.ad strong { font-size: 1.3rem; }
"""
ABOUT = {
    "audience": "joined an audience",
    "removals": "left every audience",
    "events": "did something",
    "notices": "said no, so forget them",
    "erasures": "somebody was erased",
}


def view(found: dict[str, list[sqlite3.Row]], site: str, news: str) -> str:
    sightings = [
        (code(row["browser"][:10]), code(row["name"][:10]), row["page"], row["model"], row["site"], clock(row["at"]))
        for row in found["sighting"]
    ]
    members = [(short(row["who"]), clock(row["joined"]), clock(row["left"] or "")) for row in found["member"]]
    told = [
        (
            short(row["who"]),
            f"{ABOUT[row['kind']]}{': ' if row['event'] else ''}{escape(row['event'])}",
            code(row["id"]),
            clock(row["at"]),
        )
        for row in found["told"]
    ]
    return page(
        "What Murmur Ads knows",
        f"""
<h1>What Murmur Ads knows</h1>
<p>This is an ad network, played by the demo. Here stands all that has reached it from <a href="{escape(site)}/">the car maker's
site</a>: nothing at all, until somebody there says yes to sale and to ads. Then look at <a href="{escape(news)}/">another site</a>,
which shows Murmur's ads.</p>
<h2>Browsers that its tag saw</h2>
{table(("Its cookie", "Their name for it", "Page", "Car", "From", "When (UTC)"), sightings, "It has seen nobody.")}
<h2>Its audience of people to follow</h2>
{table(("Who", "Joined", "Left"), members, "Nobody is in it.")}
<h2>What the car maker's machines told it</h2>
{table(("Who", "What", "Acknowledged as", "When (UTC)"), told, "They told it nothing.")}
<h2>Begin again</h2>
<form method="post" action="/forgetting/"><p><button>Make it forget everything</button></p></form>""",
    )


def choices() -> str:
    return page(
        "Your choices with Murmur Ads",
        """<h1>Your choices with Murmur Ads</h1>
<p>Press the button, and Murmur forgets this browser and takes its cookie away.</p>
<form method="post" action="/choices/"><p><button>Forget this browser</button></p></form>""",
    )


def news(ad: str) -> str:
    return page(
        "The Daily Puddle",
        f"""<h1>The Daily Puddle</h1>
<p class="quiet">A paper that does not exist, and that has nothing to do with the car maker. The box below is an ad of Murmur's.</p>
<h2>Ducks approve of new pond</h2>
<p>Residents of the park greeted its reopening on Saturday with what observers called restrained enthusiasm. The bread was
declined.</p>
<iframe src="{escape(ad)}" title="Advertisement"></iframe>
<p class="quiet">Load this page again after each choice that you make on the car maker's site. A private window refuses
Murmur's cookie by itself, so use an ordinary one.</p>""",
    )


def ad(seen: sqlite3.Row | None, site: str) -> str:
    if seen is None:
        body = "<strong>Buy umbrellas.</strong><span>An ad that anybody gets: Murmur does not know this browser.</span>"
    else:
        car = f"models/{escape(seen['model'])}/" if seen["model"] else "models/"
        name = escape(seen["model"].capitalize() or "small car")
        body = (
            f"<strong>Wren. Still thinking about the {name}?</strong><span>Murmur knew this browser again by its cookie. "
            f'<a href="{escape(site)}/{car}" target="_blank" rel="noopener">Back to the cars</a></span>'
        )
    return page("Advertisement", f'<p class="ad">{body}</p>', frame=True)


def page(title: str, body: str, *, frame: bool = False) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f'<link rel="icon" href="data:,"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head><body>"
        f"{body if frame else f'<main>{body}</main>'}</body></html>"
    )


def table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], empty: str) -> str:
    if not rows:
        return f'<p class="quiet">{empty}</p>'
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def short(who: str) -> str:
    """By what it knows somebody, and the beginning of that."""
    by, _, name = who.partition(" ")
    return f"{escape(by)} {code(name[:10])}"


def code(text: str) -> str:
    return f"<code>{escape(text)}…</code>" if text else ""


def clock(moment: str) -> str:
    return escape(moment[11:19])
