import Chronology
import ClusterStore
import ControlPlane
package import KubernetesAPI
package import Workloads

/// Objects that arrive over time: the process, and what each of them looks like.
package struct ArrivalSetup: Sendable {
    package var spec: ArrivalSpec
    package var template: KubernetesObject

    /// Creates the arrivals of copies of `template`.
    package init(spec: ArrivalSpec, template: KubernetesObject) {
        self.spec = spec
        self.template = template
    }
}

/// The arrival processes of a run: for each only the next arrival is known.
struct ArrivalDesk {
    var clocks: [ArrivalClock] = []
    var next: [ArrivalClock.Arrival?] = []
    /// Objects submitted so far, by process.
    var submitted: [Int64] = []

    /// Processes that a branch took out.
    private(set) var ended: [Int] = []

    /// Lets nothing more come of a process.
    mutating func end(_ index: Int) {
        ended.append(index)
        next[index] = nil
    }

    /// All of them.
    var total: Int64 { submitted.reduce(0, +) }
}

extension World {
    /// Schedules the first arrival of every process.
    mutating func armArrivals() {
        for (index, arrivals) in setup.arrivals.enumerated() {
            self.arrivals.clocks.append(ArrivalClock(arrivals.spec, seed: setup.seed))
            self.arrivals.next.append(nil)
            self.arrivals.submitted.append(0)
            awaitArrival(index)
        }
    }

    mutating func awaitArrival(_ index: Int) {
        arrivals.next[index] = arrivals.clocks[index].next(before: end, on: clock)
        if let next = arrivals.next[index] { enqueue(.arrival, a: Int32(index), at: max(next.at, now)) }
    }

    /// The next arrival of a process is due: its objects are created, and the one after it is scheduled.
    ///
    /// Whoever submits them tries again while the API server does not answer; what comes meanwhile waits behind them.
    mutating func arrivalIsDue(_ index: Int) {
        // A branch may have put another in its place, whose event is still to come.
        guard let arrival = arrivals.next[index], arrival.at <= now else { return }
        guard condition.isAPIServerUp else {
            enqueue(.arrival, a: Int32(index), at: now + RunLimits.changeRetry)
            return
        }
        let process = setup.arrivals[index]
        let objects = ArrivingObject.objects(
            of: arrival, spec: process.spec, template: process.template, first: arrivals.submitted[index] + 1)
        for object in objects { create(object) }
        arrivals.submitted[index] += Int64(objects.count)
        awaitArrival(index)
    }

    /// Creates an object that must be new; its namespace comes with it.
    private mutating func create(_ object: KubernetesObject) {
        if object.kind.isNamespaced, !object.metadata.namespace.isEmpty {
            let key = ObjectKey(.namespace, name: object.metadata.namespace)
            if api.object(key) == nil {
                apply(.create(.namespace(Namespace(metadata: ObjectMeta(name: key.name)))))
            }
        }
        guard let refused = apply(.create(object)) else { return }
        record(
            EventRecord(object.key, .warning, reason: "Refused", message: "The API server refused it: \(refused)"),
            source: "arrivals")
    }
}
