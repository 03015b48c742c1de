// people.mjs - what every walk through the office needs: a browser, people who sign in, tests that are counted and
// complaints that are kept, axe, and the API for what has to be there before a story begins.
import { chromium } from "playwright-core";
import { mkdirSync, readFileSync } from "node:fs";
import assert from "node:assert/strict";

export const [, , base, pictures] = process.argv;
const axeSource = readFileSync(new URL("node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
mkdirSync(pictures, { recursive: true });

export const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox"],
});
export const complaints = [];
let failures = 0;

export async function test(name, run) {
    const began = Date.now();
    try {
        await run();
        console.log(`ok   ${name}, ${((Date.now() - began) / 1000).toFixed(1)} s`);
    } catch (error) {
        failures++;
        console.log(`FAIL ${name}\n     ${String(error.message).split("\n").slice(0, 12).join("\n     ")}`);
    }
}

export async function open(options = {}) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 940 }, locale: "en-GB", ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(15000);
    page.on("pageerror", error => complaints.push(`${page.url()}: ${error.message}`));
    page.on("console", message => {
        const isRefusal = /status of 4\d\d|ERR_INTERNET_DISCONNECTED/.test(message.text());
        if (message.type() === "error" && !isRefusal) complaints.push(`${page.url()}: ${message.text()}`);
    });
    return page;
}

export async function signIn(page, login = "nadia@example.com") {
    await page.goto(`${base}/admin`);
    await page.getByLabel("E-mail address").fill(login);
    await page.getByLabel("Password").fill("correct horse staple");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(`${base}/admin`);
}

// What axe finds, one line a rule; and by how much the page is wider than its window.
export async function look(page) {
    await page.evaluate(axeSource);
    const { violations } = await page.evaluate(() => window.axe.run());
    const told = violations.map(v => `${v.id}: ${v.nodes.slice(0, 3).map(n => n.html.slice(0, 140)).join(" | ")}`);
    assert.deepEqual(told, []);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `the page is ${wide} px wider than the window`);
}

// The API as the person who is signed in on this page.
export async function api(page, method, path, data) {
    const token = await page.locator("input[name=_csrf]").first().inputValue();
    const answer = await page.request.fetch(`${base}/api/v1${path}`, {
        method, data, headers: { accept: "application/json", "x-csrf-token": token },
    });
    const said = await answer.json();
    assert.ok(answer.ok(), `${method} ${path}: ${answer.status()} ${JSON.stringify(said).slice(0, 400)}`);
    return said;
}

export async function finish() {
    await test("no script failed, and nothing was against the content security policy", async () => {
        assert.deepEqual(complaints, []);
    });
    await browser.close();
    console.log(`${failures} failed`);
    process.exit(failures ? 1 : 0);
}
