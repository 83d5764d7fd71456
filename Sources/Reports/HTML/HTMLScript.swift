/// What makes tables sortable; without it the page says the same.
enum HTMLScript {
    static let text = """
        for (const table of document.querySelectorAll("table.sortable")) {
          const heads = [...table.tHead.rows[0].cells];
          heads.forEach((head, column) => {
            const button = document.createElement("button");
            button.type = "button";
            button.textContent = head.textContent;
            head.replaceChildren(button);
            button.addEventListener("click", () => {
              const down = head.getAttribute("aria-sort") === "ascending";
              heads.forEach((other) => other.removeAttribute("aria-sort"));
              head.setAttribute("aria-sort", down ? "descending" : "ascending");
              const key = (row) => {
                const cell = row.cells[column];
                return cell.dataset.v === undefined ? cell.textContent : Number(cell.dataset.v);
              };
              const order = (a, b) => {
                const x = key(a), y = key(b);
                if (typeof x === "number" && typeof y === "number") return x - y;
                if (typeof x !== typeof y) return typeof x === "number" ? -1 : 1;
                return x.localeCompare(y, "en", {numeric: true});
              };
              const rows = [...table.tBodies[0].rows].sort(order);
              if (down) rows.reverse();
              table.tBodies[0].append(...rows);
            });
          });
        }
        """
}
