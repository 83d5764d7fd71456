import KubernetesAPI

/// The workloads at the top of ownership chains, numbered from 1 as in the database.
struct ControllerDirectory {
    /// A workload as reports name it.
    struct Entry: Hashable {
        let namespace: String
        let kind: String
        let name: String
    }

    private(set) var entries: [Entry] = []
    private var rows: [Entry: Int32] = [:]
    // Controllers of pods seen before, by uid, so that a chain is walked once.
    private var known: [UID: Int32] = [:]

    /// The entry of `row`.
    subscript(row: Int32) -> Entry { entries[Int(row) - 1] }

    func row(ofOwner uid: UID) -> Int32? { known[uid] }

    /// Returns the row of an entry, and whether it is new; `owner` is remembered for the next pod.
    mutating func row(of entry: Entry, owner: UID?) -> (row: Int32, isNew: Bool) {
        let row: Int32
        let isNew: Bool
        if let found = rows[entry] {
            (row, isNew) = (found, false)
        } else {
            entries.append(entry)
            (row, isNew) = (Int32(entries.count), true)
            rows[entry] = row
        }
        if let owner { known[owner] = row }
        return (row, isNew)
    }
}
