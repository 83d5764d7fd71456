import KubernetesAPI

/// The objects of one kind: a slab with a free list, the names, and the indexes that every kind has.
///
/// Generic within this module only, where it is specialised.
struct ObjectTable<Object: StoredObject>: Sendable {
    fileprivate struct Slot: Sendable {
        var object: Object?
        var time: Int64
        var sequence: UInt32
        var generation: UInt8
    }

    private var slots: [Slot] = []
    private var free: [UInt32] = []
    private(set) var handles: [TableKey: ObjectHandle] = [:]
    private(set) var order = HandleList()
    private(set) var byNamespace = HandleIndex<NameKey>()
    /// By the uid of every owner, the controller or not.
    private(set) var byOwner = HandleIndex<UID>()
    /// Namespaced objects without a controller, by namespace.
    private(set) var orphans = HandleIndex<NameKey>()

    var count: Int { order.count }

    func handle(_ key: TableKey) -> ObjectHandle? { handles[key] }

    func object(_ handle: ObjectHandle) -> Object {
        let slot = handle.slot
        guard slots[slot].generation == handle.generation, let object = slots[slot].object else {
            preconditionFailure("a handle outlived its object")
        }
        return object
    }

    func object(_ key: TableKey) -> Object? { handles[key].map(object) }

    /// Whether the object there and one of which `metadata` is known share what hardly ever changes, names among it.
    func sharesParts(_ handle: ObjectHandle, with metadata: borrowing ObjectMeta) -> Bool {
        slots[handle.slot].object?.metadata.sharesParts(with: metadata) ?? false
    }

    /// Whether the object there has the namespace and name of `key`.
    func isNamed(_ handle: ObjectHandle, _ key: borrowing ObjectKey) -> Bool {
        guard let object = slots[handle.slot].object else { return false }
        return object.metadata.name == key.name && object.metadata.namespace == key.namespace
    }

    func entry(_ handle: ObjectHandle) -> OrderedHandle {
        OrderedHandle(time: slots[handle.slot].time, sequence: slots[handle.slot].sequence, handle: handle)
    }

    /// Tells of which entries of the lists the objects are still there; not the whole table, as it is held meanwhile.
    struct Liveness {
        fileprivate let slots: [Slot]

        @inline(__always)
        func callAsFunction(_ entry: OrderedHandle) -> Bool {
            slots[entry.handle.slot].sequence == entry.sequence && slots[entry.handle.slot].object != nil
        }

        /// The entries of a list whose objects are there, in its order.
        func entries(of list: HandleList) -> [OrderedHandle] {
            var entries: [OrderedHandle] = []
            entries.reserveCapacity(list.count)
            list.forEach(where: { self($0) }) { entries.append($0) }
            return entries
        }

        /// Whether two indexes hold the same objects under the same keys.
        func areEqual<Key>(_ one: HandleIndex<Key>, _ other: HandleIndex<Key>) -> Bool {
            // The order of iteration cannot reach the result: it is a conjunction.
            one.lists.count == other.lists.count
                && one.lists.allSatisfy { key, list in
                    other.lists[key].map(entries) == entries(of: list) && !list.isEmpty
                }
        }
    }

    var isLive: Liveness { Liveness(slots: slots) }

    /// Calls `body` with the objects of a list and their entries, in its order.
    @inline(__always)
    func forEach(in list: HandleList, _ body: (OrderedHandle, Object) -> Void) {
        let isLive = isLive
        list.forEach(where: { isLive($0) }) { body($0, object($0.handle)) }
    }

    /// The objects of a list, in its order.
    func objects(_ list: HandleList?) -> [Object] {
        guard let list else { return [] }
        var objects: [Object] = []
        objects.reserveCapacity(list.count)
        forEach(in: list) { objects.append($1) }
        return objects
    }

    /// The entries of a list whose objects are there, in its order.
    func entries(_ list: HandleList?) -> [OrderedHandle] {
        guard let list else { return [] }
        return isLive.entries(of: list)
    }
}

// MARK: - Writing

extension ObjectTable {
    /// Adds `object`, which must not be there yet; `sequence` orders objects of equal creation time.
    mutating func insert(_ object: Object, at key: TableKey, sequence: UInt32) -> OrderedHandle {
        let time = object.creationTime
        let handle: ObjectHandle
        if let place = free.popLast() {
            let generation = slots[Int(place)].generation &+ 1
            handle = ObjectHandle(slot: Int(place), generation: generation)
            slots[Int(place)] = Slot(object: object, time: time, sequence: sequence, generation: generation)
        } else {
            precondition(slots.count < ObjectHandle.slotsMax, "too many objects of one kind")
            handle = ObjectHandle(slot: slots.count, generation: 0)
            slots.append(Slot(object: object, time: time, sequence: sequence, generation: 0))
        }
        let previous = handles.updateValue(handle, forKey: key)
        precondition(previous == nil, "an object was added twice")
        let entry = OrderedHandle(time: time, sequence: sequence, handle: handle)
        order.insert(entry)
        index(entry, object.owners, namespace: key.namespace)
        return entry
    }

    /// Puts `object` in the place of its older state `old`.
    ///
    /// Most writes cannot touch the owners; looking would cost as much as the rest of the write.
    mutating func replace(_ handle: ObjectHandle, _ old: Object, with object: Object, mayChangeOwners: Bool) {
        precondition(slots[handle.slot].generation == handle.generation, "a handle outlived its object")
        slots[handle.slot].object = object
        guard mayChangeOwners else { return }
        let before = old.owners
        let after = object.owners
        if before == after { return }
        let entry = entry(handle)
        let namespace = object.key.namespace
        unindex(entry, before, namespace: namespace)
        index(entry, after, namespace: namespace)
    }

    mutating func remove(_ handle: ObjectHandle, at key: TableKey) {
        let owners = object(handle).owners
        handles[key] = nil
        slots[handle.slot].object = nil
        free.append(UInt32(handle.slot))
        let isLive = isLive
        order.forgetOne { isLive($0) }
        for place in owners.indices where Self.isFirst(place, of: owners) {
            byOwner.forgetOne(under: owners[place].uid) { isLive($0) }
        }
        if key.namespace.isEmpty { return }
        byNamespace.forgetOne(under: NameKey(key.namespace)) { isLive($0) }
        if !Self.haveController(owners) { orphans.forgetOne(under: NameKey(key.namespace)) { isLive($0) } }
    }

    private mutating func index(_ entry: OrderedHandle, _ owners: [OwnerReference], namespace: String) {
        for place in owners.indices where Self.isFirst(place, of: owners) {
            byOwner.insert(entry, under: owners[place].uid)
        }
        if namespace.isEmpty { return }
        byNamespace.insert(entry, under: NameKey(namespace))
        if !Self.haveController(owners) { orphans.insert(entry, under: NameKey(namespace)) }
    }

    private mutating func unindex(_ entry: OrderedHandle, _ owners: [OwnerReference], namespace: String) {
        for place in owners.indices where Self.isFirst(place, of: owners) {
            byOwner.remove(entry, under: owners[place].uid)
        }
        if namespace.isEmpty { return }
        byNamespace.remove(entry, under: NameKey(namespace))
        if !Self.haveController(owners) { orphans.remove(entry, under: NameKey(namespace)) }
    }

    private static func haveController(_ references: [OwnerReference]) -> Bool {
        for place in references.indices where references[place].controller { return true }
        return false
    }

    /// Whether the reference at `place` is the first to its owner: a uid named twice is indexed once.
    private static func isFirst(_ place: Int, of references: [OwnerReference]) -> Bool {
        place == 0 || !references[..<place].contains { $0.uid == references[place].uid }
    }
}

// MARK: - Checking

extension ObjectTable {
    /// Returns what is wrong with the table's indexes, by comparing them with fresh ones.
    func faults(named name: String) -> [String] {
        var faults: [String] = []
        var fresh = ObjectTable()
        let entries = entries(order)
        if entries != entries.sorted() { faults.append("\(name): list out of order") }
        for entry in entries {
            let object = object(entry.handle)
            let key = TableKey(object.key)
            if handles[key] != entry.handle { faults.append("\(name) \(key.name): name leads elsewhere") }
            fresh.order.insert(entry)
            fresh.index(entry, object.owners, namespace: key.namespace)
        }
        if handles.count != entries.count || slots.count - free.count != entries.count {
            faults.append("\(name): counts differ")
        }
        if !isLive.areEqual(byNamespace, fresh.byNamespace) { faults.append("\(name): namespace index differs") }
        if !isLive.areEqual(byOwner, fresh.byOwner) { faults.append("\(name): owner index differs") }
        if !isLive.areEqual(orphans, fresh.orphans) { faults.append("\(name): orphan index differs") }
        return faults
    }
}
