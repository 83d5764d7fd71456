import Chronology

/// Levels over time, the first of them as an area.
struct SteppedLines: Chart {
    let summary: String
    let names: [String]
    /// Stretches of time with the level of each name; nil where it is not known.
    let stretches: [(from: Instant, to: Instant, levels: [Double?])]
    let clock: WallClock
    /// Stretches to be marked, such as those of faults.
    let marks: [(from: Instant, to: Instant, text: String)]
    let text: (Double) -> String

    var legend: [(style: String, text: String)] {
        names.enumerated().map { (style: Self.style($0), text: $1) }
            + (marks.isEmpty ? [] : [(style: "fault", text: "a fault is there")])
    }

    private static func style(_ name: Int) -> String { "l\(name % 6)" }

    func draw(width: Double) -> Drawing {
        var drawing = Drawing(width: width, height: width < 500 ? 220 : 260)
        let largest = stretches.flatMap { $0.levels.compactMap { $0 } }.max() ?? 0
        let (plot, scale) = Drawing.plot(width: width, height: drawing.height, to: largest * 1.08, text: text)
        let time = TimeScale(
            clock: clock, from: stretches.first?.from ?? .start, to: stretches.last?.to ?? .start, start: plot.left,
            end: plot.right)
        for mark in marks {
            let x = max(plot.left, time.position(mark.from))
            drawing.rectangle(
                x: x, y: plot.top, width: max(2, min(plot.right, time.position(mark.to)) - x), height: plot.height,
                style: "fault", title: mark.text)
        }
        drawing.drawValues(scale, in: plot, text: text)
        drawing.drawTime(time, in: plot)
        for name in names.indices {
            var points: [(x: Double, y: Double)] = []
            for stretch in stretches {
                guard let level = stretch.levels[name] else {
                    drawing.path(points, style: "line \(Self.style(name))")
                    points = []
                    continue
                }
                let y = scale.position(level)
                points.append((time.position(stretch.from), y))
                points.append((time.position(stretch.to), y))
            }
            if name == 0, let first = points.first, let last = points.last {
                let area = [(x: first.x, y: plot.bottom)] + points + [(x: last.x, y: plot.bottom)]
                drawing.path(area, style: "area l0", isClosed: true)
            }
            drawing.path(points, style: "line \(Self.style(name))")
        }
        return drawing
    }
}
