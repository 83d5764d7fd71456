import Chronology
import Foundation
import KubernetesAPI
import Testing

@testable import Scenarios

@Suite("The reference of the scenario file is that of the decoder")
struct ScenarioReferenceTests {
    static let path = "Sources/Scenarios/Scenarios.docc/ScenarioReference.md"
    static let survey = DecoderSurvey()

    @Test("the article has every field that the decoder asks for, and no other")
    func fields() throws {
        let article = Articles.text(Self.path)
        let reference = ScenarioReference(reading: article)
        try Articles.expect(Self.path, toBe: reference.article(of: Self.survey))
        if Articles.areRewritten { return }
        let known = ScenarioReference.paths(of: Self.survey)
        let (stated, read) = (Set(reference.paths), Set(known))
        #expect(known.count > 300)
        #expect(known.filter { !stated.contains($0) } == [], "the decoder reads fields that the article lacks")
        #expect(reference.paths.filter { !read.contains($0) } == [], "the article has fields that nobody reads")
    }

    @Test("every field has a meaning, and every sentence an end")
    func meanings() {
        for (path, note) in ScenarioReference(reading: Articles.text(Self.path)).notes {
            #expect(note.meaning.hasSuffix("."), "\(path) has no meaning: write it in \(Self.path)")
            #expect(!note.standard.isEmpty || note.isRequired, "\(path) has no default: write it in \(Self.path)")
        }
    }

    /// Sections of which a single field can be given alone, so that its default can be compared.
    static let alone = [
        "spec.autoscaler.clusterAutoscaler", "spec.autoscaler.karpenter", "spec.imageDistribution.cache",
        "spec.parameters", "spec.scheduler", "spec.volumes", "spec.cluster", "spec.record",
    ]

    @Test("a default that is given as code is what the decoder takes when the field is left out", arguments: alone)
    func defaults(section: String) throws {
        var compared = 0
        for (path, note) in ScenarioReference(reading: Articles.text(Self.path)).notes {
            let parts = path.split(separator: "/").map(String.init)
            let code = note.standard.split(separator: "`", omittingEmptySubsequences: false)
            guard parts[0] == section, code.count == 3, code[0] == "", code[2] == "" else { continue }
            let steps = section.split(separator: ".").map(String.init)
            #expect(
                try read(steps, "{\(parts[1]): \(code[1])}") == read(steps, "{}"),
                "\(path) is not \(code[1]) by default")
            compared += 1
        }
        #expect(compared > 0, "\(section) has no default given as code")
    }

    /// Returns all that the decoder makes of the sections above when `text` stands at `steps`.
    private func read(_ steps: [String], _ text: String) throws -> String {
        let yaml = "apiVersion: orrery.dev/v1\nkind: Scenario\nmetadata: {name: a}\n"
        let opened = steps.map { "{\($0): " }.joined().dropFirst()
        let line = yaml + opened + text + String(repeating: "}", count: steps.count - 1)
        let diagnostics = Diagnostics()
        let context = DecodingContext(
            file: "a.yaml", diagnostics: diagnostics, startDate: try StartDate(parsing: "2026-01-05"))
        let tree = try #require(YAMLParser.parse(Array(line.utf8), file: "a.yaml", diagnostics: diagnostics).first)
        let ledger = InputLedger(inputs: [], diagnostics: diagnostics)
        let document = ScenarioDocument(reading: tree, ScenarioReading(decoding: context, ledger: ledger))
        #expect(diagnostics.all.filter { $0.severity == .error } == [], "\(text)")
        var output = ""
        dump((document.parameters, document.kubelet, document.imageSupply), to: &output)
        dump((document.scheduler, document.volumes, document.keepsBindings), to: &output)
        dump((document.decisionDetail, document.autoscaler?.clusterAutoscaler), to: &output)
        dump(document.autoscaler?.karpenter, to: &output)
        return output
    }

    @Test("the article on comparisons names every field of an experiment")
    func experiment() {
        let article = Articles.text("Sources/Experiments/Experiments.docc/Compare.md")
        let sections = DecoderSurvey(DecoderSurvey.experiment).sections.filter { $0.path.hasPrefix("spec") }
        #expect(sections.count >= 4)
        for section in sections {
            for field in section.fields {
                let name = field.path.dropFirst(section.path.count).filter { $0 != "." }
                let isNamed = article.contains("`\(name)`") || article.contains("\(name): ")
                #expect(isNamed, "the decoder reads \(field.path), which the article does not name")
            }
        }
    }

    @Test("what the decoder's source calls a field stands in the article: the survey overlooks none")
    func names() throws {
        let article = Articles.text(Self.path)
        let folder = Articles.root.appendingPathComponent("Sources/Scenarios/Document")
        let getters = [
            "string", "requiredString", "int64", "count", "bool", "choice", "requiredChoice", "quantity", "strings",
            "oneOrMore", "stringMap", "optionalStringMap", "object", "objects", "read", "value", "elements", "require",
        ]
        let call = try Regex("[.](?:\(getters.joined(separator: "|")))[(]\"([A-Za-z-]+)\"", as: (Substring, Substring).self)
        var seen = 0
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) where file.hasSuffix(".swift") {
            let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            for match in text.matches(of: call) {
                let name = match.output.1
                seen += 1
                #expect(article.contains("`\(name)`"), "\(file) reads \(name), which the article does not name")
            }
        }
        #expect(seen > 150)
    }
}
