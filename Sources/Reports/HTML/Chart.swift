/// A picture of a report, with everything that it shows in a table beside it.
protocol Chart {
    /// What it shows, in a sentence for those who cannot see it.
    var summary: String { get }
    /// What colours stand for, in order; the style is a class of the style sheet.
    var legend: [(style: String, text: String)] { get }

    /// Draws it at a width in pixels; narrow ones are for telephones.
    func draw(width: Double) -> Drawing
}

extension Chart {
    /// The widths for screens, and for telephones.
    private var widths: [(style: String, width: Double)] { [("wide", 860), ("narrow", 350)] }

    /// The figure with its legend.
    var html: String {
        var text = "<div class=\"chart\">\n"
        if !legend.isEmpty {
            let items = legend.map {
                "<li><span class=\"swatch \($0.style)\" aria-hidden=\"true\"></span>\(Markup.escaped($0.text))</li>"
            }
            text += "<ul class=\"legend\">\(items.joined())</ul>\n"
        }
        for (style, width) in widths { text += draw(width: width).svg(label: summary, style: style) }
        return text + "</div>\n"
    }
}

/// The margins that labels of axes need, and what is left between them.
struct Plot {
    let left: Double
    let right: Double
    let top: Double
    let bottom: Double

    init(from left: Double, to right: Double, top: Double, bottom: Double) {
        self.left = left
        self.right = right
        self.top = top
        self.bottom = bottom
    }

    init(width: Double, height: Double, left: Double = 62, right: Double = 10, top: Double = 10, below: Double = 24) {
        self.left = width < 500 ? min(left, 52) : left
        self.right = width - right
        self.top = top
        bottom = height - below
    }

    var width: Double { right - left }
    var height: Double { bottom - top }
}

extension Drawing {
    /// Draws lines at round values, and what they stand for.
    mutating func drawValues(_ scale: Scale, in plot: Plot, isWhole: Bool = false, text: (Double) -> String) {
        for (tick, label) in Self.labels(scale, isWhole: isWhole, text: text) {
            let y = scale.position(tick)
            line(plot.left, y, plot.right, y, style: tick == 0 ? "axis" : "grid")
            self.text(label, x: plot.left - 6, y: y + 4, anchor: .end)
        }
    }

    /// The round values of a scale as they are written; cents that are all zero are left out.
    private static func labels(
        _ scale: Scale, isWhole: Bool, text: (Double) -> String
    ) -> [(tick: Double, label: String)] {
        let labels = scale.ticks(4, isWhole: isWhole).map { (tick: $0, label: text($0)) }
        guard labels.allSatisfy({ $0.label.hasSuffix(".00") }) else { return labels }
        return labels.map { ($0.tick, String($0.label.dropLast(3))) }
    }

    /// Returns a plot with values from `from` to `to` upwards, and as much room to the left as their labels need.
    static func plot(
        width: Double, height: Double, from: Double = 0, to: Double, isWhole: Bool = false, top: Double = 10,
        text: (Double) -> String
    ) -> (plot: Plot, scale: Scale) {
        let bottom = height - 24
        let scale = Scale(from: from, to: to, start: bottom, end: top)
        let longest = labels(scale, isWhole: isWhole, text: text).map(\.label.count).max() ?? 0
        return (Plot(from: max(36, Double(longest) * 7.2 + 10), to: width - 10, top: top, bottom: bottom), scale)
    }

    /// Draws dates under the plot.
    mutating func drawTime(_ scale: TimeScale, in plot: Plot) {
        for tick in scale.ticks(plot.width < 400 ? 4 : 9) {
            let x = scale.position(tick.at)
            line(x, plot.bottom, x, plot.bottom + 4, style: "axis")
            let anchor: Anchor = x < plot.left + 14 ? .start : x > plot.right - 14 ? .end : .middle
            text(tick.label, x: x, y: plot.bottom + 17, anchor: anchor)
        }
    }
}
