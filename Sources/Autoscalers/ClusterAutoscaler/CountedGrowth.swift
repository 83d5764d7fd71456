import KubernetesAPI
import SchedulingFramework

// Kubernetes counterpart: estimator/binpacking_estimator.go.

/// Places pods on machines that are added one by one, by counting: as the scheduler's filters would have it, pod by pod.
///
/// Each pod goes to the first machine that takes it, else to a new one of the next template in turn; a kind of which a pod
/// finds no place gets no more.
struct CountedGrowth {
    private let shape: GroupShape
    private let kinds: [CountableKind?]
    private let podCounts: [Int]
    /// For each kind and rule, the other kinds whose pods count.
    private let others: [[[Int]]]
    private var free: [ResourceAmounts] = []
    private var freePods: [Int64] = []
    /// What was put where, by kind.
    private var placements: [[(node: Int, count: Int)]]

    var nodeCount: Int { free.count }

    init(_ shape: GroupShape, kinds: [CountableKind?], podCounts: [Int], others: [[[Int]]]) {
        self.shape = shape
        self.kinds = kinds
        self.podCounts = podCounts
        self.others = others
        placements = Array(repeating: [], count: kinds.count)
    }

    /// Places all pods; returns how many of each kind find a place.
    mutating func place() -> [Int] {
        var placed = [Int](repeating: 0, count: kinds.count)
        for part in shape.parts {
            guard let kind = kinds[part.place] else { continue }
            if kind.spread.isEmpty { placeFreely(part, kind) } else { placeApart(part, kind) }
            placed[part.place] = placements[part.place].reduce(0) { $0 + $1.count }
        }
        return placed
    }

    // MARK: - Machines

    private func template(of node: Int) -> Int { (shape.first + node) % shape.templates.count }

    private func room(_ node: Int, _ shape: PodShape) -> Int {
        free[node].capacity(for: shape.requests, pods: freePods[node])
    }

    private mutating func open() {
        let template = shape.templates[template(of: nodeCount)]
        free.append(template.free)
        freePods.append(template.freePods)
    }

    private mutating func put(_ count: Int, _ part: GroupShape.Part, _ kind: CountableKind, on node: Int) {
        guard count > 0 else { return }
        free[node].add(kind.kind.shape.requests, sign: -Int64(count))
        freePods[node] -= Int64(count)
        placements[part.place].append((node, count))
    }

    // MARK: - Pods that go anywhere

    private mutating func placeFreely(_ part: GroupShape.Part, _ kind: CountableKind) {
        var left = podCounts[part.place]
        var node = 0
        while left > 0 {
            if node == nodeCount {
                let template = template(of: node)
                guard nodeCount < shape.nodesMax, part.fits[template],
                    shape.templates[template].free.capacity(
                        for: kind.kind.shape.requests, pods: shape.templates[template].freePods) > 0
                else { return }
                open()
            }
            if part.fits[template(of: node)] {
                let count = min(left, room(node, kind.kind.shape))
                put(count, part, kind, on: node)
                left -= count
            }
            node += 1
        }
    }

    // MARK: - Pods that are spread

    /// The first machine of a template that may take one more pod of the kind under way.
    private struct Cursor {
        var node: Int
        /// How many pods it has room for; nil when nobody has looked.
        var room: Int?
        var taken = 0
    }

    private mutating func placeApart(_ part: GroupShape.Part, _ kind: CountableKind) {
        var tallies = self.tallies(part, kind)
        var cursors = shape.templates.indices.map { Cursor(node: firstNode(of: $0)) }
        for _ in 0..<podCounts[part.place] {
            var best: Int?
            for template in cursors.indices where part.fits[template] {
                guard allows(template, part, kind, tallies) else { continue }
                advance(&cursors[template], template, part, kind, tallies)
                guard cursors[template].node < nodeCount else { continue }
                if best.map({ cursors[template].node < cursors[$0].node }) ?? true { best = template }
            }
            if let best {
                cursors[best].room = (cursors[best].room ?? 0) - 1
                cursors[best].taken += 1
                count(1, on: cursors[best].node, best, part, kind, &tallies, &cursors)
            } else if !openApart(part, kind, &tallies, &cursors) {
                break
            }
        }
        for cursor in cursors { put(cursor.taken, part, kind, on: cursor.node) }
    }

    /// Adds a machine with one pod on it; returns whether that could be.
    private mutating func openApart(
        _ part: GroupShape.Part, _ kind: CountableKind, _ tallies: inout [SpreadTally], _ cursors: inout [Cursor]
    ) -> Bool {
        guard nodeCount < shape.nodesMax else { return false }
        let node = nodeCount
        let template = template(of: node)
        let limits = tallies.map(\.limit)
        open()
        for rule in tallies.indices {
            tallies[rule].append()
            let seat = part.seats[rule][template]
            tallies[rule].add(seat.daemons, seat, node: node)
        }
        guard part.fits[template], room(node, kind.kind.shape) > 0, allows(template, part, kind, tallies),
            isOpen(node, template, part, kind, tallies)
        else {
            free.removeLast()
            freePods.removeLast()
            return false
        }
        put(1, part, kind, on: node)
        goBack(&cursors, where: limits, part, kind, tallies)
        count(1, on: node, template, part, kind, &tallies, &cursors)
        return true
    }

    /// Counts a pod that was put on a machine.
    private mutating func count(
        _ number: Int64, on node: Int, _ template: Int, _ part: GroupShape.Part, _ kind: CountableKind,
        _ tallies: inout [SpreadTally], _ cursors: inout [Cursor]
    ) {
        let limits = tallies.map(\.limit)
        for rule in tallies.indices where kind.spread[rule].selfMatch > 0 {
            tallies[rule].add(number, part.seats[rule][template], node: node)
        }
        goBack(&cursors, where: limits, part, kind, tallies)
    }

    /// Lets the cursors begin anew when a rule about hosts, whose limit was lower, lets machines take more pods.
    private mutating func goBack(
        _ cursors: inout [Cursor], where limits: [Int64], _ part: GroupShape.Part, _ kind: CountableKind,
        _ tallies: [SpreadTally]
    ) {
        let isHigher = tallies.indices.contains { kind.spread[$0].isByHost && tallies[$0].limit > limits[$0] }
        guard isHigher else { return }
        for template in cursors.indices {
            put(cursors[template].taken, part, kind, on: cursors[template].node)
            cursors[template] = Cursor(node: firstNode(of: template))
        }
    }

    private func firstNode(of template: Int) -> Int {
        let count = shape.templates.count
        return (template - shape.first % count + count) % count
    }

    /// Whether the domains of a template's machines, hosts aside, take one more pod.
    private func allows(
        _ template: Int, _ part: GroupShape.Part, _ kind: CountableKind, _ tallies: [SpreadTally]
    ) -> Bool {
        for rule in tallies.indices where !kind.spread[rule].isByHost {
            if tallies[rule].isTooSkewed(part.seats[rule][template], node: 0) { return false }
        }
        return true
    }

    /// Whether the machine takes one more pod by the rules about hosts.
    private func isOpen(
        _ node: Int, _ template: Int, _ part: GroupShape.Part, _ kind: CountableKind, _ tallies: [SpreadTally]
    ) -> Bool {
        for rule in tallies.indices where kind.spread[rule].isByHost {
            if tallies[rule].isTooSkewed(part.seats[rule][template], node: node) { return false }
        }
        return true
    }

    /// Moves a cursor to the next machine with room; what it has passed has none, until the rules about hosts change.
    private mutating func advance(
        _ cursor: inout Cursor, _ template: Int, _ part: GroupShape.Part, _ kind: CountableKind,
        _ tallies: [SpreadTally]
    ) {
        while cursor.node < nodeCount {
            let room = cursor.room ?? self.room(cursor.node, kind.kind.shape)
            cursor.room = room
            if room > 0, isOpen(cursor.node, template, part, kind, tallies) { return }
            put(cursor.taken, part, kind, on: cursor.node)
            cursor = Cursor(node: cursor.node + shape.templates.count)
        }
    }

    /// Counts for each rule what there is when the kind's turn comes.
    private func tallies(_ part: GroupShape.Part, _ kind: CountableKind) -> [SpreadTally] {
        kind.spread.indices.map { number in
            let seats = part.seats[number]
            var tally = SpreadTally(kind.spread[number], domains: part.domains[number])
            for node in 0..<nodeCount {
                let seat = seats[template(of: node)]
                tally.append()
                tally.add(seat.daemons, seat, node: node)
            }
            for other in others[part.place][number] {
                for (node, count) in placements[other] {
                    tally.add(Int64(count), seats[template(of: node)], node: node)
                }
            }
            return tally
        }
    }
}
