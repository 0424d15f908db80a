"""RQ's entry points. They carry ids; the services claim what is to be done."""

from __future__ import annotations

from uuid import UUID

from accounts.mail import delivery
from transcripts.services.accuracy import measuring
from transcripts.services.bulk import worker
from transcripts.services.exports import account_data, files
from transcripts.services.live import sealing
from transcripts.services.operations import housekeeping
from transcripts.services.pipeline import polling, runner, submission
from transcripts.services.provider_accounts import health
from transcripts.services.sharing import stretches


def run_step(step_id: int) -> None:
    """Run one step."""
    runner.run_step(step_id)


def submit_round(account_id: int) -> None:
    """Send what the account's limits allow."""
    submission.submit_round(account_id)


def check_round() -> None:
    """Ask about every submission that is due."""
    polling.check_round()


def health_round() -> None:
    """Ask every provider how it is."""
    health.check_health_of_all()


def seal(session_id: str) -> None:
    """Make the recording of an ended live session."""
    sealing.seal(UUID(session_id))


def run_export(export_id: str) -> None:
    """Write the file of an export."""
    files.run(UUID(export_id))


def run_bulk_act(act_id: str) -> None:
    """Do or undo a bulk act."""
    worker.run(UUID(act_id))


def run_account_export(export_id: str) -> None:
    """Write a person's own data."""
    account_data.run(UUID(export_id))


def send_mail(mail_id: int) -> None:
    """Send a mail."""
    delivery.send(mail_id)


def cut_stretch(share_id: str) -> None:
    """Cut the audio of a link's stretch."""
    stretches.cut(UUID(share_id))


def accuracy_round() -> None:
    """Measure what was approved."""
    measuring.run()


def housekeeping_round() -> None:
    """Remove what is no longer needed."""
    housekeeping.run()
