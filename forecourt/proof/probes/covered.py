"""Whether the way to the policy can be seen and pressed, and not only stands in the page."""

from collections.abc import Iterator

from forecourt.proof import window
from forecourt.proof.registry import mutant, probe
from forecourt.web import style

PAGES = ("/", "/models/", "/dealers/", "/test-drive/", "/contact/")
SIZES = ((390, 844), (1440, 900))

# What lies where the link is, at its middle and near its corners, when somebody has scrolled to it.
AT_THE_LINK = """() => {
    const link = [...document.querySelectorAll('footer a')].find(a => a.pathname === '/privacy/');
    if (!link) return 'missing';
    if (!link.checkVisibility({opacityProperty: true, visibilityProperty: true})) return 'invisible';
    link.scrollIntoView({block: 'nearest'});
    const box = link.getBoundingClientRect();
    if (box.width < 8 || box.height < 8) return 'invisible';
    const at = (x, y) => document.elementFromPoint(box.left + box.width * x, box.top + box.height * y);
    const points = [[.5, .5], [.1, .3], [.9, .3], [.1, .7], [.9, .7]];
    return points.every(([x, y]) => link.contains(at(x, y))) ? 'free' : 'covered';
}"""
SAYS = {
    "missing": "the foot of a page has no link to the policy",
    "invisible": "the link to the policy at the foot of a page cannot be seen",
    "covered": "something lies on top of the link to the policy",
}


@probe("S-37")
def the_policy_link_can_be_pressed(world) -> Iterator[str]:
    """Draws pages in a real browser at the size of a phone and of a desk, goes to the link to this policy at their foot, and looks
    what lies where a finger would press: it has to be the link itself."""
    with window.opened() as browser:
        for width, height in SIZES:
            with browser.at(width, height) as look:
                for path in PAGES:
                    found = look(path).evaluate(AT_THE_LINK)
                    world.look()
                    if found in SAYS:
                        yield SAYS[found]


COVER = """
.site-footer nav{position:relative}
.site-footer nav::after{content:"Subscribe and save!";position:absolute;inset:-.5rem;display:grid;place-items:center;
background:var(--accent);color:#161616;font-weight:600;text-align:center}
"""


@mutant("S-37", seam="forecourt.web.style.assets", finding="something lies on top of the link to the policy")
def policy_link_is_covered(assets):
    def with_a_banner():
        made = assets()
        sheet = made["site.css"]
        return {**made, "site.css": style.asset(sheet.name, sheet.body + COVER.encode())}

    return with_a_banner


@mutant(
    "S-37", seam="forecourt.web.style.assets", finding="the link to the policy at the foot of a page cannot be seen"
)
def policy_link_is_invisible(assets):
    def faded():
        made = assets()
        sheet = made["site.css"]
        return {**made, "site.css": style.asset(sheet.name, sheet.body + b".site-footer nav a{opacity:0}")}

    return faded
