// run.mjs - how quick and how well made pages are for a phone, by Lighthouse: the median of RUNS runs a page, and below
// each page what Lighthouse names. A bench, not a gate: speed is this machine's, too.
//
//     bench/lighthouse/run.sh BUILD [RUNS [NAMES]]
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import puppeteer from "puppeteer-core";

const [, , base, runs = "5", names = ""] = process.argv;
const shop = `${base}/shop/gifts`;
const kinds = ["performance", "accessibility", "best-practices", "seo"];
const goals = { shop: [98, 100, 100, 100], office: [95, 100, 100] };

function cookiesOf(answer) {
    return answer.headers.getSetCookie().map(one => one.split(";")[0]).join("; ");
}

async function post(address, fields) {
    return await fetch(address, { method: "POST", redirect: "manual", body: new URLSearchParams(fields) });
}

// A bag, so that the pages of buying have something to show; and somebody of the house.
const bag = cookiesOf(await post(`${shop}/cart/add`, { product: "party-bunting", quantity: "2" }));
const desk = cookiesOf(await post(`${base}/admin/sign-in`,
    { login: "olivia@demo.example", password: "look-around-in-entrepot" }));

async function firstRecord(list) {
    const answer = await fetch(base + list, { headers: { cookie: desk } });
    return (await answer.text()).match(/href="(\/admin\/[^"]*\/~[^"/]*)"/)[1];
}

const order = await firstRecord("/admin/oms/orders");
const pages = [
    ["home", "shop", shop],
    ["category", "shop", `${shop}/c/kitchen`],
    ["product", "shop", `${shop}/p/party-bunting`],
    ["search", "shop", `${shop}/search?q=tea`],
    ["bag", "shop", `${shop}/cart`],
    ["checkout", "shop", `${shop}/checkout`],
    ["account", "shop", `${shop}/account`],
    ["tracking", "shop", `${shop}/track`],
    ["contact", "shop", `${shop}/page/help`],
    ["office", "office", `${base}/admin`],
    ["list", "office", `${base}/admin/oms/orders`],
    ["record", "office", base + order],
    ["form", "office", `${base}/admin/oms/orders/new`],
    ["board", "office", `${base}/admin/oms/orders?view=board`],
    ["calendar", "office", `${base}/admin/oms/orders?view=calendar`],
    ["report", "office", `${base}/admin/reports/oms.sales_by_month`],
    ["reports", "office", `${base}/admin/reports`],
    ["settings", "office", `${base}/admin/settings`],
    ["inbox", "office", `${base}/admin/inbox`],
].filter(([name]) => !names || names.split(",").includes(name));

const median = list => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
const chrome = await launch({
    chromePath: process.env.CHROMIUM ?? "/usr/bin/chromium", chromeFlags: ["--headless=new", "--no-sandbox"],
});

// Lighthouse clears what a browser keeps but for cookies.
const browser = await puppeteer.connect({ browserURL: `http://localhost:${chrome.port}` });
const tab = await browser.newPage();
for (const pair of `${bag}; ${desk}`.split("; ")) {
    const [name, value] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
    await tab.setCookie({ name, value, url: base });
}
await tab.close();

// What a shop's page is asked beyond an office's is to be found by strangers.
async function look(name, side, address) {
    const onlyCategories = kinds.slice(0, goals[side].length), seen = [], named = new Set();
    for (let run = 0; run < Number(runs); run++) {
        const { lhr } = await lighthouse(address, {
            port: chrome.port, onlyCategories, logLevel: "silent",
        });
        if (lhr.finalDisplayedUrl !== address) throw new Error(`${address} led to ${lhr.finalDisplayedUrl}`);
        seen.push(lhr);
        for (const audit of Object.values(lhr.audits))
            if (audit.score !== null && audit.score < 0.9) named.add(audit.id);
    }
    const figure = id => median(seen.map(lhr => lhr.audits[id].numericValue));
    const scores = onlyCategories.map(kind => Math.round(100 * median(seen.map(lhr => lhr.categories[kind].score ?? 0))));
    const isShort = scores.some((score, i) => score < goals[side][i]);
    console.log([name.padEnd(9), ...scores.map(score => String(score).padStart(5)), ...(scores.length < 4 ? ["    -"] : []),
        (figure("largest-contentful-paint") / 1000).toFixed(2).padStart(8), figure("total-blocking-time").toFixed(0).padStart(6),
        figure("cumulative-layout-shift").toFixed(3).padStart(6), isShort ? "short" : ""].join("  "));
    if (named.size) console.log(`          ${[...named].join(" ")}`);
}

console.log("page      speed  access.  practice  seo    LCP s  TBT ms  CLS");
for (const [name, side, address] of pages) await look(name, side, address);
await browser.disconnect();
await chrome.kill();
