"""What can be wrong with the store of this computer, in words for the person in front of it."""

from shared.errors import Refused, TooMuch, Unavailable


class StoreInUse(Refused):
    """Daybook is already open for this studio on this computer."""

    code = "store_in_use"


class StoreKeyWrong(Refused):
    """The studio's data on this computer cannot be opened with the key that is kept here."""

    code = "store_key_wrong"


class StoreTooNew(Refused):
    """The studio's data was last opened by a newer Daybook. Please update the app."""

    code = "store_too_new"


class DiskFull(Unavailable):
    """The disk is full: nothing new can be saved."""

    code = "disk_full"


class ChangeTooLarge(TooMuch):
    """This is too large to be sent: at most 256 KB."""

    code = "change_too_large"


class FileDamaged(Unavailable):
    """This file on this computer is damaged."""

    code = "file_damaged"


class KeyringMissing(Unavailable):
    """This computer has no keyring in which Daybook could keep the key of the studio's data."""

    code = "keyring_missing"
