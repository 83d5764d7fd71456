/// Who calls whom: services in an order in which every caller stands before those that it calls.
package struct ServiceGraph: Hashable, Sendable {
    package let services: [ServiceSpec]
    /// Places in `services`, callers first.
    package let order: [Int]

    /// Creates the graph; nil when services call each other in a circle.
    package init?(_ services: [ServiceSpec]) {
        guard let order = Self.order(services.map { $0.calls.map(\.callee) }) else { return nil }
        self.services = services
        self.order = order
    }

    /// Returns places in an order in which each stands before those that it leads to, or nil when there is none.
    private static func order(_ edges: [[Int]]) -> [Int]? {
        var callers = [Int](repeating: 0, count: edges.count)
        for callee in edges.joined() { callers[callee] += 1 }
        var order = edges.indices.filter { callers[$0] == 0 }
        var next = 0
        while next < order.count {
            for callee in edges[order[next]] {
                callers[callee] -= 1
                if callers[callee] == 0 { order.append(callee) }
            }
            next += 1
        }
        return order.count == edges.count ? order : nil
    }

    /// Returns the places along a circle of calls, the first one also last; nil when there is none.
    package static func circle(_ edges: [[Int]]) -> [Int]? {
        // 0 for not seen, 1 for on the way, 2 for done.
        var marks = [UInt8](repeating: 0, count: edges.count)
        var way: [Int] = []
        func search(_ place: Int) -> [Int]? {
            marks[place] = 1
            way.append(place)
            for callee in edges[place] {
                if marks[callee] == 1, let start = way.firstIndex(of: callee) { return way[start...] + [callee] }
                if marks[callee] == 0, let found = search(callee) { return found }
            }
            way.removeLast()
            marks[place] = 2
            return nil
        }
        for place in edges.indices where marks[place] == 0 {
            if let found = search(place) { return found }
        }
        return nil
    }
}
