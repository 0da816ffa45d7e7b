"""``python -m dsp.training --pool DIRECTORY``: from recordings to ``dsp/models/amd.tflite`` and its card.

About a quarter of an hour on two cores. Composed calls and synthetic speech are kept in ``--work``.
``--leave-out SOURCE`` trains without one source and only adds to the card what people of that source would
have met.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from dsp.amd import Limits, Sensitivity
from dsp.model import AmdModel
from dsp.training import Array, card, dataset, evaluate, probe, thresholds, voices
from dsp.training.clips import Clip, Split, from_pool
from dsp.training.compose import ANSWERS, LESSONS, Call, Composer

_MIXES = (ANSWERS, LESSONS)
"""Each net of the model learns from calls of its own: from the same ones they err alike."""
_OUT = Path(__file__).parents[1] / "models" / "amd.tflite"


@dataclass(frozen=True, slots=True)
class _Trained:
    """A model file and what its test needs of the float network."""

    content: bytes
    temperature: float
    limits: dict[Sensitivity, Limits]
    test: list[thresholds.Trace]


def main() -> None:
    """Train, measure, write."""
    args = _arguments()
    clips = voices.synthesise(args.work / "voices") + from_pool(args.pool)
    if args.leave_out:
        _leave_out(clips, args)
    else:
        _ship(clips, args)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m dsp.training", description=__doc__)
    parser.add_argument(
        "--pool", type=Path, required=True, help="folder with MANIFEST.csv and the recordings"
    )
    parser.add_argument(
        "--work", type=Path, default=Path(tempfile.gettempdir()) / "strowger-model", help="cache"
    )
    parser.add_argument("--out", type=Path, default=_OUT, help="the model file; its card goes beside it")
    parser.add_argument(
        "--calls", type=int, default=20000, help="training calls; an eighth of it to tune and test"
    )
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--reuse", action="store_true", help="keep the weights of the last run; tune and measure anew"
    )
    parser.add_argument("--leave-out", metavar="SOURCE", help="a source_repo of the manifest")
    return parser.parse_args()


def _ship(clips: Sequence[Clip], args: argparse.Namespace) -> None:
    trained = _train(clips, args)
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_bytes(trained.content)
    facts = card.of_file(trained.content, trained.temperature, trained.limits)
    card.write(args.out, facts)
    judged = _judge(args.out, _calls(clips, "test", args.calls // 8, args.seed))
    facts["test"] = {
        "how": "composed calls of voices and noises not used in training; unsure counts as a person",
        "by_sensitivity": {name: evaluate.report(found) for name, found in judged.items()},
        "int8_float_same_verdict": evaluate.agreement(
            judged["balanced"], trained.test, trained.limits["balanced"]
        ),
        "line_probe_balanced_accuracy": _probe(clips, args.seed),
    }
    facts["made_with"] = {"seed": args.seed, "calls": args.calls, "epochs": args.epochs}
    facts["sources"] = card.sources(clips)
    card.write(args.out, facts)
    print(json.dumps(facts["test"], indent=1))


def _leave_out(clips: Sequence[Clip], args: argparse.Namespace) -> None:
    """What people of a source meet that has taught the model nothing: a crowd without ids is tested fairly."""
    source = args.leave_out
    strangers = [replace(clip, split="test") if clip.source == source else clip for clip in clips]
    names = {clip.name for clip in clips if clip.source == source}
    trained = _train(strangers, args)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "amd.tflite"
        path.write_bytes(trained.content)
        card.write(path, card.of_file(trained.content, trained.temperature, trained.limits))
        calls = _calls(strangers, "test", args.calls // 4, args.seed)
        judged = _judge(path, [call for call in calls if call.label == "human" and names >= set(call.names)])
    facts: dict[str, Any] = card.read(args.out)
    found = {name: evaluate.report(one) for name, one in judged.items()}
    facts.setdefault("left_out", {})[source] = found
    card.write(args.out, facts)
    print(json.dumps(found, indent=1))


def _train(clips: Sequence[Clip], args: argparse.Namespace) -> _Trained:
    eighth = args.calls // 8
    lessons = [
        dataset.build(clips, "train", args.calls, args.seed, args.work / "calls", mix) for mix in _MIXES
    ]
    tune_set = dataset.build(clips, "tune", eighth, args.seed, args.work / "calls")
    test_set = dataset.build(clips, "test", eighth, args.seed, args.work / "calls")
    # TensorFlow starts threads: only now that the workers have been forked
    from dsp.training import convert, network

    nets = [network.new_layers() for _ in lessons]
    models = [
        _fit(number, nets[number], train_set, tune_set, args) for number, train_set in enumerate(lessons)
    ]
    content = convert.to_tflite(nets, lessons[0])
    logits = network.predict(models, tune_set)
    temperature = thresholds.best_temperature(tune_set, logits)
    limits = thresholds.choose(thresholds.traces(tune_set, logits, temperature))
    test = thresholds.traces(test_set, network.predict(models, test_set), temperature)
    return _Trained(content, temperature, limits, test)


def _fit(
    number: int, layers: Any, train_set: dataset.Arrays, tune_set: dataset.Arrays, args: argparse.Namespace
) -> Any:
    """One net of the model, trained, or with the weights of the last run."""
    from dsp.training import network

    weights = args.work / f"weights_{(args.leave_out or 'all').replace('/', '_')}_{args.seed}_{number}.h5"
    if args.reuse:
        return network.load(layers, weights, steps=dataset.STEPS)
    model = network.train(layers, train_set, tune_set, epochs=args.epochs, seed=args.seed + number)
    model.save_weights(weights)
    return model


def _calls(clips: Sequence[Clip], split: Split, count: int, seed: int) -> list[Call]:
    composer = Composer(clips, split)
    return [dataset.compose(composer, split, seed, number) for number in range(count)]


def _judge(path: Path, calls: Sequence[Call]) -> dict[Sensitivity, list[evaluate.Judged]]:
    return evaluate.judge(AmdModel(path), calls, thresholds.TOLERATED)


def _probe(clips: Sequence[Clip], seed: int) -> dict[str, float]:
    """The line probe on fresh calls: how well it does where it learnt, and on unseen voices."""
    found: dict[str, tuple[Array, list[bool]]] = {}
    splits: tuple[tuple[Split, int], ...] = (("train", 3000), ("test", 1500))
    for split, count in splits:
        calls = [call for call in _calls(clips, split, count, seed + 1) if call.label in ("human", "machine")]
        found[split] = probe.line_features(calls), [call.label == "machine" for call in calls]
    return {split: round(probe.balanced_accuracy(found["train"], found[split]), 3) for split in found}


if __name__ == "__main__":
    main()
