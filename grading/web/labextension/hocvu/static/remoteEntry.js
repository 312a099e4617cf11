// Học vụ số in JupyterLab: a federated module written by hand, so that nobody needs Node.js to install it.
// JupyterLab loads this file, hands over its shared modules by init(), and asks for "./extension".
// Everything here is a shortcut: check, submit and the lessons work from cells without it.
(() => {
  "use strict";

  const EXERCISE = /-(khong-code|pandas)\.ipynb$/;
  const LESSON = /^bai-hoc\//;
  const NO_CODE = /-khong-code\.ipynb$/;

  const VIETNAMESE = {
    modules: "Chuyên đề của tôi",
    home: "Mở trang của tôi",
    refresh: "Tải lại",
    check: "Kiểm tra đáp án",
    checkHelp: "Lưu, rồi kiểm tra các câu đã làm",
    submit: "Nộp bài",
    submitHelp: "Lưu, rồi nộp bài và nhận biên nhận",
    showCode: "Hiện mã lệnh",
    showCodeHelp: "Hiện hoặc ẩn mã lệnh của bài học",
    hideCode: "Ẩn mã lệnh",
    lesson: "Bài học",
    "khong-code": "Bài tập không dùng mã lệnh",
    pandas: "Bài tập dùng pandas",
    minutes: (count) => `${count} phút`,
    due: (day) => `hạn ${day.split("-").reverse().join("/")}`,
    close: "Đóng",
    nothing: "Chưa có câu nào để kiểm tra. Hãy làm ít nhất một câu rồi kiểm tra lại.",
    away: "Không đọc được danh sách chuyên đề. Hãy xem cửa sổ chạy `make start`, rồi bấm Tải lại.",
    failed: "Chưa làm được. Hãy chạy lại kernel (menu Kernel → Restart Kernel), rồi thử lại.",
  };
  const ENGLISH = {
    modules: "My modules",
    home: "Open my page",
    refresh: "Reload",
    check: "Check answers",
    checkHelp: "Save, then check the tasks you have done",
    submit: "Submit",
    submitHelp: "Save, then hand in and get a receipt",
    showCode: "Show code",
    showCodeHelp: "Show or hide the lesson's code",
    hideCode: "Hide code",
    lesson: "Lesson",
    "khong-code": "Exercise without code",
    pandas: "Exercise with pandas",
    minutes: (count) => `${count} min`,
    due: (day) => `due ${day}`,
    close: "Close",
    nothing: "There is nothing to check yet. Do at least one task, then check again.",
    away: "The list of modules could not be read. Look at the window that runs `make start`, then reload.",
    failed: "That did not work. Restart the kernel (menu Kernel → Restart Kernel), then try again.",
  };
  const TEXT = document.documentElement.lang.startsWith("en") ? ENGLISH : VIETNAMESE;

  const STYLE = `
    .hocvu-reading:not(.hocvu-with-code) .jp-CodeCell:not(.hocvu-keep) > .jp-Cell-inputWrapper,
    .hocvu-reading:not(.hocvu-with-code) .jp-CodeCell:not(.hocvu-keep) .jp-Placeholder { display: none; }
    .hocvu-reading:not(.hocvu-with-code) .jp-OutputPrompt { visibility: hidden; }
    .hocvu-panel { padding: 12px; overflow: auto; color: var(--jp-ui-font-color1); background: var(--jp-layout-color1); }
    .hocvu-panel h2 { font-size: 1.1rem; margin: 0 0 8px; }
    .hocvu-panel h3 { font-size: 1rem; margin: 12px 0 2px; }
    .hocvu-panel p { margin: 0 0 4px; color: var(--jp-ui-font-color1); }
    .hocvu-panel button { display: block; margin: 4px 0; padding: 4px 8px; font: inherit; text-align: left; width: 100%;
      border: 1px solid var(--jp-border-color0); border-radius: 3px; background: var(--jp-layout-color2);
      color: var(--jp-ui-font-color0); cursor: pointer; }
    .hocvu-panel button:focus-visible { outline: 3px solid var(--jp-brand-color1); }
    .hocvu-said { white-space: pre-wrap; font-family: var(--jp-content-font-family); font-size: 15px; line-height: 1.5;
      margin: 0; max-width: 60rem; }
  `;

  let scope;

  /** Return one of JupyterLab's own modules, the newest it shares. */
  async function shared(name) {
    const versions = Object.values(scope[name]);
    return (await versions[versions.length - 1].get())();
  }

  const container = {
    init(shareScope) {
      scope = shareScope;
    },
    async get(module) {
      if (module !== "./extension") {
        throw new Error(`hocvu has no module ${module}`);
      }
      const lab = {
        apputils: await shared("@jupyterlab/apputils"),
        coreutils: await shared("@jupyterlab/coreutils"),
        notebook: await shared("@jupyterlab/notebook"),
        widgets: await shared("@lumino/widgets"),
      };
      return () => ({ __esModule: true, default: [plugin(lab)] });
    },
  };

  function plugin(lab) {
    return {
      id: "hocvu:plugin",
      autoStart: true,
      requires: [lab.notebook.INotebookTracker],
      activate: (app, tracker) => {
        addStyle();
        app.shell.add(modulesPanel(app, lab), "left", { rank: 50 });
        tracker.widgetAdded.connect((_, panel) => dress(panel, lab));
      },
    };
  }

  function addStyle() {
    const style = document.createElement("style");
    style.textContent = STYLE;
    document.head.append(style);
  }

  /** Give a notebook of ours its buttons: exercises check and submit, lessons read. */
  async function dress(panel, lab) {
    if (EXERCISE.test(panel.context.path)) {
      addButton(panel, lab, "check", () => check(panel, lab));
      addButton(panel, lab, "submit", () => submit(panel, lab));
    } else if (LESSON.test(panel.context.path)) {
      panel.addClass("hocvu-reading");
      addButton(panel, lab, "showCode", () => panel.toggleClass("hocvu-with-code"));
      await panel.context.ready;
      keepTaggedCode(panel);
      await panel.sessionContext.ready;
      await lab.notebook.NotebookActions.runAll(panel.content, panel.sessionContext);
      panel.node.dataset.hocvuRan = "true";
    }
  }

  function addButton(panel, lab, name, onClick) {
    const button = new lab.apputils.ToolbarButton({
      label: TEXT[name],
      tooltip: TEXT[`${name}Help`],
      onClick,
    });
    button.addClass(`hocvu-${name}`);
    panel.toolbar.insertAfter("cellType", `hocvu-${name}`, button) ||
      panel.toolbar.addItem(`hocvu-${name}`, button);
  }

  /** Leave the code of cells tagged "code" in sight: the lesson is about it. */
  function keepTaggedCode(panel) {
    for (const cell of panel.content.widgets) {
      if ((cell.model.getMetadata("tags") || []).includes("code")) {
        cell.addClass("hocvu-keep");
      }
    }
  }

  async function check(panel, lab) {
    await attempt(lab, TEXT.check, async () => {
      await panel.context.save();
      await panel.sessionContext.ready;
      if (NO_CODE.test(panel.context.path)) {
        return run(panel, "import hocvu as _hocvu; _hocvu.check_all()");
      }
      await lab.notebook.NotebookActions.runAll(panel.content, panel.sessionContext);
      await panel.context.save();
      return saidByCheckCells(panel);
    });
  }

  async function submit(panel, lab) {
    await attempt(lab, TEXT.submit, async () => {
      await panel.context.save();
      await panel.sessionContext.ready;
      return run(panel, "import hocvu as _hocvu; _hocvu.submit()");
    });
  }

  async function attempt(lab, title, action) {
    let said;
    try {
      said = (await action()) || TEXT.nothing;
    } catch (error) {
      console.error(error);
      said = TEXT.failed;
    }
    const body = new lab.widgets.Widget();
    const text = document.createElement("p");
    text.className = "hocvu-said";
    text.setAttribute("role", "status");
    text.textContent = said;
    body.node.append(text);
    await lab.apputils.showDialog({
      title,
      body,
      buttons: [lab.apputils.Dialog.okButton({ label: TEXT.close })],
    });
  }

  /** Run a line in the notebook's kernel, beside its cells, and return what it printed. */
  async function run(panel, code) {
    const future = panel.sessionContext.session.kernel.requestExecute({ code, store_history: false });
    const said = [];
    future.onIOPub = ({ header, content }) => {
      if (header.msg_type === "stream") {
        said.push(content.text);
      } else if (header.msg_type === "error") {
        said.push(`${content.ename}: ${content.evalue}\n${TEXT.failed}`);
      }
    };
    await future.done;
    return said.join("").trim();
  }

  function saidByCheckCells(panel) {
    const said = [];
    for (const cell of panel.content.widgets) {
      const nbgrader = cell.model.getMetadata("nbgrader");
      if (!nbgrader || !nbgrader.grade || !cell.model.outputs) {
        continue;
      }
      for (const output of cell.model.outputs.toJSON()) {
        if (output.output_type === "stream") {
          said.push([].concat(output.text).join(""));
        } else if (output.output_type === "error") {
          said.push(`${output.ename}: ${output.evalue}\n`);
        }
      }
    }
    return said.join("").trim();
  }

  /** The side panel: modules, what is due, and one button for each lesson and exercise. */
  function modulesPanel(app, lab) {
    const panel = new lab.widgets.Widget();
    panel.id = "hocvu-modules";
    panel.title.label = TEXT.modules;
    panel.title.caption = TEXT.modules;
    panel.addClass("hocvu-panel");
    const base = lab.coreutils.URLExt.join(lab.coreutils.PageConfig.getBaseUrl(), "hocvu");
    const show = () => fillPanel(panel.node, app, base);
    app.restored.then(show);
    return panel;
  }

  async function fillPanel(node, app, base) {
    node.replaceChildren(element("h2", TEXT.modules));
    const list = element("div", "");
    node.append(
      list,
      action(TEXT.home, () => window.open(`${base}/`, "_blank", "noopener")),
      action(TEXT.refresh, () => fillPanel(node, app, base)),
    );
    let modules;
    try {
      const response = await fetch(`${base}/api/v1/me/modules`);
      if (!response.ok) {
        throw new Error(`status ${response.status}`);
      }
      modules = await response.json();
    } catch (error) {
      console.error(error);
      list.append(element("p", TEXT.away));
      return;
    }
    list.append(...modules.map((module) => moduleSection(module, app, base)));
  }

  function moduleSection(module, app, base) {
    const section = element("section", "");
    const facts = [TEXT.minutes(module.minutes), module.state_text];
    if (module.due_on) {
      facts.push(TEXT.due(module.due_on));
    }
    section.append(
      element("h3", `${module.number}. ${module.title}`),
      element("p", facts.join(" · ")),
      action(TEXT.lesson, () => open(app, module.lesson_path)),
    );
    for (const exercise of module.exercises) {
      for (const track of exercise.tracks) {
        section.append(action(TEXT[track], () => openExercise(app, base, exercise.slug, track)));
      }
    }
    return section;
  }

  function open(app, path) {
    return app.commands.execute("docmanager:open", { path });
  }

  async function openExercise(app, base, exercise, track) {
    const response = await fetch(`${base}/open`, {
      method: "POST",
      headers: { Accept: "application/json", "X-Hocvu-Request": "lab" },
      body: new URLSearchParams({ exercise, track }),
    });
    const answer = await response.json();
    if (!response.ok) {
      window.alert(answer.detail);
      return;
    }
    await open(app, answer.path);
  }

  function element(name, text) {
    const made = document.createElement(name);
    made.textContent = text;
    return made;
  }

  function action(label, onClick) {
    const button = element("button", label);
    button.type = "button";
    button.addEventListener("click", onClick);
    return button;
  }

  window._JUPYTERLAB = window._JUPYTERLAB || {};
  window._JUPYTERLAB.hocvu = container;
})();
