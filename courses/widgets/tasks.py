"""Show a no-code task: a control that keeps its answer, and a button that checks it."""

import html
import io
from collections.abc import Callable
from contextlib import redirect_stdout
from datetime import date
from pathlib import Path
from typing import Any

import ipywidgets as widgets
from IPython.display import display

from courses.widgets.answers_file import AnswersFile

Changed = Callable[[object], None]
STYLE = """<style>
.hocvu-task { border: 1px solid #8aa0b8; border-radius: 8px; padding: 12px 16px; max-width: 62rem; }
.hocvu-task h3 { margin: 0 0 4px; }
.hocvu-verdict { white-space: pre-wrap; font-size: 15px; margin: 6px 0 0; }
.hocvu-task .widget-radio-box label,
.hocvu-task .widget-checkbox label { white-space: normal; height: auto; line-height: 1.5; }
</style>"""
WIDE = widgets.Layout(width="100%", max_width="60rem")


def show(task: str, simulator: Callable[[dict[str, Any], object, Changed], widgets.Widget] | None = None) -> None:
    """Show one task of the exercise in this folder; `simulator` builds the control of a task of kind `cases`.

    A simulator is called with the task's prompt data, the answer so far (None at first) and a function to call with
    each new answer (plain JSON); it returns a widget.
    """
    file = AnswersFile(Path.cwd())
    data = file.manifest["tasks"].get(task)
    if data is None:
        known = ", ".join(file.manifest["tasks"])
        print(f"Bài tập này không có câu {task!r}. Các câu của bài: {known}.")
        return
    display(task_box(task, data, file, simulator))


def task_box(
    task: str,
    data: dict[str, Any],
    file: AnswersFile,
    simulator: Callable[[dict[str, Any], object, Changed], widgets.Widget] | None = None,
) -> widgets.Widget:
    """Return title, prompt, control, button and the place of the verdict."""
    verdict = widgets.HTML()
    build = simulator if data["kind"] == "cases" and simulator else CONTROLS[data["kind"]]

    def keep(answer: object) -> None:
        file.write(task, answer)
        verdict.value = ""

    control = build(data, file.read().get(task), keep)
    button = widgets.Button(description="Kiểm tra đáp án", button_style="primary", icon="check")
    button.add_class("hocvu-check-task")

    def check(_: object) -> None:
        verdict.value = (
            f'<p class="hocvu-verdict" role="status">{html.escape(_verdict_of(task, file.read().get(task)))}</p>'
        )

    button.on_click(check)
    points = f"{data['points']:g}".replace(".", ",")
    heading = widgets.HTML(f"{STYLE}<h3>{html.escape(data['title'])} <small>({points} điểm)</small></h3>"
                           f"<p>{html.escape(data['prompt'])}</p>")  # fmt: skip
    box = widgets.VBox([heading, control, button, verdict])
    box.add_class("hocvu-task")
    return box


def _verdict_of(task: str, answer: object) -> str:
    if answer is None:
        return "○ Bạn chưa trả lời câu này."
    import hocvu

    said = io.StringIO()
    with redirect_stdout(said):
        hocvu.check(task, answer)
    return said.getvalue()


def _choose(data: dict[str, Any], answer: object, changed: Changed) -> widgets.Widget:
    options = _options(data)
    control = widgets.RadioButtons(options=options, value=answer if answer in _values(options) else None, layout=WIDE)
    control.observe(lambda change: changed(change["new"]), names="value")
    return control


def _choose_many(data: dict[str, Any], answer: object, changed: Changed) -> widgets.Widget:
    options = _options(data)
    chosen = answer if isinstance(answer, list) else []
    boxes = [
        widgets.Checkbox(value in chosen, description=label, indent=False, layout=WIDE) for label, value in options
    ]

    def tell(_: object) -> None:
        changed([value for box, (_label, value) in zip(boxes, options, strict=True) if box.value])

    for box in boxes:
        box.observe(tell, names="value")
    return widgets.VBox(boxes)


def _order(data: dict[str, Any], answer: object, changed: Changed) -> widgets.Widget:
    options = _options(data)
    labels = {value: label for label, value in options}
    order = list(answer) if isinstance(answer, list) and sorted(answer) == sorted(labels) else _values(options)
    holder = widgets.VBox()

    def move(value: str, by: int) -> None:
        at = order.index(value)
        order[at], order[at + by] = order[at + by], order[at]
        changed(list(order))
        draw()

    def draw() -> None:
        rows = []
        for at, value in enumerate(order):
            up = widgets.Button(
                description="▲", tooltip=f"Đưa lên: {labels[value]}", layout=widgets.Layout(width="3rem")
            )
            down = widgets.Button(
                description="▼", tooltip=f"Đưa xuống: {labels[value]}", layout=widgets.Layout(width="3rem")
            )
            up.disabled, down.disabled = at == 0, at == len(order) - 1
            up.on_click(lambda _, value=value: move(value, -1))
            down.on_click(lambda _, value=value: move(value, 1))
            rows.append(widgets.HBox([up, down, widgets.Label(f"{at + 1}. {labels[value]}")]))
        holder.children = rows

    draw()
    return holder


def _mark(data: dict[str, Any], answer: object, changed: Changed) -> widgets.Widget:
    """Rows of a table to mark: `columns` and `rows` (each a list of texts, the first one is its key)."""
    marked = {str(key) for key in answer} if isinstance(answer, list) else set()
    count = len(data["columns"])
    head = [widgets.HTML("<b>Đánh dấu</b>")] + [widgets.HTML(f"<b>{html.escape(name)}</b>") for name in data["columns"]]
    cells: list[widgets.Widget] = head
    boxes: dict[str, widgets.Checkbox] = {}

    def tell(_: object) -> None:
        changed([key for key, box in boxes.items() if box.value])

    for row in data["rows"]:
        key = str(row[0])
        boxes[key] = widgets.Checkbox(
            key in marked, indent=False, description="", tooltip=f"Đánh dấu {key}", layout=widgets.Layout(width="5rem")
        )
        boxes[key].observe(tell, names="value")
        cells += [boxes[key], *(widgets.HTML(html.escape(str(text))) for text in row)]
    layout = widgets.Layout(grid_template_columns=f"6rem repeat({count}, max-content)", grid_gap="2px 18px")
    return widgets.GridBox(cells, layout=layout)


def _number(data: dict[str, Any], answer: object, changed: Changed) -> widgets.Widget:
    text = "" if not isinstance(answer, int | float) else f"{answer:g}".replace(".", ",")
    box = widgets.Text(text, placeholder="ví dụ 12,5", continuous_update=False, layout=widgets.Layout(width="12rem"))
    unit, note = widgets.Label(str(data.get("unit", ""))), widgets.HTML()

    def tell(change: dict[str, Any]) -> None:
        number = parse_number(change["new"])
        note.value = "" if number is not None or not change["new"].strip() else "Hãy nhập một số, ví dụ 1.234,5"
        changed(number)

    box.observe(tell, names="value")
    return widgets.HBox([box, unit, note])


def _date(data: dict[str, Any], answer: object, changed: Changed) -> widgets.Widget:
    given = None
    if isinstance(answer, str):
        try:
            given = date.fromisoformat(answer)
        except ValueError:
            given = None
    box = widgets.Text(
        f"{given:%d/%m/%Y}" if given else "", placeholder="ngày/tháng/năm", continuous_update=False,
        layout=widgets.Layout(width="12rem"),
    )  # fmt: skip
    note = widgets.HTML()

    def tell(change: dict[str, Any]) -> None:
        day = parse_date(change["new"])
        note.value = (
            "" if day or not change["new"].strip() else "Hãy nhập ngày theo dạng ngày/tháng/năm, ví dụ 05/03/2026"
        )
        changed(day.isoformat() if day else None)

    box.observe(tell, names="value")
    return widgets.HBox([box, note])


def parse_number(text: str) -> float | None:
    """Read a number as Vietnamese write it (1.234,5), or with a decimal point; None if it is none."""
    plain = text.strip().replace(" ", "").removesuffix("%")
    if "," in plain:
        plain = plain.replace(".", "").replace(",", ".")
    elif plain.count(".") > 1 or (plain.count(".") == 1 and len(plain.split(".")[1]) == 3 and plain[0] != "0"):
        plain = plain.replace(".", "")
    try:
        number = float(plain)
    except ValueError:
        return None
    if number != number or number in (float("inf"), float("-inf")):
        return None
    return int(number) if number == int(number) else number


def parse_date(text: str) -> date | None:
    """Read dd/mm/yyyy (also with hyphens or dots); None if it is no day."""
    parts = text.strip().replace("-", "/").replace(".", "/").split("/")
    try:
        day, month, year = (int(part) for part in parts)
        return date(year, month, day)
    except ValueError:
        return None


def _options(data: dict[str, Any]) -> list[tuple[str, str]]:
    return [(option["label"], option["value"]) for option in data["options"]]


def _values(options: list[tuple[str, str]]) -> list[str]:
    return [value for _, value in options]


CONTROLS: dict[str, Callable[[dict[str, Any], object, Changed], widgets.Widget]] = {
    "choose": _choose,
    "choose-many": _choose_many,
    "order": _order,
    "mark": _mark,
    "number": _number,
    "date": _date,
}
