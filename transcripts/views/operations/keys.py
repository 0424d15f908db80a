"""The page of an account's keys: enter one, test one, retire one."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from allauth.account.internal.flows.reauthentication import is_reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from transcripts.models import ProviderAccount
from transcripts.services.errors import Refused
from transcripts.services.provider_accounts import credentials, health
from transcripts.services.provider_accounts import keys as keys_of_accounts
from transcripts.services.provider_accounts.secret_stores import secret_files
from transcripts.views.operations.operators import OperatorRequest, choosers_only

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpResponse

    from transcripts.services.provider_accounts.keys import Key


def superusers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let only those in who choose providers, once it is known who is at the keyboard."""

    @wraps(view)
    def guarded(request: OperatorRequest, *args: Any, **named: Any) -> HttpResponse:
        if is_reauthentication_required(request, app="account"):
            if request.method == "POST":
                # What was posted would be stored in the session until the answer: the key must not be
                messages.warning(request, "Nothing was done. Confirm that it’s you, then do it again.")
                return redirect("operations_keys", named["account_id"])
            raise ReauthenticationRequired
        return view(request, *args, **named)

    return choosers_only(guarded)


@require_safe
@superusers_only
def keys(request: OperatorRequest, account_id: int) -> HttpResponse:
    """Show the account's keys by their last four, and offer to enter one."""
    account = get_object_or_404(ProviderAccount, pk=account_id)
    variable = keys_of_accounts.key_variable_of(account)
    context = {
        **admin.site.each_context(request),
        "title": f"Keys of {account}",
        "account": account,
        "keys": keys_of_accounts.with_states(account),
        "variable": variable,
        "file_problem": secret_files.problem_of(variable) if variable else "",
    }
    return render(request, "operations/keys.html", context)


@sensitive_post_parameters("key")
@require_POST
@superusers_only
def act(request: OperatorRequest, account_id: int, act: str) -> HttpResponse:
    """Enter, test or retire a key, and say what came of it."""
    account = get_object_or_404(ProviderAccount, pk=account_id)
    if act not in DOING:
        raise Http404
    try:
        is_well, said = DOING[act](request, account)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        (messages.info if is_well else messages.warning)(request, said)
        _log(request, account, said)
    return redirect("operations_keys", account.pk)


def _enter(request: OperatorRequest, account: ProviderAccount) -> tuple[bool, str]:
    made = credentials.enter(account, request.POST.get("key", ""), by=request.user)
    return True, f"Saved. The key {made} is used from now on."


def _test(request: OperatorRequest, account: ProviderAccount) -> tuple[bool, str]:
    return health.test_key(account, _named(request, account))


def _retire(request: OperatorRequest, account: ProviderAccount) -> tuple[bool, str]:
    key = _named(request, account)
    if key.credential is None:
        raise Refused("nothing_to_do", "This key is in the environment. Remove it there.")
    credentials.retire(key.credential)
    return True, f"The key {key.credential} is retired and forgotten."


def _named(request: OperatorRequest, account: ProviderAccount) -> Key:
    named = request.POST.get("credential", "")
    for key in keys_of_accounts.of(account):
        if named == (str(key.credential.pk) if key.credential else ""):
            return key
    raise Refused("nothing_to_do", "This key isn’t there any more.")


def _log(request: OperatorRequest, account: ProviderAccount, said: str) -> None:
    LogEntry.objects.create(
        user_id=request.user.pk,
        content_type=ContentType.objects.get_for_model(ProviderAccount),
        object_id=str(account.pk),
        object_repr=str(account)[:200],
        action_flag=CHANGE,
        change_message=said,
    )


DOING = {"enter": _enter, "test": _test, "retire": _retire}
