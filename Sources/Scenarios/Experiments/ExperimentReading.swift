import KubernetesAPI

/// Reads an experiment file, and records everything that is wrong with it.
struct ExperimentReading {
    /// Variants at most: each of them is loaded before anything is run.
    static let variantLimit = 1_000
    private static let seedLimit: Int64 = 100_000

    let context: DecodingContext

    func document(_ tree: ManifestTree) -> ExperimentDocument {
        var document = ExperimentDocument()
        guard let reader = FieldReader(tree, path: .root, context: context) else { return document }
        reader.requireHead(kind: ExperimentDocument.kind)
        reader.object("metadata") { metadata in
            if let name = metadata.string("name") { document.name = name }
            document.question = metadata.string("title") ?? ""
            _ = metadata.string("description")
        }
        if !reader.has("spec") { reader.error("spec", "a value is required", expected: "base, axes and seeds") }
        reader.object("spec") { read($0, &document) }
        reader.finish()
        return document
    }

    private func read(_ reader: FieldReader, _ document: inout ExperimentDocument) {
        document.base = reader.string("base") ?? document.base
        document.settings = settings("set", reader)
        document.axes = reader.objects("axes") { axis($0) }
        document.seeds = seeds(reader)
        document.ties = Int(reader.int64("tieBreaks", in: 0...1_000) ?? 0)
        document.metrics = names("metrics", reader)
        if let percent = reader.int64("confidence", in: 50...99) { document.confidence = Double(percent) / 100 }
        document.correction = reader.choice("correction") ?? document.correction
        document.expectations = reader.objects("expect") { expectation($0) }
        reader.object("pareto") { pareto in
            document.cost = name("cost", pareto)
            document.disruption = name("disruption", pareto)
            document.latency = name("latency", pareto)
        }
        checkAxes(document, reader)
        readBaseline(reader, &document)
    }

    // MARK: - What is varied

    private func axis(_ reader: FieldReader) -> ExperimentAxis {
        let name = reader.requiredString("name")
        let values = reader.objects("values") { value in
            let label = value.requiredString("label")
            if label.contains("/") { value.error("label", "found a slash", expected: "a label without one") }
            return ExperimentAxis.Value(label: label, settings: settings("set", value))
        }
        if values.isEmpty { reader.error("values", "there is no value", expected: "at least one label") }
        for (place, value) in values.enumerated() where values[..<place].contains(where: { $0.label == value.label }) {
            reader.error("values", "the label \"\(ManifestTree.shortened(value.label))\" occurs twice")
        }
        return ExperimentAxis(name: name, values: values)
    }

    /// Returns `path: value` pairs as `--set` has them.
    private func settings(_ field: String, _ reader: FieldReader) -> [ExperimentSetting] {
        guard let tree = reader.value(field) else { return [] }
        guard let entries = tree.entries else {
            reader.error(field, "found \(tree.summary)", expected: "a mapping of paths to values")
            return []
        }
        return entries.map { entry in
            let path = reader.path.field(field).field(entry.key).text
            // These two belong to the plan.
            if ["seed", "spec.seed"].contains(entry.key) {
                context.error(
                    "seeds are those of the experiment", path: reader.path.field(field).field(entry.key),
                    at: entry.keyPosition, expected: "seeds: beside the axes")
            }
            return ExperimentSetting(
                text: "\(entry.key)=\(TreePrinter.line(entry.value))", position: entry.keyPosition, path: path)
        }
    }

    private func checkAxes(_ document: ExperimentDocument, _ reader: FieldReader) {
        if document.axes.isEmpty { reader.error("axes", "nothing is varied", expected: "at least one axis") }
        for (place, axis) in document.axes.enumerated()
        where document.axes[..<place].contains(where: { $0.name == axis.name }) {
            reader.error("axes", "the axis \"\(ManifestTree.shortened(axis.name))\" occurs twice")
        }
        var count = 1
        for axis in document.axes { count = min(Self.variantLimit + 1, count * max(1, axis.values.count)) }
        if count > Self.variantLimit {
            reader.error(
                "axes", "the axes have more than \(Self.variantLimit) combinations", expected: "fewer values or axes")
        }
    }

    private func readBaseline(_ reader: FieldReader, _ document: inout ExperimentDocument) {
        guard let tree = reader.value("baseline") else { return }
        let path = reader.path.field("baseline")
        guard let entries = tree.entries else {
            context.error(
                "found \(tree.summary)", path: path, at: tree.position, expected: "a label for each axis, by its name")
            return
        }
        for entry in entries {
            guard let axis = document.axes.first(where: { $0.name == entry.key }) else {
                context.error(
                    "there is no such axis", path: path.field(entry.key), at: entry.keyPosition,
                    nearest: NearestName.of(entry.key, among: document.axes.map(\.name)))
                continue
            }
            let labels = axis.values.map(\.label)
            guard let label = ScenarioReading.plainText(entry.value), labels.contains(label) else {
                context.error(
                    "found \(entry.value.summary)", path: path.field(entry.key), at: entry.value.position,
                    expected: "one of \(labels.joined(separator: ", "))",
                    nearest: entry.value.string.flatMap { NearestName.of($0, among: labels) })
                continue
            }
            document.baseline[axis.name] = label
        }
    }

    // MARK: - How often, and what is looked at

    private func seeds(_ reader: FieldReader) -> [UInt64] {
        var (first, count) = (Int64(1), Int64(10))
        if reader.isMapping("seeds") {
            reader.object("seeds") { seeds in
                first = seeds.int64("first", in: 0...Int64.max - Self.seedLimit) ?? 1
                count = seeds.int64("count", in: 2...Self.seedLimit) ?? 10
            }
        } else {
            count = reader.int64("seeds", in: 2...Self.seedLimit) ?? 10
        }
        return (0..<count).map { UInt64(first + $0) }
    }

    private func names(_ field: String, _ reader: FieldReader) -> [ExperimentName] {
        reader.elements(field).enumerated().compactMap { place, tree in
            let path = reader.path.field(field).index(place)
            guard let text = tree.string, !text.isEmpty else {
                context.error("found \(tree.summary)", path: path, at: tree.position, expected: "the name of a metric")
                return nil
            }
            return ExperimentName(name: text, position: tree.position, path: path.text)
        }
    }

    private func name(_ field: String, _ reader: FieldReader) -> ExperimentName? {
        guard let tree = reader.value(field) else { return nil }
        guard let text = tree.string, !text.isEmpty else {
            reader.error(field, "found \(tree.summary)", expected: "a text")
            return nil
        }
        return ExperimentName(name: text, position: tree.position, path: reader.path.field(field).text)
    }

    private func expectation(_ reader: FieldReader) -> ExperimentExpectation? {
        for field in ["variant", "metric"] where !reader.has(field) { reader.error(field, "a value is required") }
        let finding: ExperimentExpectation.Finding? = reader.requiredChoice("is")
        guard let variant = name("variant", reader), let metric = name("metric", reader), let finding else {
            return nil
        }
        return ExperimentExpectation(variant: variant, metric: metric, finding: finding)
    }
}
