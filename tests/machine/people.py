"""People who edit both sides, as a program says, and the notifications that follow."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from local.azure_devops.model import WorkItem
from shared.messages import SyncMessage
from tests.machine.journal import Edit, Journal
from tests.machine.landscape import REFERENCES, Landscape, Paired
from tests.machine.program import Step

PERSONS = ("jamal@contoso.com", "norman@contoso.com", "christie@contoso.com", "chuck@contoso.com")
DECORATIONS = ("", " ünïcode 🌍", ' <b>& "quoted"</b>', "  twice  spaced", " " + "long " * 45)
FIRST_DAY = date(2031, 1, 1)
PARENTS = {"Feature": ("Epic",), "Task": ("User Story", "Bug", "Feature"), "Bug": ("Feature",)}
STORIES = ("User Story", "Product Backlog Item", "Requirement", "Issue")


@dataclass
class People:
    """Carry out steps, note every edit in the journal, and leave the messages that hooks and events would bring."""

    land: Landscape
    connection: str
    journal: Journal
    messages: list[SyncMessage] = field(default_factory=list)
    acts: int = 0

    async def do(self, step: Step) -> None:
        await getattr(self, step.kind.replace("-", "_"))(step)

    async def devops_title(self, step: Step) -> None:
        await self._edit_devops(step, self._paired(step), "title")

    async def devops_date(self, step: Step) -> None:
        await self._edit_devops(step, self._paired(step, "task"), ("start", "due")[step.dice[1] % 2])

    async def oneplan_title(self, step: Step) -> None:
        await self._edit_oneplan(step, self._paired(step), "title")

    async def oneplan_date(self, step: Step) -> None:
        await self._edit_oneplan(step, self._paired(step, "task"), ("start", "due")[step.dice[1] % 2])

    async def both_title(self, step: Step) -> None:
        """The same field on both sides before anybody looks, to different values."""
        paired = self._paired(step)
        await self._edit_devops(step, paired, "title")
        await self._edit_oneplan(step, paired, "title")

    async def both_same(self, step: Step) -> None:
        """The same field on both sides to the same value."""
        paired = self._paired(step)
        await self._edit_devops(step, paired, "title", "same")
        await self._edit_oneplan(step, paired, "title", "same")

    async def devops_person(self, step: Step) -> None:
        if paired := self._paired(step):
            who = (*PERSONS, None)[step.dice[1] % 5]
            if await self.land.devops(act="update", id=paired.number, fields={"System.AssignedTo": who}):
                self._notify_devops(paired.number, step)

    async def oneplan_person(self, step: Step) -> None:
        if paired := self._paired(step):
            who = PERSONS[step.dice[1] % 4]
            if paired.kind == "plan":
                done = await self.land.oneplan(act="edit-plan", plan=paired.record["id"], owner=who)
            else:
                done = await self.land.oneplan(act="edit-task", task=paired.record["id"], assigned=[who])
            if done:
                self._notify_oneplan(paired, step)

    async def devops_reparent(self, step: Step) -> None:
        """Below another item of a fitting type, or below nothing."""
        items = {one.id: one for one in self.land.items()}
        movable = [one for one in self.land.pairs() if items[one.number].type in ("Feature", *STORIES, *PARENTS)]
        if not movable:
            return
        item = items[movable[step.dice[0] % len(movable)].number]
        above = [one.id for one in items.values() if one.type in PARENTS.get(item.type, ("Feature",))]
        choices = [*above, *([None] if item.type == "Feature" else [])]
        if choices:
            parent = choices[step.dice[1] % len(choices)]
            if await self.land.devops(act="reparent", id=item.id, parent=parent):
                self._notify_devops(item.id, step)

    async def devops_create(self, step: Step) -> None:
        """Below a plan, in its project, of a type that belongs there."""
        plans = self.land.pairs("plan")
        if not plans:
            return
        organization = self.land.made.devops.organization
        above = organization.items[plans[step.dice[0] % len(plans)].number]
        project = organization.project(above.project_id)
        assert project is not None
        wanted = "Feature" if above.type == "Epic" else self._story(above.project_id)
        title = self._title(step, "new")
        made = await self.land.devops(
            act="create", project=project.name, type=wanted, parent=above.id, fields={"System.Title": title}
        )
        if made:
            self.journal.note(Edit(step.number, "azure-devops", int(made["id"]), "title", title, ""))
            self._notify_devops(int(made["id"]), step)

    async def devops_delete(self, step: Step) -> None:
        if (paired := self._paired(step)) and await self.land.devops(act="delete", id=paired.number):
            self.journal.deleted[paired.number] = len(self.journal.edits)
            self._notify_devops(paired.number, step, "deleted")

    async def devops_restore(self, step: Step) -> None:
        bin_ = [number for number in sorted(self.journal.deleted) if self._items[number].deleted]
        if bin_:
            number = bin_[step.dice[0] % len(bin_)]
            if await self.land.devops(act="restore", id=number):
                self._notify_devops(number, step, "restored")

    async def devops_iteration(self, step: Step) -> None:
        """Into an iteration of its project, or into none, which takes a task or bug out of scope (R6)."""
        tasks = [one for one in self.land.items() if one.type in ("Task", "Bug")]
        if tasks:
            item = tasks[step.dice[0] % len(tasks)]
            paths = {str(one.now.fields["System.IterationPath"]) for one in self._items.values()}
            root = str(item.now.fields["System.TeamProject"])
            fitting = [root, *sorted(path for path in paths if path.startswith(f"{root}\\"))]
            path = fitting[step.dice[1] % len(fitting)]
            if await self.land.devops(act="update", id=item.id, fields={"System.IterationPath": path}):
                self._notify_devops(item.id, step)

    async def devops_type(self, step: Step) -> None:
        """A plan becomes a task or the other way round (R19)."""
        pairs = [one for one in self.land.pairs() if self._items[one.number].type in ("Feature", *STORIES)]
        if pairs:
            item = self._items[pairs[step.dice[0] % len(pairs)].number]
            wanted = self._story(item.project_id) if item.type == "Feature" else "Feature"
            if await self.land.devops(act="update", id=item.id, fields={"System.WorkItemType": wanted}):
                self._notify_devops(item.id, step)

    async def oneplan_move(self, step: Step) -> None:
        """Below another plan or task, or to the top of a plan."""
        if (paired := self._paired(step)) is None:
            return
        others = [one for one in self.land.pairs(paired.kind) if one.number != paired.number]
        other = others[step.dice[1] % len(others)] if others else None
        if paired.kind == "plan":
            parent = other.record["id"] if other and step.dice[2] % 3 else None
            done = await self.land.oneplan(act="move-plan", plan=paired.record["id"], parent=parent)
        elif other and step.dice[2] % 2:
            plan = {"plan": other.plan} if other.plan != paired.plan else {}
            done = await self.land.oneplan(act="move-task", task=paired.record["id"], **plan, parent=other.record["id"])
        else:
            done = await self.land.oneplan(act="move-task", task=paired.record["id"], parent=None)
        if done:
            self._notify_oneplan(paired, step)

    async def oneplan_type(self, step: Step) -> None:
        """Another level of plan, or another type of task: one that fits, or one that cannot be."""
        if (paired := self._paired(step)) is None:
            return
        levels, types = ("Epic", "Feature"), ("Bug", "Task", self._story(self._items[paired.number].project_id))
        wanted = (levels if paired.kind == "plan" else types)[step.dice[1] % (2 if paired.kind == "plan" else 3)]
        which = {"act": f"change-{paired.kind}-type", paired.kind: paired.record["id"]}
        if await self.land.oneplan(**which, type=wanted):
            self._notify_oneplan(paired, step)

    async def oneplan_remove(self, step: Step) -> None:
        """A task that nothing hangs below, connected or not: OnePlan would delete that with it.

        Where a worker died that was putting another one in its place, people saw two of it: the other one stays. Where
        one died that had just made it, it is made anew: nobody can tell it from one that was never made. Where only the
        older one is still to be put away, and the other one was removed, that was the counterpart, and both are gone.
        """
        tasks = self.land.pairs("task")
        above = {one["ParentId"] for one in self.land.made.oneplan.groups[0].tasks.values()}
        leaves = [one for one in tasks if one.record["id"] not in above]
        if leaves:
            paired = leaves[step.dice[0] % len(leaves)]
            links = self.land.made.parts.engine.links
            known = await links.by_target(self.connection, paired.record["id"])
            link = await links.get(self.connection, known) if known else None
            if await self.land.oneplan(act="remove-task", task=paired.record["id"]):
                two = any(one.number == paired.number for one in self.land.pairs())
                if link is None or link.target != paired.record["id"] or (two and link.retired is None):
                    self.journal.deleted[paired.number] = len(self.journal.edits)
                else:
                    self.journal.removed.add(paired.number)
                self._notify_oneplan(paired, step)

    @property
    def _items(self) -> dict[int, WorkItem]:
        return self.land.made.devops.organization.items

    def _story(self, project_id: str) -> str:
        organization = self.land.made.devops.organization
        project = organization.project(project_id)
        assert project is not None
        kinds = {one.name for one in organization.process_of(project).types}
        return next(one for one in STORIES if one in kinds)

    async def edit_item(self, number: int, paired: Paired, name: str) -> None:
        """An edit in Azure DevOps between our read and our write, which nobody is told of."""
        step = Step(number, "devops-window", (0, 0, 0))
        value, before = self.value(step, name, "window"), self.land.devops_value(paired.number, name)
        if await self.land.devops(act="update", id=paired.number, fields={REFERENCES[name]: value}):
            self.journal.note(Edit(number, "azure-devops", paired.number, name, value, before))

    async def _edit_devops(self, step: Step, paired: Paired | None, name: str, word: str = "devops") -> None:
        if paired is None:
            return
        value, before = self.value(step, name, word), self.land.devops_value(paired.number, name)
        if await self.land.devops(act="update", id=paired.number, fields={REFERENCES[name]: value}):
            self.journal.note(Edit(step.number, "azure-devops", paired.number, name, value, before))
            self._notify_devops(paired.number, step)

    async def _edit_oneplan(self, step: Step, paired: Paired | None, name: str, word: str = "oneplan") -> None:
        if paired is not None and await self.edit_record(step, paired, name, word):
            self._notify_oneplan(paired, step)

    async def edit_record(
        self, step: Step, paired: Paired, name: str, word: str = "oneplan", *, in_window: bool = False
    ) -> bool:
        value, before = self.value(step, name, word), self.land.oneplan_value(paired, name)
        named = (
            {"name": value} if name == "title" else {"fields": {"StartDate" if name == "start" else "DueDate": value}}
        )
        which = {"act": f"edit-{paired.kind}", paired.kind: paired.record["id"]}
        if not await self.land.oneplan(**which, **named):
            return False
        self.journal.note(Edit(step.number, "oneplan", paired.number, name, value, before, in_window))
        return True

    def value(self, step: Step, name: str, word: str) -> str:
        if name == "title":
            return self._title(step, word)
        day = 2 * (step.number % 50_000) + (word == "oneplan") + (20_000 if word == "window" else 0)
        return (FIRST_DAY + timedelta(days=day)).isoformat()

    def _title(self, step: Step, word: str) -> str:
        return f"E{step.number:05d} {word}{DECORATIONS[step.dice[2] % len(DECORATIONS)]}".strip()

    def _paired(self, step: Step, kind: str = "") -> Paired | None:
        pairs = self.land.pairs(kind)
        return pairs[step.dice[0] % len(pairs)] if pairs else None

    def _notify_devops(self, number: int, step: Step, event: str = "updated") -> None:
        message = SyncMessage(self.connection, "hook", side="azure-devops", item=str(number), event=event)
        self._notify(message, step)

    def _notify_oneplan(self, paired: Paired, step: Step) -> None:
        """OnePlan has events of plans only."""
        self._notify(SyncMessage(self.connection, "save", side="oneplan", item=paired.plan, event="saved"), step)

    def _notify(self, message: SyncMessage, step: Step) -> None:
        """Every sixth notification is lost, every fourth comes twice."""
        self.acts += 1
        fate = Random(step.number).random()
        times = 0 if fate < 1 / 6 else 2 if fate < 5 / 12 else 1
        self.messages += [message] * times
