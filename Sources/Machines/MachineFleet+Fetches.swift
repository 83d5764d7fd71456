import Chronology
import KubernetesAPI
import VirtualTime

// Counterpart: the fetch of containerd: several layers of a pull at once, each layer of a machine once (content store
// locks); with Spegel or Dragonfly between the machines, a pull-through cache in the zone, or a lazy snapshotter.
// Deliberate differences: a cache keeps everything; a machine gives layers to others once it has all of them; what a
// lazily started container reads is not looked at, the rest simply streams in.

// MARK: - Beginning

extension MachineFleet {
    /// Begins as many of a pull's layers as may be fetched at once; unpacks when none is missing.
    mutating func startFetches(of pull: Int32, at now: Instant, into effects: inout [MachineEffect]) {
        let index = Int(pull)
        let node = Int(pulls[index].node)
        while pulls[index].fetches < parameters.maxConcurrentDownloads, let layer = pulls[index].queue.popLast() {
            let bytes = catalogue.layerBytes[Int(layer)]
            if nodes[node].images.contains(layer: layer) {
                arrive(layer, at: pull)
                pulls[index].cachedBytes += bytes
            } else if let other = nodes[node].fetches.first(where: { fetches[Int($0)].layer == layer }) {
                fetches[Int(other)].waiters.append(pull)
                pulls[index].cachedBytes += bytes
            } else {
                guard begin(layer, for: pull, at: now) else {
                    fail(pull, .broken, at: now, into: &effects)
                    return
                }
            }
        }
        if pulls[index].missing == 0, pulls[index].phase == .transferring { unpack(pull, at: now, into: &effects) }
    }

    /// Begins to fetch a layer; returns false when nobody can give it.
    private mutating func begin(_ layer: Int32, for pull: Int32, at now: Instant) -> Bool {
        let state = pulls[Int(pull)]
        let bytes = catalogue.layerBytes[Int(layer)]
        let share = supply.lazyShare ?? 1_000_000
        let first = Int64((Int128(bytes) * Int128(share) + 999_999) / 1_000_000)
        let fetch = LayerFetch(
            layer: layer, node: state.node, registry: catalogue.entries[Int(state.image)].registry,
            image: state.image, waiters: [pull], bytes: first, rest: bytes - first)
        let number: Int32
        if let free = freeFetches.popLast() {
            number = free
            fetches[Int(free)] = fetch
        } else {
            number = Int32(fetches.count)
            fetches.append(fetch)
        }
        nodes[Int(state.node)].fetches.append(number)
        nodes[Int(state.node)].fetchCount += 1
        pulls[Int(pull)].fetches += 1
        pulls[Int(pull)].unpackBytes += first
        return route(number, at: now)
    }

    /// Chooses from where a layer comes and starts the transfer; returns false when nobody can give it.
    mutating func route(_ number: Int32, at now: Instant) -> Bool {
        let fetch = fetches[Int(number)]
        let node = Int(fetch.node)
        let zone = Int(nodes[node].zone)
        let ingress = nodes[node].ingress
        let registry = registries[Int(fetch.registry)]
        if fetches[Int(number)].phase != .streaming { fetches[Int(number)].phase = .flowing }
        var route = TransferPool.Route(first: ingress)
        if let peer = bestPeer(for: fetch) {
            let crosses = nodes[peer].zone != nodes[node].zone
            fetches[Int(number)].source = .peer(Int32(peer), crossesZones: crosses)
            route.second = nodes[peer].egress
        } else if !caches.isEmpty, caches[zone].contains(layer: fetch.layer) {
            fetches[Int(number)].source = .cache(Int32(zone))
            route.second = caches[zone].link
        } else if !caches.isEmpty, fetch.phase != .streaming, caches[zone].incoming.contains(fetch.layer) {
            // A stream never waits: the layer may still count as on its way because of its own first share.
            fetches[Int(number)].source = .none
            fetches[Int(number)].phase = .awaitingCache
            return true
        } else if !registry.isUp {
            return false
        } else if !caches.isEmpty, fetch.phase != .streaming {
            caches[zone].incoming.insert(fetch.layer)
            fetches[Int(number)].source = .throughCache(Int32(zone))
            route.second = caches[zone].link
            route.third = registry.link
        } else {
            fetches[Int(number)].source = .registry
            route.second = registry.link
        }
        transfers.start(number, bytes: fetch.bytes, over: route, at: now)
        return true
    }

    /// Returns the machine that gives a layer: one of the own zone first, then the one that gives least.
    private func bestPeer(for fetch: LayerFetch) -> Int? {
        guard supply.peers != nil else { return nil }
        var given = [Int32](repeating: 0, count: nodes.count)
        for other in fetches where other.phase == .flowing || other.phase == .streaming {
            if case .peer(let peer, _) = other.source { given[Int(peer)] += 1 }
        }
        let node = Int(fetch.node)
        var best: (far: Bool, given: Int32, peer: Int)?
        for peer in nodes.indices where isPeer(peer, of: node) {
            guard nodes[peer].images.contains(layer: fetch.layer) else { continue }
            if nodes[peer].fetches.contains(where: { fetches[Int($0)].layer == fetch.layer }) { continue }
            let far = nodes[peer].zone != nodes[node].zone
            if let best, (best.far ? 1 : 0, best.given) <= (far ? 1 : 0, given[peer]) { continue }
            best = (far, given[peer], peer)
        }
        return best?.peer
    }
}

// MARK: - Arriving

extension MachineFleet {
    /// Handles the transfers that are complete.
    mutating func transfersDue(at now: Instant, into effects: inout [MachineEffect]) {
        transferTimer = .never
        for number in transfers.takeFinished(at: now) {
            // What ended before may have taken this one with it.
            guard fetches[Int(number)].phase == .flowing || fetches[Int(number)].phase == .streaming else { continue }
            fetched(number, at: now, into: &effects)
        }
        scheduleTransfers(at: now, into: &effects)
    }

    private mutating func fetched(_ number: Int32, at now: Instant, into effects: inout [MachineEffect]) {
        let fetch = fetches[Int(number)]
        account(fetch.bytes, of: number)
        if fetch.phase == .streaming {
            streamed(number, at: now, into: &effects)
            return
        }
        if isCorrupt(fetch) {
            let digest = catalogue.layerDigests[Int(fetch.layer)]
            let failure = PullFailure.corruptLayer(digest: digest, found: ContentDigest.address(of: digest))
            drop(number, at: now, into: &effects)
            for pull in fetch.waiters { fail(pull, failure, at: now, into: &effects) }
            return
        }
        if case .throughCache(let zone) = fetch.source, fetch.rest == 0 {
            caches[Int(zone)].store(layer: fetch.layer)
        }
        for pull in fetch.waiters { arrive(fetch.layer, at: pull) }
        pulls[Int(fetch.waiters[0])].fetches -= 1
        if fetch.rest > 0 {
            stream(number, at: now)
        } else {
            free(number)
        }
        if case .throughCache(let zone) = fetch.source { wake(zone, layer: fetch.layer, at: now, into: &effects) }
        for pull in fetch.waiters where pulls[Int(pull)].phase == .transferring {
            startFetches(of: pull, at: now, into: &effects)
        }
    }

    /// Notes that a layer that a pull needs is on the machine.
    private mutating func arrive(_ layer: Int32, at pull: Int32) {
        nodes[Int(pulls[Int(pull)].node)].images.retain(layer, in: catalogue)
        pulls[Int(pull)].layers.append(layer)
        pulls[Int(pull)].missing -= 1
    }

    private func isCorrupt(_ fetch: LayerFetch) -> Bool {
        if catalogue.layerIsCorrupt[Int(fetch.layer)] { return true }
        var share = registries[Int(fetch.registry)].setup.corruptShare
        if !troubles.isEmpty {
            share = max(share, corruptShare(of: catalogue.entries[Int(fetch.image)].reference))
        }
        guard share > 0 else { return false }
        switch fetch.source {
        case .registry, .throughCache: break
        case .none, .cache, .peer: return false
        }
        let node = nodes[Int(fetch.node)]
        var stream = RandomStream(
            seed: seed, name: "\(node.name) \(catalogue.layerDigests[Int(fetch.layer)])", purpose: "image.corrupt",
            index: node.fetchCount)
        return stream.integer(below: 1_000_000) < share
    }

    /// Charges bytes to whoever pays for a fetch.
    mutating func account(_ bytes: Int64, of number: Int32) {
        let fetch = fetches[Int(number)]
        if fetch.phase == .streaming || fetch.waiters.isEmpty {
            fetches[Int(number)].traffic.add(bytes, from: fetch.source)
        } else {
            pulls[Int(fetch.waiters[0])].traffic.add(bytes, from: fetch.source)
        }
    }

    mutating func free(_ number: Int32) {
        let node = Int(fetches[Int(number)].node)
        nodes[node].fetches.removeAll { $0 == number }
        fetches[Int(number)].phase = .free
        fetches[Int(number)].waiters = []
        freeFetches.append(number)
    }

    /// Lets the machines of a zone go on that wait for a layer of its cache.
    mutating func wake(_ zone: Int32, layer: Int32, at now: Instant, into effects: inout [MachineEffect]) {
        caches[Int(zone)].incoming.remove(layer)
        for number in fetches.indices where fetches[number].phase == .awaitingCache && fetches[number].layer == layer {
            guard nodes[Int(fetches[number].node)].zone == zone, fetches[number].phase == .awaitingCache else {
                continue
            }
            if !route(Int32(number), at: now) { lost(Int32(number), at: now, into: &effects) }
        }
    }
}
