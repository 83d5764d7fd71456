import Testing

@testable import KubernetesAPI

@Suite("Diagnostics")
struct DiagnosticsTests {
    private func finding(_ severity: Diagnostic.Severity, _ message: String = "wrong") -> Diagnostic {
        Diagnostic(severity, file: "a.yaml", position: Position(line: 3, column: 5), path: "spec.x", message: message)
    }

    @Test("the canonical line names place, path, expectation and the nearest name")
    func rendering() {
        var diagnostic = finding(.error, "found the text \"x\"")
        diagnostic.expected = "a number"
        diagnostic.nearest = "replicas"
        #expect(
            diagnostic.description
                == "a.yaml:3:5: error: spec.x: found the text \"x\" (expected a number; did you mean \"replicas\"?)")
        #expect(Diagnostic(.note, file: "a", message: "m").description == "a: note: m")
    }

    @Test("reading stops after a hundred errors, and says so")
    func limit() {
        let diagnostics = Diagnostics()
        for _ in 0..<250 { diagnostics.add(finding(.error)) }
        #expect(diagnostics.isFull)
        #expect(diagnostics.all(.error).count == 100)
        #expect(diagnostics.all(.note).map(\.message) == ["stopped after 100 errors"])
    }

    @Test("warnings about one field pattern are folded into the first")
    func folding() {
        let diagnostics = Diagnostics()
        for _ in 0..<3 { diagnostics.addFolded(finding(.warning), pattern: "spec[].x") }
        diagnostics.addFolded(finding(.warning), pattern: "spec[].y")
        #expect(diagnostics.all.map(\.count) == [3, 1])
    }

    @Test("fields without influence are told in one note")
    func inert() {
        let diagnostics = Diagnostics()
        let place = SourcePlace(file: "a.yaml", position: Position(line: 1, column: 1))
        for pattern in ["spec.b", "spec.a", "spec.b"] { diagnostics.addInert(pattern: pattern, at: place) }
        #expect(diagnostics.all.count == 1)
        #expect(diagnostics.all[0].message.hasSuffix("spec.a, spec.b (2)"))
    }

    @Test("paths show indexes and put awkward keys in brackets")
    func paths() {
        let path = FieldPath.root.field("spec").field("containers").index(2).field("limits").field("nvidia.com/gpu")
        #expect(path.text == "spec.containers[2].limits[\"nvidia.com/gpu\"]")
        #expect(path.pattern == "spec.containers[].limits[\"nvidia.com/gpu\"]")
    }

    @Test(
        "the distance counts insertions, deletions, replacements and swaps",
        arguments: [("", "abc", 3), ("abc", "abc", 0), ("abc", "acb", 1), ("kitten", "sitting", 3), ("ab", "", 2)])
    func distance(left: String, right: String, expected: Int) {
        #expect(NearestName.distance(left, right) == expected)
    }

    @Test("the nearest name is found only when it is near")
    func nearest() {
        let names = ["replicas", "selector", "template"]
        #expect(NearestName.of("replcias", among: names) == "replicas")
        #expect(NearestName.of("Selector", among: names) == "selector")
        #expect(NearestName.of("zebra", among: names) == nil)
        #expect(NearestName.of("", among: names) == nil)
    }
}
