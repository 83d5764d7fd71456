/// Lines of cells that are aligned when they are written.
struct TextColumns {
    enum Side { case left, right }

    private let sides: [Side]
    private var rows: [[String]] = []

    /// Creates an empty table; `sides` says on which side each column is flush.
    init(_ sides: [Side]) { self.sides = sides }

    /// Adds a line; it has as many cells as there are columns.
    mutating func add(_ cells: [String]) {
        precondition(cells.count == sides.count, "a line has \(cells.count) cells, not \(sides.count)")
        rows.append(cells)
    }

    /// The lines, each with `indent` before it and a line break behind it.
    func text(indent: String = "  ") -> String {
        let widths = sides.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = indent
            for (column, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                if column > 0 { line += "  " }
                switch sides[column] {
                case .left: line += cell + padding
                case .right: line += padding + cell
                }
            }
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}
