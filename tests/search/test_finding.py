"""What a person finds: the words of what they may read, as they are now, and nothing of anyone else."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from accounts.models import Membership
from tests import factories
from transcripts.document import Segment as Spoken
from transcripts.models import Folder, Grant, Marker, Recording, Segment, Speaker, Tag
from transcripts.selectors.search import page, plan, scope
from transcripts.services.live import final_words, leases, lifecycle
from transcripts.services.provider_accounts import environment
from transcripts.services.recordings import titles
from transcripts.services.transcript.comments import threads

if TYPE_CHECKING:
    from typing import Any

    from accounts.models import User
    from tests.factories import Cast
    from transcripts.models import Transcript

pytestmark = pytest.mark.django_db


@pytest.fixture
def dams(cast: Cast) -> Transcript:
    lines = [("Dr Hale", "The silt behind the dam."), ("Chair", "Who pays for the silt?"), ("Dr Hale", "Nobody pays.")]
    return factories.make_transcript(factories.make_recording(cast.team, "River dams", owner=cast.alice), lines)


def search(user: User, text: str, **filters: Any) -> page.Page:
    return page.page(user, scope.Filters(text=text, **filters))


def titled(user: User, text: str, **filters: Any) -> list[str]:
    return [result.recording.title for result in search(user, text, **filters).results]


def texts(found: page.Page) -> list[str]:
    return ["".join(piece.text for piece in moment.pieces) for result in found.results for moment in result.moments]


def test_moments_say_when_who_and_what_around(cast: Cast, dams: Transcript) -> None:
    (result,) = search(cast.vera, "silt").results
    assert [(moment.at_ms, moment.label) for moment in result.moments] == [(0, "Dr Hale"), (2_000, "Chair")]
    assert [piece.text for piece in result.moments[0].pieces if piece.is_hit] == ["silt"]
    assert search(cast.vera, "silt").summary == "2 moments in 1 recording"


def test_titles_speakers_comments_and_notes_are_found(cast: Cast, dams: Transcript) -> None:
    threads.add(dams, uuid.uuid4(), threads.Draft("Ask the fishmonger", at_ms=900), actor=cast.erin)
    Marker.objects.create(recording=dams.recording, at_ms=1_200, note="Budget vote", author=cast.erin)
    assert search(cast.vera, "river").results[0].kinds == ["title"]
    assert search(cast.vera, "wav").results[0].kinds == ["file name"]
    assert search(cast.vera, "hale").results[0].kinds == ["speaker"]
    assert texts(search(cast.vera, "fishmonger")) == ["Ask the fishmonger"]
    (moment,) = search(cast.vera, "vote").results[0].moments
    assert (moment.at_ms, moment.label) == (1_200, "Marker, Erin East")
    assert search(cast.vera, "river").summary == "1 title"


def test_more_of_a_recording_is_shown_when_asked(cast: Cast, dams: Transcript) -> None:
    factories.make_transcript(factories.make_recording(cast.team, "Long"), [("A", f"gravel {n}") for n in range(14)])
    (result,) = search(cast.vera, "gravel").results
    assert (result.count, len(result.moments), result.more) == (14, 3, 11)
    assert len(page.more(cast.vera, scope.Filters(text="gravel"), result.recording.pk)) == 14


def test_only_the_latest_transcript_is_found_and_nothing_in_the_trash(cast: Cast, dams: Transcript) -> None:
    factories.make_transcript(dams.recording, [("A", "Sediment instead.")])
    assert titled(cast.vera, "silt") == titled(cast.vera, "hale") == []
    assert titled(cast.vera, "sediment") == ["River dams"]
    Recording.objects.update(deleted_at=timezone.now())
    assert titled(cast.alice, "sediment") == titled(cast.alice, "river") == []


# Permission


def test_an_outsider_finds_nothing_through_any_filter(cast: Cast, dams: Transcript) -> None:
    folder = Folder.objects.create(team=cast.team, name="Court")
    tag = Tag.objects.create(team=cast.team, name="dam")
    Recording.objects.update(folder=folder)
    dams.recording.tags.add(tag)
    narrow: list[dict[str, Any]] = [
        {"team": cast.team.slug}, {"folder": folder.pk}, {"tag": tag.pk}, {"speaker": "hale"}, {"language": "en"},
        {"state": "mine"}, {"state": "shared"}, {"state": "approved"}, {"state": "review"}, {"order": "best"}, {},
    ]  # fmt: skip
    for filters in narrow:
        for text in ("silt", "sil*", "river", "hale", '"the silt"', "the"):
            found = search(cast.charlie, text, **filters)
            assert (found.results, found.summary, found.near, found.older) == ([], "", [], "")
    assert search(cast.charlie, "sillt").near == search(cast.charlie, "hael").near == []
    assert titled(cast.vera, "silt", folder=folder.pk, tag=tag.pk, speaker="hale", language="en") == ["River dams"]


def test_those_it_is_shared_with_find_it_until_the_grant_ends(cast: Cast, dams: Transcript) -> None:
    grant = Grant.objects.create(recording=dams.recording, user=cast.charlie)
    assert titled(cast.charlie, "silt") == titled(cast.charlie, "silt", state="shared") == ["River dams"]
    Grant.objects.filter(pk=grant.pk).update(revoked_at=timezone.now())
    assert titled(cast.charlie, "silt") == []
    Grant.objects.filter(pk=grant.pk).update(revoked_at=None, expires_at=timezone.now() - timedelta(seconds=1))
    assert titled(cast.charlie, "silt") == []


def test_who_left_the_team_finds_nothing_of_it(cast: Cast, dams: Transcript) -> None:
    Membership.objects.filter(user=cast.vera, team=cast.team).delete()
    assert titled(cast.vera, "silt") == []


@pytest.fixture
def _everything_is_common(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "_rare", lambda filters, query: None)


def test_forms_that_are_common_do_not_bury_the_word_itself(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    rare = plan._rare
    monkeypatch.setattr(
        plan, "_rare", lambda filters, query: None if query.terms[0].is_prefix else rare(filters, query)
    )
    monkeypatch.setattr(plan, "FARTHEST", 1)
    recording = factories.make_recording(cast.team, "River dams")
    factories.make_transcript(recording, [("A", "The dredger came."), ("A", "Dredging and dredgers.")])
    assert texts(search(cast.vera, "dredger")) == ["The dredger came."]
    found = search(cast.vera, "dredge")
    assert texts(found) == ["The dredger came.", "Dredging and dredgers."]
    assert sorted(found.forms) == ["dredger", "dredgers"]


@pytest.mark.usefixtures("_everything_is_common")
def test_common_words_are_found_recording_by_recording(cast: Cast, dams: Transcript) -> None:
    Grant.objects.create(recording=dams.recording, user=cast.charlie)
    for text in ("silt", '"the silt"', "silt -pays", "river", "hale", "silt pay*"):
        assert titled(cast.vera, text) == titled(cast.charlie, text) == ["River dams"]
    assert titled(cast.vera, '"silt the"') == titled(cast.vera, "silt nobody") == []
    Grant.objects.all().delete()
    assert titled(cast.charlie, "silt") == []


@pytest.mark.usefixtures("_everything_is_common")
def test_common_words_come_in_pages_and_a_walk_ends_somewhere(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    for number in range(25):
        made = factories.make_recording(cast.team, f"Talk {number}", created_at=now - timedelta(minutes=number))
        factories.make_transcript(made, [("A", "the silt" if number != 5 else "nothing")])
    seen, before = [], ""
    for _ in range(3):
        found = search(cast.vera, "silt", before=before)
        seen += [result.recording.title for result in found.results]
        before = found.older
    assert seen == [f"Talk {number}" for number in range(25) if number != 5]
    assert search(cast.vera, "silt").summary == "More than 10 moments in 10 recordings"
    monkeypatch.setattr(plan, "FARTHEST", 16)
    found = search(cast.vera, "nothing")
    assert [result.recording.title for result in found.results] == ["Talk 5"]
    assert found.reached is not None
    assert search(cast.vera, "nothing", before=found.older).results == []


def test_rare_words_come_in_pages_of_the_newest_first(cast: Cast) -> None:
    now = timezone.now()
    for number in range(12):
        made = factories.make_recording(cast.team, f"Talk {number}", created_at=now - timedelta(minutes=number))
        factories.make_transcript(made, [("A", "the silt")])
    first = search(cast.vera, "silt")
    assert [result.recording.title for result in first.results] == [f"Talk {number}" for number in range(10)]
    assert first.summary == "12 moments in 12 recordings"
    assert titled(cast.vera, "silt", before=first.older) == ["Talk 10", "Talk 11"]
    assert titled(cast.vera, "silt", before="nonsense") == titled(cast.vera, "silt")


def test_the_best_match_comes_first(cast: Cast, dams: Transcript) -> None:
    later = factories.make_recording(cast.team, "Later")
    factories.make_transcript(later, [("A", "A river once.")])
    assert titled(cast.vera, "river") == ["Later", "River dams"]
    assert titled(cast.vera, "river", order="best") == ["River dams", "Later"]


# Filters


def test_filters_narrow_what_is_found(cast: Cast, dams: Transcript) -> None:
    other = factories.make_recording(cast.team, "Other", created_at=timezone.now() - timedelta(days=40))
    factories.make_transcript(other, [("Berg", "Silt auf Deutsch.")], language="de")
    today = timezone.now().date()
    assert titled(cast.vera, "silt") == ["River dams", "Other"]
    assert titled(cast.vera, "silt", language="de") == titled(cast.vera, "silt", speaker="berg") == ["Other"]
    assert titled(cast.vera, "silt", since=today - timedelta(days=1)) == ["River dams"]
    assert titled(cast.vera, "silt", until=today - timedelta(days=1)) == ["Other"]
    assert titled(cast.alice, "silt", state="mine") == ["River dams"]
    assert titled(cast.vera, "silt", team="elsewhere") == []
    assert texts(search(cast.vera, "silt", speaker="chair")) == ["Who pays for the silt?"]


# Other forms and slips


def test_other_forms_are_found_if_there_is_little(cast: Cast, dams: Transcript) -> None:
    factories.make_transcript(factories.make_recording(cast.team, "Basin"), [("A", "The silting of the basin.")])
    found = search(cast.vera, "silt")
    assert [result.recording.title for result in found.results] == ["Basin", "River dams"]
    assert found.forms == ["silting"]
    assert titled(cast.vera, "silt", is_exact=True) == ["River dams"]


def test_a_slip_in_a_name_is_answered_with_the_name(cast: Cast, dams: Transcript) -> None:
    assert search(cast.vera, "hael").near == ["hale"]
    assert search(cast.vera, "Dr hael").near == ["Dr hale"]
    assert search(cast.vera, "rivver").near == ["river"]
    assert search(cast.vera, "xyzzy").near == []


# Fresh


def test_every_change_is_found_when_it_is_written(cast: Cast, dams: Transcript) -> None:
    segment = dams.segments.all()[0]
    Segment.objects.filter(pk=segment.pk).update(text="A heron stood there.")
    assert titled(cast.vera, "heron") == ["River dams"]
    titles.rename(dams.recording, actor=cast.erin, title="Weirs")
    assert titled(cast.vera, "weirs") == ["Weirs"]
    Speaker.objects.filter(transcript=dams, label="Chair").update(label="Deputy Koval")
    assert titled(cast.vera, "koval") == ["Weirs"]


def test_live_words_are_found_while_the_session_is_on(cast: Cast) -> None:
    environment.from_environment()
    session = leases.take(lifecycle.start(owner=cast.erin, team=cast.team, title="Meeting"))
    final_words.append(session, Spoken("Hold the presses.", 0, 900, "S0"))
    (result,) = search(cast.vera, "presses").results
    assert result.href == f"/live/{session.pk}/"


# Hostile


@pytest.mark.parametrize(
    "text",
    [
        '"', "'", "*", "-", "(", ")", "NEAR(silt dam)", "silt AND", "body:silt", "{scope}:x", "silt^2",
        "silt:*", "!silt",
        "silt & !dam | x", "<-> silt", "a\x00b", "%s %(x)s %", "\\", "'; DROP TABLE x; --", "\u202esilt",
        "👍🏽", "\ud800",
        "x" * 10_000, "silt " * 2_000, '"silt ' * 400, "-" * 5_000, "\ue000" + "0" * 32, "سلام", "שלום", "٣", "½", "ﷺ",
        "a" * 60 + "*", "éé*", "0*", "1e5", "http://a.b/c?d=e", "a@b.c", "<b>x</b>", "&amp;", "-silt",
        "- silt", '-"silt dam"',
    ],
)  # fmt: skip
def test_nothing_that_is_typed_is_an_error(cast: Cast, dams: Transcript, text: str) -> None:
    others: list[dict[str, Any]] = [{}, {"order": "best"}, {"is_exact": True}, {"before": text}]
    for filters in others:
        found = search(cast.vera, text, **filters)
        assert len(found.results) <= 1
        assert search(cast.charlie, text).results == []


@pytest.mark.usefixtures("_everything_is_common")
@pytest.mark.parametrize("text", ['"silt the', 'silt -"pays for"', "sil* -pay*", "pay* -nobody"])
def test_walks_take_every_kind_of_query(cast: Cast, dams: Transcript, text: str) -> None:
    assert titled(cast.vera, text) == ["River dams"]
