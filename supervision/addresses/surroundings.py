"""The addresses of hazards around schools."""

from django.urls import path

from ..views import joint_meetings, surrounding_letters, surroundings

urlpatterns = [
    path("surroundings/", surroundings.archive, name="surroundings"),
    path("surroundings/new/", surroundings.new, name="surrounding_new"),
    path("surroundings/from/<str:number>/", surroundings.hand_over, name="surrounding_from"),
    path("surroundings/letters/", surrounding_letters.letters, name="surrounding_letters"),
    path("surroundings/letters/new/", surrounding_letters.letter_new, name="surrounding_letter_new"),
    path("surroundings/letters/<int:pk>/", surrounding_letters.letter, name="surrounding_letter"),
    path(
        "surroundings/letters/<int:pk>/preview/",
        surrounding_letters.letter_preview,
        name="surrounding_letter_preview",
    ),
    path(
        "surroundings/letters/<int:pk>/<slug:action>/",
        surrounding_letters.letter_act,
        name="surrounding_letter_act",
    ),
    path("surroundings/meetings/", joint_meetings.meetings, name="joint_meetings"),
    path("surroundings/meetings/new/", joint_meetings.meeting_new, name="joint_meeting_new"),
    path("surroundings/meetings/<int:pk>/", joint_meetings.meeting, name="joint_meeting"),
    path("surroundings/meetings/<int:pk>/list/", joint_meetings.meeting_list, name="joint_meeting_list"),
    path(
        "surroundings/meetings/<int:pk>/<slug:action>/", joint_meetings.meeting_act, name="joint_meeting_act"
    ),
    path("surroundings/<str:number>/", surroundings.detail, name="surrounding"),
    path("surroundings/<str:number>/<slug:action>/", surroundings.act, name="surrounding_act"),
]
