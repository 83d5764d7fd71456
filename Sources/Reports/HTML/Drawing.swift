/// Shapes on a surface of a width and a height, as SVG; y grows downwards.
struct Drawing {
    /// Where a text begins.
    enum Anchor: String { case start, middle, end }

    let width: Double
    let height: Double
    private var parts: [String] = []

    init(width: Double, height: Double) {
        self.width = width
        self.height = height
    }

    mutating func rectangle(
        x: Double, y: Double, width: Double, height: Double, style: String, title: String? = nil
    ) {
        guard width > 0, height > 0 else { return }
        let shape =
            "<rect class=\"\(style)\" x=\"\(Markup.number(x))\" y=\"\(Markup.number(y))\" "
            + "width=\"\(Markup.number(max(width, 0.5)))\" height=\"\(Markup.number(height))\""
        close(shape, "rect", title)
    }

    mutating func circle(x: Double, y: Double, radius: Double, style: String, title: String? = nil) {
        close(
            "<circle class=\"\(style)\" cx=\"\(Markup.number(x))\" cy=\"\(Markup.number(y))\" "
                + "r=\"\(Markup.number(radius))\"",
            "circle", title)
    }

    mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, style: String) {
        parts.append(
            "<line class=\"\(style)\" x1=\"\(Markup.number(x1))\" y1=\"\(Markup.number(y1))\" "
                + "x2=\"\(Markup.number(x2))\" y2=\"\(Markup.number(y2))\"/>")
    }

    /// Draws straight lines from point to point.
    mutating func path(_ points: [(x: Double, y: Double)], style: String, isClosed: Bool = false) {
        guard points.count > 1 else { return }
        let steps = points.map { "\(Markup.number($0.x)) \(Markup.number($0.y))" }.joined(separator: "L")
        parts.append("<path class=\"\(style)\" d=\"M\(steps)\(isClosed ? "Z" : "")\"/>")
    }

    mutating func text(_ text: String, x: Double, y: Double, anchor: Anchor = .start, style: String = "label") {
        parts.append(
            "<text class=\"\(style)\" x=\"\(Markup.number(x))\" y=\"\(Markup.number(y))\" "
                + "text-anchor=\"\(anchor.rawValue)\">\(Markup.escaped(text))</text>")
    }

    private mutating func close(_ shape: String, _ name: String, _ title: String?) {
        parts.append(
            title.map { "\(shape)><title>\(Markup.escaped($0))</title></\(name)>" } ?? "\(shape)/>")
    }

    /// The drawing as an image that is described by `label`.
    func svg(label: String, style: String) -> String {
        "<svg class=\"\(style)\" viewBox=\"0 0 \(Markup.number(width)) \(Markup.number(height))\" role=\"img\" "
            + "aria-label=\"\(Markup.escaped(label))\">\(parts.joined())</svg>\n"
    }
}
