"""Kills the service at random moments and counts: every alert sent or a visible dead letter, none lost.

    python -m bench.crash [--kills 200] [--items 500] [--seed 1]

A feed on loopback publishes matching items while the service, an unmodified subprocess, is killed with SIGKILL and
started again; a strict Bot API server, which survives, keeps what it accepted for two chats. The last line is JSON.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import signal
import tempfile
import time
from collections import Counter
from pathlib import Path

from bench.stage import Press, accepted, bot_api, feed_server, rows, start, wait_for

CHATS = ("-1001", "-1002")
CONFIG = """
store: crash.db
poll: {{every: 1s, host_gap: 0s, longest_wait: 1s, allow_private: [127.0.0.1]}}
delivery: {{hold: 1s, first_retry: 1s, longest_retry: 1s}}
telegram: {{base_url: "http://127.0.0.1:{api}"}}
log: {{level: warning}}
channels:
  first: {{kind: telegram, token: $TOKEN, chat: "-1001", gap: 0, per_minute: 100000, per_second: 1000}}
  second: {{kind: telegram, token: $TOKEN, chat: "-1002", gap: 0, per_minute: 100000, per_second: 1000}}
routes:
  - {{to: first, also: true}}
  - {{to: second}}
feeds:
  - {{id: crash, name: Crash, owner: Crash, language: en, url: "http://127.0.0.1:{feed}/feed"}}
"""
DEAD = """
select target.address, alert.content from delivery join alert on alert.id = delivery.alert_id
join target on target.id = delivery.target_id where delivery.state = 'dead'
"""
RULE = "rule: troops\nmatch: [troops]\ntests:\n  fires: [Troops march]\n"


def kill_often(folder: Path, press: Press, kills: int, items: int, rng: random.Random) -> None:
    for number in range(1, kills + 1):
        press.items = items * number // kills
        kill_once(folder, press, rng)
        if number % 20 == 0:
            print(f"{number} kills", flush=True)


def kill_once(folder: Path, press: Press, rng: random.Random) -> None:
    asked = press.asked
    service = start(folder)
    if rng.random() < 0.8:  # else: somewhere in the start itself
        wait_for(lambda: press.asked > asked or service.poll() is not None, 30, "a poll")
    time.sleep(rng.uniform(0, 0.25))
    if service.poll() is not None:
        raise SystemExit(f"the service ended by itself: {(folder / 'service.log').read_text('utf-8')[-2000:]}")
    service.send_signal(signal.SIGKILL)
    service.wait()


def finish(folder: Path, press: Press, items: int) -> int:
    """Let the service finish in peace; return the exit code of its SIGTERM."""
    press.items = items
    service = start(folder)
    open_rows = "select count(*) from delivery where state not in ('sent', 'dead')"
    total = "select count(*) from delivery where kind = 'alert'"

    def done() -> bool:
        store = folder / "crash.db"
        return rows(store, total) == [(2 * items,)] and rows(store, open_rows) == [(0,)]

    try:
        wait_for(done, 120, "the end of the outbox")
    finally:
        service.terminate()
        code = service.wait(timeout=15)
    return code


def part_of(text: str) -> str:
    found = re.search(r"part (\d+)\.", text)
    return found[1] if found else "?"


def judge(folder: Path, transcript: Path, kills: int, items: int) -> dict[str, int]:
    got = Counter[tuple[str, str]]()
    flagged = Counter[tuple[str, str]]()
    for message in accepted(transcript):
        key = (str(message["chat"]), part_of(message["text"]))
        got[key] += 1
        flagged[key] += "possible copy" in message["text"].lower()
    store = folder / "crash.db"
    buried = [(str(chat), part_of(str(content))) for chat, content in rows(store, DEAD)]
    wanted = {(chat, str(n)) for chat in CHATS for n in range(1, items + 1)}
    return {
        "kills": kills,
        "alerts": len(wanted),
        "lost": len(wanted - set(got) - set(buried)),
        "copies": sum(count - 1 for count in got.values()),
        "unflagged_copies": sum(max(0, count - 1 - flagged[key]) for key, count in got.items()),
        "most_of_one": max(got.values(), default=0),
        "dead": len(buried),
        "strangers": len(set(got) - wanted),
    }


def crash(kills: int, items: int, seed: int, folder: Path) -> dict[str, int]:
    """Run the whole bench in a folder; return its figures."""
    press, transcript = Press(), folder / "transcript.jsonl"
    (folder / "rules").mkdir()
    (folder / "rules" / "troops.yaml").write_text(RULE, "utf-8")
    with feed_server(press) as feed, bot_api(transcript, CHATS) as api:
        (folder / "config.yaml").write_text(CONFIG.format(api=api, feed=feed), "utf-8")
        service = start(folder)  # the first poll seeds silently: item 0 is told to nobody
        seeded = "select count(*) from feed where seeded_at is not null"
        wait_for(lambda: rows(folder / "crash.db", seeded) == [(1,)], 30, "the first poll")
        service.kill()
        service.wait()
        kill_often(folder, press, kills, items, random.Random(seed))
        code = finish(folder, press, items)
    return judge(folder, transcript, kills, items) | {"exit_code": code}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--items", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="wirewatch-crash-") as folder:
        print(json.dumps(crash(options.kills, options.items, options.seed, Path(folder))))


if __name__ == "__main__":
    main()
