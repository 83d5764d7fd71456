import SchedulingFramework

// How the ranking is kept, from which the best nodes are taken.
extension ShapeMemo {
    /// The sum of all scores but those that follow from usage.
    func baseTotal(_ slot: Int) -> Int64 {
        var total = objects[slot].total + kinds.totals[Int(objects[slot].imageKind)]
        for (column, position) in normalized.enumerated() {
            let entry = profile.scores[position]
            total += entry.weight * entry.normalization.scaled(columns[column][slot], maximum: ranking.maxima[column])
        }
        return total
    }

    func enter(_ slot: Int, _ place: Int) {
        guard isRanked else { return }
        let id = cells[slot].verdictID
        if id != 0 {
            ranking.count(id, 1)
        } else {
            ranking.enter(place, total: cells[slot].usageTotal + cells[slot].baseTotal)
            count(slot, 1)
        }
    }

    func leave(_ slot: Int, _ place: Int, id: Int32) {
        guard isRanked else { return }
        if id != 0 {
            ranking.count(id, -1)
        } else {
            ranking.leave(place)
            count(slot, -1)
        }
    }

    func count(_ slot: Int, _ change: Int) {
        for column in columns.indices { ranking.count(columns[column][slot], column: column, change) }
        isRanked = ranking.version != 0
    }

    /// Builds the ranking anew when it is out of date.
    func rank(_ cache: NodeCache) {
        if ranking.version == cache.orderVersion { return }
        ranking.reset(version: cache.orderVersion, count: cache.order.count)
        for slot in cache.order where cells[Int(slot)].verdictID == 0 {
            for column in columns.indices { ranking.include(columns[column][Int(slot)], column: column) }
        }
        for (place, slot) in cache.order.enumerated() {
            let cell = cells + Int(slot)
            cell.pointee.baseTotal = baseTotal(Int(slot))
            if cell.pointee.verdictID == 0 {
                ranking.enter(place, total: cell.pointee.usageTotal + cell.pointee.baseTotal)
            } else {
                ranking.count(cell.pointee.verdictID, 1)
            }
        }
    }
}
