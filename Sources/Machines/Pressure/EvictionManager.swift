package import Chronology

// Counterpart: managerImpl.synchronize in pkg/kubelet/eviction/eviction_manager.go (v1.36).
// Deliberate differences: a pass that would find what the one before found is left out, and what it would have noted is
// worked out afterwards; statistics are never stale.

/// What a kubelet sees of its machine's resources.
package struct EvictionObservations: Hashable, Sendable {
    /// What is free of a resource, and how much of it there is.
    package struct Reading: Hashable, Sendable {
        package var available: Int64
        package var capacity: Int64

        /// Creates a reading in bytes.
        package init(available: Int64, capacity: Int64) {
            self.available = available
            self.capacity = capacity
        }
    }

    package var memory: Reading
    /// Images, logs, writable layers and volumes share one disk.
    package var disk: Reading

    /// Creates observations.
    package init(memory: Reading, disk: Reading) {
        self.memory = memory
        self.disk = disk
    }

    /// Returns what belongs to a signal.
    package subscript(signal: EvictionSignal) -> Reading {
        switch signal {
        case .memoryAvailable: memory
        case .nodefsAvailable, .imagefsAvailable: disk
        }
    }
}

/// The memory of a kubelet's eviction manager: which thresholds are met, since when, and which conditions follow.
package struct EvictionManager: Sendable {
    package let parameters: EvictionParameters
    package let thresholds: [EvictionThreshold]
    /// By threshold: since when it has been met; nil while it is not.
    private var firstObserved: [Instant?]
    /// By threshold: whether it was met, grace period included, at the latest pass.
    private var wasMet: [Bool]
    /// By condition, in the order of their cases: the latest pass that saw it.
    private var lastObserved: [Instant?]
    /// The conditions that the node has, in the order of their cases.
    package private(set) var conditions: [PressureCondition] = []

    /// Creates the memory of a kubelet that has just started.
    package init(_ parameters: EvictionParameters) {
        self.parameters = parameters
        thresholds = parameters.thresholds
        firstObserved = Array(repeating: nil, count: thresholds.count)
        wasMet = Array(repeating: false, count: thresholds.count)
        lastObserved = Array(repeating: nil, count: PressureCondition.allCases.count)
    }

    /// Whether nothing is, or was lately, short.
    package var isQuiet: Bool { conditions.isEmpty && firstObserved.allSatisfy { $0 == nil } }

    /// Returns whether a threshold counts as met: one that was met stays so until the minimum is reclaimed.
    private func isMet(_ index: Int, _ observations: EvictionObservations) -> Bool {
        let reading = observations[thresholds[index].signal]
        return reading.available < bound(of: index, capacity: reading.capacity)
    }

    /// Returns what must be free for a threshold not to be met.
    private func bound(of index: Int, capacity: Int64) -> Int64 {
        let least = thresholds[index].value.bytes(of: capacity)
        guard wasMet[index], let more = thresholds[index].minimumReclaim else { return least }
        return least + more.bytes(of: capacity)
    }

    /// Notes what a pass at `now` sees, and returns the thresholds whose grace period is over, memory first.
    package mutating func observe(_ observations: EvictionObservations, at now: Instant) -> [EvictionThreshold] {
        var seen: [PressureCondition] = []
        for index in thresholds.indices {
            let condition = thresholds[index].signal.condition
            if isMet(index, observations) {
                if firstObserved[index] == nil { firstObserved[index] = now }
                seen.append(condition)
            } else if firstObserved[index] != nil {
                // The passes that were left out saw it to the end.
                see(condition, at: now - parameters.monitoringPeriod)
                firstObserved[index] = nil
            }
        }
        for condition in seen { see(condition, at: now) }
        conditions = PressureCondition.allCases.filter { condition in
            guard let last = lastObserved[Self.place(condition)] else { return false }
            return now - last < parameters.pressureTransitionPeriod
        }
        var due: [EvictionThreshold] = []
        for index in thresholds.indices {
            wasMet[index] = firstObserved[index].map { now - $0 >= thresholds[index].gracePeriod } ?? false
            if wasMet[index] { due.append(thresholds[index]) }
        }
        return due.filter { $0.signal == .memoryAvailable } + due.filter { $0.signal != .memoryAvailable }
    }

    private static func place(_ condition: PressureCondition) -> Int { condition == .memory ? 0 : 1 }

    private mutating func see(_ condition: PressureCondition, at instant: Instant) {
        let place = Self.place(condition)
        lastObserved[place] = max(lastObserved[place] ?? instant, instant)
    }

    /// Returns whether no threshold is met any more, whatever its grace, and the minimum of each is reclaimed.
    package func areAllResolved(_ observations: EvictionObservations) -> Bool {
        thresholds.allSatisfy { threshold in
            let reading = observations[threshold.signal]
            let more = threshold.minimumReclaim?.bytes(of: reading.capacity) ?? 0
            return reading.available >= threshold.value.bytes(of: reading.capacity) + more
        }
    }
}

// MARK: - When to look again

extension EvictionManager {
    /// Returns the earliest instant, not before `tick`, from which on a pass would find or do something new; nil for never.
    ///
    /// `observations` are those at `tick`; `isStuck` says that the latest pass found nothing to do about what is met.
    /// Thresholds that growth will meet later are the caller's business (`bound`).
    package func due(_ observations: EvictionObservations, at tick: Instant, isStuck: Bool) -> Instant? {
        var due: Instant?
        func take(_ instant: Instant) { due = min(due ?? instant, max(instant, tick)) }
        for index in thresholds.indices {
            let isMet = isMet(index, observations)
            guard isMet == (firstObserved[index] != nil) else { return tick }
            guard isMet, let first = firstObserved[index] else { continue }
            let graceEnd = first + thresholds[index].gracePeriod
            if graceEnd > tick || !wasMet[index] { take(graceEnd) } else if !isStuck { return tick }
        }
        for condition in conditions {
            let isSeen = thresholds.indices.contains {
                thresholds[$0].signal.condition == condition && firstObserved[$0] != nil
            }
            if !isSeen, let last = lastObserved[Self.place(condition)] {
                take(last + parameters.pressureTransitionPeriod)
            }
        }
        return due
    }

    /// Returns what must stay free of memory and of disk for no further threshold to be met; nil where all are met.
    package func nextBounds(_ observations: EvictionObservations) -> (memory: Int64?, disk: Int64?) {
        var bounds: (memory: Int64?, disk: Int64?) = (nil, nil)
        for index in thresholds.indices where firstObserved[index] == nil {
            let signal = thresholds[index].signal
            let bound = bound(of: index, capacity: observations[signal].capacity)
            if signal == .memoryAvailable {
                bounds.memory = max(bounds.memory ?? bound, bound)
            } else {
                bounds.disk = max(bounds.disk ?? bound, bound)
            }
        }
        return bounds
    }
}
