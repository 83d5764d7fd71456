package import Chronology

// Counterpart: pkg/kubelet/images/image_gc_manager.go (v1.36).
// Deliberate differences: the disk holds images and nothing else; what is freed is what really goes, shared layers
// stay; a kubelet looks only at those of its five-minute ticks at which something can be removed.

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
        if isFull, let image = unused.map(\.firstDetected).min() { earliest = image + parameters.imageMinimumGCAge }
        if maximum > .zero, let last = unused.map({ max($0.lastUsed, $0.firstDetected) }).min() {
            let due = max(last, nodes[node].startedAt) + maximum
            earliest = earliest.map { min($0, due) } ?? due
        }
        return earliest
    }

    mutating func imageGCDue(on node: Int, at now: Instant, into effects: inout [MachineEffect]) {
        nodes[node].nextImageGC = nil
        var hasChanged = false
        let maximum = parameters.imageMaximumGCAge
        // A kubelet that has just started cannot know how long an image was not used.
        if maximum > .zero, now - nodes[node].startedAt > maximum {
            for image in unusedImages(on: node) where now - max(image.lastUsed, image.firstDetected) > maximum {
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
            ($0.lastUsed, $0.firstDetected, $0.manifest) < ($1.lastUsed, $1.firstDetected, $1.manifest)
        }
        for image in candidates where now - image.firstDetected >= parameters.imageMinimumGCAge {
            if before - diskUse(node) >= bytes { break }
            nodes[node].images.remove(manifest: image.manifest, in: catalogue)
        }
        return before - diskUse(node)
    }

    /// The images that may be removed: not pinned, and no container was made from them whose pod is still known.
    private func unusedImages(on node: Int) -> [NodeImageStore.Held] {
        var inUse: [Int32] = []
        for pod in nodes[node].pods {
            let record = pods[Int(pod)]
            for container in record.containers.indices where record.containers[container].manifest >= 0 {
                inUse.append(record.containers[container].manifest)
            }
        }
        return nodes[node].images.held.filter { !$0.isPinned && !inUse.contains($0.manifest) }
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
        let record = pods[pod]
        for container in record.containers.indices where record.containers[container].manifest >= 0 {
            nodes[Int(record.node)].images.use(manifest: record.containers[container].manifest, at: now)
        }
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
