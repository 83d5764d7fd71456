import Chronology
import Costs
import KubernetesAPI
import Observations

/// Follows every live pod from state to state, and turns the changes into intervals.
///
/// Rows are numbered in order of creation; the slots of pods that ended are used again, so that memory follows the
/// number of live pods and not the length of the run.
struct PodTracker {
    /// What is remembered of a live pod; a class, because every change of a pod touches it.
    final class Track {
        var row: Int32
        var controller: Int32
        var state: PodState
        var since: Instant
        var node: Int32
        var createdAt: Instant
        var restarts: Int32 = 0
        /// Those of them that nobody saw, as they were before the start.
        var restartsBefore: Int32 = 0
        var requestCPU: Int64
        var requestMemory: Int64
        var requestGPU: Int64
        let profile: Int32
        var key: ObjectKey
        var wasReady = false
        /// Whether it ran to its end before anybody deleted it.
        var finished = false
        /// The latest attempt to schedule it, until it is written.
        var attempt: AttemptRow?

        // Money: what it holds of its node, and what has been written of what it owes.
        var isHolding = false
        var meter: AllocationMeter.PodID?
        var place: Int32 = 0
        var charged = ResourceCharge.zero
        var settledAt = Instant.start
        var heldSince = Instant.start
        /// The usage that the sums of demand count for it.
        var counted = PodUsage()
        // Pressure: whether its machine counts what it uses, and its place among those of its profile that are counted.
        var isFollowed = false
        /// Whether a main container runs of a pod of which it is known what it uses.
        var isUsing = false
        var loadPlace: Int32 = 0
        /// What it gets of the CPU that it wants, in thousandths; 1,000 for all of it.
        var cpuSharePermille: Int64 = 1_000
        /// What the metrics server knows of it; nil while nobody may ask.
        var usageMeter: PodMeter?
        /// Since when it has been getting less than it wants, in thousandths of a core.
        var throttle: (since: Instant, wanted: Int64, granted: Int64)?

        init(
            row: Int32, controller: Int32, state: PodState, since: Instant, node: Int32, createdAt: Instant,
            requestCPU: Int64, requestMemory: Int64, requestGPU: Int64, profile: Int32, key: ObjectKey
        ) {
            self.row = row
            self.controller = controller
            self.state = state
            self.since = since
            self.node = node
            self.createdAt = createdAt
            self.requestCPU = requestCPU
            self.requestMemory = requestMemory
            self.requestGPU = requestGPU
            self.profile = profile
            self.key = key
        }
    }

    private(set) var tracks: [Track?] = []
    /// The state of the pod in every slot: who looks for some among all should not have to read each of them.
    private var states: [PodState?] = []
    private var free: [Int32] = []
    private var slots: [UID: Int32] = [:]
    private(set) var rows: Int32 = 0

    /// The number of pods by state, for the summary.
    private(set) var counts = [Int](repeating: 0, count: PodState.allCases.count)

    func slot(of uid: UID) -> Int32? { slots[uid] }

    subscript(slot: Int32) -> Track {
        guard let track = tracks[Int(slot)] else { preconditionFailure("pod slot \(slot) is free") }
        return track
    }

    /// Starts to follow a pod and returns its slot.
    mutating func begin(
        _ pod: Pod, profile: Int32, controller: Int32, requests: (cpu: Int64, memory: Int64, gpu: Int64),
        createdAt: Instant, at now: Instant
    ) -> Int32 {
        rows += 1
        let track = Track(
            row: rows, controller: controller, state: .pending, since: now, node: -1, createdAt: createdAt,
            requestCPU: requests.cpu, requestMemory: requests.memory, requestGPU: requests.gpu, profile: profile,
            key: pod.key)
        counts[Int(PodState.pending.rawValue)] += 1
        if let slot = free.popLast() {
            tracks[Int(slot)] = track
            states[Int(slot)] = track.state
            slots[pod.metadata.uid] = slot
            return slot
        }
        tracks.append(track)
        states.append(track.state)
        slots[pod.metadata.uid] = Int32(tracks.count - 1)
        return Int32(tracks.count - 1)
    }

    /// Moves a pod to a state and node; returns the interval that ended, if it had any length.
    mutating func move(_ slot: Int32, to state: PodState, node: Int32, at now: Instant) -> PodIntervalRow? {
        guard let track = tracks[Int(slot)], track.node != node || track.state.rawValue != state.rawValue else {
            return nil
        }
        let ended = PodIntervalRow(pod: track.row, state: track.state, node: track.node, from: track.since, to: now)
        counts[Int(track.state.rawValue)] -= 1
        counts[Int(state.rawValue)] += 1
        track.state = state
        states[Int(slot)] = state
        track.node = node
        track.since = now
        return ended.from < ended.to ? ended : nil
    }

    /// Stops to follow a pod; returns its last interval, if it had any length.
    mutating func end(_ slot: Int32, uid: UID, at now: Instant) -> PodIntervalRow? {
        let track = self[slot]
        counts[Int(track.state.rawValue)] -= 1
        tracks[Int(slot)] = nil
        states[Int(slot)] = nil
        slots[uid] = nil
        free.append(slot)
        guard track.since < now else { return nil }
        return PodIntervalRow(pod: track.row, state: track.state, node: track.node, from: track.since, to: now)
    }

    /// The slots of the pods whose containers run.
    var runningSlots: [Int32] {
        var slots: [Int32] = []
        for (slot, state) in states.enumerated() {
            switch state {
            case .ready, .unready: slots.append(Int32(slot))
            case .pending, .starting, .terminating, .succeeded, .failed, nil: break
            }
        }
        return slots
    }

    /// The state that people would say `pod` is in.
    static func state(of pod: Pod) -> PodState {
        if pod.isTerminating { return .terminating }
        switch pod.status.phase {
        case .succeeded: return .succeeded
        case .failed: return .failed
        case .running: return pod.isReady ? .ready : .unready
        case .pending, .unknown: return pod.nodeName == nil ? .pending : .starting
        }
    }
}
