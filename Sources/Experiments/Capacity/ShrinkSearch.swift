package import Chronology
import ControlPlane
package import Costs
import KubernetesAPI
import Machines
import SchedulingFramework
import Simulation

/// Looks for machines that could go while everything still runs, the dearest first.
///
/// The scheduler is asked for new places of a machine's pods, with those that have gone before already away. What it
/// finds is then done in a simulation, drains and budgets included, to the end of the run; of machines that cannot all
/// go as found, those that were found first are tried.
package struct ShrinkSearch {
    /// A machine, and what was found about it.
    package struct Machine: Sendable {
        package let name: String
        package let machineType: String
        package let zone: String
        package let pricePerHour: NanoDollars
        /// Why it stays; empty for those that can go.
        package internal(set) var reason = ""
    }

    package struct Answer: Sendable {
        /// In the order in which they go.
        package internal(set) var removed: [Machine] = []
        /// In name order.
        package internal(set) var kept: [Machine] = []
        /// What the machines that stay cost at least, by the requests at their peak, an hour; nil when they hold no more.
        package internal(set) var bound: NanoDollars?
        package internal(set) var trials = 0
        /// A pod that finds no place even with all machines.
        package internal(set) var waiting: CapacityRun.Waiting?

        package var priceBefore: NanoDollars { NanoDollars((removed + kept).reduce(0) { $0 + $1.pricePerHour.amount }) }
        package var priceAfter: NanoDollars { NanoDollars(kept.reduce(0) { $0 + $1.pricePerHour.amount }) }
    }

    package let run: CapacityRun
    package let instant: Instant
    private static let singleTrials = 20

    /// Prepares the search at `instant` of a run.
    package init(_ run: CapacityRun, at instant: Instant) {
        self.run = run
        self.instant = instant
    }

    /// Searches, and returns what was found.
    package func search() -> Answer {
        var answer = Answer()
        let whole = run.outcome()
        answer.trials = 1
        answer.waiting = whole.waiting
        guard whole.fits else { return answer }
        var world = World(run.setup)
        while world.run(until: instant, events: 1 << 16), world.now < instant {}
        let view = world.view
        var (removed, kept) = candidates(in: view)
        // A longer list is less likely to do; the longest that does counts.
        var (low, high) = (0, removed.count)
        var reason = ""
        while low < high {
            let middle = (low + high + 1) / 2
            let outcome = run.outcome(without: removed[..<middle].map(\.name), from: instant)
            answer.trials += 1
            if outcome.fits {
                low = middle
            } else {
                high = middle - 1
                reason = Self.reason(outcome)
            }
        }
        let rest = removed[low...]
        removed.removeSubrange(low...)
        // What cannot go together with all before it may still go with those that can.
        for (place, found) in rest.enumerated() {
            var machine = found
            machine.reason = reason
            if place > 0, place <= Self.singleTrials {
                let outcome = run.outcome(without: (removed + [machine]).map(\.name), from: instant)
                answer.trials += 1
                if outcome.fits {
                    removed.append(found)
                    continue
                }
                machine.reason = Self.reason(outcome)
            }
            kept.append(machine)
        }
        answer.removed = removed
        answer.kept = kept.sorted { $0.name < $1.name }
        answer.bound = bound(whole.demands, in: view, answer)
        return answer
    }

    private static func reason(_ outcome: CapacityRun.Outcome) -> String {
        outcome.waiting.map { "later \($0.pod.name) would find no place" }
            ?? "\(outcome.occupied.joined(separator: ", ")) could not be emptied in time"
    }

    // MARK: - Candidates

    private func candidates(in view: any ClusterView) -> (removed: [Machine], kept: [Machine]) {
        var order: [(machine: Machine, node: Node)] = view.nodes().map { node in (machine(node), node) }
        order.sort {
            let (first, second) = ($0.machine.pricePerHour, $1.machine.pricePerHour)
            if first != second { return first > second }
            let (left, right) = (Self.load(of: $0.node, in: view), Self.load(of: $1.node, in: view))
            return left == right ? $0.machine.name < $1.machine.name : left < right
        }
        var trial = PlacementTrial(view, configuration: run.setup.scheduler)
        // Where pods went that had to move.
        var guests: [String: [Pod]] = [:]
        var removed: [Machine] = []
        var kept: [Machine] = []
        let budgets = view.objects(of: .podDisruptionBudget, namespace: nil)
        for (found, node) in order {
            var machine = found
            let own = view.pods(onNode: machine.name).filter { !$0.status.phase.isTerminal }
            let moving = own.filter { $0.metadata.controllerKind != "DaemonSet" && !$0.isMirror && !$0.isTerminating }
            if let blocked = moving.lazy.compactMap({ Self.blocker(of: $0, budgets) }).first {
                machine.reason = blocked
                kept.append(machine)
                continue
            }
            var next = trial.fork()
            next.remove(node, pods: own + (guests[machine.name] ?? []))
            var places: [(String, Pod)] = []
            for pod in moving + (guests[machine.name] ?? []) {
                guard case .placed(let target, let guest) = next.place(like: PlacementTrial.peaceful(pod)) else {
                    machine.reason = "no other machine takes \(pod.metadata.name)"
                    break
                }
                places.append((target, guest))
            }
            guard machine.reason.isEmpty else {
                kept.append(machine)
                continue
            }
            trial = next
            guests[machine.name] = nil
            for (target, guest) in places { guests[target, default: []].append(guest) }
            removed.append(machine)
        }
        return (removed, kept)
    }

    private func machine(_ node: Node) -> Machine {
        let labels = node.metadata.labels
        let name = node.metadata.name
        let pool = run.setup.pools.first { pool in
            pool.templates?.contains { $0.metadata.name == name } ?? (pool.name == labels["orrery.dev/pool"])
        }
        return Machine(
            name: name, machineType: labels["node.kubernetes.io/instance-type"] ?? pool?.machineType.name ?? "",
            zone: labels["topology.kubernetes.io/zone"] ?? "", pricePerHour: pool?.pricePerHour ?? .zero)
    }

    private static func load(of node: Node, in view: any ClusterView) -> Int64 {
        view.pods(onNode: node.metadata.name).reduce(0) { sum, pod in
            sum + ResourceAmounts(PodRequests.total(of: pod.spec)).milliCPU
        }
    }

    /// Why a pod cannot be moved, or nil.
    private static func blocker(of pod: Pod, _ budgets: [KubernetesObject]) -> String? {
        if pod.metadata.controllerReference == nil { return "nobody would make \(pod.metadata.name) anew" }
        for case .podDisruptionBudget(let budget) in budgets
        where budget.metadata.namespace == pod.metadata.namespace
            && budget.selector?.matches(pod.metadata.labels) ?? false && budget.status.disruptionsAllowed < 1
        {
            return "the budget \(budget.metadata.name) does not let \(pod.metadata.name) go"
        }
        return nil
    }

    // MARK: - Bound

    private func bound(_ demands: PeakDemands, in view: any ClusterView, _ answer: Answer) -> NanoDollars? {
        let daemons = view.objects(of: .daemonSet, namespace: nil)
        let all = answer.removed + answer.kept
        let known = all.compactMap { machine in view.node(machine.name).map { (machine, $0) } }
        let machines = known.map(\.0)
        let shares = known.map { MachineShare($0.1, daemons: daemons) }
        var least: Int64?
        for peak in demands.peaks {
            let names = peak.resources
            let bound = DemandBound(
                names.map { peak[$0] },
                machines: zip(machines, shares).map { machine, share in
                    DemandBound.Machine(cost: machine.pricePerHour.amount, room: names.map { share.amount($0) })
                })
            least = bound.ofThese.map { max(least ?? 0, $0) } ?? least
        }
        return least.map { NanoDollars($0) }
    }
}
