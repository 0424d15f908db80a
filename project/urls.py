"""URLs."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from project.web.health import healthz

# Django's own sign-in to the console has no limit on attempts.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    # Before Django's own first page, which is at tables/
    path("admin/", include("transcripts.views.operations.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.urls")),
    path("", include("transcripts.views.urls")),
]
