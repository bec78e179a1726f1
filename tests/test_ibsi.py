"""Every value of IBSI's digital phantom that applies to first order and co-occurrence."""

import csv
import json
from pathlib import Path

import ibsi
import numpy as np
import pytest

import rgteach as rg

REFERENCE = {"2d_avg": 0, "2d_slice_merged": 1, "2.5d_direction_merged": 2, "2.5d_merged": 3, "3d_avg": 4}
REFERENCE |= {"3d_merged": 5}


@pytest.fixture(scope="module")
def voi():
    image, mask = ibsi.phantom()
    return rg.voi(image, mask, ibsi.SPACING_MM)


@pytest.fixture(scope="module")
def levels(voi):
    return rg.quantise(voi, bin_width=1)


@pytest.fixture(scope="module")
def reference(shared_data: Path):
    table = shared_data / "ibsi" / "ibsi_phantom_reference.csv"
    return list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))


def rounds_to(value, printed):
    """Whether a value has the digits that the manual prints."""
    return float(f"{value:.3g}") == printed


def by_code(features, prefix):
    return {entry.code: entry.value for entry in features.entries if entry.column.startswith(prefix)}


def test_phantom__has_74_voxels_and_four_levels(voi, levels):
    assert voi.n_voxels == 74
    assert levels.counts.tolist() == [50, 0, 1, 16, 0, 7]


def test_phantom__by_count_and_by_width_alike(voi, levels):
    by_count = rg.quantise(voi, bin_count=6)
    assert np.array_equal(by_count.levels, levels.levels)


@pytest.mark.parametrize("code", ibsi.STATISTICS)
def test_statistics__round_to_the_manual(voi, code):
    assert rounds_to(by_code(rg.firstorder(voi), "stat_")[code], ibsi.STATISTICS[code])


@pytest.mark.parametrize("code", ibsi.HISTOGRAM)
def test_histogram__rounds_to_the_manual(voi, levels, code):
    assert rounds_to(by_code(rg.firstorder(voi, levels), "ih_")[code], ibsi.HISTOGRAM[code])


@pytest.mark.parametrize("aggregation", ibsi.AGGREGATIONS)
@pytest.mark.parametrize("code", ibsi.GLCM)
def test_glcm__rounds_to_the_manual(levels, code, aggregation):
    value = by_code(rg.features(levels, aggregation=aggregation), "cm_")[code]
    assert rounds_to(value, ibsi.GLCM[code][ibsi.AGGREGATIONS.index(aggregation)])


def test_tables__leave_no_feature_out(voi, levels):
    row = rg.firstorder(voi, levels)
    assert set(by_code(row, "stat_")) == set(ibsi.STATISTICS)
    assert set(by_code(row, "ih_")) == set(ibsi.HISTOGRAM)
    assert set(by_code(rg.features(levels), "cm_")) == {*ibsi.GLCM, ""}


def test_features_of_a_glcm__equal_those_of_its_levels(levels):
    for aggregation in ibsi.AGGREGATIONS:
        matrices = rg.glcm(levels, aggregation=aggregation)
        assert matrices.features().to_dict() == rg.features(levels, aggregation=aggregation).to_dict()


def test_first_order__agrees_with_the_full_digits(voi, levels, reference):
    got = rg.firstorder(voi, levels)
    for family, prefix in (("statistics", "stat_"), ("intensity_histogram", "ih_")):
        values = by_code(got, prefix)
        for row in (r for r in reference if r["family"] == family):
            # The table gives the two percentiles of the histogram the codes of their neighbours.
            code = {"10th discretised": "GPMT", "90th discretised": "OZ0C"}.get(row["feature"][:16])
            value = values[code or row["ibsi_code"]]
            assert value == pytest.approx(float(row["mirp_full_precision"]), rel=1e-6), row["feature"]


def test_glcm__agrees_with_the_full_digits(levels, reference):
    got = [by_code(rg.features(levels, aggregation=name), "cm_") for name in ibsi.AGGREGATIONS]
    rows = [r for r in reference if r["family"] == "glcm"]
    assert len(rows) == 150
    for row in rows:
        value = got[REFERENCE[row["aggregation"]]][row["ibsi_code"]]
        assert value == pytest.approx(float(row["mirp_full_precision"]), rel=1e-9), row["feature"]


def matrices_of(tables, section):
    """The printed matrices of a section as a sorted list of plain 6 x 6 lists."""
    found = []
    for printed in (t for t in tables if t["section"] == f"Grey level co-occurrence matrix ({section})"):
        matrix = np.zeros((6, 6), int)
        for i, j, n in printed["rows"]:
            matrix[int(i) - 1, int(j) - 1] = n
        found.append(matrix.tolist())
    return sorted(found)


@pytest.mark.parametrize(
    ("section", "aggregation"),
    [
        ("2D", "2d-averaged"),
        ("2D, merged", "2d-merged"),
        ("3D", "3d-averaged"),
        ("3D, merged", "3d-merged"),
    ],
)
def test_matrices__are_those_of_the_manual(shared_data, levels, section, aggregation):
    """As sets: the source garbles which direction and slice a matrix belongs to."""
    file = shared_data / "ibsi" / "ibsi_phantom_texture_matrices.json"
    printed = matrices_of(json.loads(file.read_text())["tables"], section)
    ours = sorted(rg.glcm(levels, aggregation=aggregation).counts.tolist())
    assert len(printed) == {"2D": 16, "2D, merged": 4, "3D": 13, "3D, merged": 1}[section]
    assert printed == ours
