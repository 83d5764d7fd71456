import ControlPlane
import KubernetesAPI

/// The objects whose latest changes a watcher has not been told of: what it knows of them, and what is stored.
///
/// Entries stand in a slab and are found by uid, as nearly every change of a busy cluster makes one and ends one soon.
struct InformerOverlay {
    /// One object with changes on their way; a class, as every change of a busy cluster writes in it, and used again
    /// for another object when all of them have arrived.
    final class Entry {
        /// What the watcher knows; nil when it knows of no such object.
        fileprivate(set) var shown: KubernetesObject?
        /// What is stored; nil when it is gone.
        fileprivate(set) var stored: KubernetesObject?
        fileprivate var uid = UID.none
        /// The order in which objects came to have changes on their way.
        fileprivate var ticket = 0
        /// The changes that are on their way.
        fileprivate var pending = 0
        // Its neighbours among the entries of its kind, in order of the tickets, or -1.
        fileprivate var before: Int32 = -1
        fileprivate var after: Int32 = -1
    }

    private var slots: [Entry] = []
    private var free: [Int32] = []
    // Never iterated.
    private var slotByUID: [UID: Int32] = [:]
    // The entries whose object is gone from the store, by its key: no other way leads to them. Never iterated.
    private var gone: [ObjectKey: [UID]] = [:]
    private var first = [Int32](repeating: -1, count: ObjectKind.allCases.count)
    private var last = [Int32](repeating: -1, count: ObjectKind.allCases.count)
    private var counts = [Int](repeating: 0, count: ObjectKind.allCases.count)
    private var nextTicket = 0
    private var delivered: Int64 = 0
    // A bit for each owner that one of the objects has or had, by the uid's lowest bits: what is not marked is no owner.
    private var ownerMarks = SIMD8<UInt64>(repeating: 0)

    /// Whether the watcher knows everything.
    var isEmpty: Bool { slotByUID.isEmpty }

    /// The version up to which the watcher knows everything, or nil when it lacks nothing.
    var version: Int64? { isEmpty ? nil : delivered }

    /// The number of objects of a kind with changes on their way.
    func count(of kind: ObjectKind) -> Int { counts[Int(kind.rawValue)] }

    subscript(uid: UID) -> Entry? { slotByUID[uid].map { slots[Int($0)] } }

    /// Whether some object with changes on their way may have an owner; false is certain.
    func mayName(owner: UID) -> Bool { ownerMarks[Int(owner.low >> 6 & 7)] & 1 << (owner.low & 63) != 0 }

    /// What the watcher still knows under `key` of objects that are gone from the store, the earliest first.
    func shownOfGone(at key: ObjectKey) -> KubernetesObject? {
        guard count(of: key.kind) > 0, !gone.isEmpty, let uids = gone[key] else { return nil }
        for uid in uids { if let shown = self[uid]?.shown { return shown } }
        return nil
    }
}

// MARK: - Changes

extension InformerOverlay {
    /// Takes note of a change of the store; one that is not tracked will not be delivered, and counts as known at once.
    mutating func note(_ change: WatchEvent, isTracked: Bool) {
        if isEmpty { ownerMarks = SIMD8(repeating: 0) }
        switch change {
        case .added(let object): note(object, previous: nil, after: object, isTracked)
        case .modified(let old, let new): note(new, previous: old, after: new, isTracked)
        case .deleted(let object): note(object, previous: object, after: nil, isTracked)
        }
    }

    private mutating func note(
        _ object: KubernetesObject, previous: KubernetesObject?, after: KubernetesObject?, _ isTracked: Bool
    ) {
        let uid = object.uid
        markOwners(of: object)
        if let previous, !previous.sharesMetadata(with: object) { markOwners(of: previous) }
        if let slot = slotByUID[uid] {
            let entry = slots[Int(slot)]
            entry.stored = after
            if isTracked { entry.pending += 1 }
        } else {
            guard isTracked else { return }
            if isEmpty { delivered = object.resourceVersion - 1 }
            insert(object.kind, uid, shown: previous, stored: after)
        }
        if after == nil { gone[object.key, default: []].append(uid) }
    }

    /// The watcher is told of a tracked change, in the order in which they happened.
    mutating func deliver(_ change: WatchEvent) {
        switch change {
        case .added(let object), .modified(_, let object): deliver(object, shown: object)
        case .deleted(let object): deliver(object, shown: nil)
        }
    }

    private mutating func deliver(_ object: KubernetesObject, shown: KubernetesObject?) {
        delivered = object.resourceVersion
        guard let place = slotByUID.index(forKey: object.uid) else { return }
        let slot = slotByUID.values[place]
        let entry = slots[Int(slot)]
        if entry.pending > 1 {
            entry.pending -= 1
            entry.shown = shown
        } else {
            slotByUID.remove(at: place)
            remove(slot, object)
        }
    }

    /// The watcher lists everything anew: returns what it missed, one change an object, in the order of the first of them.
    mutating func takeAll() -> [WatchEvent] {
        var open: [Entry] = []
        for kind in ObjectKind.allCases { forEach(of: kind) { open.append($1) } }
        open.sort { $0.ticket < $1.ticket }
        self = InformerOverlay()
        return open.compactMap { entry in
            switch (entry.shown, entry.stored) {
            case (nil, nil): nil
            case (nil, let stored?): .added(stored)
            case (let shown?, nil): .deleted(shown)
            case (let shown?, let stored?):
                shown.resourceVersion == stored.resourceVersion ? nil : .modified(old: shown, new: stored)
            }
        }
    }

    private mutating func markOwners(of object: KubernetesObject) {
        object.forEachOwner { uid in ownerMarks[Int(uid.low >> 6 & 7)] |= 1 << (uid.low & 63) }
    }
}

// MARK: - The slab

extension InformerOverlay {
    /// Visits the objects of a kind with changes on their way, in the order in which they came to have them.
    func forEach(of kind: ObjectKind, _ body: (UID, Entry) -> Void) {
        var slot = first[Int(kind.rawValue)]
        while slot >= 0 {
            let entry = slots[Int(slot)]
            body(entry.uid, entry)
            slot = entry.after
        }
    }

    private mutating func insert(
        _ kind: ObjectKind, _ uid: UID, shown: KubernetesObject?, stored: KubernetesObject?
    ) {
        let line = Int(kind.rawValue)
        nextTicket += 1
        let slot: Int32
        if let place = free.popLast() {
            slot = place
        } else {
            slot = Int32(slots.count)
            slots.append(Entry())
        }
        let entry = slots[Int(slot)]
        entry.shown = shown
        entry.stored = stored
        entry.uid = uid
        entry.ticket = nextTicket
        entry.pending = 1
        entry.before = last[line]
        entry.after = -1
        if last[line] >= 0 { slots[Int(last[line])].after = slot } else { first[line] = slot }
        last[line] = slot
        slotByUID[uid] = slot
        counts[line] += 1
    }

    /// Empties an entry that is not found by its uid any more.
    private mutating func remove(_ slot: Int32, _ object: KubernetesObject) {
        let entry = slots[Int(slot)]
        free.append(slot)
        if entry.stored == nil { forgetGone(object.key, entry.uid) }
        entry.shown = nil
        entry.stored = nil
        let line = Int(object.kind.rawValue)
        if entry.before >= 0 { slots[Int(entry.before)].after = entry.after } else { first[line] = entry.after }
        if entry.after >= 0 { slots[Int(entry.after)].before = entry.before } else { last[line] = entry.before }
        counts[line] -= 1
    }

    private mutating func forgetGone(_ key: ObjectKey, _ uid: UID) {
        guard let place = gone.index(forKey: key) else { return }
        if gone.values[place].count == 1 {
            gone.remove(at: place)
        } else {
            gone.values[place].removeAll { $0 == uid }
        }
    }
}
