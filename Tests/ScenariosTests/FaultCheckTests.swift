import Testing

@testable import Scenarios

/// Faults of which it can be known before the run that they will strike nothing.
@Suite("Faults that cannot strike are warned of") struct FaultCheckTests {
    private func warnings(_ fault: String, _ rest: String = "") -> [String] {
        ScenarioFixtures.warnings(
            ScenarioFixtures.load(spec: "  duration: 1d\n\(rest)  faults:\n    - {name: f, \(fault)}\n"))
    }

    @Test(
        "with the line, and what is wrong",
        arguments: [
            ("kind: NodeCrash, at: 3d", "faults[0].at: f strikes first after 3d, and the run ends after 24h"),
            ("kind: NodeCrash, every: 2d", "faults[0].every: f strikes first after 2d, and the run ends after 24h"),
            (
                "kind: NodeCrash, at: 1h, target: {pool: a, labels: {disk: ssd}}",
                "faults[0].target: f has no machine that it could strike"
            ),
            (
                "kind: BadRollout, trouble: crashes, at: 1h, target: {labels: {app: other}}",
                "faults[0].target: f has no Deployment that it could strike"
            ),
            (
                "kind: RegistryOutage, at: 1h, target: {registry: quay.io}",
                "faults[0].target: f strikes the registry quay.io, and no image comes from there (expected one of registry.example.com)"
            ),
            (
                "kind: ImageMissing, at: 1h, target: {repository: shop/other}",
                "faults[0].target: f strikes the image shop/other, and no container has it"
            ),
        ])
    func warned(_ fault: String, _ warning: String) {
        let found = warnings(fault)
        #expect(found.count == 1 && found[0].contains(warning) && found[0].hasPrefix("scenario.yaml:7:"), "\(found)")
    }

    @Test(
        "and those that can strike are not",
        arguments: [
            "kind: NodeCrash, at: 24h", "kind: NodeCrash, at: 1h, target: {pool: a}",
            "kind: BadRollout, trouble: crashes, at: 1h", "kind: BadRollout, trouble: crashes, at: 1h, target: {name: web}",
            "kind: RegistryOutage, at: 1h", "kind: RegistryOutage, at: 1h, target: {registry: registry.example.com}",
            "kind: NodeCrash, lifetime: {constant: 30d}", "kind: NodeCrash, when: {pending: 3}",
        ])
    func silent(_ fault: String) { #expect(warnings(fault) == []) }

    @Test("a Deployment that a change deletes first is missed, unless another makes it anew")
    func deleted() {
        let fault = "kind: BadRollout, trouble: crashes, at: 3h, target: {name: web}"
        let deletion = "    - {at: 1h, delete: {kind: Deployment, namespace: default, name: web}}\n"
        let found = warnings(fault, "  changes:\n" + deletion)
        #expect(found.count == 1 && found[0].contains("a change has deleted it after 1h"), "\(found)")
        let anew = "    - {at: 2h, apply: manifests/web.yaml}\n"
        #expect(warnings(fault, "  changes:\n" + deletion + anew) == [])
        #expect(warnings(fault, "  changes:\n" + deletion.replacing("1h", with: "4h")) == [])
    }
}
