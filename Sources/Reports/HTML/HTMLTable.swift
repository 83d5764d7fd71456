/// A table that can be sorted by each of its columns, with raw numbers beside what people read.
struct HTMLTable {
    /// A cell: what is shown, and by what it is sorted when that is a number.
    struct Cell {
        var text: String
        var number: Double?
        /// Whether it stands flush right.
        var isFigure: Bool

        init(_ text: String, _ number: Double? = nil) {
            self.text = text
            self.number = number
            isFigure = number != nil
        }

        /// A text, such as a date, that has a place in an order.
        static func ordered(_ text: String, _ number: Double) -> Cell {
            var cell = Cell(text, number)
            cell.isFigure = false
            return cell
        }
    }

    /// Rows that are shown at most; a page with more helps nobody.
    static let limit = 500

    let caption: String
    let columns: [String]
    let rows: [[Cell]]

    /// The table; its first column names the rows.
    var html: String {
        let isNumber = columns.indices.map { column in rows.contains { $0[column].isFigure } }
        var text = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"\(Markup.escaped(caption))\">"
        text += "<table class=\"sortable\"><caption>\(Markup.escaped(caption))</caption>\n<thead><tr>"
        for (place, column) in columns.enumerated() {
            text += "<th scope=\"col\"\(isNumber[place] ? " class=\"n\"" : "")>\(Markup.escaped(column))</th>"
        }
        text += "</tr></thead>\n<tbody>\n"
        for row in rows.prefix(Self.limit) {
            text += "<tr>"
            for (place, cell) in row.enumerated() {
                let value = cell.number.map { " data-v=\"\($0)\"" } ?? ""
                let style = isNumber[place] ? " class=\"n\"" : ""
                let content = Markup.escaped(cell.text)
                text +=
                    place == 0
                    ? "<th scope=\"row\"\(style)\(value)>\(content)</th>" : "<td\(style)\(value)>\(content)</td>"
            }
            text += "</tr>\n"
        }
        text += "</tbody></table></div>\n"
        if rows.count > Self.limit { text += "<p>\(rows.count - Self.limit) more rows are not shown.</p>\n" }
        return text
    }

    /// The table behind a line that opens it, as it stands under a chart.
    var folded: String {
        "<details><summary>The figures as a table</summary>\n\(html)</details>\n"
    }
}
