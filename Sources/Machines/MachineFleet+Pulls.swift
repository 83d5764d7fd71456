package import Chronology
import KubernetesAPI

// Counterpart: pkg/kubelet/images (v1.36), and containerd's pull.
// Deliberate differences: a pull unpacks after its last layer has come, not beside the transfers; a pull that fails
// leaves nothing on the disk.

// MARK: - Asking and waiting

extension MachineFleet {
    /// Asks for a container's image, unless an earlier failure of it in this pod holds that back.
    mutating func pull(for container: Int, of pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        let image = pods[pod].containers[container].image
        if let until = backOffEnd(of: image, pod: pod, at: now) {
            pods[pod].containers[container].phase = .pullBackOff
            pods[pod].containers[container].waitReason = "ImagePullBackOff"
            pods[pod].containers[container].epoch &+= 1
            noteBackOff(container, of: pod, into: &effects)
            effects.append(.timer(at: until, timer(.pullRetry, container: container, of: pod)))
            return
        }
        let node = pods[pod].node
        let pull = add(
            PullState(pod: slot(pod), container: Int32(container), node: node, image: image, from: now))
        pods[pod].containers[container].phase = .pulling
        pods[pod].cursor = Int32(container)
        pods[pod].pull = pull
        nodes[Int(node)].queuedPulls.append(pull)
        beginPulls(on: Int(node), at: now, into: &effects)
    }

    /// Fetches images to a machine before it is ready; `.prepared` tells when that is over, whatever came of it.
    package mutating func prepare(
        _ images: [String], on node: NodeSlot, at now: Instant, into effects: inout [MachineEffect]
    ) {
        let index = Int(node.index)
        guard nodes[index].isOn, !images.isEmpty else { return }
        nodes[index].preparing = Int32(images.count)
        for image in images {
            let number = internImage(image)
            let pull = add(
                PullState(
                    pod: PodSlot(index: -1, generation: 0), container: 0, node: node.index, image: number, from: now))
            nodes[index].queuedPulls.append(pull)
        }
        beginPulls(on: index, at: now, into: &effects)
    }

    private mutating func add(_ state: PullState) -> Int32 {
        guard let free = freePulls.popLast() else {
            pulls.append(state)
            return Int32(pulls.count - 1)
        }
        let epoch = pulls[Int(free)].epoch
        pulls[Int(free)] = state
        pulls[Int(free)].epoch = epoch
        return free
    }

    /// Begins as many of a machine's waiting pulls as may run at once.
    private mutating func beginPulls(on node: Int, at now: Instant, into effects: inout [MachineEffect]) {
        let limit = parameters.serializeImagePulls ? 1 : Int(parameters.maxParallelImagePulls ?? .max)
        while nodes[node].isOn, nodes[node].activePulls.count < limit, !nodes[node].queuedPulls.isEmpty {
            begin(nodes[node].queuedPulls.removeFirst(), at: now, into: &effects)
        }
    }

    private mutating func begin(_ pull: Int32, at now: Instant, into effects: inout [MachineEffect]) {
        let state = pulls[Int(pull)]
        let node = Int(state.node)
        guard nodes[node].pullLimiter.take(at: now) else {
            fail(pull, .tooFast, at: now, into: &effects)
            return
        }
        nodes[node].activePulls.append(pull)
        pulls[Int(pull)].phase = .resolving
        let entry = catalogue.entries[Int(state.image)]
        let latency = latency(of: Int(entry.registry))
        if latency == .zero {
            pullResolved(pull, at: now, into: &effects)
            return
        }
        let wait = latency * requests(for: entry, on: node)
        effects.append(.timer(at: now + wait, MachineTimer(.pullResolved, slot: pull, epoch: pulls[Int(pull)].epoch)))
    }

    /// The requests about manifests that a pull makes, one after the other.
    private func requests(for entry: ImageCatalogue.Entry, on node: Int) -> Int64 {
        guard let target = entry.target,
            let manifest = catalogue.manifest(of: target, for: nodes[node].architecture),
            !nodes[node].images.contains(manifest: manifest)
        else { return 1 }
        return catalogue.targets[Int(target)].isIndex ? 3 : 2
    }
}

// MARK: - Under way

extension MachineFleet {
    /// Goes on with a pull whose registry has answered: fetches what is missing.
    mutating func pullResolved(_ pull: Int32, at now: Instant, into effects: inout [MachineEffect]) {
        switch resolve(pull, at: now) {
        case .failed(let failure): fail(pull, failure, at: now, into: &effects)
        case .found(let target, let manifest):
            let index = Int(pull)
            let node = Int(pulls[index].node)
            if nodes[node].isDiskFull, !nodes[node].images.contains(manifest: manifest) {
                return fail(pull, .noSpace, at: now, into: &effects)
            }
            pulls[index].target = target
            pulls[index].manifest = manifest
            pulls[index].phase = .transferring
            for layer in catalogue.manifests[Int(manifest)].layers {
                guard nodes[node].images.contains(layer: layer) else {
                    pulls[index].queue.append(layer)
                    continue
                }
                // Nobody removes it until the pull is over.
                nodes[node].images.retain(layer, in: catalogue)
                pulls[index].layers.append(layer)
                pulls[index].cachedBytes += catalogue.layerBytes[Int(layer)]
            }
            pulls[index].missing = Int32(pulls[index].queue.count)
            pulls[index].queue.reverse()
            startFetches(of: pull, at: now, into: &effects)
            scheduleTransfers(at: now, into: &effects)
        }
    }

    /// Shares the bandwidth anew if need be, and asks to be called when the next transfer is complete.
    mutating func scheduleTransfers(at now: Instant, into effects: inout [MachineEffect]) {
        transfers.shareIfChanged(at: now)
        guard transfers.nextFinish != transferTimer else { return }
        transferTimer = transfers.nextFinish
        transferEpoch &+= 1
        if transferTimer != .never {
            effects.append(.timer(at: transferTimer, MachineTimer(.transfers, epoch: transferEpoch)))
        }
    }

    mutating func unpack(_ pull: Int32, at now: Instant, into effects: inout [MachineEffect]) {
        pulls[Int(pull)].phase = .unpacking
        let node = Int(pulls[Int(pull)].node)
        let bytes = Int128(pulls[Int(pull)].unpackBytes)
        let time = Self.slowed(
            Duration(nanoseconds: Int64(clamping: bytes * 1_000_000_000 / Int128(max(1, parameters.unpackRate)))),
            at: nodes[node].speed)
        var start = now + parameters.pullOverhead
        if parameters.serializeUnpack {
            start = max(start, nodes[node].unpackedAt)
            nodes[node].unpackedAt = start + time
        }
        effects.append(
            .timer(at: start + time, MachineTimer(.pullDone, slot: pull, epoch: pulls[Int(pull)].epoch)))
    }

    /// Starts the container whose image is complete.
    mutating func pullDone(_ pull: Int32, at now: Instant, into effects: inout [MachineEffect]) {
        let state = pulls[Int(pull)]
        let node = Int(state.node)
        report(pull, .pulled, at: now, into: &effects)
        let hasChanged = nodes[node].images.add(
            state.image, target: state.target, manifest: state.manifest,
            isPinned: catalogue.entries[Int(state.image)].isPinned, at: imageDetection(on: node, at: now),
            in: catalogue)
        release(pull, into: &effects)
        if hasChanged { effects.append(.images(NodeSlot(index: state.node))) }
        if let pod = position(of: state.pod) {
            start(Int(state.container), of: pod, at: now, into: &effects)
        }
        if hasChanged { scheduleImageGC(on: node, at: now, into: &effects) }
        beginPulls(on: node, at: now, into: &effects)
    }
}

// MARK: - The end of a pull

extension MachineFleet {
    mutating func fail(
        _ pull: Int32, _ failure: PullFailure, at now: Instant, into effects: inout [MachineEffect]
    ) {
        let state = pulls[Int(pull)]
        leaveFetches(pull, at: now, into: &effects)
        let message = failure.message(about: catalogue.entries[Int(state.image)].reference)
        report(pull, .failed(message), at: now, into: &effects)
        release(pull, into: &effects)
        dropStreams(on: Int(state.node), at: now, into: &effects)
        if let pod = position(of: state.pod) {
            pullFailed(Int(state.container), of: pod, reason: "ErrImagePull", at: now, into: &effects)
            proceed(pod, at: now, into: &effects)
        }
        beginPulls(on: Int(state.node), at: now, into: &effects)
    }

    /// Puts a container without an image into back-off.
    mutating func pullFailed(
        _ container: Int, of pod: Int, reason: String, at now: Instant, into effects: inout [MachineEffect]
    ) {
        pods[pod].cursor = -1
        pods[pod].containers[container].phase = .pullBackOff
        pods[pod].containers[container].waitReason = reason
        pods[pod].containers[container].epoch &+= 1
        guard reason == "ErrImagePull" else {
            let name = pods[pod][spec: container].image
            effects.append(
                .event(
                    slot(pod),
                    MachineEvent(
                        isWarning: true, reason: reason,
                        message: "Container image \"\(name)\" is not present with pull policy of Never")))
            // Nothing was pulled, so that the worker merely comes back.
            effects.append(.timer(at: now + Self.workerRetry, timer(.pullRetry, container: container, of: pod)))
            return
        }
        // Containers of a pod that share an image share its back-off.
        let holder = backOffHolder(of: pods[pod].containers[container].image, pod: pod)
        pods[pod].containers[holder].pullFailures.expire(event: now, reset: parameters.imageBackOffMax * 2)
        pods[pod].containers[holder].pullFailures.attempted(
            at: now, initial: parameters.imageBackOffInitial, max: parameters.imageBackOffMax)
        let wait = pods[pod].containers[holder].pullFailures.wait
        effects.append(
            .event(slot(pod), MachineEvent(isWarning: true, reason: "Failed", message: "Error: ErrImagePull")))
        effects.append(
            .timer(at: now + parameters.imageBackOffNotice, timer(.pullNotice, container: container, of: pod)))
        effects.append(.timer(at: now + wait, timer(.pullRetry, container: container, of: pod)))
    }

    /// When a pod's worker looks again after it failed in something that has no back-off of its own (`backOffPeriod`).
    private static let workerRetry = Duration.seconds(10)

    private func backOffHolder(of image: Int32, pod: Int) -> Int {
        pods[pod].containers.firstIndex { $0.image == image } ?? 0
    }

    /// Until when an image is not pulled again for a pod, or nil.
    private func backOffEnd(of image: Int32, pod: Int, at now: Instant) -> Instant? {
        var failures = pods[pod].containers[backOffHolder(of: image, pod: pod)].pullFailures
        failures.expire(event: now, reset: parameters.imageBackOffMax * 2)
        let end = failures.since + failures.wait
        return failures.wait > .zero && end > now ? end : nil
    }

    /// Tells of a pull that is held back.
    func noteBackOff(_ container: Int, of pod: Int, into effects: inout [MachineEffect]) {
        let name = pods[pod][spec: container].image
        effects.append(
            .event(
                slot(pod),
                MachineEvent(isWarning: false, reason: "BackOff", message: "Back-off pulling image \"\(name)\"")))
        effects.append(
            .event(slot(pod), MachineEvent(isWarning: true, reason: "Failed", message: "Error: ImagePullBackOff")))
    }

    /// Breaks off pulls because their pods or their machine are gone.
    mutating func cancelPulls(_ cancelled: [Int32], at now: Instant, into effects: inout [MachineEffect]) {
        guard !cancelled.isEmpty else { return }
        var touched: [Int] = []
        for pull in cancelled {
            leaveFetches(pull, at: now, into: &effects)
            report(pull, .cancelled, at: now, into: &effects)
            touched.append(Int(pulls[Int(pull)].node))
            release(pull, into: &effects)
        }
        for node in touched { dropStreams(on: node, at: now, into: &effects) }
        for node in touched { beginPulls(on: node, at: now, into: &effects) }
        scheduleTransfers(at: now, into: &effects)
    }

    private mutating func release(_ pull: Int32, into effects: inout [MachineEffect]) {
        let state = pulls[Int(pull)]
        let node = Int(state.node)
        for layer in state.layers { nodes[node].images.release(layer, in: catalogue) }
        nodes[node].activePulls.removeAll { $0 == pull }
        nodes[node].queuedPulls.removeAll { $0 == pull }
        pulls[Int(pull)].phase = .free
        pulls[Int(pull)].epoch &+= 1
        pulls[Int(pull)].layers = []
        pulls[Int(pull)].queue = []
        freePulls.append(pull)
        if let pod = position(of: state.pod) { pods[pod].pull = -1 }
        guard state.pod.index < 0, nodes[node].preparing > 0 else { return }
        nodes[node].preparing -= 1
        if nodes[node].preparing == 0 { effects.append(.prepared(NodeSlot(index: state.node))) }
    }

    private func report(
        _ pull: Int32, _ outcome: PullRecord.Outcome, at now: Instant, into effects: inout [MachineEffect]
    ) {
        let state = pulls[Int(pull)]
        effects.append(
            .pull(
                PullRecord(
                    pod: state.pod, container: state.container, node: NodeSlot(index: state.node),
                    reference: state.image, target: state.target,
                    image: catalogue.entries[Int(state.image)].reference.name, from: state.from, to: now,
                    traffic: state.traffic, cachedBytes: state.cachedBytes, outcome: outcome)))
    }
}
