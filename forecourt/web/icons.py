"""Small drawings, 20 by 20, one line weight; each is the inside of an SVG. Marks of the policy are among them."""

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

ICONS = {
    "arrow": '<path d="M3.500 10h12.500M11 4.500l5.500 5.500-5.500 5.500"/>',
    "back": '<path d="M16.500 10H4M9 4.500L3.500 10 9 15.500"/>',
    "calendar": '<path d="M3 5.500h14v11.500H3zM3 9h14M6.500 3v4M13.500 3v4"/>',
    "car": '<path d="M2.500 13.500v-2.800l2-.9 2.300-3.800h6l3 4 2 .7v2.800M7.700 13.500h4.600"/><circle cx="5.700" cy="13.700" r="2"/><circle cx="14.300" cy="13.700" r="2"/>',
    "chevron": '<path d="M5.500 7.500L10 12l4.500-4.500"/>',
    "clock": '<circle cx="10" cy="10" r="7"/><path d="M10 6v4.300l3 1.800"/>',
    "copy": '<path d="M7 7h10v10H7zM13 7V3H3v10h4"/>',
    "external": '<path d="M5.500 14.500l9-9M7 5.500h7.500V13"/>',
    "mail": '<path d="M2.500 4.500h15v11h-15zM3 5l7 5.500L17 5"/>',
    "phone": '<path d="M4 3h3l1.500 4-2 1.500a9 9 0 0 0 5 5l1.500-2 4 1.500v3c0 .600-.400 1-1 1C9 17 3 11 3 4c0-.600.400-1 1-1z"/>',
    "pin": '<path d="M10 18c3.500-4 5.500-7 5.500-9.700a5.500 5.500 0 0 0-11 0C4.500 11 6.500 14 10 18z"/><circle cx="10" cy="8.200" r="1.900"/>',
    "plus": '<path d="M10 4v12M4 10h12"/>',
    "print": '<path d="M5.500 8V3h9v5M5.500 14H3V8h14v6h-2.500M5.500 11.500h9V17h-9z"/>',
    "search": '<circle cx="9" cy="9" r="5.500"/><path d="M13 13l4 4"/>',
    "stop": '<path d="M6.700 2.500h6.600l4.200 4.200v6.600l-4.200 4.200H6.700l-4.200-4.200V6.700zM7 10h6"/>',
    "shield": '<path d="M10 2.500l6 2v5c0 4-2.500 6.500-6 8-3.500-1.500-6-4-6-8v-5z"/>',
    # Our own drawing for ad choices: a play-like wedge with a letter i, nobody's mark.
    "adchoices": '<path d="M4 3l13.500 7L4 17zM8.500 9v3.500"/><circle cx="8.500" cy="6.900" r=".600" fill="currentColor"/>',
    # Social networks: what one does there, never their own marks.
    "camera": '<path d="M2.500 6h3.700l1.300-2h5l1.300 2h3.700v10.500h-15z"/><circle cx="10" cy="11" r="3"/>',
    "clip": '<path d="M3 4.500h14v11H3zM8.300 7.500v5l4-2.500z"/>',
    "people": '<circle cx="7.500" cy="7" r="2.700"/><path d="M2.500 16c.300-3 2-4.700 5-4.700s4.700 1.700 5 4.700M12.500 4.800a2.600 2.600 0 0 1 0 4.600M14.800 12c1.600.800 2.500 2.200 2.700 4"/>',
    "speech": '<path d="M3 4h14v9.500H9.500L6 17v-3.500H3zM6.500 7.500h7M6.500 10.200h4"/>',
    "film": '<path d="M3.500 3.500h13v13h-13zM7 3.500v13M13 3.500v13M3.500 7.800H7M3.500 12.200H7M13 7.800h3.500M13 12.200h3.500"/>',
    # The policy's margin marks. Shape first, color second, words always beside them.
    "checked": '<circle cx="10" cy="10" r="8" fill="currentColor" stroke="none"/><path d="M6 10.300l2.800 2.800 5.300-6" stroke="var(--paper)" stroke-width="2"/>',
    "signed": '<circle cx="10" cy="10" r="7.100"/><circle cx="10" cy="10" r="2.400" fill="currentColor" stroke="none"/>',
    "informs": '<path d="M4 10h12"/>',
    "review": '<path d="M10 3l7.700 13.500H2.300zM10 8v4" fill="none"/><circle cx="10" cy="14.200" r=".600" fill="currentColor"/>',
    "unchecked": '<circle cx="10" cy="10" r="7.100" stroke-dasharray="2.500 3.080"/>',
}


def drawn(name: str, label: str = "") -> SafeString:
    """Without a label it is decoration, and screen readers pass over it."""
    spoken = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon icon-{}" viewBox="0 0 20 20" width="20" height="20" fill="none" stroke="currentColor" '
        'stroke-width="1.750" stroke-linecap="round" stroke-linejoin="round" focusable="false" {}>{}</svg>',
        name,
        spoken,
        mark_safe(ICONS[name]),  # noqa: S308 (our own drawings)
    )
