/// An export as its tests read it.
struct MetricsText {
    struct Series {
        var name: String
        /// With its labels, as `promtool test rules` takes it.
        var text: String
        var samples: [(at: Int64, value: String)] = []
    }

    /// In the order of the text.
    private(set) var series: [Series] = []
    /// What is against the rules of OpenMetrics, line by line.
    private(set) var mistakes: [String] = []

    init(_ text: String) {
        var family = ""
        var seenFamilies: Set<String> = []
        var seenSeries: Set<String> = []
        var isCounter = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            let words = line.split(separator: " ")
            if line.hasPrefix("# TYPE ") {
                family = String(words[2])
                isCounter = words[3] == "counter"
                if !seenFamilies.insert(family).inserted { mistakes.append("a second family: \(line)") }
            } else if line.hasPrefix("#") {
                if line != "# EOF", words[2] != family { mistakes.append("of another family: \(line)") }
            } else {
                let end = line.lastIndex(of: "}") ?? line.startIndex
                let head = String(line[...end])
                let name = String(head.prefix { $0 != "{" })
                let numbers = line[line.index(after: end)...].split(separator: " ")
                guard numbers.count == 2, let at = Double(numbers[1]), Double(numbers[0]) != nil else {
                    mistakes.append("no sample: \(line)")
                    continue
                }
                if name != family + (isCounter ? "_total" : "") { mistakes.append("of another family: \(line)") }
                if series.last?.text != head {
                    if !seenSeries.insert(head).inserted { mistakes.append("not together: \(line)") }
                    series.append(Series(name: name, text: head))
                }
                if let last = series[series.count - 1].samples.last {
                    if last.at >= Int64(at) { mistakes.append("not later: \(line)") }
                    if isCounter, let now = Double(numbers[0]), now < Double(last.value) ?? 0 {
                        mistakes.append("a counter that falls: \(line)")
                    }
                }
                series[series.count - 1].samples.append((Int64(at), String(numbers[0])))
            }
        }
        if !text.hasSuffix("\n# EOF\n") { mistakes.append("no end") }
    }

    /// The series of these names as the input of `promtool test rules`, one value for each `step` seconds from `start` on.
    func input(of names: [String], start: Int64, step: Int64) -> String {
        series.filter { names.contains($0.name) }.map { series in
            var values: [String] = []
            for sample in series.samples {
                let place = Int((sample.at - start) / step)
                while values.count < place { values.append("_") }
                values.append(sample.value)
            }
            let text = series.text.replacing("'", with: "''")
            return "    - series: '\(text)'\n      values: '\(values.joined(separator: " "))'\n"
        }.joined()
    }
}
