"""Cohorts with a known truth, on real anatomy, and the real slices that installed packages carry.

Every array is (z, y, x) and grows towards the head, the back and the patient's left, as in DICOM: a slice
with row 0 on top lies as radiologists read it, with the patient's right side on the left of the picture.
"""

from rgteach.cohorts.anatomy import Brain, brain
from rgteach.cohorts.glioma import Glioma, Truth
from rgteach.cohorts.real import RealCohort, real
from rgteach.cohorts.signal import MODALITIES, PARTS
from rgteach.cohorts.simulate import glioma, gliomas
from rgteach.cohorts.slices import RealSlice, ct_small, mr_small
from rgteach.cohorts.study import Study, StudyTruth, study

__all__ = [
    "MODALITIES",
    "PARTS",
    "Brain",
    "Glioma",
    "RealCohort",
    "RealSlice",
    "Study",
    "StudyTruth",
    "Truth",
    "brain",
    "ct_small",
    "glioma",
    "gliomas",
    "mr_small",
    "real",
    "study",
]
