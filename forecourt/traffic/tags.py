"""The tags of ad networks: each is put into a page by permission, in the very request in which the choice is known.

Nothing about a person stands in a tag's address: the kind of page, the car on it, and, where this browser has said yes and
so has a cookie to be known by, the name that this one network has for it.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode, urljoin, urlsplit

from django.http import HttpRequest

from forecourt.adapters import origins
from forecourt.consent import policies
from forecourt.consent.choices import Choices
from forecourt.consent.gpp import of_choices, page
from forecourt.consent.judge import judge
from forecourt.people import browsers, pseudonyms
from forecourt.policy.decide import Refused
from forecourt.policy.policy import Action, Policy, Use
from forecourt.policy.reasons import Reason
from forecourt.traffic import counts
from forecourt.traffic.places import Place, place_of

SECTIONS = (7, 8)  # of the GPP string: the national one and California's


@dataclass(frozen=True, slots=True)
class Tag:
    """`script` for browsers that run scripts, `picture` for the others; `host` is all that the page's rules let in for it."""

    use: str
    script: str
    picture: str
    host: str


@dataclass(frozen=True, slots=True)
class Tags:
    """What stands in one page. `gpp` are the attributes by which partners read the choice."""

    tags: tuple[Tag, ...]
    gpp: dict[str, str]

    @property
    def hosts(self) -> frozenset[str]:
        return frozenset(tag.host for tag in self.tags)


NONE = Tags((), {})


def of_page(request: HttpRequest) -> Tags:
    """The tags that may stand in this page now. From then on `request.tags` has the page's rules let their hosts in."""
    place = place_of(request)
    if place is None or not place.may_have_tags:
        return NONE
    policy = policies.in_force(request.now)
    uses = allowed(request.choices, policy, request.now)
    count(request.choices, policy, uses, request.now)
    if not uses:
        return NONE
    said = gpp(request.choices)
    token = request.COOKIES.get(browsers.COOKIE, "")
    tags = tuple(make(use, place, token, said) for use in uses)
    request.tags, request.made_for_one = Tags(tags, page.attributes(said, SECTIONS)), True
    return request.tags


def allowed(choices: Choices, policy: Policy, now: datetime) -> tuple[Use, ...]:
    return tuple(use for use in tag_uses(policy) if judge(policy, use.id, choices, now, recipient=use.to).allowed)


def tag_uses(policy: Policy) -> list[Use]:
    return [use for use in policy.uses.values() if use.action is Action.TAG]


def count(choices: Choices, policy: Policy, uses: tuple[Use, ...], now: datetime) -> None:
    """How often, by reason, and never who. Somebody who has said nothing is not even counted."""
    for use in tag_uses(policy):
        if use in uses:
            counts.add(use.id, "allowed", now)
            continue
        decision = judge(policy, use.id, choices, now, recipient=use.to)
        if isinstance(decision, Refused) and decision.reason is not Reason.NOT_CHOSEN:
            counts.add(use.id, decision.reason, now)


def make(use: Use, place: Place, token: str, said: str) -> Tag:
    src = origins.address(use.src)
    told = {"page": place.kind}
    if place.model:
        told["model"] = place.model
    if token:
        told["as"] = pseudonyms.of(token, use.to)
    # A picture asks nobody, so what was chosen travels with it, by the names that the GPP specification gives them.
    with_choice = {**told, "gpp": said, "gpp_sid": ",".join(map(str, SECTIONS))}
    return Tag(
        use=use.id,
        script=f"{src}?{urlencode(told)}",
        picture=f"{urljoin(src, 'p.gif')}?{urlencode(with_choice)}",
        host=origins.origin(urlsplit(use.src).netloc),
    )


def gpp(choices: Choices) -> str:
    return of_choices.string(
        said_no=frozenset(map(str, choices.said_no)),
        said_yes=frozenset(map(str, choices.said_yes)),
        gpc=choices.signal,
        sold_or_shared=True,
        age=str(choices.age),
    )
