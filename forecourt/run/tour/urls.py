from django.urls import path

from forecourt.run.tour import no_views, views

app_name = "tour"
urlpatterns = [
    path("", views.tour, name="tour"),
    path("no/", no_views.no_means_no, name="no"),
    path("no/signal/", no_views.signal, name="signal"),
    path("requests/", views.yours, name="yours"),
    path("phone/", views.phone, name="phone"),
    path("mailbox/", views.mailbox, name="mailbox"),
    path("mailbox/<int:item>/", views.letter, name="letter"),
    path("dealer/", views.dealer, name="dealer"),
    path("clock/", views.clock_moves, name="clock"),
    path("break/<slug:code>/", views.break_promise, name="break"),
    path("mend/<slug:code>/", views.mend_promise, name="mend"),
]
