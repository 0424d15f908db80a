"""Provider accounts in the console: created, changed and chosen by superusers.

Keys are entered on a page of their own, or in an environment variable that the account names: only variables made for
keys may be named, so that no one can have another secret of this machine sent somewhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html, format_html_join

from transcripts.admin.base import ReadOnlyAdmin
from transcripts.document.plain import one_line
from transcripts.models import Credential, ProviderAccount
from transcripts.providers import registry
from transcripts.selectors.operations.governor import next_at, window_in_words
from transcripts.services.errors import NoProvider
from transcripts.services.provider_accounts import accounts, credentials, environment, health, keys, limits, selection

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import QuerySet
    from django.http import HttpRequest

KEY_VARIABLE = re.compile(r"STT_API_KEY(_[A-Z0-9_]+)?")
# Names as DNS has them, so that all who look one up understand the same, and numbers of IPv4 and IPv6
HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+(%[A-Za-z0-9_.-]+)?")
DAY_MS = 24 * 3600 * 1000
# A larger number is a typing error.
MOST = {"upload_limit": 100_000, "upload_window_ms": DAY_MS, "status_interval_ms": DAY_MS, "live_limit": 100_000}
PRICES = ("price_a_minute", "live_price_a_minute")
LIMITS = ("upload_limit", "upload_window_ms", "status_interval_ms", "live_limit", "max_bytes")


class AccountForm(forms.ModelForm[ProviderAccount]):
    """An account. A limit that is left empty becomes what the provider documents."""

    kind = forms.ChoiceField(
        help_text="The API that the provider speaks. It can’t be changed after the account is created."
    )

    class Meta:
        model = ProviderAccount
        fields = ("name", "kind", "endpoint", "ws_endpoint", "model", "key_variable", *LIMITS, *PRICES)
        help_texts: ClassVar[dict[str, str]] = {
            "endpoint": "The address of the provider’s API, such as https://api.smallest.ai",
            "ws_endpoint": "The address of its live API, if it differs.",
            "model": "The model to ask for, as the provider names it, such as nova-3. Empty: its usual one.",
            "key_variable": "The environment variable that holds the key, such as STT_API_KEY_COURT; STT_API_KEY only "
            "for the address in STT_API_ENDPOINT. Empty: its keys are entered in the console.",
            "upload_limit": "Uploads in each window. 0: no limit. Empty: the limit that the provider documents.",
            "upload_window_ms": "Length of the window in milliseconds. Empty: as documented.",
            "status_interval_ms": "Shortest time between two status checks of a recording, in milliseconds. "
            "Empty: as documented.",
            "live_limit": "Live sessions at the same time. 0: no limit. Empty: as documented.",
            "price_a_minute": f"What a minute of a recording costs, in {settings.CURRENCY}. "
            "What was sent before keeps its price.",
            "live_price_a_minute": f"What a minute of live speech costs, in {settings.CURRENCY}.",
            "max_bytes": "Largest upload in bytes. Empty: the limit that the provider documents.",
        }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if "kind" in self.fields:
            choices = [(name, kind.name) for name, kind in registry.KINDS.items()]
            self.fields["kind"] = forms.ChoiceField(choices=choices, help_text=self.fields["kind"].help_text)
        if self.instance.pk is None and "key_variable" in self.fields:
            # What the columns begin with would be saved as if someone had entered it
            self.initial |= dict.fromkeys(("key_variable", *LIMITS), "")
        # A page that only shows has no fields
        for name in {*LIMITS, *PRICES} & set(self.fields):
            self.fields[name].required = False

    def clean_name(self) -> str:
        """Leave the kinds' own names to the accounts of the environment."""
        name = one_line(str(self.cleaned_data["name"]))
        if name.casefold() in {kind.name.casefold() for kind in registry.KINDS.values()}:
            raise ValidationError(
                f"“{name}” is reserved for the account that the environment describes. Choose another name."
            )
        return name

    def clean_endpoint(self) -> str:
        """Take an address over HTTP."""
        return _address(self.cleaned_data["endpoint"], "http", "https")

    def clean_ws_endpoint(self) -> str:
        """Take an address of sockets, or none."""
        address = self.cleaned_data["ws_endpoint"]
        return _address(address, "ws", "wss", "http", "https") if address else ""

    def clean_model(self) -> str:
        """Take one line."""
        return one_line(str(self.cleaned_data["model"]))

    def clean_key_variable(self) -> str:
        """Take only a variable that was made for keys."""
        name = str(self.cleaned_data["key_variable"]).strip()
        if name and not KEY_VARIABLE.fullmatch(name):
            raise ValidationError(
                "Keys are read only from STT_API_KEY and from variables that begin with STT_API_KEY_."
            )
        return name

    def clean(self) -> dict[str, Any]:
        """Fill in what the provider documents, and refuse numbers that cannot be meant."""
        cleaned = super().clean() or self.cleaned_data
        kind = registry.KINDS.get(cleaned.get("kind", self.instance.kind))
        if kind is not None:
            documented = limits.documented(kind)
            cleaned |= {name: documented[name] for name in LIMITS if cleaned.get(name) is None}
        cleaned |= {name: cleaned.get(name) or 0 for name in PRICES}
        self._refuse_the_environments_key(cleaned)
        for name, most in MOST.items():
            if (cleaned.get(name) or 0) > most:
                self.add_error(name, f"Enter {most:,} or less.")
        if cleaned.get("upload_window_ms") == 0:
            self.add_error("upload_window_ms", "Enter a length above 0: 60000 is a minute.")
        return cleaned

    def _refuse_the_environments_key(self, cleaned: dict[str, Any]) -> None:
        """Refuse to name STT_API_KEY for another address than that in the environment."""
        named = {name: cleaned.get(name) or "" for name in ("endpoint", "ws_endpoint", "key_variable")}
        if keys.is_kept_from(ProviderAccount(name="", **named)):
            self.add_error(
                "key_variable",
                "STT_API_KEY is only sent to the address in STT_API_ENDPOINT. Name another variable, or none and enter "
                "a key.",
            )


def _address(text: str, *schemes: str) -> str:
    """Return the address without what does not belong to it. Raises ValidationError."""
    text = text.strip().rstrip("/")
    try:
        parts = urlsplit(text)
        is_address = HOST.fullmatch(parts.hostname or "") is not None and (parts.port or 1) > 0
    except ValueError:
        raise ValidationError("This isn’t a valid address. Enter one such as https://api.example.org") from None
    if parts.scheme not in schemes or not is_address:
        raise ValidationError(
            f"Enter an address that begins with {' or '.join(f'{one}://' for one in schemes)} and names a host."
        )
    if parts.username is not None or parts.query or parts.fragment:
        raise ValidationError(
            "Enter an address without a user name, a question mark or #. The key is read from its variable."
        )
    return text


@admin.register(ProviderAccount)
class AccountAdmin(ReadOnlyAdmin[ProviderAccount]):
    """Providers, their limits and health. The environment's account is changed in the environment."""

    form = AccountForm
    list_display = ("name", "serves", "endpoint", "health", "recogniser", "key", "live_limit", "health_checked_at")
    list_filter = ("is_healthy", "kind")
    search_fields = ("name", "endpoint")
    actions = ("use_for_recordings", "use_for_live", "use_the_environments")
    fieldsets = (
        (None, {"fields": ("name", "kind", "endpoint", "ws_endpoint", "model", "key_variable")}),
        ("Limits", {"fields": LIMITS}),
        ("Prices", {"fields": PRICES}),
        ("Status", {"fields": ("described", "serves", "key", "health", "health_message", "recogniser")}),
        ("Now", {"fields": ("window_now", "next_in_the_queue")}),
    )
    machines = (
        *("described", "serves", "key", "health", "health_message", "recogniser"),
        *("window_now", "next_in_the_queue"),
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Let superusers create accounts."""
        return self.has_choose_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let superusers change what was made here; the environment's account is changed in the environment."""
        return self.has_choose_permission(request) and not (obj and environment.is_of_environment(obj))

    def has_choose_permission(self, request: HttpRequest) -> bool:
        """Tell who decides where recordings are sent."""
        return bool(request.user.is_active and request.user.is_superuser)

    def get_readonly_fields(self, request: HttpRequest, obj: ProviderAccount | None = None) -> tuple[str, ...]:
        """Leave the kind as it is: jobs under way speak to it."""
        return (*self.machines, "kind") if obj else self.machines

    def save_model(self, request: HttpRequest, obj: ProviderAccount, form: Any, change: Any) -> None:
        """Save the account; the health of another address is not that of this one."""
        super().save_model(request, obj, form, change)
        accounts.note_keys()
        if {"endpoint", "ws_endpoint"} & set(form.changed_data):
            environment.forget_health(obj)
        # They were entered for another address; who enters addresses must not be able to read keys with one
        if change and {"endpoint", "ws_endpoint"} & set(form.changed_data) and credentials.retire_all(obj):
            messages.warning(request, "The address changed, so the keys were retired. Enter them again.")

    @admin.display(description="health", ordering="is_healthy")
    def health(self, account: ProviderAccount) -> str:
        """Say how the provider is; without a key it isn't asked."""
        return health.in_words(account) if account.pk else "–"

    @admin.display(description="managed in")
    def described(self, account: ProviderAccount) -> str:
        """Say where the account is changed."""
        if account.pk and environment.is_of_environment(account):
            return "The environment. To change it, set its STT_ variables and restart; here you can view and choose it."
        return "This console"

    @admin.display(description="used for")
    def serves(self, account: ProviderAccount) -> str:
        """Say what new work goes to it."""
        return " and ".join(selection.served_by(account)) or "no new work"

    @admin.display(description="window")
    def window_now(self, account: ProviderAccount) -> str:
        """Say how much of the limit is used now."""
        return window_in_words(account) if account.pk else "–"

    @admin.display(description="next in the queue")
    def next_in_the_queue(self, account: ProviderAccount) -> str:
        """Name those that are sent next, in their order, with their teams and about how long it takes."""
        turns = next_at(account) if account.pk else []
        lines = ((turn.title, turn.team, f", in about {turn.seconds} s" if turn.seconds else "") for turn in turns)
        return format_html_join("", "<div>{} ({}){}</div>", lines) or "No recording waits."

    @admin.display(description="engine", ordering="engine")
    def recogniser(self, account: ProviderAccount) -> str:
        """Name what transcribes there, and say if it is a small model."""
        return f"{account.engine}, a small model" if account.is_draft else account.engine

    @admin.display(description="key")
    def key(self, account: ProviderAccount) -> str:
        """Say whether the key is there, never what it is."""
        if account.pk is None:
            return "Save the account, then enter its keys."
        variable = keys.key_variable_of(account)
        entered = [f"key {row}" for row in keys.entered(account)]
        named = [f"{variable} is {'set' if keys.environment_key(account) else 'not set'}"] if variable else []
        words = ", ".join([*entered, *named]) or "No key"
        return format_html('{}. <a href="{}">Keys</a>', words, reverse("operations_keys", args=[account.pk]))

    @admin.action(description="Use for recordings", permissions=["choose"])
    def use_for_recordings(self, request: HttpRequest, chosen: QuerySet[ProviderAccount]) -> None:
        """Let new recordings go to the chosen account."""
        self._choose(request, chosen, selection.use_for_recordings, "New recordings go to “{}”.")

    @admin.action(description="Use for live speech", permissions=["choose"])
    def use_for_live(self, request: HttpRequest, chosen: QuerySet[ProviderAccount]) -> None:
        """Let new live sessions go to the chosen account."""
        self._choose(request, chosen, selection.use_for_live, "New live sessions go to “{}”.")

    @admin.action(description="Use the environment's account again", permissions=["choose"])
    def use_the_environments(self, request: HttpRequest, chosen: QuerySet[ProviderAccount]) -> None:
        """Let everything new go to the environment's account."""
        selection.use_the_environments()
        for account in chosen:
            self.log_change(request, account, "The environment's account was chosen for everything.")
        messages.success(request, "All new work goes to the account that the environment describes.")

    def _choose(
        self,
        request: HttpRequest,
        chosen: QuerySet[ProviderAccount],
        use: Callable[[ProviderAccount], None],
        sentence: str,
    ) -> None:
        account, *others = chosen
        if others:
            messages.error(request, "Select one account only: new work goes to one account.")
            return
        try:
            use(account)
        except NoProvider as refusal:
            messages.error(request, str(refusal))
            return
        self.log_change(request, account, sentence.format(account))
        messages.success(request, sentence.format(account) + " Work in progress stays with its account.")


@admin.register(Credential)
class CredentialAdmin(ReadOnlyAdmin[Credential]):
    """Keys that were entered. What is secret is not shown, also not encrypted."""

    ordering = ("-pk",)
    list_display = ("account", "last_four", "made_by", "made_at", "last_used_at", "refused_at", "retired_at")
    search_fields = ("account__name", "last_four")
    exclude = ("secret",)
