"""One call as the rules see it: the open transaction, the account, checked parameters and what caused it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sync_server.practice.stripe_emulator.answers import Answer, Body, invalid, missing, said
from sync_server.practice.stripe_emulator.records import Cause, Page, Record, Unit

EXPANDABLE = {
    "charge": "charge",
    "customer": "customer",
    "latest_charge": "charge",
    "payment_intent": "payment_intent",
    "payment_method": "payment_method",
}


@dataclass(frozen=True)
class Call:
    """What a rule is given; it changes things through `unit` and answers with an object."""

    unit: Unit
    cause: Cause
    params: Mapping[str, Any]
    object_id: str
    base_url: str

    @property
    def account(self) -> str:
        """The account in whose name the call is made."""
        return self.cause.account

    def shown(self, body: Body) -> Answer:
        """The object, with the references that were asked for put in."""
        for path in self.params.get("expand", []):
            body = self._expanded(body, path.split("."), path)
        return said(body)

    def listed(
        self, kind: str, url: str, *, filters: tuple[str, ...] = (), also: str = "1 = 1"
    ) -> tuple[list[Record], Body]:
        """The asked page of this kind: its records and the envelope without data."""
        created = self.params.get("created", {})
        records, more = self.unit.page(
            self.account,
            kind,
            page=Page(
                limit=self.params.get("limit", 10),
                starting_after=self.params.get("starting_after"),
                ending_before=self.params.get("ending_before"),
            ),
            fields={name: self.params[name] for name in filters if name in self.params},
            created={"gte": created, "lte": created} if isinstance(created, int) else created,
            also=also,
        )
        return records, {"object": "list", "url": url, "has_more": more}

    def plain_list(self, kind: str, url: str, *filters: str) -> Answer:
        """The asked page with each object as it stands."""
        records, envelope = self.listed(kind, url, filters=filters)
        return self.shown(envelope | {"data": [record.body for record in records]})

    def _expanded(self, body: Body, path: list[str], full: str) -> Body:
        name, rest = path[0], path[1:]
        if name == "data" and body.get("object") == "list":
            return body | {
                "data": [self._expanded(item, rest, full) for item in body["data"]] if rest else None
            }
        if name not in body or name not in EXPANDABLE:
            raise invalid(f"This property cannot be expanded ({full}).", "expand")
        inner = body[name]
        if isinstance(inner, str):
            inner = self.unit.get(self.account, EXPANDABLE[name], inner).body
        if rest and inner is not None:
            inner = self._expanded(inner, rest, full)
        return body | {name: inner}

    def referred(self, kind: str, param: str) -> Record | None:
        """The object a parameter names; 400 when this account has none of that id."""
        wanted = self.params.get(param)
        if wanted is None:
            return None
        found = self.unit.find(self.account, kind, wanted)
        if found is None:
            raise missing(kind, wanted, param=param, status=400)
        return found
