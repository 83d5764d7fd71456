/// How often values fall into bins.
struct ColumnChart: Chart {
    let summary: String
    let bins: [(label: String, count: Int)]

    var legend: [(style: String, text: String)] { [] }

    func draw(width: Double) -> Drawing {
        var drawing = Drawing(width: width, height: width < 500 ? 200 : 220)
        func text(_ count: Double) -> String { MetricFigure.text(count, unit: "count", largest: count) }
        let (plot, scale) = Drawing.plot(
            width: width, height: drawing.height, to: Double(bins.map(\.count).max() ?? 0) * 1.05, isWhole: true,
            top: 20, text: text)
        drawing.drawValues(scale, in: plot, isWhole: true, text: text)
        let step = plot.width / Double(max(1, bins.count))
        for (place, bin) in bins.enumerated() {
            let x = plot.left + step * Double(place)
            let y = scale.position(Double(bin.count))
            drawing.rectangle(
                x: x + 2, y: y, width: step - 4, height: plot.bottom - y, style: "s0",
                title: "\(bin.label): \(bin.count)")
            if bin.count > 0, width >= 500 {
                drawing.text("\(bin.count)", x: x + step / 2, y: y - 5, anchor: .middle)
            }
            if width >= 500 || place % 3 == 0 {
                drawing.text(bin.label, x: x + step / 2, y: plot.bottom + 17, anchor: .middle)
            }
        }
        return drawing
    }
}
