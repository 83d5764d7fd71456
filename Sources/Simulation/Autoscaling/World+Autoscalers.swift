import Autoscalers
import Chronology
import ClusterStore
import ControlPlane
import Costs
import KubernetesAPI
import Machines
import Observations
import VirtualTime

// Deliberate differences: what an autoscaler reads is the present state, not an informer's, and its requests reach the
// API server and the cloud at the instant of its scan; the time that both take is part of the machine's launch.

extension World {
    /// Makes the autoscalers.
    mutating func beginAutoscaling() {
        for setup in setup.autoscalers {
            let component = setup.make()
            autoscaling.hosts.append(AutoscalerDesk.Host(name: type(of: component).name, component: component))
            call(autoscaling.hosts.count - 1, at: now + (component.scanInterval ?? .zero))
        }
    }

    /// The autoscalers go on with other settings; one that was not there before begins.
    mutating func reviseAutoscalers() {
        for setup in setup.autoscalers {
            let component = setup.make()
            let name = type(of: component).name
            if let index = autoscaling.hosts.firstIndex(where: { $0.name == name }) {
                autoscaling.hosts[index].component.follow(component)
                call(index, at: now)
            } else {
                autoscaling.hosts.append(AutoscalerDesk.Host(name: name, component: component))
                call(autoscaling.hosts.count - 1, at: now + (component.scanInterval ?? .zero))
            }
        }
    }

    // MARK: - Calls

    /// Calls an autoscaler at a time, unless it is called before.
    private mutating func call(_ index: Int, at wanted: Instant) {
        var at = max(wanted, now)
        if let grid = autoscaling.hosts[index].component.scanInterval?.nanoseconds {
            at = Instant(nanoseconds: (at.nanoseconds + grid - 1) / grid * grid)
        }
        guard at < autoscaling.hosts[index].due else { return }
        autoscaling.hosts[index].due = at
        enqueue(.autoscaler, a: Int32(index), at: at)
    }

    /// Something changed that autoscalers may want to look at.
    mutating func wakeAutoscalers() {
        for index in autoscaling.hosts.indices {
            if let delay = autoscaling.hosts[index].afterChange { call(index, at: now + delay) }
        }
    }

    /// An autoscaler looks at the cluster, and what it wants is done.
    mutating func autoscalerIsDue(_ index: Int) {
        // Another call may have come before it.
        guard autoscaling.hosts[index].due == now else { return }
        autoscaling.hosts[index].due = .never
        // When the outage is over all of them are called.
        if autoscaling.outages > 0 { return }
        guard condition.isAPIServerUp else {
            return call(index, at: now + (autoscaling.hosts[index].component.scanInterval ?? .seconds(10)))
        }
        autoscaling.acting = autoscaling.hosts[index].name
        defer { autoscaling.acting = nil }
        if setup.spotPrices != nil { refreshMarket() }
        let step = autoscaling.hosts[index].component.step(api, cloudSight())
        // What it does itself is a change after which it looks again.
        autoscaling.hosts[index].afterChange = step.callAfterChange
        for event in step.events { record(event, source: autoscaling.hosts[index].name) }
        // Before the nodes that go now are marked.
        var sizes = step.decisions.isEmpty ? [:] : poolSizes()
        for action in step.actions {
            let error = request(action)
            autoscaling.hosts[index].component.observe(action, error: error)
        }
        let isFree = faults.launchTroubles.isEmpty && setup.quotas.isEmpty
        let answers = isFree ? [:] : answers(to: step.requests, of: index)
        for decision in step.decisions {
            let decisions = decision.order.flatMap { answers[$0]?.reply?.decisions } ?? [decision]
            for decision in decisions { tell(decision, of: autoscaling.hosts[index].name, &sizes) }
        }
        for request in step.requests { carryOut(request, answers) }
        let delays = [step.callAfter] + answers.values.map(\.reply?.callAfter)
        if let delay = delays.compactMap({ $0 }).min() { call(index, at: now + delay) }
        carryOutEffects()
    }

    /// The machines by pool, without those whose going away has been told; only looked up.
    private func poolSizes() -> [String: Int64] {
        var sizes: [String: Int64] = [:]
        for node in nodes where !node.isGone && !node.isReplaced {
            if let taints = api.node(node.name)?.spec.taints, LeavingMark.stands(among: taints) { continue }
            sizes[node.terms.poolName, default: 0] += 1
        }
        return sizes
    }

    /// Tells of a decision; `sizes` are those of the pools before it.
    private mutating func tell(_ decision: ScalingDecision, of name: String, _ sizes: inout [String: Int64]) {
        digest.absorb(Int64(decision.count))
        let size = sizes[decision.group, default: 0]
        let change = Int64(decision.direction == .up ? decision.count : -decision.count)
        sizes[decision.group] = size + change
        observer?.scalingAction(
            ScalingActionRow(
                at: now, component: name, target: decision.group, fromSize: size, toSize: size + change,
                reason: decision.reason, machineType: decision.machineType, pricePerHour: decision.pricePerHour,
                message: decision.message))
    }

    /// Ends an outage of the autoscalers: they look at once at what they have missed.
    mutating func resumeAutoscalers() {
        precondition(autoscaling.outages > 0, "the autoscalers are not down")
        autoscaling.outages -= 1
        guard autoscaling.outages == 0 else { return }
        for index in autoscaling.hosts.indices { call(index, at: now) }
    }

    // MARK: - Requests to the cloud

    private mutating func carryOut(_ request: CloudRequest, _ answers: [String: AnsweredOrder]) {
        switch request {
        case .grow(let group, let count):
            guard let pool = setup.pools.firstIndex(where: { $0.name == group && $0.autoscaling != nil }) else {
                preconditionFailure("there is no group \(group) whose size may change")
            }
            for _ in 0..<count { growByOne(pool) }
        case .launch(let order): launch(order, answers[order.name])
        case .terminate(let name):
            guard let index = nodeByName[name], isAutoscaled(index) else { return }
            terminate(index)
        }
    }

    /// Launches one more machine of a pool, in the zone that has the fewest of them.
    private mutating func growByOne(_ index: Int) {
        let pool = setup.pools[index]
        let zones = pool.zones.isEmpty ? [""] : pool.zones
        var counts = [Int](repeating: 0, count: zones.count)
        for track in nodes where track.pool == index && !track.isGone && !track.isReplaced {
            if let place = zones.firstIndex(of: track.zone) { counts[place] += 1 }
        }
        let place = counts.indices.min { counts[$0] < counts[$1] } ?? 0
        let name = freeMachineName(index)
        let node = Self.node(name, of: pool, zone: zones[place], number: faults.replacements[index] + pool.count - 1)
        launch(node, on: pool.terms(index, zone: zones[place]), isRunning: false)
        armFaults(of: Int32(nodes.count - 1))
    }

    /// The cloud does not give a machine: whoever asked for it is told, and decides what becomes of that.
    mutating func giveUp(_ index: Int32, _ reason: String) -> Duration? {
        nodes[Int(index)].failure = reason
        move(index, to: .failed)
        wakeAutoscalers()
        return nil
    }

    /// Takes a machine away, and its node with it.
    private mutating func terminate(_ index: Int32) {
        discard(index)
        removeNode(index)
    }
}
