"""Everything under /account/. tests/accounts/test_access.py reads this list: an address that it does not know fails."""

from django.urls import path

from forecourt.accounts import home_views, views

app_name = "accounts"
urlpatterns = [
    path("account/", home_views.home, name="home"),
    path("account/register/", views.register, name="register"),
    path("account/sign-in/", views.sign_in, name="sign_in"),
    path("account/code/", views.ask_code, name="ask_code"),
    path("account/code/<str:token>/", views.code, name="code"),
    path("account/reset/", views.reset, name="reset"),
    path("account/sign-out/", views.sign_out, name="sign_out"),
    path("account/confirmation/", home_views.confirm, name="confirm"),
    path("account/confirmation/code/", home_views.confirm_code, name="confirm_code"),
    path("account/confirmation/code/<str:token>/", home_views.confirm_digits, name="confirm_digits"),
    path("account/ways/", home_views.ways, name="ways"),
    path("account/ways/password/", home_views.set_password, name="set_password"),
    path("account/ways/password/removal/", home_views.remove_password, name="remove_password"),
    path("account/browsers/<uuid:session_id>/end/", home_views.end_session, name="end_session"),
    path("account/closure/", home_views.closure, name="closure"),
]
