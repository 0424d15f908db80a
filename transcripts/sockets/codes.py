"""The codes a socket closes with. The protocol leaves 4000 to 4999 to applications; a server can send no others.

A refused socket is accepted first and closed then: a page can't tell one that was never accepted from a broken network.
`static/js/close_codes.js` holds the same numbers for the pages; a test compares them.
"""

from __future__ import annotations

# A frame of the wrong length.
BAD_FRAME = 4400
# The sign-in ended: signed out, the password changed, or the account locked. Try once more, then ask for a sign-in.
SIGNED_OUT = 4401
# The person can read here but not record any more.
VIEW_ONLY = 4403
# There is no such session for this person, or it has ended.
GONE = 4404
# Another page records the session now.
ELSEWHERE = 4409
# This connection lost the session to a newer one of the same page: connect again.
AGAIN = 4412
# What was asked for is refused now, such as a live slot while none is free; a message before it says why.
FULL = 4429
# The server can't write audio; a message before it says so.
UNWRITTEN = 4507
