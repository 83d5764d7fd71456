package import VirtualTime

/// A request of a node agent to be called at an instant: a small trivial value that fits an event's payload.
///
/// Timers are never taken back. One that has been overtaken (its epoch is old) does nothing when it fires.
package struct MachineTimer: Hashable, Sendable {
    /// What is due.
    enum Kind: UInt8 {
        /// The pod's sandbox stands.
        case sandbox
        /// A container's process runs.
        case start
        /// A container's run ends by itself.
        case exit
        /// A container that was told to stop has stopped, or is killed.
        case stop
        /// A startup probe succeeds.
        case startupPassed
        /// A startup probe has failed too often.
        case startupFailed
        /// A crashed container may be started again.
        case restart
        /// A failed image pull shows as back-off.
        case pullNotice
        /// A failed image pull may be tried again.
        case pullRetry
        /// The pod's `activeDeadlineSeconds` are over.
        case deadline
        /// A pulled image is unpacked.
        case pullDone
        /// The earliest of all transfers is complete.
        case transfers
        /// A liveness probe has failed too often.
        case livenessFailed
        /// What a readiness probe finds of a container changes.
        case readiness
        /// The next change of readiness is to be looked for.
        case readinessPlan
        /// A postStart hook ends.
        case hook
        /// A sidecar's turn to stop comes, whether or not those before it have ended.
        case turn
        /// A group of pods has had its time in a shutdown of the machine.
        case shutdown
        /// A registry answers for a pull.
        case pullResolved
        /// A kubelet looks for images to remove.
        case imageGC
    }

    let kind: Kind
    let container: Int32
    let slot: Int32
    let generation: Int32
    let epoch: UInt32

    init(_ kind: Kind, slot: Int32 = 0, generation: Int32 = 0, container: Int32 = 0, epoch: UInt32) {
        self.kind = kind
        self.container = container
        self.slot = slot
        self.generation = generation
        self.epoch = epoch
    }
}

// MARK: - As an event

extension MachineTimer {
    /// Returns the timer as an event of the kind that the caller keeps for all machine timers.
    package func event(kind eventKind: UInt16) -> SimulationEvent {
        SimulationEvent(
            kind: eventKind, a: container << 8 | Int32(kind.rawValue),
            b: Int64(generation) << 32 | Int64(UInt32(bitPattern: slot)), c: Int64(epoch))
    }

    /// Reads back what `event(kind:)` wrote.
    package init(event: SimulationEvent) {
        guard let kind = Kind(rawValue: UInt8(truncatingIfNeeded: event.a)) else {
            preconditionFailure("\(event) is no machine timer")
        }
        self.init(
            kind, slot: Int32(truncatingIfNeeded: event.b), generation: Int32(truncatingIfNeeded: event.b >> 32),
            container: event.a >> 8, epoch: UInt32(truncatingIfNeeded: event.c))
    }
}
