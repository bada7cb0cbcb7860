"""The whole life of a hazard against a model: every person, wrong orders, other days, every act twice."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from hazards.models import Category
from hazards.workflow import Grade, Source
from schoolsafety.core import papers
from schoolsafety.core.models import User
from schoolsafety.core.roles import Role
from schoolsafety.core.verification import verify
from tests.factories import UserFactory
from tests.life import model, oversight, world
from tests.life.faults import FAULTS

STEPS = 50
# The rules are the same on every database; what locks rows is raced elsewhere.
pytestmark = pytest.mark.skipif(connection.vendor != "sqlite", reason="long, and the same on PostgreSQL")
RUNS = 50
ON_TRIAL = 25  # lives in which a planted fault must be found
SEEDS = [1, 2, 3, 4]  # four times fifty runs, side by side where the suite has workers


@pytest.fixture
def people(officer, principal, staff, clerk, leader, city_clerk, auditor, admin, stranger, school, district):
    """{name: User}; "both" works in the district and at the school, which tempts to judge one's own work."""
    both = UserFactory(username="both", name="何平", post=(school, Role.SAFETY_OFFICER))
    both.held_posts.create(organisation=district, role=Role.DISTRICT_STAFF, starts_on="2020-01-01")
    names = {
        "officer": officer, "principal": principal, "staff": staff, "clerk": clerk, "leader": leader,
        "city_clerk": city_clerk, "auditor": auditor, "admin": admin, "stranger": stranger, "both": both,
    }  # fmt: skip
    return {name: User.objects.get(pk=person.pk) for name, person in names.items()}


@pytest.fixture
def live(people, school, term, monkeypatch):
    """live(data): one life of a hazard, undone afterwards. Its papers are not drawn: other tests see them."""
    monkeypatch.setattr(papers, "render_pdf", lambda template, data, identifier: b"%PDF-1.7")
    category = Category.objects.get(code="XF")

    def one(data):
        try:
            with transaction.atomic():
                _live(data, people, school, category)
                raise Undone
        except Undone:
            pass

    return one


class Undone(Exception):
    """The life is over: its rows go."""


def _live(data, people, school, category):
    proposed = data.draw(st.sampled_from(["general", "major"]))
    source = data.draw(st.sampled_from([Source.PATROL, Source.INSPECTION]))
    here = world.World(people, school, category, proposed, source)
    case = model.Case(proposed=proposed, is_own=source == Source.PATROL, due=here.seen()["due"])
    last = None
    for _step in range(STEPS):
        here.day = world.travel(here.day, data.draw(st.sampled_from([0, 0, 0, 1, 1, 3, 12, -1])))
        last = _choose(data, case, here, last)
        _take(case, here, *last)
    report = verify(school, now=here.now)
    assert not report.findings, report.findings


def _choose(data, case, here, last):
    """(act, who, said): the last act again, what fits now, the same by whoever did the work, or anything.

    Whoever handed in is tempted often: judging one's own work is what the rules must refuse.
    """
    every = [*model.RULES, *oversight.RULES]
    kind = data.draw(st.sampled_from(["again", "own", "own", "any", "fits", "fits", "fits", "fits", "fits"]))
    if kind == "again" and last:
        return last
    said, people = _words(data, case, here), list(here.people)
    fits = [(act, who) for act in every for who in people if model.may(case, act, who, said, here.day)]
    if kind == "any" or not fits:
        return data.draw(st.sampled_from(every)), data.draw(st.sampled_from(people)), said
    acts = sorted({act for act, _who in fits})
    act = data.draw(st.sampled_from([act for act in acts for _n in range(model.WEIGHTS.get(act, 1))]))
    if kind == "own" and last:
        return act, case.handed_in_by or last[1], said
    return act, data.draw(st.sampled_from([who for name, who in fits if name == act])), said


def _words(data, case, here):
    """What the person types: a day, a grade, a name, yes or no."""
    names = {name: str(person) for name, person in here.people.items()}
    version = case.plan.version if case.plan else 1
    return {
        "names": names,
        "term": here.day + timedelta(days=data.draw(st.sampled_from([30, 90, 300]))),
        "day": here.day + timedelta(days=data.draw(st.sampled_from([-1, 0, 1, 5, 20, 40]))),
        "grade": data.draw(st.sampled_from(list(Grade))).value,
        "person": names[data.draw(st.sampled_from(["staff", "officer", "stranger"]))],
        "yes": data.draw(st.sampled_from([True, True, False])),
        "proof": data.draw(st.booleans()),
        "closure": data.draw(st.sampled_from(["rectified", "demolished", "use_stopped"])),
        "version": version - (data.draw(st.integers(0, 5)) == 0),
    }


def _take(case, here, act, who, said):
    wanted = model.may(case, act, who, said, here.day)
    before = None if wanted else here.everything()
    done = here.do(act, who, said)
    assert done == wanted, f"{act} by {who}: taken {done}, on paper {wanted}: {case} after {here.taken}"
    if not done:
        assert here.everything() == before, f"{act} by {who} was refused and left something behind"
        return
    here.taken.append(f"{act} by {who}")
    model.take(case, act, who, said, here.day)
    seen, paper = here.seen(), world.expected(case)
    assert seen == paper, {name: (seen[name], paper[name]) for name in seen if seen[name] != paper[name]}


def many(runs, number):
    """The decorators of a run: `runs` lives drawn from the seed `number`, the same ones each time.

    What fails is not made shorter: that takes longer than reading it.
    """

    def wrap(test):
        ready = settings(
            max_examples=runs, deadline=None, database=None, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        return seed(number)(ready(given(data=st.data())(test)))

    return wrap


@pytest.mark.parametrize("number", SEEDS)
def test_every_life_goes_as_the_rules_on_paper_say(live, number):
    many(RUNS, number)(lambda data: live(data))()


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_planted_fault_is_found(live, monkeypatch, fault):
    fault(monkeypatch)
    with pytest.raises(AssertionError):
        many(ON_TRIAL, 2)(lambda data: live(data))()
