// Counterpart: Google's sustained use discounts (cloud.google.com/compute/docs/sustained-use-discounts). Deliberate
// differences: usage is averaged over each hour, and GPUs get no discount.

import Chronology

/// The discount that grows with the part of a month in which resources are used.
///
/// Usage is stacked in layers: a processor that is in use for half of the month counts for half a month, whichever
/// machine had it. What a layer pays falls by quarters of the month.
struct SustainedUse: Hashable {
    /// Seconds at each level of use, ascending by level.
    private var stretches: [(level: Int64, seconds: Int64)] = []
    private var list = NanoDollars.zero

    /// Ten-thousandths that are taken off in each quarter of the month, or nil for a series without the discount.
    static func quarters(of series: String) -> [Int64]? {
        switch series {
        case "n1", "m1", "m2", "f1", "g1": [0, 2_000, 4_000, 6_000]
        case "n2", "n2d", "c2": [0, 1_322, 2_670, 4_000]
        default: nil
        }
    }

    static func == (left: SustainedUse, right: SustainedUse) -> Bool {
        left.list == right.list && left.stretches.elementsEqual(right.stretches) { $0 == $1 }
    }

    func hash(into hasher: inout Hasher) { hasher.combine(list) }

    /// Counts a stretch in which `level` units were in use for `list`.
    mutating func add(level: Int64, seconds: Int64, list: NanoDollars) {
        guard level > 0, seconds > 0 else { return }
        self.list += list
        let place = stretches.firstIndex { $0.level >= level } ?? stretches.count
        if place < stretches.count, stretches[place].level == level {
            stretches[place].seconds += seconds
        } else {
            stretches.insert((level, seconds), at: place)
        }
    }

    /// Returns what the month so far is cheaper than its list price, in a month of `month` seconds.
    func discount(_ quarters: [Int64], month: Int64) -> NanoDollars {
        var lasting: Int64 = 0
        var saved: Int128 = 0
        var whole: Int128 = 0
        for (place, stretch) in stretches.enumerated().reversed() {
            lasting += stretch.seconds
            let below = place > 0 ? stretches[place - 1].level : 0
            let layers = Int128(stretch.level - below)
            whole += layers * Int128(lasting)
            for (number, share) in quarters.enumerated() {
                let (from, to) = (month * Int64(number) / 4, month * Int64(number + 1) / 4)
                saved += layers * Int128(share) * Int128(max(0, min(lasting, to) - from))
            }
        }
        guard whole > 0 else { return .zero }
        return NanoDollars(Int64(Int128(list.amount) * saved / (whole * 10_000)))
    }
}
