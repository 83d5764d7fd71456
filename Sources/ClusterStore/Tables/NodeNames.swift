import KubernetesAPI

/// The handles of all nodes in name order.
struct NodeNames: Sendable {
    private(set) var names: [String] = []
    private(set) var handles: [ObjectHandle] = []

    mutating func insert(_ name: String, _ handle: ObjectHandle) {
        let place = position(of: name)
        names.insert(name, at: place)
        handles.insert(handle, at: place)
    }

    mutating func remove(_ name: String) {
        let place = position(of: name)
        precondition(place < names.count && names[place] == name, "the list of nodes has lost one")
        names.remove(at: place)
        handles.remove(at: place)
    }

    private func position(of name: String) -> Int {
        var low = 0
        var high = names.count
        while low < high {
            let middle = (low + high) / 2
            if names[middle] < name { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
