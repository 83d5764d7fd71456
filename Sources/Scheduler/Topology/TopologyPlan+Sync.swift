import SchedulingFramework

// How a plan keeps up with the cluster.
extension TopologyPlan {
    /// Brings all numbers up to date with `cache`; `memo` is that of the shape.
    func sync(with cache: NodeCache, memo: ShapeMemo) {
        memo.sync(with: cache)
        memo.rank(cache)
        for id in keyIDs { keys.sync(id, with: cache) }
        if isOutOfDate(cache) || !catchUp(cache) {
            rebuild(cache)
            rankingBuild = 0
        }
        orderVersion = cache.orderVersion
        objectCursor = cache.objectChanges.end
        for (index, id) in counterIDs.enumerated() { counterCursors[index] = cache.index.counters[id].changes.end }
        guard !isLinear else { return }
        if rankingBuild != memo.ranking.builds || moveCursor < memo.ranking.moves.base {
            rankingBuild = memo.ranking.builds
            regroup(memo)
        } else {
            for place in touched { regroup(Int(place), memo) }
            follow(memo)
            // Groups that have become empty may have filled the room.
            if groups.isBroken { regroup(memo) }
        }
        moveCursor = memo.ranking.moves.end
    }

    private func isOutOfDate(_ cache: NodeCache) -> Bool {
        if orderVersion != cache.orderVersion || objectCursor < cache.objectChanges.base { return true }
        for (index, id) in counterIDs.enumerated()
        where counterCursors[index] < cache.index.counters[id].changes.base { return true }
        for (column, id) in keyIDs.enumerated() {
            if keys.columns[id].version != columnVersions[column] { return true }
            if keys.columns[id].count > columnLimits[column] { return true }
        }
        return false
    }

    // MARK: - All nodes

    private func rebuild(_ cache: NodeCache) {
        places = cache.order.count
        touched.removeAll(keepingCapacity: true)
        layOut()
        bits.deallocate()
        bits = .allocate(capacity: places)
        bits.initialize(repeating: 0, count: places)
        for (column, id) in keyIDs.enumerated() {
            domains[column].deallocate()
            domains[column] = .allocate(capacity: places)
            for (place, slot) in cache.order.enumerated() {
                domains[column][place] = keys.columns[id].domains[Int(slot)]
            }
        }
        for place in 0..<places { bits[place] = eligibility(place, cache.snapshot.nodes[place]) }
        for index in tallies.indices {
            tallies[index].reset(places: places, domains: columnLimits[tallies[index].column])
            for (place, slot) in cache.order.enumerated() where bits[place] & (1 << UInt32(index)) != 0 {
                let domain = self.domain(index, place)
                let count = tallies[index].count(at: Int(slot), cache.index.counters)
                tallies[index].known[place] = count
                guard !tallies[index].isPerNode, domain >= 0 else { continue }
                tallies[index].sums[domain] += count
                tallies[index].total += Int64(count)
                if tallies[index].role == .hard { tallies[index].nodes[domain] += 1 }
            }
            guard tallies[index].role == .hard else { continue }
            for domain in 0..<columnLimits[tallies[index].column] where tallies[index].nodes[domain] > 0 {
                tallies[index].levels.enter(tallies[index].sums[domain])
            }
        }
        listMembers()
    }

    /// Decides what stands in a signature.
    private func layOut() {
        columnVersions = keyIDs.map { keys.columns[$0].version }
        columnLimits = keyIDs.map { id in
            let count = keys.columns[id].count
            return count <= Self.smallDomains ? Self.smallDomains : count + count / 4
        }
        isLinear = false
        fields = 0
        var columnFields = [Int](repeating: -1, count: keyIDs.count)
        for index in tallies.indices {
            let column = tallies[index].column
            tallies[index].isByDomain = !tallies[index].isPerNode && columnLimits[column] == Self.smallDomains
            if tallies[index].isByDomain, columnFields[column] >= 0 {
                tallies[index].field = columnFields[column]
                continue
            }
            if !tallies[index].isByDomain && !tallies[index].isPerNode && tallies[index].role == .soft {
                // How many domains there are among the feasible nodes cannot be told from signatures.
                isLinear = true
            }
            tallies[index].field = fields
            if tallies[index].isByDomain { columnFields[column] = fields }
            fields += 1
        }
        if fields > TopologyGroups.Signature.scalarCount { isLinear = true }
    }

    /// Lists the nodes of each domain where a change of the sum gives all of them another signature.
    private func listMembers() {
        for column in keyIDs.indices {
            members[column] = []
            memberStarts[column] = []
            let isAsked = tallies.contains { $0.column == column && !$0.isByDomain && !$0.isPerNode }
            guard isAsked, !isLinear else { continue }
            var starts = [Int32](repeating: 0, count: columnLimits[column] + 1)
            for place in 0..<places where domains[column][place] >= 0 {
                starts[Int(domains[column][place]) + 1] += 1
            }
            for domain in 1..<starts.count { starts[domain] += starts[domain - 1] }
            var next = starts
            var list = [Int32](repeating: 0, count: Int(starts[starts.count - 1]))
            for place in 0..<places where domains[column][place] >= 0 {
                let domain = Int(domains[column][place])
                list[Int(next[domain])] = Int32(place)
                next[domain] += 1
            }
            members[column] = list
            memberStarts[column] = starts
        }
    }

    private func domain(_ tally: Int, _ place: Int) -> Int {
        let column = tallies[tally].column
        let domain = domains[column][place]
        if domain >= 0 || !tallies[tally].joinsEmpty { return Int(domain) }
        return Int(keys.columns[keyIDs[column]].emptyDomain)
    }

    /// In which tallies the node counts.
    private func eligibility(_ place: Int, _ node: NodeInfo) -> UInt32 {
        var hasHardKeys = true
        var hasSoftKeys = true
        for tally in tallies where domains[tally.column][place] < 0 {
            if tally.role == .hard { hasHardKeys = false }
            if tally.role == .soft { hasSoftKeys = false }
        }
        var bits: UInt32 = 0
        for (index, tally) in tallies.enumerated() {
            let counts: Bool
            switch tally.role {
            case .hard:
                counts =
                    hasHardKeys && (isTrivial[tally.place] || hard[tally.place].includes(node, for: shape))
            case .soft:
                counts =
                    tally.isPerNode
                    || (hasSoftKeys || !rules.requiresAll)
                        && (isTrivial[hard.count + tally.place] || soft[tally.place].includes(node, for: shape))
            case .affinity, .antiAffinity, .existing, .weight: counts = true
            }
            if counts { bits |= 1 << UInt32(index) }
        }
        return bits
    }

    // MARK: - Changed nodes

    /// Looks again at the nodes whose counts or objects changed, and lists them as touched; returns false when that is
    /// not enough.
    private func catchUp(_ cache: NodeCache) -> Bool {
        touched.removeAll(keepingCapacity: true)
        let counters = cache.index.counters
        for (index, id) in counterIDs.enumerated() {
            counters[id].changes.withEntries(from: counterCursors[index]) { entries in
                for slot in entries where cache.places[Int(slot)] >= 0 { touched.append(cache.places[Int(slot)]) }
            }
        }
        let objectLog = cache.objectChanges
        if objectCursor < objectLog.end {
            for slot in objectLog.entries[Int(objectCursor - objectLog.base)...] {
                let place = Int(cache.places[Int(slot)])
                if place < 0 { continue }
                guard lookAtObject(place, Int(slot), cache) else { return false }
                touched.append(Int32(place))
            }
        }
        if touched.isEmpty { return true }
        changedDomains.removeAll(keepingCapacity: true)
        for place in touched { count(Int(place), Int(cache.order[Int(place)]), counters) }
        for changed in changedDomains {
            let column = tallies[changed.tally].column
            guard !memberStarts[column].isEmpty, !tallies[changed.tally].isByDomain else { continue }
            let start = Int(memberStarts[column][Int(changed.domain)])
            let end = Int(memberStarts[column][Int(changed.domain) + 1])
            // The only one of its domain is the one that changed.
            if end - start > 1 { touched.append(contentsOf: members[column][start..<end]) }
        }
        return true
    }

    private func count(_ place: Int, _ slot: Int, _ counters: [SlotCounter]) {
        for index in tallies.indices where bits[place] & (1 << UInt32(index)) != 0 {
            let domain = self.domain(index, place)
            let count = tallies[index].count(at: slot, counters)
            if tallies[index].set(place, domain: domain, to: count) {
                changedDomains.append((index, Int32(domain)))
            }
        }
    }

    /// Takes over another version of the node object; returns false when the node changed its domain.
    private func lookAtObject(_ place: Int, _ slot: Int, _ cache: NodeCache) -> Bool {
        for (column, id) in keyIDs.enumerated() where domains[column][place] != keys.columns[id].domains[slot] {
            return false
        }
        let new = eligibility(place, cache.snapshot.nodes[place])
        let old = bits[place]
        if new == old { return true }
        for index in tallies.indices where (new ^ old) & (1 << UInt32(index)) != 0 {
            let domain = self.domain(index, place)
            if new & (1 << UInt32(index)) != 0 {
                tallies[index].addNode(1, domain: domain)
            } else {
                // Its pods count no longer; those of other nodes of the domain see it below.
                if tallies[index].set(place, domain: domain, to: 0), !tallies[index].isByDomain { return false }
                tallies[index].addNode(-1, domain: domain)
            }
        }
        bits[place] = new
        return true
    }

    // MARK: - Groups

    private func regroup(_ memo: ShapeMemo) {
        groups.reset(places: places, range: memo.totalMax + 1)
        for place in 0..<places {
            if groups.isBroken { break }
            regroup(place, memo)
        }
        if groups.isBroken { isLinear = true }
    }

    /// Takes over the totals that moved; most nodes stay in their groups.
    private func follow(_ memo: ShapeMemo) {
        touched.removeAll(keepingCapacity: true)
        memo.ranking.moves.withEntries(from: moveCursor) { places in
            groups.take(places, totals: memo.ranking.totals, others: &touched)
        }
        for place in touched { regroup(Int(place), memo) }
    }

    private func regroup(_ place: Int, _ memo: ShapeMemo) {
        let total = memo.ranking.total(place)
        if total == Int64.min {
            groups.leave(place)
        } else {
            groups.enter(place, signature(place), total: total)
        }
    }
}
