import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import Testing

@testable import Simulation

@Suite("The informer cache")
struct InformerCacheTests {
    /// A store, a cache, and what the cache has to show, kept by hand.
    private struct Bench {
        let api = StoreView(ObjectStore(seed: 1))
        let cache: InformerCache
        var known: [KubernetesObject] = []
        var way: [WatchEvent] = []
        // What has changes that the cache does not show.
        var open: Set<UID> = []
        var dice: Dice

        init(seed: Int) {
            dice = Dice(seed: UInt64(seed))
            cache = InformerCache(api, lags: true)
            for kind in ObjectKind.allCases { known += api.objects(of: kind, namespace: nil) }
            send(.create(.namespace(Namespace(metadata: ObjectMeta(name: "d")))))
            for name in ["a", "b"] {
                send(.create(.replicaSet(ReplicaSet(metadata: ObjectMeta(name: name, namespace: "d"), spec: ReplicaSet.Spec()))))
            }
        }

        mutating func send(_ action: Action) {
            var events: [WatchEvent] = []
            let now = api.now + .milliseconds(Int64(dice.roll(2)))
            guard (try? api.store.apply(action, now: now, into: &events)) != nil else { return }
            for event in events {
                cache.note(event, isWatched: true)
                way.append(event)
                let uid = event.object.metadata.uid
                if open.insert(uid).inserted, case .deleted(let last) = event {
                    // The last state is all that is known of it.
                    learn(.added(last))
                }
            }
        }

        mutating func deliver() {
            let change = way.removeFirst()
            cache.deliver(change)
            let uid = change.object.metadata.uid
            if !way.contains(where: { $0.object.metadata.uid == uid }) { open.remove(uid) }
            learn(change)
        }

        mutating func learn(_ change: WatchEvent) {
            known.removeAll { $0.metadata.uid == change.object.metadata.uid }
            if case .deleted = change { return }
            known.append(change.object)
        }

        mutating func act() {
            let pods = api.pods(inNamespace: "d")
            let pick = dice.pick(pods)
            let sets = api.objects(of: .replicaSet, namespace: "d")
            switch dice.roll(7) {
            case 0, 1:
                var pod = Pod(
                    metadata: ObjectMeta(name: "p\(dice.roll(9))", namespace: "d"), spec: PodSpec(containers: [Container(name: "c", image: "i")]))
                pod.metadata.labels = dice.hits(oneIn: 3) ? ["x": "y"] : [:]
                if let owner = dice.pick(sets), !dice.hits(oneIn: 4) {
                    pod.metadata.ownerReferences = [
                        OwnerReference(
                            apiVersion: "apps/v1", kind: "ReplicaSet", name: owner.metadata.name, uid: owner.metadata.uid)
                    ]
                }
                send(.create(.pod(pod)))
            case 2:
                guard let pick else { return }
                send(.delete(pick.key, uid: nil, gracePeriodSeconds: Int64(dice.roll(2)), propagation: .background))
            case 3:
                guard let pick else { return }
                send(.bind(pod: pick.key, uid: pick.metadata.uid, node: "n\(dice.roll(2))"))
            case 4:
                guard let pick else { return }
                var patch = PodStatusPatch(conditions: [
                    Condition(Condition.ready, dice.hits(oneIn: 2) ? .true : .false, at: api.now)
                ])
                patch.phase = dice.pick([PodPhase.running, .failed, .succeeded])
                send(.patchPodStatus(pick.key, uid: pick.metadata.uid, patch))
            case 5:
                guard var pick else { return }
                pick.metadata.ownerReferences = []
                send(.update(.pod(pick)))
            default:
                guard var set = dice.pick(sets) else { return }
                set.metadata.labels["v"] = "\(dice.roll(9))"
                send(.update(set))
            }
        }

        /// What the cache says, in words, next to what it has to say.
        func answers() -> [(String, [String], [String])] {
            let pods = known.compactMap { object -> Pod? in
                if case .pod(let pod) = object { pod } else { nil }
            }
            func text(_ pods: [Pod]) -> [String] { pods.map { "\($0.metadata.uid) \($0.metadata.resourceVersion)" }.sorted() }
            func words(_ objects: [KubernetesObject]) -> [String] {
                objects.map { "\($0.metadata.uid) \($0.metadata.resourceVersion)" }.sorted()
            }
            var list: [(String, [String], [String])] = [
                ("namespace", text(cache.pods(inNamespace: "d")), text(pods)),
                (
                    "orphans", text(cache.orphanPods(inNamespace: "d")),
                    text(pods.filter { $0.metadata.controllerReference == nil })
                ),
                ("ended", text(cache.terminatedPods()), text(pods.filter(\.status.phase.isTerminal))),
                ("pending", text(cache.pods(inPhase: .pending)), text(pods.filter { $0.status.phase == .pending })),
                ("on n1", text(cache.pods(onNode: "n1")), text(pods.filter { $0.nodeName == "n1" })),
                (
                    "replica sets", words(cache.objects(of: .replicaSet, namespace: "d")),
                    words(known.filter { $0.kind == .replicaSet })
                ),
            ]
            for object in known {
                let uid = object.metadata.uid
                list.append(("uid", words([cache.object(uid: uid)].compactMap { $0 }), words([object])))
                list.append(("key", words([cache.object(object.key)].compactMap { $0 }), words([object])))
                guard object.kind == .replicaSet else { continue }
                let mine = pods.filter { $0.metadata.controllerUID == uid }
                list.append(("owned", text(cache.pods(controlledBy: uid)), text(mine)))
                list.append(("dependents", words(cache.dependents(of: uid)), text(mine)))
                let sum = cache.podSummary(controlledBy: uid)
                let active = mine.filter { !$0.isTerminating && !$0.status.phase.isTerminal }
                list.append(
                    (
                        "sum", ["\(sum?.total ?? 0) \(sum?.active ?? 0) \(sum?.ready ?? 0)"],
                        ["\(mine.count) \(active.count) \(active.count(where: \.isReady))"]
                    ))
                if let labels = sum?.labels { #expect(mine.allSatisfy { $0.metadata.labels == labels }) }
            }
            for name in 0..<9 {
                let key = ObjectKey(.pod, namespace: "d", name: "p\(name)")
                list.append(("pod \(name)", words([cache.object(key)].compactMap { $0 }), words(known.filter { $0.key == key })))
            }
            return list
        }

        func isOrdered() -> Bool {
            let times = cache.pods(inNamespace: "d").map(\.metadata.creationTimestamp)
            return times == times.sorted()
        }
    }

    @Test("shows what was delivered, whatever is on its way", arguments: 1...12)
    func lags(seed: Int) {
        var bench = Bench(seed: seed)
        for _ in 0..<150 {
            bench.act()
            while !bench.way.isEmpty, bench.dice.hits(oneIn: 2) { bench.deliver() }
            for (name, shown, wanted) in bench.answers() { #expect(shown == wanted, "\(name), seed \(seed)") }
            #expect(bench.isOrdered())
            if let next = bench.way.first {
                #expect(bench.cache.shownVersion ?? 0 < next.object.metadata.resourceVersion)
            } else {
                #expect(bench.cache.shownVersion == bench.api.store.resourceVersion)
            }
        }
    }

    @Test("after a break, a relist brings each object's difference, once", arguments: 1...12)
    func relists(seed: Int) {
        var bench = Bench(seed: seed)
        for _ in 0..<30 { bench.act() }
        while bench.way.count > 3 { bench.deliver() }
        bench.cache.breakWatch(losing: bench.way)
        bench.way = []
        for _ in 0..<40 {
            bench.act()
            bench.way = []
            for (name, shown, wanted) in bench.answers() { #expect(shown == wanted, "\(name), seed \(seed)") }
        }
        let missed = bench.cache.relist()
        #expect(Set(missed.map(\.object.metadata.uid)).count == missed.count)
        for change in missed {
            let before = bench.known.first { $0.metadata.uid == change.object.metadata.uid }
            switch change {
            case .added: #expect(before == nil)
            case .modified(let old, _): #expect(before == old)
            case .deleted: #expect(before != nil)
            }
            bench.learn(change)
        }
        for (name, shown, wanted) in bench.answers() { #expect(shown == wanted, "\(name), seed \(seed)") }
        #expect(bench.known.count == ObjectKind.allCases.reduce(0) { $0 + bench.api.objects(of: $1, namespace: nil).count })
    }
}
