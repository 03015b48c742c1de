// shop.js - what makes a shop's pages quicker. Nothing depends on it: without it the same forms do the same.
(() => {
    "use strict";
    // A button that was pressed is not pressed again before the answer.
    document.addEventListener("submit", event => {
        const form = event.target;
        if (form.dataset.sent) return event.preventDefault();
        if (form.method === "post") {
            form.dataset.sent = "1";
            form.setAttribute("aria-busy", "true");
        }
    });
    addEventListener("pageshow", () => {
        for (const form of document.forms) delete form.dataset.sent;
    });

    // Part of the page is taken from the answer to the same address, and the rest stays.
    async function show(address, focused) {
        const answer = await fetch(address, { headers: { accept: "text/html" } });
        if (!answer.ok) return location.assign(address);
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        for (const field of document.querySelectorAll("main [data-keep]")) {
            const same = page.querySelector(`main [data-keep][name="${field.name}"]`);
            if (same) same.value = field.value;
        }
        document.querySelector("main").replaceWith(document.adoptNode(page.querySelector("main")));
        document.title = page.title;
        history.replaceState(null, "", answer.url);
        const again = focused && document.querySelector(`main [name="${focused.name}"][value="${focused.value}"]`);
        if (again) again.focus();
    }
    function addressOf(form, action) {
        const fields = new URLSearchParams();
        for (const [name, value] of new FormData(form))
            if (value && !name.startsWith("_") && name !== "quantity" && name !== "product" && name !== "v" && form.elements[name].dataset?.keep === undefined) fields.append(name, value);
        return `${action}?${fields}`;
    }
    document.addEventListener("change", event => {
        const form = event.target.form;
        if (!form) return;
        if ("auto" in form.dataset) show(addressOf(form, form.action), event.target);
        const choose = form.querySelector("[data-choose]");
        if (choose && event.target.type === "radio") show(addressOf(form, choose.dataset.choose), event.target);
        const again = form.querySelector("[data-again]");
        if (again && event.target.dataset.asks !== undefined) again.click();
    });

    // Suggestions while somebody types.
    let waiting;
    document.addEventListener("input", event => {
        const address = event.target.dataset.suggest;
        if (!address) return;
        clearTimeout(waiting);
        waiting = setTimeout(async () => {
            const hits = event.target.closest("form").parentElement.querySelector("[data-hits]");
            const words = event.target.value.trim();
            const answer = words.length < 2 ? null : await fetch(`${address}?q=${encodeURIComponent(words)}`);
            const part = new DOMParser().parseFromString(answer && answer.ok ? await answer.text() : "", "text/html");
            hits.replaceChildren(...part.body.children);
        }, 120);
    });
    document.addEventListener("toggle", event => {
        const field = event.target.open && event.target.querySelector("[data-suggest]");
        if (field) field.focus();
    }, true);
})();
