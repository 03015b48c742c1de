// walk.mjs - a working day in the pages: in at the door, a customer made, corrected, argued about and
// put away; the same without script; every kind of page looked at by axe, in light and dark, at 1440
// and 390 pixels. Pictures of all of them are kept.
import assert from "node:assert/strict";
import { base, finish, look, open, pictures, signIn, test } from "./people.mjs";

// ---- The door ----

const page = await open();

await test("a wrong password is refused without saying which was wrong", async () => {
    await page.goto(`${base}/admin/party/parties`);
    assert.match(page.url(), /sign-in\?next=/);
    await page.getByLabel("E-mail address").fill("nadia@example.com");
    await page.getByLabel("Password").fill("not this one at all");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByText("do not belong together").waitFor();
    assert.equal(await page.getByLabel("E-mail address").inputValue(), "nadia@example.com");
    await page.screenshot({ path: `${pictures}/sign-in-refused.png` });
});

await test("after signing in one is where one wanted to go", async () => {
    await page.getByLabel("Password").fill("correct horse staple");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(`${base}/admin/party/parties`);
});

// ---- A record's life ----

let partyUrl;

await test("a form that is not complete says so at the field and keeps what was typed", async () => {
    await page.goto(`${base}/admin/party/parties/new`);
    await page.locator("#f-email").fill("buyer@nordvik.example");
    await page.getByRole("button", { name: "Save" }).first().click();
    await page.getByText("There is a problem").waitFor();
    assert.match(await page.title(), /^Error:/);
    assert.equal(await page.locator("#f-email").inputValue(), "buyer@nordvik.example");
    assert.equal(await page.locator("#f-name").getAttribute("aria-invalid"), "true");
    await page.screenshot({ path: `${pictures}/form-refused.png` });
});

await test("corrected, it is saved and its page shows it", async () => {
    await page.locator("#f-name").fill("Nordvik Retail");
    await page.locator("#f-is_customer").check();
    await page.getByRole("button", { name: "Save" }).first().click();
    await page.getByRole("heading", { level: 1, name: /Nordvik Retail/ }).waitFor();
    await page.getByText("Saved.").waitFor();
    partyUrl = page.url();
});

await test("rows are added, filled and removed", async () => {
    await page.goto(`${partyUrl}/edit`);
    await page.locator("#f-contacts-0-name").fill("Kari Nordmann");
    await page.locator("#g-contacts button[name=_add]").click();
    await page.locator("#f-contacts-1-name").waitFor();
    assert.equal(await page.locator("#f-contacts-0-name").inputValue(), "Kari Nordmann");
    await page.locator("#f-contacts-1-name").fill("Ola Nordmann");
    await page.getByRole("button", { name: "Save" }).first().click();
    await page.getByText("Ola Nordmann").waitFor();
    await page.goto(`${partyUrl}/edit`);
    await page.locator("#g-contacts tbody tr").nth(0).locator("[data-remove]").check({ force: true });
    await page.getByRole("button", { name: "Save" }).first().click();
    await page.getByText("Saved.").waitFor();
    const contacts = page.locator("section.panel", { has: page.getByRole("heading", { name: "Contacts" }) });
    assert.equal(await contacts.locator("tbody tr").count(), 1);
});

await test("the second of two who change one record is shown both values", async () => {
    await page.goto(`${partyUrl}/edit`);
    const other = await page.context().newPage();
    await other.goto(`${partyUrl}/edit`);
    await other.locator("#f-name").fill("Nordvik Retail AS");
    await other.getByRole("button", { name: "Save" }).first().click();
    await other.getByText("Saved.").waitFor();
    await other.close();
    await page.locator("#f-name").fill("Nordvik of Bergen");
    await page.getByRole("button", { name: "Save" }).first().click();
    await page.getByText("Somebody saved this while you were typing").waitFor();
    await page.getByRole("cell", { name: "Nordvik Retail AS" }).waitFor();
    await page.screenshot({ path: `${pictures}/form-clash.png`, fullPage: true });
    await page.getByRole("button", { name: "Save" }).first().click();
    await page.getByRole("heading", { level: 1, name: /Nordvik of Bergen/ }).waitFor();
});

await test("a comment stands in the timeline with what changed", async () => {
    await page.getByLabel("Write a comment").fill("Pays by the month <b>always</b>");
    await page.getByRole("button", { name: "Post" }).click();
    await page.getByText("Pays by the month <b>always</b>").waitFor();
    await page.locator(".chg", { hasText: "Name" }).first().waitFor();
});

await test("a record is assigned, its note names somebody, and both wait in an inbox until they are done", async () => {
    await page.goto(partyUrl);
    await page.getByLabel("Assigned to", { exact: true }).selectOption({ label: "Nadia Alam" });
    await page.getByRole("button", { name: "Assign", exact: true }).click();
    await page.getByText("Assigned to Nadia Alam.").waitFor();
    await page.getByLabel("Write a comment").fill("@Mira please ring them");
    await page.getByRole("button", { name: "Post" }).click();
    await page.getByText("@Mira please ring them").waitFor();
    await page.goto(`${base}/admin/inbox`);
    await look(page);
    await page.locator(".inbox li", { hasText: "Assigned to you" }).getByRole("button", { name: /^Done/ }).click();
    await page.getByRole("heading", { name: "Nothing waits for you" }).waitFor();
    const mira = await open({ javaScriptEnabled: false });
    await signIn(mira, "mira@example.com");
    await mira.getByRole("link", { name: /^Inbox 1/ }).first().click();
    await mira.getByText("please ring them").waitFor();
    await mira.getByRole("button", { name: /^Done/ }).click();
    await mira.getByRole("heading", { name: "Nothing waits for you" }).waitFor();
    await mira.context().close();
});

// ---- Lists ----

await test("a list is searched, filtered, sorted, and kept as a view", async () => {
    await page.goto(`${base}/admin/ledger/accounts`);
    await page.getByRole("link", { name: "Name", exact: true }).click();
    await page.waitForURL(/sort=name/);
    await page.locator("th[aria-sort=ascending]", { hasText: "Name" }).waitFor();
    await page.locator("summary", { hasText: "Filter" }).click();
    await page.locator("#q-kind").selectOption({ index: 1 });
    await page.getByRole("button", { name: "Show" }).click();
    await page.locator(".chip.on", { hasText: "Kind" }).waitFor();
    await page.locator("summary", { hasText: "Save view" }).click();
    await page.getByLabel("Name of the view").fill("First kind");
    await page.locator("form[action$=_views]").getByRole("button", { name: "Save" }).click();
    await page.getByRole("link", { name: "First kind" }).waitFor();
});

await test("a page of a list leads to the next and back", async () => {
    await page.goto(`${base}/admin/ledger/accounts?limit=15`);
    const first = await page.locator("tbody a").first().textContent();
    await page.getByRole("link", { name: "Next page" }).click();
    await page.waitForURL(/after=/);
    assert.notEqual(await page.locator("tbody a").first().textContent(), first);
    await page.getByRole("link", { name: "Previous page" }).click();
    await page.waitForURL(/before=/);
    assert.equal(await page.locator("tbody a").first().textContent(), first);
});

await test("a list is taken along as a file", async () => {
    for (const format of ["csv", "xlsx", "pdf"]) {
        const answer = await page.request.get(`${base}/admin/ledger/accounts?format=${format}`);
        assert.equal(answer.status(), 200, format);
        assert.match(answer.headers()["content-disposition"], new RegExp(`\\.${format}"`));
        assert.ok((await answer.body()).length > 500);
    }
});

await test("many are archived at once and told about", async () => {
    await page.goto(`${base}/admin/party/parties`);
    await page.locator("tbody input[name=id]").first().check();
    await page.locator("[data-bulk]").waitFor();
    assert.equal(await page.locator("[data-count]").textContent(), "1");
    await page.screenshot({ path: `${pictures}/list-selected.png` });
    await page.getByRole("button", { name: "Archive" }).click();
    await page.getByText("1 done.").waitFor();
    await page.goto(partyUrl);
    await page.getByText("Archived").first().waitFor();
    await page.locator("summary[aria-label='More actions']").click();
    await page.getByRole("button", { name: "Restore" }).click();
    await page.getByText("Restored.").waitFor();
});

await test("the palette finds what was made", async () => {
    await page.goto(`${base}/admin`);
    await page.keyboard.press("Control+k");
    await page.locator("#palette input[type=search]").fill("accounts");
    await page.locator("#palette-hits a").first().waitFor();
    await page.screenshot({ path: `${pictures}/palette.png` });
});

await test("the palette works out a sum and finds a page to go to", async () => {
    await page.goto(`${base}/admin`);
    await page.keyboard.press("Control+k");
    await page.locator("#palette input[type=search]").fill("1200*0.96");
    await page.locator("#palette-hits output", { hasText: "1,152" }).waitFor();
    await page.locator("#palette input[type=search]").fill("imports");
    await page.locator("#palette-hits a", { hasText: "Imports" }).first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/admin\/platform\/imports/);
});

await test("keys go places, walk a list, and show themselves", async () => {
    await page.goto(`${base}/admin`);
    await page.keyboard.press("g");
    await page.keyboard.press("o");
    await page.waitForURL(/\/admin\/oms\/orders/);
    await page.goto(`${base}/admin/ledger/accounts`);
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    assert.equal(await page.evaluate(() => [...document.querySelectorAll(".tbl.rows tbody tr")].findIndex(row => row.contains(document.activeElement))), 1);
    await page.keyboard.press("?");
    await page.locator("#keys h1").waitFor();
    await page.keyboard.press("Escape");
});

// ---- A document typed by keys ----

await test("an invoice's rows are added, copied, moved and pasted by keys", async () => {
    await page.goto(`${base}/admin/billing/invoices/new`);
    const table = page.locator("[data-lines=lines]");
    const cell = (row, column) => page.locator(`#f-lines-${row}-${column}`);
    const name = await table.evaluate(lines => lines.querySelector("tbody tr input.inp:not(.q)[id$='-name']") ? "name" : "description");
    await cell(0, name).fill("Consulting");
    await page.keyboard.press("Alt+ArrowDown");
    await cell(1, name).fill("Travel");
    await cell(2, name).focus();
    await page.keyboard.press("Control+d");
    assert.equal(await cell(2, name).inputValue(), "Travel");
    await cell(1, name).focus();
    await page.keyboard.press("Alt+Shift+ArrowUp");
    assert.equal(await cell(0, name).inputValue(), "Travel");
    assert.equal(await cell(1, name).inputValue(), "Consulting");
    await cell(1, name).focus();
    await page.evaluate(() => {
        const data = new DataTransfer();
        data.setData("text/plain", "One\nTwo\nThree\nFour");
        document.activeElement.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    });
    assert.deepEqual(await Promise.all([1, 2, 3, 4].map(row => cell(row, name).inputValue())), ["One", "Two", "Three", "Four"]);
    await page.locator("[data-unsaved]", { hasText: "not saved" }).waitFor();
    await page.waitForTimeout(600);
    await page.goto(`${base}/admin`);
    await page.goto(`${base}/admin/billing/invoices/new`);
    await page.getByRole("button", { name: "Put it back" }).click();
    assert.equal(await cell(4, name).inputValue(), "Four");
    await page.evaluate(() => localStorage.clear());
});

// ---- A table becomes records ----

await test("a pasted table is checked, corrected in place and imported", async () => {
    await page.goto(`${base}/admin/import?entity=party`);
    await page.locator("#pasted").fill("Number\tName\tE-mail\nC-1\tNorth\tnorth@example.com\nC-2\tSouth\tnot an address\n");
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("button", { name: "Check all rows" }).click();
    await page.getByRole("heading", { name: "Refused rows" }).waitFor();
    await page.screenshot({ path: `${pictures}/import-refused.png` });
    await page.getByLabel("E-mail, 3").fill("south@example.com");
    await page.getByRole("button", { name: "Check again" }).click();
    await page.getByText("Every row can be imported.").waitFor();
    await page.getByRole("button", { name: "Import 2 records" }).click();
    await page.getByText("Take it back…").waitFor();
    await page.goto(`${base}/admin/party/parties?number=C-2`);
    await page.getByRole("link", { name: "South" }).first().waitFor();
});

// ---- Not allowed, not there ----

await test("who may not write is offered nothing to write with", async () => {
    const viewer = await open();
    await signIn(viewer, "jonas@example.com");
    await viewer.goto(`${base}/admin/platform/roles/new`);
    assert.match(await viewer.locator("h1").textContent(), /You may not do this/);
    await viewer.screenshot({ path: `${pictures}/denied.png` });
    await viewer.context().close();
});

await test("a form from another site is refused", async () => {
    const answer = await page.request.post(`${partyUrl}/comment`, { form: { comment: "forged" }, headers: { accept: "text/html" } });
    assert.equal(answer.status(), 403);
});

// ---- Without script ----

await test("everything works without script", async () => {
    const plain = await open({ javaScriptEnabled: false });
    await signIn(plain);
    await plain.goto(`${base}/admin/party/parties/new`);
    await plain.locator("#f-name").fill("Plain & Sons");
    await plain.locator("#g-contacts button[name=_add]").click();
    assert.equal(await plain.locator("#f-name").inputValue(), "Plain & Sons");
    await plain.locator("#f-contacts-4-name").fill("Wat Tyler");
    await plain.getByRole("button", { name: "Save" }).first().click();
    assert.match(await plain.locator("h1").textContent(), /Plain & Sons/);
    assert.equal(await plain.getByText("Wat Tyler").count(), 1);
    await plain.goto(`${base}/admin/party/parties?sort=-name`);
    assert.match(await plain.locator("tbody a").first().textContent(), /South|Plain|PTY|\d/);
    await plain.screenshot({ path: `${pictures}/no-script.png` });
    await plain.context().close();
});

// ---- How every page looks, to eyes and to axe ----

const places = [
    ["home", "/admin"], ["list", "/admin/ledger/accounts"], ["list-empty", "/admin/party/parties?name[starts]=zzz"],
    ["record", null], ["form", "/admin/party/parties/new"], ["edit", null], ["settings", "/admin/settings"],
    ["reports", "/admin/reports"], ["audit", "/admin/platform/audit"], ["jobs", "/admin/platform/jobs"],
    ["users", "/admin/platform/users"], ["account", "/admin/account"], ["search", "/admin/search?q=bank"],
    ["menu", "/admin/menu"], ["inbox", "/admin/inbox"], ["keys", "/admin/keys"], ["import", "/admin/import"],
    ["board", "/admin/oms/orders?view=board"], ["calendar", "/admin/oms/orders?view=calendar"], ["gantt", "/admin/oms/orders?view=gantt"],
    ["order", "/admin/oms/orders/new"], ["companies", "/admin/companies"], ["missing", "/admin/nowhere/here"],
];
const eyes = [
    ["1440-light", { width: 1440, height: 940 }, "light"], ["1440-dark", { width: 1440, height: 940 }, "dark"],
    ["390-light", { width: 390, height: 844 }, "light"], ["390-dark", { width: 390, height: 844 }, "dark"],
];
const state = await page.context().storageState();
for (const [eye, viewport, colorScheme] of eyes) {
    const looking = await open({ viewport, colorScheme, storageState: state, reducedMotion: "reduce" });
    for (const [name, path] of places) {
        const address = name === "record" ? partyUrl : name === "edit" ? `${partyUrl}/edit` : base + path;
        await test(`${name}, ${eye}`, async () => {
            await looking.goto(address);
            await looking.screenshot({ path: `${pictures}/${name}-${eye}.png` });
            await look(looking);
        });
    }
    await looking.context().close();
}
for (const [eye, viewport, colorScheme] of eyes) {
    const looking = await open({ viewport, colorScheme });
    await test(`sign-in, ${eye}`, async () => {
        await looking.goto(`${base}/admin/sign-in`);
        await looking.screenshot({ path: `${pictures}/sign-in-${eye}.png` });
        await look(looking);
    });
    await looking.context().close();
}

await test("signed out is signed out", async () => {
    await page.goto(`${base}/admin`);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.getByText("You are signed out.").waitFor();
    await page.goto(`${base}/admin`);
    assert.match(page.url(), /sign-in/);
});

await finish();
