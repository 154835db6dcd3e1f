"""One table of cookies for every page that shows one."""

from django import template

from forecourt.policy.policy import Policy
from forecourt.web.cookie_table import by_reason

register = template.Library()


@register.inclusion_tag("web/cookie_table.html")
def cookie_table(policy: Policy) -> dict:
    return {"groups": by_reason(policy)}
