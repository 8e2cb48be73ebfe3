"""The one error of the set-up: what is wrong, what to do about it, and with which code the process ends."""

NEEDS_PACKAGES = 3


class SetupError(Exception):
    """Set-up cannot go on; `hint` says what to do, `code` is the exit code (3: packages must be installed by root)."""

    def __init__(self, message: str, hint: str = "", code: int = 1) -> None:
        super().__init__(message)
        self.hint = hint
        self.code = code
