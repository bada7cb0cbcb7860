"""The demo city's bureaus, schools, people, terms and calendar."""

from dataclasses import dataclass, field
from datetime import date

from schoolsafety.core import calendar_data
from schoolsafety.core.models import ChainHead, Organisation, Post, SchoolTerm, User
from schoolsafety.core.models.organisation import Kind, Ownership
from schoolsafety.core.roles import Role

from . import words

NO_PASSWORD = "!"  # noqa: S105 -- Django's mark of an account that cannot be entered by password
SINCE = date(2024, 8, 1)


@dataclass
class Place:
    """An organisation with the people who act in its history, by role."""

    organisation: Organisation
    people: dict[str, User] = field(default_factory=dict)


def build(count, rng, today):
    """Create the city with `count` schools; returns (city, districts, schools) as Places."""
    name, code, mark = words.CITY
    city = Place(_bureau(None, f"{name}教育局", code, mark, Kind.CITY_BUREAU))
    districts = [
        Place(
            _bureau(city.organisation, f"{name}{each}教育局", f"{code}-{short}", mark, Kind.DISTRICT_BUREAU)
        )
        for each, short, mark in words.DISTRICTS
    ]
    schools = [Place(row) for row in _schools(city, districts, count, rng)]
    _people(city, districts, schools, rng)
    _terms(city.organisation, today)
    ChainHead.objects.bulk_create(
        [ChainHead(organisation=place.organisation) for place in [city, *districts, *schools]],
        ignore_conflicts=True,
    )
    return city, districts, schools


def _bureau(parent, name, code, mark, kind):
    return Organisation.objects.create(
        parent=parent, name=name, short_name=name.removeprefix(words.CITY[0]) if parent else name, code=code,
        kind=kind, paper_code=mark, staff=40, phone="0000-5550100",
    )  # fmt: skip


def _schools(city, districts, count, rng):
    """The schools spread over the districts; every tenth is run privately, a few belong to the city."""
    kinds, weights = words.KINDS, [row[2] for row in words.KINDS]
    rows, used = [], set()
    for index in range(count):
        kind, ending, _weight, low, high, facilities = rng.choices(kinds, weights)[0]
        district, (area, short, _mark) = districts[index % 3].organisation, words.DISTRICTS[index % 3]
        label = _fresh_name(rng, ending, used)
        is_direct = kind in {Kind.SENIOR, Kind.VOCATIONAL, Kind.SPECIAL} and rng.random() < 0.25
        parent = city.organisation if is_direct else district
        pupils = rng.randrange(low, high, 5)
        has = set(facilities) | ({"boarding"} if kind == Kind.JUNIOR and rng.random() < 0.3 else set())
        rows.append(
            Organisation(
                parent=parent,
                code=f"{words.CITY[1]}{short}{index + 1:04d}",
                kind=kind,
                pupils=pupils,
                name=f"{words.CITY[0]}{'' if is_direct else area}{label}",
                short_name=label,
                staff=max(pupils // 14, 8),
                is_directly_affiliated=is_direct,
                ownership=Ownership.PRIVATE if kind == Kind.TRAINING_BODY or rng.random() < 0.1 else "public",
                address=f"{area}{rng.choice('东南西北')}{rng.choice('江湖山林')}路{rng.randrange(1, 300)}号",
                phone=f"0000-555{rng.randrange(1000, 9999)}",
                **{f"has_{name}": True for name in has},
            )
        )
    Organisation.objects.bulk_create(rows, batch_size=500)
    for row in rows:
        row.path = f"{row.parent.path}{row.pk}/"
    Organisation.objects.bulk_update(rows, ["path"], batch_size=500)
    return rows


def _fresh_name(rng, ending, used):
    """An unused name: word + ending, with a number or a second word when the plain ones are taken."""
    for _try in range(30):
        name = f"{rng.choice(words.SCHOOL_WORDS)}{ending}"
        if name not in used:
            break
    else:
        name = f"{rng.choice(words.SCHOOL_WORDS)}{rng.choice(words.SCHOOL_WORDS)}{ending}"
        while name in used:
            name = f"{rng.choice(words.SCHOOL_WORDS)}第{rng.randrange(2, 99)}{ending}"
    used.add(name)
    return name


def _people(city, districts, schools, rng):
    """One person a role; nobody has a password: one enters through the demo page."""
    plan = [(city, "city", [(Role.CITY_STAFF, "安全科科员"), (Role.CITY_LEADER, "分管副局长"),
                            (Role.AUDITOR, "审计专员"), (Role.ADMINISTRATOR, "系统管理员")])]  # fmt: skip
    for place, (_area, short, _mark) in zip(districts, words.DISTRICTS, strict=True):
        jobs = [(Role.DISTRICT_STAFF, "安全股科员"), (Role.DISTRICT_LEADER, "分管副局长")]
        plan.append((place, short.lower(), jobs))
    for index, place in enumerate(schools, start=1):
        jobs = [(Role.SAFETY_OFFICER, "安全主任"), (Role.PRINCIPAL, "校长"), (Role.SCHOOL_STAFF, "教师")]
        plan.append((place, f"s{index:04d}", jobs))
    people, posts = [], []
    for place, prefix, jobs in plan:
        for role, title in jobs:
            person = User(username=f"{prefix}-{role.value}", name=_name(rng), password=NO_PASSWORD)
            place.people[role] = person
            people.append(person)
            posts.append((person, place, role, title))
    User.objects.bulk_create(people, batch_size=500)
    Post.objects.bulk_create(
        [
            Post(user=user, organisation=place.organisation, role=role, title=title, starts_on=SINCE)
            for user, place, role, title in posts
        ],
        batch_size=500,
    )


def _name(rng):
    return rng.choice(words.SURNAMES) + rng.choice(words.GIVEN)


def _terms(city, today):
    """Two terms a year around today, and the statutory days that are known."""
    for year in (today.year - 1, today.year, today.year + 1):
        SchoolTerm.objects.create(
            organisation=city,
            name=f"{year}学年第一学期",
            starts_on=date(year, 9, 1),
            ends_on=date(year + 1, 1, 20),
        )
        SchoolTerm.objects.create(
            organisation=city,
            name=f"{year - 1}学年第二学期",
            starts_on=date(year, 2, 20),
            ends_on=date(year, 7, 8),
        )
        try:
            calendar_data.seed(year)
        except NotImplementedError:
            continue  # not announced yet: the banner says so
