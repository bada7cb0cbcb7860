"""Rows for tests, by factory_boy: the smallest valid row, traits for the states that tests need."""

from datetime import date
from uuid import uuid4

import factory
from django.utils import timezone
from django.utils.timezone import localdate

from hazards.models import Category, Hazard
from hazards.workflow import Grade, Source, Status
from schoolsafety.core.models import CalendarDay, Organisation, Post, SchoolTerm, User
from schoolsafety.core.models.organisation import Kind


class OrganisationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Organisation

    class Params:
        bureau = factory.Trait(kind=Kind.DISTRICT_BUREAU, paper_code=factory.Sequence("区教安{}".format))
        city = factory.Trait(kind=Kind.CITY_BUREAU, paper_code=factory.Sequence("市教安{}".format))

    code = factory.Sequence("S{:04d}".format)
    name = factory.Sequence("第{}小学".format)
    kind = Kind.PRIMARY
    has_canteen = True
    pupils = 900
    staff = 60


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence("user{}".format)
    name = factory.Sequence("人员{}".format)
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.test")

    @factory.post_generation
    def post(self, create, extracted, **kwargs):
        """UserFactory(post=(organisation, role))"""
        if extracted:
            Post.objects.create(
                user=self, organisation=extracted[0], role=extracted[1], starts_on=date(2020, 1, 1)
            )


class CategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Category
        django_get_or_create = ("code",)

    code = "XF"
    name = "消防安全"
    name_en = "Fire safety"


class HazardFactory(factory.django.DjangoModelFactory):
    """A general hazard found today and not graded yet; traits move it along without the services."""

    class Meta:
        model = Hazard

    class Params:
        rectifying = factory.Trait(status=Status.RECTIFYING, grade=Grade.GENERAL)
        submitted = factory.Trait(
            status=Status.SUBMITTED, grade=Grade.GENERAL, submitted_at=factory.LazyFunction(timezone.now)
        )
        major = factory.Trait(status=Status.PLANNING, proposed_grade=Grade.MAJOR, grade=Grade.MAJOR)
        closed = factory.Trait(
            status=Status.CLOSED,
            grade=Grade.GENERAL,
            closure="rectified",
            closed_at=factory.LazyFunction(timezone.now),
            closed_on=factory.LazyFunction(localdate),
        )

    number = factory.Sequence("T-2026-{:05d}".format)
    client_uuid = factory.LazyFunction(uuid4)
    school = factory.SubFactory(OrganisationFactory)
    title = factory.Sequence("疏散通道堆物 {}".format)
    place = "教学楼一层东侧楼梯"
    category = factory.SubFactory(CategoryFactory)
    source = Source.PATROL
    found_at = factory.LazyFunction(timezone.now)
    found_on = factory.LazyFunction(localdate)
    reported_at = factory.LazyFunction(timezone.now)
    due_on = factory.LazyFunction(localdate)
    first_due_on = factory.LazyFunction(localdate)


class TermFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SchoolTerm

    organisation = factory.SubFactory(OrganisationFactory)
    name = "2026学年第一学期"
    starts_on = date(2026, 9, 1)
    ends_on = date(2027, 1, 22)


class CalendarDayFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CalendarDay

    day = date(2026, 10, 1)
    kind = CalendarDay.Kind.HOLIDAY
    name = "国庆节"
