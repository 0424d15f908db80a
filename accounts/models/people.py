"""Users, teams and memberships."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin
from django.db import models, transaction
from django.utils import timezone
from django.utils.text import slugify

# Addresses below /teams/ that are pages of their own.
RESERVED_SLUGS = frozenset({"new"})


class UserManager(BaseUserManager["User"]):
    """Creates users, each with a personal team."""

    @transaction.atomic
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a user, the address they sign in with and their personal team."""
        from accounts.addresses import sync  # imports allauth's models, which are loaded after these

        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        sync(user)
        Team.objects.make_personal(user)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Create a user with all permissions, including the console."""
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})


class User(AbstractBaseUser, PermissionsMixin):
    """A user, identified by e-mail address. `is_founder` marks the first administrator; there is at most one."""

    email = models.EmailField("e-mail", unique=True)
    name = models.CharField(max_length=150, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("may use the console", default=False)
    is_founder = models.BooleanField(default=False, editable=False)
    date_joined = models.DateTimeField(default=timezone.now)
    time_zone = models.CharField(max_length=64, blank=True, default="", db_default="")
    # An address that waits to be verified; until then it belongs to no one.
    new_email = models.EmailField(blank=True, default="", db_default="", editable=False)
    # When a deleted account is erased; until then an administrator can restore it.
    erase_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["is_founder"], condition=models.Q(is_founder=True), name="one_founder"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        """Store the address in lower case, as sign-in looks for it."""
        super().clean()
        self.email = self.email.lower()

    @property
    def initials(self) -> str:
        """Return up to two letters that represent this user."""
        parts = (self.name or self.email.partition("@")[0]).replace(".", " ").split()
        return "".join(part[0] for part in parts[:2]).upper()


class TeamManager(models.Manager["Team"]):
    """Creates teams."""

    def make_personal(self, user: User, *, is_approved: bool = True) -> Team:
        """Return the user's personal team; create it if it is missing."""
        slug = self.free_slug(user.email.partition("@")[0])
        team, is_new = self.get_or_create(
            personal_owner=user,
            defaults={"name": f"{user}’s recordings", "slug": slug, "is_approved": is_approved},
        )
        if is_new:
            Membership.objects.create(team=team, user=user, role=Role.OWNER)
        return team

    def free_slug(self, name: str) -> str:
        """Return a slug for `name` that no team has."""
        stem = slugify(name)[:40] or "team"
        taken = RESERVED_SLUGS | set(self.filter(slug__startswith=stem).values_list("slug", flat=True))
        return next(slug for n in range(len(taken) + 1) if (slug := f"{stem}-{n + 1}" if n else stem) not in taken)


class Team(models.Model):
    """People who share recordings. A personal team has its user in `personal_owner`.

    A team that no administrator approved has the limits of NEW_TEAM_LIMITS; an approved one has none. A number here
    overrides both: minutes in a calendar month, gigabytes stored, uploads and live sessions open at the same time.
    """

    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)
    personal_owner = models.OneToOneField(
        User, null=True, blank=True, on_delete=models.CASCADE, related_name="personal_team"
    )
    members = models.ManyToManyField(User, through="Membership", related_name="teams")
    is_approved = models.BooleanField(
        "approved",
        default=False,
        help_text="An approved team has no limits but those below; any other has those of NEW_TEAM_LIMITS.",
    )
    live_minutes_a_month = models.PositiveIntegerField(
        null=True, blank=True, help_text="Minutes of live speech in a calendar month."
    )
    minutes_a_month = models.PositiveIntegerField(
        null=True, blank=True, help_text="Minutes of recordings transcribed in a calendar month."
    )
    storage_gb = models.PositiveIntegerField(
        "storage (GB)", null=True, blank=True, help_text="Gigabytes of recordings stored, uploads under way included."
    )
    open_uploads = models.PositiveIntegerField(null=True, blank=True, help_text="Uploads under way at the same time.")
    open_live_sessions = models.PositiveIntegerField(null=True, blank=True, help_text="Live sessions at the same time.")
    forbids_own_approval = models.BooleanField(
        "no approval of one’s own work",
        default=False,
        db_default=False,
        help_text="Someone who edited a transcript since it was last approved can’t approve it.",
    )
    forbids_doubtful_approval = models.BooleanField(
        "no approval with doubtful words",
        default=False,
        db_default=False,
        help_text="Each word of low confidence must be reviewed, corrected or accepted before a transcript is "
        "approved.",
    )
    requires_second_factor = models.BooleanField(
        "two-step sign-in required",
        default=False,
        db_default=False,
        help_text="Members need a passkey or an authenticator app before they can open what the team owns.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[TeamManager] = TeamManager()

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a member can do: viewers read, commenters also comment, editors add and change, admins and owners manage."""

    OWNER = "owner", "Owner"
    ADMIN = "admin", "Admin"
    EDITOR = "editor", "Editor"
    COMMENTER = "commenter", "Commenter"
    VIEWER = "viewer", "Viewer"


EDITING_ROLES = (Role.OWNER, Role.ADMIN, Role.EDITOR)


class Membership(models.Model):
    """A user's membership of a team, with a role."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.VIEWER)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["team", "user"], name="one_membership_a_team"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="known_role"),
        ]

    def __str__(self) -> str:
        return f"{self.user} in {self.team}: {self.get_role_display()}"
