"""The console's page of the rules that hold for every team, and of where providers are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from transcripts.models import ProviderAccount
from transcripts.models.providers import Place
from transcripts.selectors import routing as selector
from transcripts.services.provider_accounts.routing import changes
from transcripts.views.operations.operators import OperatorRequest, choosers_only
from transcripts.views.refusals import shown_on_page

if TYPE_CHECKING:
    from django.http import HttpResponse


@require_http_methods(["GET", "HEAD", "POST"])
@choosers_only
def routing(request: OperatorRequest) -> HttpResponse:
    """Show the instance's rules and all accounts, or add a rule."""
    if request.method != "POST":
        rules, lines = selector.of_instance()
        shown = {"title": "Routing", "rules": rules, "lines": lines, "choices": Place.choices}
        return render(request, "operations/routing.html", {**admin.site.each_context(request), **shown})
    said = {name: request.POST.get(name, "")[:35] for name in ("language", "media")}
    with shown_on_page(request):
        route = changes.add(None, request.POST.get("account", ""), **said)
        _log(request, route.account, f"Added the rule “{route}”.")
    return redirect("operations_routing")


@require_POST
@choosers_only
def route(request: OperatorRequest, route_id: int) -> HttpResponse:
    """Move a rule up or down, or remove it."""
    with shown_on_page(request):
        if "remove" in request.POST:
            gone = changes.remove(None, route_id)
            _log(request, gone.account, f"Removed the rule “{gone}”.")
        else:
            is_down = "down" in request.POST
            moved = changes.shift(None, route_id, 1 if is_down else -1)
            _log(request, moved.account, f"Moved the rule “{moved}” {'down' if is_down else 'up'}.")
    return redirect("operations_routing")


@require_POST
@choosers_only
def place(request: OperatorRequest, account_id: int) -> HttpResponse:
    """Say where an account is: what teams that keep their audio here go by."""
    account, said = get_object_or_404(ProviderAccount, pk=account_id), request.POST.get("place", "")
    if said not in Place.values:
        raise Http404
    changes.say_place(account, said)
    _log(request, account, f"{account} is {Place(said).label.lower()}.")
    return redirect("operations_routing")


def _log(request: OperatorRequest, account: ProviderAccount, said: str) -> None:
    messages.success(request, said)
    LogEntry.objects.create(
        user_id=request.user.pk,
        content_type=ContentType.objects.get_for_model(ProviderAccount),
        object_id=str(account.pk),
        object_repr=str(account)[:200],
        action_flag=CHANGE,
        change_message=said,
    )
