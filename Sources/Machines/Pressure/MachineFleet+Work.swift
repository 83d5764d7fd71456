package import Chronology

/// How much of its work a run has done: what takes an hour with all the CPU that it wants takes two with half of it.
struct RunProgress: Hashable, Sendable {
    /// The work done up to `since`, as the time that it takes at full speed.
    private(set) var done = Duration.zero
    private var since = Instant.start
    /// When the run ends by itself; a timer for another instant is stale.
    var endsAt = Instant.never

    /// Begins at `now`, with some of the work done before.
    init(at now: Instant = .start, done: Duration = .zero) {
        self.done = done
        since = now
    }

    /// Returns the work done at `now` by a run that goes at a speed in thousandths.
    func done(at now: Instant, permille: Int64) -> Duration {
        if permille == 1_000 { return done + (now - since) }
        return done + Duration(nanoseconds: Int64(Int128((now - since).nanoseconds) * Int128(permille) / 1_000))
    }

    /// Notes the work done up to `now`.
    mutating func settle(at now: Instant, permille: Int64) {
        done = done(at: now, permille: permille)
        since = now
    }

    /// Returns when `work` in all will be done, if nothing changes; `never` for a run that stands still.
    func end(of work: Duration, permille: Int64) -> Instant {
        if permille == 1_000 { return since + max(.zero, work - done) }
        guard permille > 0 else { return .never }
        let left = Int128(max(0, (work - done).nanoseconds))
        let wait = (left * 1_000 + Int128(permille) - 1) / Int128(permille)
        let end = Int128(since.nanoseconds) + wait
        return end < Int128(Instant.never.nanoseconds) ? Instant(nanoseconds: Int64(end)) : .never
    }
}

extension MachineFleet {
    /// Begins to count the work of a run whose process runs from `now` on, and plans its end.
    mutating func beginWork(
        of container: Int, of pod: Int, done: Duration = .zero, at now: Instant, into effects: inout [MachineEffect]
    ) {
        pods[pod].containers[container].progress = RunProgress(at: now, done: done)
        if pods[pod].isMeasured { effects.append(.running(slot(pod), container: Int32(container))) }
        planEnd(of: container, of: pod, into: &effects)
    }

    private mutating func planEnd(of container: Int, of pod: Int, into effects: inout [MachineEffect]) {
        guard let runTime = pods[pod].containers[container].run.runTime else { return }
        var end = pods[pod].containers[container].progress.end(of: runTime, permille: pods[pod].speed)
        // A run that hangs before its end never ends by itself.
        if end > pods[pod].containers[container].hang { end = .never }
        guard end != pods[pod].containers[container].progress.endsAt else { return }
        pods[pod].containers[container].progress.endsAt = end
        if end != .never { effects.append(.timer(at: end, timer(.exit, container: container, of: pod))) }
    }

    /// Sets how fast a pod's containers work, in thousandths of what they would with all the CPU that they want; the
    /// ends of their runs move accordingly.
    package mutating func setSpeed(
        _ slot: PodSlot, permille: Int64, at now: Instant, into effects: inout [MachineEffect]
    ) {
        precondition((0...1_000).contains(permille), "a speed is between nothing and all")
        guard let pod = position(of: slot), pods[pod].speed != permille else { return }
        let before = pods[pod].speed
        pods[pod].speed = permille
        for container in pods[pod].containers.indices where pods[pod].containers[container].phase == .running {
            pods[pod].containers[container].progress.settle(at: now, permille: before)
            planEnd(of: container, of: pod, into: &effects)
        }
    }
}
