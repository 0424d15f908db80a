"""URLs."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from project.web.health import healthz
from transcripts.admin.ledger import pages as ledger
from transcripts.views.operations.operators import operators_only

# Django's own sign-in to the console has no limit on attempts.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]

handler500 = "transcripts.views.monitoring.requests.server_error"

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("admin/usage/", operators_only(ledger.usage_page), name="console_usage"),
    path("admin/usage/csv/", operators_only(ledger.usage_csv), name="console_usage_csv"),
    path("admin/accuracy/", operators_only(ledger.accuracy_page), name="console_accuracy"),
    # Before Django's own first page, which is at tables/
    path("admin/", include("transcripts.views.operations.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("accounts.urls")),
    path("", include("transcripts.views.urls")),
]
