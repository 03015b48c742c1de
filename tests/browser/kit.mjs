// kit.mjs - what the browser's walks share: pages that report what went wrong in them, a table of results, and the
// steps of buying that each walk begins with.
import { chromium } from "playwright-core";

export const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
export const complaints = [];
let failures = 0;

export async function test(name, run) {
    try {
        await run();
        console.log(`ok   shop: ${name}`);
    } catch (error) {
        failures++;
        console.log(`FAIL shop: ${name}\n${String(error.message).slice(0, 800)}`);
    }
}

export async function finish() {
    await browser.close();
    console.log(`${failures} failed`);
    process.exit(failures ? 1 : 0);
}

export async function open(options = {}) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 940 }, locale: "en-GB", ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(12000);
    page.on("pageerror", error => complaints.push(`${page.url()}: ${error.message}`));
    page.on("console", message => {
        const isRefusal = /status of [45]\d\d/.test(message.text());
        if (message.type() === "error" && !isRefusal) complaints.push(`${page.url()}: ${message.text()}`);
    });
    return page;
}

export async function signIn(page, base, login = "olivia@demo.example") {
    await page.goto(`${base}/admin`);
    await page.getByLabel("E-mail address").fill(login);
    await page.getByLabel("Password").fill("look-around-in-entrepot");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(`${base}/admin`);
}

// On a machine that has no time the answer may be "busy, try again", which changes nothing: people press again.
export async function order(page) {
    for (let turn = 0; turn < 6; turn++) {
        const [answer] = await Promise.all([
            page.waitForResponse(response => response.request().method() === "POST"),
            page.getByRole("button", { name: /Order and pay/ }).click(),
        ]);
        if (answer.status() !== 503) return;
        await page.getByRole("heading", { name: "Busy just now" }).waitFor();
        await page.goBack();
    }
}

export async function fillAddress(page, email = "nora@example.com") {
    await page.getByLabel("E-mail, for the receipt").fill(email);
    await page.getByLabel("Full name").fill("Nora Aas");
    await page.getByLabel("Street and number").fill("1 High Street");
    await page.getByLabel("Postcode").fill("BS1 4DJ");
    await page.getByLabel("Town").fill("Bristol");
}
