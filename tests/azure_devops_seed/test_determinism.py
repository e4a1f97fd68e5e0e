"""The same size and seed always give the same organization, item by item."""

import pytest

from local.azure_devops.model import Organization
from local.azure_devops.seed import counted
from tests.azure_devops_seed.seeded import seeded


def picture(organization: Organization) -> str:
    return repr((organization.items, organization.link_changes, organization.oddities))


def test_the_same_seed_gives_the_same_organization() -> None:
    assert picture(seeded(120, "default")) == picture(seeded(120, "default"))


def test_a_number_as_seed_is_the_same_as_its_digits() -> None:
    assert picture(seeded(60, 7)) == picture(seeded(60, "7"))


def test_another_seed_gives_another_organization() -> None:
    assert picture(seeded(120, "default")) != picture(seeded(120, "another"))


@pytest.mark.parametrize("size", [1, 20, 60, 300, 900])
def test_there_are_as_many_work_items_as_asked_for(size: int) -> None:
    assert len(seeded(size, "default").items) == size


def test_a_larger_organization_holds_more_of_each_oddity() -> None:
    small, large = counted(seeded(300, "default")), counted(seeded(2000, "default"))
    assert all(large[name] > small[name] for name in small)
