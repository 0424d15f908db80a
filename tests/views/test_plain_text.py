"""No text that a request may hold makes the database refuse it: what it cannot store is taken out at the edge."""

from __future__ import annotations

import base64
import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.support.edits import rename
from tests.support.retranscription import make_session
from tests.views.conftest import client_of
from transcripts import formats
from transcripts.document import Segment
from transcripts.document.plain import one_line, storable
from transcripts.models import Marker, Recording, Speaker, Tag, Upload
from transcripts.services.library import folders, saved_filters
from transcripts.services.recordings import titles
from transcripts.services.sharing import shares
from transcripts.views.urls import urlpatterns

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.factories import Cast
    from transcripts.models import Transcript

NUL = "a\0b"
FIELDS = (
    "title", "text", "label", "note", "language", "team", "password", "lifetime", "kind", "email", "name", "emails",
    "domain", "query", "new_tags",
)  # fmt: skip


@pytest.fixture(autouse=True)
def as_postgresql(db: None) -> Iterator[None]:
    """A database that refuses what PostgreSQL does; SQLite takes everything."""

    def refuse(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        assert not any(isinstance(text, str) and text != storable(text) for text in params or ()), params
        return execute(sql, params, many, context)

    with connection.execute_wrapper(refuse):
        yield


@pytest.fixture
def spoken(cast: Cast) -> Transcript:
    return make_session(cast.team, cast.alice, Segment("Hold the page", 0, 900, "S0"))


@pytest.mark.parametrize("text", [NUL, "\0", "x\ud800y", "\0\ud800"])
def test_the_helpers_leave_what_can_be_stored(text: str) -> None:
    for cleaned in (storable(text), one_line(text)):
        assert "\0" not in cleaned
        cleaned.encode()
    assert storable("a\u200cb\nc\u202e") == "a\u200cb\nc\u202e"
    assert one_line(" a\u2028b\u202e\n c ") == "a b c"


def edit(client: Client, transcript: Transcript, operation: dict[str, str]) -> None:
    """Send an edit, as a page of its own."""
    batch = {"client": uuid.uuid4().hex[:16], "n": 1, "seq": 0, "ops": [operation]}
    path = f"/transcripts/{transcript.pk}/edits/"
    assert client.post(path, json.dumps(batch), content_type="application/json").status_code == 200


def test_every_page_bears_a_nul_in_its_query_its_form_and_its_cookies(cast: Cast, spoken: Transcript) -> None:
    ids = {
        "transcript_id": spoken.pk,
        "recording_id": spoken.recording_id,
        "session_id": spoken.live_session.pk,
        "segment_key": spoken.segments.get().key,
        "key": spoken.speakers.get().key,
        "speaker_key": spoken.speakers.get().key,
        "marker_id": uuid.uuid4(),
        "comparison_id": uuid.uuid4(),
        "conflict_id": 1,
        "claim_id": 1,
        "sign_in_id": 1,
        "identity_id": 1,
        "share_id": uuid.uuid4(),
        "link_id": uuid.uuid4(),
        "import_id": uuid.uuid4(),
        "grant_id": 1,
        "notification_id": 1,
        "upload_id": uuid.uuid4(),
        "act_id": uuid.uuid4(),
        "batch_id": uuid.uuid4(),
        "verb": "tag",
        "export_id": factories.make_export(cast.alice, spoken).pk,
        "token": NUL,
        "format": "txt",
        "slug": cast.team.slug,
        "term_id": 1,
        "route_id": 1,
        "user_id": cast.vera.pk,
        "invitation_id": uuid.uuid4(),
        "comment_id": uuid.uuid4(),
        "folder_id": folders.create(cast.team, "Court", actor=cast.alice).pk,
        "tag_id": Tag.objects.create(team=cast.team, name="dam").pk,
        "filter_id": saved_filters.save(cast.alice, "Mine", "team=&state=mine").pk,
    }
    fields = dict.fromkeys(FIELDS, NUL) | {"revision": "1", "at_ms": "10", NUL: NUL}
    client = client_of(cast.alice)
    client.raise_request_exception = True
    client.cookies["theme"] = NUL
    for pattern in urlpatterns:
        name = str(pattern.name)
        if name in ("recording_delete", "readyz"):  # the second says 503 of an instance that isn't running
            continue
        path = reverse(name, kwargs={key: ids[key] for key in pattern.pattern.converters})
        assert (
            client.get(
                path, {"q": NUL, "team": NUL, "before": NUL, "after": NUL, "state": NUL, "sort": NUL}
            ).status_code
            < 500
        ), name
        assert client.post(path, fields).status_code < 500, name
    assert Recording.objects.get(pk=spoken.recording_id).title == "ab"
    edit(client, spoken, {"op": "set_text", "id": spoken.segments.get().key, "was": "Hold the page", "text": NUL})
    edit(client, spoken, {"op": "rename_speaker", "speaker": spoken.speakers.get().key, "label": NUL})
    assert spoken.segments.get().text == "ab"
    assert Speaker.objects.get().label == "ab"
    assert Marker.objects.get().note == "ab"


def test_a_stranger_with_a_nul_gets_an_answer(cast: Cast) -> None:
    client = Client()
    client.cookies["sessionid"] = NUL
    for path in ("/accounts/login/", "/accounts/password/reset/", "/admin/login/"):
        fields = {"login": "a\0@example.org", "email": "a\0@example.org", "username": NUL, "password": NUL}
        assert client.post(path, fields).status_code < 500, path
    assert client.get("/captions/a%00b/").status_code == 404


def test_the_console_bears_a_nul_in_a_search_a_filter_and_a_form(cast: Cast) -> None:
    cast.alice.is_staff = cast.alice.is_superuser = True
    cast.alice.save()
    client = client_of(cast.alice)
    for path in ("/admin/transcripts/recording/", "/admin/accounts/team/", "/admin/transcripts/provideraccount/"):
        assert client.get(path, {"q": NUL}).status_code < 500
        assert client.get(path, {"name__exact": NUL}).status_code < 500
    form = {
        "name": "News\0room",
        "slug": "news\0",
        "memberships-TOTAL_FORMS": "0",
        "memberships-INITIAL_FORMS": "0",
    }
    assert client.post(f"/admin/accounts/team/{cast.team.pk}/change/", form).status_code < 500


def test_an_upload_is_called_what_can_be_stored(cast: Cast) -> None:
    factories.make_account()
    pairs = {"filename": "ta\0lk.wav", "language": "e\0n", "team": cast.team.slug}
    metadata = ",".join(f"{key} {base64.b64encode(text.encode()).decode()}" for key, text in pairs.items())
    headers = {"Tus-Resumable": "1.0.0", "Upload-Length": "9", "Upload-Metadata": metadata}
    assert client_of(cast.alice).post(reverse("uploads"), headers=headers).status_code == 201
    upload = Upload.objects.get()
    assert (upload.filename, upload.language) == ("talk.wav", "en")


def test_services_take_text_from_a_terminal_too(cast: Cast, spoken: Transcript) -> None:
    titles.rename(spoken.recording, actor=cast.alice, title="Half \ud800 a pair\0")
    rename(spoken.speakers.get(), "Bo\u2028\ud800", actor=cast.alice)
    assert (Recording.objects.get().title, Speaker.objects.get().label) == ("Half a pair", "Bo")


def test_the_same_password_opens_a_link_although_it_held_a_nul(cast: Cast, spoken: Transcript) -> None:
    session = spoken.live_session
    client_of(cast.alice).post(reverse("live_share", args=[session.pk]), {"lifetime": "day", "password": "op\0en"})
    [link] = shares.of(session.recording)
    answer = Client().post(reverse("captions", args=[link.token]), {"password": "op\0en"})
    assert answer.status_code == 302


def test_a_download_takes_the_options_of_its_format(cast: Cast, spoken: Transcript) -> None:
    client = client_of(cast.alice)
    href = reverse("transcript_export", args=[spoken.pk, "txt"])
    assert client.get(href).content.decode().startswith("[00:00:")
    assert not client.get(href, {"times": "no"}).content.decode().startswith("[")
    refused = client.get(href, {"colour": "yes"})
    assert refused.status_code == 422
    assert "Unknown export option “colour”; choose one of times, speakers." in refused.content.decode()
    assert client.get(reverse("transcript_export", args=[spoken.pk, "exe"])).status_code == 404


def test_a_format_added_to_the_registry_is_in_the_menu_the_terminal_and_the_download(
    cast: Cast, spoken: Transcript, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transcripts.management.commands.transcribe import Command

    added = formats.Format("transcripts.formats.txt", "text/x-log; charset=utf-8", "LOG", "logs", "log")
    monkeypatch.setitem(formats.FORMATS, "log", added)
    client = client_of(cast.alice)
    page = client.get(reverse("transcript_exports", args=[spoken.pk])).content.decode()
    assert 'value="log"' in page
    assert "<b>LOG</b>" in page
    answer = client.get(reverse("transcript_export", args=[spoken.pk, "log"]))
    assert answer["Content-Type"] == "text/x-log; charset=utf-8"
    assert "Hold the page" in answer.content.decode()
    assert ".log" in answer["Content-Disposition"]
    assert Command().create_parser("manage.py", "transcribe").parse_args(["x.wav", "--format", "log"]).format == ["log"]


@pytest.mark.parametrize(
    ("language", "source", "words"),
    [
        ("de", "detected", "German (detected)"),
        ("en", "assumed", "assumed English"),
        ("fr", "chosen", "French"),
        ("", "", "language unknown"),
    ],
)
def test_how_the_language_is_known_is_said_with_a_way_to_another(
    cast: Cast, spoken: Transcript, language: str, source: str, words: str
) -> None:
    spoken.language, spoken.language_source = language, source
    spoken.save()
    page = " ".join(client_of(cast.alice).get(spoken.get_absolute_url()).content.decode().split())
    assert f'<span id="language">{words}</span>' in page
    assert f'href="{spoken.recording.get_absolute_url()}#run-again"' in page
    assert "#run-again" not in client_of(cast.vera).get(spoken.get_absolute_url()).content.decode()
    assert 'id="run-again"' in client_of(cast.alice).get(spoken.recording.get_absolute_url()).content.decode()
