"""Limits are exact, also under many hands at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from shared.errors import TooManyTries
from sync_server.repositories.rate_buckets import RateBuckets
from sync_server.services.rate_limits import LIMITS, RateLimits
from tests.sync_server.limit_windows import stay_inside_one_window


@pytest.fixture
def limits(app_engine: sa.Engine) -> RateLimits:
    return RateLimits(RateBuckets(app_engine))


def test_four_hundred_tries_at_once_let_exactly_the_limit_pass(limits: RateLimits) -> None:
    most, _ = LIMITS["link_get_ip"]

    def passes(_: int) -> bool:
        try:
            limits.hit("link_get_ip", "192.0.2.1")
        except TooManyTries:
            return False
        return True

    stay_inside_one_window("link_get_ip")
    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(passes, range(400))) == most


def test_one_key_does_not_hinder_another(limits: RateLimits) -> None:
    most, _ = LIMITS["reset_address"]
    stay_inside_one_window("reset_address")
    for _ in range(most):
        limits.hit("reset_address", "a")
    with pytest.raises(TooManyTries) as refused:
        limits.hit("reset_address", "a")
    assert 0 < int(str(refused.value.details["retry_after_s"])) <= 3600
    limits.hit("reset_address", "b")


def test_what_happens_all_the_time_is_counted_in_bundles(limits: RateLimits) -> None:
    most, _ = LIMITS["sync_device"]

    def many() -> int:
        for passed in range(most + 60):
            try:
                limits.hit_often("sync_device", "d")
            except TooManyTries:
                return passed
        return -1

    stay_inside_one_window("sync_device")
    assert most <= many() < most + 60
