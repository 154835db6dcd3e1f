"""What the CMS's menu leaves out: accounts are the console's, and files are not served."""

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.menu import MenuItem

HIDDEN = frozenset({"documents", "users"})


@hooks.register("construct_main_menu")
@hooks.register("construct_settings_menu")
def hide(request: HttpRequest, items: list[MenuItem]) -> None:
    items[:] = [item for item in items if item.name not in HIDDEN]
