from django.urls import path

from yukuai.portal.raising import check, offline, what, where

urlpatterns = [
    path("raise/", what.what, name="raise"),
    path("raise/start/", what.start, name="raise-start"),
    path("raise/words/", what.words, name="raise-words"),
    path("raise/photos/<int:place>/", what.photo, name="raise-photo"),
    path("raise/where/", where.where, name="raise-where"),
    path("raise/check/", check.check, name="raise-check"),
    path("raise/done/", check.done, name="raise-done"),
    path("raise/offline/", offline.offline, name="raise-offline"),
    path("raise/sync/", offline.sync, name="raise-sync"),
]
