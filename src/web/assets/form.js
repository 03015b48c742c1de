// form.js - a form with rows by keys: rows are added, moved, copied from above and removed, a block of cells is pasted
// from a sheet, and the server works out what follows when a row is left. What was typed and not saved is kept in this
// browser for a day. Without this file the same form works by its buttons.
(() => {
    "use strict";
    const one = (selector, from) => (from || document).querySelector(selector);
    const all = (selector, from) => [...(from || document).querySelectorAll(selector)];
    const form = one("#record-form");
    if (!form) return;

    // ---- What the server works out ----
    let asked = 0, lastSent = "";
    async function count() {
        if (!form.dataset.count) return;
        const body = new URLSearchParams(new FormData(form));
        if (body.toString() === lastSent) return;
        lastSent = body.toString();
        const mine = ++asked;
        form.classList.add("counting");
        const answer = await fetch(form.dataset.count, { method: "POST", body, headers: { accept: "text/html" } }).catch(() => null);
        if (mine !== asked) return;
        form.classList.remove("counting");
        if (!answer || !answer.ok) return;
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const piece of all("[id]", page)) document.getElementById(piece.id)?.replaceWith(piece);
    }

    // ---- Rows ----
    const rowsOf = table => all("tbody > tr", table);
    const cellsOf = row => all("input:not([type=hidden]):not([data-remove]), select, textarea", row)
        .filter(field => !field.closest(".line-more"));

    // Names, ids and what refers to them carry the row's number.
    function renumber(table) {
        const key = table.dataset.lines;
        rowsOf(table).forEach((row, at) => {
            one(".no", row).textContent = at + 1;
            for (const element of [row, ...all("*", row)])
                for (const { name, value } of [...element.attributes]) {
                    if (!/^(name|id|for|aria-describedby|hx-target)$/.test(name)) continue;
                    const next = value.replace(new RegExp(`(_[tob]_)?${key}\\[\\d+\\]`), (all_, mark) => `${mark || ""}${key}[${at}]`)
                        .replace(new RegExp(`(^|[ #])([fech])-${key}-\\d+-`, "g"), `$1$2-${key}-${at}-`);
                    if (next !== value) element.setAttribute(name, next);
                }
        });
    }
    function addRow(table) {
        const rows = rowsOf(table), last = rows[rows.length - 1];
        const row = last.cloneNode(true);
        row.className = "blank";
        for (const field of all("input, select, textarea", row)) {
            if (field.type === "checkbox") field.checked = false;
            else if (!field.name.includes("._b_")) field.value = field.tagName === "SELECT" ? "" : "";
        }
        for (const figure of all(".fig, .hint, [data-picks]", row)) figure.replaceChildren();
        for (const error of all(".err", row)) error.remove();
        all("details[open]", row).forEach(menu => menu.open = false);
        last.after(row);
        renumber(table);
        if (window.htmx) window.htmx.process(row);
        return row;
    }
    const isEmpty = row => cellsOf(row).every(field => field.type === "checkbox" ? !field.checked : !field.value.trim());
    function emptyRow(table) {
        return rowsOf(table).find(row => row.classList.contains("blank") && isEmpty(row)) || addRow(table);
    }
    function step(field, by) {
        const row = field.closest("tr"), column = cellsOf(row).indexOf(field);
        const next = by > 0 ? row.nextElementSibling || addRow(field.closest("table")) : row.previousElementSibling;
        if (next) cellsOf(next)[column]?.focus();
    }
    function move(row, by) {
        const other = by > 0 ? row.nextElementSibling : row.previousElementSibling;
        if (!other) return;
        const focused = document.activeElement;
        if (by > 0) other.after(row); else other.before(row);
        renumber(row.closest("table"));
        focused.focus();
        changed();
    }
    function copyAbove(field) {
        const row = field.closest("tr"), above = row.previousElementSibling;
        if (!above) return;
        const column = cellsOf(row).indexOf(field), from = cellsOf(above)[column];
        if (field.type === "checkbox") field.checked = from.checked;
        else field.value = from.value;
        const hidden = field.closest("[data-picker]") && all("input[type=hidden]", field.closest("[data-picker]"));
        if (hidden) all("input[type=hidden]", from.closest("[data-picker]")).forEach((each, at) => hidden[at].value = each.value);
        field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    function remove(row) {
        const box = one("[data-remove]", row);
        box.checked = !box.checked;
        row.classList.toggle("gone", box.checked);
        changed();
        count();
    }
    function paste(field, text) {
        const lines = text.replace(/\r/g, "").replace(/\n$/, "").split("\n").map(line => line.split("\t"));
        const table = field.closest("table"), column = cellsOf(field.closest("tr")).indexOf(field);
        let row = field.closest("tr");
        lines.forEach((values, at) => {
            if (at) row = row.nextElementSibling || addRow(table);
            values.forEach((value, along) => {
                const cell = cellsOf(row)[column + along];
                if (!cell) return;
                if (cell.tagName === "SELECT") {
                    const option = [...cell.options].find(each => each.text.trim() === value.trim());
                    if (option) cell.value = option.value;
                } else if (cell.type !== "checkbox") {
                    cell.value = value.trim();
                    const hidden = one("input[type=hidden]", cell.closest("[data-picker]") || document.createElement("i"));
                    if (hidden) hidden.value = "";
                }
            });
        });
        changed();
        count();
    }

    form.addEventListener("paste", event => {
        const field = event.target.closest("[data-lines] input");
        const text = event.clipboardData.getData("text/plain");
        if (!field || !/[\t\n]/.test(text.trimEnd())) return;
        event.preventDefault();
        paste(field, text);
    });
    form.addEventListener("keydown", event => {
        const field = event.target.closest("[data-lines] input, [data-lines] select");
        if (!field || field.closest(".line-more")) return;
        const row = field.closest("tr"), picker = field.closest("[data-picker]");
        const isMenu = picker && one("[data-picks] button", picker);
        const ctrl = event.ctrlKey || event.metaKey;
        if (event.altKey && event.shiftKey && event.key === "ArrowUp") move(row, -1);
        else if (event.altKey && event.shiftKey && event.key === "ArrowDown") move(row, 1);
        else if (event.altKey && event.key === "ArrowDown") cellsOf(emptyRow(field.closest("table")))[0].focus();
        else if (ctrl && event.key.toLowerCase() === "d") copyAbove(field);
        else if (ctrl && event.key === "Delete") remove(row);
        else if (ctrl || event.altKey || isMenu || field.tagName === "SELECT" || field.type === "date") return;
        else if (event.key === "ArrowDown" || event.key === "Enter") step(field, 1);
        else if (event.key === "ArrowUp") step(field, -1);
        else return;
        event.preventDefault();
    });
    // A row that is left is worked out; a choice at once.
    form.addEventListener("focusout", event => {
        const row = event.target.closest("[data-lines] tr");
        if (row && !row.contains(event.relatedTarget)) count();
        else if (!row && event.target.closest("[data-picker]")) count();
    });
    form.addEventListener("change", event => {
        if (event.target.matches("select, [type=checkbox]")) count();
    });
    form.addEventListener("click", event => {
        const more = event.target.closest("button[name=_add]");
        const table = more && one("[data-lines]", more.closest("section"));
        if (!table) return;
        event.preventDefault();
        cellsOf(addRow(table))[0].focus();
    });
    form.addEventListener("keydown", event => {
        const field = event.target.closest("[data-scan]");
        if (!field || event.key !== "Enter") return;
        event.preventDefault();
        const table = one(`[data-lines="${field.dataset.scan}"]`), code = field.value.trim();
        if (!code) return;
        const same = rowsOf(table).find(row => cellsOf(row)[0].value.split(" ")[0] === code);
        const row = same || emptyRow(table), number = one(".inp.q", row);
        if (!same) cellsOf(row)[0].value = code;
        row.classList.remove("blank");
        number.value = same ? String(Number(number.value || 0) + 1) : "1";
        field.value = "";
        changed();
        count();
    });

    // ---- Files: stored at once, and put into the record when it is saved ----
    form.addEventListener("change", async event => {
        const field = event.target;
        if (!field.matches("[data-upload]") || !field.files.length) return;
        const place = field.closest("[data-file-field]"), name = one("[data-file-name]", place);
        const body = new FormData();
        body.append("file", field.files[0]);
        place.setAttribute("aria-busy", "true");
        const answer = await fetch(`/api/v1/platform/files${field.dataset.upload}`, {
            method: "POST", body, headers: { accept: "application/json", "x-csrf-token": one("input[name=_csrf]", form).value },
        }).catch(() => null);
        const said = answer && await answer.json().catch(() => null);
        place.removeAttribute("aria-busy");
        if (answer && answer.ok) {
            one("input[type=hidden]", place).value = said.files[0].id;
            name.textContent = said.files[0].name;
            changed();
        } else {
            document.dispatchEvent(new CustomEvent("toast", { detail: { words: said?.detail || field.files[0].name, tone: "bad" } }));
        }
        field.value = "";
    });

    // ---- What is not saved ----
    const key = `draft ${location.pathname} ${form.dataset.draft}`;
    const text = () => JSON.stringify(all("input[name], select[name], textarea[name]", form)
        .filter(field => !/^_(csrf|once|version|keep)/.test(field.name) && field.type !== "password" && field.type !== "file")
        .map(field => [field.name, field.type === "checkbox" || field.type === "radio" ? field.checked : field.value]));
    const first = text();
    let timer = 0, isSent = false;
    function changed() {
        const before = new Map(JSON.parse(first)), now = JSON.parse(text());
        const number = now.filter(([name, value]) => (before.get(name) ?? "") !== value && !name.startsWith("_") && !name.includes("._")).length;
        const words = one("[data-unsaved]");
        words.textContent = number === 0 ? "" : number === 1 ? words.dataset.one : words.dataset.many.replace("%s", number);
        clearTimeout(timer);
        timer = setTimeout(() => {
            if (!isSent && text() !== first) localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields: now }));
        }, 400);
    }
    function readDraft() {
        for (const name of Object.keys(localStorage).filter(each => each.startsWith("draft ")))
            try {
                if (Date.now() - JSON.parse(localStorage.getItem(name)).at > 86400000) localStorage.removeItem(name);
            } catch { localStorage.removeItem(name); }
        return JSON.parse(localStorage.getItem(key) || "null");
    }
    function takeDraft(draft) {
        for (const [name, value] of draft.fields) {
            for (let tries = 0; !form.elements.namedItem(name) && tries < 200; tries++) {
                const table = one(`[data-lines="${name.replace(/^_[tob]_/, "").split("[")[0]}"]`);
                if (!table) break;
                addRow(table);
            }
            const field = form.elements.namedItem(name);
            if (!field || !field.type) continue;
            if (field.type === "checkbox" || field.type === "radio") field.checked = value; else field.value = value;
        }
        changed();
        count();
    }
    const draft = readDraft(), found = one("[data-draft-found]");
    if (draft && JSON.stringify(draft.fields) !== first && !one("#problems")) {
        found.hidden = false;
        one("[data-draft-take]").onclick = () => { found.hidden = true; takeDraft(draft); };
        one("[data-draft-drop]").onclick = () => { found.hidden = true; localStorage.removeItem(key); };
    }
    form.addEventListener("input", changed);
    form.addEventListener("submit", () => {
        isSent = true;
        if (form.dataset.draft === "0") localStorage.removeItem(key);  // else the saved version has another key
    });
    if (one("#problems")) changed();
})();
