from django.urls import path

from forecourt.interactions import views

app_name = "interactions"
urlpatterns = [
    path("test-drive/", views.book, name="book"),
    path("test-drive/memory/forgetting/", views.forget, name="forget"),
    path("test-drive/<str:token>/", views.manage, name="manage"),
    path("test-drive/<str:token>/time/", views.move, name="move"),
    path("test-drive/<str:token>/cancellation/", views.cancellation, name="cancellation"),
    path("test-drive/<str:token>/texts/", views.texts, name="texts"),
    path("test-drive/<str:token>/calendar.ics", views.calendar, name="calendar"),
]
