import Chronology
import ControlPlane
import Controllers
import FakeCluster
import KubernetesAPI
import Testing

@Suite("The deployment controller")
struct DeploymentTests {
    private static let key = Fixtures.key(.deployment, "web")

    private static func host(_ deployment: Deployment) -> FakeHost {
        var host = FakeHost([DeploymentReconciler(), ReplicaSetReconciler()])
        host.view.add(.deployment(deployment))
        host.settle()
        return host
    }

    private static func edit(_ host: inout FakeHost, _ body: (inout Deployment) -> Void) {
        host.view.change(key, spec: true) { object in
            guard case .deployment(var deployment) = object else { return }
            body(&deployment)
            object = .deployment(deployment)
        }
        host.settle()
    }

    /// Lets one pod after the other become ready or end, as the recorded kubelet did, until nothing moves.
    private static func drive(_ host: inout FakeHost, ready: (Pod) -> Bool = { _ in true }) {
        for _ in 0..<200 {
            host.run(for: .seconds(1))
            guard
                let pod = host.view.pods.first(where: {
                    $0.isTerminating || $0.status.phase == .pending || (!$0.isReady && ready($0))
                })
            else { return }
            if pod.isTerminating {
                host.end(pod)
            } else {
                let now = host.view.now
                let isReady = ready(pod)
                host.view.changePod(pod.key) {
                    $0.nodeName = "n1"
                    $0.status.phase = .running
                    $0.status.conditions.set(Condition("Ready", isReady ? .true : .false, at: now))
                }
            }
            host.settle()
        }
    }

    private static func trace(_ host: FakeHost) -> [String] {
        var names: [String] = []
        return host.trace.map { line in
            let name = String(line.prefix { $0 != " " })
            if !names.contains(name) { names.append(name) }
            return "rs\((names.firstIndex(of: name) ?? 0) + 1)" + line.dropFirst(name.count)
        }
    }

    private static func status(_ host: FakeHost) -> Deployment.Status? {
        host.view.deployment(namespace: "d", name: "web")?.status
    }

    struct Rolling: Sendable, CustomTestStringConvertible {
        var replicas: Int64
        var surge: IntOrPercent
        var unavailable: IntOrPercent
        var scalings: [String]
        var testDescription: String { "\(replicas) replicas, surge \(surge), unavailable \(unavailable)" }
    }

    @Test(
        "rolls as the real controller was recorded to",
        arguments: [
            Rolling(
                replicas: 4, surge: .percent(25), unavailable: .percent(25),
                scalings: [
                    "rs2 created 1", "rs1 scaled 4->3", "rs2 scaled 1->2", "rs1 scaled 3->2", "rs2 scaled 2->3",
                    "rs1 scaled 2->1", "rs2 scaled 3->4", "rs1 scaled 1->0",
                ]),
            Rolling(
                replicas: 3, surge: .number(1), unavailable: .number(0),
                scalings: [
                    "rs2 created 1", "rs1 scaled 3->2", "rs2 scaled 1->2", "rs1 scaled 2->1", "rs2 scaled 2->3",
                    "rs1 scaled 1->0",
                ]),
        ])
    func rolling(_ rolling: Rolling) {
        var host = Self.host(
            Fixtures.deployment(rolling.replicas, surge: rolling.surge, unavailable: rolling.unavailable))
        Self.drive(&host)
        Self.edit(&host) { $0.spec.template = Fixtures.template("app:v2") }
        Self.drive(&host)
        #expect(Self.trace(host) == ["rs1 created \(rolling.replicas)"] + rolling.scalings)
        #expect(Self.status(host)?.updatedReplicas == rolling.replicas)
        #expect(Self.status(host)?.conditions.named("Progressing")?.reason == "NewReplicaSetAvailable")
        #expect(host.leftovers().isEmpty)
    }

    @Test("scales three replica sets of two stuck rollouts in proportion")
    func proportional() {
        var host = Self.host(Fixtures.deployment(6, surge: .number(3), unavailable: .number(2)))
        func isGood(_ pod: Pod) -> Bool { pod.spec.containers[0].image == "app:v1" }
        Self.drive(&host, ready: isGood)
        Self.edit(&host) { $0.spec.template = Fixtures.template("app:bad") }
        Self.drive(&host, ready: isGood)
        Self.edit(&host) { $0.spec.template = Fixtures.template("app:bad2") }
        Self.drive(&host, ready: isGood)
        Self.edit(&host) { $0.spec.replicas = 12 }
        Self.drive(&host, ready: isGood)
        #expect(
            Self.trace(host) == [
                "rs1 created 6", "rs2 created 3", "rs1 scaled 6->4", "rs2 scaled 3->5", "rs3 created 0",
                "rs2 scaled 5->0", "rs3 scaled 0->5", "rs3 scaled 5->8", "rs1 scaled 4->7",
            ])
    }

    @Test("brings an old replica set back with a new revision, and keeps the old one in its history")
    func rollback() {
        var host = Self.host(Fixtures.deployment(3, surge: .number(1), unavailable: .number(0)))
        Self.drive(&host)
        for image in ["app:v2", "app:v1"] {
            Self.edit(&host) { $0.spec.template = Fixtures.template(image) }
            Self.drive(&host)
        }
        #expect(host.view.replicaSets.count == 2)
        let first = host.view.replicaSets[0].metadata.annotations
        #expect(first[DeploymentRevisions.revision] == "3")
        #expect(first[DeploymentRevisions.history] == "1")
        #expect(first[DeploymentRevisions.maxReplicas] == "4")
        let deployment = host.view.deployment(namespace: "d", name: "web")
        #expect(deployment?.metadata.annotations[DeploymentRevisions.revision] == "3")
    }

    @Test("deletes empty old replica sets beyond the history limit, oldest revision first")
    func history() {
        var deployment = Fixtures.deployment(1)
        deployment.spec.revisionHistoryLimit = 1
        var host = Self.host(deployment)
        Self.drive(&host)
        for image in ["app:v2", "app:v3", "app:v4"] {
            Self.edit(&host) { $0.spec.template = Fixtures.template(image) }
            Self.drive(&host)
        }
        #expect(host.view.replicaSets.map { DeploymentRevisions.revision(of: $0.metadata) } == [3, 4])
    }

    @Test("recreates only when the last old pod is gone")
    func recreate() {
        var deployment = Fixtures.deployment(2)
        deployment.spec.strategy = .recreate
        var host = Self.host(deployment)
        Self.drive(&host)
        Self.edit(&host) { $0.spec.template = Fixtures.template("app:v2") }
        #expect(Self.trace(host) == ["rs1 created 2", "rs1 scaled 2->0"])
        host.end(host.view.pods[0])
        host.settle()
        #expect(host.trace.count == 2)
        Self.drive(&host)
        #expect(Self.trace(host).last == "rs2 created 2")
        #expect(Self.status(host)?.availableReplicas == 2)
    }

    @Test("scales but does not roll while paused, and says so")
    func pause() {
        var host = Self.host(Fixtures.deployment(2))
        Self.drive(&host)
        Self.edit(&host) {
            $0.spec.paused = true
            $0.spec.template = Fixtures.template("app:v2")
            $0.spec.replicas = 3
        }
        Self.drive(&host)
        #expect(Self.trace(host) == ["rs1 created 2", "rs1 scaled 2->3"])
        #expect(Self.status(host)?.conditions.named("Progressing")?.reason == "DeploymentPaused")
        Self.edit(&host) { $0.spec.paused = false }
        Self.drive(&host)
        #expect(Self.status(host)?.updatedReplicas == 3)
        #expect(Self.status(host)?.conditions.named("Progressing")?.reason == "NewReplicaSetAvailable")
    }

    @Test("gives up on progress after the deadline, and takes it back when pods become ready")
    func deadline() {
        var deployment = Fixtures.deployment(2)
        deployment.spec.progressDeadlineSeconds = 30
        var host = Self.host(deployment)
        host.kubelet { _ in false }
        host.run(for: .seconds(29))
        #expect(Self.status(host)?.conditions.named("Progressing")?.status == .true)
        host.run(for: .seconds(5))
        #expect(Self.status(host)?.conditions.named("Progressing")?.reason == "ProgressDeadlineExceeded")
        #expect(Self.status(host)?.conditions.named("Available")?.reason == "MinimumReplicasUnavailable")
        host.kubelet()
        host.run(for: .seconds(1))
        #expect(Self.status(host)?.conditions.named("Progressing")?.reason == "NewReplicaSetAvailable")
    }

    @Test(
        "resolves percentages with the fencepost rule",
        arguments: [
            (10, IntOrPercent.percent(25), IntOrPercent.percent(25), 3, 2),
            (3, .percent(0), .percent(10), 0, 1),
            (4, .number(0), .percent(100), 0, 4),
            (0, .percent(25), .percent(25), 0, 0),
            (2, .number(0), .number(5), 0, 2),
        ])
    func fenceposts(replicas: Int64, surge: IntOrPercent, unavailable: IntOrPercent, up: Int64, down: Int64) {
        let deployment = Fixtures.deployment(replicas, surge: surge, unavailable: unavailable)
        #expect(deployment.maxSurge == up)
        #expect(deployment.maxUnavailable == down)
    }

    @Test(
        "shrinks old replica sets by what may be missed, and not while their counts are of before the last scaling",
        arguments: [(6, 6, [3]), (6, 4, [4, 3]), (6, 11, []), (6, 0, [3])] as [(Int64, Int64, [Int64])])
    func shrinking(replicas: Int64, available: Int64, sizes: [Int64]) {
        let deployment = Fixtures.deployment(10)
        var old = Fixtures.replicaSet(replicas, name: "old")
        old.status.availableReplicas = available
        var new = Fixtures.replicaSet(7, name: "new")
        new.status.availableReplicas = 5
        #expect(DeploymentScaling.shrinkOld(deployment, old: [old], new: new).map(\.replicas) == sizes)
    }

    @Test("says why its replica set could not be made, and tries again")
    func refusal() throws {
        let host = FakeHost([])
        host.view.add(.deployment(Fixtures.deployment(3)))
        let key = Fixtures.key(.deployment, "web")
        var reconciler = DeploymentReconciler()
        let first = reconciler.reconcile(key, in: host.view)
        let made = try #require(first.actions.first)
        #expect(first.events.isEmpty && first.events(of: 0).count == 1)
        reconciler.observe(made, error: .namespaceTerminating("d"))
        reconciler.observe(made, error: .alreadyExists)
        #expect(reconciler.reconcile(key, in: host.view).events.isEmpty)
        reconciler.observe(made, error: .forbidden("exceeded quota"))
        let second = reconciler.reconcile(key, in: host.view)
        #expect(second.events.map(\.reason) == ["ReplicaSetCreateError"])
        #expect(second.events.map(\.message) == ["Failed to create new replica set \"\(made.key.name)\": exceeded quota"])
        guard case .updateStatus(.deployment(let written))? = second.actions.first else {
            Issue.record("no status was written: \(second.actions)")
            return
        }
        let condition = try #require(written.status.conditions.named("Progressing"))
        #expect(condition.status == .false && condition.reason == "ReplicaSetCreateError")
        #expect(second.actions.contains { if case .create(.replicaSet) = $0 { true } else { false } })
    }

    @Test("a replica set that nobody has looked at leaves the number of terminating pods known")
    func terminating() {
        var old = Fixtures.replicaSet(1, name: "old")
        old.status.observedGeneration = 1
        old.status.terminatingReplicas = 2
        let new = Fixtures.replicaSet(1, name: "new")
        let deployment = Fixtures.deployment(2)
        func sum() -> Int64? {
            DeploymentProgress.counts(deployment, old: [old], new: new, now: .start).terminatingReplicas
        }
        #expect(sum() == 2)
        old.status.terminatingReplicas = nil
        #expect(sum() == nil)
    }

    @Test("records scalings as events in kubectl's words")
    func events() {
        let host = Self.host(Fixtures.deployment(3))
        let name = host.view.replicaSets[0].metadata.name
        #expect(name.hasPrefix("web-"))
        #expect(host.events.contains { $0.message == "Scaled up replica set \(name) from 0 to 3" })
        #expect(host.view.pods[0].metadata.labels[DeploymentRevisions.hashLabel] == String(name.dropFirst(4)))
    }

    @Test("hashes equal templates alike and others apart")
    func hash() {
        let one = DeploymentRevisions.hash(of: Fixtures.template(), collisions: nil)
        #expect(one == DeploymentRevisions.hash(of: Fixtures.template(), collisions: nil))
        #expect(one != DeploymentRevisions.hash(of: Fixtures.template("app:v2"), collisions: nil))
        #expect(one != DeploymentRevisions.hash(of: Fixtures.template(), collisions: 1))
    }

    @Test("takes another name when a stranger has the one it would give")
    func collision() {
        let deployment = Fixtures.deployment(1)
        let hash = DeploymentRevisions.hash(of: deployment.spec.template, collisions: nil)
        var host = FakeHost([DeploymentReconciler(), ReplicaSetReconciler()])
        var stranger = Fixtures.replicaSet(0, name: "web-\(hash)")
        stranger.metadata.labels = ["app": "other"]
        stranger.spec.selector = LabelSelector(matchLabels: ["app": "other"])
        host.view.add(.replicaSet(stranger))
        host.view.add(.deployment(deployment))
        host.settle()
        #expect(Self.status(host)?.collisionCount == 1)
        #expect(host.view.replicaSets.count == 2)
    }

    @Test("adopts a matching orphan replica set and takes it for its own when the template is the same")
    func adoption() {
        var host = FakeHost([DeploymentReconciler(), ReplicaSetReconciler()])
        var orphan = Fixtures.replicaSet(2, name: "legacy")
        orphan.metadata.labels = ["app": "web"]
        host.view.add(.replicaSet(orphan))
        host.view.add(.deployment(Fixtures.deployment(2)))
        host.settle()
        #expect(host.view.replicaSets.map(\.metadata.name) == ["legacy"])
        #expect(host.view.replicaSets[0].metadata.controllerReference?.kind == "Deployment")
        #expect(DeploymentRevisions.revision(of: host.view.replicaSets[0].metadata) == 1)
    }
}
