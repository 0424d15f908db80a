"""A real SMTP server that can be told to refuse, to hang up and to be away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller

from tests.project.network import free_port

if TYPE_CHECKING:
    from aiosmtpd.smtp import SMTP, Envelope, Session


class Mailbox:
    """What the server does with a mail, and the mails it took."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.recipient_answer = "250 OK"
        self.data_answer = "250 OK"
        self.hangs_up = False

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer for a recipient."""
        if self.hangs_up:
            server.transport.abort()
        envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Take a mail, or refuse it."""
        if self.data_answer.startswith("250"):
            content: Any = envelope.content
            self.taken.append(content.decode())
        return self.data_answer


class MailServer:
    """A mail server on this machine."""

    def __init__(self) -> None:
        self.mailbox = Mailbox()
        self.port = free_port()
        self.controller: Controller | None = None

    def start(self) -> None:
        """Listen."""
        self.controller = Controller(self.mailbox, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self) -> None:
        """Be away."""
        if self.controller:
            self.controller.stop(no_assert=True)
        self.controller = None
