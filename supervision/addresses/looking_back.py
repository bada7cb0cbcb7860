"""The addresses of look-backs and their lottery."""

from django.urls import path

from ..views import looking_back as views
from ..views import lottery

urlpatterns = [
    path("look-backs/", views.look_back_list, name="look_backs"),
    path("look-backs/relapse/", views.relapse, name="relapse"),
    path("look-backs/rules/", views.rule_list, name="look_back_rules"),
    path("look-backs/rules/new/", views.rule_edit, name="look_back_rule_new"),
    path("look-backs/rules/<int:pk>/", views.rule_edit, name="look_back_rule"),
    path("look-backs/draws/", lottery.draw_list, name="draws"),
    path("look-backs/draws/new/", lottery.draw_new, name="draw_new"),
    path("look-backs/draws/lottery.py", lottery.lottery_script, name="lottery_script"),
    path("look-backs/draws/<int:pk>/", lottery.draw, name="draw"),
    path("look-backs/draws/<int:pk>/perform/", lottery.draw_perform, name="draw_perform"),
    path("look-backs/draws/<int:pk>/cancel/", lottery.draw_cancel, name="draw_cancel"),
    path("look-backs/draws/<int:pk>/population.csv", lottery.draw_population, name="draw_population"),
    path("look-backs/new/<str:number>/", views.look_back_new, name="look_back_new"),
    path("look-backs/<int:pk>/", views.look_back, name="look_back"),
    path("look-backs/<int:pk>/result/", views.look_back_result, name="look_back_result"),
]
