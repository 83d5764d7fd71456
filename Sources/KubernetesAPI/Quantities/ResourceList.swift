/// Amounts by resource, in name order (`v1.ResourceList`).
@usableFromInline
package struct ResourceList: Hashable, Sendable {
    /// A resource with its amount.
    @usableFromInline
    package struct Entry: Hashable, Sendable {
        package var name: ResourceName
        package var amount: Quantity
    }

    package private(set) var entries: [Entry] = []

    package init() {}

    package init(_ entries: [(ResourceName, Quantity)]) {
        for (name, amount) in entries { self[name] = amount }
    }

    package var isEmpty: Bool { entries.isEmpty }

    /// The amount of `name`, or nil; setting nil removes it.
    package subscript(name: ResourceName) -> Quantity? {
        get {
            for entry in entries where entry.name == name { return entry.amount }
            return nil
        }
        set {
            let place = entries.firstIndex { $0.name >= name } ?? entries.endIndex
            let found = place < entries.endIndex && entries[place].name == name
            switch (found, newValue) {
            case (true, let amount?): entries[place].amount = amount
            case (true, nil): entries.remove(at: place)
            case (false, let amount?): entries.insert(Entry(name: name, amount: amount), at: place)
            case (false, nil): break
            }
        }
    }
}

extension ResourceList: ExpressibleByDictionaryLiteral {
    @usableFromInline package init(dictionaryLiteral elements: (ResourceName, Quantity)...) { self.init(elements) }
}
