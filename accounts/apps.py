"""The app of people and teams."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """People, teams and memberships."""

    name = "accounts"
