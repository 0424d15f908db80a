"""How guests come in: the name they give, and the record of their visits.

A name is one guest's on its link: another session that gives the same is numbered. So the link and the name tell who
wrote a comment or an edit, without an account.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from transcripts import clock
from transcripts.access import Guest
from transcripts.document.plain import one_line
from transcripts.models import Share, ShareOpening
from transcripts.services.errors import Refused
from transcripts.services.sharing import shares

if TYPE_CHECKING:
    from collections.abc import MutableMapping

LONGEST_NAME = 60
NO_NAME = "Enter your name first, so that others know who writes."
# A program that keeps no session would fill the log of a link.
MOST_OPENINGS_A_DAY = 500
MOST_NAMES_A_DAY, DAY = 500, timedelta(days=1)
TOO_MANY = "Too many people have given a name on this link today. Try again tomorrow, or ask for a link of your own."
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    *(("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iOS")),
    *(("Windows", "Windows"), ("Mac OS", "macOS"), ("Linux", "Linux")),
)


def guest_of(share: Share, session: MutableMapping[str, Any]) -> Guest:
    """Return the guest of this session, with the name they gave on this link."""
    return Guest(share, str(session.get(_name_key(share), "")))


def record_opening(guest: Guest, session: MutableMapping[str, Any], agent: str) -> None:
    """Record that a guest opened the link, once a session and day."""
    today = timezone.localdate(clock.now())
    if session.get(_day_key(guest.share)) == today.isoformat():
        return
    session[_day_key(guest.share)] = today.isoformat()
    openings = ShareOpening.objects.filter(share=guest.share, opened_at__date=today)
    if openings.count() < MOST_OPENINGS_A_DAY:
        ShareOpening.objects.create(share=guest.share, guest_name=guest.name, browser=browser_of(agent))


@transaction.atomic
def introduce(share: Share, name: str, session: MutableMapping[str, Any], agent: str) -> Guest:
    """Give the guest of this session a name; it stays the first they gave. Raises Refused without one."""
    known = guest_of(share, session)
    if known.name:
        return known
    name = one_line(name)[:LONGEST_NAME].strip()
    if not name:
        raise Refused("no_guest_name", NO_NAME)
    # One at a time, so that two can't both be the first of a name
    gate = shares.gate_of(share)
    type(gate)._default_manager.select_for_update().get(pk=gate.pk)
    named = ShareOpening.objects.filter(_with_the_same_guests(share)).exclude(guest_name="")
    if named.filter(opened_at__gt=clock.now() - DAY).count() >= MOST_NAMES_A_DAY:
        raise Refused("too_many_guests", TOO_MANY)
    taken = set(named.values_list("guest_name", flat=True))
    name = _free(name, {one.casefold() for one in taken})
    ShareOpening.objects.create(share=share, guest_name=name, browser=browser_of(agent))
    session[_name_key(share)] = name
    session[_day_key(share)] = timezone.localdate(clock.now()).isoformat()
    return Guest(share, name)


def browser_of(agent: str) -> str:
    """Return the browser and the system that a User-Agent header names: "Firefox on Linux"; empty if it names none."""
    named = [next((name for mark, name in known if mark in agent), "") for known in (BROWSERS, SYSTEMS)]
    return " on ".join(name for name in named if name)


def _with_the_same_guests(share: Share) -> Q:
    """Return what is true of the openings of a link; of all in a folder, for those of a link to one."""
    return Q(share__folder_link=share.folder_link) if share.folder_link_id else Q(share=share)


def _free(name: str, taken: set[str]) -> str:
    number = 1
    free = name
    while free.casefold() in taken:
        number += 1
        free = f"{name} {number}"
    return free


def _name_key(share: Share) -> str:
    return f"guest:{share.folder_link_id or share.pk}"


def _day_key(share: Share) -> str:
    return f"opened:{share.pk}"
