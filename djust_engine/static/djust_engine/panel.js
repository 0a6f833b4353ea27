// Sorts the tables of the djust panel: a click on a head sorts, a second one turns the order round.

function debugElement() {
    const root = document.getElementById("djDebugRoot");
    return (root?.shadowRoot ?? document).querySelector("#djDebug");
}

function valueOf(body, column) {
    const cell = body.rows[0].cells[column];
    return cell.dataset.sort ?? cell.textContent.trim();
}

function compare(one, other) {
    const [first, second] = [Number(one), Number(other)];
    if (Number.isNaN(first) || Number.isNaN(second)) {
        return one.localeCompare(other);
    }
    return first - second;
}

function sort(head) {
    const table = head.closest("table");
    const descending = head.getAttribute("aria-sort") === "ascending";
    const bodies = [...table.tBodies].sort((one, other) => {
        const order = compare(valueOf(one, head.cellIndex), valueOf(other, head.cellIndex));
        return descending ? -order : order;
    });
    table.append(...bodies);
    for (const other of head.parentElement.cells) {
        other.removeAttribute("aria-sort");
    }
    head.setAttribute("aria-sort", descending ? "descending" : "ascending");
}

const debug = debugElement();
if (debug && !debug.dataset.djustSorts) {
    debug.dataset.djustSorts = "true";
    debug.addEventListener("click", (event) => {
        const head = event.target.closest(".djust-sortable th");
        if (head) {
            sort(head);
        }
    });
}
