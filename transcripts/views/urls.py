"""URLs of pages, partials, uploads and media."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import path

from transcripts.views import (
    certificates,
    icon,
    preferences,
    quotes,
    recording,
    recording_actions,
    search,
    setup,
)
from transcripts.views import exports as many_exports
from transcripts.views.account import address as account_address
from transcripts.views.account import data as account_data
from transcripts.views.account import notifications as account_notifications
from transcripts.views.account import page as account_page
from transcripts.views.account import sessions as account_sessions
from transcripts.views.bulk import acts as bulk
from transcripts.views.guests import urls as guests
from transcripts.views.library import folders, saved_filters, trash
from transcripts.views.library import page as library_page
from transcripts.views.live import captions, changes, sessions
from transcripts.views.media import clips, files
from transcripts.views.monitoring import pages as monitoring
from transcripts.views.providers.callbacks import provider_callback
from transcripts.views.sharing import folders as shared_folders
from transcripts.views.sharing import links, moving, people
from transcripts.views.teams import (
    activity,
    archive,
    defaults,
    invitations,
    ledger,
    members,
    routing,
    switch,
    template,
    vocabulary,
)
from transcripts.views.transcript import (
    comments,
    comparisons,
    editing,
    exports,
    history,
    imports,
    pages,
    reading,
    retranscription,
    review,
    subtitles,
)
from transcripts.views.uploads import batches, choices, known_files, resumable

if TYPE_CHECKING:
    from django.urls import URLPattern

urlpatterns: list[URLPattern] = [
    path("", library_page.library_page, name="library"),
    path("metrics", monitoring.metrics, name="metrics"),
    path("readyz", monitoring.readyz, name="readyz"),
    path("callbacks/<str:token>/", provider_callback, name="provider_callback"),
    path("quotes/", quotes.quote_check, name="quote_check"),
    path("quotes/report/", quotes.quote_report, name="quote_report"),
    path("search/", search.search_page, name="search"),
    path("search/<uuid:recording_id>/", search.search_moments, name="search_moments"),
    path("live/", sessions.live_page, name="live"),
    path("live/<uuid:session_id>/", sessions.live_session, name="live_session"),
    path("live/<uuid:session_id>/finish/", sessions.live_finish, name="live_finish"),
    path("live/<uuid:session_id>/markers/<uuid:marker_id>/", changes.marker, name="live_marker"),
    path("live/<uuid:session_id>/links/", captions.share, name="live_share"),
    path("live/<uuid:session_id>/links/<uuid:share_id>/end/", captions.unshare, name="live_unshare"),
    path("captions/<str:token>/", captions.captions, name="captions"),
    path("account/", account_page.account, name="account"),
    path("account/address/", account_address.change, name="account_address"),
    path("account/address/cancel/", account_address.cancel, name="account_address_cancel"),
    path("account/address/verify/<str:token>/", account_address.verify, name="account_address_verify"),
    path("account/sessions/<int:sign_in_id>/end/", account_sessions.end, name="account_session_end"),
    path("account/sessions/end/", account_sessions.end_others, name="account_sessions_end"),
    path("account/identities/<int:identity_id>/unlink/", account_sessions.unlink, name="account_identity_unlink"),
    path("account/data/", account_data.export, name="account_data"),
    path("account/data/<uuid:export_id>/", account_data.download, name="account_data_file"),
    path("account/delete/", account_data.delete, name="account_delete"),
    path("account/notifications/", account_notifications.notification_wishes, name="notification_wishes"),
    path("notifications/", account_notifications.notification_list, name="notifications"),
    path("notifications/read/", account_notifications.notifications_read, name="notifications_read"),
    path("notifications/<int:notification_id>/", account_notifications.notification, name="notification"),
    *guests.urlpatterns,
    path("account/preferences/", preferences.change, name="preferences"),
    path("favicon.ico", icon.favicon, name="favicon"),
    path("setup/", setup.setup, name="setup"),
    path("verify/", certificates.verify, name="verify"),
    path("uploads/", resumable.collection, name="uploads"),
    path("uploads/options/", choices.upload_options, name="upload_options"),
    path("uploads/known/", known_files.known_files, name="uploads_known"),
    path("uploads/<uuid:upload_id>/", resumable.one, name="upload"),
    path("batches/<uuid:batch_id>/", batches.batch, name="batch"),
    path("batches/<uuid:batch_id>/retry/", batches.batch_retry, name="batch_retry"),
    path("batches/<uuid:batch_id>/export/", batches.batch_export, name="batch_export"),
    path("imports/", imports.files, name="imports"),
    path("imports/<uuid:import_id>/", imports.choose_recording, name="import_choice"),
    path("recordings/<uuid:recording_id>/", recording.recording_page, name="recording"),
    path("recordings/<uuid:recording_id>/row/", library_page.recording_row, name="recording_row"),
    path("recordings/<uuid:recording_id>/status/", recording.recording_status, name="recording_status"),
    path("recordings/<uuid:recording_id>/answer/", recording.recording_answer, name="recording_answer"),
    path("recordings/<uuid:recording_id>/rename/", recording_actions.recording_rename, name="recording_rename"),
    path("recordings/<uuid:recording_id>/delete/", recording_actions.recording_delete, name="recording_delete"),
    path("recordings/<uuid:recording_id>/purge/", recording_actions.recording_purge, name="recording_purge"),
    path("recordings/<uuid:recording_id>/filing/", folders.recording_filing, name="recording_filing"),
    path("teams/<slug:slug>/trash/empty/", trash.trash_empty, name="trash_empty"),
    path("teams/<slug:slug>/folders/", folders.folder_create, name="folder_create"),
    path("folders/<int:folder_id>/rename/", folders.folder_rename, name="folder_rename"),
    path("folders/<int:folder_id>/delete/", folders.folder_delete, name="folder_delete"),
    path("tags/<int:tag_id>/rename/", folders.tag_rename, name="tag_rename"),
    path("tags/<int:tag_id>/delete/", folders.tag_delete, name="tag_delete"),
    path("filters/", saved_filters.filter_save, name="filter_save"),
    path("filters/<int:filter_id>/rename/", saved_filters.filter_rename, name="filter_rename"),
    path("filters/<int:filter_id>/remove/", saved_filters.filter_remove, name="filter_remove"),
    path("recordings/<uuid:recording_id>/restore/", recording_actions.recording_restore, name="recording_restore"),
    path("recordings/<uuid:recording_id>/move/", moving.recording_move, name="recording_move"),
    path("recordings/<uuid:recording_id>/hold/", defaults.recording_hold, name="recording_hold"),
    path("recordings/<uuid:recording_id>/retry/", recording_actions.recording_retry, name="recording_retry"),
    path("recordings/<uuid:recording_id>/tracks/", recording_actions.recording_tracks, name="recording_tracks"),
    path("recordings/<uuid:recording_id>/import/", imports.recording_import, name="recording_import"),
    path("recordings/<uuid:recording_id>/first/", recording_actions.recording_first, name="recording_first"),
    path("recordings/<uuid:recording_id>/cancel/", recording_actions.recording_cancel, name="recording_cancel"),
    path("recordings/<uuid:recording_id>/media/", files.playback, name="recording_media"),
    path("recordings/<uuid:recording_id>/original/", files.original, name="recording_original"),
    path("recordings/<uuid:recording_id>/peaks/", files.peaks, name="recording_peaks"),
    path("bulk/", bulk.bulk_acts, name="bulk_acts"),
    path("bulk/totals/", bulk.bulk_totals, name="bulk_totals"),
    path("bulk/forms/<slug:verb>/", bulk.bulk_form, name="bulk_form"),
    path("bulk/<uuid:act_id>/", bulk.bulk_act, name="bulk_act"),
    path("bulk/<uuid:act_id>/undo/", bulk.bulk_undo, name="bulk_undo"),
    path("exports/", many_exports.exports, name="exports"),
    path("exports/<uuid:export_id>/", many_exports.export, name="export"),
    path("exports/<uuid:export_id>/file/", many_exports.export_file, name="export_file"),
    path("transcripts/<uuid:transcript_id>/export/", exports.export_form, name="transcript_exports"),
    path("transcripts/<uuid:transcript_id>/export/<slug:format>/", exports.export, name="transcript_export"),
    path(
        "transcripts/<uuid:transcript_id>/retranscribe/",
        retranscription.transcript_retranscribe,
        name="transcript_retranscribe",
    ),
    path(
        "transcripts/<uuid:transcript_id>/comparisons/",
        comparisons.transcript_comparisons,
        name="transcript_comparisons",
    ),
    path("transcripts/<uuid:transcript_id>/comparisons/begin/", comparisons.comparison_begin, name="comparison_begin"),
    path(
        "transcripts/<uuid:transcript_id>/comparisons/cancel/", comparisons.comparison_cancel, name="comparison_cancel"
    ),
    path(
        "transcripts/<uuid:transcript_id>/comparisons/<uuid:comparison_id>/", comparisons.comparison, name="comparison"
    ),
    path(
        "transcripts/<uuid:transcript_id>/comparisons/<uuid:comparison_id>/take/",
        comparisons.comparison_take,
        name="comparison_take",
    ),
    path(
        "transcripts/<uuid:transcript_id>/comparisons/<uuid:comparison_id>/use/",
        comparisons.comparison_use,
        name="comparison_use",
    ),
    path("transcripts/<uuid:transcript_id>/speakers/", retranscription.transcript_speakers, name="transcript_speakers"),
    path(
        "transcripts/<uuid:transcript_id>/retranscription/",
        retranscription.transcript_retranscription,
        name="transcript_retranscription",
    ),
    path(
        "transcripts/<uuid:transcript_id>/conflicts/<int:conflict_id>/keep/",
        retranscription.conflict_keep,
        name="conflict_keep",
    ),
    path(
        "transcripts/<uuid:transcript_id>/conflicts/<int:conflict_id>/take/",
        retranscription.conflict_take,
        name="conflict_take",
    ),
    path("transcripts/<uuid:transcript_id>/edits/", editing.transcript_edits, name="transcript_edits"),
    path("transcripts/<uuid:transcript_id>/certificate/", certificates.certificate, name="transcript_certificate"),
    path("transcripts/<uuid:transcript_id>/history/", history.transcript_history, name="transcript_history"),
    path("transcripts/<uuid:transcript_id>/compare/", history.transcript_compare, name="transcript_compare"),
    path("transcripts/<uuid:transcript_id>/versions/", history.transcript_versions, name="transcript_versions"),
    path("transcripts/<uuid:transcript_id>/words/", editing.transcript_words, name="transcript_words"),
    path("transcripts/<uuid:transcript_id>/names/", editing.transcript_names, name="transcript_names"),
    path("transcripts/<uuid:transcript_id>/language/", pages.transcript_language, name="transcript_language"),
    path("transcripts/<uuid:transcript_id>/clip/", clips.clip, name="transcript_clip"),
    path("transcripts/<uuid:transcript_id>/speakers/<slug:key>/sample/", clips.sample, name="speaker_sample"),
    path("transcripts/<uuid:transcript_id>/position/", reading.position, name="transcript_position"),
    path("transcripts/<uuid:transcript_id>/review/", review.transcript_review, name="transcript_review"),
    path("transcripts/<uuid:transcript_id>/status/", review.transcript_status, name="transcript_status"),
    path("transcripts/<uuid:transcript_id>/assignment/", review.transcript_assignment, name="transcript_assignment"),
    path("transcripts/<uuid:transcript_id>/claims/", review.transcript_claims, name="transcript_claims"),
    path("transcripts/<uuid:transcript_id>/claims/<int:claim_id>/renew/", review.claim_renew, name="claim_renew"),
    path("transcripts/<uuid:transcript_id>/claims/<int:claim_id>/release/", review.claim_release, name="claim_release"),
    path("transcripts/<uuid:transcript_id>/comments/", comments.transcript_comments, name="transcript_comments"),
    path(
        "transcripts/<uuid:transcript_id>/comments/<uuid:comment_id>/edit/", comments.comment_edit, name="comment_edit"
    ),
    path(
        "transcripts/<uuid:transcript_id>/comments/<uuid:comment_id>/remove/",
        comments.comment_remove,
        name="comment_remove",
    ),
    path(
        "transcripts/<uuid:transcript_id>/comments/<uuid:comment_id>/settle/",
        comments.comment_settle,
        name="comment_settle",
    ),
    path("transcripts/<uuid:transcript_id>/subtitles/", subtitles.transcript_subtitles, name="transcript_subtitles"),
    path("transcripts/<uuid:transcript_id>/subtitles/faults/", subtitles.subtitle_fault, name="subtitle_fault"),
    path("transcripts/<uuid:transcript_id>/vocabulary/", vocabulary.of_transcript, name="transcript_vocabulary"),
    path("transcripts/<uuid:transcript_id>/share/", people.transcript_share, name="transcript_share"),
    path("transcripts/<uuid:transcript_id>/share/grants/<int:grant_id>/", people.share_grant, name="share_grant"),
    path("folders/<int:folder_id>/share/", shared_folders.folder_share, name="folder_share"),
    path("folders/<int:folder_id>/share/grants/<int:grant_id>/", shared_folders.folder_grant, name="folder_grant"),
    path("folders/<int:folder_id>/share/links/", shared_folders.folder_links_new, name="folder_links"),
    path("folders/<int:folder_id>/share/links/<uuid:link_id>/", shared_folders.folder_link, name="folder_link"),
    path("transcripts/<uuid:transcript_id>/share/links/", links.share_links, name="share_links"),
    path("transcripts/<uuid:transcript_id>/share/links/<uuid:share_id>/", links.share_link, name="share_link"),
    path("invitations/<str:token>/", invitations.invitation, name="invitation"),
    path("teams/new/", members.team_new, name="team_new"),
    path("teams/<slug:slug>/", members.team_page, name="team"),
    path("teams/<slug:slug>/usage/", members.team_usage, name="team_usage"),
    path("teams/<slug:slug>/accuracy/", ledger.team_accuracy, name="team_accuracy"),
    path("teams/<slug:slug>/usage/csv/", ledger.team_usage_csv, name="team_usage_csv"),
    path("teams/<slug:slug>/defaults/", defaults.team_defaults, name="team_defaults"),
    path("teams/<slug:slug>/providers/", routing.team_routing, name="team_routing"),
    path("teams/<slug:slug>/providers/audio/", routing.team_audio, name="team_audio"),
    path("teams/<slug:slug>/providers/<int:route_id>/", routing.team_route, name="team_route"),
    path("teams/<slug:slug>/switch/", switch.team_switch, name="team_switch"),
    path("teams/<slug:slug>/rename/", members.team_rename, name="team_rename"),
    path("teams/<slug:slug>/leave/", members.team_leave, name="team_leave"),
    path("teams/<slug:slug>/transfer/", members.team_transfer, name="team_transfer"),
    path("teams/<slug:slug>/delete/", members.team_delete, name="team_delete"),
    path("teams/<slug:slug>/members/<int:user_id>/role/", members.member_role, name="member_role"),
    path("teams/<slug:slug>/members/<int:user_id>/remove/", members.member_remove, name="member_remove"),
    path("teams/<slug:slug>/invitations/", invitations.invite, name="team_invite"),
    path("teams/<slug:slug>/invitations/link/", invitations.link, name="team_link"),
    path("teams/<slug:slug>/invitations/<uuid:invitation_id>/", invitations.change, name="team_invitation"),
    path("teams/<slug:slug>/activity/", activity.team_activity, name="team_activity"),
    path("teams/<slug:slug>/activity/csv/", activity.team_activity_csv, name="team_activity_csv"),
    path("teams/<slug:slug>/vocabulary/", vocabulary.vocabulary_page, name="vocabulary"),
    path("teams/<slug:slug>/vocabulary/<int:term_id>/", vocabulary.change, name="vocabulary_term"),
    path("teams/<slug:slug>/vocabulary/<int:term_id>/archive/", archive.term_archive, name="vocabulary_archive"),
    path("teams/<slug:slug>/vocabulary/undo/", archive.archive_undo, name="vocabulary_archive_undo"),
    path("teams/<slug:slug>/vocabulary/csv/", vocabulary.as_csv, name="vocabulary_csv"),
    path("teams/<slug:slug>/template/", template.template_page, name="template"),
    path("teams/<slug:slug>/template/file/", template.template_file, name="template_file"),
    path("transcripts/<uuid:transcript_id>/", pages.transcript_page, name="transcript"),
]
