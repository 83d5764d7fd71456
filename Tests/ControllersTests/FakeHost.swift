import Chronology
import ControlPlane
import Controllers
import FakeCluster
import KubernetesAPI

/// Runs reconcilers over a `FakeView`: delivers changes, serves queues to a fixed point, and lets time pass to timers.
struct FakeHost {
    let view = FakeView()
    var reconcilers: [any Reconciler]
    private(set) var events: [EventRecord] = []
    private(set) var actions: [Action] = []
    /// Scalings as the golden traces write them.
    private(set) var trace: [String] = []
    private var queues: [[ObjectKey]]
    private var timers: [(at: Instant, reconciler: Int, key: ObjectKey)] = []

    init(_ reconcilers: [any Reconciler]) {
        self.reconcilers = reconcilers
        queues = Array(repeating: [], count: reconcilers.count)
    }

    /// Delivers what changed to all reconcilers.
    mutating func deliver() {
        for change in view.takeChanges() {
            note(change)
            for index in reconcilers.indices {
                for key in reconcilers[index].keys(for: change, in: view) where !queues[index].contains(key) {
                    queues[index].append(key)
                }
            }
        }
    }

    /// Serves all queues until nothing is left to do at this time; returns the number of actions applied.
    @discardableResult
    mutating func settle(limit: Int = 2000) -> Int {
        var applied = 0
        deliver()
        for _ in 0..<limit {
            guard let index = queues.firstIndex(where: { !$0.isEmpty }) else { return applied }
            let key = queues[index].removeFirst()
            applied += serve(key, by: index)
            deliver()
        }
        fatalError("does not settle: \(actions.suffix(5))")
    }

    private mutating func serve(_ key: ObjectKey, by index: Int) -> Int {
        let result = reconcilers[index].reconcile(key, in: view)
        events += result.events
        var applied = 0
        timers.removeAll { $0.reconciler == index && $0.key == key }
        if let wait = result.recheckAfter { timers.append((view.now + wait, index, key)) }
        for (place, action) in result.actions.enumerated() {
            let (outcome, error) = view.apply(action)
            if error == nil { events += result.events(of: place) }
            actions.append(outcome)
            reconcilers[index].observe(outcome, error: error)
            applied += 1
            if error != nil {
                timers.append((view.now + .seconds(1), index, key))
                break
            }
        }
        return applied
    }

    /// Lets time pass, serving what falls due.
    mutating func run(for length: Duration) {
        let end = view.now + length
        settle()
        while let next = timers.map(\.at).min(), next <= end {
            view.now = max(view.now, next)
            let due = timers.filter { $0.at <= view.now }
            timers.removeAll { $0.at <= view.now }
            for timer in due where !queues[timer.reconciler].contains(timer.key) {
                queues[timer.reconciler].append(timer.key)
            }
            settle()
        }
        view.now = end
        settle()
    }

    /// Calls every reconciler for all that it makes of the objects, once for each, and returns what it would still do.
    mutating func leftovers() -> [Action] {
        var left: [Action] = []
        for index in reconcilers.indices {
            var served: Set<ObjectKey> = []
            for object in view.stored {
                let keys = reconcilers[index].keys(for: .added(object), in: view)
                for key in keys where served.insert(key).inserted {
                    left += reconcilers[index].reconcile(key, in: view).actions
                }
            }
        }
        return left
    }

    private mutating func note(_ change: WatchEvent) {
        switch change {
        case .added(.replicaSet(let set)): trace.append("\(set.metadata.name) created \(set.spec.replicas)")
        case .modified(.replicaSet(let old), .replicaSet(let new)) where old.spec.replicas != new.spec.replicas:
            trace.append("\(new.metadata.name) scaled \(old.spec.replicas)->\(new.spec.replicas)")
        default: break
        }
    }

    // MARK: - A kubelet

    /// Binds and starts all new pods and ends deleted ones; `ready` says which become ready.
    mutating func kubelet(ready: (Pod) -> Bool = { _ in true }) {
        for pod in view.pods {
            if pod.isTerminating {
                end(pod)
            } else if pod.status.phase == .pending || pod.status.phase == .running && !pod.isReady && ready(pod) {
                let now = view.now
                view.changePod(pod.key) { changed in
                    changed.nodeName = DaemonSetPlacement.target(of: changed) ?? "n1"
                    changed.status.phase = .running
                    changed.status.conditions.set(Condition("Ready", ready(pod) ? .true : .false, at: now))
                }
            }
        }
    }

    func end(_ pod: Pod) {
        if !pod.status.phase.isTerminal {
            view.changePod(pod.key) {
                $0.status.phase = .failed
                $0.status.conditions.set(Condition("Ready", .false, at: view.now))
            }
        }
        _ = view.delete(pod.key, grace: 0)
    }

    func exit(_ pod: Pod, _ phase: PodPhase) {
        view.changePod(pod.key) {
            $0.status.phase = phase
            $0.status.conditions.set(Condition("Ready", .false, at: view.now))
        }
    }
}
