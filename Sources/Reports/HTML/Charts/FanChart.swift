import Chronology

/// What is to come, as a band for the most of it, a band for half of it, and the middle.
struct FanChart: Chart {
    struct Point {
        var at: Instant
        var p5: Double
        var p25: Double
        var p50: Double
        var p75: Double
        var p95: Double
    }

    let summary: String
    let points: [Point]
    let clock: WallClock
    /// Levels that are not to be reached, with their names.
    var limits: [(name: String, value: Double)] = []
    let text: (Double) -> String

    var legend: [(style: String, text: String)] {
        [
            (style: "fan90", text: "P5 to P95"), (style: "fan50", text: "P25 to P75"), (style: "l0", text: "median"),
        ] + (limits.isEmpty ? [] : [(style: "limit", text: "limit")])
    }

    /// Limits far above all that is to come would press it to the ground: they are not drawn.
    private var drawn: [(name: String, value: Double)] {
        let largest = points.map(\.p95).max() ?? 0
        return limits.filter { $0.value <= 4 * largest }
    }

    func draw(width: Double) -> Drawing {
        var drawing = Drawing(width: width, height: width < 500 ? 240 : 300)
        let (plot, scale) = Drawing.plot(
            width: width, height: drawing.height, from: min(0, points.map(\.p5).min() ?? 0),
            to: max(0, points.map(\.p95).max() ?? 0, drawn.map(\.value).max() ?? 0) * 1.05, text: text)
        let time = TimeScale(
            clock: clock, from: points.first?.at ?? .start, to: points.last?.at ?? .start, start: plot.left,
            end: plot.right)
        func band(_ low: (Point) -> Double, _ high: (Point) -> Double, _ style: String) {
            let above = points.map { (x: time.position($0.at), y: scale.position(high($0))) }
            let below = points.reversed().map { (x: time.position($0.at), y: scale.position(low($0))) }
            drawing.path(above + below, style: style, isClosed: true)
        }
        band(\.p5, \.p95, "fan90")
        band(\.p25, \.p75, "fan50")
        drawing.drawValues(scale, in: plot, text: text)
        drawing.drawTime(time, in: plot)
        drawing.path(
            points.map { (x: time.position($0.at), y: scale.position($0.p50)) }, style: "line l0")
        for limit in drawn {
            let y = scale.position(limit.value)
            drawing.line(plot.left, y, plot.right, y, style: "limit")
            drawing.text("\(limit.name) \(text(limit.value))", x: plot.left + 6, y: y - 5, style: "label mark")
        }
        return drawing
    }
}
