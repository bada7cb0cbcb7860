"""The addresses of patrols, points, checklists, visits and notices."""

from django.urls import path

from .views import checklists, lists, notice_acts, notices, patrols, points, replies, visits

app_name = "inspections"
urlpatterns = [
    # the daily walk
    path("patrol/", patrols.today, name="today"),
    path("patrol/<int:pk>/", patrols.walk, name="walk"),
    path("patrol/<int:pk>/items/<int:item_pk>/", patrols.finding, name="finding"),
    path("patrol/<int:pk>/items/<int:item_pk>/photo/", patrols.photo, name="photo"),
    path("patrol/<int:pk>/review/", patrols.review, name="review"),
    path("patrol/<int:pk>/receipt/", patrols.receipt, name="receipt"),
    path("patrols/", lists.patrol_list, name="patrols"),
    path("patrols/day/", lists.day_list, name="day"),
    # points
    path("schools/<int:school_pk>/points/", points.point_list, name="points"),
    path("schools/<int:school_pk>/points/labels.pdf", points.label_sheet, name="labels"),
    path("schools/<int:school_pk>/points/new/", points.point_edit, name="point_new"),
    path("schools/<int:school_pk>/points/<int:pk>/", points.point_edit, name="point_edit"),
    path("schools/<int:school_pk>/zones/new/", points.zone_edit, name="zone_new"),
    path("schools/<int:school_pk>/zones/<int:pk>/", points.zone_edit, name="zone_edit"),
    path("p/", points.point_find, name="point_find"),
    path("p/<str:token>/", points.point_page, name="point"),
    # checklists
    path("checklists/", checklists.checklist_list, name="checklists"),
    path("checklists/<int:pk>/", checklists.checklist, name="checklist"),
    path("checklists/<int:pk>/copy/", checklists.copy, name="checklist_copy"),
    path("checklists/<int:pk>/publish/", checklists.publish, name="checklist_publish"),
    path("checklists/<int:pk>/export/", checklists.export, name="checklist_export"),
    path("checklists/<int:pk>/items/new/", checklists.item_edit, name="item_new"),
    path("checklists/<int:pk>/items/<int:item_pk>/", checklists.item_edit, name="item_edit"),
    path("checklists/<int:pk>/items/<int:item_pk>/drop/", checklists.item_drop, name="item_drop"),
    # inspections by a bureau
    path("visits/", visits.visit_list, name="visits"),
    path("visits/new/", visits.visit_new, name="visit_new"),
    path("visits/<int:pk>/", visits.visit, name="visit"),
    path("visits/<int:pk>/checklist/", visits.visit_answers, name="visit_answers"),
    path("visits/<int:pk>/discard/", visits.visit_discard, name="visit_discard"),
    path("visits/<int:pk>/findings/new/", visits.visit_finding, name="visit_finding"),
    path(
        "visits/<int:pk>/findings/<int:finding_pk>/drop/",
        visits.visit_finding_drop,
        name="visit_finding_drop",
    ),
    path("visits/<int:pk>/finish/", visits.visit_finish, name="visit_finish"),
    path("visits/<int:pk>/record.pdf", visits.visit_record, name="visit_record"),
    # rectification notices
    path("notices/", notices.notice_list, name="notices"),
    path("notices/new/", notices.notice_new, name="notice_new"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
    path("notices/<int:pk>/edit/", notices.notice_edit, name="notice_edit"),
    path("notices/<int:pk>/preview.pdf", notice_acts.notice_preview, name="notice_preview"),
    path("notices/<int:pk>/issue/", notice_acts.notice_issue, name="notice_issue"),
    path("notices/<int:pk>/discard/", notice_acts.notice_discard, name="notice_discard"),
    path("notices/<int:pk>/sign-for/", notice_acts.notice_sign_for, name="notice_sign_for"),
    path("notices/<int:pk>/refusal/", notice_acts.notice_record_refusal, name="notice_record_refusal"),
    path("notices/<int:pk>/withdraw/", notice_acts.notice_withdraw, name="notice_withdraw"),
    path("notices/<int:pk>/reply/", replies.notice_reply, name="notice_reply"),
    path("notices/<int:pk>/review/", replies.notice_review, name="notice_review"),
]
