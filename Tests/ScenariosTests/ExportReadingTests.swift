import Chronology
import KubernetesAPI
import Machines
import Observations
import Scenarios
import Simulation
import Testing
import VirtualTime
import Workloads

@Suite("What is read of a live cluster's export")
struct ExportReadingTests {
    private static let uid = "11111111-1111-1111-1111-11111111111"

    /// A node and further objects, which stand in a list and are indented by four.
    private static func load(
        _ items: String, node: String = "", change: (inout RunRequest) -> Void = { _ in }
    ) -> LoadedScenario {
        let text = """
            apiVersion: v1
            kind: List
            items:
              - apiVersion: v1
                kind: Node
                metadata: {name: n1, labels: {node.kubernetes.io/instance-type: m6i.large\(node)}}
                status: {capacity: {cpu: "2", memory: 8Gi, pods: "29"}}
            \(items)
            """
        return ScenarioFixtures.load(manifests: [("cluster.yaml", text)]) { request in
            request.startDate = "2026-01-05"
            change(&request)
        }
    }

    private static func pod(_ name: String, owner: String = "", status: String) -> String {
        """
          - apiVersion: v1
            kind: Pod
            metadata: {name: \(name), namespace: default, uid: \(uid)\(name.count % 10), labels: {app: \(name)}\(owner)}
            spec: {nodeName: n1, containers: [{name: main, image: "shop/\(name):1"}]}
            status: {\(status)}
        """
    }

    // MARK: - Pools

    @Test(
        "the pool is that of the known labels, else it is called after the type",
        arguments: [
            (", eks.amazonaws.com/nodegroup: Blue", "blue"), (", cloud.google.com/gke-nodepool: pool-1", "pool-1"),
            (", karpenter.sh/nodepool: default, karpenter.sh/capacity-type: spot", "default-spot"),
            (", kops.k8s.io/instancegroup: nodes.k8s", "nodes-k8s"), ("", "m6i-large"),
        ])
    func pools(label: String, name: String) throws {
        let setup = try #require(Self.load("", node: label).setup)
        #expect(setup.pools.map(\.name) == [name])
        #expect(setup.pools[0].machineType.name == "m6i.large")
    }

    // MARK: - Owners

    @Test("an owner that is not in the export is told, and its pods are nobody's garbage")
    func missingOwner() throws {
        let owner =
            ", ownerReferences: [{apiVersion: argoproj.io/v1alpha1, kind: Rollout, name: web, uid: \(Self.uid)7, controller: true}]"
        let loaded = Self.load(Self.pod("a", owner: owner, status: "phase: Running"))
        let setup = try #require(loaded.setup, "\(loaded.diagnostics)")
        #expect(setup.warnings.count == 1)
        #expect(setup.warnings[0].hasPrefix("cluster.yaml:8:5: warning: Pod: its owner, a Rollout, is not in the export"))
        let told = LiveCluster.run(setup).told
        #expect(told.deleted == [])
    }

    @Test("a deployment without its replica sets is told, as it makes new ones")
    func missingSets() throws {
        let text = """
              - apiVersion: apps/v1
                kind: Deployment
                metadata: {name: web, uid: \(Self.uid)3}
                spec: {replicas: 1, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: x}]}}}
                status: {replicas: 1, observedGeneration: 1}
            """
        let setup = try #require(Self.load(text).setup)
        #expect(setup.warnings.contains { $0.contains("its replica sets are not in the export") })
    }

    @Test("a stateful set half way through an update goes on, though its revisions are not in the export")
    func halfUpdated() throws {
        func pod(_ number: Int, _ image: String, _ revision: String) -> String {
            """
              - apiVersion: v1
                kind: Pod
                metadata:
                  name: db-\(number)
                  uid: \(Self.uid)\(number)
                  labels: {app: db, controller-revision-hash: \(revision), statefulset.kubernetes.io/pod-name: db-\(number)}
                  ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: db, uid: \(Self.uid)9, controller: true}]
                spec: {nodeName: n1, hostname: db-\(number), subdomain: db, containers: [{name: c, image: "\(image)"}]}
                status:
                  phase: Running
                  conditions: [{type: Ready, status: "True", lastTransitionTime: "2026-01-04T00:00:02Z"}]
                  containerStatuses: [{name: c, ready: true, started: true, state: {running: {startedAt: "2026-01-04T00:00:00Z"}}}]
            """
        }
        let set = """
              - apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: db, uid: \(Self.uid)9, generation: 2}
                spec: {replicas: 2, serviceName: db, selector: {matchLabels: {app: db}}, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: c, image: "db:2"}]}}}
                status: {replicas: 2, readyReplicas: 2, availableReplicas: 2, currentReplicas: 1, updatedReplicas: 1, observedGeneration: 2, currentRevision: db-old, updateRevision: db-new}
            """
        let items = [set, pod(0, "db:1", "db-old"), pod(1, "db:2", "db-new")].joined(separator: "\n")
        let setup = try #require(Self.load(items) { $0.duration = "1h" }.setup)
        let revisions = setup.objects.filter { $0.kind == .controllerRevision }.map(\.metadata.name)
        #expect(revisions == ["db-old", "db-new"])
        let (world, told) = LiveCluster.run(setup)
        #expect(world.violation == nil)
        #expect(told.created == ["db-0"])
        #expect(told.deleted.count == 1)
        #expect(told.end(of: "db-1")?.isAlive == true)
    }

    @Test("when a taint was set tells it from no other")
    func taints() {
        let taint = Taint(key: "a", value: "b", effect: .noExecute, timeAdded: .start)
        #expect(taint == Taint(key: "a", value: "b", effect: .noExecute))
        #expect(taint.hashValue == Taint(key: "a", value: "b", effect: .noExecute).hashValue)
        #expect(taint != Taint(key: "a", value: "b", effect: .noSchedule, timeAdded: .start))
    }

    // MARK: - Trouble

    @Test("an image that could not be pulled is missing, unless somebody has it", arguments: [true, false])
    func missingImage(hasOther: Bool) throws {
        var items = Self.pod(
            "a", status: "phase: Pending, containerStatuses: [{name: main, state: {waiting: {reason: ImagePullBackOff}}}]")
        if hasOther {
            items +=
                "\n"
                + Self.pod(
                    "bb", status: "phase: Running, containerStatuses: [{name: main, ready: true, state: {running: {startedAt: \"2026-01-04T00:00:00Z\"}}}]"
                ).replacing("shop/bb:1", with: "shop/a:1")
        }
        let loaded = Self.load(items)
        var images = try #require(loaded.setup, "\(loaded.diagnostics)").images
        #expect((images.bytes(of: "shop/a:1") != nil) == hasOther)
        #expect(loaded.diagnostics.contains { $0.message.contains("could not be pulled") } == !hasOther)
    }

    private static let loop =
        "phase: Running, containerStatuses: [{name: main, restartCount: 3, state: {waiting: {reason: CrashLoopBackOff}}, "
        + "lastState: {terminated: {exitCode: 2, startedAt: \"2026-01-04T23:59:00Z\", finishedAt: \"2026-01-04T23:59:07Z\"}}}]"

    @Test("a crash loop becomes a rule below those of the scenario, unless a sister runs well", arguments: [true, false])
    func loops(hasSister: Bool) throws {
        var items = Self.pod("a", status: Self.loop)
        if hasSister {
            items +=
                "\n"
                + Self.pod(
                    "bb", status: "phase: Running, containerStatuses: [{name: main, ready: true, state: {running: {startedAt: \"2026-01-04T00:00:00Z\"}}}]"
                ).replacing("app: bb", with: "app: a")
        }
        let loaded = Self.load(items)
        let setup = try #require(loaded.setup, "\(loaded.diagnostics)")
        #expect(setup.workloads.rules.count == (hasSister ? 0 : 1))
        #expect(loaded.diagnostics.contains { $0.message.contains("is taken to run, unless") } == hasSister)
        guard let rule = setup.workloads.rules.first else { return }
        #expect(rule.outcome?.failureExitCode == 2)
        #expect(rule.outcome?.failureAfter == .constant(7))
    }

    @Test("pods without labels are no sisters")
    func loopsWithoutLabels() throws {
        let running = "phase: Running, containerStatuses: [{name: main, ready: true, state: {running: {startedAt: \"2026-01-04T00:00:00Z\"}}}]"
        let items = [Self.pod("a", status: Self.loop), Self.pod("bb", status: running)]
            .map { $0.replacing(", labels: {app: a}", with: "").replacing(", labels: {app: bb}", with: "") }
        let loaded = Self.load(items.joined(separator: "\n"))
        #expect(try #require(loaded.setup, "\(loaded.diagnostics)").workloads.rules.count == 1)
    }

    @Test("a node that says it is not ready goes on saying so, and its pods leave after their toleration")
    func notReady() throws {
        let text = """
            apiVersion: v1
            kind: List
            items:
              - apiVersion: v1
                kind: Node
                metadata: {name: n1, uid: \(Self.uid)1}
                spec: {taints: [{key: node.kubernetes.io/not-ready, effect: NoExecute, timeAdded: "2026-01-04T23:58:00Z"}]}
                status:
                  capacity: {cpu: "2", memory: 8Gi, pods: "29"}
                  conditions: [{type: Ready, status: "False", reason: KubeletNotReady, message: cni}]
              - {apiVersion: v1, kind: Node, metadata: {name: n2, uid: \(Self.uid)2}, status: {capacity: {cpu: "2", memory: 8Gi, pods: "29"}}}
              - apiVersion: v1
                kind: Pod
                metadata: {name: a, namespace: default, uid: \(Self.uid)3}
                spec: {nodeName: n1, containers: [{name: main, image: x}], tolerations: [{key: node.kubernetes.io/not-ready, operator: Exists, effect: NoExecute, tolerationSeconds: 300}]}
                status: {phase: Running, containerStatuses: [{name: main, ready: true, started: true, state: {running: {startedAt: "2026-01-04T00:00:00Z"}}}]}
            """
        let loaded = ScenarioFixtures.load(manifests: [("cluster.yaml", text)]) { request in
            request.startDate = "2026-01-05"
            request.duration = "1h"
        }
        let (world, told) = LiveCluster.run(try #require(loaded.setup, "\(loaded.diagnostics)"))
        #expect(world.value(of: "nodes.ready") == 1)
        // Tainted two minutes before the start; its kubelet is alive and ends it.
        #expect(told.deleted.count == 1)
        let ended = told.deleted.first?.endedAt ?? .start
        #expect(ended > .start + .seconds(180) && ended < .start + .seconds(215))
    }

    // MARK: - Mistakes

    @Test("what is wrong with an event is told with its place")
    func wrongEvent() {
        let text = """
              - apiVersion: v1
                kind: Event
                metadata: {name: e, namespace: default}
                involvedObject: {kind: Pod, name: a, namespace: default}
                lastTimestamp: yesterday
            """
        let errors = ScenarioFixtures.errors(Self.load(text))
        #expect(errors.count == 1)
        #expect(errors.first?.contains("cluster.yaml:12:20: error: lastTimestamp") == true, "\(errors)")
    }

    @Test("whether bindings are kept is said by the scenario, and above it by the request")
    func bindings() throws {
        var request = RunRequest()
        request.keepsBindings = false
        #expect(RunRequest(text: request.text) == request)
        let manifest =
            "apiVersion: v1\nkind: Node\nmetadata: {name: n1}\nstatus: {capacity: {cpu: \"2\", memory: 8Gi, pods: \"9\"}}\n---\n"
            + "apiVersion: v1\nkind: Pod\nmetadata: {name: a, uid: \(Self.uid)5}\nspec: {nodeName: n1, containers: [{name: c, image: x}]}\n"
            + "status: {phase: Running}\n"
        for (spec, asked, stays) in [("{}", nil, true), ("{keepBindings: false}", nil, false), ("{keepBindings: false}", true, true)] as [(String, Bool?, Bool)] {
            let loaded = ScenarioFixtures.load(spec: "  cluster: \(spec)", manifest: manifest) { $0.keepsBindings = asked }
            let setup = try #require(loaded.setup, "\(loaded.diagnostics)")
            guard case .pod(let pod)? = setup.objects.last else { return #expect(Bool(false), "no pod") }
            #expect((pod.nodeName == "n1") == stays)
        }
        let mistaken = ScenarioFixtures.load(spec: "  cluster: {keepBinding: false}", manifest: manifest)
        #expect(ScenarioFixtures.errors(mistaken).first?.contains("keepBindings") == true)
    }
}
