import KubernetesAPI
import SchedulingFramework

/// The domains of nodes, one column per topology key, as numbers.
final class TopologyKeys {
    /// The domain of every node under one key.
    struct Column {
        let key: String
        /// By slot; -1 where the node has no such label.
        fileprivate(set) var domains: [Int32] = []
        fileprivate(set) var count = 0
        /// The domain whose value is empty, or -1.
        fileprivate(set) var emptyDomain: Int32 = -1
        /// Changes when domains are numbered anew.
        fileprivate(set) var version: UInt64 = 1
        fileprivate var numbers: [String: Int32] = [:]
        /// By slot, as of the last look.
        fileprivate var generations: [UInt64] = []
        fileprivate var orderVersion: UInt64 = 0
        fileprivate var cursor: UInt64 = 0
    }

    private(set) var columns: [Column] = []
    private var ids: [String: Int32] = [:]

    /// The number of `key`.
    func id(of key: String) -> Int32 {
        if let id = ids[key] { return id }
        let id = Int32(columns.count)
        columns.append(Column(key: key))
        ids[key] = id
        return id
    }

    /// Brings one column up to date.
    func sync(_ id: Int, with cache: NodeCache) {
        let log = cache.objectChanges
        if columns[id].orderVersion == cache.orderVersion {
            if columns[id].cursor == log.end { return }
            if columns[id].cursor >= log.base {
                for slot in log.entries[Int(columns[id].cursor - log.base)...] { columns[id].look(Int(slot), cache) }
                columns[id].cursor = log.end
                return
            }
        }
        let missing = cache.slots.count - columns[id].domains.count
        if missing > 0 {
            columns[id].domains.append(contentsOf: repeatElement(-1, count: missing))
            columns[id].generations.append(contentsOf: repeatElement(0, count: missing))
        }
        if columns[id].count > 2 * cache.order.count + 1024 { columns[id].forget() }
        for slot in cache.order { columns[id].look(Int(slot), cache) }
        columns[id].orderVersion = cache.orderVersion
        columns[id].cursor = log.end
    }
}

extension TopologyKeys.Column {
    fileprivate mutating func look(_ slot: Int, _ cache: NodeCache) {
        guard slot < domains.count, cache.places[slot] >= 0 else { return }
        let generation = cache.generations[slot].object
        guard generation != generations[slot], let node = cache.slots[slot] else { return }
        generations[slot] = generation
        guard let value = node.labels[key] else {
            domains[slot] = -1
            return
        }
        if let known = numbers[value] {
            domains[slot] = known
            return
        }
        numbers[value] = Int32(count)
        domains[slot] = Int32(count)
        if value.isEmpty { emptyDomain = Int32(count) }
        count += 1
    }

    /// Gives up all numbers: most belong to nodes that are no more.
    fileprivate mutating func forget() {
        numbers.removeAll()
        count = 0
        emptyDomain = -1
        version += 1
        for slot in generations.indices { generations[slot] = 0 }
    }
}
