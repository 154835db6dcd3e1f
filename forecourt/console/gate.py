"""Who may reach what under the staff's paths. Whatever is not named open here needs everything."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from forecourt.consent import policies
from forecourt.console import accounts, sessions, visits
from forecourt.security_log import Event
from forecourt.web import cookies

Handler = Callable[[HttpRequest], HttpResponse]

# Reached by anybody: signing in and out.
OPEN = frozenset({"account_login", "account_logout", "mfa_authenticate"})
# Reached with a password alone: setting up the second factor.
SETTING_UP = frozenset({"mfa_activate_totp", "account_reauthenticate"})
# Reached with a password that somebody else drew: choosing one, and what the second factor still asks.
CHOOSING = frozenset(
    {
        "account_change_password",
        "account_reauthenticate",
        "mfa_activate_totp",
        "mfa_reauthenticate",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
    }
)
# Whoever works for a contractor or a partner reaches these; in whose hands a case is decides what they show.
OUTSIDE = frozenset(
    {
        "console:home",
        "console:case",
        "console:close_case",
        "console:hand_over",
        "console:permission",
        "console:contact",
        "console:claim",
        "console:claim_document",
        "console:claim_answer",
        "console:inquiry",
        "console:inquiry_original",
        "console:inquiry_answer",
        "console:inquiry_close",
        "console:inquiry_kind",
        "console:inquiry_site",
        "console:inquiry_call",
        "console:inquiry_code",
        "console:inquiry_machines",
        "console:inquiry_letter",
        "console:child_freezing",
        "console:child_deletion",
        "console:child_release",
        "console:undertaking",
        "console:browsers",
        "console:end_browser",
        "console:end_other_browsers",
    }
)
# The CMS would take names and email addresses of staff here, make pages that want a login of visitors, and keep files that we
# do not serve.
SHUT = frozenset(
    {
        "wagtailadmin_account",
        "wagtailadmin_login",
        "wagtailadmin_pages:set_privacy",
        "wagtailadmin_password_reset",
        "wagtailadmin_password_reset_complete",
        "wagtailadmin_password_reset_confirm",
        "wagtailadmin_password_reset_done",
    }
)
SHUT_SPACES = frozenset({"wagtailusers_users", "wagtaildocs", "wagtaildocs_chooser"})


# The CMS's own screens hold inline code and show pages in a frame of ours. They reach no other host all the same.
CMS_PATH = "/staff/cms/"
CMS_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)


class Gate:
    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        signed_in = is_behind(request) and request.user.is_authenticated
        response = self.get_response(request)
        if signed_in and not request.user.is_authenticated:
            end_visit(response, request)
        elif signed_in:
            sessions.count_click(request)
        if is_behind(request):
            response.headers["Cache-Control"] = "no-store"
            response.headers["Referrer-Policy"] = "same-origin"
        if request.path_info.startswith(CMS_PATH):
            response.headers["Content-Security-Policy"] = CMS_SECURITY_POLICY
            response.headers["X-Frame-Options"] = "SAMEORIGIN"
        return response

    def process_view(self, request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponse | None:
        if not is_behind(request):
            return None
        match = request.resolver_match
        assert match is not None
        name = match.view_name or ""
        if name in SHUT or SHUT_SPACES & set(match.namespaces):
            raise Http404(
                "Shut: accounts hold a handle and nothing else, every page is public, and files are not served."
            )
        return None if name in OPEN else refuse(request, name)


def end_visit(response: HttpResponse, request: HttpRequest) -> None:
    """Signing out takes every cookie with it that lasts for the visit (P-10B-1)."""
    policy = policies.in_force(request.now)
    for cookie in policy.cookies.values():
        if cookie.lifetime is None and cookie.path.startswith(settings.SESSION_COOKIE_PATH):
            cookies.delete(response, cookie.name, policy)


def is_behind(request: HttpRequest) -> bool:
    return request.path_info.startswith(settings.STAFF_PATHS)


def refuse(request: HttpRequest, name: str) -> HttpResponse | None:
    """What stands between this request and its page; None when nothing does."""
    user = request.user
    if not user.is_authenticated:
        request.refused_as = Event.PAGE_REFUSED
        return redirect_to_login(request.get_full_path() if request.method == "GET" else "/staff/")
    if not (user.is_staff and accounts.has_undertaking(user, request.now)):
        logout(request)
        return render(request, "console/suspended.html", status=403)
    visits.note(request)
    if name in SETTING_UP:
        return None
    if accounts.showed_second_factor(request):
        if name not in CHOOSING and accounts.must_choose_password(user):
            return redirect("account_change_password")
        return refuse_pages(request) or refuse_outsiders(request, name)
    if accounts.has_second_factor(user):
        # It was set up elsewhere after this session began: this session has yet to show it.
        request.refused_as = Event.PAGE_REFUSED
        logout(request)
        return redirect_to_login("/staff/")
    return redirect("mfa_activate_totp")


def refuse_pages(request: HttpRequest) -> HttpResponse | None:
    """Answered here, since the CMS would send whoever is no editor to sign in again, and again."""
    if request.path_info.startswith(CMS_PATH) and not request.user.has_perm("wagtailadmin.access_admin"):
        return render(request, "console/no_editor.html", status=403)
    return None


def refuse_outsiders(request: HttpRequest, name: str) -> HttpResponse | None:
    if name in OUTSIDE or name.startswith(("account_", "mfa_")) or not accounts.is_outsider(request.user):
        return None
    return render(request, "console/not_yours.html", {"whose": "for our own people"}, status=403)
