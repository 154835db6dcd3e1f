from django.urls import path, register_converter

from forecourt.requests import account_views, views
from forecourt.requests.models import Request


class Kind:
    regex = "|".join(Request.Kind.values)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(Kind, "request_kind")

app_name = "requests"
urlpatterns = [
    path("privacy/requests/", views.start, name="start"),
    path("privacy/requests/find/", views.find, name="find"),
    path("privacy/requests/leaving/", views.leave, name="leave"),
    path("privacy/requests/left/<str:token>/", views.left, name="left"),
    path("privacy/requests/<request_kind:kind>/", views.ask, name="ask"),
    path("privacy/requests/code/<str:token>/", views.code, name="code"),
    path("privacy/requests/desk/<str:token>/", views.desk, name="desk"),
    path("privacy/requests/case/<str:token>/", views.case, name="case"),
    path("privacy/requests/case/<str:token>/code/", views.fetch, name="fetch"),
    path("account/requests/", account_views.mine, name="mine"),
    path("account/requests/<request_kind:kind>/", account_views.my_desk, name="my_desk"),
    path("account/requests/file/<str:number>/", account_views.my_file, name="my_file"),
]
