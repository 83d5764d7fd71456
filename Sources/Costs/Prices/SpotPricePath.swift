package import Chronology

/// How the price of spot machines of one type in one zone changes; from each step to the next it stays the same.
package struct SpotPricePath: Hashable, Sendable {
    /// A price and from when on it holds.
    package struct Step: Hashable, Sendable {
        package let at: Instant
        /// The price of an hour.
        package let hourly: NanoDollars

        /// Creates a step; the price must not be negative.
        package init(at: Instant, hourly: NanoDollars) {
            precondition(hourly >= .zero, "the price of a machine must not be negative")
            self.at = at
            self.hourly = hourly
        }
    }

    /// In order of time, each with another price than the one before.
    package let steps: [Step]

    /// Creates a path of steps in any order, of which at one instant the last one counts; nil when there are none.
    package init?(_ steps: [Step]) {
        let order = steps.indices.sorted { (steps[$0].at, $0) < (steps[$1].at, $1) }
        var kept: [Step] = []
        for index in order {
            if kept.last?.at == steps[index].at { kept.removeLast() }
            kept.append(steps[index])
        }
        guard let first = kept.first else { return nil }
        var changes = [first]
        for step in kept.dropFirst() where step.hourly != changes.last?.hourly { changes.append(step) }
        self.steps = changes
    }

    /// Returns the price in force at an instant; before the first step that of the first step.
    package func price(at instant: Instant) -> NanoDollars { steps[max(0, count(to: instant) - 1)].hourly }

    /// Returns when the next step comes after an instant, or nil.
    package func change(after instant: Instant) -> Instant? {
        let next = count(to: instant)
        return next < steps.count ? steps[next].at : nil
    }

    /// How many steps are not after an instant.
    private func count(to instant: Instant) -> Int {
        var (low, high) = (0, steps.count)
        while low < high {
            let middle = (low + high) / 2
            if steps[middle].at <= instant { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
