"""What only the desk refuses, because a person who can answer stands in front of it."""

from shared.errors import Refused


class SameRefundOpen(Refused):
    """The same refund has already been asked for and is still open."""

    code = "identical_open_request"
