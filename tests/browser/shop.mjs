// shop.mjs - a day in the demo company's shop: a guest finds, chooses and buys, with script and without; two want the
// last pieces; somebody of the house edits a page, previews it, plans it and brings it back; every kind of page looked
// at by axe, in light and dark, at 1440 and 390 pixels. Pictures of all of them are kept.
import { mkdirSync, readFileSync } from "node:fs";
import assert from "node:assert/strict";
import { complaints, fillAddress, finish, open, order, signIn, test } from "./kit.mjs";

const [, , base, pictures] = process.argv;
const axeSource = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const shop = `${base}/shop/gifts`;
mkdirSync(pictures, { recursive: true });

// ---- Buying ----

async function buy(page, hasScript) {
    await page.goto(shop);
    await page.getByRole("link", { name: "See everything" }).first().click();
    await page.goto(`${shop}/search?q=slate`);
    await page.getByRole("link", { name: "Slate heart, lettered by hand" }).first().click();
    await page.getByLabel("Large, 18 cm").check({ force: true });
    await page.getByLabel("Lettering").fill("Nora & Ola");
    await page.getByLabel("Jute cord").check({ force: true });
    if (!hasScript) await page.getByRole("button", { name: /Show price/ }).click();
    await page.getByRole("button", { name: "Add to bag, £18.00" }).waitFor();
    assert.match(page.url(), /v=SLATE-L-J/);
    assert.equal(await page.getByLabel("Lettering").inputValue(), "Nora & Ola");
    await page.getByLabel("Gift box").selectOption("Plain card");
    await page.getByRole("button", { name: /Add to bag/ }).click();
    await page.getByText("is in your bag").waitFor();
    await page.getByText("Lettering: Nora & Ola; Gift box: Plain card").waitFor();
    await page.getByText("£20.00").first().waitFor();
    await page.goto(`${shop}/p/party-bunting`);
    await page.getByLabel("Quantity").fill("2");
    await page.getByRole("button", { name: /Add to bag/ }).click();
    await page.getByText("Held for you until").waitFor();
    await page.getByRole("button", { name: "To the checkout" }).click();
    await page.getByRole("button", { name: /Order and pay/ }).click();
    await page.getByText("There is a problem").waitFor();
    assert.match(await page.title(), /^Error:/);
    await fillAddress(page);
    await order(page);
    await page.getByRole("heading", { name: "Thank you for your order" }).waitFor();
    assert.match(page.url(), /\/order\/SO-/);
    await page.getByText("Lettering: Nora & Ola").waitFor();
}

const guest = await open();
let orderUrl;
await test("a guest finds, chooses and buys", async () => {
    await buy(guest, true);
    orderUrl = guest.url();
});

await test("the same without script", async () => {
    const plain = await open({ javaScriptEnabled: false });
    await buy(plain, false);
    await plain.context().close();
});

await test("an order is found by number and address of mail, and by nothing less", async () => {
    const number = decodeURIComponent(new URL(orderUrl).pathname.split("/").pop());
    await guest.goto(`${shop}/track`);
    await guest.getByLabel("Order number").fill(number);
    await guest.getByLabel("E-mail address of the order").fill("somebody@example.com");
    await guest.getByRole("button", { name: "Show it" }).click();
    await guest.getByText("There is no order with this number").waitFor();
    await guest.getByLabel("Order number").fill(number);
    await guest.getByLabel("E-mail address of the order").fill("nora@example.com");
    await guest.getByRole("button", { name: "Show it" }).click();
    await guest.getByRole("heading", { name: "Thank you for your order" }).waitFor();
});

await test("what somebody else holds is said in the bag", async () => {
    const first = await open(), second = await open();
    for (const [page, wanted] of [[first, "999"], [second, "1"]]) {
        await page.goto(`${shop}/p/natural-slate-heart-chalkboard`);
        if (await page.getByRole("button", { name: /Add to bag/ }).count() === 0) continue;
        await page.getByLabel("Quantity").fill(wanted);
        await page.getByRole("button", { name: /Add to bag/ }).click();
    }
    await first.getByText(/can be had|sold out/).first().waitFor();
    await first.getByRole("button", { name: "To the checkout" }).click();
    await first.getByText("Not all of it can be had").waitFor();
    await first.context().close();
    await second.context().close();
});

await test("facets narrow the shelf as they are chosen, and the address can be passed on", async () => {
    await guest.goto(`${shop}/c`);
    const before = await guest.locator("#found").textContent();
    await guest.getByLabel(/^Red/).check();
    await guest.waitForURL(/f=/);
    await guest.waitForFunction(was => document.querySelector("#found").textContent !== was, before);
    const narrowed = await guest.locator("#found").textContent();
    await guest.reload();
    assert.equal(await guest.locator("#found").textContent(), narrowed);
});

await test("suggestions come while somebody types", async () => {
    await guest.goto(shop);
    await guest.locator("summary[aria-label=Search]").click();
    await guest.locator("header input[type=search]").pressSequentially("bunt");
    await guest.locator("header [data-hits] a").first().waitFor();
});

// ---- Writing ----

await test("a page is edited, previewed, planned, and an old version brought back", async () => {
    const page = await open();
    await signIn(page, base);
    await page.goto(`${base}/admin/cms/editor`);
    await page.getByRole("link", { name: "Our story" }).first().click();
    const words = page.locator("textarea").first(), old = await words.inputValue();
    await words.fill("We began with a cart.");
    await page.getByRole("button", { name: "Save draft" }).click();
    await page.getByText("Saved. Visitors see it once it is published.").waitFor();
    await page.getByRole("link", { name: "Preview" }).click();
    await page.getByText("This is a draft").waitFor();
    await page.getByText("We began with a cart.").waitFor();
    await guest.goto(`${shop}/page/our-story`);
    assert.equal(await guest.getByText("We began with a cart.").count(), 0);
    await page.goBack();
    await page.getByLabel("From the day on").fill("2099-01-01");
    await page.getByRole("button", { name: "Publish" }).click();
    await page.getByText("It is planned.").waitFor();
    await guest.reload();
    assert.equal(await guest.getByText("We began with a cart.").count(), 0);
    await page.locator("button[value=bring-1]").click();
    await page.waitForFunction(was => document.querySelector("textarea").value === was, old);
    await page.evaluate(axeSource);
    const { violations } = await page.evaluate(() => window.axe.run());
    assert.deepEqual(violations.map(v => v.id), []);
    await page.screenshot({ path: `${pictures}/shop-editor.png`, fullPage: true });
    await page.context().close();
});

// ---- How every page looks, to eyes and to axe ----

const places = [
    ["home", ""], ["category", "/c/kitchen"], ["product", "/p/slate-heart"], ["search", "/search?q=heart"],
    ["story", "/page/our-story"], ["help", "/page/help"], ["bag", "/cart"], ["checkout", "/checkout"],
    ["account", "/account"], ["track", "/track"], ["missing", "/nowhere"], ["spanish", ".es"], ["order", null],
];
const eyes = [
    ["1440-light", { width: 1440, height: 940 }, "light"], ["1440-dark", { width: 1440, height: 940 }, "dark"],
    ["390-light", { width: 390, height: 844 }, "light"], ["390-dark", { width: 390, height: 844 }, "dark"],
];
const bag = await open();
await bag.goto(`${shop}/p/slate-heart`);
await bag.getByLabel("Lettering").fill("Home");
await bag.getByRole("button", { name: /Add to bag/ }).click();
await bag.getByText("is in your bag").waitFor();
const state = await bag.context().storageState();
for (const [eye, viewport, colorScheme] of eyes) {
    const looking = await open({ viewport, colorScheme, storageState: state, reducedMotion: "reduce" });
    for (const [name, path] of places)
        await test(`${name}, ${eye}`, async () => {
            await looking.goto(path === null ? orderUrl : shop + path);
            await looking.screenshot({ path: `${pictures}/shop-${name}-${eye}.png` });
            await looking.evaluate(axeSource);
            const { violations } = await looking.evaluate(() => window.axe.run());
            const told = violations.map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 140)).join(" | ")}`);
            assert.deepEqual(told, []);
            const wide = await looking.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            assert.ok(wide <= 0, `the page is ${wide} px wider than the window`);
        });
    await looking.context().close();
}
await test("pages reflow at 320 pixels", async () => {
    const narrow = await open({ viewport: { width: 320, height: 640 }, storageState: state });
    for (const [, path] of places) {
        await narrow.goto(path === null ? orderUrl : shop + path);
        const wide = await narrow.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${path} is ${wide} px wider than the window`);
    }
    await narrow.context().close();
});

// From the top of the page to its end: nothing is left out, nothing holds the focus, and what has it can be seen.
await test("the tab key goes through every page of buying, in sight", async () => {
    const keys = await open({ storageState: state });
    for (const path of ["", "/c/kitchen", "/p/slate-heart", "/cart", "/checkout", "/account"]) {
        await keys.goto(shop + path);
        const wanted = await keys.evaluate(() => [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
            .filter(one => !one.disabled && one.type !== "hidden" && one.checkVisibility()).length);
        const radios = await keys.evaluate(() => document.querySelectorAll("input[type=radio]").length);
        const seen = new Set();
        for (let press = 0; press < wanted + 5; press++) {
            await keys.keyboard.press("Tab");
            const at = await keys.evaluate(() => {
                const one = document.activeElement;
                if (!one || one === document.body) return null;
                one.dataset.tabbed ??= String(document.querySelectorAll("[data-tabbed]").length);
                const { top, bottom } = one.getBoundingClientRect();
                return { key: one.dataset.tabbed, isSeen: bottom > 0 && top < innerHeight, html: one.outerHTML.slice(0, 80) };
            });
            if (!at) break;
            assert.ok(at.isSeen, `${path}: out of sight with the focus: ${at.html}`);
            seen.add(at.key);
        }
        assert.ok(seen.size >= wanted - radios, `${path}: ${seen.size} of ${wanted} reached`);
    }
    await keys.context().close();
});

await test("pages written from right to left fit their window", async () => {
    const mirrored = await open({ viewport: { width: 390, height: 844 }, storageState: state });
    for (const [, path] of places) {
        await mirrored.goto(path === null ? orderUrl : shop + path);
        await mirrored.evaluate(() => { document.documentElement.dir = "rtl"; });
        const wide = await mirrored.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${path} is ${wide} px wider than the window`);
    }
    await mirrored.context().close();
});

await test("no script failed, and nothing was against the content security policy", async () => {
    assert.deepEqual(complaints, []);
});

await finish();
