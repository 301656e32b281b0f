from django.urls import path

from yukuai.workbench.board import views

urlpatterns = [
    path("board/", views.board, name="board"),
    path("board/<int:division_id>/", views.board, name="board-place"),
    path("board/<int:division_id>/numbers.csv", views.numbers, name="board-numbers"),
]
