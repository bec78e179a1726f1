"""Learn radiogenomics by building it.

`import rgteach as rg` gives the flat names below and loads nothing heavy until one of them is used.
"""

import lazy_loader as _lazy

__version__ = "0.1.0"

__getattr__, __dir__, __all__ = _lazy.attach(
    __name__,
    submodules=["cohorts", "demos", "plots", "tables"],
    submod_attrs={
        "session": ["setup"],
        "errors": ["LearnerError", "LearnerWarning"],
        "image.voi": ["voi"],
        "image.quantise": ["quantise"],
        "image.firstorder": ["firstorder"],
        "image.texture": ["features", "glcm"],
        "image.extract": ["extract"],
        "omics.rna": ["cpm", "fpkm", "tpm"],
        "models.penalised": ["lasso_path"],
        "models.validation": ["lasso_cv", "stability_selection"],
        "models.estimators": ["ElasticNet", "Lasso", "LogisticLasso", "Ridge"],
        "models.linear": ["linear"],
        "models.ordinal": ["ordinal"],
        "stats.multiplicity": ["adjust", "discoveries", "q_values"],
        "models.logistic": ["logistic", "logistic_each"],
        "stats.association": ["wilcoxon"],
        "stats.correlation": ["pearson", "spearman"],
        "stats.counts": ["chi_square", "fisher"],
        "stats.means": ["student", "welch"],
        "stats.several": ["kruskal", "levene"],
        "tables.genes": ["scan"],
        "course.answer": ["answer"],
        "course.check": ["check", "hint", "progress", "solution"],
        "course.race": ["race"],
        "demos": ["demo"],
        "demos.painter.door": ["paint"],
    },
)
