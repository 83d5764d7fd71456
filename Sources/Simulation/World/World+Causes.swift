import Chronology
import ClusterStore
import ControlPlane
import Faults
import KubernetesAPI
import Machines
import Observations

// Cause and effect. What is carried out in the name of a fault or of a change says so in `causes.current`; whatever it
// touches takes that over, and hands it on to what follows. Each hook stands behind `causes.isOpen`.

extension World {
    /// Tells of a step that follows from another, and returns it.
    @discardableResult
    mutating func note(
        _ kind: CauseKind, after parent: CauseLink?, by actor: String, node: Int32 = -1, pod slot: Int32 = -1,
        controller: Int32 = -1, fault: Int32 = -1, isHit: Bool = false, lost: Duration = .zero, cost: Int64 = 0,
        image: String? = nil, _ detail: String = ""
    ) -> CauseLink {
        let link = causes.next(after: parent, fault: fault, at: now)
        guard let observer else { return link }
        var row = CauseEventRow(
            event: link.event, parent: parent?.event ?? -1, root: link.root, depth: link.depth, at: now, kind: kind,
            actor: actor, fault: link.fault, node: node < 0 ? -1 : node + 1, controller: controller, detail: detail)
        if slot >= 0 {
            row.pod = tracker[slot].row
            row.controller = tracker[slot].controller
            if row.node < 0 { row.node = tracker[slot].node }
        }
        if let parent {
            let delay = causes.delay(of: actor, image: image, since: parent.at, at: now)
            row.delayedBy = delay.flatMap { $0.link.root == link.root ? nil : $0.link.root } ?? -1
        }
        row.isHit = isHit
        row.lost = lost
        row.cost = cost
        observer.causeEvent(row)
        return link
    }

    /// Who is writing now: a controller, who acts in the name of a cause, an autoscaler, or else `other`.
    func actor(or other: String) -> String {
        writer >= 0 ? hosts[Int(writer)].name : causes.current?.actor ?? autoscaling.acting ?? other
    }

    // MARK: - What begins a chain

    /// A fault strikes: what is touched until `causes.current` is nil again follows from it.
    ///
    /// A fault that is about no machine stands for what it holds up, as long as it lasts.
    mutating func beginCause(of open: FaultDesk.Open) -> CauseLink? {
        guard causes.isRecording else { return nil }
        let spec = faults.schedules[open.fault].spec
        let strike = open.strike
        let link = note(
            .fault, after: nil, by: spec.kind.name, fault: open.row, "\(spec.name): \(Self.target(of: strike, spec))")
        causes.current = (link, CauseActor.fault)
        if let scope = Self.ambience(of: strike.effect, spec.kind.scope) {
            causes.open(.init(link: link, scope: scope, names: strike.chosen))
        }
        // An upgrade comes to one machine after the other, and leaves alone those whose turn has not come.
        if case .maintenance = strike.effect { return link }
        // Machines that a fault strikes otherwise than by taking their power are struck all the same.
        for name in strike.nodes { if let node = nodeByName[name] { causes.strike(link, node: node) } }
        return link
    }

    /// What a fault that is about no machine holds up.
    private static func ambience(of effect: FaultEffect, _ scope: FaultScope) -> CauseDesk.Ambient.Scope? {
        switch scope {
        case .registries: .registry
        case .controllers: .controllers
        case .controlPlane:
            switch effect.part {
            case .scheduler: .scheduler
            case .watch, .metricsServer: .controllers
            case .apiServer: .everything
            // Pods wait for machines whether an autoscaler looks or not: which of them would have had one nobody knows.
            case .autoscalers, nil: nil
            }
        case .nodes, .zones, .racks, .regions, .launches, .images, .pods, .deployments: nil
        }
    }

    /// A fault heals: what comes back until `causes.current` is nil again follows from that.
    mutating func beginHealing(after cause: CauseLink?) {
        guard let cause else { return }
        causes.current = (note(.faultHealed, after: cause, by: CauseActor.fault), CauseActor.fault)
        causes.healed(cause.event, at: now)
    }

    /// What a fault held down has come back: machines that it struck, and to which nothing happened, are as before.
    mutating func endHealing(of strike: FaultStrike, after cause: CauseLink?) {
        causes.current = nil
        guard let cause else { return }
        for name in strike.nodes { if let node = nodeByName[name] { causes.heal(cause, node: node) } }
    }

    /// People change something by the clock. The steady replacement of pods stands for everyday wear and begins no chain.
    mutating func beginCause(of change: ScheduledChange) {
        guard causes.isRecording else { return }
        var actor = CauseActor.people
        switch change.act {
        case .replacePods: return
        case .drain: actor = CauseActor.drain
        case .apply, .scale, .setImage, .publish, .cordon, .uncordon, .shutDown, .delete: break
        }
        causes.current = (note(.change, after: nil, by: CauseActor.people, change.act.sentence), actor)
    }

    /// A drain goes on with what was begun before.
    mutating func resumeCause(ofDrain node: String) {
        guard causes.isOpen, let index = nodeByName[node], let link = cause(ofNode: index) else { return }
        causes.current = (link, CauseActor.drain)
    }

    /// A wave of upgrades goes on with what was begun before.
    mutating func resumeCause(ofWave slot: Int32) {
        guard let link = faults.open[slot].cause else { return }
        causes.current = (link, CauseActor.upgrade)
    }

    /// What a further step of a machine follows from: in a chain that has come to it before, from its latest step.
    private func cause(ofNode index: Int32) -> CauseLink? {
        let own = causes.link(ofNode: index)
        guard let current = causes.current?.link else { return own }
        return own?.root == current.root ? CauseDesk.later(own, current) : current
    }

    /// A pod has to go, and nothing that is known led to it.
    mutating func disruptionBegins(of pod: Pod, _ slot: Int32) {
        guard deletionCause(of: pod, slot) == nil else { return }
        let message = pod.status.conditions.named(Condition.disruptionTarget)?.message ?? ""
        disruptionBegins(of: slot, by: deletionActor(of: pod), message)
    }

    /// A pod has to go, and nothing that is known led to it: a chain of its own begins.
    mutating func disruptionBegins(of slot: Int32, by actor: String, _ reason: String) {
        guard causes.link(ofPod: slot) == nil, trouble(of: slot) == nil else { return }
        causes.set(note(.disruption, after: causes.current?.link, by: actor, pod: slot, reason), ofPod: slot)
    }

    /// The API server answers nobody: for each who asks, the first time is told.
    mutating func traceUnanswered() {
        guard let outage = causes.ambients.last(where: { $0.scope == .everything && $0.to == nil }) else { return }
        let actor = actor(or: "others")
        if causes.isFirstUnanswered(actor, by: outage.link.root) {
            note(.requestUnanswered, after: outage.link, by: actor)
        }
    }
}

// MARK: - Machines

extension World {
    /// A machine loses its power: at a fault's hand, or at the end of what was begun before.
    mutating func traceMachineDown(_ index: Int32) {
        guard let parent = cause(ofNode: index) else { return }
        causes.set(note(.machineDown, after: parent, by: actor(or: CauseActor.fault), node: index), ofNode: index)
    }

    /// A machine gets its power back, and will boot, in the name of a cause.
    mutating func traceRepair(of index: Int32) {
        guard causes.current != nil, let link = cause(ofNode: index) else { return }
        causes.repair(link, ofNode: index)
    }

    /// A machine has booted again: its pods, too, begin anew.
    mutating func traceMachineUp(_ index: Int32) {
        guard let parent = causes.takeRepair(ofNode: index) ?? causes.link(ofNode: index) else { return }
        let link = note(.machineUp, after: parent, by: CauseActor.kubelet, node: index)
        causes.set(link, ofNode: index)
        let name = nodes[Int(index)].name
        for pod in api.pods(onNode: name) where !pod.status.phase.isTerminal {
            guard let slot = tracker.slot(of: pod.metadata.uid), causes.link(ofPod: slot) == nil else { continue }
            causes.set(link, ofPod: slot)
        }
        if let node = api.node(name), Self.isSound(node) { causes.settle(node: index) }
    }

    /// A machine is launched: in the name of a cause, or for pods of a chain that found no node.
    mutating func traceLaunch(of index: Int32) {
        guard let parent = causes.current?.link ?? causes.waiting else { return }
        causes.set(note(.machineLaunched, after: parent, by: actor(or: "cloud"), node: index), ofNode: index)
    }

    /// Follows what the API shows of a node.
    mutating func traceNode(_ old: Node, _ new: Node) {
        guard let index = nodeByName[new.metadata.name] else { return }
        func step(_ kind: CauseKind, _ detail: String = "") {
            guard let parent = cause(ofNode: index) else { return }
            causes.set(note(kind, after: parent, by: actor(or: CauseActor.kubelet), node: index, detail), ofNode: index)
        }
        if old.isReady, !new.isReady {
            let condition = new.status.conditions.named(Condition.ready)
            step(.nodeNotReady, condition.map { "\($0.status.rawValue): \($0.reason)" } ?? "")
        }
        if !old.isReady, new.isReady { step(.nodeReady) }
        if !old.spec.unschedulable, new.spec.unschedulable { step(.nodeCordoned) }
        if old.spec.unschedulable, !new.spec.unschedulable { step(.nodeUncordoned) }
        if old.spec.taints != new.spec.taints {
            let added = new.spec.taints.filter { !old.spec.taints.contains($0) }
            if !added.isEmpty { step(.nodeTainted, Self.text(of: added)) }
            let removed = old.spec.taints.filter { !new.spec.taints.contains($0) }
            if !removed.isEmpty { step(.nodeUntainted, Self.text(of: removed)) }
        }
        if nodes[Int(index)].isOn, causes.link(ofNode: index) != nil, Self.isSound(new) { causes.settle(node: index) }
    }

    /// Whether nothing of what befell a node is left.
    private static func isSound(_ node: Node) -> Bool {
        node.isReady && !node.spec.unschedulable
            && !node.spec.taints.contains { $0.key.hasPrefix("node.kubernetes.io/") }
    }

    private static func text(of taints: [Taint]) -> String {
        taints.map { "\($0.key):\($0.effect.rawValue)" }.joined(separator: ", ")
    }
}
