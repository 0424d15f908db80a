"""Teams: members, invitations, defaults and usage."""
