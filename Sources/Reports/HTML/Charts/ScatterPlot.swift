/// Points by two figures of which less is better, with the front that nothing is better than.
struct ScatterPlot: Chart {
    struct Point {
        var name: String
        var x: Double
        var y: Double
        var isFront: Bool
    }

    let summary: String
    let points: [Point]
    let axes: (x: String, y: String)
    let texts: (x: (Double) -> String, y: (Double) -> String)

    var legend: [(style: String, text: String)] {
        [(style: "front", text: "on the front"), (style: "behind", text: "something is better in all that is weighed")]
    }

    func draw(width: Double) -> Drawing {
        var drawing = Drawing(width: width, height: width < 500 ? 280 : 340)
        let plot = Plot(width: width, height: drawing.height, left: 84, right: 20, top: 26, below: 44)
        let x = Self.scale(points.map(\.x), start: plot.left, end: plot.right)
        let y = Self.scale(points.map(\.y), start: plot.bottom, end: plot.top)
        drawing.drawValues(y, in: plot, text: texts.y)
        drawing.line(plot.left, plot.bottom, plot.right, plot.bottom, style: "axis")
        for tick in x.ticks(plot.width < 400 ? 3 : 6) {
            drawing.line(x.position(tick), plot.bottom, x.position(tick), plot.bottom + 4, style: "axis")
            drawing.text(texts.x(tick), x: x.position(tick), y: plot.bottom + 17, anchor: .middle)
        }
        drawing.text(axes.x, x: (plot.left + plot.right) / 2, y: plot.bottom + 36, anchor: .middle, style: "label name")
        drawing.text(axes.y, x: 4, y: 14, style: "label name")
        let front = points.filter(\.isFront).sorted { ($0.x, $0.y, $0.name) < ($1.x, $1.y, $1.name) }
        drawing.path(front.map { (x.position($0.x), y.position($0.y)) }, style: "line frontline")
        for point in points {
            let (left, top) = (x.position(point.x), y.position(point.y))
            let title = "\(point.name): \(axes.x) \(texts.x(point.x)), \(axes.y) \(texts.y(point.y))"
            drawing.circle(
                x: left, y: top, radius: 6, style: point.isFront ? "front" : "behind", title: title)
        }
        for group in groups(x, y) {
            let (left, top) = (x.position(group[0].x), y.position(group[0].y))
            let isRight = left > plot.left + plot.width * 0.7
            let names = group.prefix(3).map(\.name).joined(separator: ", ") + (group.count > 3 ? ", …" : "")
            drawing.text(
                names, x: left + (isRight ? -10 : 10), y: top - 10, anchor: isRight ? .end : .start,
                style: "label point")
        }
        return drawing
    }

    /// Points that lie so near each other that their names would cover each other.
    private func groups(_ x: Scale, _ y: Scale) -> [[Point]] {
        var groups: [[Point]] = []
        for point in points {
            let near = groups.firstIndex { group in
                abs(x.position(group[0].x) - x.position(point.x)) < 60
                    && abs(y.position(group[0].y) - y.position(point.y)) < 13
            }
            if let near { groups[near].append(point) } else { groups.append([point]) }
        }
        return groups
    }

    private static func scale(_ values: [Double], start: Double, end: Double) -> Scale {
        let (low, high) = (values.min() ?? 0, values.max() ?? 1)
        let margin = max((high - low) * 0.12, high == low ? high.magnitude * 0.1 : 0)
        return Scale(from: low >= 0 ? max(0, low - margin) : low - margin, to: high + margin, start: start, end: end)
    }
}
