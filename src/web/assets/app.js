// app.js - what makes working pages quicker. Nothing depends on it: without it the same links and forms do
// the same things. No inline handlers (the content security policy forbids them); everything is found by
// data- attributes, and works for parts that arrive later.
(() => {
    "use strict";
    const one = (selector, from) => (from || document).querySelector(selector);
    const all = (selector, from) => [...(from || document).querySelectorAll(selector)];

    // ---- Selecting rows: the bar appears with the first, and counts ----
    function showSelection() {
        for (const bar of all("[data-bulk]")) {
            const boxes = all("tbody input[name=id]", bar.closest("form"));
            const chosen = boxes.filter(box => box.checked);
            bar.hidden = chosen.length === 0;
            one("[data-count]", bar).textContent = chosen.length;
            for (const box of boxes)
                box.closest("tr").classList.toggle("sel", box.checked);
        }
    }

    // ---- Choosing a record for a reference ----
    function closePicks(except) {
        for (const list of all("[data-picks]"))
            if (list !== except) list.replaceChildren();
    }
    function choose(button) {
        const picker = button.closest("[data-picker]");
        one("input[type=hidden]", picker).value = button.dataset.pick;
        const words = one("input:not([type=hidden])", picker);
        words.value = one("[data-pick-label]", button).textContent.trim();
        words.dataset.chosen = words.value;
        closePicks();
        words.focus();
    }
    let pickTimer = 0;
    async function offerPicks(words) {
        const list = one("[data-picks]", words.closest("[data-picker]"));
        const address = `/admin/_pick/${words.dataset.pickWords}?q=${encodeURIComponent(words.value.trim())}`;
        const answer = await fetch(address, { headers: { accept: "text/html" } }).catch(() => null);
        if (answer && answer.ok && document.activeElement === words) list.innerHTML = await answer.text();
    }
    document.addEventListener("input", event => {
        const words = event.target;
        if (!words.matches("[data-pick-words]")) return;
        clearTimeout(pickTimer);
        pickTimer = setTimeout(() => offerPicks(words), 150);
    });
    document.addEventListener("focusout", event => {
        const picker = event.target.closest("[data-picker]");
        if (picker && !picker.contains(event.relatedTarget)) closePicks();
    });

    // ---- The palette ----
    let foundTimer = 0, foundAsked = 0;
    async function showFound() {
        const form = one("#palette form"), mine = ++foundAsked;
        const answer = await fetch(`${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`,
            { headers: { "hx-target": "div#palette-hits" } }).catch(() => null);
        if (answer && answer.ok && mine === foundAsked) one("#palette-hits").innerHTML = await answer.text();
    }
    function openPalette(words) {
        const palette = one("#palette");
        if (!palette || palette.open) return;
        palette.showModal();
        const field = one("input[type=search]", palette);
        field.value = words || "";
        field.focus();
        showFound();
    }
    function movePick(list, step) {
        const rows = all("a, button", list);
        const at = rows.indexOf(document.activeElement);
        const next = rows[at + step] || (step < 0 && one("input[type=search]", list));
        if (next) next.focus();
        return Boolean(next);
    }
    document.addEventListener("input", event => {
        if (!event.target.matches("#palette input")) return;
        clearTimeout(foundTimer);
        foundTimer = setTimeout(showFound, 90);
    });
    document.addEventListener("submit", event => {
        const first = event.target.closest("#palette") && one("#palette-hits a");
        if (!first) return;
        event.preventDefault();
        first.click();
    });

    // ---- What goes on behind: a part that is fetched anew with each event, and at the latest every other second ----
    function follow() {
        const part = one("[data-live]");
        if (!part) return;
        let isAsking = false;
        const source = new EventSource(part.dataset.live);
        const refresh = async () => {
            if (isAsking) return;
            isAsking = true;
            const here = one("[data-live]");
            const answer = await fetch(location.href, { headers: { "hx-target": `div#${here.id}` } }).catch(() => null);
            isAsking = false;
            if (!answer || !answer.ok) return;
            here.outerHTML = await answer.text();
            if (one("[data-live]")) return;
            source.close();
            clearInterval(clock);
        };
        const clock = setInterval(refresh, 2000);
        source.onmessage = refresh;
        source.addEventListener("reset", refresh);
        addEventListener("pagehide", () => source.close());
    }
    document.addEventListener("change", event => {
        if (!event.target.matches("[data-names]")) return;
        one("span", event.target.closest("label")).textContent = [...event.target.files].map(file => file.name).join(", ");
    });

    // ---- Short words at the edge of the page ----
    function toast(words, tone) {
        const note = document.createElement("p");
        note.className = `note ${tone || "ok"}`;
        note.textContent = words;
        one("[data-toasts]").append(note);
        setTimeout(() => note.remove(), 10000);
    }
    // An answer that is late is announced, one that never comes is said; what is on the page stays.
    let lateTimer;
    const toasts = () => one("[data-toasts]");
    document.addEventListener("htmx:before:request", () => {
        clearTimeout(lateTimer);
        lateTimer = setTimeout(() => toasts() && toast(toasts().dataset.late, "info"), 4000);
    });
    document.addEventListener("htmx:finally:request", () => clearTimeout(lateTimer));
    document.addEventListener("htmx:error", () => toasts() && toast(toasts().dataset.lost, "warn"));
    document.addEventListener("toast", event => toast(event.detail.words, event.detail.tone));

    // ---- Keys help, and going places ----
    async function showKeys() {
        const dialog = one("#keys");
        if (!dialog || dialog.open) return;
        const answer = await fetch("/admin/keys", { headers: { "hx-target": "div#keys-in" } }).catch(() => null);
        if (!answer || !answer.ok) return;
        one("#keys-in").innerHTML = await answer.text();
        dialog.showModal();
    }
    let isGoing = false;
    function going(key) {
        isGoing = false;
        const link = one(`[data-go="${CSS.escape(key.toUpperCase())}"]`);
        if (link) link.click();
    }

    // ---- Rows by keys ----
    const listRows = () => all(".tbl.rows tbody tr");
    const currentRow = () => listRows().find(row => row.contains(document.activeElement));
    function moveRow(step) {
        const rows = listRows(), at = rows.indexOf(currentRow());
        const next = rows[at < 0 ? 0 : at + step];
        if (next) one("a", next)?.focus();
    }
    function selectRow(isExtended) {
        const rows = listRows(), row = currentRow();
        const box = row && one("input[name=id]", row);
        if (!box) return;
        box.checked = isExtended || !box.checked;
        if (isExtended) {
            const last = rows.indexOf(row);
            let first = last;
            while (first > 0 && !one("input[name=id]", rows[first - 1]).checked) first--;
            if (first > 0) for (let at = first; at <= last; at++) one("input[name=id]", rows[at]).checked = true;
        }
        showSelection();
    }
    function nextLook() {
        const looks = all("[data-look]");
        const next = looks[(looks.findIndex(look => look.hasAttribute("aria-current")) + 1) % (looks.length || 1)];
        if (next) next.click();
    }
    const letters = {
        "?": () => showKeys(),
        g: () => { isGoing = true; setTimeout(() => isGoing = false, 1500); },
        j: () => moveRow(1),
        k: () => moveRow(-1),
        x: event => selectRow(event.shiftKey),
        o: () => currentRow() && one("a", currentRow()).click(),
        v: () => nextLook(),
    };

    document.addEventListener("change", event => {
        const field = event.target;
        if (field.matches("[data-all]")) {
            for (const box of all("tbody input[name=id]", field.closest("form")))
                box.checked = field.checked;
        }
        if (field.matches("[data-submit]")) field.form.requestSubmit();
        if (field.matches("[data-send-at-once]") && field.files.length) field.form.requestSubmit();
        showSelection();
    });

    document.addEventListener("click", event => {
        const pick = event.target.closest("[data-pick]");
        if (pick) choose(pick);
        else if (!event.target.closest("[data-picker]")) closePicks();
        for (const drop of all("details[data-drop][open]"))
            if (!drop.contains(event.target)) drop.open = false;
        const remove = event.target.closest("[data-remove]");
        if (remove) remove.closest("tr").classList.toggle("gone", remove.checked);
    });

    // Pressed or typed into, the search field is the palette; the Tab key only passes it.
    for (const name of ["click", "input"])
        document.addEventListener(name, event => {
            if (!event.target.matches("[data-palette]")) return;
            const words = event.target.value;
            event.target.value = "";
            openPalette(words);
        });

    // A form sent twice by a double click is sent once; the server would carry it out once anyway.
    document.addEventListener("submit", event => {
        const form = event.target;
        if (form.method !== "post" || event.defaultPrevented) return;
        if (form.dataset.sent) {
            event.preventDefault();
            return;
        }
        form.dataset.sent = "1";
        form.setAttribute("aria-busy", "true");
        setTimeout(() => delete form.dataset.sent, 4000);
    });
    function offline() {
        document.documentElement.classList.toggle("is-offline", !navigator.onLine);
    }
    addEventListener("online", offline);
    addEventListener("offline", offline);
    addEventListener("pageshow", () => {
        for (const form of all("form[data-sent]")) {
            delete form.dataset.sent;
            form.removeAttribute("aria-busy");
        }
    });

    // ---- Files dropped where they can be chosen, too ----
    for (const [name, isOver] of [["dragover", true], ["dragleave", false], ["drop", false]])
        document.addEventListener(name, event => {
            const zone = event.target.closest("[data-drop-zone]");
            if (!zone) return;
            event.preventDefault();
            zone.classList.toggle("over", isOver);
            if (name !== "drop" || !event.dataTransfer.files.length) return;
            const field = one("input[type=file]", zone);
            field.files = event.dataTransfer.files;
            field.dispatchEvent(new Event("change", { bubbles: true }));
        });

    // ---- Keys: single letters only while no field has the focus ----
    const isTyping = target => target.matches("input, select, textarea, [contenteditable]");
    document.addEventListener("keydown", event => {
        const key = event.key.toLowerCase();
        if ((event.ctrlKey || event.metaKey) && key === "k") {
            event.preventDefault();
            openPalette();
        } else if (event.key === "Enter" && event.target.matches("[data-pick-words]") && one("[data-pick]", event.target.closest("[data-picker]"))) {
            event.preventDefault();
            choose(one("[data-pick]", event.target.closest("[data-picker]")));
        } else if ((event.ctrlKey || event.metaKey) && key === "s" && one("[data-save]")) {
            event.preventDefault();
            one("[data-save]").click();
        } else if ((event.ctrlKey || event.metaKey) && key === "z" && !isTyping(event.target) && one("[data-undo]")) {
            event.preventDefault();
            one("[data-undo]").click();
        } else if (event.key === "Escape") {
            closePicks();
            for (const drop of all("details[data-drop][open]")) drop.open = false;
        } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            const list = event.target.closest("[data-picker], #palette");
            if (list && movePick(list, event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
        } else if (!event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target) && !one("dialog[open]")) {
            if (document.documentElement.dataset.keys === "off") return;
            if (isGoing) return going(key);
            if (letters[key]) return letters[key](event);
            const wanted = one(`[data-key="${CSS.escape(key)}"]`);
            if (wanted) {
                event.preventDefault();
                if (isTyping(wanted)) wanted.focus();
                else wanted.click();
                if (wanted.matches("summary")) one("input, a", wanted.parentNode)?.focus();
            }
        }
    });

    // Which day and year "12 Nov" is, for whoever points at it.
    document.addEventListener("mouseover", event => {
        const time = event.target.closest?.("time[datetime]:not([title])");
        if (time) time.title = time.dateTime;
    });
    document.addEventListener("htmx:after:swap", showSelection);
    document.documentElement.classList.add("js");
    document.cookie = location.protocol === "https:" ? "__Host-script=1; path=/; secure; samesite=lax" : "script=1; path=/; samesite=lax";
    offline();
    follow();
    showSelection();
})();
