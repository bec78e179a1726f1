"""The growth equation is solved as the textbooks say."""

import numpy as np
import pytest

from rgteach.cohorts import growth


def march(pace, rho, steps, start=0):
    """The density along a rod after some steps of time, and the length of the step in days."""
    u = np.zeros((1, 1, len(pace)), np.float32)
    u[0, 0, start] = 1
    pace = np.asarray(pace, np.float32).reshape(u.shape)
    dt = min(0.8 * growth.STEP_MM**2 / (6 * pace.max()), 0.2 / max(rho, 1e-9))
    faces = [growth._face(pace, axis) * np.float32(dt / growth.STEP_MM**2) for axis in range(3)]
    for _ in range(steps):
        growth._step(u, faces, np.float32(rho * dt))
    return u[0, 0], dt


def front(u):
    """Where along the rod the density falls below one half, mm."""
    return np.interp(0.5, u[::-1], np.arange(len(u))[::-1]) * growth.STEP_MM


def speed(diffusion, rho, first, last):
    """How fast the front moves between two days, mm a day."""
    _, dt = march([diffusion] * 500, rho, 0)
    steps = round(first / dt), round(last / dt)
    early, late = (march([diffusion] * 500, rho, n)[0] for n in steps)
    return (front(late) - front(early)) / (dt * (steps[1] - steps[0]))


def test_growth__front_moves_at_fishers_speed_with_bramsons_delay():
    diffusion, rho, first, last = 4.0, 0.05, 150, 300
    delay = 1.5 * np.sqrt(diffusion / rho) * np.log(last / first) / (last - first)
    assert speed(diffusion, rho, first, last) == pytest.approx(2 * np.sqrt(diffusion * rho) - delay, rel=0.03)


def test_growth__is_faster_in_white_matter_by_the_root_of_five():
    white, gray = (speed(diffusion, 0.03, 200, 400) for diffusion in (10.0, 10.0 / growth.WHITE_TO_GRAY))
    assert white / gray == pytest.approx(np.sqrt(5), rel=0.03)


def test_growth__diffusion_alone_keeps_the_number_of_cells():
    u, _ = march(np.linspace(0.2, 3, 60), 0.0, 500, start=30)
    assert u.sum() == pytest.approx(1, rel=1e-5)
    assert u.max() < 0.2


def test_growth__never_crosses_fluid():
    pace = np.ones(60)
    pace[30:32] = 0
    u, _ = march(pace, 0.1, 3000)
    assert u[29] > 0.99
    assert u[30:].max() == 0


def test_growth__by_boxes_equals_growth_everywhere():
    rng = np.random.default_rng(0)
    pace = rng.uniform(0.1, 1, (30, 30, 30)).astype(np.float32)
    u = np.zeros_like(pace)
    u[15, 15, 15] = 1
    boxed, days = growth._march(u.copy(), pace, 0.1, 0.16, 200)
    dt = float(min(0.8 * growth.STEP_MM**2 / (6 * pace.max()), 0.2 / 0.1))
    faces = [growth._face(pace, axis) * np.float32(dt / growth.STEP_MM**2) for axis in range(3)]
    for _ in range(round(days / dt)):
        growth._step(u, faces, np.float32(0.1 * dt))
    assert np.abs(boxed - u).max() < 1e-5
