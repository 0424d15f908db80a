"""How people want to work: which settings there are, what each may be, and what it is until a person changes it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.db import transaction

from accounts.models import Preferences

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User

SLOWEST, FASTEST = 0.5, 3
LONGEST_BACK_MS = 10_000
MOST_KEYS, MOST_PEDALS, MOST_KINDS, MOST_TEAMS = 200, 20, 20, 100
MAIL_CHOICES = ("off", "now", "daily")
PRESETS = ("verbatim", "otranscribe", "express_scribe", "descript")
DEVICE, BUTTON = re.compile(r"[0-9a-f]{4}:[0-9a-f]{4}"), re.compile(r"[0-9]{1,3}\.[0-9]{1,3}")
SLUG = re.compile(r"[-\w]{0,50}")
TAG, NUMBER = re.compile(r"[-A-Za-z0-9]{0,35}"), re.compile(r"[0-9]{0,15}")
NAME = re.compile(r"[a-z]{1,20}(\.[a-z0-9_]{1,30})?")

DEFAULTS: dict[str, Any] = {
    "seek_on": "click",
    "speed": 1,
    "while_typing": "play",
    "back_on_resume_ms": 1_000,
    "picture": "docked",
    "key_preset": "verbatim",
    "own_keys": {},
    "pedals": {},
    "doubts": "marked",
    "doubt_threshold": 60,
    "doubt_order": "need",
    "review_time": "counted",
    "notify": {},
    "team": "",
    "uploads": {},
}


class Invalid(ValueError):
    """A setting that doesn't exist or can't have this value. The message is for the person or their program."""


def of(user: User) -> dict[str, Any]:
    """Return a person's settings, those that they never changed included."""
    row = Preferences.objects.filter(user=user).first()
    return DEFAULTS | (row.values if row else {})


def change(user: User, changes: Any) -> dict[str, Any]:
    """Change some of a person's settings; return all of them. Raises Invalid, and then changes nothing."""
    checked = _checked(changes)
    with transaction.atomic():
        Preferences.objects.get_or_create(user=user)
        row = Preferences.objects.select_for_update().get(user=user)
        row.values = {name: value for name, value in (row.values | checked).items() if value != DEFAULTS[name]}
        row.save(update_fields=["values", "updated_at"])
    stored: dict[str, Any] = row.values
    return DEFAULTS | stored


def _checked(changes: Any) -> dict[str, Any]:
    if not isinstance(changes, dict):
        raise Invalid("Settings are sent as a JSON object of names and values.")
    for name, value in changes.items():
        if name not in CHECKS:
            raise Invalid(f"There is no setting “{str(name)[:40]}”.")
        if not CHECKS[name](value):
            raise Invalid(f"The setting “{name}” can't have this value.")
    return changes


def _one_of(*choices: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and value in choices


def _number(low: float, high: float) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int | float) and not isinstance(value, bool) and low <= value <= high


def _is_slug(value: Any) -> bool:
    return isinstance(value, str) and bool(SLUG.fullmatch(value))


def _are_keys(value: Any) -> bool:
    """Tell whether these are combinations of keys by the name of a shortcut: `{"playback.back": ["F7"]}`."""
    if not isinstance(value, dict) or len(value) > MOST_KEYS:
        return False
    return all(NAME.fullmatch(name) and _are_combinations(keys) for name, keys in value.items())


def _are_combinations(keys: Any) -> bool:
    return (
        isinstance(keys, list) and len(keys) <= 4 and all(isinstance(key, str) and 0 < len(key) <= 40 for key in keys)
    )


def _are_pedals(value: Any) -> bool:
    """Tell whether these are shortcuts by pedal, by vendor and product of the device: `{"05f3:00ff": {"0.1": "…"}}`."""
    if not isinstance(value, dict) or len(value) > MOST_PEDALS:
        return False
    return all(DEVICE.fullmatch(device) and _are_buttons(buttons) for device, buttons in value.items())


def _are_buttons(buttons: Any) -> bool:
    if not isinstance(buttons, dict) or len(buttons) > MOST_PEDALS:
        return False
    return all(
        BUTTON.fullmatch(button) and isinstance(name, str) and NAME.fullmatch(name) for button, name in buttons.items()
    )


def _are_wishes(value: Any) -> bool:
    """Tell whether these say how to tell of what, by kind: `{"ready": {"page": true, "mail": "daily"}}`."""
    if not isinstance(value, dict) or len(value) > MOST_KINDS:
        return False
    return all(NAME.fullmatch(kind) and _is_wish(wish) for kind, wish in value.items())


def _is_wish(wish: Any) -> bool:
    if not isinstance(wish, dict) or wish.keys() != {"page", "mail"}:
        return False
    return isinstance(wish["page"], bool) and wish["mail"] in MAIL_CHOICES


def _are_upload_choices(value: Any) -> bool:
    """Tell whether these are choices by the team one works in: `{"desk": {"team": …, "language": …, "folder": …}}`."""
    if not isinstance(value, dict) or len(value) > MOST_TEAMS:
        return False
    return all(SLUG.fullmatch(team) and _is_upload_choice(choice) for team, choice in value.items())


def _is_upload_choice(choice: Any) -> bool:
    """Tell whether this is a choice of upload options; what it names may be gone when it is used."""
    if not isinstance(choice, dict) or choice.keys() != {"team", "language", "folder"}:
        return False
    is_text = all(isinstance(text, str) for text in choice.values())
    return is_text and all(
        (SLUG.fullmatch(choice["team"]), TAG.fullmatch(choice["language"]), NUMBER.fullmatch(choice["folder"]))
    )


CHECKS: dict[str, Callable[[Any], bool]] = {
    "seek_on": _one_of("click", "double_click"),
    "speed": _number(SLOWEST, FASTEST),
    "while_typing": _one_of("play", "pause", "slow"),
    "back_on_resume_ms": _number(0, LONGEST_BACK_MS),
    "picture": _one_of("docked", "floating", "hidden"),
    "key_preset": _one_of(*PRESETS),
    "own_keys": _are_keys,
    "pedals": _are_pedals,
    "doubts": _one_of("marked", "off"),
    "doubt_threshold": _number(0, 100),
    "doubt_order": _one_of("need", "time"),
    "review_time": _one_of("counted", "named"),
    "team": _is_slug,
    "notify": _are_wishes,
    "uploads": _are_upload_choices,
}
