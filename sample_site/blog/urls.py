from django.urls import path

from . import views

app_name = "blog"
urlpatterns = [
    path("", views.post_list, name="posts"),
    path("<slug:slug>/", views.PostDetailView.as_view(), name="post"),
]
