import Chronology
import KubernetesAPI
import VirtualTime

// MARK: - In the background

extension MachineFleet {
    mutating func stream(_ number: Int32, at now: Instant) {
        fetches[Int(number)].bytes = fetches[Int(number)].rest
        fetches[Int(number)].rest = 0
        fetches[Int(number)].waiters = []
        fetches[Int(number)].phase = .streaming
        if !route(number, at: now) { fetches[Int(number)].phase = .stalled }
    }

    mutating func streamed(_ number: Int32, at now: Instant, into effects: inout [MachineEffect]) {
        let fetch = fetches[Int(number)]
        tellStream(fetch, at: now, into: &effects)
        free(number)
        // What a machine asks of the registry passes the cache of its zone.
        if !caches.isEmpty, fetch.source == .registry {
            caches[Int(nodes[Int(fetch.node)].zone)].store(layer: fetch.layer)
        }
    }

    private func tellStream(_ fetch: LayerFetch, at now: Instant, into effects: inout [MachineEffect]) {
        effects.append(
            .pull(
                PullRecord(
                    pod: PodSlot(index: -1, generation: 0), container: 0, node: NodeSlot(index: fetch.node),
                    reference: fetch.image, target: -1,
                    image: catalogue.entries[Int(fetch.image)].reference.name, from: now, to: now,
                    traffic: fetch.traffic, cachedBytes: 0, outcome: .streamed)))
    }

    /// Goes on with what was stalled, where that is possible now.
    mutating func resumeStreams(at now: Instant, into effects: inout [MachineEffect]) {
        guard supply.lazyShare != nil else { return }
        for number in fetches.indices where fetches[number].phase == .stalled {
            guard nodes[Int(fetches[number].node)].isOn else { continue }
            fetches[number].phase = .streaming
            if !route(Int32(number), at: now) { fetches[number].phase = .stalled }
        }
        scheduleTransfers(at: now, into: &effects)
    }

    /// Gives up what streams for layers that were removed.
    mutating func dropStreams(on node: Int, at now: Instant, into effects: inout [MachineEffect]) {
        guard supply.lazyShare != nil else { return }
        for number in nodes[node].fetches where fetches[Int(number)].waiters.isEmpty {
            if nodes[node].images.contains(layer: fetches[Int(number)].layer) { continue }
            account(transfers.stop(number, at: now), of: number)
            tellStream(fetches[Int(number)], at: now, into: &effects)
            free(number)
        }
        scheduleTransfers(at: now, into: &effects)
    }
}

// MARK: - Breaking

extension MachineFleet {
    /// Takes a pull from the fetches that it waits for; a fetch that nobody waits for any more is given up.
    mutating func leaveFetches(_ pull: Int32, at now: Instant, into effects: inout [MachineEffect]) {
        for number in nodes[Int(pulls[Int(pull)].node)].fetches {
            guard let place = fetches[Int(number)].waiters.firstIndex(of: pull) else { continue }
            if fetches[Int(number)].waiters.count == 1 {
                account(transfers.stop(number, at: now), of: number)
                drop(number, at: now, into: &effects)
                continue
            }
            fetches[Int(number)].waiters.remove(at: place)
            // The next one pays, and one more of its own fetches is under way.
            if place == 0 {
                let heir = Int(fetches[Int(number)].waiters[0])
                pulls[heir].fetches += 1
                pulls[heir].unpackBytes += fetches[Int(number)].bytes
                pulls[heir].cachedBytes -= catalogue.layerBytes[Int(fetches[Int(number)].layer)]
            }
        }
    }

    /// Forgets a fetch whose transfer has ended, and lets others of the zone bring its layer into the cache.
    mutating func drop(_ number: Int32, at now: Instant, into effects: inout [MachineEffect]) {
        let fetch = fetches[Int(number)]
        free(number)
        if case .throughCache(let zone) = fetch.source { wake(zone, layer: fetch.layer, at: now, into: &effects) }
    }

    /// Fails the pulls that wait for a fetch that cannot go on.
    mutating func lost(_ number: Int32, at now: Instant, into effects: inout [MachineEffect]) {
        if fetches[Int(number)].phase == .streaming {
            fetches[Int(number)].phase = .stalled
            return
        }
        for pull in fetches[Int(number)].waiters { fail(pull, .broken, at: now, into: &effects) }
    }

    /// Breaks all transfers from a registry; a lazy rest goes on when it answers again.
    mutating func breakTransfers(from registry: Int32, at now: Instant, into effects: inout [MachineEffect]) {
        for number in fetches.indices.map(Int32.init) where fetches[Int(number)].registry == registry {
            let phase = fetches[Int(number)].phase
            guard phase == .flowing || phase == .streaming else { continue }
            switch fetches[Int(number)].source {
            case .registry, .throughCache: interrupt(number, at: now, into: &effects)
            case .none, .cache, .peer: break
            }
        }
        scheduleTransfers(at: now, into: &effects)
    }

    /// Takes a machine out of all transfers that it sends or receives; its pulls are cancelled already.
    mutating func loseFetches(of node: Int, at now: Instant, into effects: inout [MachineEffect]) {
        for number in nodes[node].fetches where fetches[Int(number)].phase == .streaming {
            interrupt(number, at: now, into: &effects)
        }
        guard supply.peers != nil else { return scheduleTransfers(at: now, into: &effects) }
        for number in fetches.indices.map(Int32.init) {
            let fetch = fetches[Int(number)]
            guard fetch.phase == .flowing || fetch.phase == .streaming,
                case .peer(Int32(node), _) = fetch.source
            else { continue }
            let done = transfers.stop(number, at: now)
            account(done, of: number)
            fetches[Int(number)].bytes -= done
            if !route(number, at: now) { lost(number, at: now, into: &effects) }
        }
        scheduleTransfers(at: now, into: &effects)
    }

    /// Stops a transfer: a rest in the background stalls, pulls fail.
    private mutating func interrupt(_ number: Int32, at now: Instant, into effects: inout [MachineEffect]) {
        let done = transfers.stop(number, at: now)
        account(done, of: number)
        fetches[Int(number)].bytes -= done
        lost(number, at: now, into: &effects)
    }
}
