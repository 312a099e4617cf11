"""The life of a dossier: ten statuses, the moves between them, and the rule that refuses a move."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import IntEnum, StrEnum

from courses.rules.rule import Rule
from courses.rules.working_days import NEXT_DAY_AFTER_15


class Status(IntEnum):
    """The ten status codes of the national public-service portal (seen in public code that uses them)."""

    REGISTERED = 1
    ACCEPTED = 2
    REFUSED = 3
    IN_PROGRESS = 4
    SUPPLEMENT_ASKED = 5
    PAYMENT_ASKED = 6
    WITHDRAWN = 7
    STOPPED = 8
    DONE = 9
    RETURNED = 10


STATUS_NAMES: Mapping[Status, str] = {
    Status.REGISTERED: "Mới đăng ký",
    Status.ACCEPTED: "Được tiếp nhận",
    Status.REFUSED: "Không được tiếp nhận",
    Status.IN_PROGRESS: "Đang xử lý",
    Status.SUPPLEMENT_ASKED: "Yêu cầu bổ sung giấy tờ",
    Status.PAYMENT_ASKED: "Yêu cầu thực hiện nghĩa vụ tài chính",
    Status.WITHDRAWN: "Công dân yêu cầu rút hồ sơ",
    Status.STOPPED: "Dừng xử lý",
    Status.DONE: "Đã xử lý xong",
    Status.RETURNED: "Đã trả kết quả",
}
TERMINAL = frozenset({Status.REFUSED, Status.WITHDRAWN, Status.STOPPED, Status.RETURNED})
NEXT: Mapping[Status, frozenset[Status]] = {
    Status.REGISTERED: frozenset({Status.ACCEPTED, Status.REFUSED, Status.SUPPLEMENT_ASKED}),
    Status.ACCEPTED: frozenset({Status.IN_PROGRESS, Status.WITHDRAWN}),
    Status.IN_PROGRESS: frozenset(
        {Status.SUPPLEMENT_ASKED, Status.PAYMENT_ASKED, Status.WITHDRAWN, Status.STOPPED, Status.DONE}
    ),
    Status.SUPPLEMENT_ASKED: frozenset({Status.ACCEPTED, Status.IN_PROGRESS, Status.WITHDRAWN, Status.STOPPED}),
    Status.PAYMENT_ASKED: frozenset({Status.IN_PROGRESS, Status.WITHDRAWN}),
    Status.DONE: frozenset({Status.RETURNED}),
    **dict.fromkeys(TERMINAL, frozenset[Status]()),
}


class Move(StrEnum):
    """What somebody does with a dossier; the value is written into answers."""

    ACCEPT = "tiep-nhan"
    ASK_SUPPLEMENT = "yeu-cau-bo-sung"
    REFUSE = "tu-choi"
    FORWARD = "chuyen-xu-ly"
    SUPPLEMENT = "nop-bo-sung"
    ASK_PAYMENT = "yeu-cau-nop-phi"
    PAY = "nop-phi"
    FINISH = "xu-ly-xong"
    RETURN = "tra-ket-qua"
    WITHDRAW = "rut-ho-so"
    STOP = "dung-xu-ly"


MOVE_NAMES: Mapping[Move, str] = {
    Move.ACCEPT: "Tiếp nhận",
    Move.ASK_SUPPLEMENT: "Yêu cầu bổ sung",
    Move.REFUSE: "Từ chối",
    Move.FORWARD: "Chuyển xử lý",
    Move.SUPPLEMENT: "Người dân bổ sung đủ",
    Move.ASK_PAYMENT: "Yêu cầu nộp phí",
    Move.PAY: "Người dân nộp phí",
    Move.FINISH: "Xử lý xong",
    Move.RETURN: "Trả kết quả",
    Move.WITHDRAW: "Người dân rút hồ sơ",
    Move.STOP: "Dừng xử lý",
}
TARGETS: Mapping[Move, Status] = {
    Move.ACCEPT: Status.ACCEPTED,
    Move.ASK_SUPPLEMENT: Status.SUPPLEMENT_ASKED,
    Move.REFUSE: Status.REFUSED,
    Move.FORWARD: Status.IN_PROGRESS,
    Move.ASK_PAYMENT: Status.PAYMENT_ASKED,
    Move.PAY: Status.IN_PROGRESS,
    Move.FINISH: Status.DONE,
    Move.RETURN: Status.RETURNED,
    Move.WITHDRAW: Status.WITHDRAWN,
    Move.STOP: Status.STOPPED,
}

_ND61 = (date(2018, 6, 21), date(2025, 6, 30))
ONE_STOP = "Nghị định 61/2018/NĐ-CP"
STATE_RULE = Rule(
    "thu-tu-trang-thai",
    "Từ trạng thái hiện tại không đi thẳng tới bước này.",
    "bảng chuyển trạng thái của bàn mô phỏng, theo mười mã trạng thái của Cổng Dịch vụ công quốc gia",
)
TERMINAL_RULE = Rule(
    "da-ket-thuc",
    "Hồ sơ đã kết thúc, không làm thêm bước nào; muốn tiếp tục thì người dân nộp hồ sơ mới.",
    "bảng chuyển trạng thái của bàn mô phỏng",
)
COMPLETE_RULE = Rule(
    "du-moi-tiep-nhan",
    "Hồ sơ còn thiếu giấy tờ thì lập Phiếu yêu cầu bổ sung, chưa tiếp nhận.",
    f"{ONE_STOP}, Điều 17",
    *_ND61,
)
ACCEPT_COMPLETE_RULE = Rule(
    "du-thi-tiep-nhan",
    "Hồ sơ đầy đủ, đúng thẩm quyền thì tiếp nhận, cấp mã số hồ sơ và Giấy tiếp nhận hồ sơ và hẹn trả kết quả.",
    f"{ONE_STOP}, Điều 17",
    *_ND61,
)
REFUSE_RULE = Rule(
    "ngoai-tham-quyen-thi-tu-choi",
    "Hồ sơ không thuộc nơi này giải quyết thì lập Phiếu từ chối; bổ sung giấy tờ không làm cho nó hợp lệ.",
    f"{ONE_STOP}, Điều 17",
    *_ND61,
)
ONCE_RULE = Rule(
    "bo-sung-mot-lan",
    "Hướng dẫn bổ sung một lần, đầy đủ. Không yêu cầu lần thứ hai.",
    f"{ONE_STOP}, Điều 15 khoản 3",
    *_ND61,
)
ONCE_INDEX_RULE = Rule(
    "bo-sung-mot-lan-766",
    "Yêu cầu bổ sung quá một lần thì hồ sơ bị tính là quá hạn.",
    "mô tả công thức chỉ số 766 (bản không chính thức), mục 2.1",
    date(2022, 6, 23),
)
PAYMENT_RULE = Rule(
    "nop-du-roi-moi-xong",
    "Còn nghĩa vụ tài chính chưa thực hiện thì chưa xử lý xong.",
    "bảng chuyển trạng thái của bàn mô phỏng",
)
NO_FEE_RULE = Rule(
    "khong-phi-thi-khong-thu",
    "Hồ sơ này không còn khoản nào phải nộp, nên không yêu cầu nộp phí.",
    "bảng chuyển trạng thái của bàn mô phỏng",
)
WITHDRAW_RULE = Rule(
    "nguoi-dan-moi-duoc-rut",
    "Chỉ rút hồ sơ khi người dân yêu cầu; cán bộ không tự rút thay.",
    "Nghị định 118/2025/NĐ-CP, Điều 21 (dừng theo yêu cầu của người nộp)",
    date(2025, 7, 1),
)
STOP_RULE = Rule(
    "dung-phai-co-ly-do",
    "Chỉ dừng xử lý khi người dân không bổ sung được hoặc hồ sơ không đủ điều kiện. Hồ sơ này đang đủ điều kiện.",
    "bảng chuyển trạng thái của bàn mô phỏng",
)
RULES = (
    COMPLETE_RULE, ACCEPT_COMPLETE_RULE, REFUSE_RULE, ONCE_RULE, ONCE_INDEX_RULE, NEXT_DAY_AFTER_15, PAYMENT_RULE,
    NO_FEE_RULE, WITHDRAW_RULE, STOP_RULE, STATE_RULE, TERMINAL_RULE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Dossier:
    """One dossier as the desk sees it.

    `missing` names the papers still lacking, `in_scope` whether this office decides, `answers` whether the
    applicant supplements when asked, `fee_due` whether money is outstanding, `wants_out` whether they ask to withdraw.
    """

    received: datetime
    missing: tuple[str, ...] = ()
    in_scope: bool = True
    answers: bool = True
    fee_due: bool = False
    wants_out: bool = False
    status: Status = Status.REGISTERED
    requests: int = 0
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Played:
    """What came of a move: the dossier afterwards (unchanged if refused), the refusing rule, the form printed."""

    dossier: Dossier
    refused_by: Rule | None = None
    form: str = ""


def play(dossier: Dossier, move: Move) -> Played:
    """Play one move; a move that a rule refuses changes nothing and names the rule."""
    rule = refusal(dossier, move)
    if rule is not None:
        return Played(dossier, rule)
    return Played(_after(dossier, move), None, form_of(move, dossier.received.date()))


def refusal(dossier: Dossier, move: Move) -> Rule | None:
    """Return the rule that refuses a move now; None when it may be played."""
    if dossier.status in TERMINAL:
        return TERMINAL_RULE
    if _target(dossier, move) not in NEXT[dossier.status] or not _fits_status(dossier, move):
        return STATE_RULE
    return _refused_by_substance(dossier, move)


def is_legal(before: int, after: int) -> bool:
    """Say whether a status log may go from one code to the next."""
    try:
        return Status(after) in NEXT[Status(before)]
    except ValueError:
        return False


def form_of(move: Move, day: date) -> str:
    """Return the form that a move prints (TT 01/2018, Đ.9; from 15/9/2025 TT 03/2025, Phụ lục I), "" if none."""
    new = day >= date(2025, 9, 15)
    forms = {
        Move.ACCEPT: "Mẫu 01 – Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
        Move.ASK_SUPPLEMENT: "Mẫu 02 – Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",
        Move.REFUSE: "Mẫu 03 – Phiếu từ chối tiếp nhận giải quyết hồ sơ",
        Move.FORWARD: "Mẫu 06 – Phiếu kiểm soát" if new else "Mẫu 05 – Phiếu kiểm soát",
    }
    if new:
        forms[Move.STOP] = forms[Move.WITHDRAW] = "Mẫu 05 – Thông báo dừng giải quyết hồ sơ"
    return forms.get(move, "")


def _target(dossier: Dossier, move: Move) -> Status:
    if move is Move.SUPPLEMENT:
        return Status.IN_PROGRESS if dossier.accepted else Status.ACCEPTED
    return TARGETS[move]


def _fits_status(dossier: Dossier, move: Move) -> bool:
    """Tell apart moves that lead to the same status."""
    if move is Move.PAY:
        return dossier.status is Status.PAYMENT_ASKED
    if move is Move.FORWARD:
        return dossier.status is Status.ACCEPTED
    if move is Move.ACCEPT:
        return dossier.status is Status.REGISTERED
    if move is Move.WITHDRAW:
        return dossier.accepted
    return True


def _refused_by_substance(dossier: Dossier, move: Move) -> Rule | None:
    at_desk = dossier.status is Status.REGISTERED
    refusals: Mapping[Move, tuple[tuple[bool, Rule], ...]] = {
        Move.ACCEPT: ((not dossier.in_scope, REFUSE_RULE), (bool(dossier.missing), COMPLETE_RULE)),
        Move.REFUSE: ((dossier.in_scope, COMPLETE_RULE if dossier.missing else ACCEPT_COMPLETE_RULE),),
        Move.ASK_SUPPLEMENT: (
            (at_desk and not dossier.in_scope, REFUSE_RULE),
            (dossier.requests > 0, ONCE_RULE if ONCE_RULE.holds_on(dossier.received.date()) else ONCE_INDEX_RULE),
            (not dossier.missing, ACCEPT_COMPLETE_RULE if at_desk else STATE_RULE),
        ),
        Move.ASK_PAYMENT: ((not dossier.fee_due, NO_FEE_RULE),),
        Move.FINISH: ((bool(dossier.missing), COMPLETE_RULE), (dossier.fee_due, PAYMENT_RULE)),
        Move.SUPPLEMENT: ((not dossier.answers, STATE_RULE),),
        Move.WITHDRAW: ((not dossier.wants_out, WITHDRAW_RULE),),
        Move.STOP: ((dossier.answers, STOP_RULE),),
    }
    return next((rule for applies, rule in refusals.get(move, ()) if applies), None)


def _after(dossier: Dossier, move: Move) -> Dossier:
    status = _target(dossier, move)
    return replace(
        dossier,
        status=status,
        accepted=dossier.accepted or status is Status.ACCEPTED,
        missing=() if move is Move.SUPPLEMENT else dossier.missing,
        requests=dossier.requests + (move is Move.ASK_SUPPLEMENT),
        fee_due=dossier.fee_due and move is not Move.PAY,
    )
