// Sorts and filters the tables of the djust panel. A click on a head sorts, or Enter; a second one
// turns the order round. A text in the field leaves the lines that contain it.

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

function filter(field) {
    const wanted = field.value.trim().toLowerCase();
    const panel = field.closest(".djust-panel");
    for (const line of panel.querySelectorAll(".djust-sortable > tbody, .djust-lines > tbody > tr")) {
        line.hidden = !line.textContent.toLowerCase().includes(wanted);
    }
}

const debug = debugElement();
if (debug && !debug.dataset.djustSorts) {
    debug.dataset.djustSorts = "true";
    const sortBy = (event) => {
        const head = event.target.closest(".djust-sortable th");
        if (head) {
            sort(head);
        }
    };
    debug.addEventListener("click", sortBy);
    debug.addEventListener("keydown", (event) => {
        if (event.key === "Enter") {
            sortBy(event);
        }
    });
    debug.addEventListener("input", (event) => {
        if (event.target.matches(".djust-filter")) {
            filter(event.target);
        }
    });
}
