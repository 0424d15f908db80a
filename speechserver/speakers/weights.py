"""The weights of the speaker encoder, read from the file in the Resemblyzer package without torch.

The file is in torch's old format: pickles of a magic number, a version and the machine, then a pickle of the model
whose tensors are references, then the names of the storages, then each storage as a count and its values.
"""

from __future__ import annotations

import collections
import hashlib
import importlib.util
import io
import pickle
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

PACKAGE = "resemblyzer"
FILENAME = "pretrained.pt"
SHA256 = "39373b86598fa3da9fcddee6142382efe09777e8d37dc9c0561f41f0070f134e"
LAYERS = 3
COUNT_BYTES = 8


class WeightsError(Exception):
    """The weights can't be used. The message is a sentence that says why and what to do."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One LSTM layer. The gates are in the order input, forget, cell, output; both biases are summed."""

    from_input: NDArray[np.float32]
    from_state: NDArray[np.float32]
    bias: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Weights:
    """The encoder: its LSTM layers and the projection behind them. Matrices take rows from the left."""

    layers: tuple[Layer, ...]
    projection: NDArray[np.float32]
    projection_bias: NDArray[np.float32]


def load_weights(path: Path | None = None) -> Weights:
    """Read the weights from `path`, or from the installed package.

    Raises WeightsError if the file is missing or is not, byte for byte, the one that was published.
    """
    path = path or _installed()
    try:
        content = path.read_bytes()
    except OSError as error:
        raise WeightsError(f"The speaker encoder can't be read ({error.strerror}); run the set-up again.") from error
    if hashlib.sha256(content).hexdigest() != SHA256:
        raise WeightsError("The speaker encoder's file was altered or is incomplete; install Resemblyzer 0.1.4 again.")
    return _weights(read_tensors(io.BytesIO(content)))


def _installed() -> Path:
    # Located, never imported: the package's code needs torch, and only its data is used.
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise WeightsError("The speaker encoder is not installed; run the set-up again.")
    return Path(spec.origin).with_name(FILENAME)


def _weights(tensors: Mapping[str, NDArray[np.float32]]) -> Weights:
    return Weights(
        layers=tuple(_layer(tensors, number) for number in range(LAYERS)),
        projection=np.ascontiguousarray(tensors["linear.weight"].T),
        projection_bias=tensors["linear.bias"],
    )


def _layer(tensors: Mapping[str, NDArray[np.float32]], number: int) -> Layer:
    return Layer(
        from_input=np.ascontiguousarray(tensors[f"lstm.weight_ih_l{number}"].T),
        from_state=np.ascontiguousarray(tensors[f"lstm.weight_hh_l{number}"].T),
        bias=tensors[f"lstm.bias_ih_l{number}"] + tensors[f"lstm.bias_hh_l{number}"],
    )


@dataclass(frozen=True, slots=True)
class _Reference:
    """A tensor before its storage was read: where in the storage it begins, and its shape."""

    storage: str
    offset: int
    shape: tuple[int, ...]


class _Reader(pickle.Unpickler):
    """Admits what the file needs to describe its tensors, and refuses every other name.

    A pickle may otherwise call any function it names.
    """

    def find_class(self, module: str, name: str) -> Any:
        """Return a stand-in for the few names of the format."""
        admitted: dict[tuple[str, str], Callable[..., Any] | str] = {
            ("collections", "OrderedDict"): collections.OrderedDict,
            ("torch._utils", "_rebuild_tensor_v2"): _refer,
            ("torch", "FloatStorage"): "float32",
        }
        if (module, name) not in admitted:
            raise pickle.UnpicklingError(f"{module}.{name} is not admitted")
        return admitted[module, name]

    def persistent_load(self, pid: Any) -> str:
        """Return the name of a storage: ("storage", type, name, device, count, view)."""
        return str(pid[2])


def _refer(storage: str, offset: int, shape: tuple[int, ...], *_: object) -> _Reference:
    return _Reference(storage, offset, shape)


def read_tensors(file: IO[bytes]) -> dict[str, NDArray[np.float32]]:
    """Return the tensors of the model by name."""
    for _ in ("magic number", "version", "machine"):
        _Reader(file).load()
    references = _Reader(file).load()["model_state"]
    storages = {name: _read_storage(file) for name in _Reader(file).load()}
    return {name: _view(storages[reference.storage], reference) for name, reference in references.items()}


def _read_storage(file: IO[bytes]) -> NDArray[np.float32]:
    count = int.from_bytes(file.read(COUNT_BYTES), "little")
    return np.frombuffer(file.read(count * np.dtype("<f4").itemsize), dtype="<f4")


def _view(storage: NDArray[np.float32], reference: _Reference) -> NDArray[np.float32]:
    size = int(np.prod(reference.shape))
    return storage[reference.offset : reference.offset + size].reshape(reference.shape)
