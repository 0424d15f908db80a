"""Teams: invite, accept, change, remove, switch."""
