import Chronology

/// All layer transfers under way, which share the machines' and the registries' bandwidth fairly.
///
/// A machine splits its bandwidth equally among its transfers; a registry gives to each what its machine can take, or
/// an equal share of what is left when it cannot serve all (max-min fairness). A transfer's progress is brought up to
/// date only when its rate changes. All arithmetic is in whole bytes and nanoseconds.
struct TransferPool: Sendable {
    fileprivate struct Transfer {
        let pull: Int32
        let node: Int32
        let registry: Int32
        /// Bytes that were missing at `since`.
        var remaining: Int64
        /// Bytes per second.
        var rate: Int64
        var since: Instant
        var finish: Instant
    }

    private var active: [Transfer] = []
    private var nodeBandwidth: [Int64] = []
    private var nodeTransfers: [Int64] = []
    /// Reused between calls of `share`.
    private var wanted: [Int64] = []

    /// The earliest end of a transfer, if the rates stay.
    private(set) var nextFinish = Instant.never

    mutating func addNode(bandwidth: Int64) {
        nodeBandwidth.append(max(1, bandwidth))
        nodeTransfers.append(0)
    }

    mutating func start(
        pull: Int32, node: Int32, registry: Int32, bytes: Int64, at now: Instant, registries: [RegistryState]
    ) {
        active.append(
            Transfer(
                pull: pull, node: node, registry: registry, remaining: bytes, rate: 0, since: now, finish: .never))
        nodeTransfers[Int(node)] += 1
        share(at: now, registries: registries)
    }

    /// Ends transfers early.
    mutating func stop(pulls: [Int32], at now: Instant, registries: [RegistryState]) {
        let before = active.count
        for transfer in active where pulls.contains(transfer.pull) { nodeTransfers[Int(transfer.node)] -= 1 }
        active.removeAll { pulls.contains($0.pull) }
        if active.count != before { share(at: now, registries: registries) }
    }

    /// Removes the transfers that are complete and returns their pulls, in the order in which they began.
    mutating func takeFinished(at now: Instant, registries: [RegistryState]) -> [Int32] {
        let finished = active.filter { $0.finish <= now }.map(\.pull)
        for transfer in active where transfer.finish <= now { nodeTransfers[Int(transfer.node)] -= 1 }
        active.removeAll { $0.finish <= now }
        share(at: now, registries: registries)
        return finished
    }

    /// Splits the bandwidth anew after a change of the transfers or of a registry.
    mutating func share(at now: Instant, registries: [RegistryState]) {
        wanted.removeAll(keepingCapacity: true)
        for transfer in active {
            let node = Int(transfer.node)
            wanted.append(max(1, nodeBandwidth[node] / nodeTransfers[node]))
        }
        for registry in registries.indices {
            fill(Int32(registry), bandwidth: max(1, registries[registry].bandwidth))
        }
        nextFinish = .never
        for index in active.indices {
            if wanted[index] != active[index].rate { active[index].change(rate: wanted[index], at: now) }
            nextFinish = min(nextFinish, active[index].finish)
        }
    }

    /// Cuts the wishes of a registry's transfers to its bandwidth: nobody gets more than a common level.
    private mutating func fill(_ registry: Int32, bandwidth: Int64) {
        var total: Int64 = 0
        var count: Int64 = 0
        for index in active.indices where active[index].registry == registry {
            total += wanted[index]
            count += 1
        }
        guard total > bandwidth else { return }
        // The level only rises while those who want less than it are taken out; each round takes at least one.
        var level = bandwidth / count
        while true {
            var left = bandwidth
            var open: Int64 = 0
            for index in active.indices where active[index].registry == registry {
                if wanted[index] <= level { left -= wanted[index] } else { open += 1 }
            }
            guard open > 0 else { return }
            let next = left / open
            if next <= level { break }
            level = next
        }
        for index in active.indices where active[index].registry == registry {
            wanted[index] = max(1, min(wanted[index], level))
        }
    }
}

extension TransferPool.Transfer {
    /// Settles what was transferred so far, and goes on with a new rate.
    fileprivate mutating func change(rate next: Int64, at now: Instant) {
        let done = Int128(rate) * Int128((now - since).nanoseconds) / 1_000_000_000
        remaining = max(0, remaining - Int64(clamping: done))
        since = now
        rate = next
        let time = (Int128(remaining) * 1_000_000_000 + Int128(next) - 1) / Int128(next)
        finish = now + Duration(nanoseconds: Int64(clamping: min(time, 1 << 60)))
    }
}
