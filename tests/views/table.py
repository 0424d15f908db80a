"""Who may open what: what every URL answers to nobody, an outsider, a viewer, an editor and an owner."""

from __future__ import annotations

from dataclasses import dataclass

LOGIN = 302
WHO = ("nobody", "outsider", "viewer", "editor", "owner")


@dataclass(frozen=True)
class Row:
    """What each of WHO gets, and how the URL is asked for."""

    answers: tuple[int, int, int, int, int]
    method: str = "get"
    kwargs: tuple[str, ...] = ()


TEAM_READS = (LOGIN, 404, 200, 200, 200)
MANAGERS_READ = (LOGIN, 404, 403, 403, 200)
EDITORS_READ = (LOGIN, 404, 403, 200, 200)
EDITORS_POST = (LOGIN, 404, 403, 302, 302)
EDITORS_CHANGE = (LOGIN, 404, 403, 200, 200)
MANAGERS_POST = (LOGIN, 404, 403, 403, 302)
EVERYBODY_IN = (LOGIN, 200, 200, 200, 200)
CONFIRM_FIRST = (LOGIN, 302, 302, 302, 302)
NOTHING = (404, 404, 404, 404, 404)
R, T, L, F = ("recording_id",), ("transcript_id",), ("token",), ("folder_id",)

TABLE: dict[str, Row] = {
    "healthz": Row((200, 200, 200, 200, 200)),
    # No conductor is running, and no one has the token.
    "readyz": Row((503, 503, 503, 503, 503)),
    "metrics": Row((404, 404, 404, 404, 404)),
    # Anyone with an address that was given to a provider
    "provider_callback": Row((403, 403, 403, 403, 403), "post", L),
    "favicon": Row((200, 200, 200, 200, 200)),
    "library": Row(EVERYBODY_IN),
    "quote_check": Row(EVERYBODY_IN),
    # A text is wanted.
    "quote_report": Row((LOGIN, 302, 302, 302, 302), "post"),
    "search": Row(EVERYBODY_IN),
    "search_moments": Row(TEAM_READS, kwargs=R),
    "live": Row(EVERYBODY_IN),
    "live_session": Row(TEAM_READS, kwargs=("session_id",)),
    "live_finish": Row(EDITORS_POST, "post", ("session_id",)),
    # A text is wanted, and a name.
    "live_marker": Row(EDITORS_CHANGE, "post", ("session_id", "marker_id")),
    "live_share": Row(EDITORS_CHANGE, "post", ("session_id",)),
    "live_unshare": Row(EDITORS_CHANGE, "post", ("session_id", "share_id")),
    # Whoever has the link.
    "captions": Row((200, 200, 200, 200, 200), kwargs=("token",)),
    # The link is one for captions, which open no transcript; tests/guests/test_cells.py asks with the other links.
    "guest": Row((302, 302, 302, 302, 302), kwargs=L),
    "guest_name": Row((302, 302, 302, 302, 302), "post", L),
    "guest_media": Row(NOTHING, kwargs=L),
    "guest_peaks": Row(NOTHING, kwargs=L),
    "guest_audio": Row(NOTHING, kwargs=L),
    "guest_download": Row(NOTHING, kwargs=(*L, "format")),
    "guest_words": Row(NOTHING, kwargs=(*L, *T)),
    "guest_edits": Row(NOTHING, "post", (*L, *T)),
    "guest_conflict_keep": Row(NOTHING, "post", (*L, *T, "conflict_id")),
    "guest_conflict_take": Row(NOTHING, "post", (*L, *T, "conflict_id")),
    "guest_comments": Row(NOTHING, kwargs=(*L, *T)),
    "guest_comment_edit": Row(NOTHING, "post", (*L, *T, "comment_id")),
    "guest_comment_remove": Row(NOTHING, "post", (*L, *T, "comment_id")),
    "guest_comment_settle": Row(NOTHING, "post", (*L, *T, "comment_id")),
    "verify": Row((200, 200, 200, 200, 200)),
    # The transcript is not approved.
    "transcript_certificate": Row((LOGIN, 404, 422, 422, 422), kwargs=T),
    "setup": Row((404, 404, 404, 404, 404)),
    "account": Row(EVERYBODY_IN),
    # These ask everyone to confirm that it is they, first of all.
    "account_address": Row(CONFIRM_FIRST),
    "account_data_file": Row(CONFIRM_FIRST, kwargs=("export_id",)),
    "account_delete": Row(CONFIRM_FIRST),
    "account_address_cancel": Row(CONFIRM_FIRST, "post"),
    # A link of a mail; this token is of something else.
    "account_address_verify": Row((404, 404, 404, 404, 404), kwargs=("token",)),
    # It is a session of no one's.
    "account_session_end": Row((LOGIN, 404, 404, 404, 404), "post", ("sign_in_id",)),
    "account_identity_unlink": Row(CONFIRM_FIRST, "post", ("identity_id",)),
    "account_sessions_end": Row(CONFIRM_FIRST, "post"),
    "account_data": Row(CONFIRM_FIRST, "post"),
    # A setting is wanted, and a position.
    "preferences": Row((LOGIN, 400, 400, 400, 400), "post"),
    "transcript_position": Row((LOGIN, 404, 400, 400, 400), "post", T),
    "recording": Row(TEAM_READS, kwargs=R),
    "recording_row": Row(TEAM_READS, kwargs=R),
    "recording_status": Row(TEAM_READS, kwargs=R),
    "recording_media": Row(TEAM_READS, kwargs=R),
    "recording_original": Row(TEAM_READS, kwargs=R),
    "recording_peaks": Row(TEAM_READS, kwargs=R),
    "recording_answer": Row(EDITORS_READ, kwargs=R),
    "recording_rename": Row(EDITORS_POST, "post", R),
    "recording_delete": Row(EDITORS_POST, "post", R),
    # Erin deleted it.
    "recording_restore": Row(EDITORS_POST, "post", ("trashed_id",)),
    "recording_purge": Row(MANAGERS_POST, "post", ("trashed_id",)),
    "trash_empty": Row(MANAGERS_POST, "post", ("slug",)),
    "recording_filing": Row(EDITORS_READ, kwargs=R),
    # A name is wanted, and the next page says so.
    "folder_create": Row(EDITORS_POST, "post", ("slug",)),
    "folder_rename": Row(EDITORS_POST, "post", ("folder_id",)),
    "folder_delete": Row(EDITORS_POST, "post", ("folder_id",)),
    "tag_rename": Row(EDITORS_POST, "post", ("tag_id",)),
    "tag_delete": Row(EDITORS_POST, "post", ("tag_id",)),
    "filter_save": Row((LOGIN, 302, 302, 302, 302), "post"),
    # Erin saved it.
    "filter_rename": Row((LOGIN, 404, 404, 302, 404), "post", ("filter_id",)),
    "filter_remove": Row((LOGIN, 404, 404, 302, 404), "post", ("filter_id",)),
    # A team is wanted, and the page says so.
    "recording_move": Row(EDITORS_READ, kwargs=R),
    "recording_hold": Row(EDITORS_POST, "post", R),
    "recording_retry": Row(EDITORS_POST, "post", R),
    "recording_tracks": Row(EDITORS_POST, "post", R),
    "recording_import": Row(EDITORS_READ, kwargs=R),
    # A file is wanted.
    "imports": Row((LOGIN, 422, 422, 422, 422), "post"),
    "recording_first": Row(EDITORS_POST, "post", R),
    "recording_cancel": Row(EDITORS_POST, "post", R),
    "transcript": Row(TEAM_READS, kwargs=T),
    "transcript_edits": Row((LOGIN, 404, 403, 422, 422), "post", T),
    "transcript_words": Row(TEAM_READS, kwargs=T),
    "transcript_history": Row(TEAM_READS, kwargs=T),
    "transcript_compare": Row(TEAM_READS, kwargs=T),
    # A name is wanted.
    "transcript_versions": Row((LOGIN, 404, 403, 422, 422), "post", T),
    "transcript_names": Row(TEAM_READS, kwargs=T),
    # A beginning and an end are wanted.
    "transcript_clip": Row((LOGIN, 404, 422, 422, 422), kwargs=T),
    "speaker_sample": Row(TEAM_READS, kwargs=(*T, "key")),
    "transcript_language": Row(EDITORS_POST, "post", T),
    "transcript_comparisons": Row(TEAM_READS, kwargs=T),
    "comparison_begin": Row(EDITORS_POST, "post", T),
    "comparison_cancel": Row(EDITORS_POST, "post", T),
    "comparison": Row(TEAM_READS, kwargs=(*T, "comparison_id")),
    # A difference is wanted.
    "comparison_take": Row((LOGIN, 404, 403, 409, 409), "post", (*T, "comparison_id")),
    "comparison_use": Row(EDITORS_POST, "post", (*T, "comparison_id")),
    "transcript_speakers": Row(EDITORS_POST, "post", T),
    "transcript_retranscribe": Row(EDITORS_POST, "post", T),
    "transcript_retranscription": Row(TEAM_READS, kwargs=T),
    "transcript_review": Row(TEAM_READS, kwargs=T),
    "transcript_subtitles": Row(TEAM_READS, kwargs=T),
    # A subtitle is wanted.
    "subtitle_fault": Row((LOGIN, 404, 403, 409, 409), "post", T),
    "transcript_status": Row(EDITORS_POST, "post", T),
    "transcript_assignment": Row(EDITORS_POST, "post", T),
    # Two segments are wanted.
    "transcript_claims": Row((LOGIN, 404, 403, 404, 404), "post", T),
    # Erin holds it; an owner releases it, and can't renew it.
    "claim_renew": Row((LOGIN, 404, 403, 200, 422), "post", (*T, "claim_id")),
    "claim_release": Row(EDITORS_CHANGE, "post", (*T, "claim_id")),
    # An id and words are wanted to add one. Vera can read comments, and not write them.
    "transcript_comments": Row(TEAM_READS, kwargs=T),
    # Erin wrote it; an owner can resolve it, and not change it.
    "comment_edit": Row((LOGIN, 404, 403, 422, 422), "post", (*T, "comment_id")),
    "comment_remove": Row((LOGIN, 404, 403, 200, 422), "post", (*T, "comment_id")),
    "comment_settle": Row(EDITORS_CHANGE, "post", (*T, "comment_id")),
    "conflict_keep": Row(EDITORS_POST, "post", (*T, "conflict_id")),
    "conflict_take": Row(EDITORS_POST, "post", (*T, "conflict_id")),
    "transcript_exports": Row(TEAM_READS, kwargs=T),
    "exports": Row(EVERYBODY_IN),
    "bulk_acts": Row(EVERYBODY_IN),
    "bulk_totals": Row(EVERYBODY_IN),
    "bulk_form": Row(EVERYBODY_IN, kwargs=("verb",)),
    # Nothing in it failed, and none of it has a transcript: the page says so
    "batch": Row((LOGIN, 404, 200, 200, 200), kwargs=("batch_id",)),
    "batch_retry": Row((LOGIN, 404, 403, 302, 302), "post", ("batch_id",)),
    "batch_export": Row((LOGIN, 404, 302, 302, 302), "post", ("batch_id",)),
    # Only the person who did it sees it.
    "bulk_act": Row((LOGIN, 404, 404, 200, 404), kwargs=("act_id",)),
    "bulk_undo": Row((LOGIN, 404, 404, 302, 404), "post", ("act_id",)),
    # Only the person who asked for a file has it.
    "export": Row((LOGIN, 404, 404, 200, 404), kwargs=("export_id",)),
    "export_file": Row((LOGIN, 404, 404, 200, 404), kwargs=("export_id",)),
    "transcript_export": Row(TEAM_READS, kwargs=(*T, "format")),
    "transcript_share": Row(EDITORS_READ, kwargs=T),
    "share_grant": Row(EDITORS_POST, "post", (*T, "grant_id")),
    # What is wanted is missing, and the page says so.
    "share_links": Row(EDITORS_POST, "post", T),
    "share_link": Row(EDITORS_POST, "post", (*T, "link_id")),
    "folder_share": Row(EDITORS_READ, kwargs=F),
    "folder_grant": Row(EDITORS_POST, "post", (*F, "folder_grant_id")),
    "folder_links": Row(EDITORS_POST, "post", F),
    "folder_link": Row(EDITORS_POST, "post", (*F, "folder_link_id")),
    # Members are led to their own library. The recording is in no folder.
    "guest_folder": Row((200, 200, 302, 302, 302), kwargs=("folder_token",)),
    "guest_folder_recording": Row(NOTHING, kwargs=("folder_token", *R)),
    "transcript_vocabulary": Row(TEAM_READS, kwargs=T),
    "team": Row(TEAM_READS, kwargs=("slug",)),
    "team_new": Row(EVERYBODY_IN),
    "notifications": Row(EVERYBODY_IN),
    # Alice was told that a recording of hers is ready.
    "notification": Row((LOGIN, 404, 404, 404, 302), kwargs=("notification_id",)),
    "notifications_read": Row((LOGIN, 302, 302, 302, 302), "post"),
    "notification_wishes": Row((LOGIN, 302, 302, 302, 302), "post"),
    "team_usage": Row(TEAM_READS, kwargs=("slug",)),
    "team_accuracy": Row(MANAGERS_READ, kwargs=("slug",)),
    "team_usage_csv": Row(MANAGERS_READ, kwargs=("slug",)),
    "team_activity": Row(MANAGERS_READ, kwargs=("slug",)),
    "team_activity_csv": Row(MANAGERS_READ, kwargs=("slug",)),
    "team_defaults": Row(TEAM_READS, kwargs=("slug",)),
    "team_routing": Row(TEAM_READS, kwargs=("slug",)),
    "team_audio": Row(MANAGERS_POST, "post", ("slug",)),
    "team_route": Row(MANAGERS_POST, "post", ("slug", "route_id")),
    "team_switch": Row((LOGIN, 404, 302, 302, 302), "post", ("slug",)),
    # What is wanted is missing, and the page of the team says so.
    "team_rename": Row(MANAGERS_POST, "post", ("slug",)),
    "team_transfer": Row((LOGIN, 404, 403, 403, 404), "post", ("slug",)),
    "team_delete": Row(MANAGERS_POST, "post", ("slug",)),
    "team_invite": Row(MANAGERS_POST, "post", ("slug",)),
    "team_link": Row(MANAGERS_POST, "post", ("slug",)),
    "team_invitation": Row(MANAGERS_POST, "post", ("slug", "invitation_id")),
    # The owner is told that a team needs one.
    "team_leave": Row((LOGIN, 404, 302, 302, 302), "post", ("slug",)),
    "member_role": Row(MANAGERS_POST, "post", ("slug", "user_id")),
    "member_remove": Row(MANAGERS_POST, "post", ("slug", "user_id")),
    # Anyone with the link; members go to their team.
    "invitation": Row((200, 200, 302, 302, 302), kwargs=("invitation",)),
    "vocabulary": Row(TEAM_READS, kwargs=("slug",)),
    "vocabulary_csv": Row(TEAM_READS, kwargs=("slug",)),
    # A term is wanted, and the page says so.
    "vocabulary_archive": Row(EDITORS_READ, kwargs=("slug", "term_id")),
    # Nothing was applied, and the page says so.
    "vocabulary_archive_undo": Row(EDITORS_POST, "post", ("slug",)),
    "vocabulary_term": Row(EDITORS_POST, "post", ("slug", "term_id")),
    # Erin sent it.
    "import_choice": Row((LOGIN, 404, 404, 200, 404), kwargs=("import_id",)),
    "template": Row(TEAM_READS, kwargs=("slug",)),
    "template_file": Row(TEAM_READS, kwargs=("slug",)),
    # tus answers programs, so 401 instead of the sign-in page; a body-less creation is a bad request.
    "uploads": Row((401, 400, 400, 400, 400), "post"),
    "upload_options": Row(EVERYBODY_IN),
    # Fingerprints are wanted.
    "uploads_known": Row((LOGIN, 400, 400, 400, 400), "post"),
    "upload": Row((401, 404, 404, 200, 404), "head", ("upload_id",)),
}
