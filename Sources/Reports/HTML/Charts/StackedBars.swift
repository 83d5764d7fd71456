/// Bars of parts on top of each other, one for each label.
struct StackedBars: Chart {
    let summary: String
    /// What each part is; the parts of all bars are in this order.
    let parts: [String]
    let bars: [(label: String, values: [Double])]
    let text: (Double) -> String

    var legend: [(style: String, text: String)] {
        parts.enumerated().map { (style: Self.style($0), text: $1) }
    }

    static func style(_ part: Int) -> String { "s\(part % 10)" }

    func draw(width: Double) -> Drawing {
        var drawing = Drawing(width: width, height: width < 500 ? 240 : 300)
        let largest = bars.map { $0.values.reduce(0) { $0 + max(0, $1) } }.max() ?? 0
        let (plot, scale) = Drawing.plot(width: width, height: drawing.height, to: largest * 1.05, text: text)
        drawing.drawValues(scale, in: plot, text: text)
        let step = plot.width / Double(max(1, bars.count))
        // A single day is no wall.
        let breadth = min(step > 6 ? step - min(step * 0.2, 12) : step - 0.5, 140)
        let gap = step - breadth
        let room = Double(bars.map(\.label.count).max() ?? 1) * 7 + 8
        let every = max(1, Int((room / step).rounded(.up)))
        for (place, bar) in bars.enumerated() {
            let x = plot.left + step * Double(place)
            var sum = 0.0
            for (part, value) in bar.values.enumerated() where value > 0 {
                let (low, high) = (scale.position(sum), scale.position(sum + value))
                drawing.rectangle(
                    x: x + gap / 2, y: high, width: step - gap, height: low - high, style: Self.style(part),
                    title: "\(bar.label): \(parts[part]) \(text(value))")
                sum += value
            }
            if place % every == 0 {
                drawing.text(bar.label, x: x + step / 2, y: plot.bottom + 17, anchor: .middle)
            }
        }
        return drawing
    }
}
