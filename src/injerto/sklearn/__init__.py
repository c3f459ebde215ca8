"""Door: scikit-learn estimators around the same training and the same backbones as everywhere else."""

from __future__ import annotations

from injerto.sklearn.classifier import GraftClassifier
from injerto.sklearn.entity_embedding import EntityEmbedding
from injerto.sklearn.photo_features import PhotoFeatures
from injerto.sklearn.regressor import GraftRegressor
from injerto.sklearn.sound_features import SoundFeatures

__all__ = ["EntityEmbedding", "GraftClassifier", "GraftRegressor", "PhotoFeatures", "SoundFeatures"]
