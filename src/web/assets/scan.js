// scan.js - a scanner's posts without loading the page: sent one after the other, kept on the device while there
// is no connection, and answered by sound and touch as well as by colour and words. Each has a key of its own, so
// that one that is sent twice counts once. Without it the same forms are posted as they are.
(() => {
    "use strict";
    const one = selector => document.querySelector(selector);
    const place = `scans ${location.pathname}`;
    const RETRY_MS = 3000;
    const stored = () => JSON.parse(localStorage.getItem(place) || "[]");
    const store = queue => queue.length ? localStorage.setItem(place, JSON.stringify(queue)) : localStorage.removeItem(place);

    // ---- Heard and felt ----
    let sound = null;
    function tone(hertz, seconds, after) {
        const wave = sound.createOscillator(), gain = sound.createGain();
        const from = sound.currentTime + after;
        wave.type = hertz > 400 ? "sine" : "square";
        wave.frequency.value = hertz;
        gain.gain.setValueAtTime(.12, from);
        gain.gain.exponentialRampToValueAtTime(.001, from + seconds);
        wave.connect(gain).connect(sound.destination);
        wave.start(from);
        wave.stop(from + seconds);
    }
    function signal(said) {
        if (!said) return;
        navigator.vibrate?.(said === "bad" ? [160, 80, 160] : 60);
        try {
            sound ||= new AudioContext();
            if (said === "bad") { tone(180, .22, 0); tone(140, .3, .24); }
            else tone(880, .12, 0);
        } catch { /* a device without sound has colour and words */ }
    }

    // ---- What was not sent yet ----
    function showUnsent() {
        const badge = one("[data-unsent]"), number = stored().length;
        badge.hidden = number === 0;
        badge.textContent = badge.dataset.words.replace("%s", number);
    }

    function take(html) {
        const quantity = document.activeElement?.id === "quantity";
        one("#scan").outerHTML = html;
        showUnsent();
        signal(one("[data-said]").dataset.said);
        (quantity && one("#quantity") || one("#code"))?.focus();
    }

    let isSending = false;
    async function send() {
        if (isSending) return;
        isSending = true;
        for (let queue = stored(); queue.length; queue = stored()) {
            const body = new URLSearchParams(queue[0]), token = one("input[name=_csrf]");
            if (token) body.set("_csrf", token.value);
            const answer = await fetch(location.pathname, {
                method: "POST", body, headers: { "hx-target": "div#scan", accept: "text/html" },
            }).catch(() => null);
            if (!answer || answer.status > 500) break;
            if (answer.status === 401 || answer.url.includes("/sign-in")) return location.reload();
            store(stored().slice(1));
            const next = answer.headers.get("hx-redirect");
            if (next) return void (location.href = next);
            const html = await answer.text();
            if (html.includes("id=\"scan\"")) take(html);
            else location.reload();
        }
        isSending = false;
        showUnsent();
        if (stored().length) setTimeout(send, RETRY_MS);
    }

    document.addEventListener("submit", event => {
        const form = event.target;
        if (!form.matches("[data-scan-form]")) return;
        event.preventDefault();
        event.stopImmediatePropagation();
        const fields = new FormData(form, event.submitter);
        if (form.id === "f-code" && !fields.get("code").trim()) return one("#code").focus();
        fields.set("_once", crypto.randomUUID ? crypto.randomUUID() : `${Date.now()}-${Math.random()}`);
        store([...stored(), [...fields]]);
        if (form.id === "f-code") one("#code").value = "";
        showUnsent();
        send();
    }, true);

    // A scanner types wherever the focus is; here it always means the code.
    document.addEventListener("keydown", event => {
        const isTyped = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
        if (isTyped && event.key !== " " && !event.target.matches("input, select, textarea")) one("#code")?.focus();
    });
    addEventListener("online", send);
    showUnsent();
    send();
})();
