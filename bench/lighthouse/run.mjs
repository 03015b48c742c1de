// run.mjs - how quick and how well made the shop's pages are for a phone, by Lighthouse: the median of five runs a page.
// A bench, not a gate: speed is this machine's, too.
//
//     bench/lighthouse/run.sh BUILD [RUNS]
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const [, , base, runs = "5"] = process.argv;
const kinds = ["performance", "accessibility", "best-practices", "seo"];

// A bag, so that the pages of buying have something to show.
async function bagCookie() {
    const answer = await fetch(`${base}/cart/add`, {
        method: "POST", redirect: "manual", body: new URLSearchParams({ product: "party-bunting", quantity: "2" }),
    });
    return answer.headers.getSetCookie().map(one => one.split(";")[0]).join("; ");
}

const median = list => list.sort((a, b) => a - b)[Math.floor(list.length / 2)];
const chrome = await launch({
    chromePath: process.env.CHROMIUM ?? "/usr/bin/chromium", chromeFlags: ["--headless=new", "--no-sandbox"],
});
const cookie = await bagCookie();
const pages = [["home", ""], ["category", "/c/kitchen"], ["product", "/p/party-bunting"], ["bag", "/cart"], ["checkout", "/checkout"]];
console.log("page      speed  access.  practice  seo   LCP s  CLS");
for (const [name, path] of pages) {
    const seen = [], worst = new Map();
    for (let run = 0; run < Number(runs); run++) {
        const { lhr } = await lighthouse(base + path, {
            port: chrome.port, onlyCategories: kinds, extraHeaders: { cookie }, logLevel: "silent",
        });
        seen.push(lhr);
        for (const audit of Object.values(lhr.audits))
            if (audit.score !== null && audit.score < 0.9) worst.set(audit.id, audit.score);
    }
    const score = kind => Math.round(100 * median(seen.map(lhr => lhr.categories[kind].score ?? 0)));
    const lcp = median(seen.map(lhr => lhr.audits["largest-contentful-paint"].numericValue)) / 1000;
    const cls = median(seen.map(lhr => lhr.audits["cumulative-layout-shift"].numericValue));
    console.log([name.padEnd(9), ...kinds.map(kind => String(score(kind)).padStart(5)), lcp.toFixed(2).padStart(8),
        cls.toFixed(3).padStart(6)].join("  "));
    console.log(`          ${[...worst.keys()].join(" ")}`);
}
await chrome.kill();
