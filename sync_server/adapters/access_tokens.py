"""Access tokens of staff: JWT HS256 with our own keys, the only door to jwt."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from uuid import UUID

import jwt

from shared.clock import Clock
from shared.errors import SignIn, TokenExpired
from shared.ids import new_id
from sync_server.services.admission import AccessClaims
from sync_server.services.key_ring import KeyRing

LIFETIME: Final = timedelta(minutes=15)
_REMEMBERED: Final = 1_024
_ISSUER: Final = "daybook"
_AUDIENCE: Final = "desktop"
_ALGORITHM: Final = "HS256"
_REQUIRED: Final = ["iss", "aud", "sub", "tid", "sid", "did", "sv", "jti", "iat", "exp"]


class JwtAccessTokens:
    """Implements AccessTokens."""

    def __init__(self, keys: KeyRing, clock: Clock) -> None:
        self._keys = keys
        self._clock = clock
        # a device shows the same token for a quarter of an hour: what it says is found out once
        self._claims = lru_cache(maxsize=_REMEMBERED)(self._verified)

    def issue(self, claims: AccessClaims) -> tuple[str, datetime]:
        """A token and when it ends (machine time)."""
        now = self._clock.now().replace(microsecond=0)
        expires_at = now + LIFETIME
        words = {
            "iss": _ISSUER,
            "aud": _AUDIENCE,
            "sub": str(claims.user_id),
            "tid": str(claims.tenant_id),
            "sid": str(claims.session_id),
            "did": str(claims.device_id),
            "sv": claims.sv,
            "jti": str(new_id()),
            "iat": int(now.timestamp()),
            "exp": int(expires_at.timestamp()),
        }
        version = self._keys.newest
        key = self._keys.versions[version]
        return jwt.encode(words, key, _ALGORITHM, headers={"kid": str(version)}), expires_at

    def read(self, token: str) -> AccessClaims:
        """The claims of a token that we issued; raises TokenExpired, SignIn."""
        claims = self._claims(token)
        if claims.expires_at is None or claims.expires_at <= self._clock.now():
            raise TokenExpired
        return claims

    def _verified(self, token: str) -> AccessClaims:
        """What a token says whose signature is ours, whenever it ends; raises SignIn."""
        try:
            key = self._keys.versions[int(jwt.get_unverified_header(token)["kid"])]
            words = jwt.decode(
                token,
                key,
                algorithms=[_ALGORITHM],
                audience=_AUDIENCE,
                issuer=_ISSUER,
                options={"require": _REQUIRED, "verify_exp": False, "verify_iat": False},
            )
            return AccessClaims(
                tenant_id=UUID(words["tid"]),
                session_id=UUID(words["sid"]),
                device_id=UUID(words["did"]),
                user_id=UUID(words["sub"]),
                sv=int(words["sv"]),
                expires_at=datetime.fromtimestamp(words["exp"], UTC),
            )
        except (jwt.PyJWTError, KeyError, ValueError, TypeError, OverflowError, OSError) as cause:
            raise SignIn from cause
