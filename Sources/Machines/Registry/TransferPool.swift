import Chronology

/// All transfers under way, which share the bandwidth of the links that they pass.
///
/// The shares are max-min fair, by progressive filling: all rates grow alike until a link is full; its transfers stay
/// at that rate, and the others go on growing. A transfer's progress is brought up to date only when its rate changes.
/// All arithmetic is in whole bytes and nanoseconds.
struct TransferPool: Sendable {
    /// The links that a transfer passes: up to three different ones, -1 for none.
    struct Route: Hashable, Sendable {
        var first: Int32
        var second: Int32 = -1
        var third: Int32 = -1
    }

    struct Transfer: Sendable {
        /// The caller's number.
        let number: Int32
        let route: Route
        let bytes: Int64
        /// Bytes that were missing at `since`.
        var remaining: Int64
        /// Bytes per second.
        var rate: Int64
        var since: Instant
        var finish: Instant
    }

    private(set) var active: [Transfer] = []
    private(set) var bandwidths: [Int64] = []
    /// Reused between calls of `shareIfChanged`: rates, what is left of each link, and its transfers that still grow.
    private var rates: [Int64] = []
    private var left: [Int64] = []
    private var growing: [Int64] = []
    private var isFull: [Bool] = []
    private var used: [Int32] = []

    /// The transfers that pass a link.
    private struct Load: Sendable {
        /// Those that pass it first, and the others.
        var firsts: Int64 = 0
        var others: Int64 = 0
        /// The even share of those that pass it first.
        var share: Int64 = 0
        /// Whether it is among `later`.
        var isLater = false

        var isMixed: Bool { firsts > 0 && others > 0 }
    }

    private var loads: [Load] = []
    /// The links that some transfer has passed after another.
    private var later: [Int32] = []
    /// The number of links that some transfers pass first and others later.
    private var mixed = 0

    private var hasChanged = false

    /// The earliest end of a transfer, if the rates stay.
    private(set) var nextFinish = Instant.never

    /// Adds a link of so many bytes per second and returns its number.
    mutating func addLink(bandwidth: Int64) -> Int32 {
        bandwidths.append(max(1, bandwidth))
        loads.append(Load())
        left.append(0)
        growing.append(0)
        isFull.append(false)
        return Int32(bandwidths.count - 1)
    }

    /// Changes a link; `shareIfChanged` must follow.
    mutating func setBandwidth(_ bandwidth: Int64, of link: Int32) {
        bandwidths[Int(link)] = max(1, bandwidth)
        loads[Int(link)].share = bandwidths[Int(link)] / max(1, loads[Int(link)].firsts)
        hasChanged = true
    }

    /// Begins a transfer; `shareIfChanged` must follow.
    mutating func start(_ number: Int32, bytes: Int64, over route: Route, at now: Instant) {
        hasChanged = true
        count(route, 1)
        active.append(
            Transfer(
                number: number, route: route, bytes: bytes, remaining: bytes, rate: 0, since: now, finish: .never))
    }

    /// Ends a transfer early and returns the bytes that came; `shareIfChanged` must follow.
    mutating func stop(_ number: Int32, at now: Instant) -> Int64 {
        guard let place = active.firstIndex(where: { $0.number == number }) else { return 0 }
        hasChanged = true
        count(active[place].route, -1)
        active[place].settle(at: now)
        return active.remove(at: place).done
    }

    /// Removes the transfers that are complete and returns them, in the order in which they began; `shareIfChanged` must follow.
    mutating func takeFinished(at now: Instant) -> [Int32] {
        var finished: [Int32] = []
        var last = 0
        for index in active.indices where active[index].finish <= now {
            finished.append(active[index].number)
            count(active[index].route, -1)
            last = index
        }
        if finished.isEmpty { return finished }
        // One at a time, as a rule.
        if finished.count == 1 { active.remove(at: last) } else { active.removeAll { $0.finish <= now } }
        hasChanged = true
        return finished
    }

    private mutating func count(_ route: Route, _ change: Int64) {
        route.forEach { link in
            let place = Int(link)
            let wasMixed = loads[place].isMixed
            if link == route.first { loads[place].firsts += change } else { loads[place].others += change }
            if loads[place].others > 0, !loads[place].isLater {
                loads[place].isLater = true
                later.append(link)
            }
            loads[place].share = bandwidths[place] / max(1, loads[place].firsts)
            if loads[place].isMixed != wasMixed { mixed += wasMixed ? -1 : 1 }
        }
    }

    /// Splits the bandwidth anew after a change of the transfers or of a link.
    mutating func shareIfChanged(at now: Instant) {
        guard hasChanged else { return }
        hasChanged = false
        if !takeFirstShares() { fill() }
        var earliest = Instant.never
        for index in active.indices {
            if rates[index] != active[index].rate || active[index].finish == .never {
                active[index].change(rate: rates[index], at: now)
            }
            earliest = min(earliest, active[index].finish)
        }
        nextFinish = earliest
    }

    /// Gives each transfer the even share of the link that it passes first; returns false, and rates without a meaning,
    /// when that is not what filling comes to.
    ///
    /// It is while every other link has room for these rates and one byte more for each of its transfers: then, at any
    /// level, what is left of such a link is more than the level for each transfer that still grows there, so that it is
    /// the first links alone that fill, each at its even share. So it is as a rule: machines' links are narrower than
    /// those of registries.
    private mutating func takeFirstShares() -> Bool {
        rates.removeAll(keepingCapacity: true)
        guard mixed == 0 else { return false }
        for link in later { left[Int(link)] = bandwidths[Int(link)] }
        rates.reserveCapacity(active.count)
        for index in active.indices {
            let route = active[index].route
            guard route.first >= 0 else { return false }
            let share = loads[Int(route.first)].share
            guard share > 0, takeRoom(for: share, on: route.second), takeRoom(for: share, on: route.third) else {
                return false
            }
            rates.append(share)
        }
        return true
    }

    @inline(__always)
    private mutating func takeRoom(for rate: Int64, on link: Int32) -> Bool {
        if link < 0 { return true }
        if rate >= left[Int(link)] { return false }
        left[Int(link)] -= rate + 1
        return true
    }

    /// Works out all rates; only links that some transfer passes are looked at, as most machines fetch nothing.
    private mutating func fill() {
        rates.removeAll(keepingCapacity: true)
        rates.append(contentsOf: repeatElement(-1, count: active.count))
        used.removeAll(keepingCapacity: true)
        for transfer in active {
            transfer.route.forEach { link in
                if growing[Int(link)] == 0 {
                    used.append(link)
                    left[Int(link)] = bandwidths[Int(link)]
                }
                growing[Int(link)] += 1
            }
        }
        var open = active.count
        // Each round fills at least one link, and so settles at least one transfer.
        while open > 0 {
            var level = Int64.max
            for link in used where growing[Int(link)] > 0 {
                level = min(level, left[Int(link)] / growing[Int(link)])
            }
            // Judged before anything is taken: equal transfers get equal rates, and what does not divide stays unused.
            for link in used {
                isFull[Int(link)] = growing[Int(link)] > 0 && left[Int(link)] / growing[Int(link)] == level
            }
            open -= settle(at: level)
        }
    }

    /// Fixes the transfers of the links that are full at `level`, and returns how many.
    ///
    /// A link with fewer bytes than transfers gives single bytes to the first of them.
    private mutating func settle(at level: Int64) -> Int {
        var count = 0
        for index in active.indices where rates[index] < 0 {
            var isSettled = false
            var hasRoom = true
            active[index].route.forEach { link in
                if isFull[Int(link)] { isSettled = true }
                if left[Int(link)] == 0 { hasRoom = false }
            }
            guard isSettled else { continue }
            fix(index, at: level > 0 ? level : hasRoom ? 1 : 0)
            count += 1
        }
        return count
    }

    private mutating func fix(_ index: Int, at rate: Int64) {
        rates[index] = rate
        active[index].route.forEach { link in
            left[Int(link)] -= rate
            growing[Int(link)] -= 1
        }
    }

    /// Returns a link that carries more than it can, or nil.
    func problem() -> String? {
        var used = [Int64](repeating: 0, count: bandwidths.count)
        for transfer in active { transfer.route.forEach { used[Int($0)] += transfer.rate } }
        for link in used.indices where used[link] > bandwidths[link] {
            return "\(used[link]) bytes per second pass a link of \(bandwidths[link])"
        }
        return nil
    }
}

extension TransferPool.Route {
    @inline(__always)
    fileprivate func forEach(_ body: (Int32) -> Void) {
        if first >= 0 { body(first) }
        if second >= 0 { body(second) }
        if third >= 0 { body(third) }
    }
}

extension TransferPool.Transfer {
    fileprivate var done: Int64 { bytes - remaining }

    /// Brings the progress up to date.
    fileprivate mutating func settle(at now: Instant) {
        let done = Int128(rate) * Int128((now - since).nanoseconds) / 1_000_000_000
        remaining = max(0, remaining - Int64(clamping: done))
        since = now
    }

    /// Settles what was transferred so far, and goes on with a new rate.
    fileprivate mutating func change(rate next: Int64, at now: Instant) {
        settle(at: now)
        rate = next
        guard next > 0 else {
            finish = remaining == 0 ? now : .never
            return
        }
        let time = (Int128(remaining) * 1_000_000_000 + Int128(next) - 1) / Int128(next)
        finish = now + Duration(nanoseconds: Int64(clamping: min(time, 1 << 60)))
    }
}
