"""The speaker encoder's file: read without torch, and only if it has the published SHA-256."""

from __future__ import annotations

import io
import pickle
import sys
from collections import OrderedDict
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from speechserver.speakers import weights
from speechserver.speakers.weights import WeightsError, load_weights, read_tensors

if TYPE_CHECKING:
    from pathlib import Path


class _Storage:
    pass


class _Tensor:
    """What torch writes for a tensor: a call of its function, with the storage as a reference."""

    def __init__(self, offset: int, shape: tuple[int, ...]) -> None:
        self._offset, self._shape = offset, shape

    def __reduce__(self) -> tuple[Any, ...]:
        rebuild = sys.modules["torch._utils"]._rebuild_tensor_v2
        return rebuild, (_Storage(), self._offset, self._shape, (1,), False, OrderedDict())


class _Writer(pickle.Pickler):
    def persistent_id(self, obj: object) -> tuple[Any, ...] | None:
        return ("storage", sys.modules["torch"].FloatStorage, "7", "cpu", 6, None) if type(obj) is _Storage else None


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> io.BytesIO:
    """A file in torch's old format: two tensors in one storage."""
    torch, utils = ModuleType("torch"), ModuleType("torch._utils")
    torch.FloatStorage = type("FloatStorage", (), {"__module__": "torch"})  # type: ignore[attr-defined]

    def _rebuild_tensor_v2() -> None: ...

    _rebuild_tensor_v2.__module__, _rebuild_tensor_v2.__qualname__ = "torch._utils", "_rebuild_tensor_v2"
    utils._rebuild_tensor_v2 = _rebuild_tensor_v2  # type: ignore[attr-defined]
    torch.FloatStorage.__qualname__ = "FloatStorage"
    monkeypatch.setitem(sys.modules, "torch", torch)
    monkeypatch.setitem(sys.modules, "torch._utils", utils)
    file = io.BytesIO()
    model = OrderedDict(first=_Tensor(0, (2, 2)), second=_Tensor(4, (2,)))
    for value in (1, 1001, {"little_endian": True}, {"step": 3, "model_state": model}, ["7"]):
        _Writer(file, protocol=2).dump(value)
    file.write((6).to_bytes(8, "little") + np.arange(6, dtype="<f4").tobytes())
    return io.BytesIO(file.getvalue())


def test_tensors_are_read_at_their_offsets_in_their_shapes(written: io.BytesIO) -> None:
    tensors = read_tensors(written)
    assert tensors["first"].tolist() == [[0.0, 1.0], [2.0, 3.0]]
    assert tensors["second"].tolist() == [4.0, 5.0]


def test_a_pickle_that_names_anything_else_is_refused(tmp_path: Path) -> None:
    class Harm:
        def __reduce__(self) -> tuple[Any, ...]:
            return type(tmp_path).touch, (tmp_path / "touched",)

    with pytest.raises(pickle.UnpicklingError, match="not admitted"):
        read_tensors(io.BytesIO(pickle.dumps(Harm(), protocol=2)))
    assert not (tmp_path / "touched").exists()


def test_an_altered_file_is_refused_before_it_is_unpickled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytearray(weights._installed().read_bytes())
    content[-1] ^= 1
    (tmp_path / "pretrained.pt").write_bytes(content)
    monkeypatch.setattr(weights, "read_tensors", lambda _: pytest.fail("It was unpickled"))
    with pytest.raises(WeightsError, match="was altered or is incomplete"):
        load_weights(tmp_path / "pretrained.pt")


def test_a_missing_file_is_reported_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"can't be read \(No such file or directory\); run the set-up again\.$"):
        load_weights(tmp_path / "pretrained.pt")


def test_a_missing_package_is_reported_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "PACKAGE", "a_package_that_is_not_there")
    with pytest.raises(WeightsError, match=r"is not installed; run the set-up again\.$"):
        load_weights()


def test_the_installed_weights_are_those_of_the_encoder() -> None:
    loaded = load_weights()
    assert [layer.from_input.shape for layer in loaded.layers] == [(40, 1024), (256, 1024), (256, 1024)]
    assert all(layer.from_state.shape == (256, 1024) for layer in loaded.layers)
    assert loaded.projection.shape == (256, 256)
    assert "resemblyzer" not in sys.modules
