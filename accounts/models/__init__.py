"""People, the teams they are in, and how they want to work."""

from accounts.models.people import EDITING_ROLES, Membership, Role, Team, TeamManager, User, UserManager
from accounts.models.preferences import Preferences

__all__ = ["EDITING_ROLES", "Membership", "Preferences", "Role", "Team", "TeamManager", "User", "UserManager"]
