"""People, the teams they are in, how they want to work, and mail to them."""

from accounts.models.invitations import INVITED_ROLES, Invitation, InvitationUse, Removal
from accounts.models.mail import Mail, MailStatus
from accounts.models.people import EDITING_ROLES, Membership, Role, Team, TeamManager, User, UserManager
from accounts.models.preferences import Preferences

__all__ = [
    "EDITING_ROLES",
    "INVITED_ROLES",
    "Invitation",
    "InvitationUse",
    "Mail",
    "MailStatus",
    "Membership",
    "Preferences",
    "Removal",
    "Role",
    "Team",
    "TeamManager",
    "User",
    "UserManager",
]
