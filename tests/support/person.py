"""Somebody signed in to a running instance over HTTP, as a browser does it."""

from __future__ import annotations

from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

# A web process that was killed is there again within these tries
PATIENCE = Retry(connect=8, read=0, backoff_factor=0.1)


class Person:
    """Asks for pages with the cookies of a session."""

    def __init__(self, url: str, email: str, password: str) -> None:
        self.url, self.session = url, requests.Session()
        self.session.mount("http://", HTTPAdapter(max_retries=PATIENCE))
        self.get("/accounts/login/")
        form = {"login": email, "password": password, "csrfmiddlewaretoken": self.token}
        answer = self.session.post(f"{url}/accounts/login/", data=form, timeout=30, allow_redirects=False)
        assert answer.status_code == 302, "The sign-in was refused."

    @property
    def token(self) -> str:
        """What proves that a request comes from one of our own pages."""
        return self.session.cookies["csrftoken"]

    @property
    def headers(self) -> dict[str, str]:
        """What another client has to send to act in this person's name."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.session.cookies.items())
        return {"Cookie": cookies, "X-CSRFToken": self.token}

    def get(self, path: str, **options: Any) -> requests.Response:
        """A page or file; anything but success fails the test."""
        answer = self.session.get(self.url + path, timeout=30, **options)
        answer.raise_for_status()
        return answer
