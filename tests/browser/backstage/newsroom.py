"""What a newsroom's library holds on a working day: for pictures, and for whoever wants to see every state at once."""

from __future__ import annotations

from accounts.models import User
from tests.browser.backstage import comparisons, corrections, filing, live, people, recordings, review
from transcripts.services import vocabulary

HALE, BERG = "Dr Miriam Hale", "Tomas Berg"
INTERVIEW = [
    [
        HALE,
        "The dam was never designed for this. We had two hundred years of river data, and then the river stopped "
        "behaving like the data. People ask me when we knew; we knew in ?nineteen ?ninety ?eight, when the ?thalweg "
        "moved.",
    ],
    [BERG, "And the ministry had that report?"],
    [
        HALE,
        "They had it, they read it, and one of them wrote noted in the margin. I still have the page. What I want "
        "your readers to understand is that nobody lied. It is much harder to fix a ?catastrophe in which nobody "
        "lied.",
    ],
    [BERG, "You said in the car that the ?spillway gates were the easy part."],
    [
        HALE,
        "Gates are steel. Steel is easy. The silt behind them is sixty years of everything we did upstream, and "
        "there is no gate for that. So you dredge, or you breach, or you wait.",
    ],
    [BERG, "Which of the three would you choose?"],
    [
        HALE,
        "I would choose to have begun ten years ago. Since that is not on the table, dredge, and say out loud what "
        "it costs, every spring, in the same newspaper.",
    ],
]

ARABIC = [["المتحدث", "صباح الخير جميعا وأهلا بكم في نشرة الطقس"]]

DANISH = [["", "Goddag, det er havnekontoret."], ["", "Skibet kommer først i morgen tidlig."]]

MIXED = [
    ["Speaker 1", "Guten Morgen, und willkommen zur wöchentlichen Runde."],
    ["Speaker 2", "Good morning. The ministry confirmed the figures last night."],
    ["Speaker 2", "We expect the full report on Thursday."],
    ["Speaker 1", "Danke. Dann kommen wir jetzt zur Lage an der Grenze und den Fragen der Kollegen."],
]

LIVE = [
    "So we hold the front page for the hearing, and the dam piece moves to Thursday.",
    "Thursday works. I still need one more voice from the ministry, on the record.",
]

# As a person corrected it, and as it was heard again.
HEARD_OTHERWISE = (
    "Thursday works, fine. I still need one more voice from the Ministry of Water, on the record.",
    "Thursday works. I still need one more voice from the minister, on record.",
)

# What another provider made of the interview
COMPARED = {
    "never designed": "designed",
    "river data": "river date",
    "moved": "move",
    "the ministry": "ministry",
    "you ": "",
}

HOUR = 3_600_000


def terms() -> dict[str, str]:
    """Give the team a vocabulary; return the slug of the team and the id of a term that the archive has otherwise."""
    newsroom, alice = people.team(), User.objects.get(email="alice@example.org")
    listed = {
        "thalweg": "tall vague, tail vague",
        "Kakhovka": "cough ca",
        "Верховна Рада": "верхом нарада",
        "spill gate": "spillway gates, gate for that",
    }
    for term, like in listed.items():
        added = vocabulary.add(newsroom, vocabulary.Wish(term, like), actor=alice)
    return {"team": newsroom.slug, "term": str(added.pk)}


def newsroom() -> dict[str, str]:
    """Fill the library and return the ids that the pictures open."""
    make, put = recordings.recording, recordings.job
    done = make("Archive: budget hearing, part 3", owner="erin", duration_ms=5 * HOUR + 151_000, days_ago=2)
    recordings.transcript(done, [[f"Speaker {n}", "Order, please."] for n in range(1, 15)], status="approved")
    voicemail = make("Voicemail 0871", duration_ms=41_000, days_ago=2, has_video=True)
    put(voicemail, "failed", error_code="no_sound_track", error_message=NO_SOUND_TRACK)
    court = make("Court recording 12 B, morning", owner="erin", duration_ms=2 * HOUR + 2_649_000, days_ago=3)
    recordings.transcript(court, [[f"Speaker {n}", "Ja."] for n in range(1, 6)], language="de", status="approved")
    notes = make("Field notes, Kherson market", owner="erin", duration_ms=1_330_000, days_ago=1, language="uk")
    put(notes, "cancelled")
    meeting = make("Editorial meeting 19 November", duration_ms=1_914_000, days_ago=1)
    agreed = recordings.transcript(meeting, [[f"Speaker {n}", "Agreed."] for n in range(1, 7)], status="in_review")
    review.assign(agreed, "erin", 1)
    review.tick(agreed, [0, 1, 2, 3])
    interview = make("Interview: Dr Hale on river dams", owner="erin", duration_ms=71_000)
    known = {"language_source": "detected", "language_probability": 0.98, "has_estimated_speakers": True}
    made_by = {"engine": "Whisper base", "is_draft_engine": True}
    reading = recordings.transcript(interview, INTERVIEW, sound=True, **made_by, **known)
    dam = make("Follow-up on the dam", owner="erin", duration_ms=71_000)
    reviewing = recordings.transcript(dam, INTERVIEW, sound=True, status="in_review")
    review.assign(reviewing, "alice", -2)
    review.tick(reviewing, [0, 1])
    review.claim(reviewing, 3, 5)
    review.discuss(reviewing)
    call = make("Call with the harbour office", duration_ms=24_000)
    doubtful = {"language": "da", "language_source": "detected", "language_probability": 0.54}
    asked = recordings.transcript(call, DANISH, sound=True, **made_by, **doubtful)
    briefing = make("Embassy briefing", duration_ms=31_000)
    mixed = recordings.transcript(briefing, MIXED, sound=True, **made_by, **(known | {"language": "de"}))
    recordings.speak_in(mixed, "en", [1, 2])
    weather = make("نشرة الطقس", owner="erin", duration_ms=36_000, language="ar")
    arabic = recordings.transcript(weather, ARABIC, sound=True, language="ar")
    silence = make("Wind on the roof", duration_ms=61_000)
    empty = recordings.transcript(silence, [], sound=True)
    paused = make("Harbour authority, second call", owner="erin", duration_ms=1_207_000)
    put(paused, stage="waiting", pause_minutes=20)
    waiting = make("Minister on the ring road", owner="erin", duration_ms=960_000)
    put(waiting, stage="waiting")
    working = make("Mayor’s press conference, Podil", duration_ms=4_360_000, has_video=True, language="uk")
    put(working, stage="transcribing", progress=38)
    preparing = make("council-cam-2", duration_ms=None, has_video=True)
    put(preparing, stage="preparing", progress=40)
    meeting_now = live.live("Editorial meeting", LIVE)
    live.annotate(meeting_now, "Ask the ministry for the report")
    link, locked = live.captions(meeting_now), live.captions(meeting_now, "seven seas")
    spoken = corrections.spoken("Morning conference", LIVE, gaps=[[17_000, 41_000]])
    improving = corrections.spoken("Call with the ministry", LIVE)
    corrections.improve(improving, "transcribing", 40)
    improved = corrections.spoken("Desk meeting", LIVE)
    corrections.correct(improved, 1, HEARD_OTHERWISE[0])
    corrections.improve(improved)
    newer = corrections.improved(improved, [LIVE[0], HEARD_OTHERWISE[1]])
    folder = _file(dam, interview, court)
    return {"folder": folder, "live": meeting_now, "link": link, "locked": locked, "spoken": spoken,
            "improving": improving, "older": improved, "improved": newer,
            "failed": voicemail, "waiting": waiting,
            "reviewing": reviewing, "paused": paused, "working": working, "reading": reading,
            "arabic": arabic, "asked": asked, "mixed": mixed, "empty": empty, "done": interview,
            **compared(), **terms()}  # fmt: skip


def compared() -> dict[str, str]:
    """Make an approved transcript with another provider's text beside it."""
    hearing = recordings.recording("Hearing on the dam", owner="erin", duration_ms=71_000)
    made = recordings.transcript(hearing, INTERVIEW, sound=True, status="approved")
    return {"compared": made, "comparison": comparisons.compare(made, COMPARED)}


def _file(dam: str, interview: str, court: str) -> str:
    """Put recordings into folders, two of them into the trash; return the id of a folder."""
    filing.file(court, "Court", ["court"])
    filing.file(interview, "", ["dam", "on the record"])
    filing.throw_away(recordings.recording("Test upload 3", duration_ms=12_000))
    filing.throw_away(recordings.recording("Council cam, wrong day", has_video=True), "alice")
    filing.save_filter("My week", "team=newsroom&state=review&sort=due")
    return filing.file(dam, "Investigations", ["dam", "embargoed"])


NO_SOUND_TRACK = "This file has no audio track. If the audio was recorded separately, upload that file."
