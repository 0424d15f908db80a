"""What each role can do, in words."""

from __future__ import annotations

from accounts.models import Role

CAN = {
    Role.OWNER: "Manages the team with everyone in it, owners too, and can delete it.",
    Role.ADMIN: "Manages members, invitations and defaults, but no owners.",
    Role.EDITOR: "Uploads, records, corrects and approves.",
    Role.COMMENTER: "Reads and comments.",
    Role.VIEWER: "Reads and listens, and downloads transcripts and audio.",
}
