"""Tags and filters for every page: components, drawings, and times, distances and money in the reader's form."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import phonenumbers
from django import forms, template
from django.conf import settings
from django.contrib.humanize.templatetags.humanize import apnumber
from django.forms import BoundField
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from forecourt.adapters import clock
from forecourt.web import brand as brands
from forecourt.web import menu as menus
from forecourt.web import outside, style
from forecourt.web.icons import drawn
from forecourt.web.marks import Bar, Day

register = template.Library()
NBSP = "\u00a0"


@register.simple_tag
def brand() -> brands.Brand:
    return brands.brand()


@register.simple_tag
def in_demo() -> bool:
    return settings.DEMO


@register.simple_tag
def year() -> int:
    return clock.now().year


@register.simple_tag
def stylesheet(name: str = "site") -> SafeString:
    """The page's stylesheet, and the display face early, so that headings do not jump."""
    font = style.assets()[style.theme().font["file"]]
    return format_html(
        '<link rel="preload" href="{}" as="font" type="font/woff2" crossorigin><link rel="stylesheet" href="{}">',
        font.href,
        style.assets()[f"{name}.css"].href,
    )


@register.simple_tag
def favicon() -> SafeString:
    mark = style.assets()[style.theme().mark]
    return format_html('<link rel="icon" href="{}" type="{}">', mark.href, mark.kind)


@register.simple_tag
def theme_colors() -> SafeString:
    look = style.theme()
    return format_html(
        '<meta name="theme-color" content="{}" media="(prefers-color-scheme: light)">'
        '<meta name="theme-color" content="{}" media="(prefers-color-scheme: dark)">',
        look.light["paper"],
        look.dark["paper"],
    )


@register.simple_tag
def brand_mark() -> SafeString:
    """The brand's own drawing, inline, in the color of the text around it."""
    look = style.theme()
    drawn = (
        (look.folder / look.mark).read_text("utf-8").replace(f'fill="{look.light["sign"]}"', 'fill="currentColor"', 1)
    )
    drawn = drawn.replace("<svg ", '<svg class="brand-mark" aria-hidden="true" focusable="false" ', 1)
    return mark_safe(drawn)  # noqa: S308 (a file of the brand pack)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A small drawing. Without a label it is decoration, and screen readers pass over it."""
    return drawn(name, label)


@register.simple_block_tag
def external(content: SafeString, address: str, css: str = "") -> SafeString:
    """A link that may lead away: `{% external address %}words{% endexternal %}`. One of ours comes out unmarked."""
    return outside.link(address, content, css)


@register.filter
def links_marked(source: object) -> SafeString:
    """Finished HTML whose links away are to be marked: `{{ value|richtext|links_marked }}`."""
    return outside.marked(str(source))


@register.simple_tag(takes_context=True)
def menu(context: template.Context, *names: str) -> list[menus.Group]:
    """The named groups of the site's menu, or all. A page about something broken includes it with `broken`."""
    request = context.get("request")
    if request is None or context.get("broken"):
        return menus.groups(menus.all_links(broken=True), names)
    if not hasattr(request, "menu_links"):
        request.menu_links = tuple(menus.all_links())
    return menus.groups(request.menu_links, names, request.path)


@register.simple_tag
def car(line, view: str = "side", paint: str = "", label: str = "", place: str = "") -> SafeString:
    """A model line's own drawing in the given paint; hand it what `vehicles.catalogue` gives. Where a page shows the same one
    twice, `place` tells them apart."""
    return line.draw(view=view, paint=paint, label=label, place=place)


KINDS = (
    (forms.HiddenInput, "hidden"),
    (forms.Textarea, "textarea"),
    (forms.CheckboxSelectMultiple, "choices"),
    (forms.RadioSelect, "choices"),
    (forms.Select, "select"),
    (forms.CheckboxInput, "choice"),
)


@register.simple_tag
def field(bound: BoundField, hint: str = "", **attrs: str) -> SafeString:
    """A form field as our component: label, hint, error, control. Extra words become the control's attributes:
    `{% field form.zip autocomplete="postal-code" %}` (write an underscore for a hyphen)."""
    widget = bound.field.widget
    kind = next((kind for made_by, kind in KINDS if isinstance(widget, made_by)), "text")
    hint = hint or str(bound.help_text)
    named = bound.auto_id or bound.html_name
    described = " ".join(
        made
        for made, shown in ((f"{named}-hint", hint), (f"{named}-error", bound.errors))
        if shown and kind != "hidden"
    )
    given: dict[str, str | bool] = {name.replace("_", "-"): value for name, value in attrs.items()}
    if described and kind != "choices":
        given["aria-describedby"] = described
    if bound.errors and kind != "choices":
        given["aria-invalid"] = "true"
    context = {
        "field": bound,
        "kind": kind,
        "hint": hint,
        "named": named,
        "described": described,
        "optional": not bound.field.required and kind not in ("choice", "choices", "hidden"),
        "control": None if kind == "choices" else bound.as_widget(attrs=given),
    }
    return render_to_string(f"web/{'choice' if kind in ('choice', 'choices') else 'field'}.html", context)


@register.inclusion_tag("web/strip.html")
def strip(bars: Iterable[Bar]) -> dict[str, object]:
    """Days as small bars: short ones passed, a tall split one failed, a dot did not run. Said in words as well."""
    bars = tuple(bars)
    drawn = {Day.PASSED: "M{x} 10v14", Day.FAILED: "M{x} 0v15M{x} 18v6", Day.NOT_RUN: "M{x} 22v2"}
    paths = dict.fromkeys(Day, "")
    for place, bar in enumerate(bars):
        paths[bar.state] += drawn[bar.state].format(x=place * 4 + 2)
    counted = Counter(bar.state for bar in bars)
    return {
        "width": len(bars) * 4,
        "bars": bars,
        "passed": paths[Day.PASSED],
        "failed": paths[Day.FAILED],
        "not_run": paths[Day.NOT_RUN],
        "counts": {day.name.lower(): counted[day] for day in Day},
        "failures": [bar.day for bar in bars if bar.state is Day.FAILED],
    }


def in_zone(moment: datetime, zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(zone))


def time_of(moment: datetime) -> str:
    """9 am, 10:30 am, noon: as opening hours and bookable times are written."""
    if (moment.hour, moment.minute) == (12, 0):
        return "noon"
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{moment.hour % 12 or 12}{minutes}{NBSP}{'am' if moment.hour < 12 else 'pm'}"


@register.filter
def local(moment: datetime, zone: str) -> str:
    """Saturday 10:30 am, in that zone."""
    here = in_zone(moment, zone)
    return f"{here:%A} {time_of(here)}"


@register.filter
def local_time(moment: datetime, zone: str) -> str:
    """10:30 am, in that zone."""
    return time_of(in_zone(moment, zone))


@register.filter
def local_full(moment: datetime, zone: str) -> str:
    """Saturday, November 28, 2026, 10:30 am, in that zone."""
    here = in_zone(moment, zone)
    return f"{here:%A, %B}{NBSP}{here.day}, {here.year}, {time_of(here)}"


@register.filter
def local_zone(moment: datetime, zone: str) -> str:
    """The zone's short name on that day: EST, PDT."""
    return in_zone(moment, zone).tzname() or zone


@register.filter
def day(moment: date | datetime, zone: str = "UTC") -> str:
    """Saturday, November 28."""
    here = in_zone(moment, zone) if isinstance(moment, datetime) else moment
    return f"{here:%A, %B}{NBSP}{here.day}"


@register.filter
def short_day(moment: date | datetime, zone: str = "UTC") -> str:
    """Nov 28, 2026."""
    here = in_zone(moment, zone) if isinstance(moment, datetime) else moment
    return f"{here:%b}{NBSP}{here.day}, {here.year}"


@register.filter
def at(moment: datetime, zone: str = "UTC") -> str:
    """14:02: the machine's own hour, for checks and logs."""
    return f"{in_zone(moment, zone):%H:%M}"


@register.filter
def miles(distance: float) -> str:
    """12 miles; under ten with one decimal; never 0."""
    if distance < 1:
        return f"under 1{NBSP}mile"
    shown = f"{distance:.1f}".removesuffix(".0") if distance < 9.95 else f"{distance:,.0f}"
    return f"{shown}{NBSP}{'mile' if shown == '1' else 'miles'}"


@register.filter
def money(amount: Decimal | int) -> str:
    """$24,900; cents only where there are some."""
    amount = Decimal(amount)
    return f"${amount:,.0f}" if amount == amount.to_integral() else f"${amount:,.2f}"


@register.filter
def in_words(number: int) -> str:
    """four; 12: as small numbers stand in a sentence."""
    return str(apnumber(number))


@register.filter
def dollars(amount: Decimal | int) -> str:
    """$468.31, $2,500.00: always with cents, for what is reckoned to the cent and set in columns."""
    return f"${Decimal(amount):,.2f}"


@register.filter
def whole_dollars(amount: Decimal) -> str:
    """$468, where room is small."""
    return f"${amount:,.0f}"


@register.filter
def figure(number: int | float | Decimal) -> str:
    return f"{number:,}"


@register.filter
def phone(number: str) -> str:
    """(212) 555-0142, unbreakable. What is no number is shown as it is."""
    try:
        parsed = phonenumbers.parse(number, "US")
    except phonenumbers.NumberParseException:
        return number
    shown = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return shown.replace(" ", NBSP).replace("-", "\u2011")
