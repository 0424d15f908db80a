"""A session is heard again when it is over: new words come in, and what people wrote stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.live.test_audio import write
from tests.pipeline.crashes import Killed, die, let_lease_run_out
from tests.support.retranscription import answer, correct, said
from transcripts.models import Activity, Conflict, Edit, EditedSegment, Speaker, Step, Transcript
from transcripts.models import Segment as SegmentRow
from transcripts.selectors import library, retranscription
from transcripts.services.errors import Refused
from transcripts.services.live import final_words, leases, lifecycle
from transcripts.services.pipeline import assembly, jobs, merged_transcript
from transcripts.services.pipeline.retranscription import retranscribe
from transcripts.services.transcript import conflicts
from transcripts.services.transcript.successors import newer_than

if TYPE_CHECKING:
    from tests.support.pipeline import Pipeline
    from tests.support.speech_server.process import SpeechProcess
    from transcripts.document import Segment
    from transcripts.models import LiveSession


def end(session: LiveSession, pipeline: Pipeline, *, is_whole: bool = True) -> None:
    write(session, 0, 130)
    lifecycle.finish(session, is_whole=is_whole, by_its_holder=True)
    pipeline.work()


@pytest.fixture
def spoken(session: LiveSession, pipeline: Pipeline) -> Transcript:
    """A session of three sentences, of which a person corrected the second."""
    for text, start_ms, speaker in (("good mourning", 0, "S0"), ("the damn holds", 3_000, "S1"), ("so", 6_000, "S0")):
        final_words.append(session, said(text, start_ms, speaker))
    correct(SegmentRow.objects.all()[1], "the dam holds", pipeline.person)
    end(session, pipeline)
    return session.transcript


HEARD = (said("good morning", 0, "A"), said("the dame held", 3_000, "B"), said("so what", 6_000, "A"))


def improved(spoken: Transcript, pipeline: Pipeline, speech: SpeechProcess, *heard: Segment) -> Transcript:
    speech.rescript(answer(*(heard or HEARD)))
    retranscribe(spoken, actor=pipeline.person)
    pipeline.until_idle()
    newer = newer_than(spoken)
    assert newer is not None
    return newer


def lines(transcript: Transcript) -> list[tuple[str, str]]:
    return list(transcript.segments.values_list("text", "origin"))


def test_words_of_a_person_stay_and_all_others_are_heard_anew(
    spoken: Transcript, pipeline: Pipeline, speech: SpeechProcess
) -> None:
    newer = improved(spoken, pipeline, speech)
    assert lines(newer) == [("good morning", "machine"), ("the dam held", "human"), ("so what", "machine")]
    assert lines(spoken) == [("good mourning", "machine"), ("the dam holds", "human"), ("so", "machine")]
    conflict = Conflict.objects.get()
    assert (conflict.kept, conflict.offered, conflict.segment.transcript) == ("dam", "dame", newer)
    assert (conflict.start_ms, conflict.end_ms) == (3_400, 3_800)
    assert (newer.word_count, newer.status) == (7, "in_review")
    activity = Activity.objects.get(verb="transcript:merged")
    assert activity.data == {"words": 7, "edited": 1, "conflicts": 1}


def test_an_edited_segment_continues_under_its_key_with_what_the_machine_said_beside_it(
    spoken: Transcript, pipeline: Pipeline, speech: SpeechProcess
) -> None:
    before = spoken.segments.get(text="the dam holds")
    row = improved(spoken, pipeline, speech).segments.get(text="the dam held")
    assert (row.key, row.revision) == (before.key, before.revision + 1)
    assert row.machine is not None
    assert row.machine["text"] == "the dame held"
    edit = Edit.objects.get(transcript=row.transcript)
    assert (edit.number, edit.kind, row.transcript.changes) == (1, "retranscription", 1)


def test_improving_again_with_the_same_words_asks_nothing_anew(
    spoken: Transcript, pipeline: Pipeline, speech: SpeechProcess
) -> None:
    once = improved(spoken, pipeline, speech)
    again = improved(once, pipeline, speech)
    assert lines(again) == lines(once)
    assert not Conflict.objects.filter(segment__transcript=again).exists()


def test_a_correction_made_while_it_is_heard_again_stays(
    spoken: Transcript, pipeline: Pipeline, speech: SpeechProcess
) -> None:
    speech.rescript({**answer(*HEARD), "seconds": None})
    retranscribe(spoken, actor=pipeline.person)
    while not speech.billed():
        pipeline.step_once()
    correct(spoken.segments.all()[2], "so be it", pipeline.person)
    speech.release()
    pipeline.until_idle()
    assert lines(retranscription.newest(spoken.live_session))[2] == ("so be it", "human")


@pytest.mark.parametrize(
    ("module", "line"),
    [(assembly, "_keep"), (merged_transcript, "write"), (merged_transcript, "_note"), (jobs, "succeed")],
)
def test_a_worker_killed_while_it_merges_costs_nothing_but_time(
    spoken: Transcript,
    pipeline: Pipeline,
    speech: SpeechProcess,
    monkeypatch: pytest.MonkeyPatch,
    module: object,
    line: str,
) -> None:
    speech.rescript(answer(*HEARD))
    retranscribe(spoken, actor=pipeline.person)
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(module, line, die)
        pipeline.until_idle()
    assert Transcript.objects.count() == 1
    let_lease_run_out(Step.objects.get(status="running"))
    pipeline.until_idle()
    assert Transcript.objects.count() == 2
    assert lines(retranscription.newest(spoken.live_session))[1] == ("the dam held", "human")
    assert Conflict.objects.count() == 1


def test_speakers_keep_the_names_that_people_gave_them(
    spoken: Transcript, pipeline: Pipeline, speech: SpeechProcess
) -> None:
    Speaker.objects.filter(provider_label="S0").update(label="Dr Hale", is_named=True)
    newer = improved(spoken, pipeline, speech)
    assert [str(row.speaker) for row in newer.segments.all()] == ["Dr Hale", "Speaker 2", "Dr Hale"]
    assert newer.speakers.count() == 2


def test_what_the_provider_missed_is_heard_when_the_session_is_over(
    session: LiveSession, pipeline: Pipeline, speech: SpeechProcess
) -> None:
    speech.rescript(answer(said("good morning", 0), said("and then it went dark", 8_000)))
    final_words.append(session, said("good mourning", 0))
    end(session, pipeline, is_whole=False)
    session.refresh_from_db()
    assert (session.is_whole, session.gaps) == (False, [[800, 13_000]])
    pipeline.until_idle()
    newer = retranscription.newest(session)
    assert [text for text, _ in lines(newer)] == ["good morning", "and then it went dark"]
    assert pipeline.job(session.recording).base_transcript == session.transcript


def test_a_session_with_a_gap_is_heard_again_although_the_last_words_came(
    session: LiveSession, pipeline: Pipeline
) -> None:
    final_words.note_gap(session, 2_000, 9_000)
    end(session, pipeline)
    session.refresh_from_db()
    assert (session.is_whole, session.gaps) == (False, [[2_000, 9_000]])
    pipeline.until_idle()
    assert session.recording.transcripts.count() == 2


def test_a_session_that_was_wholly_written_is_not_heard_again(session: LiveSession, pipeline: Pipeline) -> None:
    end(session, pipeline)
    session.refresh_from_db()
    assert (session.is_whole, session.gaps) == (True, [])
    assert not session.recording.jobs.exists()


def test_it_is_not_heard_again_while_somebody_speaks(session: LiveSession, pipeline: Pipeline) -> None:
    with pytest.raises(Refused, match="still live"):
        retranscribe(session.transcript, actor=pipeline.person)


def test_only_the_newest_text_is_improved(spoken: Transcript, pipeline: Pipeline, speech: SpeechProcess) -> None:
    improved(spoken, pipeline, speech)
    with pytest.raises(Refused, match="newer transcript"):
        retranscribe(spoken, actor=pipeline.person)


def test_trying_again_after_a_failure_still_improves(
    spoken: Transcript, pipeline: Pipeline, speech: SpeechProcess
) -> None:
    speech.rescript({"failure": {"code": "internal", "message": "It broke."}})
    retranscribe(spoken, actor=pipeline.person)
    pipeline.until_idle()
    state = retranscription.state_of(pipeline.person, spoken.pk)
    assert state.failure != ""
    row = library.row(pipeline.person, spoken.recording_id)
    assert (row.status.kind, row.status.words) == ("ready", "In review")
    speech.rescript(answer(*HEARD))
    jobs.retry(spoken.recording, actor=pipeline.person)
    pipeline.until_idle()
    assert lines(retranscription.newest(spoken.live_session))[1] == ("the dam held", "human")


# Gaps


def test_adjacent_gaps_are_one_and_whoever_takes_over_goes_on_behind_them(session: LiveSession) -> None:
    first, change = final_words.note_gap(session, 1_000, 4_000)
    joined, next_change = final_words.note_gap(session, 4_000, 9_000)
    assert (first.until_ms, joined.from_ms, joined.until_ms) == (4_000, 1_000, 9_000)
    assert next_change == change + 1
    final_words.append(session, said("back again", 9_500))
    final_words.note_gap(session, 10_300, 12_000)
    session.refresh_from_db()
    assert session.gaps == [[1_000, 9_000], [10_300, 12_000]]
    assert session.final_until_ms == 12_000


def test_whoever_lost_the_session_notes_no_gap(session: LiveSession) -> None:
    leases.take(session)
    with pytest.raises(leases.LostSession):
        final_words.note_gap(session, 0, 1_000)


# Deciding


@pytest.fixture
def conflict(spoken: Transcript, pipeline: Pipeline, speech: SpeechProcess) -> Conflict:
    improved(spoken, pipeline, speech)
    return Conflict.objects.get()


def test_taking_the_new_words_replaces_these_alone(conflict: Conflict, pipeline: Pipeline) -> None:
    before = conflict.segment
    conflicts.take(conflict, revision=before.revision, actor=pipeline.person)
    row = SegmentRow.objects.get(pk=before.pk)
    assert (row.text, row.revision, row.origin) == ("the dame held", before.revision + 1, "human")
    assert [word[:3] for word in row.words] == [["the", 3_000, 3_400], ["dame", 3_400, 3_800], ["held", 3_800, 4_200]]
    last = EditedSegment.objects.get(segment=row, edit__kind="decision")
    assert last.before is not None
    assert (last.before["text"], last.edit.author) == ("the dam held", pipeline.person)
    conflict.refresh_from_db()
    assert (conflict.took_offer, conflict.author) == (True, pipeline.person)


def test_keeping_ones_words_changes_nothing_but_that_it_is_decided(conflict: Conflict, pipeline: Pipeline) -> None:
    conflicts.keep(conflict, actor=pipeline.person)
    row = SegmentRow.objects.get(pk=conflict.segment_id)
    assert (row.text, row.revision) == ("the dam held", conflict.segment.revision)
    conflict.refresh_from_db()
    assert conflict.took_offer is False


def test_a_passage_that_changed_since_is_left_alone(conflict: Conflict, pipeline: Pipeline) -> None:
    seen = conflict.segment.revision
    correct(SegmentRow.objects.get(pk=conflict.segment_id), "the levee held", pipeline.person)
    for revision in (seen, seen + 1):
        with pytest.raises(Refused, match="changed this segment"):
            conflicts.take(conflict, revision=revision, actor=pipeline.person)
    assert SegmentRow.objects.get(pk=conflict.segment_id).text == "the levee held"
    conflict.refresh_from_db()
    assert conflict.resolved_at is None


def test_what_is_decided_is_decided_once(conflict: Conflict, pipeline: Pipeline) -> None:
    conflicts.keep(conflict, actor=pipeline.person)
    with pytest.raises(Refused, match="decided"):
        conflicts.take(conflict, revision=conflict.segment.revision, actor=pipeline.person)
    assert SegmentRow.objects.get(pk=conflict.segment_id).text == "the dam held"
