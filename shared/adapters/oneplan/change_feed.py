"""Fulfils `ports.changes.PlanFeed`: three ways to find what changed in OnePlan (oneplan-api.md section 8).

The audit tells everything, where it is switched on. Plans sorted by `Modified` tell which plans were saved, where
OnePlan obeys the sort. Comparing the list of plans always works. The last two do not see a saved task, which leaves
its plan's `Modified` alone, nor a task that was deleted, so they go round the task lists of all connected plans within
a share of the budget.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from shared.adapters.members import moment
from shared.adapters.oneplan.audit_feed import AuditFeed
from shared.adapters.oneplan.client import OnePlan
from shared.adapters.oneplan.model import PlanRecord
from shared.adapters.oneplan.rotation import merged, rotated
from shared.core.errors import RateLimited, Rejected, Retriable
from shared.ports.changes import FeedName, Known, Look, Place, PlanChanges

ORDER: Mapping[str, tuple[FeedName, ...]] = {
    "auto": ("audit", "find", "sweep"),
    "audit": ("audit", "sweep"),
    "find": ("find", "sweep"),
    "sweep": ("sweep",),
}
# A feed that did not serve is asked again after this time.
UNFIT = timedelta(hours=1)
# The sort of plans is proven once a day.
PROVEN = timedelta(hours=24)
# Plans that were saved are looked for so far behind the last one seen, since they may be stored late.
OVERLAP = timedelta(minutes=2)
# Deleted plans show by their absence from the list, which is read so often where nothing else needs it.
LISTED = timedelta(hours=1)
RECENT, MORE = 50, 500
# As many as surely fit the row of a place.
BACK = 500


class Unfit(Exception):
    """The feed cannot serve; the text says why, for a person."""


@dataclass(frozen=True)
class GroupChanges:
    """The feeds of one group. `per_minute`: requests that going round the task lists may use."""

    client: OnePlan
    per_minute: float
    clock: Callable[[], float]

    async def changes(
        self, wanted: Literal["auto", "audit", "find", "sweep"], place: Place, known: Known
    ) -> PlanChanges:
        reasons: list[str] = []
        kept: dict[str, Any] = {"since": place.get("since") or _text(self._now - OVERLAP), **place}
        for name in ORDER[wanted]:
            try:
                return await self._by(name, kept, known, reasons)
            except Unfit as error:
                reasons.append(str(error))
                kept[f"{name}Unfit"] = {"until": _text(self._now + UNFIT), "reason": str(error)}
        raise AssertionError("the list of plans can always be compared")

    @property
    def _now(self) -> datetime:
        return datetime.fromtimestamp(self.clock(), UTC)

    async def _by(self, name: FeedName, kept: dict[str, Any], known: Known, reasons: list[str]) -> PlanChanges:
        unfit = kept.get(f"{name}Unfit") or {}
        if unfit and str(unfit["until"]) > _text(self._now):
            raise Unfit(str(unfit["reason"]))
        match name:
            case "audit":
                looks, own = await self._audit(kept, known)
                found = PlanChanges(looks, own, "audit", "the audit answers")
            case "find":
                found = await self._find(kept, known)
            case "sweep":
                found = await self._sweep(kept, known)
        why = "; ".join([*reasons, found.reason]) if reasons else found.reason
        place = {key: value for key, value in {**kept, **found.place}.items() if key != f"{name}Unfit"}
        return PlanChanges(found.looks, place, found.feed, why, found.delay_seconds)

    async def _audit(self, kept: dict[str, Any], known: Known) -> tuple[tuple[Look, ...], Place]:
        feed = AuditFeed(self.client.audit, self.client.key_name, self._now)
        try:
            looks, place = await feed.changes(kept.get("audit") or {"at": kept["since"]}, known)
        except RateLimited:
            raise
        except (Rejected, Retriable) as error:
            raise Unfit(f"the audit does not answer ({error})") from error
        if looks is None:
            raise Unfit(str(place["unfit"]))
        return looks, {"audit": place}

    async def _find(self, kept: dict[str, Any], known: Known) -> PlanChanges:
        at = kept["since"]
        own = {} if str(kept.get("findProven", "")) > _text(self._now) else await self._prove()
        plans, more = await self._recent(RECENT)
        if more and _all_newer(plans, at):
            plans, more = await self._recent(MORE)
        listed = str(kept.get("listed", "")) < _text(self._now - LISTED) or (more and _all_newer(plans, at))
        others: tuple[Look, ...] = ()
        if listed:
            plans = await self.client.plans.read_all(archived=True)
            others, back = _gone_or_back(plans, known, kept)
            own = {**own, **back, "listed": _text(self._now)}
        return self._compared("find", "plans come sorted by their last save", plans, others, kept, own, known)

    async def _recent(self, most: int) -> tuple[list[PlanRecord], bool]:
        try:
            return await self.client.plans.recent(most)
        except RateLimited:
            raise
        except (Rejected, Retriable) as error:
            raise Unfit(f"plans cannot be found by their last save ({error})") from error

    async def _prove(self) -> dict[str, Any]:
        """The sort is obeyed where the plans found first are the newest of all, and in their order."""
        plans, _ = await self._recent(RECENT)
        everything = await self.client.plans.read_all(archived=False)
        newest = sorted((_saved(one) for one in everything), reverse=True)[: len(plans)]
        found = [_saved(one) for one in plans]
        if found != newest or len(set(found)) < min(2, len(everything)):
            raise Unfit("OnePlan does not sort plans by their last save")
        return {"findProven": _text(self._now + PROVEN)}

    async def _sweep(self, kept: dict[str, Any], known: Known) -> PlanChanges:
        plans = await self.client.plans.read_all(archived=True)
        others, own = _gone_or_back(plans, known, kept)
        return self._compared("sweep", "the list of plans is compared", plans, others, kept, own, known)

    def _compared(
        self,
        feed: FeedName,
        reason: str,
        plans: list[PlanRecord],
        others: tuple[Look, ...],
        kept: Mapping[str, Any],
        own: Mapping[str, Any],
        known: Known,
    ) -> PlanChanges:
        """The plans that were saved since, the `others`, and the next ones of the round through the tasks."""
        saves = {**known.plans, **known.ended}
        since = (moment(kept["since"]) or self._now) - OVERLAP
        seen, saved = set(kept.get("seen") or ()), [one for one in plans if _saved(one) > since]
        looks = [
            Look(one.id)
            for one in saved
            if one.id in saves and one.modified != saves[one.id] and _name(one) not in seen
        ]
        newest = max([moment(kept["since"]) or self._now, *(_saved(one) for one in saved)])
        again = [_name(one) for one in saved if _saved(one) > newest - OVERLAP][-500:]
        rotation = rotated(sorted(known.plans), str(kept.get("cursor", "")), self.per_minute, known.minutes)
        place = {**own, "since": _text(newest), "seen": again, "cursor": rotation.cursor}
        return PlanChanges(merged([*looks, *others], rotation.looks), place, feed, reason, rotation.delay_seconds)


def _all_newer(plans: list[PlanRecord], at: str) -> bool:
    since = moment(at)
    return since is not None and all(_saved(one) > since - OVERLAP for one in plans)


def _gone_or_back(plans: list[PlanRecord], known: Known, kept: Mapping[str, Any]) -> tuple[tuple[Look, ...], Place]:
    """The connected plans that are not in the whole list any more, and those that are in it though their pair ended.

    Each of the latter once: where it does not connect again, its next look would find nothing new.
    """
    there, before = {one.id for one in plans}, kept.get("back") or ()
    back = sorted(known.ended.keys() & there)
    wanted = [plan for plan in known.plans if plan not in there] + [one for one in back if one[:8] not in before]
    return tuple(Look(plan) for plan in wanted), {"back": [one[:8] for one in back][:BACK]}


def _saved(plan: PlanRecord) -> datetime:
    return plan.modified_at or datetime.fromtimestamp(0, UTC)


def _name(plan: PlanRecord) -> str:
    return f"{plan.id[:8]} {plan.modified}"


def _text(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()
