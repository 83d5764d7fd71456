import KubernetesAPI

// Kubernetes counterpart: topologyToMatchedTermCount, scoreMap (v1.36).

extension InterPodAffinity {
    /// Numbers by topology domain, which is a label that nodes share: a key and a value.
    struct DomainCounts: Sendable {
        private struct Table {
            let key: String
            /// By value; without zeros.
            var counts: [String: Int64] = [:]
        }

        // A pod names one or two keys: a scan beats a dictionary.
        private var tables: [Table] = []

        init() {}

        /// Whether all numbers are 0.
        var isEmpty: Bool {
            for table in tables where !table.counts.isEmpty { return false }
            return true
        }

        /// Adds `amount` to the domain that a node with `labels` has under `key`; returns whether it has one.
        @discardableResult
        mutating func add(_ amount: Int64, key: String, of labels: StringMap) -> Bool {
            guard let value = labels[key] else { return false }
            let place: Int
            if let known = tables.firstIndex(where: { $0.key == key }) {
                place = known
            } else {
                place = tables.endIndex
                tables.append(Table(key: key))
            }
            let sum = (tables[place].counts[value] ?? 0) + amount
            tables[place].counts[value] = sum == 0 ? nil : sum
            return true
        }

        /// The number of the domain that a node with `labels` has under `key`; nil when it has none.
        func count(key: String, of labels: StringMap) -> Int64? {
            guard let value = labels[key] else { return nil }
            for table in tables where table.key == key { return table.counts[value] ?? 0 }
            return 0
        }

        /// Whether a node with `labels` is in a domain whose number is above 0.
        func isPositive(on labels: StringMap) -> Bool {
            for table in tables where !table.counts.isEmpty {
                if let value = labels[table.key], table.counts[value] ?? 0 > 0 { return true }
            }
            return false
        }

        /// The sum over all domains that a node with `labels` is in.
        func sum(on labels: StringMap) -> Int64 {
            var sum: Int64 = 0
            for table in tables where !table.counts.isEmpty {
                if let value = labels[table.key] { sum += table.counts[value] ?? 0 }
            }
            return sum
        }
    }
}
