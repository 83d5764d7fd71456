import KubernetesAPI
import Observations
import Scenarios
import Simulation
import Testing

@Suite("Pods on nodes that are not in the input")
struct DetachedPodTests {
    private static let uid = "11111111-1111-1111-1111-1111111111"

    private static func pod(
        _ name: String, number: Int, owner: (kind: String, name: String, number: Int)? = nil, labels: String = "app: a",
        status: String = "phase: Running", node: String = "n0", more: String = ""
    ) -> String {
        let reference = owner.map {
            ", ownerReferences: [{apiVersion: apps/v1, kind: \($0.kind), name: \($0.name), uid: \(uid)\($0.number), "
                + "controller: true}]"
        }
        return """
            apiVersion: v1
            kind: Pod
            metadata: {name: \(name), namespace: shop, uid: \(uid)\(number), labels: {\(labels)}\(reference ?? "")\(more)}
            spec: {nodeName: \(node), containers: [{name: main, image: "shop/a:1"}]}
            status: {\(status)}
            ---

            """
    }

    private static func load(_ text: String) -> LoadedScenario {
        ScenarioFixtures.load(manifests: [("pods.yaml", text)]) {
            $0.machines = ["2xm6i.large"]
            $0.duration = "1h"
        }
    }

    private static func deployment(_ kind: String, _ name: String, number: Int) -> String {
        """
        apiVersion: apps/v1
        kind: \(kind)
        metadata: {name: \(name), namespace: shop, uid: \(uid)\(number)}
        spec:
          replicas: 1
          selector: {matchLabels: {app: a}}
          template: {metadata: {labels: {app: a}}, spec: {containers: [{name: main, image: "shop/a:1"}]}}
        ---

        """
    }

    @Test(
        "each is begun anew, unless something in the input makes another or nobody would run it",
        arguments: [
            (pod("a", number: 10), 1, "it begins anew, and is scheduled again"),
            (pod("a", number: 10, node: "m6i-large-1"), 1, ""),
            (pod("a", number: 10, status: "phase: Succeeded"), 0, "it has ended"),
            (pod("a", number: 10, more: ", deletionTimestamp: \"2026-01-05T00:00:00Z\""), 0, "it was on its way out"),
            (pod("a", number: 10, owner: ("ReplicaSet", "a-1", 20)), 1, "nobody scales or replaces it"),
            (pod("a", number: 10, owner: ("DaemonSet", "d", 20)), 0, "it belongs to that node alone"),
            (
                pod("a", number: 10, owner: ("ReplicaSet", "a-1", 20)) + deployment("ReplicaSet", "a-1", number: 20), 0,
                "its controller makes a new one"
            ),
            (
                pod("a", number: 10, owner: ("ReplicaSet", "a-77", 21), labels: "app: a, pod-template-hash: \"77\"")
                    + deployment("Deployment", "a", number: 20), 0, "its controller makes a new one"
            ),
        ])
    func each(_ text: String, pods: Int, told: String) throws {
        let loaded = Self.load(text)
        let setup = try #require(loaded.setup, "\(loaded.diagnostics)")
        let found = setup.objects.compactMap { if case .pod(let pod) = $0 { pod } else { nil } }
        #expect(found.count == pods)
        let isAnew = !told.isEmpty
        #expect(found.allSatisfy { ($0.nodeName == nil && $0.metadata.uid == .none) == isAnew })
        let messages = loaded.diagnostics.map(\.message).filter { $0.hasPrefix("Pod: its ") }
        #expect(messages.count == (isAnew ? 1 : 0) && messages.allSatisfy { $0.contains(told) }, "\(messages)")
    }

    @Test("what ran in the cluster runs in the end, and no more of it")
    func run() throws {
        let owned = (0..<3 as Range<Int>).map { Self.pod("w\($0)", number: 30 + $0, owner: ("ReplicaSet", "a-1", 20)) }
        let text = owned.joined() + Self.deployment("ReplicaSet", "a-1", number: 20) + Self.pod("bare", number: 10, labels: "app: bare")
        var world = World(try #require(Self.load(text).setup))
        world.run()
        #expect(world.value(of: "pods.running") == 2)
        #expect(world.value(of: "pods.failed") == 0)
    }

    @Test("a machine that somebody made up is warned of where it stands")
    func byHand() throws {
        let text =
            "kind: Pod\napiVersion: v1\nmetadata: {name: a}\n"
            + "spec: {nodeName: m6i-large-3, containers: [{name: main, image: \"a:1\"}]}\n"
        #expect(
            ScenarioFixtures.warnings(Self.load(text)) == [
                "pods.yaml:1:1: warning: spec.nodeName: there is no machine \"m6i-large-3\": the pod is taken for lost with "
                    + "it (expected the name of a machine, or nothing for the scheduler to choose; did you mean "
                    + "\"m6i-large-1\"?)"
            ])
        #expect(ScenarioFixtures.warnings(Self.load(text.replacing("large-3", with: "large-2"))) == [])
    }
}
