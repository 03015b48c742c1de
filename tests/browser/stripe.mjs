// stripe.mjs - Stripe as far as we use it, for a browser's day: payment intents by idempotency key, signed webhooks,
// its script in the page, and moods in which it does not answer, or does and nobody hears it.
import { createServer } from "node:http";
import { createHmac } from "node:crypto";

export const secretKey = "sk_test_browser", webhookSecret = "whsec_browser", publicKey = "pk_test_browser";

export class FakeStripe {
    intents = [];
    moods = []; // of the next requests: "error" (500, nothing done), "lost" (done, and hangs up)
    events = 0;

    async start() {
        this.server = createServer((request, response) => {
            let body = "";
            request.on("data", piece => body += piece);
            request.on("end", () => this.answer(request, response, new URLSearchParams(body)));
        });
        await new Promise(resolve => this.server.listen(0, "127.0.0.1", resolve));
        this.url = `http://127.0.0.1:${this.server.address().port}`;
    }

    stop() {
        this.server.closeAllConnections();
        this.server.close();
    }

    answer(request, response, form) {
        const mood = this.moods.shift();
        const say = (status, object) => {
            response.writeHead(status, { "content-type": "application/json" });
            response.end(JSON.stringify(object));
        };
        if (request.headers.authorization !== `Bearer ${secretKey}`) return say(401, { error: { message: "No such key" } });
        if (mood === "error") return say(500, { error: { message: "Something broke" } });
        const intent = request.method === "POST"
            ? this.make(request.headers["idempotency-key"], form)
            : this.intents.find(one => request.url.endsWith(`/${one.id}`));
        if (mood === "lost") return request.socket.destroy();
        return intent ? say(200, intent) : say(404, { error: { message: "No such object" } });
    }

    make(key, form) {
        const known = this.intents.find(one => one.key === key);
        if (known) return known;
        const id = `pi_${this.intents.length + 1}`;
        const intent = {
            id, key, object: "payment_intent", client_secret: `${id}_secret`, status: "requires_payment_method",
            amount: Number(form.get("amount")), amount_received: 0, amount_capturable: 0, currency: form.get("currency"),
            metadata: { payment: form.get("metadata[payment]") },
        };
        this.intents.push(intent);
        return intent;
    }

    // What becomes of an attempt; nobody is told.
    becomes(secret, status) {
        const intent = this.intents.find(one => one.client_secret === secret);
        intent.status = status;
        intent.amount_received = status === "succeeded" ? intent.amount : 0;
        intent.last_payment_error = status === "requires_payment_method" ? { message: "Your card was declined." } : null;
        return intent;
    }

    // Tells our house what an intent is, signed, as Stripe does; the same event twice when asked to.
    async tell(house, intent, times = 1) {
        const kind = { succeeded: "succeeded", processing: "processing" }[intent.status] ?? "payment_failed";
        const event = {
            id: `evt_${++this.events}`, object: "event", type: `payment_intent.${kind}`,
            created: Math.floor(Date.now() / 1000), data: { object: intent },
        };
        const statuses = [];
        for (let turn = 0; turn < times; turn++) {
            const body = JSON.stringify(event), at = Math.floor(Date.now() / 1000);
            const mac = createHmac("sha256", webhookSecret).update(`${at}.${body}`).digest("hex");
            const answer = await fetch(`${house}/webhooks/stripe`, {
                method: "POST", body, headers: { "content-type": "application/json", "stripe-signature": `t=${at},v1=${mac}` },
            });
            statuses.push(answer.status);
        }
        return statuses;
    }

    // The provider's script in the customer's page: what she confirms is what `outcome` says.
    async enter(page, outcome) {
        await page.exposeFunction("atStripe", secret => outcome(secret));
        await page.route("https://js.stripe.com/**", route => route.fulfill({
            contentType: "text/javascript",
            body: `window.Stripe = key => ({
                elements: ({ clientSecret }) => ({ clientSecret, create: () => ({ mount: where => {
                    document.querySelector(where).textContent = "Card of the test " + key; } }) }),
                confirmPayment: async ({ elements, confirmParams }) => {
                    const error = await window.atStripe(elements.clientSecret);
                    if (error) return { error };
                    const back = new URL(confirmParams.return_url);
                    back.searchParams.set("payment_intent", elements.clientSecret.split("_secret")[0]);
                    location.assign(back);
                    return {};
                } });`,
        }));
    }
}
