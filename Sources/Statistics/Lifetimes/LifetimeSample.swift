/// Lengths of time, of which some were not seen to their end (right-censored).
package struct LifetimeSample: Hashable, Sendable {
    /// The lengths that were seen to their end, ascending; above zero unless every one is zero.
    package let ended: [Double]
    /// How long those were watched whose end nobody saw, ascending and above zero: they were longer than that.
    package let censored: [Double]
    /// How many of the ended lengths were zero, shorter than what was measured in. They stand in `ended` as half of the
    /// least positive one, since most laws give a length of exactly zero no density, or an infinite one.
    package let zeros: Int

    /// Why no law with more than one parameter fits best.
    package enum Problem: Error, Hashable, Sendable {
        /// Fewer than `LifetimeSample.endedMin` lengths were seen to their end; so many.
        case tooFew(Int)
        /// Every length has this value, and nothing was watched for longer.
        case allEqual(Double)
    }

    /// The fewest lengths seen to their end of which a law is fitted.
    package static let endedMin = 3

    /// Creates a sample of finite lengths in any order, none of them negative; a censored one of zero tells nothing.
    package init(ended: [Double], censored: [Double] = []) {
        precondition((ended + censored).allSatisfy { $0.isFinite && $0 >= 0 }, "a length is finite and not negative")
        let sorted = ended.sorted()
        zeros = sorted.count { $0 == 0 }
        if let least = sorted.first(where: { $0 > 0 }) {
            self.ended = sorted.map { $0 > 0 ? $0 : least / 2 }
        } else {
            self.ended = sorted
        }
        self.censored = censored.filter { $0 > 0 }.sorted()
    }

    /// How many lengths there are, ended or not.
    package var count: Int { ended.count + censored.count }
    /// All time that was watched.
    package var total: Double { ended.reduce(0, +) + censored.reduce(0, +) }
    /// The longest time that anything was watched; 0 when there is nothing.
    package var longest: Double { max(ended.last ?? 0, censored.last ?? 0) }

    /// Why laws cannot be fitted; nil when they can.
    package var problem: Problem? {
        guard ended.count >= Self.endedMin else { return .tooFew(ended.count) }
        // Nothing but zeros says that the ends came sooner than anyone measures, not how much sooner.
        if ended.last == 0 { return .allEqual(0) }
        return ended.first == longest ? .allEqual(longest) : nil
    }
}
