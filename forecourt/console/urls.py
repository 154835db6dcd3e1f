"""Everything under /staff/ but the CMS. Who gets to which stands in proof/access.toml: an address that it lacks fails."""

from allauth.account import views as account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from django.urls import include, path, register_converter

from forecourt.console import (
    access,
    children,
    claims,
    holds,
    inquiries,
    machines,
    permissions,
    requests,
    sign_in,
    views,
    visits,
)


class Reference:
    regex = "[0-9A-Z]{4}-[0-9A-Z]{4}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class Unknown(Reference):
    regex = "message|lead|share"


class Shared(Reference):
    regex = "lead|share"


register_converter(Reference, "reference")
register_converter(Unknown, "unknown")
register_converter(Shared, "shared")

screens = [
    path("", views.home, name="home"),
    path("find/", views.search, name="search"),
    path("contact/<uuid:contact_id>/", views.contact, name="contact"),
    path("contact/<uuid:contact_id>/case/", views.open_case, name="open_case"),
    path("contact/<uuid:contact_id>/stop/", views.stop, name="stop_contact"),
    path("case/<reference:reference>/", views.case, name="case"),
    path("case/<reference:reference>/closing/", views.close_case, name="close_case"),
    path("case/<reference:reference>/taking/", access.take, name="take_case"),
    path("case/<reference:reference>/permission/", permissions.record, name="permission"),
    path("case/<reference:reference>/handover/", access.hand_over, name="hand_over"),
    path("undertaking/", access.undertaking, name="undertaking"),
    path("browsers/", visits.browsers, name="browsers"),
    path("browsers/others/end/", visits.end_others, name="end_other_browsers"),
    path("browsers/<uuid:visit_id>/end/", visits.end, name="end_browser"),
    path("who/", access.who_may_look, name="who"),
    path("stop/", views.stop, name="stop"),
    path("stop/whom/", views.stop_whom, name="stop_whom"),
    path("stop/now/", views.stop_now, name="stop_now"),
    path("stop/<reference:reference>/", views.stopped, name="stopped"),
    path("work/", views.work, name="work"),
    path("work/<unknown:kind>/<uuid:about>/", views.answer, name="answer"),
    path("cases/", inquiries.inbox, name="cases"),
    path("cases/new/", inquiries.write_down, name="write_down"),
    path("inquiry/<reference:reference>/", inquiries.inquiry, name="inquiry"),
    path("inquiry/<reference:reference>/original/<uuid:line_id>/", inquiries.original, name="inquiry_original"),
    path("inquiry/<reference:reference>/answer/", inquiries.answer, name="inquiry_answer"),
    path("inquiry/<reference:reference>/closing/", inquiries.close, name="inquiry_close"),
    path("inquiry/<reference:reference>/kind/", inquiries.kind, name="inquiry_kind"),
    path("inquiry/<reference:reference>/site/", inquiries.site, name="inquiry_site"),
    path("inquiry/<reference:reference>/call/", inquiries.call, name="inquiry_call"),
    path("inquiry/<reference:reference>/code/", machines.send_code, name="inquiry_code"),
    path("inquiry/<reference:reference>/machines/", machines.start, name="inquiry_machines"),
    path("inquiry/<reference:reference>/letter/", machines.letter, name="inquiry_letter"),
    path("inquiry/<reference:reference>/child/freezing/", children.freeze, name="child_freezing"),
    path("inquiry/<reference:reference>/child/deletion/", children.erase, name="child_deletion"),
    path("inquiry/<reference:reference>/child/release/", children.release, name="child_release"),
    path("children/", children.waiting, name="children"),
    path("children/form/", children.read_form, name="child_form"),
    path("children/<uuid:release_id>/agreement/", children.agree, name="child_agreement"),
    path("claims/", claims.waiting, name="claims"),
    path("claims/<reference:reference>/", claims.claim, name="claim"),
    path("claims/<reference:reference>/document/", claims.document, name="claim_document"),
    path("claims/<reference:reference>/answer/", claims.answer, name="claim_answer"),
    path("requests/", requests.requests, name="requests"),
    path("requests/<reference:reference>/extension/", requests.extend, name="extend"),
    path("stop/leaving/", requests.leave, name="leave"),
    path("holds/", holds.holds, name="holds"),
    path("holds/<uuid:hold_id>/approval/", holds.approve, name="approve_hold"),
    path("holds/<uuid:hold_id>/end/", holds.end, name="end_hold"),
    path("noes/", views.noes, name="noes"),
    path("noes/<shared:kind>/<uuid:about>/", views.say_again, name="say_again"),
]

# The library finds its own pages by these names.
signing_in = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", account.password_change, name="account_change_password"),
    path("code/", second_factor.authenticate, name="mfa_authenticate"),
    path("code/again/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/", second_factor.index, name="mfa_index"),
    path("second-factor/app/", sign_in.activate_totp, name="mfa_activate_totp"),
    path("second-factor/app/removal/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-factor/recovery/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("second-factor/recovery/new/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("second-factor/recovery/file/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
]

urlpatterns = [
    path("staff/account/", include(signing_in)),
    path("staff/", include((screens, "console"))),
]
