import Chronology

// Counterpart: pkg/kubelet/images (v1.36).
// Deliberate differences: a pull that fails leaves nothing on the disk; a tag that moved drops the image it named
// before; in parallel mode a pull waits for another one of its machine that fetches a layer it needs.

// MARK: - Asking and waiting

extension MachineFleet {
    /// Asks for a container's image.
    mutating func pull(for container: Int, of pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        let node = pods[pod].node
        let state = PullState(
            pod: slot(pod), container: Int32(container), node: node,
            image: pods[pod].containers[container].image, from: now)
        let pull: Int32
        if let free = freePulls.popLast() {
            pull = free
            let epoch = pulls[Int(free)].epoch
            pulls[Int(free)] = state
            pulls[Int(free)].epoch = epoch
        } else {
            pull = Int32(pulls.count)
            pulls.append(state)
        }
        pods[pod].containers[container].phase = .pulling
        pods[pod].cursor = Int32(container)
        pods[pod].pull = pull
        nodes[Int(node)].queuedPulls.append(pull)
        beginPulls(on: Int(node), at: now, into: &effects)
    }

    /// Begins as many of a machine's waiting pulls as may run at once.
    private mutating func beginPulls(on node: Int, at now: Instant, into effects: inout [MachineEffect]) {
        let limit = parameters.serializeImagePulls ? 1 : Int(parameters.maxParallelImagePulls ?? .max)
        while nodes[node].isOn, nodes[node].activePulls.count < limit {
            guard let place = nodes[node].queuedPulls.firstIndex(where: { !sharesLayer($0, on: node) }) else { return }
            let pull = nodes[node].queuedPulls.remove(at: place)
            begin(pull, at: now, into: &effects)
        }
    }

    /// Returns whether a pull needs a layer that another pull of the machine is fetching.
    private func sharesLayer(_ pull: Int32, on node: Int) -> Bool {
        guard !nodes[node].activePulls.isEmpty,
            let manifest = catalogue.entries[Int(pulls[Int(pull)].image)].manifest
        else { return false }
        let wanted = catalogue.manifests[Int(manifest)].layers.filter { !nodes[node].images.contains(layer: $0) }
        return nodes[node].activePulls.contains { other in
            catalogue.manifests[Int(pulls[Int(other)].manifest)].layers.contains { wanted.contains($0) }
        }
    }

    private mutating func begin(_ pull: Int32, at now: Instant, into effects: inout [MachineEffect]) {
        let state = pulls[Int(pull)]
        let node = Int(state.node)
        let entry = catalogue.entries[Int(state.image)]
        guard nodes[node].pullLimiter.take(at: now) else {
            fail(pull, "pull QPS exceeded", at: now, into: &effects)
            return
        }
        guard registries[Int(entry.registry)].isUp else {
            fail(pull, "registry \(registries[Int(entry.registry)].name) does not answer", at: now, into: &effects)
            return
        }
        guard let manifest = entry.manifest else {
            fail(pull, "\(entry.reference.name): not found", at: now, into: &effects)
            return
        }
        let bytes = nodes[node].images.missingBytes(catalogue.manifests[Int(manifest)], in: catalogue)
        pulls[Int(pull)].manifest = manifest
        pulls[Int(pull)].bytes = bytes
        pulls[Int(pull)].cachedBytes = catalogue.manifests[Int(manifest)].bytes - bytes
        nodes[node].activePulls.append(pull)
        if bytes == 0 {
            unpack(pull, at: now, into: &effects)
            return
        }
        pulls[Int(pull)].phase = .transferring
        transfers.start(
            pull: pull, node: state.node, registry: entry.registry, bytes: bytes, at: now, registries: registries)
        scheduleTransfers(into: &effects)
    }
}

// MARK: - Under way

extension MachineFleet {
    /// Asks to be called when the next transfer is complete, unless that was asked before.
    mutating func scheduleTransfers(into effects: inout [MachineEffect]) {
        guard transfers.nextFinish != transferTimer else { return }
        transferTimer = transfers.nextFinish
        transferEpoch &+= 1
        if transferTimer != .never {
            effects.append(.timer(at: transferTimer, MachineTimer(.transfers, epoch: transferEpoch)))
        }
    }

    mutating func transfersDue(at now: Instant, into effects: inout [MachineEffect]) {
        for pull in transfers.takeFinished(at: now, registries: registries) {
            unpack(pull, at: now, into: &effects)
        }
        scheduleTransfers(into: &effects)
    }

    private mutating func unpack(_ pull: Int32, at now: Instant, into effects: inout [MachineEffect]) {
        pulls[Int(pull)].phase = .unpacking
        let bytes = Int128(pulls[Int(pull)].bytes)
        let time = Duration(nanoseconds: Int64(clamping: bytes * 1_000_000_000 / Int128(max(1, parameters.unpackRate))))
        effects.append(
            .timer(
                at: now + parameters.pullOverhead + time,
                MachineTimer(.pullDone, slot: pull, epoch: pulls[Int(pull)].epoch)))
    }

    /// Starts the container whose image is complete.
    mutating func pullDone(_ pull: Int32, at now: Instant, into effects: inout [MachineEffect]) {
        let state = pulls[Int(pull)]
        let node = Int(state.node)
        report(pull, .pulled, at: now, into: &effects)
        release(pull)
        if nodes[node].images.add(state.image, manifest: state.manifest, at: now, in: catalogue) {
            collectImages(on: node, at: now)
            effects.append(.images(NodeSlot(index: state.node)))
        }
        if let pod = position(of: state.pod) {
            let container = Int(state.container)
            pods[pod].containers[container].pullFailures = BackOff()
            start(container, of: pod, at: now, into: &effects)
        }
        beginPulls(on: node, at: now, into: &effects)
    }
}

// MARK: - The end of a pull

extension MachineFleet {
    private mutating func fail(
        _ pull: Int32, _ message: String, at now: Instant, into effects: inout [MachineEffect]
    ) {
        let state = pulls[Int(pull)]
        report(pull, .failed(message), at: now, into: &effects)
        release(pull)
        if let pod = position(of: state.pod) {
            pullFailed(Int(state.container), of: pod, reason: "ErrImagePull", at: now, into: &effects)
            proceed(pod, at: now, into: &effects)
        }
    }

    /// Puts a container without an image into back-off.
    mutating func pullFailed(
        _ container: Int, of pod: Int, reason: String, at now: Instant, into effects: inout [MachineEffect]
    ) {
        pods[pod].cursor = -1
        pods[pod].containers[container].phase = .pullBackOff
        pods[pod].containers[container].pullReason = reason
        pods[pod].containers[container].epoch &+= 1
        pods[pod].containers[container].pullFailures.attempted(
            at: now, initial: parameters.imageBackOffInitial, max: parameters.imageBackOffMax)
        let wait = pods[pod].containers[container].pullFailures.wait
        if reason == "ErrImagePull" {
            effects.append(
                .timer(at: now + parameters.imageBackOffNotice, timer(.pullNotice, container: container, of: pod)))
        }
        effects.append(.timer(at: now + wait, timer(.pullRetry, container: container, of: pod)))
    }

    /// Breaks off pulls because their pods or their machine are gone.
    mutating func cancelPulls(_ cancelled: [Int32], at now: Instant, into effects: inout [MachineEffect]) {
        guard !cancelled.isEmpty else { return }
        transfers.stop(pulls: cancelled, at: now, registries: registries)
        scheduleTransfers(into: &effects)
        var touched: [Int] = []
        for pull in cancelled {
            report(pull, .cancelled, at: now, into: &effects)
            touched.append(Int(pulls[Int(pull)].node))
            release(pull)
        }
        for node in touched { beginPulls(on: node, at: now, into: &effects) }
    }

    /// Fails all transfers from a registry.
    mutating func breakTransfers(from registry: Int32, at now: Instant, into effects: inout [MachineEffect]) {
        let broken = pulls.indices.filter { pull in
            pulls[pull].phase == .transferring
                && catalogue.entries[Int(pulls[pull].image)].registry == registry
        }
        transfers.stop(pulls: broken.map(Int32.init), at: now, registries: registries)
        for pull in broken {
            let node = Int(pulls[pull].node)
            fail(Int32(pull), "the connection to \(registries[Int(registry)].name) broke", at: now, into: &effects)
            beginPulls(on: node, at: now, into: &effects)
        }
        scheduleTransfers(into: &effects)
    }

    private mutating func release(_ pull: Int32) {
        let state = pulls[Int(pull)]
        nodes[Int(state.node)].activePulls.removeAll { $0 == pull }
        nodes[Int(state.node)].queuedPulls.removeAll { $0 == pull }
        if let pod = position(of: state.pod) { pods[pod].pull = -1 }
        pulls[Int(pull)].phase = .free
        pulls[Int(pull)].epoch &+= 1
        freePulls.append(pull)
    }

    private func report(
        _ pull: Int32, _ outcome: PullRecord.Outcome, at now: Instant, into effects: inout [MachineEffect]
    ) {
        let state = pulls[Int(pull)]
        effects.append(
            .pull(
                PullRecord(
                    pod: state.pod, container: state.container, node: NodeSlot(index: state.node),
                    image: catalogue.entries[Int(state.image)].reference.name, from: state.from, to: now,
                    bytes: outcome == .pulled ? state.bytes : 0, cachedBytes: state.cachedBytes, outcome: outcome)))
    }
}

// MARK: - Garbage collection

extension MachineFleet {
    /// Removes the images that were not used for longest when the disk is too full of them (`image_gc_manager.go`).
    ///
    /// It happens after a pull instead of every five minutes.
    private mutating func collectImages(on node: Int, at now: Instant) {
        guard let disk = nodes[node].imageDisk, disk > 0 else { return }
        let high = disk / 100 * parameters.imageGCHighThresholdPercent
        let low = disk / 100 * parameters.imageGCLowThresholdPercent
        guard diskUse(node) > high else { return }
        var inUse: Set<Int32> = []
        for pod in nodes[node].pods where pods[Int(pod)].stage != .finished {
            for container in pods[Int(pod)].containers { inUse.insert(container.image) }
        }
        let candidates = nodes[node].images.held
            .filter { !inUse.contains($0.reference) && now - $0.lastUsed >= parameters.imageMinimumGCAge }
            .sorted { ($0.lastUsed, $0.reference) < ($1.lastUsed, $1.reference) }
        for candidate in candidates {
            if diskUse(node) <= low { return }
            nodes[node].images.remove(candidate.reference, in: catalogue)
        }
    }

    private func diskUse(_ node: Int) -> Int64 { nodes[node].images.bytes / 100 * parameters.diskPercent }
}
