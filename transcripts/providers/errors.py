"""How a speech-to-text provider may fail."""

from __future__ import annotations


class ProviderError(Exception):
    """A call that did not succeed. The message is a sentence a person can read, without secrets.

    `status_code` is the HTTP status when there was one, `code` a stable word for programs.
    """

    permanent = False
    code = "provider_error"

    def __init__(self, message: str, *, status_code: int | None = None, retry_after_ms: int | None = None) -> None:
        super().__init__(message)
        self.status_code = status_code
        self.retry_after_ms = retry_after_ms


class Unreachable(ProviderError):
    """No connection was made, or a mere question got no answer; nothing was taken."""

    code = "unreachable"


class NotListening(Unreachable):
    """Nothing accepted the connection. A bare connection attempt can tell when something does again."""


class Ambiguous(ProviderError):
    """The connection died after the request began; the provider may have taken it."""

    code = "ambiguous"


class RateLimited(ProviderError):
    """The provider asked for a pause of `retry_after_ms`, measured from its answer; None if it named no time."""

    code = "rate_limited"


class Busy(ProviderError):
    """The provider answered with a server error; the request was not taken."""

    code = "provider_busy"


class BadAnswer(ProviderError):
    """The provider's answer cannot be read: truncated, too large, not what its API promises."""

    code = "bad_answer"


class TooLarge(BadAnswer):
    """The provider's answer is larger than any transcript is; its end was not waited for."""


class Unreadable(ProviderError):
    """The provider took the audio and said so, but its whole answer `raw` cannot be read.

    Sending the audio again would be paid for again and answered alike, so that is for a person to decide.
    """

    permanent = True
    code = "unreadable_answer"

    def __init__(self, message: str, *, raw: bytes) -> None:
        super().__init__(message, status_code=200)
        self.raw = raw


class UnknownJob(ProviderError):
    """The provider does not know this processing id."""

    code = "unknown_job"


class Refused(ProviderError):
    """The provider will not do this; asking again cannot help."""

    permanent = True
    code = "refused"


class AuthenticationFailed(Refused):
    """The key is missing, wrong or not allowed to do this."""

    code = "authentication_failed"


class QuotaExceeded(Refused):
    """The plan or the money is used up."""

    code = "quota_exceeded"


class MediaRefused(Refused):
    """The provider cannot use this audio: too large, undecodable, a language it does not know."""

    code = "media_refused"


class TooSlow(Refused):
    """The provider's machine can't keep up with live speech in this language; a recording of it it can transcribe."""

    code = "too_slow"
