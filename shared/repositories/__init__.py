"""Finding, adding and listing; the studio comes first in every call, and a foreign one finds nothing."""
