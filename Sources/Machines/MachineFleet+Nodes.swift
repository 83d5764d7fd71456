package import Chronology
import KubernetesAPI

// MARK: - Machines come and go

extension MachineFleet {
    /// Adds a machine that runs from now on.
    package mutating func addNode(_ setup: NodeSetup, at now: Instant) -> NodeSlot {
        let egress = supply.peers == nil ? -1 : transfers.addLink(bandwidth: bandwidth(of: setup))
        var machine = MachineRecord(
            setup, parameters: parameters, zone: zone(named: setup.zone),
            ingress: transfers.addLink(bandwidth: bandwidth(of: setup)), egress: egress, at: now)
        for image in setup.images {
            let digest = image.names.lazy.compactMap { ImageReference($0).digest }.first
            for name in image.names where !name.contains("@") {
                updateCatalogue {
                    let size = ImageStatement.Platform(content: .size(image.sizeBytes))
                    if $0.isUnknown(name) { $0.declare(name, ImageStatement(.manifest(size), digest: digest)) }
                }
                place(name, on: &machine, at: now)
            }
        }
        for name in setup.presentImages { place(name, on: &machine, at: now) }
        if !parameters.sandboxImage.isEmpty {
            let name = parameters.sandboxImage
            updateCatalogue { if $0.isUnknown(name) { $0.declare(name, bytes: Self.sandboxBytes) } }
            place(name, on: &machine, isPinned: true, at: now)
        }
        nodes.append(machine)
        return NodeSlot(index: Int32(nodes.count - 1))
    }

    /// The compressed size of `registry.k8s.io/pause`.
    private static let sandboxBytes: Int64 = 320_448

    private func bandwidth(of setup: NodeSetup) -> Int64 { setup.bandwidth ?? parameters.nodeBandwidth }

    /// Puts an image on a machine's disk, if its registry has it for the machine.
    private mutating func place(
        _ name: String, on machine: inout MachineRecord, isPinned: Bool = false, at now: Instant
    ) {
        let number = internImage(name)
        guard let target = catalogue.entries[Int(number)].target,
            let manifest = catalogue.manifest(of: target, for: machine.architecture)
        else { return }
        machine.images.add(
            number, target: target, manifest: manifest, isPinned: isPinned || catalogue.entries[Int(number)].isPinned,
            at: now, in: catalogue)
    }

    /// Takes a machine away for ever: its containers die, and its pods do nothing any more until they are forgotten.
    package mutating func removeNode(_ node: NodeSlot, at now: Instant, into effects: inout [MachineEffect]) {
        powerOff(node, at: now, into: &effects)
        nodes[Int(node.index)].isGone = true
        nodes[Int(node.index)].images = NodeImageStore()
        dropStreams(on: Int(node.index), at: now, into: &effects)
    }

    /// Stops a machine as a power failure does: containers die at once and nobody is told. Images stay on its disk.
    package mutating func powerOff(_ node: NodeSlot, at now: Instant, into effects: inout [MachineEffect]) {
        let index = Int(node.index)
        guard nodes[index].isOn else { return }
        nodes[index].isOn = false
        nodes[index].shutdown = nil
        nodes[index].preemptors = []
        nodes[index].preparing = 0
        nodes[index].held = []
        nodes[index].nextImageGC = nil
        nodes[index].imageGCEpoch &+= 1
        cancelPulls(nodes[index].activePulls + nodes[index].queuedPulls, at: now, into: &effects)
        for pod in nodes[index].pods.map(Int.init) {
            pods[pod].epoch &+= 1
            pods[pod].cursor = -1
            if pods[pod].pendingStop != nil {
                // A kubelet that starts anew knows of no eviction that had not begun.
                pods[pod].pendingStop = nil
                pods[pod].failure = nil
            }
            for container in pods[pod].containers.indices { lose(container, of: pod, at: now, into: &effects) }
            // Nobody would look for it again.
            if pods[pod].isOrphan { free(pod, at: now, into: &effects) }
        }
        loseFetches(of: index, at: now, into: &effects)
    }

    private mutating func lose(_ container: Int, of pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        pods[pod].containers[container].epoch &+= 1
        guard pods[pod].containers[container].phase == .running else { return }
        recordEnd(of: container, of: pod, exitCode: 255, reason: "Unknown", at: now, into: &effects)
        pods[pod].containers[container].phase = .done
        pods[pod].containers[container].isLost = true
    }

    /// Starts a machine again: its kubelet finds its pods' containers dead and goes on from there.
    package mutating func powerOn(_ node: NodeSlot, at now: Instant, into effects: inout [MachineEffect]) {
        let index = Int(node.index)
        guard !nodes[index].isOn, !nodes[index].isGone else { return }
        nodes[index].isOn = true
        nodes[index].startedAt = now
        nodes[index].images.detect(at: now, isFirst: true)
        nodes[index].unpackedAt = now
        resumeStreams(at: now, into: &effects)
        scheduleImageGC(on: index, at: now, into: &effects)
        nodes[index].pullLimiter = TokenBucket(rate: parameters.registryPullQPS, burst: parameters.registryBurst)
        for pod in nodes[index].pods.map(Int.init) { resume(pod, at: now, into: &effects) }
    }

    private mutating func resume(_ pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        switch pods[pod].stage {
        case .free: return
        case .finished:
            if pods[pod].isDeleting { effects.append(.removed(slot(pod))) }
            return
        case .stopping:
            finish(pod, at: now, into: &effects)
            return
        case .sandbox, .active: break
        }
        if pods[pod].isDeleting {
            finish(pod, at: now, into: &effects)
            return
        }
        if pods[pod].status.startTime == nil || pods[pod].victims > 0 {
            release(pod)
            pods[pod].victims = 0
            admit(pod, at: now, into: &effects)
            return
        }
        for container in pods[pod].containers.indices { revive(container, of: pod, into: &effects) }
        pods[pod].stage = .sandbox
        if pods[pod].isWorkOver {
            finish(pod, at: now, into: &effects)
            return
        }
        // A new sandbox means that the init containers run again.
        for container in 0..<pods[pod].initCount where pods[pod].containers[container].phase == .done {
            expectRun(of: container, of: pod, into: &effects)
        }
        pods[pod].isInitialized = pods[pod].initCount == 0
        pods[pod].reached = -1
        post(pod, at: now, into: &effects)
        beginSandbox(pod, at: now, into: &effects)
    }

    /// Makes a container ready to run again, if it is to, after its machine came back.
    private mutating func revive(_ container: Int, of pod: Int, into effects: inout [MachineEffect]) {
        // The kubelet keeps its back-offs in memory.
        pods[pod].containers[container].crashes = BackOff()
        pods[pod].containers[container].pullFailures = BackOff()
        pods[pod].containers[container].waitReason = ""
        guard pods[pod].containers[container].isLost else {
            if pods[pod].containers[container].phase != .done { pods[pod].containers[container].phase = .due }
            return
        }
        pods[pod].containers[container].isLost = false
        if pods[pod].restarts(container, exitCode: 255) { expectRun(of: container, of: pod, into: &effects) }
    }
}
