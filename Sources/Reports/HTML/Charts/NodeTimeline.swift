import Chronology

/// What each machine was doing when, one line for each, with faults across them.
struct NodeTimeline: Chart {
    /// A machine and its stretches.
    struct Lane {
        var name: String
        var stretches: [(from: Instant, to: Instant, state: String)]
    }

    let summary: String
    let lanes: [Lane]
    /// The run's end.
    let end: Instant
    let clock: WallClock
    let marks: [(from: Instant, to: Instant, text: String)]

    /// The states that are drawn, in the order of the legend, with their styles.
    static let states = [
        ("ready", "ready"), ("booting", "booting"), ("notReady", "notready"), ("cordoned", "cordoned"),
    ]

    var legend: [(style: String, text: String)] {
        let seen = Self.states.filter { state, _ in
            lanes.contains { $0.stretches.contains { $0.state == state } }
        }
        let words = ["notReady": "not ready"]
        return seen.map { (style: $1, text: words[$0] ?? $0) }
            + (marks.isEmpty ? [] : [(style: "fault", text: "a fault is there")])
    }

    func draw(width: Double) -> Drawing {
        let pitch = lanes.count > 24 ? 12.0 : 20.0
        let top = marks.isEmpty ? 6.0 : 22.0
        var drawing = Drawing(width: width, height: top + pitch * Double(lanes.count) + 26)
        let longest = Double(lanes.map(\.name.count).max() ?? 0) * 7 + 12
        let left = min(longest, width < 500 ? 92 : 180)
        let plot = Plot(width: width, height: drawing.height, left: 0, top: top)
        let time = TimeScale(clock: clock, from: .start, to: end, start: left, end: plot.right)
        for (number, mark) in marks.enumerated() {
            let x = max(left, time.position(mark.from))
            drawing.rectangle(
                x: x, y: top - 4, width: max(2, min(plot.right, time.position(mark.to)) - x),
                height: plot.bottom - top + 4, style: "fault", title: mark.text)
            if marks.count <= 12 {
                drawing.text("\(number + 1)", x: x + 1, y: top - 8, style: "label mark")
            }
        }
        let room = Int((left - 8) / 7)
        for (place, lane) in lanes.enumerated() {
            let y = top + pitch * Double(place)
            let shown = lane.name.count > room ? "…" + lane.name.suffix(max(1, room - 1)) : lane.name
            if pitch > 12 || place % 2 == 0 {
                drawing.text(shown, x: left - 6, y: y + pitch / 2 + 4, anchor: .end)
            }
            for stretch in lane.stretches {
                guard let style = Self.states.first(where: { $0.0 == stretch.state })?.1 else { continue }
                let x = time.position(max(.start, stretch.from))
                let from = clock.text(of: stretch.from.wholeSecond)
                drawing.rectangle(
                    x: x, y: y + 3, width: time.position(stretch.to) - x, height: pitch - 6, style: style,
                    title: "\(lane.name): \(stretch.state) from \(from) for \(stretch.to - stretch.from)")
            }
        }
        // Once more above the machines, where each begins and ends.
        for mark in marks {
            for at in [mark.from, mark.to] where at < end {
                let x = time.position(max(.start, at))
                drawing.line(x, top - 4, x, plot.bottom, style: "edge")
            }
        }
        drawing.drawTime(time, in: Plot(from: left, to: plot.right, top: top, bottom: plot.bottom))
        return drawing
    }
}
