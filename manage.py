"""Django's command line for Verbatim."""

import os
import sys


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
    from django.core.management import execute_from_command_line

    # A command is a module, whose name can't have a hyphen: `check-quotes` is `check_quotes`
    command = [name.replace("-", "_") for name in sys.argv[1:2] if not name.startswith("-")]
    execute_from_command_line([*sys.argv[:1], *(command or sys.argv[1:2]), *sys.argv[2:]])


if __name__ == "__main__":
    main()
