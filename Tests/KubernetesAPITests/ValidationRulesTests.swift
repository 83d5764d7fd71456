import Testing

@testable import KubernetesAPI

@Suite("Validation rules")
struct ValidationRulesTests {
    @Test(
        "names of RFC 1123",
        arguments: [
            ("a", true), ("a-b", true), ("0a", true), ("", false), ("-a", false), ("a-", false), ("A", false),
            ("a_b", false), ("a.b", false), (String(repeating: "a", count: 63), true),
            (String(repeating: "a", count: 64), false), ("ä", false),
        ])
    func labels(text: String, isRight: Bool) { #expect(NameRules.isDNSLabel(text) == isRight) }

    @Test(
        "keys of labels",
        arguments: [
            ("app", true), ("app.kubernetes.io/name", true), ("a/b/c", false), ("/a", false), ("a/", false),
            ("UPPER_case.1", true), ("Example.com/a", false), (".a", false), (String(repeating: "k", count: 64), false),
        ])
    func keys(text: String, isRight: Bool) { #expect(NameRules.isQualifiedName(text) == isRight) }

    @Test("owners that own each other are found, and those who merely have owners are not")
    func cycles() {
        func object(_ id: UInt64, ownedBy owners: [UInt64]) -> ObjectMeta {
            var meta = ObjectMeta(name: "o\(id)")
            meta.uid = UID(high: 0, low: id)
            meta.ownerReferences = owners.map {
                OwnerReference(apiVersion: "v1", kind: "Pod", name: "o\($0)", uid: UID(high: 0, low: $0))
            }
            return meta
        }
        // 1 → 2 → 3 → 1 is a cycle; 4 is owned by it, 5 owns into it, 6 owns itself, 7 is free.
        let objects = [
            object(1, ownedBy: [2]), object(2, ownedBy: [3]), object(3, ownedBy: [1, 5]), object(4, ownedBy: [1]),
            object(5, ownedBy: []), object(6, ownedBy: [6]), object(7, ownedBy: [99]),
        ]
        #expect(OwnerCycles.members(in: objects) == [0, 1, 2, 5])
        #expect(OwnerCycles.members(in: []) == [])
    }

    @Test("matchLabelKeys become requirements with the pod's own values")
    func matchLabelKeys() throws {
        var spec = PodSpec()
        let term = PodAffinityTerm(
            labelSelector: LabelSelector(matchLabels: ["app": "web"]), topologyKey: "zone",
            matchLabelKeys: ["hash", "absent"], mismatchLabelKeys: ["tenant"])
        spec.affinity = Affinity(podAntiAffinity: PodAffinityRules(required: [term]))
        let merged = spec.mergingMatchLabelKeys(labels: ["hash": "h1", "tenant": "t1"])
        let selector = try #require(merged.affinity?.podAntiAffinity?.required[0].labelSelector)
        #expect(
            selector.matchExpressions == [
                .init(key: "hash", operator: .in, values: ["h1"]),
                .init(key: "tenant", operator: .notIn, values: ["t1"]),
            ])
        #expect(merged.mergingMatchLabelKeys(labels: ["hash": "h1", "tenant": "t1"]) == merged)
    }

    @Test(
        "the pull policy follows from the tag",
        arguments: [
            ("nginx", Container.PullPolicy.always), ("nginx:latest", .always), ("nginx:1.25", .ifNotPresent),
            ("reg:5000/a/nginx", .always), ("reg:5000/a/nginx:1", .ifNotPresent),
            ("nginx@sha256:0123", .ifNotPresent), ("nginx:latest@sha256:0123", .always),
        ])
    func pullPolicy(image: String, expected: Container.PullPolicy) {
        #expect(Container.PullPolicy.default(ofImage: image) == expected)
    }
}
