"""Why a sync call is not answered with a decision; the code tells the client what to do."""

from shared.errors import BadInput, Refused, Unavailable


class SyncStopped(Refused):
    """Syncing has to start over from a known point."""


class BadRequest(BadInput):
    """This request cannot be read: {detail}."""

    code = "bad_request"


class EpochChanged(SyncStopped):
    """The history of the server has changed; this computer builds its data anew."""

    code = "epoch"


class CounterGap(SyncStopped):
    """The server expects change {expected} of this computer."""

    code = "gap"


class CounterForked(SyncStopped):
    """The data of this computer was copied."""

    code = "forked"


class UpgradeServer(SyncStopped):
    """These changes wait for a server update."""

    code = "upgrade_server"


class Resync(SyncStopped):
    """This computer gets the studio's data anew."""

    code = "resync"


class MinApp(Refused):
    """Please update Daybook to sync."""

    code = "min_app"


class Restoring(Unavailable):
    """The server is being restored. Please wait a moment."""

    code = "restoring"
