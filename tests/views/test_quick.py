"""Parts that Jinja draws are as safe as those of Django's templates, and say so if a name is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.template import Context, Template
from jinja2 import UndefinedError

from tests import factories
from tests.views.conftest import client_of
from transcripts.models import Recording
from transcripts.selectors.status import Status

if TYPE_CHECKING:
    from tests.factories import Cast

pytestmark = pytest.mark.django_db
SCRIPT = "<script>alert(1)</script>"


def drawn(**values: object) -> str:
    return Template('{% load quick %}{% quick "status" status=status %}').render(Context(values))


def test_what_people_write_is_escaped(cast: Cast) -> None:
    recording = factories.make_recording(cast.team, owner=cast.alice)
    Recording.objects.filter(pk=recording.pk).update(title=SCRIPT)
    page = client_of(cast.alice).get("/").content.decode()
    assert SCRIPT not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_value_is_escaped() -> None:
    assert SCRIPT not in drawn(status=Status("ready", SCRIPT))


def test_a_name_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        drawn(status=object())


def test_a_form_of_a_row_has_the_token_of_its_page(cast: Cast) -> None:
    recording = factories.make_recording(cast.team, owner=cast.alice)
    page = client_of(cast.alice).get("/")
    row = page.content.decode().partition(f'id="recording-{recording.pk}"')[2]
    assert f'name="csrfmiddlewaretoken" value="{page.context["csrf_token"]}"' in row
