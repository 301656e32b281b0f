from django.urls import path

from yukuai.portal.verify import views

urlpatterns = [
    path("verify/", views.verify, name="verify"),
    path("verify/<str:code>/", views.verify_result, name="verify-result"),
]
