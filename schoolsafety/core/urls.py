"""The addresses of the kernel."""

from django.urls import path

from .views import files, health, home, signing

app_name = "core"
urlpatterns = [
    path("", home.home, name="home"),
    path("todo/", home.todo, name="todo"),
    path("notifications/", home.notifications, name="notifications"),
    path("me/", home.me, name="me"),
    path("me/sessions/<int:pk>/", home.revoke_session, name="revoke_session"),
    path("me/channels/<slug:channel>/", home.choose_channel, name="choose_channel"),
    path("me/password/", signing.change_password, name="password"),
    path("login/", signing.SignIn.as_view(), name="login"),
    path("logout/", signing.sign_out, name="logout"),
    path("demo/", signing.demo, name="demo"),
    path("welcome/<slug:uid>/<str:token>/", signing.activate, name="activate"),
    path("look/", signing.look, name="look"),
    path("files/<int:pk>/", files.attachment, name="attachment"),
    path("files/<int:pk>/thumb/", files.thumbnail, name="thumbnail"),
    path("papers/<int:pk>/", files.paper, name="paper"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
