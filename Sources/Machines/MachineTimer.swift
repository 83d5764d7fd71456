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

// MARK: - In words

extension MachineTimer {
    /// Whom a timer is about.
    package enum Subject: Hashable, Sendable {
        case pod(PodSlot)
        /// A machine by its position.
        case node(Int32)
        case images
    }

    /// Whom it is about.
    package var subject: Subject {
        switch kind {
        case .pullResolved, .pullDone, .transfers: .images
        case .imageGC, .shutdown: .node(slot)
        case .sandbox, .start, .exit, .stop, .startupPassed, .startupFailed, .restart, .pullNotice, .pullRetry,
            .deadline, .livenessFailed, .readiness, .readinessPlan, .hook, .turn:
            .pod(PodSlot(index: slot, generation: generation))
        }
    }

    /// What is due, for people.
    package var words: String {
        switch kind {
        case .sandbox: "the sandbox stands"
        case .start: "a container's process runs"
        case .exit: "a container ends by itself"
        case .stop: "a container has stopped"
        case .startupPassed: "a startup probe succeeds"
        case .startupFailed: "a startup probe has failed too often"
        case .restart: "a crashed container may start again"
        case .pullNotice: "a failed pull shows as back-off"
        case .pullRetry: "a failed pull may be tried again"
        case .deadline: "the pod's deadline is over"
        case .pullDone: "a pulled image is unpacked"
        case .transfers: "the earliest transfer of images is complete"
        case .livenessFailed: "a liveness probe has failed too often"
        case .readiness: "what a readiness probe finds changes"
        case .readinessPlan: "the next change of readiness is looked for"
        case .hook: "a postStart hook ends"
        case .turn: "a sidecar's turn to stop comes"
        case .shutdown: "pods have had their time in a shutdown"
        case .pullResolved: "a registry answers for a pull"
        case .imageGC: "a kubelet looks for images to remove"
        }
    }
}
