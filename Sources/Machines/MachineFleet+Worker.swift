import Chronology
import KubernetesAPI

// Counterpart: SyncPod of the kubelet and of kuberuntime_manager.go (v1.36): a pass of a pod's worker, which does one
// thing after the other and looks at nothing else meanwhile.
// Deliberate differences: what a pass starts is decided step by step; a status is told before a start only when that
// takes its time.

extension MachineFleet {
    /// Brings a pod one step on: starts what is to be started, or ends the pod when nothing will run again.
    mutating func proceed(_ pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        guard pods[pod].stage == .active else { return }
        if hungMachines > 0, nodes[Int(pods[pod].node)].isHung { return }
        if pods[pod].pendingStop != nil {
            endPass(pod, at: now, into: &effects)
            return
        }
        if pods[pod].isWorkOver {
            // A worker that still brings up a sidecar sees that when it is done.
            if pods[pod].cursor >= 0 { return }
            // Sidecars may take their time; that the work is over shows before.
            if pods[pod].isRunningAnything { post(pod, at: now, into: &effects) }
            stop(pod, grace: .seconds(pods[pod].specBox.value.terminationGracePeriodSeconds), at: now, into: &effects)
            return
        }
        if pods[pod].hasKills, pods[pod].cursor < 0, carryOutKills(of: pod, at: now, into: &effects) {
            post(pod, at: now, into: &effects)
            return
        }
        // A worker that waits for an image or a process sees nothing else until that is there.
        while pods[pod].cursor < 0, let container = pods[pod].nextToStart() {
            bring(container, of: pod, at: now, into: &effects)
        }
        if pods[pod].cursor < 0 { post(pod, at: now, into: &effects) }
    }

    /// Lets the worker of a pod that is to stop do the rest of what it set out to do: it begins no new pass.
    private mutating func endPass(_ pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        while pods[pod].cursor < 0, pods[pod].isInitialized, let container = pods[pod].nextToStart() {
            bring(container, of: pod, at: now, into: &effects)
        }
        guard pods[pod].cursor < 0, let grace = pods[pod].pendingStop else { return }
        stop(pod, grace: grace, at: now, into: &effects)
    }

    /// A pod's sandbox is made: its worker goes on with the first containers in the same pass.
    mutating func sandboxStands(_ pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        pods[pod].stage = .active
        if pods[pod].pendingStop != nil, !pods[pod].isInitialized, let first = pods[pod].nextToStart() {
            bring(first, of: pod, at: now, into: &effects)
        }
        beginPass(pod, at: now, into: &effects)
    }

    /// Lets a worker look at its pod anew: what it sees is told before it waits for something that takes its time.
    ///
    /// Upstream tells it before every start; where that takes a moment, one write stands for both.
    mutating func beginPass(_ pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        let wasFree = pods[pod].cursor < 0
        proceed(pod, at: now, into: &effects)
        guard wasFree, pods[pod].stage == .active, pods[pod].cursor >= 0, isLongWait(pod) else { return }
        post(pod, at: now, into: &effects)
    }

    /// Whether the worker waits for an image that is not here, or for a process that is slow to start.
    private func isLongWait(_ pod: Int) -> Bool {
        let container = pods[pod].containers[Int(pods[pod].cursor)]
        let node = Int(pods[pod].node)
        switch container.phase {
        case .pulling: return !nodes[node].images.has(container.image, in: catalogue)
        case .starting: return Self.slowed(container.run.startDelay, at: nodes[node].speed) >= Self.longStart
        case .due, .pullBackOff, .running, .backOff, .done: return false
        }
    }

    /// A start that takes this long is worth a status before it.
    private static let longStart = Duration.seconds(2)

    private mutating func bring(_ container: Int, of pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        let image = pods[pod].containers[container].image
        let policy =
            pods[pod].needs.containers[container].imagePullPolicy
            ?? (catalogue.entries[Int(image)].isLatest ? .always : .ifNotPresent)
        let isPresent = nodes[Int(pods[pod].node)].images.has(image, in: catalogue)
        switch policy {
        case .always: pull(for: container, of: pod, at: now, into: &effects)
        case .ifNotPresent where isPresent, .never where isPresent: start(container, of: pod, at: now, into: &effects)
        case .ifNotPresent: pull(for: container, of: pod, at: now, into: &effects)
        case .never: pullFailed(container, of: pod, reason: "ErrImageNeverPull", at: now, into: &effects)
        }
    }

    /// Starts a container whose image is here.
    mutating func start(_ container: Int, of pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        chooseImage(of: container, of: pod, at: now)
        pods[pod].containers[container].phase = .starting
        pods[pod].containers[container].epoch &+= 1
        pods[pod].cursor = Int32(container)
        let delay = Self.slowed(
            pods[pod].containers[container].run.startDelay, at: nodes[Int(pods[pod].node)].speed)
        effects.append(.timer(at: now + delay, timer(.start, container: container, of: pod)))
    }

    /// Notes that a container's process runs.
    mutating func started(_ container: Int, of pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        pods[pod].containers[container].phase = .running
        pods[pod].containers[container].startedAt = now
        if container < pods[pod].initCount { pods[pod].reached = max(pods[pod].reached, Int32(container)) }
        pods[pod].containers[container].stop = nil
        pods[pod].containers[container].kill = nil
        tellImage(of: container, of: pod, into: &effects)
        beginWork(of: container, of: pod, at: now, into: &effects)
        if let hook = postStart(of: container, of: pod) {
            // The worker waits for the hook, and nobody is told of the container before it ends.
            pods[pod].cursor = Int32(container)
            pods[pod].containers[container].isInHook = true
            effects.append(.timer(at: now + hook, timer(.hook, container: container, of: pod)))
            return
        }
        pods[pod].cursor = -1
        pods[pod].containers[container].showRun()
        watchProbes(of: container, of: pod, at: now, isStarted: false, into: &effects)
        advance(pod, after: container, at: now, into: &effects)
    }

    /// Lets a worker go on that has brought up a container: an init container is the last of its pass.
    mutating func advance(_ pod: Int, after container: Int, at now: Instant, into effects: inout [MachineEffect]) {
        container < pods[pod].initCount
            ? beginPass(pod, at: now, into: &effects) : proceed(pod, at: now, into: &effects)
    }
}
