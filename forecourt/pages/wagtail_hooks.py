"""What the CMS's menu leaves out: accounts are the console's, files are not served, and its help stands on other hosts."""

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.documents.wagtail_hooks import DocumentsSummaryItem

HIDDEN = frozenset({"documents", "users", "help"})


@hooks.register("construct_main_menu")
@hooks.register("construct_settings_menu")
def hide(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name not in HIDDEN]


@hooks.register("construct_homepage_summary_items")
def hide_files(request: HttpRequest, items: list) -> None:
    items[:] = [item for item in items if not isinstance(item, DocumentsSummaryItem)]
