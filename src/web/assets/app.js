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
    function openPalette(words) {
        const palette = one("#palette");
        if (!palette || palette.open) return;
        palette.showModal();
        const field = one("input[type=search]", palette);
        field.value = words || "";
        field.focus();
    }
    function movePick(list, step) {
        const rows = all("a, button", list);
        const at = rows.indexOf(document.activeElement);
        const next = rows[at + step];
        if (next) next.focus();
        return Boolean(next);
    }

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

    document.addEventListener("focusin", event => {
        if (event.target.matches("[data-palette]")) {
            event.target.blur();
            openPalette();
        }
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
        } else if ((event.ctrlKey || event.metaKey) && key === "s" && one("[data-save]")) {
            event.preventDefault();
            one("[data-save]").click();
        } else if (event.key === "Escape") {
            closePicks();
            for (const drop of all("details[data-drop][open]")) drop.open = false;
        } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
            const list = event.target.closest("[data-picker], #palette");
            if (list && movePick(list, event.key === "ArrowDown" ? 1 : -1)) event.preventDefault();
        } else if (!event.ctrlKey && !event.metaKey && !event.altKey && !isTyping(event.target)) {
            const wanted = one(`[data-key="${CSS.escape(key)}"]`);
            if (wanted) {
                event.preventDefault();
                if (isTyping(wanted)) wanted.focus();
                else wanted.click();
            }
        }
    });

    document.addEventListener("htmx:after:swap", showSelection);
    document.documentElement.classList.add("js");
    showSelection();
})();
