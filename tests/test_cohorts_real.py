"""Real cohorts: the one that is installed, and those that an instructor puts on the disk."""

import numpy as np
import pytest

import rgteach as rg
from rgteach import wording

NAMES = ("breast", "nsclc", "tcga_glioma")


@pytest.fixture(params=NAMES)
def cohort(request):
    """Each cohort; those on the disk where they are."""
    folder = None if request.param == "breast" else request.getfixturevalue("shared_data")
    return rg.cohorts.real(request.param, folder)


def test_cohort__has_the_surface_of_a_study(cohort):
    n = len(cohort.patients)
    assert cohort.features.shape == (n, len(cohort.feature_names))
    assert cohort.genes.shape == (n, len(cohort.gene_names))
    assert len(set(cohort.patients)) == n
    assert np.isfinite(cohort.features).all()
    features, genes = cohort.tables()
    assert list(features.index) == list(genes.index) == list(cohort.patients)
    assert rg.scan(features[[cohort.feature]], genes[[cohort.gene]]) is not None


def test_cohort__everybody_s_status_of_its_gene_is_known(cohort):
    status = cohort.genes[:, cohort.gene_names.index(cohort.gene)]
    assert set(status) == {0.0, 1.0}
    assert np.array_equal(cohort.outcome, status == 1)
    assert cohort.column(cohort.feature).shape == cohort.outcome.shape


@pytest.mark.parametrize("lang", wording.LANGUAGES)
def test_cohort__tells_in_both_languages_who_they_are(cohort, lang):
    wording.choose(lang)
    assert str(len(cohort.patients)) in cohort.about
    assert str(int(cohort.outcome.sum())) in cohort.about
    assert len(set(cohort.groups)) == 2
    assert "doi:10." in cohort.source
    assert cohort.source in repr(cohort)
    assert cohort.gene in cohort._repr_html_()


def test_predictors__never_hold_the_outcome(cohort):
    table = cohort.predictors()
    assert cohort.gene not in table.columns
    assert list(table.columns[: cohort.features.shape[1]]) == list(cohort.feature_names)
    assert table.notna().all(axis=None)
    assert (table.shape[1] > cohort.features.shape[1]) == (cohort.name == "tcga_glioma")


def test_breast__counts_malignant_as_carriers():
    cohort = rg.cohorts.real()
    assert (len(cohort.patients), int(cohort.outcome.sum())) == (569, 212)
    radius = cohort.column("mean radius")
    assert np.median(radius[cohort.outcome]) > np.median(radius[~cohort.outcome])


def test_nsclc__gives_the_figures_of_its_description(shared_data):
    cohort = rg.cohorts.real("nsclc", shared_data)
    assert (len(cohort.patients), int(cohort.outcome.sum()), cohort.features.shape[1]) == (51, 12, 1764)


def test_tcga_glioma__has_20_genes(shared_data):
    cohort = rg.cohorts.real("tcga_glioma", shared_data)
    assert cohort.genes.shape == (839, 20)
    age = cohort.column("Age_at_diagnosis")
    assert np.median(age[cohort.outcome]) < np.median(age[~cohort.outcome])


def test_folder__may_come_from_the_environment(shared_data, monkeypatch):
    monkeypatch.setenv("RGTEACH_DATA", str(shared_data))
    assert len(rg.cohorts.real("nsclc").patients) == 51


# ---- bad input


def key_of(*args, **kwargs) -> str:
    with pytest.raises(rg.LearnerError) as trouble:
        rg.cohorts.real(*args, **kwargs)
    assert str(trouble.value)
    return trouble.value.key


def test_real__says_where_a_table_is_looked_for(tmp_path, monkeypatch):
    monkeypatch.delenv("RGTEACH_DATA", raising=False)
    assert key_of("nsclc") == "real-no-folder"
    assert key_of("nsclc", tmp_path) == "real-not-there"


def test_real__suggests_the_nearest_name():
    with pytest.raises(rg.LearnerError, match="breast"):
        rg.cohorts.real("brest")
    with pytest.raises(rg.LearnerError, match="mean texture"):
        rg.cohorts.real().column("mean textur")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (b"", "real-unreadable"),
        (b"\xff\xfe\x00\x81", "real-unreadable"),
        (b"a,b\n1,2\n", "real-other-table"),
    ],
    ids=["empty", "no text", "other columns"],
)
def test_real__refuses_a_broken_table(tmp_path, text, key):
    (tmp_path / "tcga_glioma.csv").write_bytes(text)
    assert key_of("tcga_glioma", tmp_path) == key


def test_nsclc__refuses_a_status_that_nobody_listed(tmp_path):
    (tmp_path / "features.csv").write_text("Case ID,f\nA,1.0\nB,2.0\n")
    head = "Case ID,EGFR mutation status,KRAS mutation status,ALK translocation status\n"
    (tmp_path / "clinical.csv").write_text(head + "A,Mutant,Wildtype,\nB,maybe,Wildtype,Wildtype\n")
    assert key_of("nsclc", tmp_path) == "real-status"
