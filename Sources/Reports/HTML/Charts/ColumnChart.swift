/// How often values fall into bins.
struct ColumnChart: Chart {
    let summary: String
    let bins: [(label: String, count: Int)]

    var legend: [(style: String, text: String)] { [] }

    func draw(width: Double) -> Drawing {
        var drawing = Drawing(width: width, height: width < 500 ? 200 : 220)
        let plot = Plot(width: width, height: drawing.height, top: 20)
        let scale = Scale(
            from: 0, to: Double(bins.map(\.count).max() ?? 0) * 1.05, start: plot.bottom, end: plot.top)
        drawing.drawValues(scale, in: plot) { MetricFigure.text($0, unit: "count", largest: $0) }
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
