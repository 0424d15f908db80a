"""Users and teams in the console."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm

from accounts.addresses import sync
from accounts.models import Membership, Preferences, Team, User

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.forms import ModelForm
    from django.http import HttpRequest


class MembershipInline(admin.TabularInline[Membership, Team]):
    """The members of a team."""

    model = Membership
    extra = 0
    autocomplete_fields = ("user",)


class UserCreationForm(AdminUserCreationForm[User]):
    """A new user: e-mail, name and password."""

    class Meta:
        model = User
        fields = ("email", "name")


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User]):
    """Users. Each gets a personal team."""

    add_form = UserCreationForm
    list_display = ("email", "name", "is_active", "is_staff", "date_joined", "last_login", "erase_at")
    list_filter = ("is_active", "is_staff", "is_superuser")
    search_fields = ("email", "name")
    ordering = ("email",)
    readonly_fields = ("date_joined", "last_login", "erase_at", "is_founder")
    fieldsets = (
        (None, {"fields": ("email", "name", "password")}),
        (
            "Permissions",
            {"fields": ("is_active", "is_staff", "is_superuser", "is_founder", "groups", "user_permissions")},
        ),
        ("Dates", {"fields": ("date_joined", "last_login", "erase_at")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "name", "usable_password", "password1", "password2")}),)

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm[User], change: Any) -> None:
        """Store the user, their address and their personal team together; the console saves in one transaction."""
        if obj.is_active:
            # Restores an account that its person deleted
            obj.erase_at = None
        super().save_model(request, obj, form, change)
        sync(obj)
        Team.objects.make_personal(obj)


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin[Team]):
    """Teams and their members."""

    list_display = ("name", "slug", "personal_owner", "is_approved", "created_at")
    list_select_related = ("personal_owner",)
    ordering = ("-created_at", "-pk")
    show_full_result_count = False
    list_filter = ("is_approved", ("personal_owner", admin.EmptyFieldListFilter))
    actions = ("approve",)
    fieldsets = (
        (None, {"fields": ("name", "slug", "personal_owner")}),
        (
            "Limits",
            {
                "fields": (
                    "is_approved",
                    "storage_gb",
                    "open_uploads",
                    "minutes_a_month",
                    "live_minutes_a_month",
                    "open_live_sessions",
                )
            },
        ),
        ("Approval", {"fields": ("forbids_own_approval", "forbids_doubtful_approval")}),
        ("Sign-in", {"fields": ("requires_second_factor",)}),
    )
    search_fields = ("name", "slug", "members__email")
    prepopulated_fields = {"slug": ("name",)}
    autocomplete_fields = ("personal_owner",)
    inlines = (MembershipInline,)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Approve a team that an administrator creates."""
        return {"is_approved": True, **super().get_changeform_initial_data(request)}

    @admin.action(description="Approve selected teams", permissions=["change"])
    def approve(self, request: HttpRequest, teams: QuerySet[Team]) -> None:
        """Remove the limits of new teams."""
        count = teams.update(is_approved=True)
        self.message_user(request, f"Approved {count} {'team' if count == 1 else 'teams'}.")


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin[Membership]):
    """Memberships."""

    list_display = ("user", "team", "role", "created_at")
    list_select_related = ("user", "team")
    ordering = ("-created_at", "-pk")
    show_full_result_count = False
    list_filter = ("role",)
    search_fields = ("user__email", "team__name", "team__slug")
    autocomplete_fields = ("user", "team")


@admin.register(Preferences)
class PreferencesAdmin(admin.ModelAdmin[Preferences]):
    """How people want to work."""

    list_display = ("user",)
    search_fields = ("user__email",)
    autocomplete_fields = ("user",)
