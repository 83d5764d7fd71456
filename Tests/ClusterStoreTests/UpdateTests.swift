import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import Testing

@Suite("Updating objects")
struct UpdateTests {
    @Test("a write from an older state or for another uid is a conflict; version 0 is not checked")
    func conflicts() throws {
        var store = ObjectStore(seed: 1)
        let first = try store.add(newReplicaSet("a"))
        var second = first
        second.metadata.labels["x"] = "1"
        #expect(try store.apply(.update(second), now: .start).names == ["modified"])
        second.metadata.labels["x"] = "2"
        #expect(throws: ActionError.conflict) { try store.apply(.update(second), now: .start) }
        #expect(throws: ActionError.conflict) { try store.apply(.updateStatus(second), now: .start) }
        second.metadata.resourceVersion = 0
        #expect(try store.apply(.update(second), now: .start).names == ["modified"])
        second.metadata.uid = UID(high: 9, low: 9)
        #expect(throws: ActionError.conflict) { try store.apply(.update(second), now: .start) }
        #expect(throws: ActionError.notFound) { try store.apply(.update(newReplicaSet("b")), now: .start) }
        #expect(throws: ActionError.notFound) { try store.apply(.updateStatus(.pod(newPod("b"))), now: .start) }
    }

    @Test("a stateful set keeps its selector, claims, service and pod management")
    func statefulSets() throws {
        var store = ObjectStore(seed: 1)
        var metadata = ObjectMeta(name: "db", namespace: "default")
        metadata.labels["x"] = "1"
        let added = try store.add(.statefulSet(StatefulSet(metadata: metadata, spec: StatefulSet.Spec())))
        func update(_ body: (inout StatefulSet) -> Void) throws {
            guard case .statefulSet(var set) = added else { return }
            set.metadata.resourceVersion = 0
            body(&set)
            _ = try store.apply(.update(.statefulSet(set)), now: .start)
        }
        try update { $0.spec.replicas = 3 }
        try update { $0.spec.whenScaled = .delete }
        let changes: [(inout StatefulSet) -> Void] = [
            { $0.spec.isParallel = true }, { $0.spec.serviceName = "s" },
            { $0.spec.selector = LabelSelector(matchLabels: ["a": "b"]) },
            {
                $0.spec.volumeClaimTemplates = [
                    PersistentVolumeClaim(metadata: ObjectMeta(name: "c"), spec: PersistentVolumeClaimSpec())
                ]
            },
        ]
        for change in changes { #expect(throws: ActionError.self) { try update(change) } }
    }

    @Test("deployments, replica sets and daemon sets keep their selectors")
    func selectors() throws {
        var store = ObjectStore(seed: 1)
        let metadata = ObjectMeta(name: "a", namespace: "default")
        var objects: [KubernetesObject] = [
            .deployment(Deployment(metadata: metadata, spec: Deployment.Spec())),
            .daemonSet(DaemonSet(metadata: metadata, spec: DaemonSet.Spec())), newReplicaSet("a"),
        ]
        for place in objects.indices {
            _ = try store.add(objects[place])
            let other = LabelSelector(matchLabels: ["app": "other"])
            switch objects[place] {
            case .deployment(var object):
                object.spec.selector = other
                objects[place] = .deployment(object)
            case .daemonSet(var object):
                object.spec.selector = other
                objects[place] = .daemonSet(object)
            case .replicaSet(var object):
                object.spec.selector = other
                objects[place] = .replicaSet(object)
            default: break
            }
            #expect(throws: ActionError.invalid("spec.selector: Invalid value: field is immutable")) {
                try store.apply(.update(objects[place]), now: .start)
            }
        }
    }

    private static let podChanges: [(name: String, isFixed: Bool, change: @Sendable (inout PodSpec) -> Void)] = [
        ("nothing", false, { _ in }), ("an image", false, { $0.containers[0].image = "web:2" }),
        ("one more toleration", false, { $0.tolerations.append(Toleration(key: "a", operator: .exists)) }),
        ("a deadline", false, { $0.activeDeadlineSeconds = 60 }),
        ("no tolerations", true, { $0.tolerations = [] }), ("the amounts", true, { $0.containers[0].requests = [.cpu: Quantity(1)] }),
        ("the places", true, { $0.nodeSelector = ["a": "b"] }), ("a gate", true, { $0.schedulingGates = ["g"] }),
        ("a container more", true, { $0.containers.append(Container(name: "b", image: "i")) }),
    ]

    @Test("of a pod that is there, few things change", arguments: podChanges.indices)
    func pods(index: Int) throws {
        var store = ObjectStore(seed: 1)
        var pod = try store.add(newPod("a"))
        Self.podChanges[index].change(&pod.spec)
        let outcome = Result { try store.apply(.update(.pod(pod)), now: .start) }
        #expect((try? outcome.get()) == nil ? Self.podChanges[index].isFixed : !Self.podChanges[index].isFixed)
    }

    @Test("a gated pod may be bound to fewer nodes, and never to more")
    func gated() throws {
        var store = ObjectStore(seed: 1)
        var pod = newPod("a")
        pod.spec.schedulingGates = ["g"]
        pod.spec.nodeSelector = ["a": "b"]
        pod = try store.add(pod)
        pod.metadata.resourceVersion = 0
        pod.spec.nodeSelector["c"] = "d"
        try store.apply(.update(.pod(pod)), now: .start)
        pod.spec.nodeSelector = ["c": "d"]
        #expect(throws: ActionError.self) { try store.apply(.update(.pod(pod)), now: .start) }
    }

    @Test("classes of priority and of storage keep what their objects were made by")
    func classes() throws {
        var store = ObjectStore(seed: 1)
        _ = try store.add(newPriorityClass("p", 1))
        #expect(throws: ActionError.invalid("value: Forbidden: may not be changed in an update.")) {
            try store.apply(.update(newPriorityClass("p", 2)), now: .start)
        }
        try store.apply(.update(newPriorityClass("p", 1, globalDefault: true)), now: .start)
        var storage = StorageClass(metadata: ObjectMeta(name: "s"))
        _ = try store.add(.storageClass(storage))
        storage.provisioner = "other"
        #expect(throws: ActionError.invalid("provisioner: Invalid value: \"other\": field is immutable")) {
            try store.apply(.update(.storageClass(storage)), now: .start)
        }
    }

    @Test("a claim grows once it is bound, and changes in nothing else")
    func claims() throws {
        var store = ObjectStore(seed: 1)
        var spec = PersistentVolumeClaimSpec()
        spec.request = Quantity(2)
        spec.storageClassName = "s"
        var storage = StorageClass(metadata: ObjectMeta(name: "s"))
        _ = try store.add(.storageClass(storage))
        let metadata = ObjectMeta(name: "c", namespace: "default")
        guard
            case .persistentVolumeClaim(var claim) = try store.add(
                .persistentVolumeClaim(PersistentVolumeClaim(metadata: metadata, spec: spec)))
        else { return }
        claim.metadata.resourceVersion = 0
        func update(_ body: (inout PersistentVolumeClaim) -> Void) throws {
            var wanted = claim
            body(&wanted)
            try store.apply(.update(.persistentVolumeClaim(wanted)), now: .start)
        }
        #expect(throws: ActionError.self) { try update { $0.spec.request = Quantity(3) } }
        claim.spec.volumeName = "v"
        claim.phase = "Bound"
        try update { _ in }
        try store.apply(.updateStatus(.persistentVolumeClaim(claim)), now: .start)
        let refusal = ActionError.forbidden(
            "persistentvolumeclaims \"c\" is forbidden: only dynamically provisioned pvc can be resized and the storageclass "
                + "that provisions the pvc must support resize")
        #expect(throws: refusal) { try update { $0.spec.request = Quantity(3) } }
        storage.allowsExpansion = true
        try store.apply(.update(.storageClass(storage)), now: .start)
        try update { $0.spec.request = Quantity(3) }
        #expect(throws: ActionError.self) { try update { $0.spec.request = Quantity(1) } }
        #expect(throws: ActionError.self) { try update { $0.spec.accessModes = [.readWriteMany] } }
        #expect(throws: ActionError.self) { try update { $0.spec.volumeName = "w" } }
    }

    @Test("the generation counts changes of the spec, and for deployments of the annotations")
    func generation() throws {
        var store = ObjectStore(seed: 1)
        guard case .replicaSet(var set) = try store.add(newReplicaSet("a")) else { return }
        set.metadata.annotations["note"] = "x"
        var event = try #require(try store.apply(.update(.replicaSet(set)), now: .start).first)
        #expect(event.object.metadata.generation == 1)
        set.metadata.resourceVersion = 0
        set.spec.replicas = 5
        event = try #require(try store.apply(.update(.replicaSet(set)), now: .start).first)
        #expect(event.object.metadata.generation == 2)
        var deployment = try store.add(
            .deployment(
                Deployment(metadata: ObjectMeta(name: "d", namespace: "default"), spec: Deployment.Spec())))
        deployment.metadata.annotations["note"] = "x"
        event = try #require(try store.apply(.update(deployment), now: .start).first)
        #expect(event.object.metadata.generation == 2)
    }

    @Test("an update leaves status and deletion alone, a status update everything else")
    func separation() throws {
        var store = ObjectStore(seed: 1)
        guard case .replicaSet(var set) = try store.add(newReplicaSet("a")) else { return }
        let stored = set.metadata
        set.status.replicas = 3
        set.metadata.deletionTimestamp = at(9)
        set.metadata.creationTimestamp = at(9)
        set.metadata.generation = 77
        #expect(try store.apply(.update(.replicaSet(set)), now: .start).isEmpty)
        set.spec.replicas = 9
        set.metadata.labels["x"] = "1"
        _ = try store.apply(.updateStatus(.replicaSet(set)), now: .start)
        let now = try #require(store.replicaSet(namespace: "default", name: "a"))
        #expect(now.status.replicas == 3 && now.spec.replicas == 1)
        #expect(now.metadata.labels == stored.labels && now.metadata.generation == 1)
        #expect(now.metadata.deletionTimestamp == nil)
    }

    @Test("a write that changes nothing makes no event and no version")
    func nothing() throws {
        var store = ObjectStore(seed: 1)
        let pod = try store.addRunning("a")
        let set = try store.add(newReplicaSet("a"))
        _ = try store.add(.node(newNode("node-1")))
        let node = try #require(store.node("node-1"))
        let ready = Condition(Condition.ready, .true, at: at(99))
        try store.apply(.patchNodeConditions("node-1", [Condition(Condition.ready, .true, at: at(1))]), now: .start)
        let version = store.resourceVersion
        var patch = PodStatusPatch(conditions: [ready])
        patch.phase = .running
        let key = pod.key
        let uid = pod.metadata.uid
        for action: Action in [
            .update(.pod(pod)), .updateStatus(.pod(pod)), .update(set), .updateStatus(set),
            .update(.node(nodeWithoutVersion(node))), .patchPodStatus(key, uid: uid, patch),
            .patchNodeConditions("node-1", [ready]),
            .patchNodeTaints("node-1", add: [], remove: [Taint(key: "k", effect: .noExecute)]),
        ] {
            #expect(try store.apply(action, now: at(99)).isEmpty, "\(action.key)")
        }
        #expect(store.resourceVersion == version)
    }

    private func nodeWithoutVersion(_ node: Node) -> Node {
        var free = node
        free.metadata.resourceVersion = 0
        return free
    }

    @Test("a pod's node changes by binding only")
    func nodeName() throws {
        var store = ObjectStore(seed: 1)
        var pod = try store.add(newPod("a"))
        pod.nodeName = "node-1"
        let error = #expect(throws: ActionError.self) { try store.apply(.update(.pod(pod)), now: .start) }
        guard case .invalid? = error else { Issue.record("not invalid"); return }
    }

    @Test("taints are told apart by key and effect")
    func taints() throws {
        var store = ObjectStore(seed: 1)
        _ = try store.add(.node(newNode("n")))
        let new = Taint(key: "node.kubernetes.io/not-ready", effect: .noSchedule)
        try store.apply(.patchNodeTaints("n", add: [], remove: [new]), now: .start)
        let first = Taint(key: "a", value: "1", effect: .noSchedule)
        let second = Taint(key: "a", value: "1", effect: .noExecute)
        try store.apply(.patchNodeTaints("n", add: [first, second], remove: []), now: .start)
        let third = Taint(key: "a", value: "2", effect: .noSchedule)
        try store.apply(.patchNodeTaints("n", add: [third], remove: [second]), now: .start)
        #expect(store.node("n")?.spec.taints == [third])
        #expect(throws: ActionError.notFound) {
            try store.apply(.patchNodeTaints("m", add: [third], remove: []), now: .start)
        }
    }

    @Test("a status patch sets conditions, phase and nomination, for the right uid only")
    func podPatch() throws {
        var store = ObjectStore(seed: 1)
        let pod = try store.add(newPod("a"))
        var patch = PodStatusPatch(conditions: [Condition(Condition.podScheduled, .false, reason: "No", at: at(1))])
        patch.nominatedNodeName = "n"
        #expect(throws: ActionError.conflict) {
            try store.apply(.patchPodStatus(pod.key, uid: UID(high: 1, low: 1), patch), now: at(1))
        }
        try store.apply(.patchPodStatus(pod.key, uid: pod.metadata.uid, patch), now: at(1))
        var stored = try #require(store.pod(namespace: "default", name: "a"))
        #expect(stored.status.nominatedNodeName == "n" && stored.status.conditions.count == 1)
        var clear = PodStatusPatch()
        clear.nominatedNodeName = .some(nil)
        clear.phase = .failed
        clear.reason = "Gone"
        try store.apply(.patchPodStatus(pod.key, uid: pod.metadata.uid, clear), now: at(2))
        stored = try #require(store.pod(namespace: "default", name: "a"))
        #expect(stored.status.nominatedNodeName == nil && stored.status.reason == "Gone")
        #expect(store.terminatedPods() == [stored])
    }

    @Test("a status written by uid does what the request does that carries a pod")
    func statusByUID() throws {
        var first = ObjectStore(seed: 1)
        let pod = try first.add(newPod("a"))
        var second = first
        for phase in [PodPhase.running, .running, .failed] {
            var wanted = pod
            wanted.metadata.resourceVersion = 0
            wanted.status.phase = phase
            wanted.status.conditions.set(Condition(.ready, .true, at: at(1)))
            let asked = try first.apply(.updateStatus(.pod(wanted)), now: at(2))
            var written: [WatchEvent] = []
            try second.updateStatus(ofPod: pod.metadata.uid, to: wanted.status, now: at(2), into: &written)
            #expect(written.names == asked.names)
            #expect(second.digest() == first.digest() && second.now == first.now)
            #expect(second.pod(namespace: "default", name: "a") == first.pod(namespace: "default", name: "a"))
        }
        var written: [WatchEvent] = []
        #expect(throws: ActionError.notFound) {
            try second.updateStatus(ofPod: UID(high: 1, low: 1), to: PodStatus(), now: at(3), into: &written)
        }
        #expect(written.isEmpty && second.checkIndexes().isEmpty)
    }
}
