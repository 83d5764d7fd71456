import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import Testing

/// Random requests from a linear congruential generator (Knuth's MMIX constants).
struct RandomRequests {
    private var state: UInt64
    // The pods and replica sets that were made; some are gone. Asking the store for lists would be most of the work.
    private var pods: [ObjectKey] = []
    private var sets: [ObjectKey] = []

    init(seed: UInt64) { state = seed }

    mutating func number(below bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    /// Sends `count` requests, about one in ten of which the store refuses; returns the number of events.
    mutating func send(_ count: Int, to store: inout ObjectStore, from start: Int = 0) -> Int {
        var events: [WatchEvent] = []
        var total = 0
        for step in 0..<count {
            let now = Instant(nanoseconds: Int64(start + step) / 3)
            if let action = next(in: store) { try? store.apply(action, now: now, into: &events) }
            total += events.count
            for case .added(let object) in events {
                if object.kind == .pod { pods.append(object.key) }
                if object.kind == .replicaSet { sets.append(object.key) }
            }
            events.removeAll()
        }
        return total
    }

    /// Returns one of the objects behind `keys` that are still there, and forgets those that are not.
    private mutating func pick(_ keys: WritableKeyPath<Self, [ObjectKey]>, in store: ObjectStore) -> KubernetesObject? {
        while !self[keyPath: keys].isEmpty {
            let place = number(below: self[keyPath: keys].count)
            if let object = store.object(self[keyPath: keys][place]) { return object }
            self[keyPath: keys].swapAt(place, self[keyPath: keys].count - 1)
            self[keyPath: keys].removeLast()
        }
        return nil
    }

    private mutating func next(in store: ObjectStore) -> Action? {
        let namespace = ["default", "kube-system"][number(below: 2)]
        let choice = number(below: 100)
        if choice < 30 {
            var pod = newPod("", namespace: namespace)
            pod.metadata.generateName = "p-"
            pod.metadata.ownerReferences = randomOwners()
            return .create(.pod(pod))
        }
        if choice < 33 {
            var set = newReplicaSet("", namespace: namespace)
            set.metadata.generateName = "r-"
            set.metadata.ownerReferences = randomOwners()
            return .create(set)
        }
        if choice < 35 { return .create(.node(newNode("node-\(number(below: 60))"))) }
        if choice < 36 {
            return .delete(
                ObjectKey(.node, name: "node-\(number(below: 60))"), uid: nil, gracePeriodSeconds: nil,
                propagation: .background)
        }
        guard let object = pick(choice < 40 ? \.sets : \.pods, in: store) else { return nil }
        let uid = object.metadata.uid
        switch number(below: 8) {
        case 0, 1: return .bind(pod: object.key, uid: uid, node: "node-\(number(below: 60))")
        case 2, 3:
            var patch = PodStatusPatch()
            patch.phase = randomPhase()
            return .patchPodStatus(object.key, uid: uid, patch)
        case 4, 5, 6:
            return .delete(
                object.key, uid: uid, gracePeriodSeconds: [nil, 0, 5][number(below: 3)],
                propagation: [.background, .background, .foreground][number(below: 3)])
        default:
            var changed = object
            changed.metadata.ownerReferences = randomOwners()
            changed.metadata.finalizers = []
            return .update(changed)
        }
    }

    private mutating func randomOwners() -> [OwnerReference] {
        (0..<number(below: 3)).map { place in
            owner(UID(high: 1, low: UInt64(number(below: 40))), controller: place == 0 && number(below: 2) == 0)
        }
    }

    private mutating func randomPhase() -> PodPhase {
        [.pending, .pending, .running, .succeeded, .failed, .unknown][number(below: 6)]
    }
}

@Suite("The store as a whole")
struct StoreTests {
    @Test("after 20,000 random requests every index equals a fresh one and every list a filtered scan")
    func twin() {
        var store = ObjectStore(seed: 7)
        var requests = RandomRequests(seed: 11)
        for round in 0..<20 {
            #expect(requests.send(1000, to: &store, from: round * 1000) > 500)
            #expect(store.checkIndexes() == [])
        }
        let all = store.objects(of: .pod, namespace: nil).compactMap { object -> Pod? in
            guard case .pod(let pod) = object else { return nil }
            return pod
        }
        #expect(all.count > 300)
        #expect(all.map(\.metadata.creationTimestamp) == all.map(\.metadata.creationTimestamp).sorted())
        for namespace in ["default", "kube-system", "none"] {
            let mine = all.filter { $0.metadata.namespace == namespace }
            #expect(store.pods(inNamespace: namespace) == mine)
            #expect(store.orphanPods(inNamespace: namespace) == mine.filter { $0.metadata.controllerReference == nil })
            let sets = store.objects(of: .replicaSet, namespace: namespace)
            #expect(
                store.orphanReplicaSets(inNamespace: namespace).map { .replicaSet($0) }
                    == sets.filter { $0.metadata.controllerReference == nil })
        }
        for place in 0..<60 {
            #expect(store.pods(onNode: "node-\(place)") == all.filter { $0.nodeName == "node-\(place)" })
        }
        for phase in PodPhase.allCases {
            #expect(store.pods(inPhase: phase) == all.filter { $0.status.phase == phase })
        }
        #expect(store.terminatedPods() == all.filter { $0.status.phase.isTerminal })
        let sets = store.objects(of: .replicaSet, namespace: nil)
        for low in 0..<40 {
            let uid = UID(high: 1, low: UInt64(low))
            #expect(store.pods(controlledBy: uid) == all.filter { $0.metadata.controllerReference?.uid == uid })
            #expect(
                store.replicaSets(controlledBy: uid).map { .replicaSet($0) }
                    == sets.filter { $0.metadata.controllerReference?.uid == uid })
            let dependents = store.dependents(of: uid)
            let wanted = (all.map { .pod($0) } + sets).filter { $0.metadata.ownerReferences.contains { $0.uid == uid } }
            #expect(Set(dependents.map(\.key)) == Set(wanted.map(\.key)) && dependents.count == wanted.count)
            let times = dependents.map(\.metadata.creationTimestamp)
            #expect(times == times.sorted())
        }
        #expect(store.nodes().map(\.metadata.name) == store.nodes().map(\.metadata.name).sorted())
    }

    @Test("a copy goes its own way, and the original stays as it was")
    func forks() throws {
        var store = ObjectStore(seed: 7)
        var requests = RandomRequests(seed: 5)
        _ = requests.send(3000, to: &store)
        let digest = store.digest()
        let pods = store.objects(of: .pod, namespace: nil)
        var fork = store
        #expect(fork.digest() == digest)
        _ = requests.send(3000, to: &fork, from: 3000)
        #expect(fork.digest() != digest)
        #expect(store.digest() == digest)
        #expect(store.objects(of: .pod, namespace: nil) == pods)
        #expect(store.checkIndexes() == [] && fork.checkIndexes() == [])

        let view = StoreView(store)
        let other = view.fork()
        _ = try other.store.add(newPod("only-there"))
        #expect(view.pod(namespace: "default", name: "only-there") == nil)
        #expect(other.pod(namespace: "default", name: "only-there") != nil)
    }

    @Test("equal requests give equal stores; another seed gives other names")
    func determinism() {
        func digest(_ seed: UInt64) -> UInt64 {
            var store = ObjectStore(seed: seed)
            var requests = RandomRequests(seed: 5)
            _ = requests.send(5000, to: &store)
            return store.digest()
        }
        #expect(digest(1) == digest(1))
        #expect(digest(1) != digest(2))
    }

    @Test("the digest is the same in every process")
    func pinnedDigest() {
        var store = ObjectStore(seed: 42)
        var requests = RandomRequests(seed: 42)
        _ = requests.send(2000, to: &store)
        #expect(store.digest() == 12_988_831_874_972_496_350)
    }

    @Test("lists come by creation time, whatever the order of arrival")
    func order() throws {
        var store = ObjectStore(seed: 1)
        var events: [WatchEvent] = []
        for index in 0..<2000 {
            var pod = newPod("p-\(index)")
            pod.metadata.uid = UID(high: 5, low: UInt64(index + 1))
            pod.metadata.creationTimestamp = at(Int64(index * 7919 % 2000))
            try store.load(.pod(pod), now: .start, into: &events)
        }
        let times = store.pods(inNamespace: "default").map(\.metadata.creationTimestamp)
        #expect(times == (0..<2000).map { at($0) })
        #expect(store.checkIndexes() == [])
    }
}
