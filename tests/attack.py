"""An attack on a copy of the database: everything that somebody could try who wants to know who answered what.

It reads every table as it lies in the file, knows nothing of the program but the names of its tables, and may ask
Telegram about every id of a poll or message that it finds anywhere.
"""

import json
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

Row = dict[str, Any]
Guess = dict[int, Any]  # person -> what they are taken to have answered


Place = tuple[int, int, int]  # poll, position of the question, person


@dataclass
class Telegram:
    """What the server would say: whose poll or message an id is, and what stands there."""

    polls: dict[str, Place] = field(default_factory=dict)
    messages: dict[int, Place] = field(default_factory=dict)
    votes: dict[Place, int] = field(default_factory=dict)

    def place(self, found: str) -> Place | None:
        """Where an id leads, if it is one."""
        return self.polls.get(found) or (self.messages.get(int(found)) if found.isdigit() else None)


class Copy:
    """All rows of all tables of an SQLite file, each with whom it names and which poll it is about, if any."""

    def __init__(self, path: Path) -> None:
        self.tables: dict[str, list[Row]] = {}
        connection = sqlite3.connect(path)
        connection.row_factory = sqlite3.Row
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (name,) in names:
            rows = connection.execute(f'SELECT rowid AS "rowid of it", * FROM "{name}"').fetchall()
            self.tables[name] = [dict(row) for row in rows]
        connection.close()
        self.questions = {
            (row["poll_id"], row["position"]): row["id"] for row in self.tables["poll_questions"]
        }
        sessions = {row["session_id"]: row["id"] for row in self.tables["polls"]}
        mailings = {
            row["id"]: int(row["subject"].split(":")[1])
            for row in self.tables["mailings"]
            if row["subject"].startswith("poll:")
        }
        telegram_ids = {row["telegram_id"]: row["id"] for row in self.tables["people"]}
        # (table, poll or None) -> (person, row), as it lies in the file
        self.naming: dict[tuple[str, int | None], list[tuple[int, Row]]] = defaultdict(list)
        for name, found in self.tables.items():
            for row in found:
                person = row["id"] if name == "people" else row.get("person_id")
                person = person or telegram_ids.get(row.get("chat_id"))
                poll = row.get("poll_id") if name.startswith("poll") else mailings.get(row.get("mailing_id"))
                poll = sessions.get(row.get("session_id")) if poll is None else poll
                if person is not None:
                    self.naming[name, poll].append((person, row))
        self.holding: dict[tuple[str, int], list[Row]] = defaultdict(list)
        for name in HOLDERS:
            for row in self.tables[name]:
                self.holding[name, row["question_id"]].append(row)

    def asked(self, poll_id: int) -> list[int]:
        """Who answered in a poll, as the table says."""
        return [person for person, row in self.naming["poll_participations", poll_id] if row["has_answered"]]

    def answers(self, poll_id: int, position: int) -> list[Any]:
        """Everything that was answered, in the order in which it lies there."""
        question_id = self.questions[poll_id, position]
        return [
            read(row)
            for name, read in HOLDERS.items()
            for row in self.holding[name, question_id]
            for _ in range(row.get("number", 1))
        ]

    def ids(self, telegram: Telegram) -> dict[Place, int]:
        """The votes behind every id of a poll or message that stands in any cell."""
        found: dict[Place, int] = {}
        for rows in self.tables.values():
            for row in rows:
                for value in row.values():
                    for number in _numbers_in(value):
                        place = telegram.place(number)
                        if place is not None and place in telegram.votes:
                            found[place] = telegram.votes[place]
        return found


HOLDERS: dict[str, Callable[[Row], Any]] = {
    "poll_tallies": lambda row: row["option"],
    "poll_comments": lambda row: row["words"],
    "poll_votes": lambda row: row["words"] or json.loads(row["options"])[0],
}


def guesses(copy: Copy, poll_id: int, position: int) -> dict[str, Guess]:
    """What each way of attack takes the answers to a question to be."""
    people, answers = copy.asked(poll_id), copy.answers(poll_id, position)
    found: dict[str, Guess] = {"joins": _by_joins(copy, poll_id, copy.questions[poll_id, position])}
    for name, ordered in _orders(copy, poll_id, people):
        for way, lying in (("as it lies", answers), ("backwards", answers[::-1])):
            found[f"{name}, {way}"] = dict(zip(ordered, lying, strict=False))
    return found


def by_means(copy: Copy, poll_id: int, position: int) -> Guess:
    """What is likeliest for each, given the totals and the averages by province, which organisers are shown."""
    provinces = {row["id"]: row["province_code"] or "" for row in copy.tables["people"]}
    found = commonest(copy, poll_id, position)
    counted = Counter(copy.answers(poll_id, position))
    usual = {option: number / counted.total() for option, number in counted.items()}
    for row in copy.tables["poll_group_means"]:
        if row["question_id"] == copy.questions[poll_id, position]:
            likeliest = _likeliest(usual, row["number"], round((row["mean"] - 1) * row["number"]))
            members = json.loads(row["provinces"])
            found |= {person: likeliest for person in found if provinces[person] in members}
    return found


def _likeliest(usual: dict[int, float], number: int, total: int) -> int:
    """The option that somebody chose most probably, who is one of `number` whose options add up to `total`."""
    ways = Counter({0: 1.0})
    for _ in range(number - 1):
        ways = sum(
            (
                Counter({so_far + option: weight * share})
                for so_far, weight in ways.items()
                for option, share in usual.items()
            ),
            Counter(),
        )
    return max(usual, key=lambda option: usual[option] * ways[total - option])


def commonest(copy: Copy, poll_id: int, position: int) -> Guess:
    """The answer that was given most often, for everybody."""
    counted = Counter(copy.answers(poll_id, position))
    most = counted.most_common(1)[0][0] if counted else None
    return dict.fromkeys(copy.asked(poll_id), most)


def _numbers_in(value: Any) -> list[str]:
    """Every number that stands anywhere in a cell."""
    return [] if value is None or isinstance(value, float) else re.findall(r"\d+", str(value))


def _by_joins(copy: Copy, poll_id: int, question_id: int) -> Guess:
    """Join every table that names people with every one that holds answers, over each pair of columns."""
    votes: dict[int, Counter[Any]] = defaultdict(Counter)
    for ((_, about), theirs), (holder, read) in product(list(copy.naming.items()), HOLDERS.items()):
        if about in (None, poll_id):
            _join(theirs, copy.holding[holder, question_id], read, votes)
    return {person: counted.most_common(1)[0][0] for person, counted in votes.items()}


def _join(
    theirs: list[tuple[int, Row]],
    held: list[Row],
    read: Callable[[Row], Any],
    votes: dict[int, Counter[Any]],
) -> None:
    if not theirs or not held:
        return
    for right in held[0]:
        index: dict[Any, list[Row]] = defaultdict(list)
        for row in held:
            index[row[right]].append(row)
        for person, row in theirs:
            for value in row.values():
                matching = index.get(value, []) if value is not None else []
                if len(matching) == 1:  # a join that names one answer
                    # A token says more than a small number that happens to be the same.
                    votes[person][read(matching[0])] += 100 if isinstance(value, str) else 1


def _orders(copy: Copy, poll_id: int, people: list[int]) -> Iterator[tuple[str, list[int]]]:
    """Every order in which a table lists these people: as it lies, and sorted by each of its columns."""
    for (name, about), rows in list(copy.naming.items()):
        theirs = [(person, row) for person, row in rows if person in people]
        if about not in (None, poll_id) or not theirs:
            continue
        yield f"{name} as it lies", list(dict.fromkeys(person for person, _ in theirs))
        for column in theirs[0][1]:
            ordered = sorted(theirs, key=lambda each: str(each[1][column]))
            yield f"{name} by {column}", list(dict.fromkeys(person for person, _ in ordered))
