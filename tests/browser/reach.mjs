// reach.mjs - the office by keyboard alone, on the narrowest screen, and from right to left: everything that can be
// pressed is reached by the Tab key, is seen when it is, and lets go again; nothing is wider than 320 pixels but tables
// that scroll by themselves. Pictures of the pages from right to left are kept to be looked at.
import assert from "node:assert/strict";
import { api, base, finish, open, pictures, signIn, test } from "./people.mjs";

const page = await open({ reducedMotion: "reduce" });
await signIn(page);
await page.goto(`${base}/admin/menu`);
const first = async path => (await api(page, "GET", `${path}?limit=1`)).items[0]?.id;
const [order, product, party, count] = await Promise.all(["/oms/orders", "/catalog/products", "/party/parties", "/inventory/counts"].map(first));
const { items: drafts } = await api(page, "GET", "/oms/orders?state=draft&limit=1");

const places = [
    ["home", "/admin"], ["list", "/admin/oms/orders"], ["board", "/admin/oms/orders?view=board"],
    ["record", `/admin/oms/orders/~${order}`], ["form", `/admin/oms/orders/~${drafts[0].id}/edit`],
    ["variants", `/admin/catalog/products/~${product}/matrix`], ["lines", `/admin/oms/orders/~${drafts[0].id}/matrix?q=TEE`],
    ["party", `/admin/party/parties/~${party}/edit`], ["scanner", "/admin/scan"], ["counting", `/admin/inventory/counts/~${count}/scan`],
    ["import", "/admin/import"], ["reports", "/admin/reports"], ["settings", "/admin/settings"], ["inbox", "/admin/inbox"], ["search", "/admin/search?q=mug"],
];

// ---- By keyboard alone ----

// What a person could press or fill, each with a number; radio buttons of one group are one stop.
const numbered = () => {
    const isSeen = node => node.checkVisibility({ visibilityProperty: true }) && node.getClientRects().length > 0;
    const groups = new Set();
    let number = 0;
    for (const node of document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")) {
        if (node.disabled || node.tabIndex < 0 || !isSeen(node) || node.closest("[inert]")) continue;
        if (node.type === "radio" && groups.has(node.name)) continue;
        if (node.type === "radio") groups.add(node.name);
        node.dataset.stop = String(++number);
    }
    return number;
};

// Where the focus is, and whether it can be seen: a ring around it, and nothing that covers it.
const focused = () => {
    const node = document.activeElement;
    if (!node || node === document.body) return null;
    const group = node.type === "radio" ? [...document.querySelectorAll(`input[name="${CSS.escape(node.name)}"]`)] : [node];
    const box = node.getBoundingClientRect(), style = getComputedStyle(node);
    const x = Math.min(Math.max(box.x + box.width / 2, 0), innerWidth - 1), y = Math.min(Math.max(box.y + Math.min(box.height, 40) / 2, 0), innerHeight - 1);
    const top = document.elementFromPoint(x, y);
    const around = node.closest("label, td, li, span") ?? node;
    return {
        stop: group.map(each => each.dataset.stop).find(Boolean) ?? "",
        name: `${node.tagName.toLowerCase()} ${(node.getAttribute("aria-label") || node.textContent || node.name || "").trim().slice(0, 40)}`,
        hasRing: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none",
        isOnTop: !top || top === node || node.contains(top) || top.contains(node) || around.contains(top),
    };
};

for (const [name, path] of places)
    await test(`${name}: Tab reaches everything, and leaves it`, async () => {
        await page.goto(base + path);
        const stops = await page.evaluate(numbered);
        await page.evaluate(() => document.querySelector(".skip").focus());
        const reached = new Set(["1"]), unseen = [];
        let last = "", same = 0;
        for (let presses = 0; presses < stops * 2 + 40; presses++) {
            await page.keyboard.press("Tab");
            const here = await page.evaluate(focused);
            if (!here) break;
            same = here.name === last ? same + 1 : 0;
            last = here.name;
            assert.ok(same < 8, `the focus does not leave ${here.name}`);
            if (reached.has(here.stop) && here.stop === "1") break;
            if (!here.hasRing) unseen.push(`no ring: ${here.name}`);
            if (!here.isOnTop) unseen.push(`covered: ${here.name}`);
            if (here.stop) reached.add(here.stop);
        }
        const missed = await page.evaluate(seen => [...document.querySelectorAll("[data-stop]")].filter(node => !seen.includes(node.dataset.stop))
            .map(node => node.outerHTML.slice(0, 100)), [...reached]);
        assert.deepEqual(missed, [], "not reached");
        assert.deepEqual([...new Set(unseen)], []);
    });

// ---- 320 pixels, and from right to left ----

const state = await page.context().storageState();
const small = await open({ viewport: { width: 320, height: 720 }, storageState: state });
for (const [name, path] of places)
    await test(`${name} fits 320 pixels`, async () => {
        await small.goto(base + path);
        const wide = await small.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${wide} px wider`);
    });

for (const width of [1440, 390]) {
    const mirrored = await open({ viewport: { width, height: 900 }, storageState: state });
    for (const [name, path] of places)
        await test(`${name} from right to left, ${width}`, async () => {
            await mirrored.goto(base + path);
            const before = await mirrored.evaluate(() => document.querySelector("h1").getBoundingClientRect().left);
            await mirrored.evaluate(() => { document.documentElement.dir = "rtl"; });
            const after = await mirrored.evaluate(() => {
                const box = document.querySelector("h1").getBoundingClientRect();
                return { gap: innerWidth - box.right, wide: document.documentElement.scrollWidth - innerWidth };
            });
            await mirrored.screenshot({ path: `${pictures}/rtl-${name}-${width}.png` });
            assert.ok(after.wide <= 0, `${after.wide} px wider`);
            assert.ok(Math.abs(after.gap - before) <= 24, `the heading starts ${Math.round(after.gap)} px from the right, ${Math.round(before)} px from the left`);
        });
    await mirrored.context().close();
}

await finish();
