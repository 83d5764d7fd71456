import Chronology
import KubernetesAPI
import Scenarios
import Testing

let testStart = StartDate(unixSeconds: 1_767_225_600)  // 2026-01-01

/// Loads one text.
func load(_ text: String, strict: Bool = false) -> LoadedManifests {
    ManifestLoader(startDate: testStart, isStrict: strict).load(texts: [("test.yaml", text)])
}

/// The rendered errors of one text.
func errors(in text: String) -> [String] {
    load(text).diagnostics.filter { $0.severity == .error }.map(\.description)
}

/// Loads a text that must hold one object without errors.
func object(_ text: String) throws -> KubernetesObject {
    let loaded = load(text)
    #expect(loaded.diagnostics.filter { $0.severity == .error } == [])
    return try #require(loaded.objects.first?.object)
}

extension KubernetesObject {
    var asPod: Pod? { if case .pod(let pod) = self { pod } else { nil } }
    var asDeployment: Deployment? { if case .deployment(let object) = self { object } else { nil } }
}
