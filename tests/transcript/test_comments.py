"""Comments on a transcript: stored once, at their words, changed by who may, and told to every page."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from accounts.models import Role
from tests import factories
from tests.support import edits
from tests.transcript.pages import Page, say
from tests.views.conftest import client_of
from transcripts import access, events
from transcripts.models import Comment, Mention, Segment
from transcripts.models.choices import CommentKind
from transcripts.selectors import editor
from transcripts.selectors.review.comments import comments_of
from transcripts.services.errors import Refused
from transcripts.services.transcript.comments import threads
from transcripts.services.transcript.comments.threads import Draft, Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User
    from tests.factories import Cast
    from transcripts.models import Transcript

pytestmark = pytest.mark.django_db


def on(transcript: Transcript, words: str, body: str = "Is it?", *, key: str = "", **more: Any) -> Draft:
    """Return a comment on words of the transcript as it is."""
    found = transcript.segments.filter(text__contains=words)
    segment = found.get(key=key) if key else found[0]
    begin = segment.text.index(words)
    transcript.refresh_from_db(fields=["changes"])
    seq = more.pop("seq", transcript.changes)
    return Draft(body, segment=segment.key, begin=begin, end=begin + len(words), quoted=words, seq=seq, **more)


def add(transcript: Transcript, draft: Draft, actor: User) -> Comment:
    return threads.add(transcript, uuid.uuid4(), draft, actor=actor)


def covered(comment: Comment) -> tuple[str, str]:
    """Return the key of the segment of a comment, and the words that it covers."""
    comment = Comment.objects.get(pk=comment.pk)
    segment = Segment.with_removed.get(comments=comment)
    return segment.key, segment.text[comment.begin : comment.end]


def test_a_comment_that_is_sent_twice_is_stored_once(cast: Cast, edited: Transcript) -> None:
    draft, chosen = on(edited, "paige"), uuid.uuid4()
    made = [threads.add(edited, chosen, draft, actor=cast.erin) for _ in range(2)]
    assert made[0] == made[1]
    assert Comment.objects.count() == 1
    with pytest.raises(Refused, match="number"):
        threads.add(edited, chosen, draft, actor=cast.alice)


def test_edits_take_comments_along(cast: Cast, edited: Transcript) -> None:
    comment = add(edited, on(edited, "works"), cast.erin)
    edits.apply(edited, {"op": "split", "id": "s1", "was": "Thursday works", "at": 9, "new": "new"}, actor=cast.alice)
    assert covered(comment) == ("new", "works")
    edits.apply(edited, {"op": "merge", "id": "new"}, actor=cast.alice)
    assert covered(comment) == ("s1", "works")
    edits.apply(edited, {"op": "merge", "id": "s1"}, actor=cast.alice)
    assert covered(comment) == ("s0", "works")


def test_a_comment_stays_while_its_segment_is_removed_and_is_back_with_undo(cast: Cast, edited: Transcript) -> None:
    comment = add(edited, on(edited, "works"), cast.erin)
    gone = edits.apply(edited, {"op": "remove", "id": "s1", "was": "Thursday works"}, actor=cast.alice)
    shown = comments_of(cast.erin, edited)[0]
    assert (shown["lost"], shown["quoted"]) == (True, "works")
    edits.apply(edited, {"op": "undo", "edit": gone["change"]}, actor=cast.alice)
    assert covered(comment) == ("s1", "works")
    assert not comments_of(cast.erin, edited)[0]["lost"]


def test_words_that_are_removed_and_undone_have_their_comment_again(cast: Cast, edited: Transcript) -> None:
    comment = add(edited, on(edited, "works"), cast.erin)
    gone = edits.apply(edited, say("s1", "Thursday works", "Thursday"), actor=cast.alice)
    assert comments_of(cast.erin, edited)[0]["lost"]
    edits.apply(edited, {"op": "undo", "edit": gone["change"]}, actor=cast.alice)
    assert covered(comment) == ("s1", "works")


def test_a_late_comment_is_placed_where_its_words_went(cast: Cast, edited: Transcript) -> None:
    draft = on(edited, "works")
    edits.apply(edited, say("s1", "Thursday works", "It works, Thursday works"), actor=cast.alice)
    edits.apply(
        edited, {"op": "split", "id": "s1", "was": "It works, Thursday works", "at": 10, "new": "n"}, actor=cast.alice
    )
    comment = add(edited, draft, cast.erin)
    assert covered(comment) == ("n", "works")
    assert Comment.objects.get(pk=comment.pk).begin == 9


def test_a_comment_on_words_that_the_server_gets_with_its_page_is_found_by_them(cast: Cast, edited: Transcript) -> None:
    page = Page(edited, cast.erin, "abc")
    page.send(say("s1", "Thursday works", "On Thursday it works"))
    comment = add(edited, on(edited, "it works", seq=0), cast.erin)
    assert covered(comment) == ("s1", "it works")


def test_a_late_comment_on_words_that_are_gone_keeps_them(cast: Cast, edited: Transcript) -> None:
    draft = on(edited, "works")
    edits.apply(edited, say("s1", "Thursday works", "Thursday"), actor=cast.alice)
    comment = add(edited, draft, cast.erin)
    assert covered(comment) == ("s1", "")
    assert Comment.objects.get(pk=comment.pk).quoted == "works"


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (Draft("  ", at_ms=0), "no_text"),
        (Draft("a" * 4_001, at_ms=0), "too_long"),
        (Draft("No place"), "no_place"),
        (Draft("No such segment", segment="none", begin=0, end=3, quoted="one"), "no_place"),
        (Draft("Not its words", segment="s0", begin=0, end=9, quoted="one"), "no_place"),
    ],
)
def test_what_can_not_be_stored_is_refused(cast: Cast, edited: Transcript, draft: Draft, code: str) -> None:
    with pytest.raises(Refused) as refusal:
        add(edited, draft, cast.erin)
    assert refusal.value.code == code
    assert not Comment.objects.exists()


def over_two(transcript: Transcript) -> Draft:
    """Return a comment on the end of one segment and the beginning of the next."""
    return on(transcript, "works", parts=(Words("s2", 0, 5, "So be"),))


def parts_of(reader: User, transcript: Transcript) -> list[tuple[str, str, bool]]:
    """Return the segment, the words and whether they are lost, of each place of the only comment."""
    [thread] = comments_of(reader, transcript)
    places = [thread, *thread["parts"]]
    texts = dict(Segment.with_removed.filter(transcript=transcript).values_list("key", "text"))
    return [(one["segment"], texts.get(one["segment"], "")[one["begin"] : one["end"]], one["lost"]) for one in places]


def test_a_comment_over_several_segments_follows_the_words_of_each(cast: Cast, edited: Transcript) -> None:
    add(edited, over_two(edited), cast.erin)
    assert parts_of(cast.vera, edited) == [("s1", "works", False), ("s2", "So be", False)]
    edits.apply(edited, say("s2", "So be it", "Well. So be it"), actor=cast.alice)
    edits.apply(edited, {"op": "merge", "id": "s1"}, actor=cast.alice)
    assert parts_of(cast.vera, edited) == [("s0", "works", False), ("s2", "So be", False)]
    gone = edits.apply(edited, {"op": "remove", "id": "s2", "was": "Well. So be it"}, actor=cast.alice)
    assert [lost for *_, lost in parts_of(cast.vera, edited)] == [False, True]
    edits.apply(edited, {"op": "undo", "edit": gone["change"]}, actor=cast.alice)
    assert [lost for *_, lost in parts_of(cast.vera, edited)] == [False, False]


def test_a_part_that_is_not_in_the_text_is_refused_with_its_comment(cast: Cast, edited: Transcript) -> None:
    for parts in ((Words("none", 0, 2, "So"),), (Words("s2", 0, 9, "So"),), (Words("s2", 0, 2, "So"),) * 201):
        with pytest.raises(Refused):
            add(edited, on(edited, "works", parts=parts), cast.erin)
    assert not Comment.objects.exists()


def test_a_thread_has_replies_and_is_resolved_and_opened_again(cast: Cast, edited: Transcript) -> None:
    comment = add(edited, on(edited, "paige"), cast.erin)
    reply = add(edited, Draft("It is", parent=comment.pk), cast.alice)
    add(edited, Draft("Thanks", parent=reply.pk), cast.erin)
    threads.settle(reply, is_resolved=True, actor=cast.alice)
    [thread] = comments_of(cast.erin, edited)
    assert [one["body"] for one in thread["replies"]] == ["It is", "Thanks"]
    assert (bool(thread["resolved"]), thread["resolved_by"]) == (True, "Alice Adams")
    threads.settle(Comment.objects.get(pk=comment.pk), is_resolved=False, actor=cast.erin)
    assert not comments_of(cast.erin, edited)[0]["resolved"]


def test_only_its_author_edits_or_deletes_a_comment(cast: Cast, edited: Transcript) -> None:
    comment = add(edited, on(edited, "paige"), cast.erin)
    acts: list[Callable[[], None]] = [
        lambda: threads.edit(comment, "No", actor=cast.alice),
        lambda: threads.remove(comment, actor=cast.alice),
    ]
    for act in acts:
        with pytest.raises(Refused) as refusal:
            act()
        assert refusal.value.code == "not_author"
    threads.edit(comment, "Page", actor=cast.erin)
    assert [(one["body"], one["edited"]) for one in comments_of(cast.erin, edited)] == [("Page", True)]
    threads.remove(comment, actor=cast.erin)
    assert comments_of(cast.erin, edited) == []
    with pytest.raises(access.NotFound):
        threads.get(edited, comment.pk)


def test_a_deleted_comment_leaves_the_replies_of_others(cast: Cast, edited: Transcript) -> None:
    comment = add(edited, on(edited, "paige", "Secret"), cast.erin)
    add(edited, Draft("It is", parent=comment.pk), cast.alice)
    threads.remove(comment, actor=cast.erin)
    [thread] = comments_of(cast.alice, edited)
    assert (thread["removed"], thread["body"], len(thread["replies"])) == (True, "", 1)


def test_members_are_mentioned_by_their_names(cast: Cast, edited: Transcript) -> None:
    comment = add(edited, on(edited, "paige", "@Alice and @vera vale, not @Charlie"), cast.erin)
    named = {str(one.user) for one in Mention.objects.filter(comment=comment)}
    assert named == {"Alice Adams", "Vera Vale"}
    assert comments_of(cast.alice, edited)[0]["mentions_you"]
    threads.edit(comment, "@Alicent and erin@Alice", actor=cast.erin)
    assert not Mention.objects.exists()


def test_a_highlight_needs_no_words_and_has_a_colour_by_name(cast: Cast, edited: Transcript) -> None:
    add(edited, on(edited, "paige", "", kind=CommentKind.HIGHLIGHT, colour="mauve", tag=" Names "), cast.erin)
    [shown] = comments_of(cast.erin, edited)
    assert (shown["kind"], shown["colour"], shown["tag"]) == ("highlight", "yellow", "Names")


def test_pages_are_told_that_there_is_a_comment_and_not_what_it_says(
    cast: Cast, edited: Transcript, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(events, "publish_to_transcript", lambda _, message: told.append(dict(message)))
    add(edited, on(edited, "paige", "Secret"), cast.erin)
    assert [one["type"] for one in told] == ["comments"]
    assert "Secret" not in json.dumps(told)
    told.clear()
    edits.apply(edited, say("s0", "Hold the paige", "Do hold the paige"), actor=cast.alice)
    assert [one["type"] for one in told] == ["comments", "edit"]
    told.clear()
    edits.apply(edited, say("s2", "So be it", "So be it."), actor=cast.alice)
    assert [one["type"] for one in told] == ["edit"]


def test_the_page_of_a_commenter_offers_to_comment_and_that_of_a_viewer_does_not(
    cast: Cast, edited: Transcript
) -> None:
    cora = factories.make_user("Cora Cole")
    cast.team.memberships.create(user=cora, role=Role.COMMENTER)
    offered = {one.name: editor.data(one, edited, may_edit=False)["canComment"] for one in (cora, cast.vera)}
    assert offered == {"Cora Cole": True, "Vera Vale": False}


def test_the_page_adds_changes_and_reads_comments(cast: Cast, edited: Transcript) -> None:
    url, erin, vera = f"/transcripts/{edited.pk}/comments/", client_of(cast.erin), client_of(cast.vera)
    fields = {
        "id": str(uuid.uuid4()),
        "segment": "s0",
        "begin": 9,
        "end": 14,
        "quoted": "paige",
        "seq": 0,
        "body": "Page?",
    }
    assert vera.post(url, fields).status_code == 403
    assert [one["body"] for one in erin.post(url, fields).json()["comments"]] == ["Page?"]
    [shown] = vera.get(url).json()["comments"]
    assert (shown["own"], shown["quoted"], shown["author"]) == (False, "paige", "Erin East")
    assert erin.post(f"{url}{fields['id']}/edit/", {"body": "Page!"}).json()["comments"][0]["body"] == "Page!"
    assert erin.post(f"{url}{fields['id']}/settle/", {"resolved": "1"}).json()["comments"][0]["resolved"]
    assert erin.post(f"{url}{fields['id']}/remove/").json()["comments"] == []
    assert erin.post(url, {**fields, "id": "none"}).json()["code"] == "malformed"
    for parts in ("{", "{}", "[1]", '[["s1"]]', '[["s1", -1, 2, "x"]]', "[" * 100_000):
        assert erin.post(url, {**fields, "parts": parts}).json()["code"] == "malformed"
    sent = {**fields, "id": str(uuid.uuid4()), "parts": '[["s1", 0, 8, "Thursday"]]'}
    assert [one["quoted"] for one in erin.post(url, sent).json()["comments"][0]["parts"]] == ["Thursday"]
    assert erin.post(url, {**fields, "end": "-1"}).json()["code"] == "malformed"
