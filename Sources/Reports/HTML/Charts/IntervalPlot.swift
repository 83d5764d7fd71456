/// Differences with their intervals, one line for each, around zero.
struct IntervalPlot: Chart {
    struct Line {
        var name: String
        var difference: Double
        var low: Double
        var high: Double
        var isShown: Bool
    }

    let summary: String
    let lines: [Line]
    let text: (Double) -> String

    var legend: [(style: String, text: String)] {
        [(style: "shown", text: "a difference is shown"), (style: "unshown", text: "no difference shown")]
    }

    func draw(width: Double) -> Drawing {
        let pitch = 24.0
        var drawing = Drawing(width: width, height: pitch * Double(lines.count) + 34)
        let left = min(Double(lines.map(\.name.count).max() ?? 0) * 7.2 + 14, width < 500 ? 120 : 240)
        let plot = Plot(width: width, height: drawing.height, right: 26, top: 6)
        let (low, high) = (min(0, lines.map(\.low).min() ?? 0), max(0, lines.map(\.high).max() ?? 0))
        let margin = max((high - low) * 0.06, 1e-12)
        let scale = Scale(from: low - margin, to: high + margin, start: left, end: plot.right)
        for tick in scale.ticks(width < 500 ? 3 : 6) {
            let x = scale.position(tick)
            drawing.line(x, plot.top, x, plot.bottom, style: "grid")
            drawing.text(text(tick), x: x, y: plot.bottom + 17, anchor: .middle)
        }
        drawing.line(scale.position(0), plot.top, scale.position(0), plot.bottom, style: "zero")
        let room = Int((left - 10) / 7)
        for (place, line) in lines.enumerated() {
            let y = plot.top + pitch * (Double(place) + 0.5)
            let shown = line.name.count > room ? line.name.prefix(max(1, room - 1)) + "…" : line.name
            drawing.text(String(shown), x: left - 8, y: y + 4, anchor: .end)
            let style = line.isShown ? "shown" : "unshown"
            drawing.line(scale.position(line.low), y, scale.position(line.high), y, style: "whisker \(style)")
            drawing.circle(
                x: scale.position(line.difference), y: y, radius: 5, style: style,
                title: "\(line.name): \(text(line.difference)), \(text(line.low)) to \(text(line.high))")
        }
        return drawing
    }
}
