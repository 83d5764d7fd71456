package import Chronology

// Counterpart: pkg/kubelet/images/image_gc_manager.go (v1.36).
// Deliberate differences: the disk holds images and nothing else; what is freed is what really goes, shared layers
// stay; a kubelet looks only at those of its five-minute ticks at which something can be removed, and what it would have
// seen at the others follows from when images came and were in use.

extension MachineFleet {
    /// Asks for the machine's next look at its images, if there will be something to remove.
    mutating func scheduleImageGC(on node: Int, at now: Instant, into effects: inout [MachineEffect]) {
        guard nodes[node].isOn, let wanted = nextUse(ofGCOn: node, at: now) else { return }
        let period = parameters.imageGCPeriod.nanoseconds
        let since = max(wanted, now) - nodes[node].startedAt
        let tick = nodes[node].startedAt + Duration(nanoseconds: (since.nanoseconds / period + 1) * period)
        if let next = nodes[node].nextImageGC, next <= tick { return }
        nodes[node].nextImageGC = tick
        nodes[node].imageGCEpoch &+= 1
        effects.append(
            .timer(at: tick, MachineTimer(.imageGC, slot: Int32(node), epoch: nodes[node].imageGCEpoch)))
    }

    /// From when on a look at the images can remove one; nil when none can be removed as things stand.
    private func nextUse(ofGCOn node: Int, at now: Instant) -> Instant? {
        let isFull = isOverHighThreshold(node)
        let maximum = parameters.imageMaximumGCAge
        guard isFull || maximum > .zero else { return nil }
        let unused = unusedImages(on: node)
        var earliest: Instant?
        if isFull, let image = unused.map(\.firstDetected).min() {
            // At that very age it may go already.
            earliest = image + parameters.imageMinimumGCAge - Duration(nanoseconds: 1)
        }
        let start = nodes[node].startedAt
        if maximum > .zero, let last = unused.map({ max($0.lastUsed ?? start, start) }).min() {
            let due = last + maximum
            earliest = earliest.map { min($0, due) } ?? due
        }
        return earliest
    }

    mutating func imageGCDue(on node: Int, at now: Instant, into effects: inout [MachineEffect]) {
        nodes[node].nextImageGC = nil
        var hasChanged = false
        let maximum = parameters.imageMaximumGCAge
        // A kubelet that has just started cannot know how long an image was not used; later what it never saw in use goes.
        if maximum > .zero, now - nodes[node].startedAt > maximum {
            for image in unusedImages(on: node) where image.lastUsed.map({ now - $0 > maximum }) ?? true {
                nodes[node].images.remove(manifest: image.manifest, in: catalogue)
                hasChanged = true
            }
        }
        if isOverHighThreshold(node), let disk = nodes[node].imageDisk {
            let wanted = Int128(disk) * Int128(100 - parameters.imageGCLowThresholdPercent) / 100
            let excess = Int64(clamping: wanted - available(of: disk, on: node))
            if free(excess, on: node, at: now) > 0 { hasChanged = true }
        }
        if hasChanged { imagesRemoved(on: node, at: now, into: &effects) }
        scheduleImageGC(on: node, at: now, into: &effects)
    }

    /// Removes images that nobody uses, those first that were not used for longest, until so many bytes of disk are free
    /// or none can be removed any more; returns the bytes that were freed.
    package mutating func reclaimImages(
        on node: NodeSlot, atLeast bytes: Int64, at now: Instant, into effects: inout [MachineEffect]
    ) -> Int64 {
        // Under pressure the kubelet looks between its ticks.
        nodes[Int(node.index)].images.detect(at: now)
        for manifest in imagesInUse(on: Int(node.index)) {
            nodes[Int(node.index)].images.use(manifest: manifest, at: now)
        }
        let freed = free(bytes, on: Int(node.index), at: now)
        if freed > 0 { imagesRemoved(on: Int(node.index), at: now, into: &effects) }
        return freed
    }

    /// Returns the bytes of disk that a machine's images take.
    package func imageDiskUse(on node: NodeSlot) -> Int64 { diskUse(Int(node.index)) }

    private mutating func imagesRemoved(on node: Int, at now: Instant, into effects: inout [MachineEffect]) {
        dropStreams(on: node, at: now, into: &effects)
        effects.append(.images(NodeSlot(index: Int32(node))))
    }

    private mutating func free(_ bytes: Int64, on node: Int, at now: Instant) -> Int64 {
        let before = diskUse(node)
        let candidates = unusedImages(on: node).sorted {
            ($0.lastUsed?.nanoseconds ?? .min, $0.firstDetected, $0.manifest)
                < ($1.lastUsed?.nanoseconds ?? .min, $1.firstDetected, $1.manifest)
        }
        for image in candidates where now - image.firstDetected >= parameters.imageMinimumGCAge {
            if before - diskUse(node) >= bytes { break }
            nodes[node].images.remove(manifest: image.manifest, in: catalogue)
        }
        return before - diskUse(node)
    }

    /// The images that may be removed: not pinned, and no container was made from them whose pod is still known.
    private func unusedImages(on node: Int) -> [NodeImageStore.Held] {
        let inUse = imagesInUse(on: node)
        return nodes[node].images.held.filter { !$0.isPinned && !inUse.contains($0.manifest) }
    }

    private func imagesInUse(on node: Int) -> [Int32] {
        var inUse: [Int32] = []
        for pod in nodes[node].pods {
            let record = pods[Int(pod)]
            for container in record.containers.indices where record.containers[container].manifest >= 0 {
                inUse.append(record.containers[container].manifest)
            }
        }
        return inUse
    }

    private func isOverHighThreshold(_ node: Int) -> Bool {
        guard let disk = nodes[node].imageDisk, disk > 0 else { return false }
        let high = parameters.imageGCHighThresholdPercent
        // A kubelet that may fill its disk and keep images for ever never looks.
        if high == 100, parameters.imageMaximumGCAge == .zero { return false }
        // What is free is cut to a whole percent, so that looking begins a part of one earlier.
        return 100 - available(of: disk, on: node) * 100 / Int128(disk) >= Int128(high)
    }

    private func available(of disk: Int64, on node: Int) -> Int128 { Int128(max(0, disk - diskUse(node))) }

    private func diskUse(_ node: Int) -> Int64 {
        Int64(clamping: Int128(nodes[node].images.bytes) * Int128(parameters.diskPercent) / 100)
    }

    /// Notes that a pod no longer holds its images.
    mutating func imagesUnused(by pod: Int, at now: Instant) {
        for container in pods[pod].containers.indices { imageUnused(by: container, of: pod, at: now) }
    }

    /// Notes what a kubelet has seen of the use of a container's image, which ends now.
    mutating func imageUnused(by container: Int, of pod: Int, at now: Instant) {
        let node = Int(pods[pod].node)
        let (manifest, since) = (pods[pod].containers[container].manifest, pods[pod].containers[container].imageSince)
        guard manifest >= 0, now >= nodes[node].startedAt else { return }
        let past = (now - nodes[node].startedAt).nanoseconds % parameters.imageGCPeriod.nanoseconds
        let tick = now - Duration(nanoseconds: past)
        if since <= tick { nodes[node].images.use(manifest: manifest, at: tick) }
    }

    /// Returns the first tick, not before `now`, at which a machine's kubelet looks at its images.
    func imageDetection(on node: Int, at now: Instant) -> Instant {
        let (start, period) = (nodes[node].startedAt, parameters.imageGCPeriod.nanoseconds)
        guard now > start else { return start }
        return start + Duration(nanoseconds: ((now - start).nanoseconds + period - 1) / period * period)
    }
}

// MARK: - What must hold

extension MachineFleet {
    /// Returns where the bytes of a machine's disk are not the sum of its distinct layers, or nil.
    package func imageStoreProblem() -> String? {
        for node in nodes.indices {
            var held: [Int32] = []
            for pull in nodes[node].activePulls { held += pulls[Int(pull)].layers }
            if let problem = nodes[node].images.problem(holding: held, in: catalogue) {
                return "\(nodes[node].name): \(problem)"
            }
        }
        return nil
    }

    /// Returns a running container whose image is not on its machine, or nil.
    package func imageUseProblem() -> String? {
        for node in nodes.indices where !nodes[node].isGone {
            for pod in nodes[node].pods {
                for container in pods[Int(pod)].containers
                where container.manifest >= 0 && (container.phase == .running || container.phase == .starting) {
                    if nodes[node].images.contains(manifest: container.manifest) { continue }
                    let image = catalogue.entries[Int(container.image)].reference.name
                    return "\(nodes[node].name) runs \(image) and has it not"
                }
            }
        }
        return nil
    }

    /// Returns a link that carries more than it can, or nil.
    package func transferProblem() -> String? { transfers.problem() }
}
