// floor.mjs - a day on the warehouse floor and at the desks above it: an order is picked with the scanner, shipped and
// invoiced; a part of it comes back, is inspected, restocked and paid back; a table with every kind of mistake is
// repaired and imported; two people edit one order; a view is shared.
import assert from "node:assert/strict";
import { api, base, finish, look, open, pictures, signIn, test } from "./people.mjs";

const page = await open();
await signIn(page);
await page.goto(`${base}/admin/menu`);
const get = path => api(page, "GET", path);
const post = (path, data = {}) => api(page, "POST", path, data);

// ---- What has to be there ----

async function product(sku, name, barcode) {
    const made = await post("/catalog/products", {
        sku, name, unit: { unit_code: "pcs" }, variants: [{ sku: `${sku}-1`, barcode }],
    });
    await post(`/catalog/products/${made.id}/activate`);
    return made.variants[0].id;
}
const warehouse = await post("/company/places", { place_code: "LON", name: "London", kind: "warehouse" });
const [near, far] = await Promise.all(["A-01-1", "B-07-2"].map((place_code, index) =>
    post("/company/places", { place_code, name: place_code, kind: "bin", above: warehouse.id, pick_rank: index, barcode: `BIN${index}` })));
const mug = await product("MUG", "Stoneware mug, grey", "4006381333931");
const cup = await product("CUP", "Espresso cup, white", "4006381333948");
const supplier = await post("/party/parties", { name: "Potters of Stoke", is_supplier: true });
const customer = await post("/party/parties", { name: "Nordvik Interiors", is_customer: true });
const channel = await post("/company/channels", {
    channel_code: "desk", name: "Desk", currency: "GBP", needs_payment: true, warehouses: [{ warehouse: warehouse.id }],
});
await post("/catalog/price-lists", {
    name: "Desk", currency: "GBP", prices: [{ variant: mug, price: "12.50" }, { variant: cup, price: "8" }],
});
const receipt = await post("/inventory/receipts", {
    supplier: supplier.id, warehouse: warehouse.id,
    lines: [{ variant: mug, quantity: "20", price: "4", place: near.id }, { variant: cup, quantity: "20", price: "2", place: far.id }],
});
await post(`/inventory/receipts/${receipt.id}/post`);

async function orderOf(lines) {
    const order = await post("/oms/orders", { customer: customer.id, channel: channel.id, currency: "GBP", lines });
    await post(`/oms/orders/${order.id}/place`);
    return get(`/oms/orders/${order.id}`);
}
async function paid(order) {
    const { items } = await get("/payments/methods?method_code=bank");
    const payment = await post("/payments/payments", {
        party: customer.id, method: items[0].id, subject: { kind: "sales_order", id: order.id }, currency: "GBP", wanted: order.total,
    });
    await post(`/payments/payments/${payment.id}/receive`, {});
    for (let tries = 0; tries < 100; tries++) {
        if ((await get(`/oms/orders/${order.id}`)).state === "confirmed") return;
        await new Promise(done => setTimeout(done, 100));
    }
    assert.fail("the order is not released");
}
const onHand = async variant => {
    const { items } = await get(`/inventory/available-stocks?variant=${variant}&fields=free`);
    return items.reduce((sum, row) => sum + Number(row.free), 0);
};

// ---- Picked with the scanner, shipped, invoiced ----

const order = await orderOf([{ variant: mug, quantity: "3", price: "12.50" }, { variant: cup, quantity: "2", price: "8" }]);
await paid(order);
const hand = await open({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, storageState: await page.context().storageState() });

// A wedge scanner types wherever the focus is, and Enter.
async function scan(code) {
    await hand.locator("h1").click();
    await hand.keyboard.type(code);
    await hand.keyboard.press("Enter");
}

await test("an order's delivery is planned, and a pick list takes it in", async () => {
    await page.goto(`${base}/admin/oms/orders/~${order.id}`);
    await page.getByRole("button", { name: "Plan delivery" }).click();
    await page.getByText("DN-").first().waitFor();
    await page.goto(`${base}/admin/oms/pick-lists/new`);
    await page.locator("#f-warehouse").selectOption(warehouse.id);
    await page.getByRole("button", { name: "Save" }).first().click();
    await page.getByRole("link", { name: "Scan" }).first().waitFor();
    await hand.goto(`${base}/admin/scan`);
    await hand.screenshot({ path: `${pictures}/scan-home.png` });
    await hand.getByRole("link", { name: /^PL-/ }).click();
    await hand.getByRole("button", { name: "Take in deliveries" }).click();
    await hand.getByText("Go to bin").waitFor();
});

await test("a wrong code is refused by colour, words and role, and nothing changes", async () => {
    await hand.screenshot({ path: `${pictures}/scan-bin.png` });
    await scan("BIN1x");
    await hand.getByRole("alert").getByText("no bin and no article has the code").waitFor();
    await scan("4006381333948");
    await hand.getByRole("alert").getByText("scan the bin first: go to A-01-1").waitFor();
    assert.match(await hand.locator("header .dim").textContent(), /^0 of 2 picks/);
    await scan("BIN0");
    await hand.getByText("A-01-1, the right bin").waitFor();
    await scan("4006381333948");
    await hand.getByRole("alert").getByText("take MUG-1").waitFor();
    await hand.screenshot({ path: `${pictures}/scan-wrong.png` });
    await look(hand);
    const told = await hand.locator(".hit").evaluate(note => getComputedStyle(note).color);
    await scan("4006381333931");
    await hand.getByText("Scan 2 more, or type the quantity").waitFor();
    assert.notEqual(await hand.locator(".hit").evaluate(note => getComputedStyle(note).color), told);
    await hand.screenshot({ path: `${pictures}/scan-right.png` });
    await look(hand);
});

await test("scans made without a connection are kept and sent once", async () => {
    await hand.context().setOffline(true);
    await scan("4006381333931");
    await hand.getByText("1 to send").waitFor();
    await scan("4006381333931");
    await hand.getByText("2 to send").waitFor();
    await hand.context().setOffline(false);
    await hand.getByText("All 3 are taken").waitFor();
    await hand.getByText("Go to bin").waitFor();
    assert.match(await hand.locator("header .dim").textContent(), /^1 of 2 picks/);
    assert.equal(await hand.locator("[data-unsent]").isHidden(), true);
});

await test("a quantity is typed, the list is finished and its delivery packed", async () => {
    await scan("BIN1");
    await hand.getByText("B-07-2, the right bin").waitFor();
    await hand.locator("#quantity").fill("3");
    await hand.locator("#quantity").press("Enter");
    await hand.getByRole("alert").getByText("only 2 of CUP-1 are wanted here").waitFor();
    await hand.locator("#quantity").fill("1");
    await hand.locator("#quantity").press("Enter");
    await hand.getByRole("button", { name: "All 2 are taken" }).click();
    await hand.getByText("All of it is taken: 2 picks.").waitFor();
    await hand.screenshot({ path: `${pictures}/scan-done.png` });
    await hand.getByRole("button", { name: "Packed" }).click();
    await hand.getByText("Everything is taken and packed.").waitFor();
});

await test("the delivery is shipped, and an invoice is posted in the same step", async () => {
    await page.goto(`${base}/admin/oms/orders/~${order.id}`);
    await page.getByRole("link", { name: /^DN-/ }).first().click();
    await page.getByText("Packed").first().waitFor();
    await page.locator("summary[aria-label='More actions']").click();
    await page.getByRole("link", { name: "Ship", exact: true }).click();
    await page.getByText("The goods leave stock").waitFor();
    await page.getByRole("button", { name: "Ship", exact: true }).click();
    await page.getByText("Done: Ship.").waitFor();
    assert.equal(await onHand(mug), 17);
    await page.goto(`${base}/admin/oms/orders/~${order.id}`);
    await page.getByRole("link", { name: /^INV/ }).first().click();
    await page.getByText("Posted").first().waitFor();
    await page.getByText("53.50").first().waitFor();
});

// ---- What comes back ----

await test("a returned article is received, inspected, put back to stock and paid back", async () => {
    const sold = await get(`/oms/orders/${order.id}`);
    const asked = await post("/oms/returns", {
        sales_order: order.id, customer: customer.id, warehouse: warehouse.id, currency: "GBP",
        lines: [{ order_line: sold.lines[0].id, variant: mug, quantity: "1", reason: "unwanted" }],
    });
    const target = `${base}/admin/oms/returns/~${asked.id}`;
    await page.goto(`${base}/admin/inbox`);
    await page.getByText(asked.number).first().waitFor();
    await page.goto(target);
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByRole("link", { name: "Received" }).click();
    await page.getByRole("button", { name: "Received" }).click();
    await page.getByText("Done: Received.").waitFor();
    assert.equal(await onHand(mug), 17);
    await page.goto(`${target}/edit`);
    await page.locator("[name='lines[0].disposition']").selectOption("restock");
    await page.getByRole("button", { name: "Save" }).first().click();
    await page.getByRole("button", { name: "Inspected" }).click();
    await page.getByText("Done: Inspected.").waitFor();
    assert.equal(await onHand(mug), 18);
    await page.getByRole("link", { name: "Settle" }).click();
    await page.getByRole("button", { name: "Settle" }).click();
    await page.getByText("Done: Settle.").waitFor();
    await page.screenshot({ path: `${pictures}/return-settled.png` });
    const after = await get(`/oms/orders/${order.id}`);
    assert.equal(after.refunded, "15.00");
});

// ---- A table with every kind of mistake ----

const headings = ["Style number", "Name", "Kind", "Unit", "Category", "Brand", "Slug", "Country of origin", "Lead time, days", "Weight, g", "Stocked", "Limited when fewer than", "Published at"];
const whole = (number, change) => ({ "Style number": `B-${number}`, Name: `Bowl ${number}`, Kind: "goods", Unit: "pcs", Slug: `bowl-${number}`, ...change });
const mistakes = [
    ["no name", { Name: "" }, "Name", "Bowl 1"],
    ["an unknown kind", { Kind: "thing" }, "Kind", "goods"],
    ["an unknown unit", { Unit: "bushel" }, "Unit", "pcs"],
    ["an unknown category", { Category: "Nowhere" }, "Category", ""],
    ["a brand that is in no list", { Brand: "Nobody" }, "Brand", ""],
    ["an address with blanks", { Slug: "two words" }, "Slug", "bowl-6"],
    ["a text too long", { "Country of origin": "GBR" }, "Country of origin", "GB"],
    ["a number too large", { "Lead time, days": "900" }, "Lead time, days", "90"],
    ["a number below the least", { "Weight, g": "-5" }, "Weight, g", "5"],
    ["a word for a number", { "Weight, g": "heavy" }, "Weight, g", "10"],
    ["neither yes nor no", { Stocked: "perhaps" }, "Stocked", "yes"],
    ["no quantity", { "Limited when fewer than": "few" }, "Limited when fewer than", "4"],
    ["no time", { "Published at": "soon" }, "Published at", ""],
];

await test(`a table with ${mistakes.length} kinds of mistakes is repaired in place and imported`, async () => {
    const rows = mistakes.map(([, change], index) => whole(index + 1, change));
    const table = [headings, ...rows.map(row => headings.map(heading => row[heading] ?? ""))].map(cells => cells.join("\t")).join("\n");
    await page.goto(`${base}/admin/import?entity=product`);
    await page.locator("#pasted").fill(`${table}\n`);
    await page.getByRole("button", { name: "Next" }).click();
    await page.screenshot({ path: `${pictures}/import-match.png`, fullPage: true });
    await page.getByRole("button", { name: "Check all rows" }).click();
    await page.getByRole("heading", { name: "Refused rows" }).waitFor();
    await page.screenshot({ path: `${pictures}/import-mistakes.png`, fullPage: true });
    const refused = await page.locator("table.sheet tbody tr").evaluateAll(lines =>
        Object.fromEntries(lines.map(line => [line.querySelector("th").textContent.trim(), line.querySelector(".why").textContent])));
    for (const [index, [name]] of mistakes.entries()) assert.ok(refused[index + 2], `${name} is refused: ${JSON.stringify(refused)}`);
    assert.ok(new Set(Object.values(refused)).size >= 12, "each has its own words");
    for (const [index, [, , heading, value]] of mistakes.entries())
        await page.getByLabel(`${heading}, ${index + 2}`, { exact: true }).fill(value);
    await page.getByRole("button", { name: "Check again" }).click();
    await page.getByText("Every row can be imported.").waitFor();
    await page.getByRole("button", { name: `Import ${mistakes.length} records` }).click();
    await page.getByText("Take it back…").waitFor();
    const { items } = await get("/catalog/products?sku[starts]=B-&count=1");
    assert.equal(items.length, mistakes.length);
});

// ---- Two people ----

const mira = await open();
await signIn(mira, "mira@example.com");

await test("of two who edit one order, the second sees both values and chooses field by field", async () => {
    const draft = await post("/oms/orders", {
        customer: customer.id, channel: channel.id, currency: "GBP", reference: "A-100", note: "ring first",
        lines: [{ variant: cup, quantity: "1", price: "8" }],
    });
    const edit = `${base}/admin/oms/orders/~${draft.id}/edit`;
    for (const each of [page, mira]) {
        await each.goto(edit);
        await each.locator("main details summary", { hasText: "More" }).last().click();
    }
    await mira.locator("#f-reference").fill("A-101");
    await mira.locator("#f-note").fill("use the back door");
    await mira.getByRole("button", { name: "Save" }).first().click();
    await mira.getByText("Saved.").waitFor();
    await page.locator("#f-reference").fill("A-102");
    await page.locator("#f-note").fill("no need to ring");
    await page.getByRole("button", { name: "Save" }).first().click();
    await page.getByText("Somebody saved this while you were typing").waitFor();
    await page.getByText("use the back door").waitFor();
    await page.screenshot({ path: `${pictures}/order-merge.png`, fullPage: true });
    await look(page);
    await page.locator("[name='_keep.note'][value=theirs]").check({ force: true });
    await page.locator("[name='_keep.reference'][value=yours]").check({ force: true });
    await page.getByRole("button", { name: "Save" }).first().click();
    await page.getByText("Saved.").waitFor();
    const merged = await get(`/oms/orders/${draft.id}`);
    assert.deepEqual([merged.reference, merged.note], ["A-102", "use the back door"]);
});

await test("a view that is shared stands over the other's list, and one that is not does not", async () => {
    for (const [name, query, isShared] of [["Nordvik's", `customer=${customer.id}`, true], ["My drafts", "state=draft", false]]) {
        await page.goto(`${base}/admin/oms/orders?${query}`);
        await page.locator("summary", { hasText: "Save view" }).click();
        await page.getByLabel("Name of the view").fill(name);
        if (isShared) await page.getByLabel("For everybody").check();
        await page.locator("form[action$=_views]").getByRole("button", { name: "Save" }).click();
        await page.getByRole("link", { name }).waitFor();
    }
    await mira.goto(`${base}/admin/oms/orders`);
    await mira.getByRole("link", { name: "Nordvik's" }).click();
    await mira.locator(".chip.on", { hasText: "Customer" }).waitFor();
    assert.equal(await mira.getByRole("link", { name: "My drafts" }).count(), 0);
});

// ---- Without script ----

await test("a scan without script is a form like any other", async () => {
    const count = await post("/inventory/counts", { place: near.id });
    await post(`/inventory/counts/${count.id}/start`);
    const plain = await open({ javaScriptEnabled: false, viewport: { width: 390, height: 844 }, storageState: await page.context().storageState() });
    await plain.goto(`${base}/admin/inventory/counts/~${count.id}/scan`);
    const type = async code => {
        await plain.locator("#code").fill(code);
        await plain.locator("#code").press("Enter");
    };
    await type("nothing");
    await plain.getByText("no bin and no article has the code").waitFor();
    await type("4006381333931");
    await plain.getByText("MUG-1: 1 counted").waitFor();
    await plain.getByRole("button", { name: "One more" }).click();
    await plain.getByText("MUG-1: 2 counted").waitFor();
    await plain.locator("#quantity").fill("17");
    await plain.locator("#quantity").press("Enter");
    await plain.getByText("MUG-1: 17 counted").waitFor();
    await plain.screenshot({ path: `${pictures}/scan-count.png` });
    await plain.context().close();
});

await finish();
