"""config.yaml: what it gives, and that every mistake in it is named with its place and its mend."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, SecretStr, field_validator

from bot.config import Config, load_config
from bot.errors import ConfigError

ROOT = Path(__file__).parent.parent
GOLDEN = Path(__file__).parent / "golden" / "config"
TOKEN = "27182818:AAH-this-must-never-be-shown-to-anyone"
ENVIRON = {"DESK_TOKEN": TOKEN, "BAD_TOKEN": "bad-" + TOKEN, "EMPTY": ""}


class Screen(BaseModel):
    """The options of a channel that needs none."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Chat(BaseModel):
    """The options of a channel with everything that an option can be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    token: SecretStr | None = None
    chat: str | None = None
    url: str | None = None
    thread: int | None = None
    pass_phrase: SecretStr | None = None

    @field_validator("token")
    @classmethod
    def _known(cls, token: SecretStr | None) -> SecretStr | None:
        if token and token.get_secret_value().startswith("bad"):
            raise ValueError(f"{token.get_secret_value()} is not the token of a bot")
        return token


KINDS = {"console": Screen, "chat": Chat}
FEED = 'feeds:\n  - {id: a, url: "https://a.example/feed", name: A, owner: A Media%s}\n'


def read(folder: Path, text: str, environ: dict[str, str] = ENVIRON) -> Config:
    path = folder / "config.yaml"
    path.write_text(text, "utf-8")
    return load_config(path, environ, KINDS)


def mistakes(folder: Path, text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        read(folder, text)
    return str(caught.value).replace(str(folder / "config.yaml"), "config.yaml").replace(str(folder), "FOLDER")


# --- mistakes --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(path.stem for path in GOLDEN.glob("*.yaml")))
def test_a_mistake_is_named_with_its_place_and_its_mend(name, tmp_path):
    expected = (GOLDEN / f"{name}.txt").read_text("utf-8")
    assert mistakes(tmp_path, (GOLDEN / f"{name}.yaml").read_text("utf-8")) + "\n" == expected
