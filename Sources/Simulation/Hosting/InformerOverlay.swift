import ControlPlane
import KubernetesAPI

/// The objects whose latest changes a watcher has not been told of: what it knows of them, and what is stored.
struct InformerOverlay {
    /// One object with changes on their way.
    struct Entry {
        let key: ObjectKey
        /// What the watcher knows; nil when it knows of no such object.
        var shown: KubernetesObject?
        /// What is stored; nil when it is gone.
        var stored: KubernetesObject?
        /// The changes that are on their way.
        fileprivate var pending: Int
        /// Its place in the order in which objects came to have changes on their way.
        fileprivate let ticket: Int
    }

    private typealias Place = (uid: UID, ticket: Int)

    // Never iterated.
    private var entries: [UID: Entry] = [:]
    private var uids: [ObjectKey: [UID]] = [:]
    // By kind, in order of the tickets; places whose ticket is void are skipped.
    private var lines = [[Place]](repeating: [], count: ObjectKind.allCases.count)
    private var counts = [Int](repeating: 0, count: ObjectKind.allCases.count)
    private var nextTicket = 0
    private var delivered: Int64 = 0
    // A bit for each owner that one of the objects has or had, by the uid's lowest bits: what is not marked is no owner.
    private var ownerMarks = SIMD8<UInt64>(repeating: 0)

    /// Whether the watcher knows everything.
    var isEmpty: Bool { entries.isEmpty }

    /// The version up to which the watcher knows everything, or nil when it lacks nothing.
    var version: Int64? { isEmpty ? nil : delivered }

    /// The number of objects of a kind with changes on their way.
    func count(of kind: ObjectKind) -> Int { counts[Int(kind.rawValue)] }

    subscript(uid: UID) -> Entry? { entries[uid] }

    /// Whether some object with changes on their way may have an owner; false is certain.
    func mayName(owner: UID) -> Bool { ownerMarks[Int(owner.low >> 6 & 7)] & 1 << (owner.low & 63) != 0 }

    private mutating func markOwners(of metadata: ObjectMeta) {
        for reference in metadata.ownerReferences {
            ownerMarks[Int(reference.uid.low >> 6 & 7)] |= 1 << (reference.uid.low & 63)
        }
    }

    /// The objects at `key` that have changes on their way, the present one and earlier ones of that name.
    func uids(at key: ObjectKey) -> [UID]? { count(of: key.kind) == 0 ? nil : uids[key] }

    /// Takes note of a change of the store; one that is not tracked will not be delivered, and counts as known at once.
    mutating func note(_ change: WatchEvent, isTracked: Bool) {
        let object = change.object
        let uid = object.metadata.uid
        let after: KubernetesObject? = if case .deleted = change { nil } else { object }
        if isEmpty { ownerMarks = SIMD8(repeating: 0) }
        markOwners(of: object.metadata)
        if let previous = change.previous, !previous.metadata.sharesParts(with: object.metadata) {
            markOwners(of: previous.metadata)
        }
        if var entry = entries[uid] {
            entry.stored = after
            if isTracked { entry.pending += 1 }
            entries[uid] = entry
            return
        }
        guard isTracked else { return }
        if isEmpty { delivered = object.metadata.resourceVersion - 1 }
        nextTicket += 1
        entries[uid] = Entry(
            key: object.key, shown: change.previous, stored: after, pending: 1, ticket: nextTicket)
        uids[object.key, default: []].append(uid)
        let kind = Int(object.kind.rawValue)
        lines[kind].append((uid, nextTicket))
        counts[kind] += 1
    }

    /// The watcher is told of a tracked change, in the order in which they happened.
    mutating func deliver(_ change: WatchEvent) {
        let object = change.object
        let uid = object.metadata.uid
        delivered = object.metadata.resourceVersion
        guard var entry = entries[uid] else { return }
        entry.pending -= 1
        if entry.pending > 0 {
            entry.shown = if case .deleted = change { nil } else { object }
            entries[uid] = entry
        } else {
            remove(uid, entry)
        }
    }

    /// The watcher lists everything anew: returns what it missed, one change an object, in the order of the first of them.
    mutating func takeAll() -> [WatchEvent] {
        var open: [Entry] = []
        for kind in ObjectKind.allCases { forEach(of: kind) { _, entry in open.append(entry) } }
        open.sort { $0.ticket < $1.ticket }
        self = InformerOverlay()
        return open.compactMap { entry in
            switch (entry.shown, entry.stored) {
            case (nil, nil): nil
            case (nil, let stored?): .added(stored)
            case (let shown?, nil): .deleted(shown)
            case (let shown?, let stored?):
                shown.metadata.resourceVersion == stored.metadata.resourceVersion
                    ? nil : .modified(old: shown, new: stored)
            }
        }
    }

    /// Visits the objects of a kind with changes on their way, in the order in which they came to have them.
    func forEach(of kind: ObjectKind, _ body: (UID, Entry) -> Void) {
        guard count(of: kind) > 0 else { return }
        for place in lines[Int(kind.rawValue)] {
            if let entry = entries[place.uid], entry.ticket == place.ticket { body(place.uid, entry) }
        }
    }

    private mutating func remove(_ uid: UID, _ entry: Entry) {
        entries[uid] = nil
        if uids[entry.key]?.count == 1 {
            uids[entry.key] = nil
        } else {
            uids[entry.key]?.removeAll { $0 == uid }
        }
        let kind = Int(entry.key.kind.rawValue)
        counts[kind] -= 1
        if counts[kind] == 0 {
            lines[kind].removeAll(keepingCapacity: true)
        } else if lines[kind].count > 2 * counts[kind] + 64 {
            lines[kind].removeAll { place in entries[place.uid]?.ticket != place.ticket }
        }
    }
}
