// board.js - moving cards by hand: dragged, or lifted with the space bar and taken along with the arrows. A move
// is the same post that the card's menu makes; what the server refuses goes back to where it was, with the reason.
(() => {
    "use strict";
    const one = (selector, from) => (from || document).querySelector(selector);
    const all = (selector, from) => [...(from || document).querySelectorAll(selector)];
    const board = () => one("[data-board]");
    let lifted = null, home = null;

    function tell(words, isBad) {
        one("[data-told]").textContent = words;
        if (isBad) document.dispatchEvent(new CustomEvent("toast", { detail: { words, tone: "bad" } }));
    }
    const say = (name, ...values) => values.reduce((words, value) => words.replace("%s", value), board().dataset[name]);

    // The action that leads from a state into a column; undefined where there is none.
    function moveInto(column, state) {
        return all("data", column).find(move => !move.dataset.from || move.dataset.from.split("|").includes(state));
    }

    function back(card, why) {
        home.parent.insertBefore(card, home.next);
        card.classList.add("refused");
        setTimeout(() => card.classList.remove("refused"), 4000);
        tell(why, true);
        card.focus();
    }

    async function refresh(card) {
        const answer = await fetch(location.href, { headers: { "hx-target": "div#board" } });
        board().outerHTML = await answer.text();
        prepare();
        one(`[data-card="${card}"]`)?.focus();
    }

    async function send(card, column) {
        const move = moveInto(column, card.dataset.state);
        const title = card.dataset.title;
        if (!move) return back(card, say("refused", title));
        const address = `${board().dataset.board}~${card.dataset.card}/do/${move.value}`;
        if (move.dataset.asks === "1") {
            location.href = address;
            return;
        }
        const answer = await fetch(address, {
            method: "POST", redirect: "manual", body: new URLSearchParams({ back: "/admin" }),
            headers: { accept: "application/json", "x-csrf-token": one("input[name=_csrf]").value },
        }).catch(() => null);
        if (answer && (answer.type === "opaqueredirect" || answer.ok)) {
            await refresh(card.dataset.card);
            tell(say("moved", title, column.dataset.label));
        } else {
            const problem = answer && await answer.json().catch(() => null);
            back(card, `${title}: ${problem?.detail || say("refused", title)}`);
        }
    }

    function lift(card) {
        lifted = card;
        home = { parent: card.parentNode, next: card.nextSibling, column: card.closest("[data-column]") };
        card.classList.add("moving");
        for (const column of all("[data-column]"))
            column.classList.toggle("may", column !== home.column && !!moveInto(column, card.dataset.state));
    }
    function drop(isMeant) {
        const card = lifted, column = card.closest("[data-column]");
        lifted = null;
        card.classList.remove("moving");
        for (const each of all("[data-column]")) each.classList.remove("may", "over");
        if (!isMeant || column === home.column) {
            home.parent.insertBefore(card, home.next);
            card.focus();
        } else {
            send(card, column);
        }
    }
    function carry(step) {
        const columns = all("[data-column]");
        const next = columns[columns.indexOf(lifted.closest("[data-column]")) + step];
        if (!next) return;
        one(".kcards", next).prepend(lifted);
        lifted.focus();
        tell(next.dataset.label);
    }

    document.addEventListener("keydown", event => {
        const card = event.target.closest(".kcard");
        if (!card || event.target !== card) return;
        const isRtl = document.documentElement.dir === "rtl";
        if (event.key === " ") {
            event.preventDefault();
            if (lifted) return drop(true);
            lift(card);
            tell(say("lifted", card.dataset.title));
        } else if (lifted && event.key === "Escape") {
            drop(false);
        } else if (lifted && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
            event.preventDefault();
            carry((event.key === "ArrowRight") !== isRtl ? 1 : -1);
        }
    });
    document.addEventListener("dragstart", event => {
        const card = event.target.closest?.(".kcard");
        if (!card) return;
        event.dataTransfer.effectAllowed = "move";
        event.dataTransfer.setData("text/plain", card.dataset.title);
        lift(card);
    });
    document.addEventListener("dragover", event => {
        const column = lifted && event.target.closest("[data-column]");
        if (!column) return;
        event.preventDefault();
        for (const each of all("[data-column]")) each.classList.toggle("over", each === column);
    });
    document.addEventListener("drop", event => {
        const column = lifted && event.target.closest("[data-column]");
        if (!column) return;
        event.preventDefault();
        if (column !== home.column) one(".kcards", column).prepend(lifted);
        drop(true);
    });
    document.addEventListener("dragend", () => lifted && drop(false));

    function prepare() {
        for (const card of all(".kcard")) card.draggable = true;
    }
    prepare();
})();
