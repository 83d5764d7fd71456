import Chronology
import ControlPlane
import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: disruption/controller.go, queue.go and validation.go (karpenter).
// Deliberate differences: what nobody could have changed is not looked at again every ten seconds; whether pods came or went
// is noticed every ten seconds.

extension Karpenter {
    /// Looks for nodes that are empty, have drifted or cost more than need be, and begins to take them away.
    mutating func disrupt(_ scan: inout KarpenterScan) {
        guard claims.contains(where: { $0.departure == nil }) else { return proposal = nil }
        if let proposal {
            guard proposal.due <= scan.now else { return scan.callAgain(at: proposal.due) }
            self.proposal = nil
            notePods(scan)
            var look = DisruptionLook(self, scan)
            if let plan = validated(proposal, &look, scan) { return carryOut(plan, look, &scan) }
        }
        let grid = Self.pollingPeriod.nanoseconds
        guard disruptionClock.looksAgain || scan.now.nanoseconds % grid == 0 else {
            return scan.callAgain(at: Instant(nanoseconds: (scan.now.nanoseconds / grid + 1) * grid))
        }
        disruptionClock.looksAgain = false
        notePods(scan)
        let mark = disruptionMark(scan)
        if mark == disruptionClock.settledMark, disruptionClock.wakeAt.map({ $0 > scan.now }) ?? true {
            if let wake = disruptionClock.wakeAt { scan.callAgain(at: wake) }
            return
        }
        disruptionClock.settledMark = nil
        var look = DisruptionLook(self, scan)
        for method in DisruptionMethod.allCases {
            guard let plan = plan(method, &look, scan) else { continue }
            if method == .drift { return carryOut(plan, look, &scan) }
            let due = scan.now + Self.validationDelay
            proposal = DisruptionProposal(
                method: method, candidates: plan.candidates.map(\.claim.name), replaces: !plan.drafts.isEmpty, due: due)
            return scan.callAgain(at: due)
        }
        kinds = look.trial.kinds
        disruptionClock.settledMark = mark
        disruptionClock.wakeAt = nil
        for time in look.wakeTimes where time > scan.now { disruptionClock.wake(at: time) }
        if let wake = disruptionClock.wakeAt { scan.callAgain(at: wake) }
    }

    // MARK: - What there is

    /// Notices the pods that came to nodes, ended or were told to end.
    private mutating func notePods(_ scan: KarpenterScan) {
        for place in claims.indices where claims[place].initializedAt != nil {
            let known = claims[place].podStates
            var states: [UID: MachineClaim.PodState] = [:]
            for pod in scan.view.pods(onNode: claims[place].name) where !Drainability.isDaemon(pod) {
                let state: MachineClaim.PodState =
                    pod.status.phase.isTerminal ? .ended : pod.isTerminating ? .terminating : .running
                states[pod.metadata.uid] = state
                if known[pod.metadata.uid] != state { claims[place].podEventAt = scan.now }
            }
            // Most pods are told to end and are gone within ten seconds.
            if known.contains(where: { $0.value == .running && states[$0.key] == nil }) {
                claims[place].podEventAt = scan.now
            }
            claims[place].podStates = states
            let isDrifted = plan(of: claims[place].pool).map { hasDrifted(claims[place], $0) } ?? false
            if isDrifted, claims[place].driftedAt == nil { claims[place].driftedAt = scan.now }
            if !isDrifted { claims[place].driftedAt = nil }
        }
    }

    /// Whether a machine is no longer what its pool asks for.
    private func hasDrifted(_ claim: MachineClaim, _ plan: PoolPlan) -> Bool {
        if claim.templateHash != plan.pool.templateHash { return true }
        if let then = claim.classHash, let now = classHashes[plan.pool.nodeClass], then != now { return true }
        let bit = OfferTable.bit(claim.zone, claim.capacityType)
        return !plan.cells.indices.contains(claim.type) || plan.cells[claim.type] & bit == 0
    }

    private func disruptionMark(_ scan: KarpenterScan) -> UInt64 {
        var hash = TextHash(UInt64(plansVersion) << 32 | UInt64(unavailable.version))
        for node in scan.nodes {
            hash.add(node.metadata.name)
            hash.add(node.isReady ? node.spec.unschedulable ? "c" : "r" : "n")
            hash.add(KarpenterMarks.isProtected(node) ? "p" : "")
            for taint in node.spec.taints { hash.add(taint.key) }
            for pod in scan.view.pods(onNode: node.metadata.name) {
                hash.add(pod.metadata.uid)
                hash.add(pod.status.phase.isTerminal ? "e" : pod.isTerminating ? "t" : "r")
            }
        }
        for claim in claims {
            hash.add(claim.name)
            hash.add(claim.departure == nil ? claim.initializedAt == nil ? "s" : "i" : "d")
        }
        for command in commands { hash.add(command.candidates.first ?? "") }
        for pod in PendingPods.unschedulable(scan.view) { hash.add(pod.metadata.uid) }
        for budget in scan.budgets { hash.add("\(budget.status.disruptionsAllowed)") }
        return hash.value
    }

    // MARK: - Commands

    /// Taints the nodes that are to go, and buys those that take their place.
    private mutating func carryOut(_ plan: DisruptionPlan, _ look: DisruptionLook, _ scan: inout KarpenterScan) {
        kinds = look.trial.kinds
        let reason = plan.method.reason
        var load = zoneLoad
        var bought: [String] = []
        for draft in plan.drafts {
            let old = plan.candidates.map(\.claim.machineType).joined(separator: ", ")
            let name = buy(
                draft, load: &load, reason: "Replacement", message: "\(reason.rawValue): in place of \(old)", &scan)
            guard let name else { return }
            bought.append(name)
            if let place = place(of: name) { claims[place].nominatedUntil = .never }
        }
        let names = plan.candidates.map(\.claim.name)
        for candidate in plan.candidates {
            scan.step.actions.append(
                .patchNodeTaints(candidate.claim.name, add: [KarpenterMarks.disrupted], remove: []))
            scan.tell(
                ObjectKey(.node, name: candidate.claim.name), .normal,
                bought.isEmpty ? "DisruptionTerminating" : "DisruptionLaunching",
                "Disrupting Node: \(reason.rawValue)")
        }
        let pods = plan.candidates.reduce(0) { $0 + $1.pods.count }
        let message =
            bought.isEmpty
            ? pods == 0 ? "empty" : plan.method == .emptiness ? "its pods cost nothing" : "its pods fit elsewhere"
            : "replaced by \(bought.joined(separator: ", "))"
        commands.append(
            DisruptionCommand(
                reason: reason, candidates: names, replacements: bought, message: message, startedAt: scan.now))
        disruptionClock.looksAgain = true
        scan.callAgain(at: scan.now + .seconds(1))
    }

    /// Lets the nodes of a command go when those that take their place are there; calls it off when one does not come.
    mutating func advanceCommands(_ scan: inout KarpenterScan) {
        var open: [DisruptionCommand] = []
        for command in commands {
            let replacements = command.replacements.map { name in claims.first { $0.name == name } }
            if replacements.contains(where: { $0 == nil || $0?.departure != nil }) {
                callOff(command, &scan)
            } else if replacements.contains(where: { $0?.initializedAt == nil }) {
                let end = command.startedAt + Self.commandTime
                guard end > scan.now else {
                    callOff(command, &scan)
                    continue
                }
                scan.callAgain(at: end)
                open.append(command)
            } else {
                let end = scan.now + parameters.batchMaxDuration + parameters.batchMaxDuration
                for name in command.replacements {
                    if let place = place(of: name) { claims[place].nominatedUntil = end }
                }
                for name in command.candidates {
                    guard let place = place(of: name), claims[place].departure == nil else { continue }
                    claims[place].departure = .init(
                        reason: command.reason.rawValue, message: command.message, at: scan.now)
                }
            }
        }
        commands = open
    }

    private mutating func callOff(_ command: DisruptionCommand, _ scan: inout KarpenterScan) {
        for name in command.replacements {
            if let place = place(of: name) { claims[place].nominatedUntil = scan.now }
        }
        for name in command.candidates where scan.node(name) != nil {
            guard let place = place(of: name), claims[place].departure == nil else { continue }
            scan.step.actions.append(.patchNodeTaints(name, add: [], remove: [KarpenterMarks.disrupted]))
            scan.tell(
                ObjectKey(.node, name: name), .warning, "DisruptionBlocked", "A replacement has not become ready")
        }
    }
}
