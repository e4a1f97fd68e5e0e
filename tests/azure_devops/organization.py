"""A tiny organization made by hand: two projects, three people, one token for each situation."""

from datetime import date

from local.azure_devops.model import Identity, Node, Organization, Project, Team, Token
from local.azure_devops.seed.fields import fields
from local.azure_devops.seed.processes import processes

AGILE, SCRUM = "adcc42ab-9882-485e-a3ed-7678f01f66bc", "6b724908-ef14-45cf-84f8-768b5384da45"
ANN = Identity("11111111-0000-4000-8000-000000000001", "Ann Ode", "ann@tiny.test", "aad.YW5u", "ann@tiny.test")
BOB = Identity("11111111-0000-4000-8000-000000000002", "Bob <Bo> Ray", "bob@tiny.test", "aad.Ym9i", "bob@tiny.test")
TWIN = Identity("11111111-0000-4000-8000-000000000003", "Ann Ode", "ann2@tiny.test", "aad.YW4y", "ann2@tiny.test")
READ_SCOPES = frozenset({"vso.work", "vso.identity"})
WRITE_SCOPES = READ_SCOPES | {"vso.work_write"}
FULL_SCOPES = frozenset({"vso.work_full", "vso.identity_manage"})


def tiny() -> Organization:
    """Projects Alpha (Agile) and Beta (Scrum); no work items."""
    return Organization(
        name="tiny",
        id="22222222-0000-4000-8000-000000000000",
        identities=[ANN, BOB, TWIN],
        fields=fields(),
        processes=processes(),
        projects=[_project(1, "Alpha", AGILE), _project(2, "Beta", SCRUM)],
        tokens=[
            Token("pat", ANN, FULL_SCOPES),
            Token("write-pat", BOB, WRITE_SCOPES),
            Token("read-pat", ANN, READ_SCOPES),
            Token("old-pat", ANN, FULL_SCOPES, expired=True),
        ],
    )


def _project(number: int, name: str, process: str) -> Project:
    sprint = _node(number, 3, "S1", "iteration", f"{name}\\S1")
    sprint.start, sprint.finish = date(2000, 1, 1), date(2999, 1, 1)
    areas, iterations = _node(number, 1, name, "area", name), _node(number, 2, name, "iteration", name)
    areas.children = [_node(number, 4, "Web", "area", f"{name}\\Web")]
    iterations.children = [sprint]
    team = Team(f"44444444-0000-4000-8000-00000000000{number}", f"{name} Team", "asRequirements", name)
    return Project(f"33333333-0000-4000-8000-00000000000{number}", name, "", process, areas, iterations, [team])


def _node(project: int, number: int, name: str, structure: str, path: str) -> Node:
    kind = "area" if structure == "area" else "iteration"
    return Node(project * 10 + number, f"55555555-0000-4000-8000-0000000000{project}{number}", name, kind, path)
