"""Real patients as a table: one that scikit-learn carries, and two that an instructor may put on the disk.

All three have the surface of a simulated `Study` (features, genes, tables), so that a lesson runs on any of
them.  What is missing here is the truth: of real patients nobody knows it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rgteach import views
from rgteach.doors import nearest, one_of
from rgteach.errors import LearnerError
from rgteach.wording import say

FOLDER = "RGTEACH_DATA"
STATUS = {"Wildtype": 0.0, "Mutant": 1.0, "Translocated": 1.0}
UNKNOWN = ("Unknown", "Not collected", "N/A")


@dataclass(frozen=True, eq=False, repr=False)
class RealCohort:
    """Real patients with numbers that may tell a mutation (or a diagnosis) from the rest.

    Attributes
    ----------
    name : "breast", "nsclc" or "tcga_glioma"
    patients : tuple of str
    features : array of float, shape (patients, features)
    genes : array of float, shape (patients, genes)
        1 for carriers, 0 for others, NaN where nobody looked; for "breast" the one column is the diagnosis.
    gene, feature : str
        Where to look first; every patient's status of `gene` is known.
    source : str
        Where the table comes from, with its DOI and licence.
    """

    name: str
    patients: tuple[str, ...]
    features: np.ndarray
    feature_names: tuple[str, ...]
    genes: np.ndarray
    gene_names: tuple[str, ...]
    gene: str
    feature: str
    source: str

    @property
    def about(self) -> str:
        """One sentence on who these patients are, in the language in force."""
        n, carriers = len(self.patients), int(self.outcome.sum())
        return say(f"real-about-{self.name}", n=n, carriers=carriers, features=f"{self.features.shape[1]:,}")

    @property
    def groups(self) -> tuple[str, str]:
        """What to call patients without and with `gene`."""
        return say(f"real-without-{self.name}"), say(f"real-with-{self.name}")

    @property
    def outcome(self) -> np.ndarray:
        """Who carries `gene`, shape (patients,), bool."""
        return self.genes[:, self.gene_names.index(self.gene)] == 1

    def column(self, name: str) -> np.ndarray:
        """One feature of every patient, by its name."""
        if name not in self.feature_names:
            close = nearest(str(name), self.feature_names)
            raise LearnerError("real-no-feature", given=name, nearest=close, cohort=self.name)
        return self.features[:, self.feature_names.index(name)]

    def tables(self):
        """The features and the genes as two DataFrames whose index is the patient."""
        import pandas as pd

        index = pd.Index(self.patients, name="patient")
        features = pd.DataFrame(self.features, index=index, columns=list(self.feature_names))
        return features, pd.DataFrame(self.genes, index=index, columns=list(self.gene_names))

    def predictors(self):
        """What may predict `gene`, as a DataFrame: the features, and the other genes where no image is."""
        features, genes = self.tables()
        return features.join(genes.drop(columns=self.gene)) if self.name == "tcga_glioma" else features

    def _facts(self) -> dict[str, str]:
        without, with_ = self.groups
        carriers = int(self.outcome.sum())
        return {
            say("study-patients"): f"{len(self.patients)}",
            say("study-features"): f"{self.features.shape[1]:,}",
            self.gene: f"{with_} {carriers} / {without} {len(self.patients) - carriers}",
            say("real-source"): self.source,
        }

    def __repr__(self) -> str:
        return views.text_card(say(f"real-title-{self.name}"), self._facts())

    def _repr_html_(self) -> str:
        return views.card(say(f"real-title-{self.name}"), self._facts())


def real(name: str = "breast", folder: str | os.PathLike | None = None) -> RealCohort:
    """Load real patients.

    Parameters
    ----------
    name : "breast", "nsclc" or "tcga_glioma"
        The breast-cancer table of scikit-learn (569 tumours, 30 image features of cell nuclei), which is
        always there; lung cancers with CT features and EGFR, KRAS and ALK status; gliomas with age, sex,
        grade and 20 genes.
    folder : path, optional
        Where the tables lie, "nsclc_radiogenomics/features.csv" and so on; without it the folder that the
        environment variable RGTEACH_DATA names. Nothing is ever downloaded.

    Returns
    -------
    RealCohort

    Raises
    ------
    LearnerError
        For an unknown name, a table that is not there, or one with other columns.

    References
    ----------
    Wolberg et al., doi:10.24432/C5DW2B; NSCLC-Radiogenomics, doi:10.7937/K9/TCIA.2017.7hs46erv; glioma
    grading, doi:10.24432/C5R62J.

    Examples
    --------
    >>> cohort = real("breast")
    >>> cohort.features.shape, int(cohort.outcome.sum())
    ((569, 30), 212)
    """
    one_of("name", name, tuple(_LOADERS))
    return _LOADERS[name](folder)


def _breast(folder=None) -> RealCohort:
    from sklearn.datasets import load_breast_cancer

    data = load_breast_cancer()
    return RealCohort(
        name="breast",
        patients=tuple(f"B{k + 1:03d}" for k in range(len(data.target))),
        features=np.asarray(data.data, float),
        feature_names=tuple(map(str, data.feature_names)),
        genes=(data.target == 0).astype(float)[:, None],  # there 0 is malignant
        gene_names=("malignant",),
        gene="malignant",
        feature="mean texture",
        source="Breast Cancer Wisconsin (Diagnostic), UCI, doi:10.24432/C5DW2B, CC BY 4.0",
    )


def _nsclc(folder=None) -> RealCohort:
    table = _read("nsclc_radiogenomics", "features.csv", folder, ("Case ID",)).set_index("Case ID")
    status = {f"{gene} mutation status": gene for gene in ("EGFR", "KRAS")} | {
        "ALK translocation status": "ALK"
    }
    clinical = _read("nsclc_radiogenomics", "clinical.csv", folder, ("Case ID", *status))
    genes = clinical.set_index("Case ID")[list(status)].rename(columns=status).map(_status)
    genes = genes[genes["EGFR"].notna()]
    features, genes = table.align(genes, join="inner", axis=0)
    features = features.select_dtypes("number")
    return _from_frames(
        "nsclc",
        features,
        genes,
        gene="EGFR",
        feature="original_glcm_Contrast",
        source="NSCLC-Radiogenomics, TCIA, doi:10.7937/K9/TCIA.2017.7hs46erv, CC BY 3.0",
    )


def _status(word: object) -> float:
    """A word of the clinical table as carrier or not; a word that nobody listed is not guessed."""
    if word in STATUS:
        return STATUS[word]
    if word != word or word in UNKNOWN:  # an empty cell is NaN, which differs from itself
        return np.nan
    raise LearnerError("real-status", given=word, known=", ".join((*STATUS, *UNKNOWN)))


def _tcga_glioma(folder=None) -> RealCohort:
    clinical = ("Age_at_diagnosis", "Gender", "Grade")
    table = _read("tcga_glioma_mutations", "tcga_glioma.csv", folder, (*clinical, "IDH1"))
    table.index = [f"T{k + 1:03d}" for k in range(len(table))]
    return _from_frames(
        "tcga_glioma",
        table[list(clinical)],
        table.drop(columns=[*clinical, "Race"], errors="ignore"),
        gene="IDH1",
        feature="Age_at_diagnosis",
        source="Glioma Grading Clinical and Mutation Features, UCI, doi:10.24432/C5R62J, CC BY 4.0",
    )


_LOADERS: dict[str, Callable[..., RealCohort]] = {
    "breast": _breast,
    "nsclc": _nsclc,
    "tcga_glioma": _tcga_glioma,
}


def _from_frames(name: str, features, genes, *, gene: str, feature: str, source: str) -> RealCohort:
    return RealCohort(
        name,
        tuple(map(str, features.index)),
        features.to_numpy(float),
        tuple(map(str, features.columns)),
        genes.to_numpy(float),
        tuple(map(str, genes.columns)),
        gene,
        feature,
        source,
    )


def _read(table: str, file: str, folder, columns: tuple[str, ...]):
    """A table of an instructor's folder, which may also be named itself."""
    import pandas as pd

    top = folder if folder is not None else os.environ.get(FOLDER)
    if not top:
        raise LearnerError("real-no-folder", table=table, variable=FOLDER)
    places = [Path(top) / table / file, Path(top) / file]
    found = next((place for place in places if place.is_file()), None)
    if found is None:
        raise LearnerError("real-not-there", file=f"{table}/{file}", folder=str(top), variable=FOLDER)
    try:
        frame = pd.read_csv(found, keep_default_na=True)
    except (OSError, ValueError) as error:  # also an empty file and one that is no text
        raise LearnerError("real-unreadable", file=found.name, reason=str(error).splitlines()[0]) from error
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise LearnerError("real-other-table", file=found.name, missing=", ".join(missing))
    return frame
