// sheet.js - a sheet by keys: arrows move between cells, a block is pasted from another sheet, changed cells are marked.
(() => {
    "use strict";
    const sheet = document.querySelector("[data-sheet]");
    if (!sheet) return;
    const rows = [...sheet.querySelectorAll("tbody tr")];
    const cellsOf = row => [...row.querySelectorAll("td")].map(cell => cell.querySelector("input:not([type=hidden]), select, textarea"));
    const grid = rows.map(cellsOf);
    function place(field) {
        const y = rows.indexOf(field.closest("tr"));
        return [y, grid[y].indexOf(field)];
    }
    const initial = field => field.type === "checkbox" ? field.defaultChecked : field.tagName === "SELECT"
        ? ([...field.options].find(option => option.defaultSelected) || field.options[0]).value : field.defaultValue;
    const mark = field => field.closest("td").classList.toggle("changed", (field.type === "checkbox" ? field.checked : field.value) !== initial(field));

    sheet.addEventListener("input", event => mark(event.target));
    sheet.addEventListener("change", event => mark(event.target));
    sheet.addEventListener("keydown", event => {
        const field = event.target;
        if (event.ctrlKey || event.metaKey || event.altKey || field.tagName === "SELECT" || field.type === "date") return;
        const [y, x] = place(field);
        const isStart = field.selectionStart === 0 && field.selectionEnd === 0, isEnd = field.selectionStart === field.value.length;
        const [dy, dx] = { ArrowDown: [1, 0], Enter: [1, 0], ArrowUp: [-1, 0], ArrowLeft: [0, isStart ? -1 : 0], ArrowRight: [0, isEnd ? 1 : 0] }[event.key] || [0, 0];
        const next = (dy || dx) && grid[y + dy]?.[x + dx];
        if (event.key === "Enter" || next) event.preventDefault();
        if (!next) return;
        next.focus();
        if (next.select) next.select();
    });
    sheet.addEventListener("paste", event => {
        const text = event.clipboardData.getData("text/plain");
        if (!/[\t\n]/.test(text.trimEnd())) return;
        event.preventDefault();
        const [y, x] = place(event.target);
        text.replace(/\r/g, "").replace(/\n$/, "").split("\n").forEach((line, down) => line.split("\t").forEach((value, along) => {
            const field = grid[y + down]?.[x + along];
            if (!field) return;
            const option = field.tagName === "SELECT" && [...field.options].find(each => each.text.trim() === value.trim());
            if (field.type === "checkbox") field.checked = /^(1|x|yes|true)$/i.test(value.trim());
            else if (field.tagName !== "SELECT") field.value = value.trim();
            else if (option) field.value = option.value;
            mark(field);
        }));
    });
    grid.flat().forEach(field => field && mark(field));
})();
