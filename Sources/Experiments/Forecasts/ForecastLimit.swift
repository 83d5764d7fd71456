import KubernetesAPI
package import Scenarios
package import Simulation

/// Something that can be reached, and when a run reached it.
package struct ForecastLimit: Hashable, Sendable {
    /// What is compared with the limit.
    package enum Measure: Hashable, Sendable {
        /// Money since the start.
        case spending
        /// Money since the beginning of the calendar month.
        case monthlySpending
        /// The figure of a day that has this name.
        case level(String)
    }

    package let name: String
    package let measure: Measure
    /// In the unit.
    package let value: Int64
    /// As figures of runs have it: `nanodollars`, `count`, `millicores` or `permille`.
    package let unit: String
    /// What is counted, such as `machines`.
    package let noun: String

    /// Creates a limit.
    package init(name: String, measure: Measure, value: Int64, unit: String, noun: String = "") {
        (self.name, self.measure, self.value) = (name, measure, value)
        (self.unit, self.noun) = (unit, noun)
    }

    /// The measure of the forecast that a line at the limit belongs to.
    package var drawn: String {
        switch measure {
        case .spending: "cost.sum"
        case .monthlySpending: "cost.monthToDate"
        case .level(let name): name
        }
    }

    /// Returns the limits that a user stated and those of the scenario, in this order.
    package static func all(_ stated: [StatedLimit], in setup: WorldSetup) -> [ForecastLimit] {
        var limits = stated.map { ForecastLimit($0) }
        for pool in setup.pools {
            guard let sizes = pool.autoscaling else { continue }
            limits.append(
                ForecastLimit(
                    name: "pool.\(pool.name)", measure: .level("pool.\(pool.name).max"),
                    value: Int64(sizes.upperBound), unit: "count", noun: "machines"))
        }
        limits += quotas(in: setup)
        limits.append(
            ForecastLimit(
                name: "podsPerNode", measure: .level("pods.waitingForPlaces"), value: 1, unit: "count",
                noun: "pods kept waiting"))
        return limits
    }

    private static func quotas(in setup: WorldSetup) -> [ForecastLimit] {
        var objects = setup.objects
        for change in setup.changes { if case .apply(let applied) = change.act { objects += applied } }
        var limits: [ForecastLimit] = []
        for case .resourceQuota(let quota) in objects {
            for bound in quota.hard.entries where bound.amount > .zero {
                let name = QuotaTally.name(
                    namespace: quota.metadata.namespace, quota: quota.metadata.name, resource: bound.name.text)
                guard !limits.contains(where: { $0.name == name }) else { continue }
                limits.append(
                    ForecastLimit(
                        name: name, measure: .level(name), value: 1_000, unit: "permille", noun: "of the quota"))
            }
        }
        return limits
    }

    /// Returns the first day on which a run reaches it; nil when it never does.
    ///
    /// - Parameter isMonthStart: Whether a calendar month begins on a day.
    func day(in figures: ForecastFigures, isMonthStart: (Int) -> Bool) -> Int? {
        switch measure {
        case .spending: figures.spending { _ in false }.firstIndex { $0 >= value }
        case .monthlySpending: figures.spending(isMonthStart).firstIndex { $0 >= value }
        case .level(let name): figures.series(name).firstIndex { $0 >= value }
        }
    }
}

extension ForecastLimit {
    /// Makes a limit of what a user stated.
    init(_ stated: StatedLimit) {
        switch stated.subject {
        case .budget(let isMonthly):
            self.init(
                name: stated.name, measure: isMonthly ? .monthlySpending : .spending, value: stated.value,
                unit: "nanodollars", noun: isMonthly ? "a month" : "")
        case .addresses(let zone):
            self.init(
                name: stated.name, measure: .level(zone.map { "addresses.\($0).max" } ?? "addresses.max"),
                value: stated.value, unit: "count", noun: "addresses")
        case .nodeRanges:
            self.init(
                name: stated.name, measure: .level("nodes.peak"), value: stated.value, unit: "count",
                noun: "nodes with a range")
        case .vcpus(let purchase):
            self.init(
                name: stated.name, measure: .level(purchase.map { "vcpus.\($0).max" } ?? "vcpus.max"),
                value: stated.value * 1_000, unit: "millicores", noun: "vCPUs")
        case .fullNodes:
            self.init(
                name: stated.name, measure: .level("nodes.podsFull"), value: stated.value, unit: "permille",
                noun: "of the nodes")
        }
    }
}
