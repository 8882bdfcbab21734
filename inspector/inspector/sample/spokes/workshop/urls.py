from django.urls import path

from workshop import views

urlpatterns = [
    path("", views.board, name="board"),
    path("jobs/<int:pk>/", views.JobView.as_view(), name="job"),
    # The slash in front is one too many.
    path("/jobs/<int:pk>/hand-over/", views.hand_over, name="hand-over"),
]
