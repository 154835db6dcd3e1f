"""What can come of handing something to the outside world. An adapter that returns has delivered."""


class NotSent(Exception):
    """It certainly did not leave, so it may be tried again. The reason names no person."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Rejected(Exception):
    """The provider refused it for good; `code` is the provider's own."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Unknown(Exception):
    """The last byte went out and no answer came back: it may have left, and nobody may send it again by machine."""

    def __init__(self, reason: str = "no answer after the last byte") -> None:
        super().__init__(reason)
        self.reason = reason
