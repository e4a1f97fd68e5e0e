"""Plans and tasks taken away: archived, or deleted where nothing of a person's goes with them (section 4, 5).

A 200 may have done nothing (section 2 [OBSERVED]) and a refusal may be a 500 (section 3), so each is proved by reading.
"""

from collections.abc import Awaitable

from shared.adapters.members import listed, member
from shared.adapters.oneplan.model import PlanRecord
from shared.adapters.oneplan.plans import Plans
from shared.adapters.oneplan.service import Service
from shared.adapters.oneplan.tasks import Tasks
from shared.core.errors import NotFound, PermissionMissing, Rejected, RouteMissing, UnknownOutcome


class Removals(Service):
    """Each may be asked for again."""

    async def read(self, plan: str) -> PlanRecord:
        """The plan, archived or not. NotFound where it is deleted or may not be seen.

        Whether an archived plan is read singly is not documented, so one that is not found is looked for in the list.
        """
        try:
            return await Plans(self.http).read(plan)
        except NotFound:
            everything = await Plans(self.http).read_all(archived=True)
            found = next((one for one in everything if one.id == plan), None)
            if found is None:
                raise
            return found

    async def archive(self, plan: str) -> None:
        """The plan is archived: lists leave it out unless asked. NotFound where it is gone."""
        unclear = None
        try:
            await Plans(self.http).archive(plan)
        except UnknownOutcome as error:
            unclear = error
        if not (await self.read(plan)).archived:
            raise unclear or Rejected(f"archiving plan {plan}: OnePlan answered that it was done and left it")

    async def delete_plan(self, plan: str) -> bool:
        """The plan is gone; False where it is kept.

        It is kept where it has plans below it, comments, or tasks: OnePlan would delete those with it, and what they
        stand for may be alive, or a person's own.
        """
        try:
            found = await self.read(plan)
        except NotFound:
            return True
        if found.commented or found.below or await self._has_tasks(found):
            return False
        unclear = await self._deleted(Plans(self.http).delete(plan))
        if await self._is_there(plan):
            raise unclear or Rejected(f"deleting plan {plan}: OnePlan answered that it was done and left it")
        return True

    async def _has_tasks(self, plan: PlanRecord) -> bool:
        """Also where those of an archived plan may not be seen: it may have some."""
        try:
            return bool(await Tasks(self.http).read_all(plan.id))
        except NotFound:
            if not plan.archived:
                raise
            return True

    async def _is_there(self, plan: str) -> bool:
        try:
            await self.read(plan)
        except NotFound:
            return False
        return True

    async def delete_task(self, plan: str, task: str) -> bool:
        """The task is gone; False where it is kept.

        It is kept where it has tasks below it, which OnePlan would delete with it, comments, or hours: for those the
        refusal is OnePlan's own.
        """
        try:
            tasks = await Tasks(self.http).read_all(plan)
        except NotFound:
            return not await self._is_there(plan)  # archived, and its tasks are not shown
        if all(one.id != task for one in tasks):
            return True
        if any(one.parent == task for one in tasks) or await self._has_comments(task):
            return False
        unclear = await self._deleted(Tasks(self.http).delete(plan, task))
        try:
            await Tasks(self.http).read(plan, task)
        except NotFound:
            return True
        if unclear and not unclear.answered:
            raise unclear
        return False

    async def _has_comments(self, task: str) -> bool:
        what = f"reading the comments of task {task}"
        found = await self.get("tasks/{task}/comments", what, places={"task": task})
        return bool(listed(member(found, "Comments"), what))

    async def _deleted(self, deleting: Awaitable[None]) -> UnknownOutcome | None:
        """It was tried: what came of it, the reading afterwards tells. None where the answer was clear."""
        try:
            await deleting
        except UnknownOutcome as error:
            return error
        except (PermissionMissing, RouteMissing):
            raise
        except Rejected:
            return None
        return None
