"""Read the OpenID Connect providers of OIDC_PROVIDERS.

Standard library only, because the set-up checks them before anything is installed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,30}")
ROLES = ("viewer", "commenter", "editor", "admin")
LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain whose addresses a provider vouches for, and the team that they join."""

    name: str
    team_slug: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class IdentityProvider:
    """One provider: where it is, who we are there, and which addresses it vouches for."""

    id: str
    name: str
    issuer: str
    client_id: str
    secret: str
    domains: tuple[Domain, ...] = ()

    def domain_of(self, email: str) -> Domain | None:
        """Return the domain of an address, if the provider vouches for it."""
        name = email.rpartition("@")[2].lower()
        return next((domain for domain in self.domains if domain.name == name), None)


def read_providers(text: str, environment: Mapping[str, str]) -> tuple[IdentityProvider, ...]:
    """Read a JSON list of providers. Raises ValueError with a sentence.

    The secret of the provider "acme" is in OIDC_SECRET_ACME, or in the file that OIDC_SECRET_ACME_FILE names.
    """
    if not text.strip():
        return ()
    try:
        entries = json.loads(text)
    except ValueError:
        raise ValueError("OIDC_PROVIDERS is not a JSON list") from None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise ValueError("OIDC_PROVIDERS is not a list of JSON objects")
    providers = tuple(_provider(entry, environment) for entry in entries)
    if len({provider.id for provider in providers}) < len(providers):
        raise ValueError('OIDC_PROVIDERS names an "id" twice')
    return providers


def _provider(entry: dict[str, Any], environment: Mapping[str, str]) -> IdentityProvider:
    values = {name: entry.get(name) for name in ("id", "issuer", "client_id")}
    missing = [name for name, value in values.items() if not isinstance(value, str) or not value]
    if missing:
        raise ValueError(f'a provider of OIDC_PROVIDERS has no "{missing[0]}"')
    id, issuer, client_id = (str(value) for value in values.values())
    if not ID.fullmatch(id):
        raise ValueError(f'the "id" {id!r} of OIDC_PROVIDERS has other characters than a-z, 0-9 and "-"')
    parts = urlsplit(issuer)
    if parts.scheme != "https" and parts.hostname not in LOCAL:
        raise ValueError(f'the "issuer" of {id} in OIDC_PROVIDERS is not an https address')
    domains = tuple(_domain(id, str(one)) for one in entry.get("domains", []))
    return IdentityProvider(
        id, str(entry.get("name") or id), issuer.rstrip("/"), client_id, _secret(id, environment), domains
    )


def _domain(id: str, text: str) -> Domain:
    """Read "example.org", or "example.org:team-slug:role"."""
    name, _, rest = text.lower().partition(":")
    slug, _, role = rest.partition(":")
    if not name or (slug and role not in ROLES):
        raise ValueError(f'the domain "{text}" of {id} in OIDC_PROVIDERS is not like example.org:team-slug:editor')
    return Domain(name, slug, role)


def _secret(id: str, environment: Mapping[str, str]) -> str:
    variable = f"OIDC_SECRET_{id.upper().replace('-', '_')}"
    if path := environment.get(f"{variable}_FILE"):
        try:
            return Path(path).read_text().strip()
        except OSError as error:
            raise ValueError(f"{variable}_FILE can't be read ({error.strerror})") from None
    return environment.get(variable, "")
