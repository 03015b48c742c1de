// pay.mjs - paying by card in the demo company's shop, with a provider of ours: at once and told twice, late, with its
// answer lost, silent at first, refused, and never. Whatever happens there is one order and at most one payment of it.
import assert from "node:assert/strict";
import { browser, complaints, fillAddress, finish, open, order, test } from "./kit.mjs";
import { FakeStripe, publicKey, secretKey, webhookSecret } from "./stripe.mjs";

const [, , base] = process.argv;
const shop = `${base}/shop/gifts`;
const stripe = new FakeStripe();
await stripe.start();

// ---- The house ----

const api = await (await browser.newContext({ baseURL: base })).request;
let headers = {};
async function call(method, path, data) {
    const answer = await api.fetch(path, { method, headers, data });
    assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${(await answer.text()).slice(0, 300)}`);
    return answer.json();
}
const login = { login: "olivia@demo.example", password: "look-around-in-entrepot" };
headers = { authorization: `Bearer ${(await call("POST", "/api/v1/auth/login", login)).access_token}` };
const bank = (await call("GET", "/api/v1/payments/methods?limit=50")).items.find(one => one.method_code === "bank");
await call("POST", "/api/v1/payments/methods", {
    method_code: "card", name: "Card", way: "gateway", provider: "stripe", account: bank.account.id ?? bank.account, is_active: true,
    endpoint: stripe.url, public_key: publicKey, secret_key: secretKey, webhook_secret: webhookSecret,
});

// The order as the office sees it.
async function inOffice(number) {
    const { items } = await call("GET", `/api/v1/oms/orders?number=${encodeURIComponent(number)}`);
    assert.equal(items.length, 1);
    return call("GET", `/api/v1/oms/orders/${items[0].id}`);
}
async function becomesPaid(page) {
    for (let turn = 0; turn < 40; turn++) {
        if (await page.getByText("Waiting for the money").count() === 0) return;
        await page.waitForTimeout(250);
        await page.reload();
    }
    assert.fail("the order is not shown as paid");
}
const numberOf = page => decodeURIComponent(new URL(page.url()).pathname.split("/").pop());

// ---- The customer ----

async function toPayment(page, email) {
    await page.goto(`${shop}/p/party-bunting`);
    await page.getByRole("button", { name: /Add to bag/ }).click();
    await page.getByRole("button", { name: "To the checkout" }).click();
    await fillAddress(page, email);
    await page.getByRole("radio", { name: /^Card/ }).check();
    await order(page);
}
async function customer(outcome, options) {
    const page = await open(options);
    await stripe.enter(page, outcome);
    return page;
}
const pressPay = page => page.getByRole("button", { name: /^Pay £/ }).click();

await test("a card is paid at once; the provider tells it twice and the customer comes back twice", async () => {
    const page = await customer(secret => { stripe.becomes(secret, "succeeded"); });
    await toPayment(page, "ada@example.com");
    await page.getByText(`Card of the test ${publicKey}`).waitFor();
    await pressPay(page);
    await page.getByRole("heading", { name: "Thank you for your order" }).waitFor();
    const number = numberOf(page);
    assert.deepEqual(await stripe.tell(base, stripe.intents.at(-1), 2), [200, 200]);
    await page.goBack().catch(() => {});
    await page.goto(page.url());
    await becomesPaid(page);
    const seen = await inOffice(number);
    assert.equal(seen.payment, "paid");
    assert.equal(seen.paid, seen.total);
    await page.context().close();
});

await test("the provider answers late: the order waits, says so, and is paid when the answer comes", async () => {
    const page = await customer(secret => { stripe.becomes(secret, "processing"); });
    await toPayment(page, "bea@example.com");
    await pressPay(page);
    await page.getByText("The payment provider has not answered yet").waitFor();
    const number = numberOf(page);
    assert.equal((await inOffice(number)).payment, "unpaid");
    const intent = stripe.becomes(stripe.intents.at(-1).client_secret, "succeeded");
    await stripe.tell(base, intent);
    await becomesPaid(page);
    assert.equal((await inOffice(number)).payment, "paid");
    await page.context().close();
});

await test("the provider is silent at first, and its next answer is lost: one attempt, and it can be paid", async () => {
    const page = await customer(secret => { stripe.becomes(secret, "succeeded"); });
    const before = stripe.intents.length;
    stripe.moods = ["error", "lost"];
    await toPayment(page, "cleo@example.com");
    await page.getByText("Your order is kept").waitFor();
    const again = page.getByRole("link", { name: "Try again" }), fields = page.getByText(`Card of the test ${publicKey}`);
    while (await fields.count() === 0) {
        await again.click();
        await again.or(fields).waitFor();
    }
    await pressPay(page);
    await page.getByRole("heading", { name: "Thank you for your order" }).waitFor();
    await becomesPaid(page);
    assert.equal(stripe.intents.length, before + 1);
    await page.context().close();
});

await test("a card is refused, the reason is said, and another one pays the same order", async () => {
    let turn = 0;
    const page = await customer(secret => {
        stripe.becomes(secret, turn++ ? "succeeded" : "requires_payment_method");
        return turn === 1 ? { message: "Your card was declined." } : null;
    });
    const before = stripe.intents.length;
    await toPayment(page, "dora@example.com");
    await pressPay(page);
    await page.getByText("Your card was declined.").waitFor();
    await stripe.tell(base, stripe.intents.at(-1));
    await pressPay(page);
    await page.getByRole("heading", { name: "Thank you for your order" }).waitFor();
    await becomesPaid(page);
    assert.equal(stripe.intents.length, before + 1);
    await page.context().close();
});

await test("who never pays keeps an order that waits, and can pay it another day, once", async () => {
    const page = await customer(secret => { stripe.becomes(secret, "succeeded"); });
    const before = stripe.intents.length;
    await toPayment(page, "eva@example.com");
    await page.getByText(`Card of the test ${publicKey}`).waitFor();
    await page.getByRole("link", { name: "Back to the order" }).click();
    await page.getByText("Waiting for the money").waitFor();
    const number = numberOf(page), address = page.url();
    assert.equal((await inOffice(number)).headline, "pending_payment");
    await page.context().close();
    const later = await customer(secret => { stripe.becomes(secret, "succeeded"); });
    await later.goto(address);
    await later.getByRole("link", { name: /^Pay £/ }).click();
    await pressPay(later);
    await later.getByRole("heading", { name: "Thank you for your order" }).waitFor();
    await becomesPaid(later);
    assert.equal(await later.getByRole("link", { name: /^Pay £/ }).count(), 0);
    assert.equal(stripe.intents.length, before + 1);
    await later.context().close();
});

await test("without script the payment page says what to do instead, and the order is kept", async () => {
    const page = await open({ javaScriptEnabled: false });
    await toPayment(page, "finn@example.com");
    await page.getByText("needs script. Without it, please pay by bank transfer").waitFor();
    await page.getByRole("link", { name: "Back to the order" }).click();
    await page.getByText("Waiting for the money").waitFor();
    await page.context().close();
});

await test("no script failed, and nothing was against the content security policy", async () => {
    assert.deepEqual(complaints, []);
});
stripe.stop();
await finish();
