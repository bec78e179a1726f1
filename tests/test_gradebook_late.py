"""What being late costs, at every edge: pure functions of times and points."""

from datetime import UTC, datetime, timedelta

import pytest

from rgteach.errors import LearnerError
from rgteach.grading.gradebook import late, times
from rgteach.grading.gradebook.late import Policy, days, kept
from rgteach.grading.gradebook.points import exact, scaled, shown

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)
DUE = times.instant("2026-11-20 23:59 Asia/Shanghai")
POLICY = Policy(DUE, "Asia/Shanghai", grace=15, per_day=1000, cap=5000)
GRACE = timedelta(minutes=15)


@pytest.mark.parametrize(
    ("after", "late_days"),
    [
        (-timedelta(days=9), 0),
        (timedelta(0), 0),
        (SECOND, 0),
        (GRACE, 0),
        (GRACE + SECOND, 1),
        (timedelta(days=1), 1),
        (timedelta(days=1) + SECOND, 2),
        (timedelta(days=1) + GRACE, 2),
        (timedelta(days=400), 400),
        (timedelta(days=400) + SECOND, 401),
    ],
    ids=str,
)
def test_days__are_begun_days_after_the_due_time_and_grace_forgives_but_does_not_shift(after, late_days):
    assert days(POLICY, DUE + after) == late_days


def test_days__without_grace_the_due_second_itself_is_in_time():
    policy = Policy(DUE, "Asia/Shanghai")
    assert [days(policy, DUE + step) for step in (timedelta(0), timedelta(microseconds=1))] == [0, 1]


@pytest.mark.parametrize(("handed", "due"), [(None, DUE), (DUE + HOUR, None)], ids=["no time", "no due"])
def test_days__are_none_where_a_time_is_not_known(handed, due):
    assert days(Policy(due), handed) == 0


# Berlin put clocks forward on 2026-03-29 (a day of 23 hours) and back on 2026-10-25 (25 hours): tzdata 2024a
@pytest.mark.parametrize(
    ("due", "hours", "late_days"),
    [
        ("2026-03-28 23:00", 23, 1),
        ("2026-03-28 23:00", 24, 2),
        ("2026-10-24 23:00", 25, 1),
        ("2026-10-24 23:00", 25.01, 2),
        ("2026-03-28 02:30", 24, 1),  # 02:30 does not exist on the 29th
        ("2026-03-28 02:30", 24.6, 2),
        ("2026-10-24 02:30", 25, 1),  # 02:30 comes twice on the 25th, and the later one holds
        ("2026-10-24 02:30", 25.1, 2),
    ],
)
def test_days__follow_the_clock_of_the_zone_when_clocks_are_changed(due, hours, late_days):
    policy = Policy(times.instant(due, "Europe/Berlin"), "Europe/Berlin")
    assert days(policy, policy.due + timedelta(hours=hours)) == late_days


def test_days__the_same_instants_in_utc_have_days_of_24_hours():
    policy = Policy(times.instant("2026-03-28 23:00 Europe/Berlin"), "UTC")
    assert days(policy, policy.due + timedelta(hours=24)) == 1


@pytest.mark.parametrize(
    ("extension", "handed", "late_days"),
    [(DUE + 3 * 24 * HOUR, 3 * 24, 0), (DUE + 3 * 24 * HOUR, 73, 1), (DUE - 24 * HOUR, 0, 0), (None, 1, 1)],
    ids=["at its end", "after it", "earlier than the due time", "none"],
)
def test_extension__moves_the_due_time_and_never_makes_it_earlier(extension, handed, late_days):
    assert days(POLICY, DUE + handed * HOUR, extension) == late_days


@pytest.mark.parametrize(
    ("policy", "late_days", "left"),
    [
        (Policy(per_day=1000), 0, "7.5"),
        (Policy(per_day=1000), 1, "6.75"),
        (Policy(per_day=1000), 10, "0"),
        (Policy(per_day=1000), 40, "0"),
        (Policy(per_day=1000, cap=5000), 5, "3.75"),
        (Policy(per_day=1000, cap=5000), 6, "3.75"),
        (Policy(per_day=1000, cap=0), 6, "7.5"),
        (Policy(per_day=1000, last_day=2), 2, "6"),
        (Policy(per_day=1000, last_day=2), 3, "0"),
        (Policy(cap=5000, last_day=0), 1, "0"),
        (Policy(per_day=1000, of="possible"), 1, "6.5"),
        (Policy(per_day=1000, of="possible"), 8, "0"),
        (Policy(per_day=333), 1, "7.25"),
    ],
    ids=str,
)
def test_kept__takes_percents_to_the_cap_and_everything_after_the_last_day(policy, late_days, left):
    assert shown(kept(policy, 750, 1000, late_days)) == left


@pytest.mark.parametrize(("earned", "left"), [(5, 3), (15, 8), (1, 1), (3, 2)])
def test_kept__rounds_once_and_halves_in_favour_of_the_student(earned, left):
    assert kept(Policy(per_day=5000), earned, 100, 1) == left


def test_kept__what_is_taken_never_grows_less_with_lateness():
    policy = Policy(per_day=777, cap=9000, last_day=20)
    left = [kept(policy, 1234, 1500, k) for k in range(30)]
    assert left == sorted(left, reverse=True)
    assert left[0] == 1234


def test_points__are_exact_where_floating_sums_are_not():
    parts = [0.1, 0.2, 0.7, 2.0]
    assert sum([0.1] * 3) != 0.3
    assert shown(sum(map(exact, parts))) == "3"
    assert shown(sum(exact(0.3) for _ in range(10))) == "3"
    assert [exact(x) for x in (2.675, "2.675", 2.6749999999999998, 2.674)] == [268, 268, 268, 267]


@pytest.mark.parametrize("bad", ["nan", float("inf"), "", "3,5", "x", 1e300], ids=str)
def test_points__refuse_what_is_no_number_of_points(bad):
    with pytest.raises(ValueError):
        exact(bad)


def test_points__scale_to_the_nearest_hundredth():
    assert [scaled(h, 1000, 1400) for h in (0, 700, 1400, 1)] == [0, 500, 1000, 1]


@pytest.mark.parametrize(
    "text",
    ["2026-11-20 15:59 UTC", "2026-11-20T15:59:00Z", "2026/11/20 23:59 +08:00", "2026年11月20日 23：59 +0800",
     "2026-11-20 23:59 Asia/Shanghai", "2026-11-20 15:59:00.000000 UTC"],
)  # fmt: skip
def test_instant__reads_the_ways_people_and_nbgrader_write_it(text):
    assert times.instant(text) == datetime(2026, 11, 20, 15, 59, tzinfo=UTC)


def test_instant__a_zone_in_the_text_goes_before_the_one_beside_it():
    assert times.instant("2026-11-20 12:00 UTC", "Asia/Shanghai").hour == 12
    assert times.instant("2026-11-20 12:00", "Asia/Shanghai").hour == 4


def test_instant__a_day_alone_ends_with_its_last_second_where_that_is_asked():
    assert times.told(times.instant("2026-11-20", "UTC", end_of_day=True)) == "2026-11-20 23:59:59 +00:00"


@pytest.mark.parametrize(
    ("text", "zone", "key"),
    [
        ("2026-11-20 23:59", None, "gradebook-no-zone"),
        ("2026-11-20 23:59 CST", None, "gradebook-zone"),  # China's, or America's?
        ("20.11.2026", "UTC", "gradebook-time"),
        ("2026-11-20 25:00", "UTC", "gradebook-time"),
        ("2026-02-30 12:00", "UTC", "gradebook-time"),
        ("2026-11-20", "UTC", "gradebook-time"),
        ("soon", "UTC", "gradebook-time"),
        ("2026-11-20 12:00", "Shanghai", "gradebook-zone"),
    ],
)
def test_instant__guesses_no_zone_and_no_date(text, zone, key):
    with pytest.raises(LearnerError) as error:
        times.instant(text, zone)
    assert error.value.key == key


def test_zone__a_city_is_told_its_full_name():
    with pytest.raises(LearnerError, match="Asia/Shanghai"):
        times.zone("Shanghai")


def test_due__an_extension_of_a_lab_without_due_time_says_nothing():
    assert late.due(Policy(), DUE) is None
