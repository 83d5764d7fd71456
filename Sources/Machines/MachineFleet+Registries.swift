package import Chronology

// MARK: - What happens to registries

extension MachineFleet {
    /// Begins an outage of a registry, or ends one; nil is all of them. It breaks the transfers under way.
    ///
    /// Outages nest: a registry answers again when none is left, of its own or of all. One that is down by its setup stays
    /// so.
    package mutating func setRegistry(
        _ name: String?, isUp: Bool, at now: Instant, into effects: inout [MachineEffect]
    ) {
        let change = isUp ? -1 : 1
        let numbers = registryNumbers(name)
        if name == nil { outagesOfAllRegistries += change }
        for number in numbers {
            registries[number].outages += change
            precondition(registries[number].outages >= 0, "\(registries[number].name) was down less often")
            if !isUp { breakTransfers(from: Int32(number), at: now, into: &effects) }
        }
        if isUp { resumeStreams(at: now, into: &effects) }
    }

    /// Sets the bytes per second that all pulls from a registry share; nil is all registries, each for itself.
    package mutating func setRegistry(
        _ name: String?, bandwidth: Int64, at now: Instant, into effects: inout [MachineEffect]
    ) {
        if name == nil { otherRegistriesBandwidth = bandwidth }
        for number in registryNumbers(name) { transfers.setBandwidth(bandwidth, of: registries[number].link) }
        scheduleTransfers(at: now, into: &effects)
    }

    private mutating func registryNumbers(_ name: String?) -> [Int] {
        guard let name else { return Array(registries.indices) }
        return [addRegistry(named: name)]
    }

    // MARK: - Asking one

    /// What a registry says about an image.
    enum Resolution {
        case found(target: Int32, manifest: Int32)
        case failed(PullFailure)
    }

    /// Asks for what a pull's reference names now, and counts the manifest against the quota if it has to be fetched.
    mutating func resolve(_ pull: Int32, at now: Instant) -> Resolution {
        let state = pulls[Int(pull)]
        let entry = catalogue.entries[Int(state.image)]
        let node = Int(state.node)
        let registry = Int(entry.registry)
        guard registries[registry].isUp else {
            // Who stands between may still know what the reference named.
            guard let target = rememberedTarget(of: state.image, for: node) else { return .failed(.unreachable) }
            return manifest(of: target, on: node)
        }
        if registries[registry].setup.isUnauthorized { return .failed(.unauthorized) }
        guard let target = entry.target, troubles.isEmpty || !hasVanished(entry.reference) else {
            return .failed(entry.isRepositoryMissing ? .noRepository : .notFound)
        }
        let resolution = manifest(of: target, on: node)
        guard case .found(_, let manifest) = resolution else { return resolution }
        let hasCache = !caches.isEmpty
        let zone = Int(nodes[node].zone)
        let isKnown =
            nodes[node].images.contains(manifest: manifest) || (hasCache && caches[zone].manifests.contains(manifest))
        let client = hasCache ? -2 - Int32(zone) : Int32(node)
        if !isKnown, !registries[registry].takeManifest(client: client, limit: rateLimit(of: registry), at: now) {
            return .failed(.tooManyRequests)
        }
        if hasCache { caches[zone].store(state.image, target: target, manifest: manifest) }
        return resolution
    }

    private func manifest(of target: Int32, on node: Int) -> Resolution {
        guard let manifest = catalogue.manifest(of: target, for: nodes[node].architecture) else {
            return .failed(.noPlatform(digest: catalogue.targets[Int(target)].digest))
        }
        return .found(target: target, manifest: manifest)
    }

    /// Returns what a reference named when the zone's cache, or a peer, last asked.
    private func rememberedTarget(of image: Int32, for node: Int) -> Int32? {
        if !caches.isEmpty, let target = caches[Int(nodes[node].zone)].targets[image] { return target }
        guard supply.peers != nil else { return nil }
        for peer in nodes.indices where isPeer(peer, of: node) {
            if let name = nodes[peer].images.name(of: image, in: catalogue) { return name.target }
        }
        return nil
    }

    /// Whether a machine may give layers to another one.
    func isPeer(_ peer: Int, of node: Int) -> Bool {
        guard peer != node, nodes[peer].isOn, let scope = supply.peers else { return false }
        return scope == .cluster || nodes[peer].zone == nodes[node].zone
    }
}
