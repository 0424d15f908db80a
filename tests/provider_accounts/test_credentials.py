"""Keys that are entered in the console, and keys in files."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from accounts.models import User
from transcripts.models import Credential, ProviderAccount
from transcripts.services.errors import Refused
from transcripts.services.provider_accounts import accounts, credentials, environment, keys
from transcripts.services.provider_accounts.secret_stores import secret_files

if TYPE_CHECKING:
    from django.test import Client
    from pytest_django import Settings

pytestmark = pytest.mark.django_db(transaction=True)

CANARY = "sk-canary-7f3a91c2d5e8-zyxw"


@pytest.fixture
def root() -> User:
    return User.objects.create_superuser("root@example.org", "a password of theirs")


@pytest.fixture
def account(settings: Settings) -> ProviderAccount:
    settings.STT_API_ENDPOINT, settings.STT_API_KEY = "http://127.0.0.1:9", "of-the-environment"
    return environment.from_environment()


def sign_in(client: Client) -> None:
    client.force_login(User.objects.get(email="root@example.org"))
    client.post(reverse("account_reauthenticate"), {"password": "a password of theirs"})


def test_a_key_is_used_at_once_and_is_nowhere_in_clear(
    account: ProviderAccount, root: User, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    sign_in(client)
    url = reverse("operations_keys", args=[account.pk])
    answer = client.post(f"{url}enter/", {"key": f"  {CANARY} "}, follow=True)
    assert "Saved. The key …zyxw is used from now on." in answer.content.decode()
    assert accounts.connection(account).api_key == CANARY
    listed = reverse("admin:transcripts_credential_changelist")
    row = reverse("admin:transcripts_credential_change", args=[Credential.objects.get().pk])
    change = reverse("admin:transcripts_provideraccount_change", args=[account.pk])
    for page in (url, listed, row, change, "/admin/"):
        shown = client.get(page)
        assert shown.status_code == 200
        assert CANARY not in shown.content.decode()
    assert CANARY not in caplog.text + repr(keys.of(account)) + repr(Credential.objects.get().__dict__)


def test_no_dump_of_the_database_holds_the_key(account: ProviderAccount, root: User) -> None:
    made = credentials.enter(account, CANARY, by=root)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        name = Path(str(connection.settings_dict["NAME"]))
        files = [file for file in name.parent.glob(f"{name.name}*") if file.is_file()]
        assert files
        assert not any(CANARY.encode() in file.read_bytes() for file in files)
    assert CANARY not in made.secret


def test_a_page_says_which_key_is_in_use_and_which_is_next(
    account: ProviderAccount, root: User, client: Client
) -> None:
    sign_in(client)
    url = reverse("operations_keys", args=[account.pk])
    for key in ("sk-first-1111", "sk-second-2222"):
        client.post(f"{url}enter/", {"key": key})
    found = keys.with_states(account)
    assert [(keys.name_of(key), state) for key, state in found] == [
        ("the key …2222", "In use"),
        ("the key …1111", "Next"),
        ("the environment’s key", "Usable"),
    ]
    page = client.get(url).content.decode()
    assert page.index("In use") < page.index("Next") < page.index("Usable")


def test_who_is_at_the_keyboard_is_asked_first(account: ProviderAccount, root: User, client: Client) -> None:
    client.force_login(root)
    url = reverse("operations_keys", args=[account.pk])
    answer = client.post(f"{url}enter/", {"key": CANARY})
    assert (answer.status_code, answer["Location"]) == (302, url)
    assert client.get(url)["Location"].startswith(reverse("account_reauthenticate"))
    assert not Credential.objects.exists()
    assert CANARY not in str(dict(client.session))


def test_only_superusers_see_the_page(account: ProviderAccount, client: Client) -> None:
    client.force_login(User.objects.create_user("someone@example.org", "a password of theirs"))
    assert client.get(reverse("operations_keys", args=[account.pk])).status_code in (302, 404)


@pytest.mark.parametrize("text", ["", "  ", "key\nother", "key\x00", "key\u200bhidden", "k" * 9_000])
def test_what_is_no_key_is_refused_without_being_named(account: ProviderAccount, root: User, text: str) -> None:
    with pytest.raises(Refused) as refusal:
        credentials.enter(account, text, by=root)
    assert not text.strip() or text not in str(refusal.value)


def test_there_are_two_keys_at_most_and_a_retired_one_is_forgotten(account: ProviderAccount, root: User) -> None:
    first, _ = (credentials.enter(account, f"key-number-{n}-abcd", by=root) for n in (1, 2))
    with pytest.raises(Refused, match="has two keys"):
        credentials.enter(account, "key-number-3", by=root)
    assert credentials.retire(first)
    assert not credentials.retire(first)
    first.refresh_from_db()
    assert first.secret == ""
    assert [key.value for key in keys.of(account)] == ["key-number-2-abcd", "of-the-environment"]


def test_master_keys_are_rotated_and_the_earlier_ones_can_go(
    account: ProviderAccount, root: User, settings: Settings
) -> None:
    credentials.enter(account, CANARY, by=root)
    settings.CREDENTIALS_KEYS = ["a new master key"]
    assert keys.choose(account).value == CANARY
    for _ in range(2):
        call_command("rotate_credentials", stdout=io.StringIO())
    settings.SECRET_KEY = "another secret key of this instance"
    assert keys.choose(account).value == CANARY
    settings.CREDENTIALS_KEYS = ["yet another master key"]
    assert keys.choose(account).value == "of-the-environment"
    with pytest.raises(CommandError, match="1 can’t be read"):
        call_command("rotate_credentials", stdout=io.StringIO())


def test_a_new_address_is_not_sent_the_keys_of_the_old_one(root: User, client: Client) -> None:
    client.force_login(root)
    add = reverse("admin:transcripts_provideraccount_add")
    numbers = ("upload_limit", "upload_window_ms", "status_interval_ms", "live_limit", "max_bytes")
    fields = {"name": "Court", "kind": "pulse", "endpoint": "https://api.example.org", "key_variable": ""}
    fields |= dict.fromkeys(numbers, "")
    client.post(add, fields)
    court = ProviderAccount.objects.get(name="Court")
    credentials.enter(court, CANARY, by=root)
    change = reverse("admin:transcripts_provideraccount_change", args=[court.pk])
    client.post(change, {**fields, "endpoint": "https://elsewhere.example.net"})
    court = ProviderAccount.objects.get(name="Court")
    assert court.endpoint == "https://elsewhere.example.net"
    assert keys.of(court) == []


def test_a_file_is_read_again_when_it_changes(account: ProviderAccount, settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("first\n")
    settings.STT_API_KEY_FILES = {"STT_API_KEY": str(file)}
    assert keys.choose(account).value == "first"
    file.write_text("the second\n")
    assert keys.choose(account).value == "the second"


def test_a_link_that_kubernetes_swaps_leads_to_the_new_key(
    account: ProviderAccount, settings: Settings, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "STT_API_KEY").write_text(name)
    data = tmp_path / "..data"
    data.symlink_to("one")
    (tmp_path / "STT_API_KEY").symlink_to("..data/STT_API_KEY")
    settings.CREDENTIALS_DIRECTORY = str(tmp_path)
    assert keys.choose(account).value == "one"
    (tmp_path / "..new").symlink_to("two")
    (tmp_path / "..new").replace(data)
    assert keys.choose(account).value == "two"


@pytest.mark.parametrize("content", [None, b"", b"\xff\xfe", b"two\nlines"])
def test_a_file_that_gives_no_key_is_a_sentence(
    account: ProviderAccount, settings: Settings, tmp_path: Path, content: bytes | None
) -> None:
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    settings.STT_API_KEY_FILES = {"STT_API_KEY": str(file)}
    assert keys.choose(account).value == ""
    assert secret_files.problem_of("STT_API_KEY").startswith(f"The file {file}, which should hold the key,")
