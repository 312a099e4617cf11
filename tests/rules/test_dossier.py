"""The life of a dossier."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.rules.dossier import (
    NEXT,
    STATUS_NAMES,
    TERMINAL,
    Dossier,
    Move,
    Status,
    form_of,
    is_legal,
    play,
    refusal,
)

RECEIVED = datetime(2024, 6, 3, 9)
DOSSIERS = st.builds(
    Dossier,
    received=st.just(RECEIVED),
    missing=st.sampled_from([(), ("Bản sao giấy tờ",)]),
    in_scope=st.booleans(),
    answers=st.booleans(),
    fee_due=st.booleans(),
    wants_out=st.booleans(),
)


@given(DOSSIERS, st.lists(st.sampled_from(list(Move)), max_size=15))
def test_no_play_ever_leaves_the_legal_transitions(dossier: Dossier, moves: list[Move]) -> None:
    """Whatever is played: a refused move changes nothing and has a rule, an accepted one is a legal transition."""
    for move in moves:
        played = play(dossier, move)
        if played.refused_by is None:
            assert is_legal(dossier.status, played.dossier.status)
        else:
            assert played.dossier == dossier
            assert played.refused_by.text and played.refused_by.source
        dossier = played.dossier


@given(DOSSIERS)
def test_every_dossier_can_reach_an_end(dossier: Dossier) -> None:
    """From any start some sequence of moves ends the dossier: nobody is stuck at the desk."""
    seen, queue = set(), [dossier]
    while queue:
        current = queue.pop()
        if current.status in TERMINAL:
            return
        if current not in seen:
            seen.add(current)
            queue += [play(current, move).dossier for move in Move]
    pytest.fail(f"no way out of {dossier}")


def test_the_plain_way_goes_through_all_stations() -> None:
    """A complete dossier is accepted, forwarded, finished and returned, and prints forms 01 and 05."""
    dossier, forms = Dossier(RECEIVED), []
    for move in (Move.ACCEPT, Move.FORWARD, Move.FINISH, Move.RETURN):
        played = play(dossier, move)
        dossier = played.dossier
        forms.append(played.form[:6])

    assert dossier.status is Status.RETURNED
    assert forms == ["Mẫu 01", "Mẫu 05", "", ""]


@pytest.mark.parametrize(
    ("dossier", "move", "rule"),
    [
        (Dossier(RECEIVED, missing=("Đơn",)), Move.ACCEPT, "du-moi-tiep-nhan"),
        (Dossier(RECEIVED), Move.REFUSE, "du-thi-tiep-nhan"),
        (Dossier(RECEIVED, in_scope=False), Move.ASK_SUPPLEMENT, "ngoai-tham-quyen-thi-tu-choi"),
        (Dossier(RECEIVED), Move.ASK_SUPPLEMENT, "du-thi-tiep-nhan"),
        (
            Dossier(RECEIVED, missing=("Đơn",), status=Status.IN_PROGRESS, requests=1, accepted=True),
            Move.ASK_SUPPLEMENT,
            "bo-sung-mot-lan",
        ),
        (Dossier(RECEIVED, fee_due=True, status=Status.IN_PROGRESS, accepted=True), Move.FINISH, "nop-du-roi-moi-xong"),
        (Dossier(RECEIVED, status=Status.IN_PROGRESS, accepted=True), Move.WITHDRAW, "nguoi-dan-moi-duoc-rut"),
        (Dossier(RECEIVED, status=Status.RETURNED), Move.FORWARD, "da-ket-thuc"),
        (Dossier(RECEIVED), Move.FINISH, "thu-tu-trang-thai"),
    ],
)
def test_a_refused_move_names_its_rule(dossier: Dossier, move: Move, rule: str) -> None:
    """Each common mistake at the desk is refused by the rule that a trainer would quote."""
    refused = refusal(dossier, move)

    assert refused is not None
    assert refused.id == rule


def test_forms_follow_their_circular() -> None:
    """The control slip is form 05 until 14/9/2025 and form 06 since; stopping has a form only since."""
    assert "05" in form_of(Move.FORWARD, datetime(2025, 9, 14).date())
    assert "06" in form_of(Move.FORWARD, datetime(2025, 9, 15).date())
    assert form_of(Move.STOP, datetime(2025, 9, 14).date()) == ""


def test_every_status_has_a_name_and_a_row() -> None:
    """The ten codes all have their Vietnamese name and their line in the table of transitions."""
    assert set(STATUS_NAMES) == set(NEXT) == set(Status)
