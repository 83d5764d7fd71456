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
        for (place, point) in points.enumerated() {
            let (left, top) = (x.position(point.x), y.position(point.y))
            let title = "\(point.name): \(axes.x) \(texts.x(point.x)), \(axes.y) \(texts.y(point.y))"
            drawing.circle(
                x: left, y: top, radius: 6, style: point.isFront ? "front" : "behind", title: title)
            // Points on the same place share a label's place; those before it push it down.
            let twins = points[..<place].count { abs(x.position($0.x) - left) < 40 && abs(y.position($0.y) - top) < 10 }
            let isRight = left > plot.left + plot.width * 0.7
            drawing.text(
                point.name, x: left + (isRight ? -10 : 10), y: top - 8 + Double(twins) * 14,
                anchor: isRight ? .end : .start, style: "label point")
        }
        return drawing
    }

    private static func scale(_ values: [Double], start: Double, end: Double) -> Scale {
        let (low, high) = (values.min() ?? 0, values.max() ?? 1)
        let margin = max((high - low) * 0.12, high == low ? high.magnitude * 0.1 : 0)
        return Scale(from: low >= 0 ? max(0, low - margin) : low - margin, to: high + margin, start: start, end: end)
    }
}
