"""The addresses of the kernel."""

from django.urls import path

from .views import factor, files, health, home, manage, organisations, signing

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
    path("me/totp/", factor.totp, name="totp"),
    path("verify/", factor.verify, name="verify"),
    path("setup/<str:token>/", factor.setup, name="setup"),
    # the tree and its people
    path("organisations/", organisations.organisation_list, name="organisations"),
    path("organisations/<int:pk>/", organisations.organisation, name="organisation"),
    path("organisations/<int:pk>/edit/", organisations.organisation_edit, name="organisation_edit"),
    path("organisations/<int:pk>/new/", organisations.organisation_new, name="organisation_new"),
    path("organisations/<int:pk>/move/", organisations.organisation_move, name="organisation_move"),
    path("organisations/<int:pk>/close/", organisations.organisation_close, name="organisation_close"),
    path("people/", organisations.person_list, name="people"),
    path("people/new/", organisations.person_new, name="person_new"),
    path("people/<int:pk>/", organisations.person, name="person"),
    path("people/<int:pk>/edit/", organisations.person_edit, name="person_edit"),
    path("people/<int:pk>/link/", organisations.person_link, name="person_link"),
    path("posts/<int:pk>/end/", organisations.post_end, name="post_end"),
    # management
    path("imports/", manage.import_list, name="imports"),
    path("imports/new/<slug:kind>/", manage.import_new, name="import_new"),
    path("imports/new/<slug:kind>/template.xlsx", manage.import_template, name="import_template"),
    path("imports/<int:pk>/", manage.import_batch, name="import"),
    path("imports/<int:pk>/errors.xlsx", manage.import_errors, name="import_errors"),
    path("jobs/", manage.job_list, name="jobs"),
    path("jobs/<int:pk>/", manage.job, name="job"),
    path("jobs/<int:pk>/retry/", manage.job_retry, name="job_retry"),
    path("calendar/", manage.calendar, name="calendar"),
    path("settings/", manage.settings_page, name="settings"),
    path("log/", manage.log, name="log"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]
